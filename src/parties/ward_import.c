/*
 * ward_import.c — see ward_import.h. Two passes over the file: the first
 * tells every refusal and writes nothing, the second writes. Both ask the
 * same question of each row, so they agree on what is accepted.
 */
#include "parties/ward_import.h"

#include "base/clock.h"
#include "base/csv.h"
#include "base/file.h"
#include "parties/ward_stop.h"
#include "record/limits.h"
#include "record/subject.h"
#include "text/fold.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define BATCH 2500 /* rows in one transaction: well under 50 ms */
/* Rows put in order before they are written: what lies close together in the
 * database is then written together, once. */
#define RUN ((size_t)20 * BATCH)
#define RUN_BYTES ((size_t)32 << 20) /* of them in memory */

/* A set of numbers with a value each; open addressing, at most 3/4 full. */
struct set {
	struct {
		uint64_t key; /* 0: free */
		uint64_t value;
	} * slot;
	size_t n;
	size_t room; /* a power of two */
};

static size_t set_at(const struct set *s, uint64_t key)
{
	size_t i = (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 20) &
		   (s->room - 1);

	while (s->slot[i].key != 0 && s->slot[i].key != key)
		i = (i + 1) & (s->room - 1);
	return i;
}

static void set_grow(struct set *s)
{
	struct set old = *s;

	s->room = old.room ? old.room * 2 : 4096;
	s->slot = arena_xmalloc(s->room * sizeof(*s->slot));
	memset(s->slot, 0, s->room * sizeof(*s->slot));
	for (size_t i = 0; i < old.room; i++)
		if (old.slot[i].key != 0)
			s->slot[set_at(s, old.slot[i].key)] = old.slot[i];
	free(old.slot);
}

/* The value kept under key; false (and value is kept) if there was none. */
static bool set_put(struct set *s, uint64_t key, uint64_t value, uint64_t *was)
{
	size_t i;

	if (s->n * 4 >= s->room * 3)
		set_grow(s);
	i = set_at(s, key);
	if (s->slot[i].key != 0) {
		*was = s->slot[i].value;
		return true;
	}
	s->slot[i].key = key;
	s->slot[i].value = value;
	s->n++;
	return false;
}

static bool set_has(const struct set *s, uint64_t key)
{
	return s->room > 0 && s->slot[set_at(s, key)].key != 0;
}

/* A row that waits to be written in its turn. */
struct waiting {
	char key[24]; /* 宛名番号, 科目: they order as the database does */
	struct bytes record;
};

struct row {
	struct subject s;
	struct bytes record; /* subject_pack */
	bool altered;	     /* or new */
	bool known;	     /* was there before */
	unsigned reasons;    /* of a stop, before and after */
	bool shielded;	     /* 支援措置, before or after */
};

struct import {
	struct party_context *c;
	const struct ward_import *order;
	struct ward_import_result *out;
	struct set subjects; /* 宛名番号 → digest of its identity columns */
	struct set claims;   /* 宛名番号 × 科目 */
	struct date today;
	struct arena arena; /* of one row read, and of one batch written */
	struct row *rows;
	size_t n;
	struct arena run_arena;
	struct waiting *run;
	size_t run_n;
	int64_t seen;
	/* What one transaction did; added to out when it has committed. */
	int64_t changed;
	int64_t stopped;
};

/* 宛名番号 has at most 15 digits: exact in 54 bits with its length. */
static uint64_t key_of(struct text atena)
{
	uint64_t v = 0;

	for (size_t i = 0; i < atena.n; i++)
		v = v * 10 + (uint64_t)(atena.p[i] - '0');
	return v * 16 + atena.n;
}

static int kamoku_index(const struct import *m, struct text kamoku)
{
	for (size_t i = 0; i < m->c->codes->kamoku_count; i++)
		if (text_eq(m->c->codes->kamokus[i].code, kamoku))
			return (int)i;
	return -1;
}

static uint64_t claim_key(
    const struct import *m, struct text atena, struct text kamoku)
{
	return key_of(atena) * 256 + (uint64_t)(kamoku_index(m, kamoku) + 1);
}

/* FNV-1a over the columns in which rows of one 宛名番号 must agree. */
static uint64_t identity(const struct subject *s)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (int i = 0; i < SUBJECT_COUNT; i++) {
		if (!subject_info[i].identity)
			continue;
		for (size_t k = 0; k < s->f[i].n; k++)
			h = (h ^ (unsigned char)s->f[i].p[k]) *
			    UINT64_C(0x100000001b3);
		h = (h ^ 0xff) * UINT64_C(0x100000001b3);
	}
	return h;
}

static enum err_class refuse(struct err *e, const char *code,
    enum subject_column column, const char *ja, const char *en)
{
	err_set(e, ERR_INPUT, code, ja, en);
	e->level = ERR_RECORD;
	(void)snprintf(
	    e->item, sizeof(e->item), "%s", subject_info[column].name);
	return ERR_INPUT;
}

/* What a row is among the others; ERR_INPUT: refused alone. */
static enum err_class admit(
    struct import *m, const struct subject *s, struct err *e)
{
	struct text atena = s->f[SUBJECT_ATENA];
	struct text kamoku = s->f[SUBJECT_KAMOKU];
	uint64_t digest = identity(s);
	uint64_t was;

	if (codes_kamoku_on(m->c->codes, kamoku, m->today) == NULL)
		return refuse(e, "subjects.unknown_code", SUBJECT_KAMOKU,
		    "この日に有効な科目ではありません",
		    "no 科目 in force on this day");
	if (set_has(&m->claims, claim_key(m, atena, kamoku)))
		return refuse(e, "subjects.duplicate", SUBJECT_ATENA,
		    "同じ宛名番号と科目の行がすでにあります",
		    "a row of this 宛名番号 and 科目 came before");
	if (set_put(&m->subjects, key_of(atena), digest, &was) && was != digest)
		return refuse(e, "subjects.conflict", SUBJECT_ATENA,
		    "同じ宛名番号の行と本人の項目が食い違います",
		    "rows of one 宛名番号 disagree about the person");
	(void)set_put(&m->claims, claim_key(m, atena, kamoku), 1, &was);
	return ERR_NONE;
}

static enum err_class flush(struct import *m, struct err *e);

static int by_key(const void *a, const void *b)
{
	const struct waiting *x = a;
	const struct waiting *y = b;

	return strcmp(x->key, y->key);
}

static enum err_class write_run(struct import *m, struct err *e)
{
	qsort(m->run, m->run_n, sizeof(*m->run), by_key);
	for (size_t i = 0; i < m->run_n; i++) {
		struct row *row = &m->rows[m->n];

		*row = (struct row){.record = m->run[i].record};
		if (!subject_unpack(row->record, &row->s))
			return err_set(e, ERR_FAULT, "fault",
			    "内部の行を読めません",
			    "a row that we packed cannot be unpacked");
		m->n++;
		if (m->n == BATCH)
			TRY(flush(m, e));
	}
	if (m->n > 0)
		TRY(flush(m, e));
	m->run_n = 0;
	arena_reset(&m->run_arena);
	return ERR_NONE;
}

static enum err_class keep(
    struct import *m, const struct subject *s, struct err *e)
{
	struct waiting *w = &m->run[m->run_n++];
	struct text atena = s->f[SUBJECT_ATENA];
	struct text kamoku = s->f[SUBJECT_KAMOKU];
	struct buf packed = {0};

	(void)snprintf(w->key, sizeof(w->key), "%.*s,%.*s", (int)atena.n,
	    atena.p, (int)kamoku.n, kamoku.p);
	subject_pack(s, &packed);
	w->record = bytes_dup(&m->run_arena, buf_bytes(&packed));
	buf_fini(&packed);
	return m->run_n == RUN || m->run_arena.held > RUN_BYTES
		   ? write_run(m, e)
		   : ERR_NONE;
}

static enum err_class take_row(struct import *m, const struct subject *s,
    long line, bool write, struct err *e)
{
	if (admit(m, s, e) != ERR_NONE) {
		if (!write) {
			(void)snprintf(
			    e->file, sizeof(e->file), "%s", m->order->name);
			e->line = line;
			refusals_add(m->order->refusals, e);
			m->out->refused++;
		}
		return ERR_NONE;
	}
	if (!write) {
		m->out->accepted++;
		return ERR_NONE;
	}
	return keep(m, s, e);
}

static enum err_class rows_of(
    struct import *m, struct subject_reader *r, bool write, struct err *e)
{
	for (;;) {
		enum subject_read what;
		struct subject s;
		long line = 0;

		TRY(subject_reader_next(r, &m->arena, &what, &s, &line, e));
		switch (what) {
		case SUBJECT_END:
			return write ? write_run(m, e) : ERR_NONE;
		case SUBJECT_REFUSED:
			if (!write) {
				refusals_add(m->order->refusals, e);
				m->out->refused++;
			}
			break;
		case SUBJECT_ROW:
			TRY(take_row(m, &s, line, write, e));
			break;
		}
		arena_reset(&m->arena);
		if (++m->seen % 1000 == 0 && m->order->progress != NULL)
			m->order->progress(m->order->ctx, m->seen / 2);
	}
}

/* One pass over the whole file. */
static enum err_class pass(struct import *m, bool write, struct err *e)
{
	int fd = m->order->fd;
	struct subject_reader *r;
	enum err_class class;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return err_errno(e, "lseek");
	free(m->subjects.slot);
	free(m->claims.slot);
	m->subjects = (struct set){0};
	m->claims = (struct set){0};
	TRY(subject_reader_new(
	    csv_read_fd, &fd, m->order->encoding, m->order->name, &r, e));
	class = rows_of(m, r, write, e);
	subject_reader_free(r);
	return class;
}

/* Columns of the keys of all rows of the batch. */
static struct store_value *column(struct import *m, enum subject_column k)
{
	struct store_value *v =
	    arena_zero(&m->arena, m->n, sizeof(struct store_value));

	for (size_t i = 0; i < m->n; i++)
		v[i] = store_text(m->rows[i].s.f[k]);
	return v;
}

static bool shielded(const struct subject *s)
{
	return text_is(s->f[SUBJECT_SHIELDED], "1");
}

/* Compares each row with what is kept of it. */
static enum err_class compare(
    struct store_tx *tx, struct import *m, struct err *e)
{
	const struct store_value authority = store_z(m->c->node->code);
	const struct store_column keys[] = {{.same = true, .v = &authority},
	    {.v = column(m, SUBJECT_ATENA)}, {.v = column(m, SUBJECT_KAMOKU)}};
	struct store_rows *r;
	enum err_class class;
	bool more;

	for (size_t i = 0; i < m->n; i++) {
		m->rows[i].altered = true;
		m->rows[i].known = false;
		m->rows[i].reasons = ward_stop_reasons(&m->rows[i].s);
		m->rows[i].shielded = shielded(&m->rows[i].s);
	}
	TRY(store_query_each(tx, STMT_WARD_CLAIM_GET, keys, 3, m->n, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct row *row = &m->rows[store_input(r)];
		struct subject old;

		row->known = true;
		row->altered = !bytes_eq(store_get_blob(r, 0), row->record);
		if (row->altered &&
		    subject_unpack(store_get_blob(r, 0), &old)) {
			row->reasons |= ward_stop_reasons(&old);
			row->shielded = row->shielded || shielded(&old);
		}
	}
	store_rows_close(r);
	return class;
}

/* Columns of a statement, filled row by row. */
struct columns {
	struct store_column c[10];
	struct store_value *v[10]; /* NULL: the same for all */
	size_t n;
	size_t rows;
};

static void columns_same(struct columns *k, const struct store_value *v)
{
	k->c[k->n++] = (struct store_column){.same = true, .v = v};
}

static void columns_each(struct columns *k, size_t n, struct import *m)
{
	while (n-- > 0) {
		k->v[k->n] =
		    arena_zero(&m->arena, m->n, sizeof(struct store_value));
		k->c[k->n] = (struct store_column){.v = k->v[k->n]};
		k->n++;
	}
}

static enum err_class columns_flush(struct store_tx *tx, struct columns *k,
    enum store_statement st, struct err *e)
{
	size_t rows = k->rows;

	k->rows = 0;
	return store_each(tx, st, k->c, k->n, rows, NULL, e);
}

/* What a name is searched by. */
static struct store_value search_key(struct arena *a, struct text name,
    void (*fold)(struct text in, struct buf *out))
{
	struct buf key = {0};
	struct text kept;

	fold(name, &key);
	kept = text_dup(a, buf_text(&key));
	buf_fini(&key);
	return store_text(kept);
}

static enum err_class put_subject(struct store_tx *tx, struct columns *k,
    struct arena *a, const struct text *f, struct err *e)
{
	const struct store_value *last =
	    &k->v[1][k->rows > 0 ? k->rows - 1 : 0];
	int order = k->rows > 0 ? text_cmp(text_trust(last->p, last->n),
				      f[SUBJECT_ATENA])
				: -1;

	/* Rows come in order, of a run at least: none meets another. */
	if (order == 0)
		return ERR_NONE; /* its other claims say the same of it */
	if (order > 0)
		TRY(columns_flush(tx, k, STMT_WARD_SUBJECT_PUT, e));
	k->v[1][k->rows] = store_text(f[SUBJECT_ATENA]);
	k->v[2][k->rows] = store_text(f[SUBJECT_KANA]);
	k->v[3][k->rows] = store_text(f[SUBJECT_KANJI]);
	k->v[4][k->rows] = store_text(f[SUBJECT_BIRTH]);
	k->v[5][k->rows] = store_int(text_is(f[SUBJECT_SHIELDED], "1"));
	k->v[6][k->rows] = search_key(a, f[SUBJECT_KANA], fold_kana);
	k->v[7][k->rows++] = search_key(a, f[SUBJECT_KANJI], fold_kanji);
	return ERR_NONE;
}

static enum err_class put_subjects(
    struct store_tx *tx, struct import *m, struct err *e)
{
	const struct store_value authority = store_z(m->c->node->code);
	const struct store_value now = store_int(m->c->now_us);
	struct columns k = {0};

	columns_same(&k, &authority);
	columns_each(&k, 7, m);
	columns_same(&k, &now);
	for (size_t i = 0; i < m->n; i++)
		if (m->rows[i].altered)
			TRY(put_subject(tx, &k, &m->arena, m->rows[i].s.f, e));
	return columns_flush(tx, &k, STMT_WARD_SUBJECT_PUT, e);
}

static void add_claim(
    struct columns *k, const struct subject *s, struct bytes record)
{
	int64_t arrears = 0;

	(void)text_to_int(
	    s->f[SUBJECT_ARREARS], INT64_C(999999999999), &arrears);
	k->v[1][k->rows] = store_text(s->f[SUBJECT_ATENA]);
	k->v[2][k->rows] = store_text(s->f[SUBJECT_KAMOKU]);
	k->v[3][k->rows] = store_int(arrears);
	k->v[4][k->rows] = store_text(s->f[SUBJECT_MEASURES]);
	k->v[5][k->rows++] = store_blob(record);
}

static enum err_class put_claim(struct store_tx *tx, struct import *m,
    const struct subject *s, struct bytes record, struct err *e)
{
	const struct store_value authority = store_z(m->c->node->code);
	struct store_value v[5];
	struct columns k = {.v = {NULL, &v[0], &v[1], &v[2], &v[3], &v[4]}};

	add_claim(&k, s, record);
	return STORE_DO(tx, STMT_WARD_CLAIM_PUT, e, authority, v[0], v[1], v[2],
	    v[3], v[4]);
}

/* A claim that the file did not bring, of a person who has changed. */
struct other {
	struct subject s;
	struct bytes record;
};

static enum err_class others_of(struct store_tx *tx, struct import *m,
    const struct subject *s, struct other *out, size_t *n, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	enum subject_column differs;
	bool more;

	*n = 0;
	TRY(store_query(tx, STMT_WARD_CLAIMS_OF,
	    STORE_VALUES(
		store_z(m->c->node->code), store_text(s->f[SUBJECT_ATENA])),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more &&
	       *n < WARD_STOP_CLAIMS) {
		struct other *o = &out[*n];

		o->record = bytes_dup(&m->arena, store_get_blob(r, 2));
		if (subject_unpack(o->record, &o->s) &&
		    !subject_same_identity(s, &o->s, &differs))
			(*n)++;
	}
	store_rows_close(r);
	return class;
}

/* All claims of one 宛名番号 describe one person: the newest row's word. */
static enum err_class agree(struct store_tx *tx, struct import *m,
    const struct subject *s, struct err *e)
{
	struct other others[WARD_STOP_CLAIMS];
	struct buf packed = {0};
	enum err_class class;
	size_t n;

	TRY(others_of(tx, m, s, others, &n, e));
	for (size_t i = 0; i < n; i++) {
		for (int k = 0; k < SUBJECT_COUNT; k++)
			if (subject_info[k].identity)
				others[i].s.f[k] = s->f[k];
		buf_clear(&packed);
		subject_pack(&others[i].s, &packed);
		class = put_claim(tx, m, &others[i].s, buf_bytes(&packed), e);
		if (class != ERR_NONE) {
			buf_fini(&packed);
			return class;
		}
		m->changed++;
	}
	buf_fini(&packed);
	return ERR_NONE;
}

/* A file holds a claim once (rows_of). One that was there, or may have
 * others beside it, is written at once: what agrees with it is read. */
static enum err_class put_claims(
    struct store_tx *tx, struct import *m, struct err *e)
{
	const struct store_value authority = store_z(m->c->node->code);
	struct columns k = {0};

	columns_same(&k, &authority);
	columns_each(&k, 5, m);
	for (size_t i = 0; i < m->n; i++) {
		struct row *row = &m->rows[i];

		if (!row->altered)
			continue;
		m->changed++;
		add_claim(&k, &row->s, row->record);
		if (!row->known && !m->order->diff)
			continue;
		TRY(columns_flush(tx, &k, STMT_WARD_CLAIM_PUT, e));
		TRY(agree(tx, m, &row->s, e));
	}
	return columns_flush(tx, &k, STMT_WARD_CLAIM_PUT, e);
}

static enum err_class stops(
    struct store_tx *tx, struct import *m, struct err *e)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct subject *s = &m->rows[i].s;
		bool stopped;

		/* A choice of an address is void with the row it was made by:
		 * what the unit has of that person waits for another. */
		if (m->rows[i].shielded && m->rows[i].altered &&
		    m->rows[i].known && !m->order->dry_run)
			TRY(ward_stop_halt(tx, m->c, s->f[SUBJECT_ATENA], e));
		if (m->rows[i].reasons == 0 ||
		    (!m->rows[i].altered && m->rows[i].known))
			continue;
		TRY(ward_stop_update(
		    tx, m->c, s, m->order->dry_run, &stopped, e));
		m->stopped += stopped;
	}
	return ERR_NONE;
}

static enum err_class log_batch(
    struct store_tx *tx, struct import *m, struct err *e)
{
	if (m->changed == 0)
		return ERR_NONE;
	return ward_log(tx, m->c,
	    &(const struct ward_act){.actor = m->order->actor,
		.action = "change",
		.kind = "file",
		.object = m->order->name,
		.purpose = "照会対象者データの取込",
		.records = m->changed},
	    e);
}

static enum err_class batch_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct import *m = arg;

	m->changed = 0;
	m->stopped = 0;
	TRY(compare(tx, m, e));
	if (m->order->dry_run) {
		for (size_t i = 0; i < m->n; i++)
			m->changed += m->rows[i].altered;
		return stops(tx, m, e);
	}
	TRY(put_subjects(tx, m, e));
	TRY(put_claims(tx, m, e));
	TRY(stops(tx, m, e));
	return log_batch(tx, m, e);
}

static enum err_class flush(struct import *m, struct err *e)
{
	if (m->order->dry_run)
		TRY(store_read(m->c->store, batch_write, m, e));
	else
		TRY(store_run(m->c->store, batch_write, m, e));
	m->out->changed += m->changed;
	m->out->stopped += m->stopped;
	m->n = 0;
	arena_reset(&m->arena);
	return ERR_NONE;
}

/* Claims a full file does not hold any more. */
struct absent {
	struct import *m;
	char after[2][24]; /* 宛名番号, 科目 */
	size_t read;
	size_t n;
	struct {
		struct text atena;
		struct text kamoku;
	} claim[BATCH];
	int64_t removed;
	int64_t kept;
};

static enum err_class absent_find(struct store_tx *tx, void *arg, struct err *e)
{
	struct absent *x = arg;
	struct import *m = x->m;
	struct store_rows *r;
	enum err_class class;
	bool more;

	x->n = 0;
	x->read = 0;
	TRY(store_query(tx, STMT_WARD_CLAIMS_FROM,
	    STORE_VALUES(store_z(m->c->node->code), store_z(x->after[0]),
		store_z(x->after[1]), store_int(BATCH)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct text atena = store_get_text(r, 0);
		struct text kamoku = store_get_text(r, 1);

		x->read++;
		(void)snprintf(x->after[0], sizeof(x->after[0]), "%.*s",
		    (int)atena.n, atena.p);
		(void)snprintf(x->after[1], sizeof(x->after[1]), "%.*s",
		    (int)kamoku.n, kamoku.p);
		if (set_has(&m->claims, claim_key(m, atena, kamoku)))
			continue;
		x->claim[x->n].atena = text_dup(&m->arena, atena);
		x->claim[x->n++].kamoku = text_dup(&m->arena, kamoku);
	}
	store_rows_close(r);
	return class;
}

static enum err_class absent_one(
    struct store_tx *tx, struct absent *x, size_t i, struct err *e)
{
	const struct store_value authority = store_z(x->m->c->node->code);
	const struct store_value atena = store_text(x->claim[i].atena);
	struct store_rows *r;
	bool asked;

	TRY(store_one(tx, STMT_WARD_IN_OPEN_WAVE,
	    STORE_VALUES(authority, atena), &r, &asked, e));
	store_rows_close(r);
	if (asked) {
		x->kept++;
		return ERR_NONE;
	}
	x->removed++;
	if (x->m->order->dry_run)
		return ERR_NONE;
	TRY(STORE_DO(tx, STMT_WARD_CLAIM_DROP, e, authority, atena,
	    store_text(x->claim[i].kamoku)));
	return STORE_DO(tx, STMT_WARD_SUBJECT_DROP, e, authority, atena);
}

static enum err_class absent_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct absent *x = arg;

	x->removed = 0;
	x->kept = 0;
	for (size_t i = 0; i < x->n; i++)
		TRY(absent_one(tx, x, i, e));
	if (x->removed == 0 || x->m->order->dry_run)
		return ERR_NONE;
	return ward_log(tx, x->m->c,
	    &(const struct ward_act){.actor = x->m->order->actor,
		.action = "delete",
		.kind = "file",
		.object = x->m->order->name,
		.purpose = "全件データにない債権の削除",
		.records = x->removed},
	    e);
}

static enum err_class take_away(struct import *m, struct err *e)
{
	struct absent *x = arena_xmalloc(sizeof(*x));
	enum err_class class = ERR_NONE;

	*x = (struct absent){.m = m};
	do {
		class = store_read(m->c->store, absent_find, x, e);
		if (class == ERR_NONE && x->n > 0)
			class =
			    m->order->dry_run
				? store_read(m->c->store, absent_write, x, e)
				: store_run(m->c->store, absent_write, x, e);
		if (class == ERR_NONE && x->n > 0) {
			m->out->removed += x->removed;
			m->out->changed += x->removed;
			m->out->kept += x->kept;
		}
		arena_reset(&m->arena);
	} while (class == ERR_NONE && x->read == BATCH);
	free(x);
	return class;
}

static enum err_class log_file(struct store_tx *tx, void *arg, struct err *e)
{
	struct import *m = arg;

	return ward_log(tx, m->c,
	    &(const struct ward_act){.actor = m->order->actor,
		.action = "import",
		.kind = "file",
		.object = m->order->name,
		.purpose = "照会対象者データの取込（ファイル全体）",
		.records = m->out->accepted},
	    e);
}

static enum err_class passes(struct import *m, struct err *e)
{
	bool dry = m->order->dry_run;

	TRY(pass(m, false, e));
	if (m->out->accepted == 0)
		return ERR_NONE; /* nothing to write; absent rows prove nothing
				  */
	TRY(pass(m, true, e));
	if (!m->order->diff && m->out->refused == 0)
		TRY(take_away(m, e));
	return dry ? ERR_NONE : store_run(m->c->store, log_file, m, e);
}

enum err_class ward_import(struct party_context *c,
    const struct ward_import *order, struct ward_import_result *out,
    struct err *e)
{
	struct import m = {
	    .c = c, .order = order, .out = out, .today = clock_date(c->now_us)};
	enum err_class class;

	*out = (struct ward_import_result){0};
	m.rows = arena_xmalloc(BATCH * sizeof(*m.rows));
	m.run = arena_xmalloc(RUN * sizeof(*m.run));
	class = passes(&m, e);
	free(m.rows);
	free(m.run);
	free(m.subjects.slot);
	free(m.claims.slot);
	arena_fini(&m.arena);
	arena_fini(&m.run_arena);
	return class;
}

static enum err_class spool(int from, int to, struct err *e)
{
	char window[65536];
	size_t total = 0;
	ssize_t n;

	while ((n = read(from, window, sizeof(window))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, "read");
		total += (size_t)n;
		if (total > LIMIT_SUBJECTS_FILE)
			return err_set(e, ERR_LIMIT, "subjects.too_large",
			    "ファイルが上限を超えています",
			    "the file is over its limit");
		TRY(file_write_all(to, BYTES(window, (size_t)n), "write", e));
	}
	return ERR_NONE;
}

enum err_class ward_import_spool(
    const struct node *node, int from, int *out, struct err *e)
{
	enum err_class class;
	int fd;

	TRY(file_unnamed(node->path, &fd, e));
	class = spool(from, fd, e);
	if (class != ERR_NONE) {
		(void)close(fd);
		return class;
	}
	*out = fd;
	return ERR_NONE;
}
