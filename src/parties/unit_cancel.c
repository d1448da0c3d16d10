/*
 * unit_cancel.c — a ward's cancellation reaches what has not been sent: a
 * whole wave, or one inquiry. What has left is the bank's to answer for.
 */
#include "parties/unit.h"

#include "record/kanri.h"

struct cancel {
	struct party_context *c;
	const struct message *m;
	struct kanri k; /* one inquiry, if inquiry is set */
	const char *inquiry;
};

static enum err_class cancel_one(
    struct store_tx *tx, const struct cancel *x, struct err *e)
{
	struct store_rows *r;
	int64_t position;
	bool found;

	TRY(store_one(tx, STMT_TASK_GET,
	    STORE_VALUES(store_z(x->m->h.authority), store_int(x->k.wave),
		store_z("convert"), store_z(x->k.institution)),
	    &r, &found, e));
	position = found ? store_get_int(r, 0) : INT64_MAX;
	store_rows_close(r);
	if (position >= x->k.ordinal)
		return ERR_NONE; /* it has left: too late here */
	return STORE_DO(tx, STMT_UNIT_EXCEPTION_ADD, e,
	    store_z(x->m->h.authority), store_int(x->k.wave),
	    store_z(x->k.institution), store_int(x->k.ordinal),
	    store_z("cancelled"), store_z("取下げ"), store_z(""), store_int(0),
	    store_z(""));
}

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
		store_int(x->inquiry[0] == '\0')),
	    &known, e));
	if (known == 0)
		return err_set(e, ERR_BUSY, "unit.no_wave",
		    "取下げる照会がまだ届いていません",
		    "the wave to cancel has not arrived yet");
	if (x->inquiry[0] != '\0')
		TRY(cancel_one(tx, x, e));
	return audit_add(tx,
	    &(const struct audit_entry){.actor = "work",
		.action = "change",
		.kind = "wave",
		.object = text_z(wave),
		.authority = x->m->h.authority,
		.purpose = "取下げ",
		.records = 1},
	    x->c->now_us, &x->c->random, e);
}

enum err_class unit_cancel(
    struct party_context *c, const struct message *m, struct err *e)
{
	struct cancel x = {.c = c, .m = m};
	struct content content;
	const char *inquiry;

	if (strcmp(m->h.origin, m->h.authority) != 0)
		return err_set(e, ERR_DENIED, "message.not_allowed",
		    "取下げは当該自治体だけができます",
		    "only the ward itself may cancel");
	TRY(message_open(c->keys, m, c->arena, &content, e));
	inquiry = json_string_value(json_object_get(content.meta, "inquiry"));
	x.inquiry = arena_printf(c->arena, "%s", inquiry ? inquiry : "");
	content_fini(&content);
	if (x.inquiry[0] != '\0' &&
	    (!kanri_parse(text_z(x.inquiry), &x.k) ||
		strcmp(x.k.authority, m->h.authority) != 0))
		return err_set(e, ERR_INPUT, "answer.unknown_number",
		    "管理番号が正しくありません", "no such inquiry");
	return store_run(c->store, cancel_write, &x, e);
}
