-- As in 005-asked.sql: of the ward's own index.

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('file', 'file_open', '1000 1000 1000');
