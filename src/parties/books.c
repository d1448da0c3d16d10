/* books.c — see books.h. */
#include "parties/books.h"

#include "parties/ward_wave.h"

#include <stdlib.h>

struct exceptions {
	struct party_context *c;
	uint32_t wave;
	const char *kind;
	void (*row)(void *ctx, const struct book_exception *x);
	void *ctx;
};

/* The 管理番号 is derived: authority, wave, institution, ordinal. */
static bool number_of(
    const struct book_exception *x, uint32_t wave, int64_t ordinal, char *out)
{
	struct kanri k = {.wave = wave, .ordinal = (uint32_t)ordinal};

	if (x->authority.n >= sizeof(k.authority) ||
	    x->institution.n >= sizeof(k.institution))
		return false;
	memcpy(k.authority, x->authority.p, x->authority.n);
	memcpy(k.institution, x->institution.p, x->institution.n);
	return kanri_format(&k, out);
}

static enum err_class exceptions_read(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct exceptions *l = arg;
	struct ward_wave w;
	struct store_rows *r;
	enum err_class class;
	bool more;

	if (l->c->node->party == STORE_WARD)
		TRY(ward_wave_load(tx, l->c, l->wave, &w, e));
	TRY(store_query(tx, STMT_EXCEPTIONS_OF_WAVE,
	    STORE_VALUES(store_int(l->wave), store_z(l->kind ? l->kind : "")),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		char number[KANRI_TEXT];
		struct book_exception x = {
		    .inquiry = number,
		    .authority = store_get_text(r, 0),
		    .institution = store_get_text(r, 1),
		    .kind = store_get_text(r, 3),
		    .reason = store_get_text(r, 4),
		    .item = store_get_text(r, 5),
		    .at = store_get_int(r, 6),
		    .bad = store_get_text(r, 7),
		};

		if (number_of(&x, l->wave, store_get_int(r, 2), number))
			l->row(l->ctx, &x);
	}
	store_rows_close(r);
	return class;
}

enum err_class books_exceptions(struct party_context *c, uint32_t wave,
    const char *kind, void (*row)(void *ctx, const struct book_exception *x),
    void *ctx, struct err *e)
{
	struct exceptions l = {
	    .c = c, .wave = wave, .kind = kind, .row = row, .ctx = ctx};

	return store_read(c->store, exceptions_read, &l, e);
}

struct carries {
	void (*row)(void *ctx, const struct book_carry *x);
	void *ctx;
};

static enum err_class carry_read(struct store_tx *tx, void *arg, struct err *e)
{
	const struct carries *l = arg;
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(tx, STMT_WARD_CARRY_LIST, NULL, 0, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		l->row(l->ctx, &(const struct book_carry){
				   .seq = store_get_int(r, 0),
				   .at_us = store_get_int(r, 1),
				   .direction = store_get_text(r, 2),
				   .hub = store_get_text(r, 3),
				   .name = store_get_text(r, 4),
				   .who = store_get_text(r, 5),
				   .messages = store_get_int(r, 6),
				   .records = store_get_int(r, 7),
				   .digest = store_get_text(r, 8),
				   .erased_us = store_get_int(r, 9),
			       });
	store_rows_close(r);
	return class;
}

enum err_class books_carry(struct party_context *c,
    void (*row)(void *ctx, const struct book_carry *x), void *ctx,
    struct err *e)
{
	struct carries l = {.row = row, .ctx = ctx};

	return store_read(c->store, carry_read, &l, e);
}

struct erasing {
	struct party_context *c;
	int64_t seq;
	const struct ward_user *officer;
};

static enum err_class erased_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct erasing *x = arg;
	char object[24];
	struct store_rows *r;
	int64_t changed;
	bool found;

	TRY(store_one(tx, STMT_WARD_CARRY_GET, STORE_VALUES(store_int(x->seq)),
	    &r, &found, e));
	store_rows_close(r);
	if (!found)
		return err_set(e, ERR_INPUT, "carry.unknown",
		    "受渡簿にその番号はありません",
		    "no such entry in the carrying book");
	TRY(store_do(tx, STMT_WARD_CARRY_ERASED,
	    STORE_VALUES(store_int(x->seq), store_int(x->c->now_us)), &changed,
	    e));
	if (changed == 0)
		return ERR_NONE;
	(void)snprintf(object, sizeof(object), "%lld", (long long)x->seq);
	return ward_log(tx, x->c,
	    &(const struct ward_act){.actor = x->officer->name,
		.action = "change",
		.kind = "carry",
		.object = object,
		.purpose = "媒体の消去",
		.records = 1},
	    e);
}

enum err_class books_erased(struct party_context *c, int64_t seq,
    const struct ward_user *officer, struct err *e)
{
	struct erasing x = {.c = c, .seq = seq, .officer = officer};

	return store_run(c->store, erased_write, &x, e);
}
