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

CREATE TABLE step_tally (	-- steps of a wave by flow and institution ('': of parts)
	authority TEXT NOT NULL,
	wave INTEGER NOT NULL,
	hub TEXT NOT NULL,
	no INTEGER NOT NULL,
	institution TEXT NOT NULL,
	party TEXT NOT NULL,
	signed_by TEXT NOT NULL,
	first_us INTEGER NOT NULL,
	last_us INTEGER NOT NULL,
	files INTEGER NOT NULL,
	inquiries INTEGER NOT NULL,
	PRIMARY KEY (authority, wave, hub, no, institution)
) STRICT, WITHOUT ROWID;
INSERT INTO step_tally SELECT authority, wave, hub, no, substr(file, 12, 4),
	min(party), min(signed_by), min(at_us), max(at_us), count(*),
	sum(inquiries) FROM step WHERE file LIKE '______-%'
	GROUP BY authority, wave, hub, no, substr(file, 12, 4);
INSERT INTO step_tally SELECT authority, wave, hub, no, '',
	min(party), min(signed_by), min(at_us), max(at_us), count(*),
	sum(inquiries) FROM step WHERE file NOT LIKE '______-%'
	GROUP BY authority, wave, hub, no;

-- Which 科目 there are is found without walking the claims.
CREATE INDEX claim_kind ON claim (authority, kamoku);

-- As in 005-common.sql: a person has few claims, and a draft few of all.
ANALYZE claim;
DELETE FROM sqlite_stat1 WHERE tbl = 'claim';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('claim', 'claim', '100000 100000 2 1'),
	('claim', 'claim_kind', '100000 100000 20000');
