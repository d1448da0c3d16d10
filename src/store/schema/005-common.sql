-- Without a word on it SQLite takes authority = ? of a primary key for a good
-- choice, and walks every step of every wave: one authority has 100,000.

ANALYZE step;
DELETE FROM sqlite_stat1 WHERE tbl = 'step';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('step', 'step', '100000 100000 10000 5000 10 1'),
	('step', 'step_unreported', '100 100');
