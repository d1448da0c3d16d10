-- Contents refused whole, here or by another who said so: whoever waits for
-- their effect finds out why there is none.

CREATE TABLE refused (
	authority TEXT NOT NULL,
	message TEXT NOT NULL,		-- the content that was refused: its id
	party TEXT NOT NULL,		-- who refused it
	kind TEXT NOT NULL CHECK (kind IN
	    ('subjects', 'request-file', 'answer-file')),
	wave INTEGER NOT NULL,
	institution TEXT NOT NULL,
	file TEXT NOT NULL,		-- or "part-N" of the subjects
	code TEXT NOT NULL,
	at_us INTEGER NOT NULL,
	PRIMARY KEY (authority, message, party)
) STRICT, WITHOUT ROWID;
