-- The unit: whole waves of many authorities, until they are converted.

CREATE TABLE unit_wave (
	authority TEXT NOT NULL,
	wave INTEGER NOT NULL,
	parts INTEGER NOT NULL,
	subjects INTEGER NOT NULL,	-- ordinals 1…subjects
	cancelled INTEGER NOT NULL DEFAULT 0,
	definition TEXT NOT NULL,	-- JSON: basis, base date, period, scope, institutions …
	approval_digest TEXT NOT NULL,
	approval BLOB NOT NULL,		-- the ward's signed approval
	PRIMARY KEY (authority, wave)
) STRICT, WITHOUT ROWID;

CREATE TABLE unit_part (
	authority TEXT NOT NULL,
	wave INTEGER NOT NULL,
	part INTEGER NOT NULL,
	first INTEGER NOT NULL,		-- ordinals in it
	last INTEGER NOT NULL,
	PRIMARY KEY (authority, wave, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE snapshot (		-- the rows as the ward sent them
	authority TEXT NOT NULL,
	wave INTEGER NOT NULL,
	ordinal INTEGER NOT NULL,
	kamoku TEXT NOT NULL,
	basis TEXT NOT NULL,
	record BLOB NOT NULL,		-- subject_pack
	PRIMARY KEY (authority, wave, ordinal, kamoku)
) STRICT, WITHOUT ROWID;
