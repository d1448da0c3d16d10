-- What waits for mending is found without walking all that is excluded.

CREATE INDEX exception_held ON exception (authority, wave, institution, ordinal)
	WHERE kind = 'held';
