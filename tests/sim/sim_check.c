/*
 * sim_check.c — see sim.h: what the rows of all nodes must say when all is
 * over. It follows each 管理番号 as script/lib/compare.py does, and holds
 * the nodes' rows against each other.
 */
#include "sim.h"

#include "parties/reconcile.h"
#include "parties/ward_reconcile.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>

/* What is asked for each inquiry; a lookup of each bank. */
enum question { Q_OUTCOME, Q_EXCEPTION, Q_FILE, Q_WAVE, Q_LOOKUP, Q_COUNT = 7 };

struct check {
	struct sim *s;
	sqlite3 *db; /* n0 … n6: the nodes, by enum sim_who */
	sqlite3_stmt *question[Q_COUNT];
	int64_t answered;
	int64_t rejected;
	int64_t expired;
	int64_t pending;
	bool differs; /* says the ward's reconcile of the wave */
	bool waves;   /* of the sums of reconcile: */
	int64_t told[4];
};

/* --- SQL over all nodes --- */

static sqlite3 *open_nodes(struct sim *s)
{
	sqlite3 *db;
	char sql[400];

	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		abort();
	for (int i = 0; i < SIM_NODES; i++) {
		(void)snprintf(sql, sizeof(sql), "ATTACH '%s/shokai.db' AS n%d",
		    s->node[i].base->path, i);
		if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
			sim_wrong(s, "node %d cannot be read: %s", i,
			    sqlite3_errmsg(db));
	}
	return db;
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *q;

	if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK)
		return q;
	(void)printf("sim: %s: %s\n", sql, sqlite3_errmsg(db));
	(void)fflush(stdout);
	abort();
}

static int64_t ask(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *q = prepare(db, sql);
	int64_t v =
	    sqlite3_step(q) == SQLITE_ROW ? sqlite3_column_int64(q, 0) : -1;

	(void)sqlite3_finalize(q);
	return v;
}

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return;
	(void)printf("sim: %s: %s\n", sql, sqlite3_errmsg(db));
	(void)fflush(stdout);
	abort();
}

/* --- who may have spoilt what --- */

static bool is_liar(const struct sim *s, int node)
{
	return s->liar_spoke && s->liar == node;
}

static enum sim_who hub_of(int bank)
{
	return bank == SIM_BANK_C ? SIM_CARRIED : SIM_HUB;
}

/* An inquiry into that bank has a liar on its way. */
static bool may_lie(const struct sim *s, enum sim_who bank)
{
	if (s->lied && bank == SIM_BANK_B)
		return true;
	return s->liar_spoke &&
	       (s->liar == SIM_WARD || s->liar == SIM_UNIT ||
		   s->liar == (int)bank || s->liar == (int)hub_of(bank));
}

/* A hub cannot: answers are sealed, and signed by the bank (S2). */
static bool may_answer_falsely(const struct sim *s, enum sim_who bank)
{
	return may_lie(s, bank) &&
	       !(s->liar_spoke && s->liar == (int)hub_of(bank) &&
		   !(s->lied && bank == SIM_BANK_B));
}

/* What reconcile tells of: a file, a hub, a wave. */
static bool may_differ(const struct sim *s, const char *id)
{
	char file[NODE_CODE + 2];

	for (int i = SIM_BANK_A; i <= SIM_BANK_C; i++) {
		const char *hub = s->node[hub_of(i)].base->node.code;

		(void)snprintf(
		    file, sizeof(file), "-%s-", s->node[i].base->node.code);
		if (may_lie(s, (enum sim_who)i) &&
		    (strstr(id, file) != NULL || strcmp(id, hub) == 0))
			return true;
	}
	return s->liar_spoke && s->liar <= SIM_UNIT;
}

/* Its words pass the liar on their way to the ward, or are the liar's. */
static bool is_behind(const struct sim *s, int node)
{
	bool direct =
	    node == SIM_HUB || node == SIM_BANK_A || node == SIM_BANK_B;

	if (node == s->liar || s->liar == SIM_WARD)
		return true;
	if (s->liar == SIM_UNIT)
		return direct;
	return node >= SIM_BANK_A && s->liar == (int)hub_of(node);
}

/* What the nodes know of messages and steps, side by side. */
static void gather(struct check *k)
{
	char sql[900];

	run(k->db,
	    "CREATE TABLE m (code, id, kind, origin, recipient, digest, file,"
	    " institution);"
	    "CREATE TABLE i (code, id, sender, state, receipt);"
	    "CREATE TABLE o (code, id, recipient, state, receipt, told, why);"
	    "CREATE TABLE s (code, wave, hub, file, no, party, at, n, signed);"
	    "CREATE TABLE x (code, origin);" /* steps of another authority */
	    "CREATE TABLE w (institution);"  /* a liar is on the way to it */
	    "CREATE TABLE f (institution);"  /* … who can answer falsely */
	    "CREATE TABLE r (code);"	     /* did some steps a second time */
	    "CREATE TABLE l (code);"	     /* lied */
	    "CREATE TABLE d (code);" /* … or answered what was not so */
	    "CREATE TABLE b (code);" /* behind the liar, seen from the ward */
	    "CREATE INDEX m_id ON m (id, code); CREATE INDEX i_id ON i (id);"
	    "CREATE INDEX o_id ON o (id)");
	for (int i = 0; i < SIM_NODES; i++) {
		const char *code = k->s->node[i].base->node.code;

		(void)snprintf(sql, sizeof(sql),
		    "INSERT INTO m SELECT '%s', id, kind, origin, recipient,"
		    " digest, file, institution FROM n%d.message;"
		    "INSERT INTO i SELECT '%s', id, sender, state, receipt"
		    " FROM n%d.inbox;"
		    "INSERT INTO o SELECT '%s', id, recipient, state, receipt,"
		    " told, code FROM n%d.outbox;"
		    "INSERT INTO s SELECT '%s', wave, hub, file, no, party,"
		    " at_us, inquiries, signed_by FROM n%d.step WHERE"
		    " authority = '131041';"
		    "INSERT INTO x SELECT '%s', signed_by FROM n%d.step WHERE"
		    " authority <> '131041'",
		    code, i, code, i, code, i, code, i, code, i);
		run(k->db, sql);
		(void)snprintf(
		    sql, sizeof(sql), "INSERT INTO r VALUES ('%s')", code);
		if (i == k->s->restored)
			run(k->db, sql);
		(void)snprintf(
		    sql, sizeof(sql), "INSERT INTO l VALUES ('%s')", code);
		if (k->s->liar_spoke && i == k->s->liar)
			run(k->db, sql);
		(void)snprintf(
		    sql, sizeof(sql), "INSERT INTO d VALUES ('%s')", code);
		if ((k->s->liar_spoke && i == k->s->liar) ||
		    (k->s->lied && i == SIM_BANK_B))
			run(k->db, sql);
		(void)snprintf(
		    sql, sizeof(sql), "INSERT INTO b VALUES ('%s')", code);
		if (k->s->liar_spoke && is_behind(k->s, i))
			run(k->db, sql);
		if (i < SIM_BANK_A)
			continue;
		(void)snprintf(
		    sql, sizeof(sql), "INSERT INTO w VALUES ('%s')", code);
		if (may_lie(k->s, (enum sim_who)i))
			run(k->db, sql);
		(void)snprintf(
		    sql, sizeof(sql), "INSERT INTO f VALUES ('%s')", code);
		if (may_answer_falsely(k->s, (enum sim_who)i))
			run(k->db, sql);
	}
}

/* What has not ended, where a run is followed. */
static void show_open(const struct check *k)
{
	sqlite3_stmt *q;

	if (!k->s->trace)
		return;
	q = prepare(k->db,
	    "SELECT i.code, i.id, i.state, m.kind, m.origin, m.file, '' FROM i"
	    " JOIN m ON m.id = i.id AND m.code = i.code WHERE i.state <> 1"
	    " UNION ALL SELECT o.code, o.id, 10 + o.state, m.kind, m.origin,"
	    " m.file, o.recipient || ' ' || coalesce(o.why, '') FROM o JOIN m ON m.id = o.id AND m.code = o.code WHERE"
	    " o.state <> 1");
	while (sqlite3_step(q) == SQLITE_ROW)
		(void)printf("OPEN %s %s: state %d, %s of %s, %s %s\n",
		    sqlite3_column_text(q, 0), sqlite3_column_text(q, 1),
		    sqlite3_column_int(q, 2), sqlite3_column_text(q, 3),
		    sqlite3_column_text(q, 4), sqlite3_column_text(q, 5),
		    sqlite3_column_text(q, 6));
	(void)sqlite3_finalize(q);
	q = prepare(k->db,
	    "SELECT p.code, p.wave, p.hub, p.file, p.no FROM s AS p WHERE"
	    " p.code <> '131041' AND NOT EXISTS (SELECT 1 FROM s AS w WHERE"
	    " w.code = '131041' AND w.wave = p.wave AND w.hub = p.hub AND"
	    " w.file = p.file AND w.no = p.no)");
	while (sqlite3_step(q) == SQLITE_ROW)
		(void)printf("UNTOLD %s: wave %d, %s, %s, step %d\n",
		    sqlite3_column_text(q, 0), sqlite3_column_int(q, 1),
		    sqlite3_column_text(q, 2), sqlite3_column_text(q, 3),
		    sqlite3_column_int(q, 4));
	(void)sqlite3_finalize(q);
}

/* --- queries that must find nothing --- */

/* Where somebody lied, what neither comes from him nor passes him. */
enum when { ALWAYS, SMOOTH };

/* A file's name has it: "131041-001-9601-0001". */
#define INSTITUTION(row) "substr(" row ".file, 12, 4)"

static const struct rule {
	const char *what;
	enum when when; /* SMOOTH: nobody has asked anything back */
	const char *sql;
} rules[] = {
    /* What one put back has lost a liar need not send again. */
    {"E1: accepted, and not there", ALWAYS,
	"SELECT count(*) FROM o WHERE state = 1 AND recipient NOT IN l AND"
	" NOT (recipient IN r AND code IN l) AND NOT EXISTS (SELECT 1 FROM"
	" i WHERE i.id = o.id AND i.code = o.recipient)"},
    {"E2: an id kept twice", ALWAYS,
	"SELECT count(*) FROM (SELECT 1 FROM i GROUP BY code, id"
	" HAVING count(*) > 1)"},
    {"E2: one id, two contents", ALWAYS,
	"SELECT count(*) FROM (SELECT 1 FROM m GROUP BY id"
	" HAVING count(DISTINCT digest) > 1)"},
    {"E2: not the first receipt", ALWAYS,
	"SELECT count(*) FROM o JOIN i ON i.id = o.id AND i.code = o.recipient"
	" WHERE o.state = 1 AND o.receipt <> i.receipt AND"
	" o.recipient NOT IN l"},
    /* One put back waits for a file, RESTORED_MEMORY long, that a liar may
     * have brought past it. */
    {"E3: waiting for ever", ALWAYS,
	"SELECT count(*) FROM i JOIN m ON m.id = i.id AND m.code = i.code"
	" WHERE i.state = 0 AND i.code NOT IN d AND i.sender NOT IN d AND"
	" m.origin NOT IN d AND"
	" NOT (i.code IN r AND m.institution IN w)"},
    {"E3: refused without cause", SMOOTH,
	"SELECT count(*) FROM i JOIN m ON m.id = i.id AND m.code = i.code"
	" WHERE i.state = 2 AND i.code NOT IN d AND i.sender NOT IN d AND"
	" m.origin NOT IN d AND m.institution NOT IN w"},
    {"E3: passed on by nobody", ALWAYS,
	"SELECT count(*) FROM i JOIN m ON m.id = i.id AND m.code = i.code"
	" WHERE i.state = 1 AND m.recipient <> i.code AND i.code LIKE 'H%'"
	" AND NOT EXISTS (SELECT 1 FROM o WHERE o.id = i.id AND"
	" o.code = i.code)"},
    {"E3: a part done without effect", ALWAYS,
	"SELECT count(*) FROM i JOIN m ON m.id = i.id AND m.code = i.code"
	" WHERE i.state = 1 AND i.code = 'U001' AND m.kind = 'subjects' AND"
	" i.code NOT IN l AND m.origin NOT IN l AND"
	" NOT EXISTS (SELECT 1 FROM n1.unit_part)"},
    {"E4: made, and not queued", ALWAYS,
	"SELECT count(*) FROM m WHERE origin = code AND NOT EXISTS (SELECT 1"
	" FROM o WHERE o.id = m.id AND o.code = m.code)"},
    {"E4: queued, and no message", ALWAYS,
	"SELECT count(*) FROM o WHERE NOT EXISTS (SELECT 1 FROM m WHERE"
	" m.id = o.id AND m.code = o.code)"},
    {"E4: never sent", ALWAYS,
	"SELECT count(*) FROM o WHERE state = 0 AND code NOT IN d AND"
	" recipient NOT IN d"},
    {"E4: not taken without cause", SMOOTH,
	"SELECT count(*) FROM o JOIN m ON m.id = o.id AND m.code = o.code"
	" WHERE o.state > 1 AND o.code NOT IN d AND o.recipient NOT IN d AND"
	" m.origin NOT IN d AND m.institution NOT IN w AND"
	" " INSTITUTION("m") " NOT IN w"},
    {"E6: a correction without cause", ALWAYS,
	"SELECT count(*) FROM n0.correction AS c LEFT JOIN n0.outcome AS o ON"
	" o.authority = c.authority AND o.inquiry = c.inquiry WHERE"
	" coalesce(" INSTITUTION("o") ", '') NOT IN f"},
    {"E6: the same answer twice", ALWAYS,
	"SELECT count(*) FROM n0.correction AS c JOIN n0.answer AS a ON"
	" a.authority = c.authority AND a.inquiry = c.inquiry AND"
	" a.record = c.record"},
    {"E6: the unit's word is not the ward's", ALWAYS,
	"SELECT count(*) FROM n1.outcome AS u LEFT JOIN n0.outcome AS w ON"
	" w.authority = u.authority AND w.inquiry = u.inquiry WHERE"
	" (w.class IS NULL OR w.class <> u.class) AND " INSTITUTION(
	    "u") " NOT IN f"},
    {"E7: a step that its party does not know", ALWAYS,
	"SELECT count(*) FROM s AS w WHERE w.code = '131041' AND"
	" w.signed NOT IN l AND"
	" NOT (w.signed IN r AND " INSTITUTION(
	    "w") " IN w) AND NOT EXISTS"
		 " (SELECT 1 FROM s AS p WHERE p.code = w.signed AND p.code = p.party"
		 " AND p.wave = w.wave AND p.hub = w.hub AND p.file = w.file AND"
		 " p.no = w.no AND p.n = w.n AND (p.at = w.at OR EXISTS (SELECT 1"
		 " FROM r WHERE r.code = p.code)))"},
    {"E7: a step that has not reached the ward", ALWAYS,
	"SELECT count(*) FROM s AS p WHERE p.code <> '131041' AND"
	" p.code NOT IN b AND (NOT EXISTS (SELECT 1 FROM l) OR"
	/* … or it is a step of what was never asked: none of that flow */
	" (p.no <= CASE p.hub WHEN 'H001' THEN 15 ELSE 19 END AND EXISTS"
	" (SELECT 1 FROM n0.file AS f WHERE f.wave = p.wave AND"
	" f.file = p.file AND f.hub = p.hub))) AND NOT EXISTS"
	" (SELECT 1 FROM s AS w WHERE w.code = '131041' AND w.wave = p.wave"
	" AND w.hub = p.hub AND w.file = p.file AND w.no = p.no)"},
    {"E7: a step of another flow", ALWAYS,
	"SELECT count(*) FROM s AS p WHERE p.code = p.party AND p.code NOT IN"
	" l AND 'U001' NOT IN l AND NOT CASE p.hub WHEN '' THEN p.no <= 3"
	" WHEN 'H001' THEN CASE p.code WHEN '131041' THEN p.no = 15"
	" WHEN 'U001' THEN p.no IN (4, 13, 14)"
	" WHEN 'H001' THEN p.no IN (5, 6, 11, 12)"
	" WHEN '9601' THEN p.no BETWEEN 7 AND 10"
	" WHEN '9602' THEN p.no BETWEEN 7 AND 10 ELSE false END"
	" WHEN 'H002' THEN CASE p.code"
	" WHEN '131041' THEN p.no IN (5, 6, 15, 16, 19)"
	" WHEN 'U001' THEN p.no IN (4, 17, 18)"
	" WHEN 'H002' THEN p.no IN (7, 8, 13, 14)"
	" WHEN '9603' THEN p.no BETWEEN 9 AND 12 ELSE false END"
	" ELSE false END"},
    {"E7: a step of another authority", ALWAYS,
	"SELECT count(*) FROM x WHERE code NOT IN l AND (code = '131041' OR"
	" NOT EXISTS (SELECT 1 FROM d))"},
    {"E7: an answered file lacks a step", ALWAYS,
	"SELECT count(*) FROM n0.file AS f WHERE f.answered_us > 0 AND"
	" f.institution NOT IN w AND"
	" f.records > 0 AND f.message <> '' AND f.state NOT IN ('cancelled',"
	" 'rejected') AND (SELECT count(DISTINCT no) FROM s WHERE"
	" s.code = '131041' AND s.file = f.file) <> CASE f.hub WHEN 'H001'"
	" THEN 12 ELSE 16 END"},
};

static bool applies(const struct sim *s, enum when when)
{
	return when == ALWAYS ||
	       (!s->cancelled && s->returned[0] == '\0' && !s->withdrawn &&
		   !s->stopped && s->expiring < 0);
}

/* --- each 管理番号 --- */

enum word { ANSWERED, REJECTED, EXPIRED, CANCELLED, HELD, PENDING, LOST };

struct inquiry {
	int64_t wave;
	int64_t ordinal;
	int64_t person; /* his number in the population */
	const struct sim_customers *bank;
	const char *institution;
	char number[KANRI_TEXT];
};

/* What a bank had answered in another file it answers as 入力不備: that is no
 * second lookup. It happens where a liar, or a node put back to a copy, has
 * asked twice; ?5: not here. */
#define NOT_AGAIN " AND (class <> 5 OR ?5)"
static_assert(CLASS_INVALID == 5, "NOT_AGAIN");

/* ?1 the wave, ?2 the institution, ?3 the ordinal, ?4 the number. */
static const char *const questions[Q_COUNT] = {
    [Q_OUTCOME] = "SELECT class FROM n0.outcome WHERE authority = '131041' AND"
		  " inquiry = ?4",
    [Q_EXCEPTION] =
	"SELECT kind = 'cancelled' FROM n0.exception WHERE"
	" authority = '131041' AND wave = ?1 AND institution = ?2 AND"
	" ordinal = ?3 UNION ALL SELECT kind = 'cancelled' FROM n1.exception"
	" WHERE authority = '131041' AND wave = ?1 AND institution = ?2 AND"
	" ordinal = ?3",
    /* What the unit wrote, and what the ward knows better: how it ended. */
    [Q_FILE] = "SELECT CASE coalesce(w.state, u.state) WHEN 'cancelled' THEN 1"
	       " WHEN 'rejected' THEN 2 WHEN 'expired' THEN 3 ELSE CASE WHEN"
	       " u.state = 'cancelled' THEN 1 WHEN"
	       " coalesce(w.answered_us, 0) > 0 THEN 4 ELSE 5 END END FROM"
	       " n1.file AS u LEFT JOIN n0.file AS w ON"
	       " w.authority = u.authority AND w.file = u.file WHERE"
	       " u.wave = ?1 AND u.institution = ?2 AND ?3 BETWEEN u.first AND"
	       " u.last",
    [Q_WAVE] = "SELECT CASE WHEN state IN ('drafted', 'submitted', 'approved')"
	       " THEN 1 WHEN state = 'cancelled' THEN 2 ELSE 3 END FROM"
	       " n0.wave WHERE wave = ?1",
    [Q_LOOKUP] = "SELECT count(*) FROM n4.lookup WHERE inquiry = ?4" NOT_AGAIN,
    [Q_LOOKUP + 1] =
	"SELECT count(*) FROM n5.lookup WHERE inquiry = ?4" NOT_AGAIN,
    [Q_LOOKUP + 2] =
	"SELECT count(*) FROM n6.lookup WHERE inquiry = ?4" NOT_AGAIN,
};

/* -1: no row. */
static int64_t of(struct check *k, int question, const struct inquiry *q)
{
	sqlite3_stmt **st = &k->question[question];
	int64_t v;

	if (*st == NULL)
		*st = prepare(k->db, questions[question]);
	(void)sqlite3_bind_int64(*st, 1, q->wave);
	(void)sqlite3_bind_text(*st, 2, q->institution, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int64(*st, 3, q->ordinal);
	(void)sqlite3_bind_text(*st, 4, q->number, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int(
	    *st, 5, k->s->restored < 0 && !may_lie(k->s, q->bank->bank));
	v = sqlite3_step(*st) == SQLITE_ROW ? sqlite3_column_int64(*st, 0) : -1;
	(void)sqlite3_reset(*st);
	return v;
}

static enum word of_class(int64_t class)
{
	if (class == CLASS_EXPIRED)
		return EXPIRED;
	return class == CLASS_INVALID || class == CLASS_REFUSED ? REJECTED
								: ANSWERED;
}

static enum word of_file(struct check *k, const struct inquiry *q)
{
	switch (of(k, Q_FILE, q)) {
	case 1:
		return CANCELLED;
	case 2:
		return REJECTED;
	case 3:
		return EXPIRED;
	case 5:
		return PENDING;
	default: /* complete, and no outcome for it; or in no file */
		return LOST;
	}
}

static enum word without_file(struct check *k, const struct inquiry *q)
{
	switch (of(k, Q_WAVE, q)) {
	case 1:
		return PENDING;
	case 2:
		return CANCELLED;
	default:
		return LOST;
	}
}

static enum word where(struct check *k, const struct inquiry *q)
{
	int64_t class = of(k, Q_OUTCOME, q);
	int64_t cancelled;
	enum word word;

	if (class >= 0)
		return of_class(class);
	cancelled = of(k, Q_EXCEPTION, q);
	if (cancelled >= 0)
		return cancelled == 1 ? CANCELLED : HELD;
	word = of_file(k, q);
	return word == LOST ? without_file(k, q) : word;
}

static bool twin(const struct inquiry *q)
{
	for (int64_t i = q->bank->first; i <= q->bank->last; i++)
		if ((i - q->person) % 28 == 0)
			return true;
	return false;
}

/* Is he a customer there, and what does the answer say? */
static void compare_truth(struct check *k, const struct inquiry *q)
{
	bool customer =
	    q->person >= q->bank->first && q->person <= q->bank->last;
	int64_t class = of(k, Q_OUTCOME, q);

	if (may_answer_falsely(k->s, q->bank->bank))
		return;
	/* One of his birthday is a customer, who lives elsewhere. */
	if (!customer && class == CLASS_REVIEW && twin(q))
		return;
	if (class != (customer ? CLASS_FOUND : CLASS_NONE))
		sim_wrong(k->s, "%s: class %ld for a %s", q->number,
		    (long)class, customer ? "customer" : "stranger");
}

static void judge(
    struct check *k, const struct inquiry *q, enum word word, bool may_lie)
{
	const struct sim *s = k->s;
	bool asked_back = s->cancelled || s->returned[0] != '\0' ||
			  s->withdrawn || s->stopped ||
			  is_liar(s, SIM_WARD); /* its word is an order */
	int64_t looked = of(k, Q_LOOKUP + (int)q->bank->bank - SIM_BANK_A, q);

	if (looked > 1)
		sim_wrong(
		    k->s, "%s: looked up %ld times", q->number, (long)looked);
	if (word == ANSWERED)
		compare_truth(k, q);
	if (word == ANSWERED && looked == 0 && !may_lie)
		sim_wrong(k->s, "%s: answered by nobody", q->number);
	if (word == LOST)
		sim_wrong(k->s, "E5: %s is lost", q->number);
	if (word == PENDING && !may_lie)
		sim_wrong(k->s, "E5: %s is pending", q->number);
	if ((word == REJECTED || word == EXPIRED) && !may_lie)
		sim_wrong(
		    k->s, "%s: rejected or expired without cause", q->number);
	if ((word == CANCELLED || word == HELD) && !asked_back)
		sim_wrong(
		    k->s, "%s: held or cancelled without cause", q->number);
}

static void one(struct check *k, struct inquiry *q)
{
	struct kanri number = {.authority = OFFICE_WARD,
	    .wave = (uint32_t)q->wave,
	    .ordinal = (uint32_t)q->ordinal};
	enum word word;

	(void)snprintf(number.institution, sizeof(number.institution), "%.4s",
	    q->institution);
	if (!kanri_format(&number, q->number))
		abort();
	word = where(k, q);
	/* What the unit says it has, and has thrown away, nobody else has. */
	if (word == LOST && is_liar(k->s, SIM_UNIT))
		return;
	k->answered += word == ANSWERED;
	k->rejected += word == REJECTED;
	k->expired += word == EXPIRED;
	k->pending += word == PENDING;
	judge(k, q, word, may_lie(k->s, q->bank->bank));
}

static void inquiries(struct check *k)
{
	sqlite3_stmt *q =
	    prepare(k->db, "SELECT wave, ordinal, CAST(atena AS INTEGER) FROM"
			   " n0.wave_subject");
	int n = 0;

	while (sqlite3_step(q) == SQLITE_ROW) {
		struct inquiry x = {.wave = sqlite3_column_int64(q, 0),
		    .ordinal = sqlite3_column_int64(q, 1),
		    .person = sqlite3_column_int64(q, 2)};

		for (int b = 0; b < SIM_BANKS; b++) {
			x.bank = &sim_customers[b];
			x.institution =
			    k->s->node[x.bank->bank].base->node.code;
			one(k, &x);
			n++;
		}
	}
	(void)sqlite3_finalize(q);
	if (n == 0)
		sim_wrong(k->s, "no wave was ever asked");
}

/* --- reconcile, of each node --- */

static void row(void *ctx, const struct reconcile_row *r)
{
	struct check *k = ctx;

	/* That a bank has said two things is what reconcile is to tell. */
	if (!r->ok && !may_differ(k->s, r->id))
		sim_wrong(k->s, "E5: %s %s: %s", r->scope, r->id, r->why);
	if (r->sent !=
	    r->answered + r->rejected + r->cancelled + r->expired + r->pending)
		sim_wrong(k->s, "E5: %s %s does not add up", r->scope, r->id);
	if (!k->waves || strcmp(r->scope, "wave") != 0)
		return;
	k->differs = k->differs || !r->ok;
	k->told[0] += r->answered;
	k->told[1] += r->rejected;
	k->told[2] += r->expired;
	k->told[3] += r->pending;
}

static enum err_class verify(struct store_tx *tx, void *arg, struct err *e)
{
	return audit_verify(tx, NULL, 0, NULL, arg, e);
}

static enum err_class reconcile(
    struct party_context *c, const struct reconcile_sink *sink, struct err *e)
{
	switch (c->node->party) {
	case STORE_WARD:
		return ward_reconcile(c, sink, e);
	case STORE_UNIT:
		return reconcile_unit(c, sink, e);
	case STORE_HUB:
		return reconcile_hub(c, sink, e);
	case STORE_BANK:
		return reconcile_bank(c, sink, e);
	}
	return ERR_NONE;
}

static void books(struct check *k, int node)
{
	struct sim *s = k->s;
	struct party_context *c = &s->node[node].base->work.context;
	const struct reconcile_sink sink = {.row = row, .ctx = k};
	struct audit_result log;
	struct err e;

	c->arena = &s->arena;
	c->now_us = sim_local(s, node);
	k->waves = node == SIM_WARD;
	if (reconcile(c, &sink, &e) != ERR_NONE)
		sim_wrong(s, "node %d: reconcile: %s", node, e.code);
	if (store_read(c->store, verify, &log, &e) != ERR_NONE ||
	    log.first_bad[0] != '\0')
		sim_wrong(s, "S3: node %d: the log is broken", node);
	arena_reset(&s->arena);
}

static void all_books(struct check *k)
{
	const int64_t mine[] = {
	    k->answered, k->rejected, k->expired, k->pending};

	for (int i = 0; i < SIM_NODES; i++)
		books(k, i);
	/* A unit may tell of a file twice: the ward counts it, and says that
	 * its sums differ. */
	for (int i = 0; i < 4 && !is_liar(k->s, SIM_WARD) &&
			!(is_liar(k->s, SIM_UNIT) && k->differs);
	     i++)
		if (k->told[i] != mine[i])
			sim_wrong(k->s,
			    "E5: reconcile counts %ld, the rows %ld (%d)",
			    (long)k->told[i], (long)mine[i], i);
}

/* --- from outside --- */

static void see(
    struct sim *s, const char *inquiry, const char *digest, bool may_change)
{
	for (size_t i = 0; i < s->seen_count; i++) {
		if (strcmp(s->seen[i].inquiry, inquiry) != 0)
			continue;
		if (strcmp(s->seen[i].digest, digest) != 0)
			sim_wrong(
			    s, "E6: the answer to %s has changed", inquiry);
		return;
	}
	if (may_change || s->seen_count == SIM_SEEN)
		return;
	(void)snprintf(
	    s->seen[s->seen_count].inquiry, KANRI_TEXT, "%s", inquiry);
	(void)snprintf(s->seen[s->seen_count++].digest, 33, "%s", digest);
}

/* E6: an outcome that is there stays what it is. */
void sim_check_watch(struct sim *s)
{
	sqlite3_stmt *q;

	if (!s->node[SIM_WARD].up || s->node[SIM_WARD].disk->dead)
		return;
	q = sim_node_read(s, SIM_WARD,
	    "SELECT inquiry, class, hex(digest), open FROM outcome");
	while (q != NULL && sqlite3_step(q) == SQLITE_ROW)
		see(s, (const char *)sqlite3_column_text(q, 0),
		    (const char *)sqlite3_column_text(q, 2),
		    sqlite3_column_int(q, 1) == CLASS_EXPIRED ||
			sqlite3_column_int(q, 3) != 0);
	(void)sqlite3_finalize(q);
}

/* What a liar has left to say nobody waits for. */
static bool counts(const struct sim *s, int node)
{
	return (node != SIM_BANK_B || !s->lied) &&
	       (node != s->liar || !s->liar_spoke);
}

bool sim_check_quiet(struct sim *s)
{
	for (int i = 0; i < SIM_NODES; i++)
		if (!s->node[i].up || (counts(s, i) && s->node[i].idle < 7))
			return false;
	for (int i = 0; i < SIM_NODES; i++) {
		int64_t due;
		struct err e;

		if (!counts(s, i))
			continue;

		if (delivery_next_due(s->node[i].base->store, &due, &e) !=
			ERR_NONE ||
		    due != INT64_MAX)
			return false;
	}
	return true;
}

void sim_check(struct sim *s)
{
	struct check k = {.s = s};

	for (int i = 0; i < SIM_NODES; i++)
		if (!s->node[i].up) {
			sim_wrong(s, "node %d is down for ever", i);
			return;
		}
	k.db = open_nodes(s);
	gather(&k);
	show_open(&k);
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		int64_t n =
		    applies(s, rules[i].when) ? ask(k.db, rules[i].sql) : 0;

		if (n != 0)
			sim_wrong(s, "%s: %ld", rules[i].what, (long)n);
	}
	inquiries(&k);
	all_books(&k);
	sim_trace(s, "answered %ld rejected %ld expired %ld pending %ld",
	    (long)k.answered, (long)k.rejected, (long)k.expired,
	    (long)k.pending);
	for (int i = 0; i < Q_COUNT; i++)
		(void)sqlite3_finalize(k.question[i]);
	(void)sqlite3_close(k.db);
}
