/* once.c — see once.h. */
#include "api/once.h"

bool once_key_good(struct text key)
{
	if (key.n < 8 || key.n > 64)
		return false;
	for (size_t i = 0; i < key.n; i++) {
		char c = key.p[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			(c >= 'A' && c <= 'Z') || c == '_' || c == '-'))
			return false;
	}
	return true;
}

struct beginning {
	struct party_context *c;
	struct once *o;
	bool fresh;
};

static enum err_class compare(struct beginning *x, struct text request,
    int64_t status, struct text answer, struct err *e)
{
	if (!text_is(request, x->o->request))
		return err_set(e, ERR_INPUT, "request.key_reused",
		    "この Idempotency-Key は別の要求で使われています",
		    "the Idempotency-Key is another request's");
	if (status == 0)
		return err_set(e, ERR_BUSY, "request.busy",
		    "同じ要求を処理中か、途中で止まりました。結果を確認してくだ"
		    "さい",
		    "the same request is at work, or was cut off; look what "
		    "became of it");
	x->o->status = (int)status;
	x->o->answer = text_cstr(x->c->arena, answer);
	return ERR_NONE;
}

static enum err_class begin_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct beginning *x = arg;
	struct store_rows *r;
	int64_t changed;
	bool found;
	enum err_class c = ERR_NONE;

	TRY(store_do(tx, STMT_DESK_ONCE_ADD,
	    STORE_VALUES(store_z(x->o->user), store_z(x->o->key),
		store_z(x->o->request), store_int(x->c->now_us)),
	    &changed, e));
	x->fresh = changed == 1;
	if (x->fresh)
		return ERR_NONE;
	TRY(store_one(tx, STMT_DESK_ONCE_GET,
	    STORE_VALUES(store_z(x->o->user), store_z(x->o->key)), &r, &found,
	    e));
	if (found)
		c = compare(x, store_get_text(r, 0), store_get_int(r, 2),
		    store_get_text(r, 3), e);
	store_rows_close(r);
	return c;
}

enum err_class once_begin(
    struct party_context *c, struct once *o, bool *fresh, struct err *e)
{
	struct beginning x = {.c = c, .o = o};

	o->status = 0;
	TRY(store_run(c->store, begin_write, &x, e));
	*fresh = x.fresh;
	return ERR_NONE;
}

struct ending {
	const struct once *o;
	int status;
	const char *answer;
};

static enum err_class end_write(struct store_tx *tx, void *arg, struct err *e)
{
	const struct ending *x = arg;

	if (x->status == 0)
		return STORE_DO(tx, STMT_DESK_ONCE_DROP, e, store_z(x->o->user),
		    store_z(x->o->key));
	return STORE_DO(tx, STMT_DESK_ONCE_DONE, e, store_z(x->o->user),
	    store_z(x->o->key), store_int(x->status), store_z(x->answer));
}

enum err_class once_end(struct party_context *c, const struct once *o,
    int status, const char *answer, struct err *e)
{
	struct ending x = {.o = o, .status = status, .answer = answer};

	return store_run(c->store, end_write, &x, e);
}
