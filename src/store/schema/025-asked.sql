-- What is held is counted from the index alone: SQLite looks a partial index's
-- condition up in the table unless its column is there.

DROP INDEX exception_held;
CREATE INDEX exception_held ON exception (authority, wave, institution, ordinal,
	kind) WHERE kind = 'held';
