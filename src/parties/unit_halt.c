/* unit_halt.c — see unit_halt.h. */
#include "parties/unit_halt.h"

#include "parties/mend.h"
#include "record/kanri.h"

#include <stdlib.h>

#define STATE_SIZE 16

static const char *const acts[] = {[HALT_HOLD] = "hold",
    [HALT_RELEASE] = "release",
    [HALT_WITHDRAW] = "withdraw"};

static enum err_class malformed(struct err *e)
{
	return err_set(e, ERR_INPUT, "message.malformed",
	    "取下げの形式が正しくありません",
	    "the orders are not of their form");
}

static bool act_of(const char *word, enum halt_act *out)
{
	for (size_t i = 0; i < sizeof(acts) / sizeof(*acts); i++)
		if (strcmp(word, acts[i]) == 0) {
			*out = (enum halt_act)i;
			return true;
		}
	return false;
}

static bool read_mend(struct arena *a, const json_t *o, struct unit_halt *out)
{
	char *z;

	if (o == NULL)
		return true;
	if (out->act != HALT_RELEASE || !mend_good(o))
		return false;
	z = json_dumps(o, JSON_COMPACT | JSON_SORT_KEYS);
	if (z == NULL)
		return false;
	out->mend = arena_printf(a, "%s", z);
	free(z);
	return strlen(out->mend) <= MEND_MAX;
}

static bool read_one(struct arena *a, json_t *o, struct unit_halt *out)
{
	const char *institution;
	const char *act;
	json_int_t ordinal;
	json_int_t no;

	if (json_unpack(o, "[I,s,s,I]", &ordinal, &institution, &act, &no) != 0)
		return false;
	*out = (struct unit_halt){.ordinal = ordinal,
	    .institution = arena_printf(a, "%.4s", institution),
	    .no = no};
	return act_of(act, &out->act) &&
	       read_mend(a, json_array_get(o, 4), out) && ordinal >= 1 &&
	       ordinal <= KANRI_ORDINAL_MAX && no >= 1 &&
	       (institution[0] == '\0' ||
		   text_is_digits(text_z(institution), 4, 4));
}

enum err_class unit_halt_read(struct arena *a, const json_t *meta,
    struct unit_halt **out, size_t *n, struct err *e)
{
	const json_t *list = json_object_get(meta, "halts");
	size_t i;
	json_t *o;

	*n = json_array_size(list);
	*out = NULL;
	/* F1: bounded before memory is taken. */
	if (*n > UNIT_HALTS)
		return malformed(e);
	*out = arena_zero(a, *n + 1, sizeof(**out));
	json_array_foreach(
	    list, i, o) if (!read_one(a, o, &(*out)[i])) return malformed(e);
	return ERR_NONE;
}

/* One inquiry, as the rows tell it. */
struct halted {
	struct store_value key[4];
	int64_t no;
	int64_t seq;
	int64_t late;
	char state[STATE_SIZE];
	bool excepted; /* in no file, for whatever reason */
	bool unfit;    /* because its layout held it: an item is named */
	bool passed;   /* the conversion has gone past it */
	bool changed;
};

static enum err_class load(struct store_tx *tx, struct halted *h, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_HALTED_GET, h->key, 4, &r, &found, e));
	if (found) {
		h->no = store_get_int(r, 0);
		h->seq = store_get_int(r, 1);
		(void)snprintf(h->state, sizeof(h->state), "%.*s",
		    (int)store_get_text(r, 2).n, store_get_text(r, 2).p);
		h->late = store_get_int(r, 3);
	}
	store_rows_close(r);
	TRY(store_one(
	    tx, STMT_WARD_EXCEPTION_GET, h->key, 4, &r, &h->excepted, e));
	h->unfit = h->excepted && text_is(store_get_text(r, 0), "held") &&
		   store_get_text(r, 2).n > 0;
	store_rows_close(r);
	return ERR_NONE;
}

static void become(struct halted *h, const char *state)
{
	(void)snprintf(h->state, sizeof(h->state), "%s", state);
	h->changed = true;
}

static void too_late(struct halted *h)
{
	h->changed = h->late == 0;
	h->late = 1;
}

static enum err_class drop_exception(
    struct store_tx *tx, const struct halted *h, struct err *e)
{
	return store_do(tx, STMT_EXCEPTION_DROP, h->key, 4, NULL, e);
}

static enum err_class add_exception(struct store_tx *tx, const struct halted *h,
    const char *kind, const char *reason, struct err *e)
{
	return STORE_DO(tx, STMT_UNIT_EXCEPTION_ADD, e, h->key[0], h->key[1],
	    h->key[2], h->key[3], store_z(kind), store_z(reason), store_z(""),
	    store_int(0), store_z(""));
}

/* Nobody is waiting for it with us: it is in a file, or it will never be. */
static bool settled(struct halted *h)
{
	if (strcmp(h->state, "sent") == 0 ||
	    (h->state[0] == '\0' && h->passed && !h->excepted)) {
		too_late(h);
		return true;
	}
	return h->state[0] == '\0' ? h->excepted
				   : strcmp(h->state, "withdrawn") == 0 ||
					 strcmp(h->state, "unfit") == 0;
}

static enum err_class withdraw(
    struct store_tx *tx, struct halted *h, struct err *e)
{
	if (settled(h))
		return ERR_NONE;
	TRY(drop_exception(tx, h, e));
	become(h, "withdrawn");
	return add_exception(tx, h, "cancelled", "取下げ", e);
}

static enum err_class hold(struct store_tx *tx, struct halted *h, struct err *e)
{
	if (settled(h) || strcmp(h->state, "held") == 0)
		return ERR_NONE;
	become(h, "held");
	/* One that waits for its file has its exception still. */
	return add_exception(tx, h, "held", "停止", e);
}

static enum err_class release(
    struct store_tx *tx, struct halted *h, struct err *e)
{
	if (strcmp(h->state, "held") != 0)
		return ERR_NONE;
	become(h, h->passed ? "waiting" : "");
	return h->passed ? ERR_NONE : drop_exception(tx, h, e);
}

static enum err_class keep(
    struct store_tx *tx, const struct halted *h, int64_t no, struct err *e)
{
	return STORE_DO(tx, STMT_HALTED_PUT, e, h->key[0], h->key[1], h->key[2],
	    h->key[3], store_int(h->no > no ? h->no : no),
	    store_int(h->seq + h->changed), store_z(h->state),
	    store_int(h->late), store_int(!h->changed));
}

/* What the layout held waits for a file of its own, mended; the orders to hold
 * and to release it are counted by themselves. */
static enum err_class mend(struct store_tx *tx, struct halted *h,
    const struct unit_halt *order, struct err *e)
{
	if (!h->passed || !h->unfit ||
	    (h->state[0] != '\0' && strcmp(h->state, "unfit") != 0))
		return ERR_NONE;
	become(h, "waiting");
	TRY(keep(tx, h, h->no, e));
	return STORE_DO(tx, STMT_HALTED_MEND, e, h->key[0], h->key[1],
	    h->key[2], h->key[3], store_z(order->mend));
}

static enum err_class follow(struct store_tx *tx, struct halted *h,
    const struct unit_halt *order, struct err *e)
{
	bool known;

	TRY(load(tx, h, e));
	if (order->mend != NULL)
		return mend(tx, h, order, e);
	known = h->no >= order->no;
	switch (order->act) {
	case HALT_WITHDRAW:
		TRY(withdraw(tx, h, e));
		break;
	case HALT_HOLD:
		if (!known)
			TRY(hold(tx, h, e));
		break;
	case HALT_RELEASE:
		if (!known)
			TRY(release(tx, h, e));
		break;
	}
	if (!h->changed && known)
		return ERR_NONE;
	return keep(tx, h, order->no, e);
}

/* An institution of the wave, and how far it is converted. */
struct position {
	char institution[NODE_CODE];
	int64_t position;
};

struct positions {
	struct position *at;
	size_t n;
};

static enum err_class read_positions(struct store_tx *tx, const char *authority,
    int64_t wave, struct positions *p, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	struct buf all = {0};
	bool more;

	TRY(store_query(tx, STMT_UNIT_POSITIONS,
	    STORE_VALUES(store_z(authority), store_int(wave)), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct position one = {.position = store_get_int(r, 1)};

		(void)snprintf(one.institution, sizeof(one.institution), "%.*s",
		    (int)store_get_text(r, 0).n, store_get_text(r, 0).p);
		buf_add(&all, &one, sizeof(one));
	}
	store_rows_close(r);
	p->at = (void *)all.p;
	p->n = all.n / sizeof(*p->at);
	return class;
}

enum err_class unit_halt_follow(struct store_tx *tx, const char *authority,
    int64_t wave, const struct unit_halt *orders, size_t n, struct err *e)
{
	struct positions p = {0};
	enum err_class class = read_positions(tx, authority, wave, &p, e);

	for (size_t i = 0; class == ERR_NONE && i < n * p.n; i++) {
		const struct unit_halt *order = &orders[i / p.n];
		const char *institution = p.at[i % p.n].institution;
		struct halted h = {
		    .key = {store_z(authority), store_int(wave),
			store_z(institution), store_int(order->ordinal)},
		    .passed = p.at[i % p.n].position >= order->ordinal,
		};

		if (order->institution[0] == '\0' ||
		    strcmp(order->institution, institution) == 0)
			class = follow(tx, &h, order, e);
	}
	free(p.at);
	return class;
}

static json_t *word(const struct store_rows *r)
{
	struct text t[7];
	static const int column[] = {1, 4, 6, 7, 8, 9, 11};

	for (size_t i = 0; i < 7; i++)
		t[i] = store_get_text(r, column[i]);
	return json_pack("{s:I,s:s%,s:I,s:I,s:s%,s:I,s:s%,s:s%,s:s%,s:s%,s:I,"
			 "s:s%}",
	    "wave", (json_int_t)store_get_int(r, 0), "institution", t[0].p,
	    t[0].n, "ordinal", (json_int_t)store_get_int(r, 2), "seq",
	    (json_int_t)store_get_int(r, 3), "state", t[1].p, t[1].n, "late",
	    (json_int_t)store_get_int(r, 5), "file", t[2].p, t[2].n, "kind",
	    t[3].p, t[3].n, "reason", t[4].p, t[4].n, "item", t[5].p, t[5].n,
	    "at", (json_int_t)store_get_int(r, 10), "bad", t[6].p, t[6].n);
}

static enum err_class words(struct store_tx *tx, enum store_statement st,
    const struct store_value *v, size_t n, json_t *out, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(tx, st, v, n, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		json_array_append_new(out, word(r));
	store_rows_close(r);
	return class;
}

enum err_class unit_halt_words(struct store_tx *tx, const char *authority,
    size_t max, json_t *out, struct err *e)
{
	return words(tx, STMT_HALTED_UNREPORTED,
	    STORE_VALUES(store_z(authority), store_int((int64_t)max)), out, e);
}

enum err_class unit_halt_words_of(struct store_tx *tx, const char *authority,
    const json_t *file, json_t *out, struct err *e)
{
	const char *name = json_string_value(json_object_get(file, "file"));
	const char *institution =
	    json_string_value(json_object_get(file, "institution"));
	const struct store_value in[] = {store_z(authority),
	    store_int(json_integer_value(json_object_get(file, "wave"))),
	    store_z(institution),
	    store_int(json_integer_value(json_object_get(file, "first"))),
	    store_int(json_integer_value(json_object_get(file, "last")))};

	if (json_integer_value(json_object_get(file, "listed")) != 0)
		return words(tx, STMT_HALTED_OF_FILE,
		    STORE_VALUES(store_z(authority), store_z(name)), out, e);
	return words(tx, STMT_HALTED_IN, in, 5, out, e);
}

enum err_class unit_halt_told(struct store_tx *tx, const char *authority,
    const json_t *list, struct err *e)
{
	size_t i;
	const json_t *o;

	json_array_foreach(list, i, o)
	    TRY(STORE_DO(tx, STMT_HALTED_REPORTED, e, store_z(authority),
		store_int(json_integer_value(json_object_get(o, "wave"))),
		store_z(json_string_value(json_object_get(o, "institution"))),
		store_int(json_integer_value(json_object_get(o, "ordinal"))),
		store_int(json_integer_value(json_object_get(o, "seq")))));
	return ERR_NONE;
}
