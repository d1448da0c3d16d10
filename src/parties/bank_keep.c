/* bank_keep.c — see bank_keep.h. */
#include "parties/bank_keep.h"

#include "parties/layouts.h"

#define AT_ONCE 100 /* files of one transaction */

struct keeping {
	struct party_context *c;
	int64_t before_us;
	char id[AT_ONCE][HEADER_ID];
	size_t n;
};

static enum err_class find(struct store_tx *tx, void *arg, struct err *e)
{
	struct keeping *k = arg;
	struct store_rows *r;
	enum err_class class;
	bool more;

	k->n = 0;
	TRY(store_query(tx, STMT_BANK_FILES_OLD,
	    STORE_VALUES(store_int(k->before_us), store_int(AT_ONCE)), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		(void)snprintf(k->id[k->n++], HEADER_ID, "%.*s",
		    (int)store_get_text(r, 0).n, store_get_text(r, 0).p);
	store_rows_close(r);
	return class;
}

static enum err_class drop(struct store_tx *tx, void *arg, struct err *e)
{
	struct keeping *k = arg;

	for (size_t i = 0; i < k->n; i++)
		TRY(STORE_DO(tx, STMT_PAYLOAD_DROP, e, store_z(k->id[i])));
	return audit_add(tx,
	    &(const struct audit_entry){.actor = "work",
		.action = "delete",
		.kind = "file",
		.object = TEXT("payload"),
		.authority = k->c->node->code,
		.purpose = "保存期間を過ぎた照会ファイルの削除",
		.records = (int64_t)k->n},
	    k->c->now_us, &k->c->random, e);
}

enum err_class bank_keep(struct party_context *c, struct err *e)
{
	struct keeping k = {.c = c};
	const struct layout *l;
	struct err none;
	char day[11];
	size_t days;

	date_format(clock_date(c->now_us), day);
	l = layouts_on(c->layouts, c->node->code, day, &none);
	days = l != NULL ? layout_retention_days(l) : 0;
	if (days == 0)
		return ERR_NONE;
	k.before_us = c->now_us - (int64_t)days * CLOCK_DAY;
	TRY(store_read(c->store, find, &k, e));
	return k.n > 0 ? store_run(c->store, drop, &k, e) : ERR_NONE;
}
