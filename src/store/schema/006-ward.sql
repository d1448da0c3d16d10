-- The ward's orders about inquiries after their wave has gone to the unit.

CREATE TABLE halt (		-- what the unit is to do with a subject of a wave, until told
	authority TEXT NOT NULL,
	wave INTEGER NOT NULL,
	ordinal INTEGER NOT NULL,
	institution TEXT NOT NULL,	-- '' : all of the wave
	act TEXT NOT NULL CHECK (act IN ('hold', 'release', 'withdraw')),
	no INTEGER NOT NULL,		-- of the order, from 1
	told INTEGER NOT NULL,		-- the last order that was sent
	at_us INTEGER NOT NULL,
	PRIMARY KEY (authority, wave, ordinal, institution)
) STRICT, WITHOUT ROWID;
CREATE INDEX halt_untold ON halt (authority, wave, ordinal) WHERE told < no;
