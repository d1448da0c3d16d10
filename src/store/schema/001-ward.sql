-- The ward: subjects, waves, checks, answers.

CREATE TABLE subject (
	authority TEXT NOT NULL,
	atena TEXT NOT NULL,		-- 宛名番号
	kana TEXT NOT NULL,
	kanji TEXT NOT NULL,
	birth TEXT NOT NULL,
	shielded INTEGER NOT NULL,
	updated_us INTEGER NOT NULL,
	PRIMARY KEY (authority, atena)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim (		-- one row of subjects.csv: 宛名番号 × 科目
	authority TEXT NOT NULL,
	atena TEXT NOT NULL,
	kamoku TEXT NOT NULL,
	arrears INTEGER NOT NULL,	-- yen
	measures TEXT NOT NULL,		-- 処分状況
	record BLOB NOT NULL,		-- subject_pack of the row
	PRIMARY KEY (authority, atena, kamoku),
	FOREIGN KEY (authority, atena) REFERENCES subject (authority, atena)
) STRICT, WITHOUT ROWID;

CREATE TABLE stop (		-- 完納・分納・猶予・停止・死亡・破産: unsent inquiries wait for a decision
	authority TEXT NOT NULL,
	atena TEXT NOT NULL,
	reason TEXT NOT NULL,
	at_us INTEGER NOT NULL,
	decision TEXT NOT NULL DEFAULT ''	-- '' open; 'lifted': the measure is gone
	    CHECK (decision IN ('', 'go', 'drop', 'lifted')),
	decided_by TEXT NOT NULL DEFAULT '',
	decided_us INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (authority, atena, reason, at_us)
) STRICT, WITHOUT ROWID;

CREATE TABLE draft (		-- a wave being put together: becomes a row of wave when whole
	authority TEXT NOT NULL,
	wave INTEGER NOT NULL,
	definition TEXT NOT NULL,	-- JSON: what was ordered
	listed INTEGER NOT NULL,	-- 1: the subjects in pick; 0: all
	ready INTEGER NOT NULL DEFAULT 0,	-- 1: pick is complete
	after TEXT NOT NULL DEFAULT '',	-- the last 宛名番号 done
	ordinal INTEGER NOT NULL DEFAULT 0,	-- the last ordinal given
	PRIMARY KEY (authority, wave)
) STRICT, WITHOUT ROWID;

CREATE TABLE pick (		-- the subjects a draft was ordered for
	authority TEXT NOT NULL,
	wave INTEGER NOT NULL,
	atena TEXT NOT NULL,
	kamoku TEXT NOT NULL,		-- '' : every claim
	PRIMARY KEY (authority, wave, atena, kamoku)
) STRICT, WITHOUT ROWID;

CREATE TABLE wave (
	authority TEXT NOT NULL,
	wave INTEGER NOT NULL,
	name TEXT NOT NULL,
	basis TEXT NOT NULL,		-- codes of 根拠法令, joined by ','
	purpose TEXT NOT NULL,
	base_date TEXT NOT NULL,	-- 調査基準日
	period_from TEXT NOT NULL,
	period_to TEXT NOT NULL,
	scope TEXT NOT NULL CHECK (scope IN ('existence', 'balance', 'detail')),
	deadline TEXT NOT NULL,		-- 回答期限, YYYY-MM-DD
	state TEXT NOT NULL,		-- record/states.h
	drafter TEXT NOT NULL,
	requester TEXT NOT NULL,	-- who submitted it; until then the drafter
	requested_us INTEGER NOT NULL,
	approver TEXT NOT NULL DEFAULT '',
	approved_us INTEGER NOT NULL DEFAULT 0,
	reason TEXT NOT NULL DEFAULT '',	-- of a return or cancellation
	subjects INTEGER NOT NULL,	-- ordinals 1…subjects
	approval_digest TEXT NOT NULL DEFAULT '',
	approval BLOB,			-- CMS SignedData: the approval document
	PRIMARY KEY (authority, wave),
	CHECK (approver <> requester AND approver <> drafter)	-- S4: never one's own
) STRICT, WITHOUT ROWID;

CREATE TABLE wave_institution (
	authority TEXT NOT NULL,
	wave INTEGER NOT NULL,
	institution TEXT NOT NULL,
	hub TEXT NOT NULL,
	link TEXT NOT NULL CHECK (link IN ('direct', 'via-ward', 'folder')),
	reason TEXT NOT NULL CHECK (reason <> ''),	-- S4: why this institution
	PRIMARY KEY (authority, wave, institution)
) STRICT, WITHOUT ROWID;

CREATE TABLE wave_subject (
	authority TEXT NOT NULL,
	wave INTEGER NOT NULL,
	ordinal INTEGER NOT NULL,
	atena TEXT NOT NULL,
	reask TEXT NOT NULL DEFAULT '',	-- 管理番号 this asks again
	PRIMARY KEY (authority, wave, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX wave_subject_atena ON wave_subject (authority, atena);

CREATE TABLE wave_claim (	-- the rows as asked: they do not change afterwards
	authority TEXT NOT NULL,
	wave INTEGER NOT NULL,
	ordinal INTEGER NOT NULL,
	kamoku TEXT NOT NULL,
	basis TEXT NOT NULL,
	record BLOB NOT NULL,
	PRIMARY KEY (authority, wave, ordinal, kamoku)
) STRICT, WITHOUT ROWID;

CREATE TABLE check_file (	-- steps ⑤ and ⑮ of the via-ward flow
	seq INTEGER PRIMARY KEY,
	authority TEXT NOT NULL,
	message TEXT NOT NULL UNIQUE REFERENCES message (id),
	direction TEXT NOT NULL CHECK (direction IN ('request', 'answer')),
	wave INTEGER NOT NULL,
	hub TEXT NOT NULL,
	institution TEXT NOT NULL,
	file TEXT NOT NULL,
	records INTEGER NOT NULL,
	arrived_us INTEGER NOT NULL,
	state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'approved', 'returned')),
	officer TEXT NOT NULL DEFAULT '',
	decided_us INTEGER NOT NULL DEFAULT 0,
	reason TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE correction (	-- E6: a later, different answer, for a person
	authority TEXT NOT NULL,
	inquiry TEXT NOT NULL,
	no INTEGER NOT NULL,		-- from 1
	kind TEXT NOT NULL CHECK (kind IN
	    ('correction', 'before')),	-- 'before': what review or partial said until completed
	class INTEGER NOT NULL,		-- enum answer_class
	digest BLOB NOT NULL,
	message TEXT NOT NULL,
	at_us INTEGER NOT NULL,
	record BLOB NOT NULL,		-- answer_pack
	PRIMARY KEY (authority, inquiry, no)
) STRICT, WITHOUT ROWID;

CREATE TABLE answer (		-- what stands behind an outcome; none needs no row
	seq INTEGER PRIMARY KEY,
	authority TEXT NOT NULL,
	inquiry TEXT NOT NULL,
	record BLOB NOT NULL,		-- answer_pack
	UNIQUE (authority, inquiry)
) STRICT;

CREATE TABLE answer_refused (	-- answers that are none of ours, one by one (F1)
	authority TEXT NOT NULL,
	message TEXT NOT NULL,
	no INTEGER NOT NULL,		-- within the message, from 1
	code TEXT NOT NULL,		-- 'answer.unknown_number' …
	file TEXT NOT NULL,
	at_us INTEGER NOT NULL,
	PRIMARY KEY (authority, message, no)
) STRICT, WITHOUT ROWID;

CREATE TABLE carry (		-- 媒体受渡簿
	seq INTEGER PRIMARY KEY,
	at_us INTEGER NOT NULL,
	direction TEXT NOT NULL CHECK (direction IN ('out', 'in')),
	hub TEXT NOT NULL,
	name TEXT NOT NULL,		-- the ZIP
	who TEXT NOT NULL,
	messages INTEGER NOT NULL,
	records INTEGER NOT NULL,
	digest TEXT NOT NULL,
	erased_us INTEGER NOT NULL DEFAULT 0
) STRICT;
