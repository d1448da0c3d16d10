-- Ward and unit: what both keep of files and inquiries. The ward owns an
-- inquiry's outcome; the unit's row is a projection of it.

CREATE TABLE file (		-- a request file: one authority, one wave, one institution
	authority TEXT NOT NULL,
	file TEXT NOT NULL,		-- "131041-001-9601-0001"
	wave INTEGER NOT NULL,
	institution TEXT NOT NULL,
	hub TEXT NOT NULL,
	no INTEGER NOT NULL,		-- within wave and institution, from 1
	first INTEGER NOT NULL,		-- ordinals covered; those in exception are not in it
	last INTEGER NOT NULL,
	records INTEGER NOT NULL,	-- inquiries in it
	layout TEXT NOT NULL,		-- version
	state TEXT NOT NULL,		-- record/states.h, inquiry states
	message TEXT NOT NULL,		-- the request-file message's id
	as_of TEXT NOT NULL DEFAULT '',	-- 回答基準日 of its answers
	sent_us INTEGER NOT NULL,
	received_us INTEGER NOT NULL DEFAULT 0,	-- the bank's own receipt
	answered_us INTEGER NOT NULL DEFAULT 0,	-- its answers complete
	reported INTEGER NOT NULL DEFAULT 0,	-- unit: 1 = in a status message to the ward
	PRIMARY KEY (authority, file)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX file_wave ON file (authority, wave, institution, no);

-- A row without message covers ordinals that went into no file: records is 0
-- where all of them are exceptions; state 'cancelled' and records > 0 where a
-- cancellation came before the sending.
CREATE INDEX file_unreported ON file (authority) WHERE reported = 0;

CREATE TABLE exception (	-- an inquiry that is in no file, with the reason
	authority TEXT NOT NULL,
	wave INTEGER NOT NULL,
	institution TEXT NOT NULL,
	ordinal INTEGER NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN
	    ('excluded', 'reused', 'held', 'paper', 'cancelled')),
	reason TEXT NOT NULL,		-- in words, or a rule's name
	item TEXT NOT NULL DEFAULT '',
	at INTEGER NOT NULL DEFAULT 0,	-- position in it
	bad TEXT NOT NULL DEFAULT '',	-- the character, "U+20BB7"
	PRIMARY KEY (authority, wave, institution, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE outcome (		-- E6: the one final answer, a constraint
	authority TEXT NOT NULL,
	inquiry TEXT NOT NULL,		-- 管理番号
	class INTEGER NOT NULL,		-- enum answer_class
	file TEXT NOT NULL,
	late INTEGER NOT NULL DEFAULT 0,
	open INTEGER NOT NULL DEFAULT 0,	-- review, partial: until completed or ended
	digest BLOB NOT NULL,		-- of the canonical answer, 16 bytes
	PRIMARY KEY (authority, inquiry)
) STRICT, WITHOUT ROWID;
