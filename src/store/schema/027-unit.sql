-- Answers that were refused alone (an unknown code, a date that is none): they
-- wait for a person, who settles them with the bank or mends the layout. Of
-- each file those of its newest answers; they go with their wave.

CREATE TABLE answer_held (
	authority TEXT NOT NULL,
	file TEXT NOT NULL,
	line INTEGER NOT NULL,		-- of the institution's answer file
	inquiry TEXT NOT NULL,		-- 管理番号 as it stands there, or ''
	code TEXT NOT NULL,		-- answer.*, docs/interface.md §12
	item TEXT NOT NULL,
	at_us INTEGER NOT NULL,
	PRIMARY KEY (authority, file, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_held_inquiry ON answer_held (authority, inquiry);
