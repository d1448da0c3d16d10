-- Refusals are read in pages, oldest first.

CREATE INDEX refused_at ON refused (at_us, authority, message, party);
