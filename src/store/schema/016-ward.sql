-- Rules of selection that officers keep by name.

CREATE TABLE selection (
	seq INTEGER PRIMARY KEY,
	authority TEXT NOT NULL,
	name TEXT NOT NULL CHECK (name <> ''),
	claim_kind TEXT NOT NULL,	-- 科目; '': every one
	min_amount INTEGER NOT NULL,	-- yen
	min_age INTEGER NOT NULL,	-- days since the last inquiry; 0: no matter
	who TEXT NOT NULL,
	at_us INTEGER NOT NULL,
	UNIQUE (authority, name)
) STRICT;
