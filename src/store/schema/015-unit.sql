-- What a unit has converted and cleansed lately is found by day.

CREATE INDEX file_sent ON file (sent_us) WHERE message <> '';
CREATE INDEX file_answered ON file (answered_us) WHERE answered_us > 0;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('file', 'file_sent', '20000 10'),
	('file', 'file_answered', '20000 10');
