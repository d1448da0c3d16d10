-- What is asked again and again while a wave runs must not walk its rows.

-- Outcomes by file and class, kept in the transaction that changes them, for
-- showing progress. What is right is told by the rows (reconcile, E5).
CREATE TABLE file_tally (
	authority TEXT NOT NULL,
	file TEXT NOT NULL,
	class INTEGER NOT NULL,		-- enum answer_class
	n INTEGER NOT NULL,
	late INTEGER NOT NULL,
	open INTEGER NOT NULL,
	PRIMARY KEY (authority, file, class)
) STRICT, WITHOUT ROWID;
INSERT INTO file_tally SELECT authority, file, class, count(*), sum(late),
	sum(open) FROM outcome GROUP BY authority, file, class;

CREATE INDEX check_file_of ON check_file (authority, file);
CREATE INDEX check_file_state ON check_file (authority, state);

-- Files whose answers are not complete.
CREATE INDEX file_open ON file (authority, wave) WHERE answered_us = 0;
