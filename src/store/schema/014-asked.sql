-- What proves a record that was sent when it is recomputed (parties/proof.h):
-- beside the layout's version, which stands with the file. It goes with its
-- wave.

CREATE TABLE file_proof (
	authority TEXT NOT NULL,
	file TEXT NOT NULL,
	tables TEXT NOT NULL,		-- version of the tables of text
	inquiries BLOB NOT NULL,	-- 28 bytes each, ascending: ordinal, losses, digest
	PRIMARY KEY (authority, file)
) STRICT, WITHOUT ROWID;
