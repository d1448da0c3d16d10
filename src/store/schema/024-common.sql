-- As in 005-common.sql: a node's log is long, and little of it is about one
-- object.

DELETE FROM sqlite_stat1 WHERE tbl = 'log_object';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('log_object', 'log_object', '1000000 1000000 1'),
	('log_object', 'log_object_of', '1000000 100000 20 20 1');
