-- 支援措置: which address of a shielded person may be sent, by an officer's
-- decision. It stands for the ledger as it was: what has changed since is
-- decided anew.

CREATE TABLE shield (
	authority TEXT NOT NULL,
	atena TEXT NOT NULL,
	address TEXT NOT NULL CHECK (address <> ''),	-- the column: 住所, 旧住所1 …
	who TEXT NOT NULL,
	at_us INTEGER NOT NULL,
	PRIMARY KEY (authority, atena)
) STRICT, WITHOUT ROWID;
