/* ward_stop.c — see ward_stop.h. */
#include "parties/ward_stop.h"

#include "base/clock.h"
#include "parties/ward_halt.h"
#include "parties/ward_shield.h"

/* 処分状況 (docs/interface.md §8); the last stands for 死亡年月日. */
static const char *const reasons[] = {
    "完納", "分納", "猶予", "停止", "破産", "死亡"};
#define REASONS (sizeof(reasons) / sizeof(*reasons))
#define REASON_DEAD (1U << (REASONS - 1))

unsigned ward_stop_reasons(const struct subject *s)
{
	struct text rest = s->f[SUBJECT_MEASURES];
	unsigned bits = s->f[SUBJECT_DIED].n > 0 ? REASON_DEAD : 0;

	while (rest.n > 0) {
		const char *bar = memchr(rest.p, '|', rest.n);
		struct text one =
		    text_trust(rest.p, bar ? (size_t)(bar - rest.p) : rest.n);
		size_t used = one.n + (bar != NULL);

		for (unsigned i = 0; i < REASONS; i++)
			if (text_is(one, reasons[i]))
				bits |= 1U << i;
		rest = text_trust(rest.p + used, rest.n - used);
	}
	return bits;
}

/* The reasons of all claims of the subject, as they are now. */
static enum err_class wanted(struct store_tx *tx, struct party_context *c,
    struct text atena, unsigned *out, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	*out = 0;
	TRY(store_query(tx, STMT_WARD_CLAIMS_OF,
	    STORE_VALUES(store_z(c->node->code), store_text(atena)), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct subject s;

		if (subject_unpack(store_get_blob(r, 2), &s))
			*out |= ward_stop_reasons(&s);
	}
	store_rows_close(r);
	return class;
}

static enum err_class standing(struct store_tx *tx, struct party_context *c,
    struct text atena, unsigned *out, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	*out = 0;
	TRY(store_query(tx, STMT_WARD_STOPS_OF,
	    STORE_VALUES(store_z(c->node->code), store_text(atena)), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		for (unsigned i = 0; i < REASONS; i++)
			if (text_is(store_get_text(r, 0), reasons[i]))
				*out |= 1U << i;
	store_rows_close(r);
	return class;
}

enum err_class ward_stop_halt(struct store_tx *tx, struct party_context *c,
    struct text atena, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool open = false;
	bool drop = false;
	bool more;

	TRY(store_query(tx, STMT_WARD_STOPS_OF,
	    STORE_VALUES(store_z(c->node->code), store_text(atena)), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		open = open || store_get_text(r, 2).n == 0;
		drop = drop || text_is(store_get_text(r, 2), "drop");
	}
	store_rows_close(r);
	TRY(class);
	if (!open)
		TRY(ward_shield_waits(tx, c, atena, &open, e));
	return open ? ward_halt_hold(tx, c, atena, e)
		    : ward_halt_end(tx, c, atena, !drop, e);
}

enum err_class ward_stop_update(struct store_tx *tx, struct party_context *c,
    const struct subject *s, bool dry, bool *stopped, struct err *e)
{
	struct text atena = s->f[SUBJECT_ATENA];
	unsigned want = ward_stop_reasons(s);
	unsigned have;

	if (!dry)
		TRY(wanted(tx, c, atena, &want, e));
	TRY(standing(tx, c, atena, &have, e));
	*stopped = (want & ~have) != 0;
	if (dry)
		return ERR_NONE;
	for (unsigned i = 0; i < REASONS; i++) {
		unsigned bit = 1U << i;

		if (((want ^ have) & bit) == 0)
			continue;
		TRY(STORE_DO(tx,
		    want & bit ? STMT_WARD_STOP_ADD : STMT_WARD_STOP_LIFT, e,
		    store_z(c->node->code), store_text(atena),
		    store_z(reasons[i]), store_int(c->now_us)));
	}
	return want == have ? ERR_NONE : ward_stop_halt(tx, c, atena, e);
}

enum err_class ward_stop_list(struct store_tx *tx, struct party_context *c,
    const struct ward_stop *after, struct ward_stop *out, size_t n,
    size_t *count, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	*count = 0;
	TRY(store_query(tx, STMT_WARD_STOP_LIST,
	    STORE_VALUES(store_z(c->node->code),
		store_z(after ? after->atena : ""),
		store_z(after ? after->reason : ""), store_int((int64_t)n)),
	    &r, e));
	while (
	    (class = store_next(r, &more, e)) == ERR_NONE && more && *count < n)
		out[(*count)++] = (struct ward_stop){
		    .atena = ward_column(c->arena, r, 0),
		    .reason = ward_column(c->arena, r, 1),
		    .at_us = store_get_int(r, 2),
		};
	store_rows_close(r);
	return class;
}

struct deciding {
	struct party_context *c;
	const char *atena;
	const char *decision;
	const char *actor;
};

static enum err_class decide_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct deciding *x = arg;
	struct party_context *c = x->c;
	unsigned have;
	int64_t changed;

	TRY(standing(tx, c, text_z(x->atena), &have, e));
	if (have == 0)
		return err_set(e, ERR_INPUT, "subjects.not_stopped",
		    "停止している対象者ではありません",
		    "this subject is not stopped");
	TRY(store_do(tx, STMT_WARD_STOP_DECIDE,
	    STORE_VALUES(store_z(c->node->code), store_z(x->atena),
		store_z(x->decision), store_z(x->actor), store_int(c->now_us)),
	    &changed, e));
	if (changed == 0)
		return ERR_NONE;
	TRY(ward_stop_halt(tx, c, text_z(x->atena), e));
	return ward_log(tx, c,
	    &(const struct ward_act){.actor = x->actor,
		.action = "change",
		.kind = "subject",
		.object = x->atena,
		.purpose = "停止した照会の判断",
		.records = 1},
	    e);
}

enum err_class ward_stop_decide(struct party_context *c, const char *atena,
    bool go, const char *actor, struct err *e)
{
	struct deciding x = {.c = c,
	    .atena = atena,
	    .decision = go ? "go" : "drop",
	    .actor = actor};

	return store_run(c->store, decide_write, &x, e);
}
