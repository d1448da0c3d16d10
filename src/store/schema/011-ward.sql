-- Subjects are searched by what spellings have in common (text/fold.h). Until
-- a row is imported anew its keys are its names as they stand.

ALTER TABLE subject ADD COLUMN kana_key TEXT NOT NULL DEFAULT '';
ALTER TABLE subject ADD COLUMN kanji_key TEXT NOT NULL DEFAULT '';
UPDATE subject SET kana_key = kana, kanji_key = kanji;
CREATE INDEX subject_kana ON subject (authority, kana_key, atena);
CREATE INDEX subject_kanji ON subject (authority, kanji_key, atena);

-- A shielded person shown in full, with the reason: until the session ends or
-- the time is over.
CREATE TABLE desk_reveal (
	token TEXT NOT NULL,		-- desk_session.token
	atena TEXT NOT NULL,
	until_us INTEGER NOT NULL,
	PRIMARY KEY (token, atena)
) STRICT, WITHOUT ROWID;
