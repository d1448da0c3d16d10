-- The hub: routing and counts, nothing of any person (S2).

CREATE TABLE hub_file (
	authority TEXT NOT NULL,
	file TEXT NOT NULL,
	wave INTEGER NOT NULL,
	institution TEXT NOT NULL,
	records INTEGER NOT NULL,
	received_us INTEGER NOT NULL,
	forwarded_us INTEGER NOT NULL DEFAULT 0,	-- the bank's receipt is in
	answered INTEGER NOT NULL DEFAULT 0,	-- records answered, by the bank's signed headers
	cancelled INTEGER NOT NULL DEFAULT 0,
	returned_us INTEGER NOT NULL DEFAULT 0,	-- its answers are with the next hop
	PRIMARY KEY (authority, file)
) STRICT, WITHOUT ROWID;
CREATE INDEX hub_file_traffic ON hub_file (institution, authority);
