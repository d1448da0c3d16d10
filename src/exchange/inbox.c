/* inbox.c — what has been received: see message.h. */
#include "exchange/message.h"

#include <stdio.h>

enum err_class inbox_mark(struct store_tx *tx, const char *id,
    enum inbox_state state, const char *code, enum inbox_state *was,
    struct err *e)
{
	const struct store_value v[] = {
	    store_z(id), store_int((int64_t)state), store_z(code)};
	struct store_rows *r;
	int64_t taken;
	bool found;

	*was = INBOX_WAITING;
	TRY(store_do(tx, STMT_INBOX_TAKE, v, 3, &taken, e));
	if (taken == 1)
		return ERR_NONE;
	TRY(store_one(
	    tx, STMT_INBOX_STATE, STORE_VALUES(store_z(id)), &r, &found, e));
	if (found)
		*was = (enum inbox_state)store_get_int(r, 0);
	store_rows_close(r);
	if (!found) {
		err_set(e, ERR_FAULT, "fault", "受信した電文がありません",
		    "no such received message");
		return err_detail(e, "%s", id);
	}
	return store_do(tx, STMT_INBOX_MARK, v, 3, NULL, e);
}

enum err_class inbox_waiting(struct store_tx *tx, int64_t after,
    char (*ids)[HEADER_ID], int64_t *seqs, size_t n, size_t *count,
    struct err *e)
{
	struct store_rows *r;
	enum err_class c;
	bool more;

	*count = 0;
	TRY(store_query(tx, STMT_INBOX_WAITING,
	    STORE_VALUES(store_int(after), store_int((int64_t)n)), &r, e));
	while (
	    (c = store_next(r, &more, e)) == ERR_NONE && more && *count < n) {
		struct text id = store_get_text(r, 0);

		if (seqs != NULL)
			seqs[*count] = store_get_int(r, 1);
		(void)snprintf(
		    ids[(*count)++], HEADER_ID, "%.*s", (int)id.n, id.p);
	}
	store_rows_close(r);
	return c;
}
