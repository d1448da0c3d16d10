-- The bank: customers and what they have, as of the last import; lookups.

-- Rows carry the import they came with: a new file is loaded beside the old
-- and takes its place in one transaction, so that no lookup sees half of it.
CREATE TABLE import (
	seq INTEGER PRIMARY KEY,
	state INTEGER NOT NULL DEFAULT 0,	-- 0 loading 1 in force 2 replaced
	as_of TEXT NOT NULL,		-- 回答基準日
	at_us INTEGER NOT NULL,
	customers INTEGER NOT NULL,
	accounts INTEGER NOT NULL,
	transactions INTEGER NOT NULL,
	others INTEGER NOT NULL
) STRICT;

CREATE TABLE customer (
	import INTEGER NOT NULL,
	number TEXT NOT NULL,		-- 顧客番号
	person TEXT NOT NULL,
	kana TEXT NOT NULL,
	kanji TEXT NOT NULL,
	roman TEXT NOT NULL,
	birth TEXT NOT NULL,
	sex TEXT NOT NULL,
	postal TEXT NOT NULL,
	address TEXT NOT NULL,
	former_kana TEXT NOT NULL,
	former_address TEXT NOT NULL,
	phone TEXT NOT NULL,
	employer TEXT NOT NULL,
	state TEXT NOT NULL,
	PRIMARY KEY (import, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE customer_key (	-- match_keys: where a lookup begins
	import INTEGER NOT NULL,
	key TEXT NOT NULL,
	customer TEXT NOT NULL,
	PRIMARY KEY (import, key, customer)
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
	import INTEGER NOT NULL,
	customer TEXT NOT NULL,
	branch TEXT NOT NULL,
	kind TEXT NOT NULL,
	account TEXT NOT NULL,
	holder TEXT NOT NULL,		-- 名義順
	balance TEXT NOT NULL,
	maturity TEXT NOT NULL,
	last_dealing TEXT NOT NULL,
	opened TEXT NOT NULL,
	state TEXT NOT NULL,
	salary TEXT NOT NULL,
	pension TEXT NOT NULL,
	PRIMARY KEY (import, customer, branch, kind, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE dealing (		-- 取引明細
	import INTEGER NOT NULL,
	branch TEXT NOT NULL,
	kind TEXT NOT NULL,
	account TEXT NOT NULL,
	seq INTEGER NOT NULL,
	date TEXT NOT NULL,
	value_date TEXT NOT NULL,
	paid_out TEXT NOT NULL,
	paid_in TEXT NOT NULL,
	balance TEXT NOT NULL,
	note TEXT NOT NULL,
	PRIMARY KEY (import, branch, kind, account, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE other (		-- その他取引: 貸出金, 担保, 保証, 貸金庫, 出資金, 保護預
	import INTEGER NOT NULL,
	customer TEXT NOT NULL,
	kind TEXT NOT NULL,
	seq INTEGER NOT NULL,
	name TEXT NOT NULL,
	amount TEXT NOT NULL,
	units TEXT NOT NULL,
	date TEXT NOT NULL,
	note TEXT NOT NULL,
	PRIMARY KEY (import, customer, kind, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE bank_file (
	authority TEXT NOT NULL,
	file TEXT NOT NULL,
	wave INTEGER NOT NULL,
	records INTEGER NOT NULL,
	message TEXT NOT NULL,
	hub TEXT NOT NULL,
	link TEXT NOT NULL,
	unit TEXT NOT NULL,		-- who made it: its origin
	state TEXT NOT NULL,		-- 'received' 'answered' 'cancelled' 'refused' 'too late'
	received_us INTEGER NOT NULL,
	answered_us INTEGER NOT NULL DEFAULT 0,
	answered INTEGER NOT NULL DEFAULT 0,
	rejected INTEGER NOT NULL DEFAULT 0,
	as_of TEXT NOT NULL DEFAULT '',
	reported INTEGER NOT NULL DEFAULT 0,	-- 1: the state is in a status message
	PRIMARY KEY (authority, file)
) STRICT, WITHOUT ROWID;

CREATE TABLE lookup (		-- each inquiry looked up, and in which file
	authority TEXT NOT NULL,
	inquiry TEXT NOT NULL,
	file TEXT NOT NULL,
	class INTEGER NOT NULL,
	customer TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (authority, inquiry, file)
) STRICT, WITHOUT ROWID;
