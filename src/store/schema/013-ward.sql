-- 文書番号: one row of numbers a fiscal year; and 持出し記録.

CREATE TABLE document (		-- an approval sheet's number
	authority TEXT NOT NULL,
	year INTEGER NOT NULL,		-- 年度
	no INTEGER NOT NULL,		-- from 1, without gaps
	wave INTEGER NOT NULL,
	given_us INTEGER NOT NULL,
	PRIMARY KEY (authority, year, no),
	UNIQUE (authority, wave)
) STRICT, WITHOUT ROWID;

CREATE TABLE takeout (		-- every export and print of personal data
	seq INTEGER PRIMARY KEY,
	authority TEXT NOT NULL,
	at_us INTEGER NOT NULL,
	who TEXT NOT NULL,
	what TEXT NOT NULL CHECK (what IN ('export', 'print')),
	kind TEXT NOT NULL,		-- of the object: 'wave', 'subject'
	object TEXT NOT NULL,
	purpose TEXT NOT NULL CHECK (purpose <> ''),
	records INTEGER NOT NULL,
	digest TEXT NOT NULL		-- of the file; '' of a print
) STRICT;
