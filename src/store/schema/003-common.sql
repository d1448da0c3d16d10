-- The newest receipt of each peer, without walking all of them.

CREATE INDEX receipt_group_signer ON receipt_group (signer, at_us);

-- What peers have said of one file.
CREATE INDEX statement_file ON statement (authority, file);
