-- The desk: who is signed in, what was done once, what was revealed.

CREATE TABLE desk_session (
	token TEXT NOT NULL PRIMARY KEY,	-- SHA-256 of the cookie's token, hexadecimal
	user_name TEXT NOT NULL,
	began_us INTEGER NOT NULL,
	seen_us INTEGER NOT NULL,
	ends_us INTEGER NOT NULL
) STRICT;

CREATE TABLE desk_signin (	-- failures in a row; of names that nobody has, by a number made of the name
	name TEXT NOT NULL PRIMARY KEY,
	failures INTEGER NOT NULL,
	until_us INTEGER NOT NULL		-- locked out until then
) STRICT;

CREATE TABLE desk_totp (	-- RFC 6238
	user_name TEXT NOT NULL PRIMARY KEY REFERENCES user (name),
	secret TEXT NOT NULL,		-- base32 (RFC 4648)
	last_step INTEGER NOT NULL	-- of the last code taken: none is taken twice
) STRICT;

CREATE TABLE desk_once (	-- changes by their Idempotency-Key: none is done twice
	user_name TEXT NOT NULL,
	idem TEXT NOT NULL,
	request TEXT NOT NULL,		-- SHA-256 of method, address and body
	at_us INTEGER NOT NULL,
	status INTEGER NOT NULL,	-- 0: at work
	answer TEXT NOT NULL,		-- its body
	PRIMARY KEY (user_name, idem)
) STRICT, WITHOUT ROWID;
CREATE INDEX desk_once_at ON desk_once (at_us);
