-- What is held, released or withdrawn after the wave has gone to the unit. A
-- file with listed = 1 covers the rows of halted that name it, and no others
-- of its ordinals: they are in no other file.

ALTER TABLE file ADD COLUMN listed INTEGER NOT NULL DEFAULT 0;

CREATE TABLE halted (		-- an inquiry that was to be held or withdrawn after its wave had gone to the unit, in the unit's words
	authority TEXT NOT NULL,
	wave INTEGER NOT NULL,
	institution TEXT NOT NULL,
	ordinal INTEGER NOT NULL,
	no INTEGER NOT NULL,		-- unit: the ward's order that was followed last
	seq INTEGER NOT NULL,		-- of the unit's words about it: the greatest counts
	state TEXT NOT NULL CHECK (state IN
	    ('', 'held', 'waiting', 'sent', 'withdrawn', 'unfit')),
					-- '': where its neighbours are; waiting: released, for a file of its
					-- own; sent: in that file; unfit: its layout cannot say it
	late INTEGER NOT NULL,		-- 1: an order came when it had left
	file TEXT NOT NULL DEFAULT '',	-- sent: the file it is in
	reported INTEGER NOT NULL DEFAULT 1,	-- unit: 0 = the ward is to be told
	PRIMARY KEY (authority, wave, institution, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX halted_file ON halted (authority, file, ordinal) WHERE file <> '';
