/*
 * ward_register.c — cleansed answers from the unit become outcomes: an
 * inquiry has one final answer, by a primary key (E6); a later different one
 * is kept beside it for a person. Steps ⑮ and ⑲.
 */
#include "base/clock.h"
#include "base/log.h"
#include "parties/ward_except.h"
#include "parties/ward_file.h"
#include "parties/ward_wave.h"
#include "record/answer.h"
#include "record/limits.h"

#include <stdlib.h>

#define DIGEST16 16

/* What an answer is to what is known already. */
enum fate { FATE_NEW, FATE_SAME, FATE_CORRECTION, FATE_COMPLETES, FATE_BAD };

struct incoming {
	char inquiry[KANRI_TEXT];
	uint32_t ordinal; /* 0: no number of ours */
	int64_t no;	  /* within the message */
	enum answer_class class;
	bool ahead; /* the unit's word that it has left is still to come */
	bool plain; /* `none` without anything to keep */
	struct bytes record;
	unsigned char digest[DIGEST16];
	enum fate fate;
	const char *bad;     /* why refused */
	struct bytes before; /* of FATE_COMPLETES: what stood there */
	enum answer_class class_before;
	int64_t late_before;
	char *file_before;
	unsigned char digest_before[DIGEST16];
};

struct registering {
	struct party_context *c;
	const struct message *m;
	struct content content;
	const char *as_of;
	struct ward_wave w;
	struct ward_file f;
	bool known;
	bool late;
	struct incoming *in;
	size_t n;
	int64_t first; /* ordinals of the answers themselves */
	int64_t last;
	int64_t registered;
	struct store_value *column[6];
};

static enum err_class refused(
    struct err *e, enum err_class class, const char *code, const char *en)
{
	return err_set(e, class, code, "回答データが正しくありません", en);
}

/* Items that the ward can write again by itself: a `none` with nothing else
 * needs no row. Some banks count the rows there are not: "0". */
static bool derivable(int item, struct text value)
{
	if (item_answer[item].type == ITEM_COUNT)
		return text_is(value, "0");
	switch (item) {
	case ANSWER_INQUIRY:
	case ANSWER_BANK_CODE:
	case ANSWER_BANK_NAME:
	case ANSWER_AS_OF:
	case ANSWER_BASE_DATE:
	case ANSWER_PERIOD:
	case ANSWER_AUTHORITY:
	case ANSWER_AUTHORITY_NUMBER:
	case ANSWER_ORDER_NUMBER:
	case ANSWER_LINK:
	case ANSWER_REQUESTER:
	case ANSWER_STATUS_CODE:
	case ANSWER_STATUS:
	case ANSWER_ANSWER_KIND:
	case ANSWER_DEALINGS:
	case ANSWER_FREE1:
	case ANSWER_FREE2:
		return true;
	default:
		return false;
	}
}

static bool is_plain(const struct answer *x)
{
	if (x->class != CLASS_NONE || x->account_count > 0 ||
	    x->other_count > 0)
		return false;
	for (int i = 0; i < ANSWER_COUNT; i++)
		if (x->f[i].n > 0 && !derivable(i, x->f[i]))
			return false;
	return true;
}

/* Is it a number of this wave, institution and file? */
static bool number_good(
    struct registering *g, struct text t, struct incoming *in)
{
	struct kanri k;

	if (!kanri_parse(t, &k) || strcmp(k.authority, g->c->node->code) != 0 ||
	    k.wave != g->m->h.wave ||
	    strcmp(k.institution, g->m->h.institution) != 0 ||
	    (int64_t)k.ordinal > g->w.subjects)
		return false;
	if (g->known &&
	    (k.ordinal < g->f.first || (int64_t)k.ordinal > g->f.last))
		return false;
	in->ordinal = k.ordinal;
	memcpy(in->inquiry, t.p, KANRI_SIZE);
	in->inquiry[KANRI_SIZE] = '\0';
	return true;
}

static void take(struct registering *g, const struct answer *x,
    struct bytes record, struct incoming *in)
{
	struct digest d = digest_one(record);

	*in = (struct incoming){.class = x->class,
	    .plain = is_plain(x),
	    .no = (int64_t)g->n,
	    .record = record};
	memcpy(in->digest, d.b, DIGEST16);
	if (!number_good(g, x->f[ANSWER_INQUIRY], in)) {
		in->fate = FATE_BAD;
		in->bad = "answer.unknown_number";
		return;
	}
	if (g->first == 0 || in->ordinal < g->first)
		g->first = in->ordinal;
	if (in->ordinal > g->last)
		g->last = in->ordinal;
}

static int by_ordinal(const void *a, const void *b)
{
	const struct incoming *x = a;
	const struct incoming *y = b;

	if (x->ordinal != y->ordinal)
		return x->ordinal < y->ordinal ? -1 : 1;
	return x->no < y->no ? -1 : x->no > y->no;
}

static void mark_repeats(struct registering *g)
{
	qsort(g->in, g->n, sizeof(*g->in), by_ordinal);
	for (size_t i = 1; i < g->n; i++)
		if (g->in[i].ordinal != 0 &&
		    g->in[i].ordinal == g->in[i - 1].ordinal) {
			g->in[i].fate = FATE_BAD;
			g->in[i].bad = "answer.repeated";
		}
}

static enum err_class unpack(struct registering *g, struct err *e)
{
	struct bytes in = content_part(&g->content, "answers");
	struct arena scratch = {0};
	size_t max = (size_t)g->m->h.records;

	if (g->m->h.records < 0 || max > LIMIT_MESSAGE_RECORDS)
		return refused(e, ERR_LIMIT, "message.too_large",
		    "more answers than a message holds");
	g->in = arena_take(g->c->arena, (max + 1) * sizeof(*g->in));
	while (in.n > 0 && g->n < max) {
		struct answer x;
		size_t used;

		if (!answer_unpack(&scratch, in, &x, &used)) {
			arena_fini(&scratch);
			return refused(e, ERR_INPUT, "message.malformed",
			    "an answer is not of its form");
		}
		take(g, &x, BYTES(in.p, used), &g->in[g->n++]);
		in = BYTES(in.p + used, in.n - used);
		arena_reset(&scratch);
	}
	arena_fini(&scratch);
	if (in.n > 0 || g->n != max)
		return refused(e, ERR_INPUT, "answer.count",
		    "the header counts other answers than there are");
	mark_repeats(g);
	return ERR_NONE;
}

static enum err_class check_file(
    struct registering *g, const struct header *h, struct err *e)
{
	char institution[NODE_CODE];
	uint32_t wave;
	int64_t no;

	if (!ward_file_name(g->c, h->file, &wave, institution, &no) ||
	    wave != h->wave || strcmp(institution, h->institution) != 0)
		return refused(e, ERR_DENIED, "answer.header",
		    "the header names no file of ours");
	if (g->known && g->f.layout[0] == '\0')
		g->known = false; /* the unit's word is still to come */
	if (g->known && h->records > g->f.records)
		return refused(e, ERR_INPUT, "answer.count",
		    "more answers than the file has inquiries");
	return ERR_NONE;
}

static enum err_class read_file(struct store_tx *tx, void *arg, struct err *e)
{
	struct registering *g = arg;
	const struct header *h = &g->m->h;
	struct store_rows *r;
	bool asked;

	TRY(ward_wave_load(tx, g->c, h->wave, &g->w, e));
	TRY(store_one(tx, STMT_WARD_INSTITUTION_OF,
	    STORE_VALUES(store_z(g->c->node->code), store_int(h->wave),
		store_z(h->institution)),
	    &r, &asked, e));
	asked = asked && text_is(store_get_text(r, 0), h->hub);
	store_rows_close(r);
	if (!asked || g->w.approved_us == 0)
		return refused(e, ERR_DENIED, "answer.header",
		    "nobody was asked there in that wave");
	TRY(ward_file_load(tx, g->c, h->file, &g->f, &g->known, e));
	return check_file(g, h, e);
}

/* The answers of a file that the unit has not told of yet: they make its
 * row; the unit's status completes it. */
static enum err_class provisional(
    struct store_tx *tx, struct registering *g, struct err *e)
{
	const struct header *h = &g->m->h;
	struct ward_file f;
	char institution[NODE_CODE];
	uint32_t wave;
	int64_t no = 0;
	bool found;

	TRY(ward_file_load(tx, g->c, h->file, &f, &found, e));
	if (found || g->first == 0)
		return ERR_NONE;
	(void)ward_file_name(g->c, h->file, &wave, institution, &no);
	return STORE_DO(tx, STMT_WARD_FILE_PUT, e, store_z(g->c->node->code),
	    store_z(h->file), store_int(h->wave), store_z(h->institution),
	    store_z(h->hub), store_int(no), store_int(g->first),
	    store_int(g->last), store_int(h->records), store_z(""),
	    store_z("handed"), store_z("?"), store_int(g->c->now_us),
	    store_int(0));
}

static struct incoming *find(struct registering *g, uint32_t ordinal)
{
	size_t low = 0;
	size_t high = g->n;

	while (low < high) {
		size_t i = low + (high - low) / 2;

		if (g->in[i].ordinal < ordinal)
			low = i + 1;
		else
			high = i;
	}
	return low < g->n && g->in[low].ordinal == ordinal ? &g->in[low] : NULL;
}

/* Those that the ward holds for held at the unit: the answer overtook its
 * word. */
static enum err_class mark_ahead(
    struct store_tx *tx, struct registering *g, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(tx, STMT_WARD_HALTED_AHEAD,
	    STORE_VALUES(store_z(g->c->node->code), store_int(g->m->h.wave),
		store_z(g->m->h.institution), store_int(g->first),
		store_int(g->last)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct incoming *in = find(g, (uint32_t)store_get_int(r, 0));

		if (in != NULL)
			in->ahead = true;
	}
	store_rows_close(r);
	return class;
}

/* Those that are in no file by an exception, or in another, are unknown
 * numbers. */
static enum err_class mark_exceptions(
    struct store_tx *tx, struct registering *g, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(tx, STMT_WARD_OUTSIDE,
	    STORE_VALUES(store_z(g->c->node->code), store_int(g->m->h.wave),
		store_z(g->m->h.institution), store_int(g->first),
		store_int(g->last), store_z(g->m->h.file),
		store_int(g->known && g->f.listed)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct incoming *in = find(g, (uint32_t)store_get_int(r, 0));

		if (in != NULL && !in->ahead) {
			in->fate = FATE_BAD;
			in->bad = "answer.unknown_number";
		}
	}
	store_rows_close(r);
	return class;
}

static void compare(
    struct arena *a, struct incoming *in, const struct store_rows *r)
{
	struct bytes digest = store_get_blob(r, 5);
	bool open = store_get_int(r, 4) != 0;

	if (in->fate == FATE_BAD)
		return;
	in->fate = FATE_SAME;
	if (bytes_eq(digest, BYTES(in->digest, DIGEST16)))
		return;
	in->fate = open ? FATE_COMPLETES : FATE_CORRECTION;
	in->class_before = (enum answer_class)store_get_int(r, 1);
	in->late_before = store_get_int(r, 3);
	in->file_before = ward_column(a, r, 2);
	if (digest.n == DIGEST16)
		memcpy(in->digest_before, digest.p, DIGEST16);
}

/* Ordinals, both included. */
struct span {
	int64_t first;
	int64_t last;
};

static enum err_class range(struct store_tx *tx, struct registering *g,
    enum store_statement st, struct span of, struct store_rows **r,
    struct err *e)
{
	char low[WARD_BOUND];
	char high[WARD_BOUND];

	if (!ward_bounds(g->c, g->m->h.wave, g->m->h.institution, of.first,
		of.last, low, high))
		return refused(
		    e, ERR_INPUT, "answer.header", "numbers out of bounds");
	return store_query(tx, st,
	    STORE_VALUES(
		store_z(g->c->node->code), store_z(low), store_z(high)),
	    r, e);
}

static struct incoming *at_row(struct registering *g, struct text inquiry)
{
	struct kanri k;

	return kanri_parse(inquiry, &k) ? find(g, k.ordinal) : NULL;
}

static enum err_class mark_known_in(
    struct store_tx *tx, struct registering *g, struct span of, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(range(tx, g, STMT_WARD_OUTCOMES_IN, of, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct incoming *in = at_row(g, store_get_text(r, 0));

		if (in != NULL)
			compare(g->c->arena, in, r);
	}
	store_rows_close(r);
	return class;
}

/* F1: answers of a file not known yet may lie far apart. */
static enum err_class mark_known(
    struct store_tx *tx, struct registering *g, struct err *e)
{
	for (int64_t k = g->first; k <= g->last; k += LIMIT_MESSAGE_RECORDS) {
		struct span of = {k, k + LIMIT_MESSAGE_RECORDS - 1};

		if (of.last > g->last)
			of.last = g->last;
		TRY(mark_known_in(tx, g, of, e));
	}
	return ERR_NONE;
}

/* A correction that came before is not kept twice. */
static enum err_class mark_corrections(
    struct store_tx *tx, struct registering *g, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(range(tx, g, STMT_WARD_CORRECTIONS_IN,
	    (struct span){g->first, g->last}, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct incoming *in = at_row(g, store_get_text(r, 0));

		if (in != NULL && in->fate != FATE_BAD &&
		    bytes_eq(store_get_blob(r, 6), BYTES(in->digest, DIGEST16)))
			in->fate = FATE_SAME;
	}
	store_rows_close(r);
	return class;
}

static enum err_class mark_before(
    struct store_tx *tx, struct registering *g, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(range(tx, g, STMT_WARD_ANSWERS_IN, (struct span){g->first, g->last},
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct incoming *in = at_row(g, store_get_text(r, 0));

		if (in != NULL && in->fate == FATE_COMPLETES)
			in->before =
			    bytes_dup(g->c->arena, store_get_blob(r, 1));
	}
	store_rows_close(r);
	return class;
}

static bool any(const struct registering *g, enum fate fate)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->in[i].fate == fate)
			return true;
	return false;
}

static enum err_class decide(
    struct store_tx *tx, struct registering *g, struct err *e)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->in[i].fate != FATE_BAD)
			g->in[i].fate = FATE_NEW;
	if (g->first == 0)
		return ERR_NONE;
	TRY(mark_ahead(tx, g, e));
	TRY(mark_exceptions(tx, g, e));
	TRY(mark_known(tx, g, e));
	if (any(g, FATE_CORRECTION) || any(g, FATE_COMPLETES))
		TRY(mark_corrections(tx, g, e));
	return any(g, FATE_COMPLETES) ? mark_before(tx, g, e) : ERR_NONE;
}

static bool stays_open(enum answer_class class)
{
	return class == CLASS_REVIEW || class == CLASS_PARTIAL;
}

static enum err_class put_outcomes(
    struct store_tx *tx, struct registering *g, struct err *e)
{
	const struct store_value authority = store_z(g->c->node->code);
	const struct store_value file = store_z(g->m->h.file);
	const struct store_value late = store_int(g->late);
	const struct store_column columns[] = {{.same = true, .v = &authority},
	    {.v = g->column[0]}, {.v = g->column[1]},
	    {.same = true, .v = &file}, {.same = true, .v = &late},
	    {.v = g->column[2]}, {.v = g->column[3]}};
	int64_t changed;
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++) {
		const struct incoming *in = &g->in[i];

		if (in->fate != FATE_NEW)
			continue;
		g->column[0][n] =
		    store_text(text_trust(in->inquiry, KANRI_SIZE));
		g->column[1][n] = store_int(in->class);
		g->column[2][n] = store_int(stays_open(in->class));
		g->column[3][n++] = store_blob(BYTES(in->digest, DIGEST16));
	}
	g->registered = (int64_t)n;
	TRY(store_each(tx, STMT_WARD_OUTCOME_ADD, columns, 7, n, &changed, e));
	return changed == (int64_t)n
		   ? ERR_NONE
		   : err_set(e, ERR_FAULT, "fault",
			 "回答の登録が食い違いました",
			 "an outcome appeared within the transaction");
}

static enum err_class put_answers(
    struct store_tx *tx, struct registering *g, struct err *e)
{
	const struct store_value authority = store_z(g->c->node->code);
	const struct store_column columns[] = {{.same = true, .v = &authority},
	    {.v = g->column[0]}, {.v = g->column[1]}};
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++) {
		const struct incoming *in = &g->in[i];

		if (in->fate != FATE_NEW || in->plain)
			continue;
		g->column[0][n] =
		    store_text(text_trust(in->inquiry, KANRI_SIZE));
		g->column[1][n++] = store_blob(in->record);
	}
	return store_each(tx, STMT_WARD_ANSWER_ADD, columns, 3, n, NULL, e);
}

static enum err_class keep_beside(struct store_tx *tx, struct registering *g,
    const struct incoming *in, bool before, struct err *e)
{
	return STORE_DO(tx, STMT_WARD_CORRECTION_ADD, e,
	    store_z(g->c->node->code), store_z(in->inquiry),
	    store_z(before ? "before" : "correction"),
	    store_int(before ? in->class_before : in->class),
	    store_z(g->m->h.id), store_int(g->c->now_us),
	    store_blob(
		BYTES(before ? in->digest_before : in->digest, DIGEST16)),
	    store_blob(before ? in->before : in->record));
}

/* Adds to a file's kept counts of one class. */
static enum err_class tally(struct store_tx *tx, struct registering *g,
    const char *file, enum answer_class class, const int64_t by[3],
    struct err *e)
{
	return STORE_DO(tx, STMT_WARD_TALLY_ADD, e, store_z(g->c->node->code),
	    store_z(file), store_int(class), store_int(by[0]), store_int(by[1]),
	    store_int(by[2]));
}

static enum err_class tally_new(
    struct store_tx *tx, struct registering *g, struct err *e)
{
	int64_t n[CLASS_COUNT] = {0};

	for (size_t i = 0; i < g->n; i++)
		n[g->in[i].class] += g->in[i].fate == FATE_NEW;
	for (int k = 0; k < CLASS_COUNT; k++) {
		const int64_t by[] = {n[k], g->late ? n[k] : 0,
		    stays_open((enum answer_class)k) ? n[k] : 0};

		if (n[k] > 0)
			TRY(tally(
			    tx, g, g->m->h.file, (enum answer_class)k, by, e));
	}
	return ERR_NONE;
}

static enum err_class tally_completed(struct store_tx *tx,
    struct registering *g, const struct incoming *in, struct err *e)
{
	const int64_t before[] = {-1, -in->late_before, -1};
	const int64_t after[] = {1, in->late_before, stays_open(in->class)};

	TRY(tally(tx, g, in->file_before, in->class_before, before, e));
	return tally(tx, g, in->file_before, in->class, after, e);
}

/* What was open is completed: what it said before is kept beside. */
static enum err_class complete(struct store_tx *tx, struct registering *g,
    const struct incoming *in, struct err *e)
{
	TRY(keep_beside(tx, g, in, true, e));
	TRY(tally_completed(tx, g, in, e));
	TRY(STORE_DO(tx, STMT_WARD_OUTCOME_COMPLETE, e,
	    store_z(g->c->node->code), store_z(in->inquiry),
	    store_int(in->class), store_int(stays_open(in->class)),
	    store_blob(BYTES(in->digest, DIGEST16))));
	if (in->plain)
		return STORE_DO(tx, STMT_WARD_ANSWER_DROP, e,
		    store_z(g->c->node->code), store_z(in->inquiry));
	return STORE_DO(tx, STMT_WARD_ANSWER_PUT, e, store_z(g->c->node->code),
	    store_z(in->inquiry), store_blob(in->record));
}

static enum err_class put_exceptional(
    struct store_tx *tx, struct registering *g, struct err *e)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct incoming *in = &g->in[i];

		switch (in->fate) {
		case FATE_NEW:
		case FATE_SAME:
			break;
		case FATE_CORRECTION:
			TRY(keep_beside(tx, g, in, false, e));
			break;
		case FATE_COMPLETES:
			TRY(complete(tx, g, in, e));
			break;
		case FATE_BAD:
			TRY(STORE_DO(tx, STMT_WARD_ANSWER_REFUSED, e,
			    store_z(g->c->node->code), store_z(g->m->h.id),
			    store_int(in->no), store_z(in->bad),
			    store_z(g->m->h.file), store_int(g->c->now_us)));
			break;
		}
	}
	return ERR_NONE;
}

/* What is answered has left: it is in the file that the answer is of. */
static enum err_class put_ahead(
    struct store_tx *tx, struct registering *g, struct err *e)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct store_value v[] = {store_z(g->c->node->code),
		    store_int(g->m->h.wave), store_z(g->m->h.institution),
		    store_int(g->in[i].ordinal), store_z(g->m->h.file)};

		if (!g->in[i].ahead || g->in[i].fate == FATE_BAD)
			continue;
		TRY(store_do(tx, STMT_WARD_HALTED_ANSWERED, v, 5, NULL, e));
		TRY(ward_except_drop(tx, g->c,
		    &(const struct ward_except){.wave = g->m->h.wave,
			.institution = g->m->h.institution,
			.ordinal = g->in[i].ordinal},
		    e));
	}
	return ERR_NONE;
}

static bool is_late(const struct registering *g)
{
	struct date deadline;

	return (g->known && strcmp(g->f.state, "expired") == 0) ||
	       (date_parse(text_z(g->w.deadline), &deadline) &&
		   date_cmp(clock_date(g->c->now_us), deadline) > 0);
}

static enum err_class register_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct registering *g = arg;
	const struct header *h = &g->m->h;

	TRY(party_take(tx, g->m, e));
	TRY(decide(tx, g, e));
	TRY(put_outcomes(tx, g, e));
	TRY(tally_new(tx, g, e));
	TRY(put_answers(tx, g, e));
	TRY(put_exceptional(tx, g, e));
	TRY(put_ahead(tx, g, e));
	if (!g->known)
		TRY(provisional(tx, g, e));
	TRY(ward_file_complete(tx, g->c, h->file, g->as_of, e));
	TRY(party_step(tx, g->c, h, party_step_no(h->link, DEED_REGISTER),
	    g->registered, e));
	return ward_log(tx, g->c,
	    &(const struct ward_act){.actor = "work",
		.action = "change",
		.kind = "file",
		.object = h->file,
		.purpose = "回答データの登録",
		.records = (int64_t)g->n},
	    e);
}

static enum err_class run(struct registering *g, struct err *e)
{
	const char *as_of =
	    json_string_value(json_object_get(g->content.meta, "as_of"));
	const struct header *h = &g->m->h;
	char key[PARTY_KEY];

	g->as_of = as_of != NULL ? as_of : "";
	TRY(store_read(g->c->store, read_file, g, e));
	TRY(party_digest(&g->content, "answers", e));
	TRY(unpack(g, e));
	g->late = is_late(g);
	for (int i = 0; i < 4; i++)
		g->column[i] = arena_zero(
		    g->c->arena, g->n + 1, sizeof(struct store_value));
	return store_run_key(g->c->store,
	    party_key(h->authority, h->wave, h->institution, key),
	    register_write, g, e);
}

static void tell_refused(const struct registering *g)
{
	long n = 0;

	for (size_t i = 0; i < g->n; i++)
		n += g->in[i].fate == FATE_BAD;
	if (n > 0)
		log_line(
		    "work", "file %s: %ld answers refused", g->m->h.file, n);
}

enum err_class ward_register_message(
    struct party_context *c, const struct message *m, struct err *e)
{
	struct registering g = {.c = c, .m = m};
	const struct peer *p = peers_of(c->peers, m->h.origin);
	enum err_class class;

	if (p == NULL || p->party != STORE_UNIT)
		return err_set(e, ERR_DENIED, "message.not_allowed",
		    "回答は中間処理ユニットから受け付けます",
		    "answers come from the unit");
	TRY(message_open(c->keys, m, c->arena, &g.content, e));
	class = run(&g, e);
	if (class == ERR_NONE)
		tell_refused(&g);
	content_fini(&g.content);
	return class;
}
