-- What is asked again and again while a wave runs is kept as counts, in the
-- transactions that change what is counted; reconcile tells if they are not
-- right.

CREATE TABLE exception_tally (	-- exceptions by what they say
	authority TEXT NOT NULL,
	wave INTEGER NOT NULL,
	institution TEXT NOT NULL,
	kind TEXT NOT NULL,
	reason TEXT NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (authority, wave, institution, kind, reason)
) STRICT, WITHOUT ROWID;
INSERT INTO exception_tally SELECT authority, wave, institution, kind, reason,
	count(*) FROM exception GROUP BY authority, wave, institution, kind,
	reason;

-- Which 科目 there are is found without walking the claims.
CREATE INDEX claim_kind ON claim (authority, kamoku);

-- As in 005-common.sql: a person has few claims, and a draft few of all.
ANALYZE claim;
DELETE FROM sqlite_stat1 WHERE tbl = 'claim';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('claim', 'claim', '100000 100000 2 1'),
	('claim', 'claim_kind', '100000 100000 20000');
