-- As in 005-common.sql: files that no status message has told of are few.

ANALYZE bank_file;
DELETE FROM sqlite_stat1 WHERE tbl = 'bank_file';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('bank_file', 'bank_file', '20000 20000 1'),
	('bank_file', 'bank_file_unreported', '100 100');
