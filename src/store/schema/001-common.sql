-- Every node: peers, messages both ways, receipts, steps, tasks, the log.
-- All times are microseconds since 1970 UTC ("_us"). STRICT: codes and
-- numbers of accounts stay text (T4).

CREATE TABLE fact (		-- of the node itself: party, code, lanes, restore point
	name TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE peer (
	code TEXT NOT NULL PRIMARY KEY,
	party TEXT NOT NULL CHECK (party IN ('ward', 'unit', 'hub', 'bank')),
	url TEXT NOT NULL,		-- empty: reached through via alone
	via TEXT NOT NULL,		-- code of the next hop, or empty
	fingerprint TEXT NOT NULL UNIQUE,	-- SHA-256 of the certificate (DER)
	kinds TEXT NOT NULL,		-- what it may send us: "subjects,status"
	approved_from TEXT NOT NULL,	-- 結合期間, YYYY-MM-DD, or empty
	approved_to TEXT NOT NULL,
	approval TEXT NOT NULL,		-- its ground, in words
	added_us INTEGER NOT NULL,
	certificate BLOB NOT NULL	-- DER, pinned
) STRICT;

CREATE TABLE message (		-- ours and others': the signed header and the sealed payload
	id TEXT NOT NULL PRIMARY KEY,	-- chosen by the origin before first sending (E2)
	kind TEXT NOT NULL,
	origin TEXT NOT NULL,
	recipient TEXT NOT NULL,	-- the final one
	authority TEXT NOT NULL,
	wave INTEGER NOT NULL,
	institution TEXT NOT NULL,
	file TEXT NOT NULL,
	records INTEGER NOT NULL,
	digest TEXT NOT NULL,		-- SHA-256 of header and payload
	created_us INTEGER NOT NULL,
	expires_us INTEGER NOT NULL,
	header BLOB NOT NULL,		-- CMS SignedData, by the origin
	payload BLOB			-- CMS AuthEnvelopedData; NULL: dropped (S2)
) STRICT;
CREATE INDEX message_file ON message (authority, file);

CREATE TABLE inbox (
	seq INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE REFERENCES message (id),
	sender TEXT NOT NULL,		-- the hop it came from
	received_us INTEGER NOT NULL,
	receipt TEXT NOT NULL,		-- receipt_group.id that confirmed it (E2)
	state INTEGER NOT NULL DEFAULT 0,	-- 0 waiting 1 done 2 refused 3 held for a check
	code TEXT NOT NULL DEFAULT ''	-- why refused
) STRICT;
CREATE INDEX inbox_waiting ON inbox (seq) WHERE state = 0;

CREATE TABLE outbox (		-- E4: written in the transaction that causes it
	seq INTEGER PRIMARY KEY,
	id TEXT NOT NULL REFERENCES message (id),
	recipient TEXT NOT NULL,	-- the next hop
	state INTEGER NOT NULL DEFAULT 0,	-- 0 queued 1 accepted 2 refused 3 expired
	attempts INTEGER NOT NULL DEFAULT 0,
	due_us INTEGER NOT NULL,	-- not before
	hub TEXT NOT NULL DEFAULT '',	-- the flow this sending is a step of
	step INTEGER NOT NULL DEFAULT 0,	-- step to record when the receipt is in (E7)
	queued_us INTEGER NOT NULL,
	done_us INTEGER NOT NULL DEFAULT 0,
	receipt TEXT NOT NULL DEFAULT '',	-- receipt_group.id
	code INTEGER NOT NULL DEFAULT 0,	-- of that receipt
	UNIQUE (id, recipient)
) STRICT;
CREATE INDEX outbox_due ON outbox (recipient, due_us) WHERE state = 0;

CREATE TABLE receipt_group (	-- signed lists of receipts, given and got
	id TEXT NOT NULL PRIMARY KEY,
	signer TEXT NOT NULL,
	at_us INTEGER NOT NULL,
	signed BLOB NOT NULL		-- CMS SignedData
) STRICT;

CREATE TABLE step (		-- E7: recorded by who does it; at the ward also from signed status
	authority TEXT NOT NULL,
	wave INTEGER NOT NULL,
	file TEXT NOT NULL,		-- the file, or "part-N" of the subjects (steps before files exist)
	hub TEXT NOT NULL,		-- '' : of every flow of the wave
	no INTEGER NOT NULL,		-- 1…15 or 1…19
	party TEXT NOT NULL,		-- code of who did it
	at_us INTEGER NOT NULL,
	inquiries INTEGER NOT NULL,
	signed_by TEXT NOT NULL,	-- own code, or the origin of the status message
	reported INTEGER NOT NULL DEFAULT 0,	-- 1: in a status message to the ward
	PRIMARY KEY (authority, wave, hub, file, no)
) STRICT, WITHOUT ROWID;
CREATE INDEX step_unreported ON step (authority) WHERE reported = 0;

CREATE TABLE task (		-- long work: a cursor, so that a restart goes on
	authority TEXT NOT NULL,
	wave INTEGER NOT NULL,
	kind TEXT NOT NULL,		-- "extract", "convert", …
	institution TEXT NOT NULL,	-- '' where it has none
	position INTEGER NOT NULL,	-- the last ordinal done
	total INTEGER NOT NULL,
	state INTEGER NOT NULL DEFAULT 0,	-- 0 open 1 done
	PRIMARY KEY (authority, wave, kind, institution)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_open ON task (kind) WHERE state = 0;

CREATE TABLE statement (	-- peers' signed statements per file, for reconcile
	peer TEXT NOT NULL,
	authority TEXT NOT NULL,
	file TEXT NOT NULL,
	at_us INTEGER NOT NULL,
	message TEXT NOT NULL,		-- the status message
	state TEXT NOT NULL,
	records INTEGER NOT NULL,
	PRIMARY KEY (peer, authority, file)
) STRICT, WITHOUT ROWID;

CREATE TABLE user (
	name TEXT NOT NULL PRIMARY KEY,
	roles TEXT NOT NULL,		-- "officer,approver"
	password TEXT NOT NULL,		-- scrypt, or empty
	until TEXT NOT NULL,		-- YYYY-MM-DD, last day
	locked INTEGER NOT NULL DEFAULT 0,
	added_us INTEGER NOT NULL
) STRICT;

CREATE TABLE appointment (	-- 徴税吏員証 / 徴収職員証
	user TEXT NOT NULL REFERENCES user (name),
	number TEXT NOT NULL,
	valid_from TEXT NOT NULL,
	valid_to TEXT NOT NULL,
	kinds TEXT NOT NULL,		-- 科目 it covers: "1,2,3"
	PRIMARY KEY (user, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE log (		-- S3: the linked log, in lanes
	lane INTEGER NOT NULL,
	seq INTEGER NOT NULL,		-- from 1, without gaps
	at_us INTEGER NOT NULL,
	actor TEXT NOT NULL,		-- user, or the process: "work"
	action TEXT NOT NULL,		-- "read", "change", "send", "receive", …
	records INTEGER NOT NULL,
	object BLOB NOT NULL,		-- salted digest of log_object
	hash BLOB NOT NULL,		-- SHA-256 over the previous hash and this row
	PRIMARY KEY (lane, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE log_object (	-- what must be deletable stands outside the chain
	lane INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	kind TEXT NOT NULL,		-- "subject", "file", "wave", "peer", "user", …
	object TEXT NOT NULL,
	authority TEXT NOT NULL,
	purpose TEXT NOT NULL,
	salt BLOB NOT NULL,
	PRIMARY KEY (lane, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX log_object_of ON log_object (kind, object);

CREATE TABLE knot (		-- all heads at one time, signed; peers keep a copy
	signer TEXT NOT NULL,		-- own code, or the peer whose knot we keep
	no INTEGER NOT NULL,
	at_us INTEGER NOT NULL,
	signed BLOB NOT NULL,		-- CMS SignedData over the heads
	PRIMARY KEY (signer, no)
) STRICT, WITHOUT ROWID;
