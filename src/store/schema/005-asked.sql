-- Files on their way to a bank: the window is counted at each step.

CREATE INDEX file_flight ON file (authority, wave, institution)
	WHERE received_us = 0 AND message <> '' AND state = 'converted';

-- As in 005-common.sql: one authority has 20,000 files, a wave 1,000, an
-- institution 50 of them.

ANALYZE file;
DELETE FROM sqlite_stat1 WHERE tbl = 'file';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('file', 'file', '20000 20000 1'),
	('file', 'file_wave', '20000 20000 1000 50 1'),
	('file', 'file_unreported', '100 100'),
	('file', 'file_flight', '100 100 100 5');
