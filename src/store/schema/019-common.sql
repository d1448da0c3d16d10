-- Users who sign in with a certificate of their terminal or card beside the
-- password.

CREATE TABLE desk_certificate (
	user_name TEXT NOT NULL PRIMARY KEY REFERENCES user (name),
	fingerprint TEXT NOT NULL	-- SHA-256, hexadecimal
) STRICT;
