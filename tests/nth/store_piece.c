/* store_piece.c — see store_piece.h. */
#include "store_piece.h"

#include <stdio.h>

static enum err_class undone(struct store_tx *tx, void *arg, struct err *e)
{
	(void)arg;
	TRY(STORE_DO(tx, STMT_FACT_ADD, e, store_z("b"), store_z("2")));
	return err_set(e, ERR_INPUT, "test.undone", "", "");
}

static enum err_class add(struct store_tx *tx, void *arg, struct err *e)
{
	enum err_class c;

	TRY(STORE_DO(tx, STMT_FACT_ADD_ONCE, e, store_z("a"), store_z("1")));
	c = store_savepoint(tx, undone, arg, e);
	if (c != ERR_INPUT || strcmp(e->code, "test.undone") != 0)
		return c;
	return STORE_DO(tx, STMT_FACT_ADD_ONCE, e, store_z("c"), store_z("3"));
}

static enum err_class count(struct store_tx *tx, void *arg, struct err *e)
{
	int64_t *out = arg;
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_FACT_COUNT, NULL, 0, &r, &found, e));
	*out = store_get_int(r, 0);
	store_rows_close(r);
	return ERR_NONE;
}

enum err_class store_piece(
    const char *url, enum store_open how, bool armed, struct err *e)
{
	struct store *s;
	int64_t n;
	enum err_class c;

	if (armed)
		nth_arm();
	TRY(store_open(url, STORE_WARD, how, &s, e));
	c = store_run(s, add, NULL, e);
	if (c == ERR_NONE)
		nth->note[0] = 1;
	if (c == ERR_NONE)
		c = store_read(s, count, &n, e);
	nth->ending = c == ERR_NONE && !nth->met;
	store_close(s);
	return c;
}

int64_t store_piece_count(const char *url)
{
	struct store *s;
	int64_t n = -1;
	struct err e;

	if (store_open(url, STORE_WARD, STORE_EXISTING, &s, &e) != ERR_NONE)
		return -1;
	if (store_read(s, count, &n, &e) != ERR_NONE)
		n = -1;
	store_close(s);
	return n;
}

void store_piece_check(const struct nth_end *end, int64_t n)
{
	bool said = nth->note[0] == 1;

	if (n != 0 && n != 2)
		nth_wrong("neither all nor nothing is there");
	if (said && n != 2)
		nth_wrong("what was committed is gone");
	if (!said && !end->died && end->class == ERR_BUSY && n != 0)
		nth_wrong("nothing happened, it said, and something did");
}
