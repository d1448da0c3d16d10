/*
 * unit_cancel.c — a ward's cancellation reaches what has not been sent: a
 * whole wave, one inquiry, or orders about many. What has left is the bank's
 * to answer for.
 */
#include "parties/unit.h"

#include "parties/unit_halt.h"
#include "record/kanri.h"

struct cancel {
	struct party_context *c;
	const struct message *m;
	bool whole;
	struct unit_halt *orders;
	size_t n;
};

static enum err_class cancel_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct cancel *x = arg;

	char wave[4] = "";
	int64_t known;

	(void)kanri_wave_format(x->m->h.wave, wave);
	TRY(party_take(tx, x->m, e));
	TRY(store_do(tx, STMT_UNIT_WAVE_CANCEL,
	    STORE_VALUES(store_z(x->m->h.authority), store_int(x->m->h.wave),
		store_int(x->whole)),
	    &known, e));
	if (known == 0)
		return err_set(e, ERR_BUSY, "unit.no_wave",
		    "取下げる照会がまだ届いていません",
		    "the wave to cancel has not arrived yet");
	TRY(unit_halt_follow(
	    tx, x->m->h.authority, x->m->h.wave, x->orders, x->n, e));
	return audit_add(tx,
	    &(const struct audit_entry){.actor = "work",
		.action = "change",
		.kind = "wave",
		.object = text_z(wave),
		.authority = x->m->h.authority,
		.purpose = "取下げ・停止・再開",
		.records = x->n > 0 ? (int64_t)x->n : 1},
	    x->c->now_us, &x->c->random, e);
}

/* Is it one inquiry of ours, or many? Neither: the whole wave. */
static enum err_class read_orders(
    struct cancel *x, const json_t *meta, struct err *e)
{
	const char *inquiry =
	    json_string_value(json_object_get(meta, "inquiry"));
	struct kanri k;

	TRY(unit_halt_read(x->c->arena, meta, &x->orders, &x->n, e));
	x->whole = inquiry == NULL || inquiry[0] == '\0';
	if (x->n > 0 || x->whole)
		return ERR_NONE;
	if (!kanri_parse(text_z(inquiry), &k) ||
	    strcmp(k.authority, x->m->h.authority) != 0 ||
	    k.wave != x->m->h.wave)
		return err_set(e, ERR_INPUT, "answer.unknown_number",
		    "管理番号が正しくありません", "no such inquiry");
	x->orders[x->n++] = (struct unit_halt){.ordinal = k.ordinal,
	    .institution = arena_printf(x->c->arena, "%s", k.institution),
	    .act = HALT_WITHDRAW,
	    .no = 0};
	return ERR_NONE;
}

enum err_class unit_cancel(
    struct party_context *c, const struct message *m, struct err *e)
{
	struct cancel x = {.c = c, .m = m};
	struct content content;
	enum err_class class;

	if (strcmp(m->h.origin, m->h.authority) != 0)
		return err_set(e, ERR_DENIED, "message.not_allowed",
		    "取下げは当該自治体だけができます",
		    "only the ward itself may cancel");
	TRY(message_open(c->keys, m, c->arena, &content, e));
	class = read_orders(&x, content.meta, e);
	content_fini(&content);
	return class == ERR_NONE ? store_run(c->store, cancel_write, &x, e)
				 : class;
}
