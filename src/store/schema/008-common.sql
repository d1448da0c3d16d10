-- Certificates that a peer had before its present one: what is signed by them
-- is on its way yet, and its owner may not have taken up the new one.

CREATE TABLE peer_former (
	code TEXT NOT NULL,
	fingerprint TEXT NOT NULL,	-- SHA-256 of the certificate (DER)
	replaced_us INTEGER NOT NULL,
	certificate BLOB NOT NULL,	-- DER
	PRIMARY KEY (fingerprint)
) STRICT, WITHOUT ROWID;
