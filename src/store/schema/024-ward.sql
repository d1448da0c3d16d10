-- As in 015-unit.sql: answers since yesterday are found by day.

CREATE INDEX file_answered ON file (answered_us) WHERE answered_us > 0;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('file', 'file_answered', '20000 10');
