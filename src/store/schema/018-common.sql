-- Other systems that call the desk (RFC 6749 §4.4): never a person.

CREATE TABLE desk_client (
	id TEXT NOT NULL PRIMARY KEY,
	name TEXT NOT NULL,
	roles TEXT NOT NULL,		-- "officer,auditor"
	secret TEXT NOT NULL,		-- scrypt
	until TEXT NOT NULL,		-- YYYY-MM-DD, last day
	who TEXT NOT NULL,		-- added it
	at_us INTEGER NOT NULL
) STRICT;

CREATE TABLE desk_token (
	token TEXT NOT NULL PRIMARY KEY,	-- SHA-256 of the access token, hexadecimal
	client TEXT NOT NULL REFERENCES desk_client (id),
	roles TEXT NOT NULL,		-- its scope
	ends_us INTEGER NOT NULL
) STRICT;
CREATE INDEX desk_token_client ON desk_token (client);
CREATE INDEX desk_token_ends ON desk_token (ends_us);
