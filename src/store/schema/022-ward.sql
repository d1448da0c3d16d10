-- As in 015-ward.sql: what a wave asks, and how far it is, is kept as counts
-- in the transactions that change what is counted; reconcile tells if they
-- are not right.

CREATE TABLE claim_tally (	-- wave_claim by what the approval sheet says of it
	authority TEXT NOT NULL,
	wave INTEGER NOT NULL,
	kamoku TEXT NOT NULL,		-- '' (and basis ''): the persons of whom something is asked
	basis TEXT NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (authority, wave, kamoku, basis)
) STRICT, WITHOUT ROWID;
INSERT INTO claim_tally SELECT authority, wave, kamoku, basis, count(*)
	FROM wave_claim GROUP BY authority, wave, kamoku, basis;
INSERT INTO claim_tally SELECT authority, wave, '', '', count(DISTINCT ordinal)
	FROM wave_claim GROUP BY authority, wave;

CREATE TABLE step_tally (	-- step, summed over the files
	authority TEXT NOT NULL,
	wave INTEGER NOT NULL,
	hub TEXT NOT NULL,
	no INTEGER NOT NULL,
	party TEXT NOT NULL,		-- the first of them by code
	signed_by TEXT NOT NULL,
	first_us INTEGER NOT NULL,
	last_us INTEGER NOT NULL,
	files INTEGER NOT NULL,
	inquiries INTEGER NOT NULL,
	PRIMARY KEY (authority, wave, hub, no)
) STRICT, WITHOUT ROWID;
INSERT INTO step_tally SELECT authority, wave, hub, no, min(party),
	min(signed_by), min(at_us), max(at_us), count(*), sum(inquiries)
	FROM step GROUP BY authority, wave, hub, no;
