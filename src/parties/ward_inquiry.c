/* ward_inquiry.c — see ward_inquiry.h. Showing stands in ward_view.c. */
#include "parties/ward_inquiry.h"

#include "base/clock.h"
#include "parties/mend.h"
#include "parties/ward_cancel.h"
#include "parties/ward_draft.h"
#include "parties/ward_except.h"
#include "parties/ward_file.h"
#include "parties/ward_shield.h"
#include "parties/ward_view.h"
#include "record/limits.h"

struct inquiry {
	struct party_context *c;
	const struct ward_user *officer;
	const char *reason;
	struct kanri k;
	char number[KANRI_TEXT];
	struct ward_wave w;
	struct ward_institution in;
	char *atena;
	char *file;
	bool in_file;
	bool excepted;
	bool shielded; /* held here, before the unit had it (支援措置) */
	struct party_sending message;
};

static enum err_class unknown(struct err *e)
{
	return err_set(e, ERR_INPUT, "inquiry.unknown",
	    "その管理番号の照会はありません", "there is no such inquiry");
}

static enum err_class find_institution(
    struct store_tx *tx, struct inquiry *q, struct err *e)
{
	struct ward_institution *in;
	size_t n;

	TRY(ward_wave_institutions(tx, q->c, q->k.wave, &in, &n, e));
	for (size_t i = 0; i < n; i++)
		if (strcmp(in[i].code, q->k.institution) == 0) {
			q->in = in[i];
			return ERR_NONE;
		}
	return unknown(e);
}

static enum err_class find_place(
    struct store_tx *tx, struct inquiry *q, struct err *e)
{
	const struct store_value v[] = {store_z(q->c->node->code),
	    store_int(q->k.wave), store_z(q->k.institution),
	    store_int(q->k.ordinal)};
	struct store_rows *r;

	TRY(store_one(tx, STMT_WARD_EXCEPTION_GET, v, 4, &r, &q->excepted, e));
	q->shielded = q->excepted && text_is(store_get_text(r, 0), "held") &&
		      text_is(store_get_text(r, 1), WARD_SHIELD_HELD);
	store_rows_close(r);
	TRY(store_one(tx, STMT_WARD_FILE_OF, v, 4, &r, &q->in_file, e));
	if (q->in_file)
		q->file = ward_column(q->c->arena, r, 0);
	store_rows_close(r);
	q->in_file = q->in_file && !q->excepted;
	return ERR_NONE;
}

static enum err_class find(struct store_tx *tx, void *arg, struct err *e)
{
	struct inquiry *q = arg;
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_WARD_ASKED_GET,
	    STORE_VALUES(store_z(q->c->node->code), store_int(q->k.wave),
		store_int(q->k.ordinal)),
	    &r, &found, e));
	if (found)
		q->atena = ward_column(q->c->arena, r, 0);
	store_rows_close(r);
	if (!found)
		return unknown(e);
	TRY(ward_wave_load(tx, q->c, q->k.wave, &q->w, e));
	TRY(find_institution(tx, q, e));
	return find_place(tx, q, e);
}

static enum err_class open_inquiry(
    struct inquiry *q, struct text number, struct err *e)
{
	if (!kanri_parse(number, &q->k) ||
	    strcmp(q->k.authority, q->c->node->code) != 0)
		return unknown(e);
	memcpy(q->number, number.p, KANRI_SIZE);
	q->number[KANRI_SIZE] = '\0';
	return store_read(q->c->store, find, q, e);
}

static enum err_class check_reason(const char *reason, struct err *e)
{
	if (reason != NULL && ward_text_good(reason, 1, LIMIT_TEXT))
		return ERR_NONE;
	return err_set(e, ERR_INPUT, "inquiry.reason", "理由は1から200文字です",
	    "a reason has 1 to 200 characters");
}

static enum err_class log_change(struct store_tx *tx, const struct inquiry *q,
    const char *purpose, struct err *e)
{
	return ward_log(tx, q->c,
	    &(const struct ward_act){.actor = q->officer->name,
		.action = "change",
		.kind = "inquiry",
		.object = q->number,
		.purpose = purpose,
		.records = 1},
	    e);
}

static enum err_class may_withdraw(const struct inquiry *q, struct err *e)
{
	if (q->excepted)
		return err_set(e, ERR_DENIED, "inquiry.not_sent",
		    "この照会は送られません",
		    "this inquiry is not sent at all");
	if (q->in_file) {
		err_set(e, ERR_DENIED, "inquiry.left",
		    "すでに送信済みです。波の取消しで金融機関に依頼するか、"
		    "回答を待ってください",
		    "it has left: cancel its wave to ask the bank, or wait for "
		    "the answer");
		return err_detail(e, "%s", q->file);
	}
	if (strcmp(q->w.state, "sent") != 0)
		return err_set(e, ERR_DENIED, "inquiry.not_sent",
		    "照会の送信前です。照会ごと取り消してください",
		    "its wave is not sent: cancel or return the wave");
	return ERR_NONE;
}

/* It waits no longer: nothing of it has left the ward. */
static enum err_class settle_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct inquiry *q = arg;
	struct ward_except x = {.wave = q->k.wave,
	    .institution = q->k.institution,
	    .ordinal = q->k.ordinal,
	    .kind = "cancelled",
	    .reason = WARD_SHIELD_HELD,
	    .item = "",
	    .bad = ""};

	TRY(find_place(tx, q, e));
	if (!q->shielded)
		return ERR_NONE;
	TRY(ward_except_drop(tx, q->c, &x, e));
	TRY(ward_except_put(tx, q->c, &x, e));
	return log_change(tx, q,
	    arena_printf(
		q->c->arena, "支援措置による保留の終了: %s", q->reason),
	    e);
}

static enum err_class withdraw_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct inquiry *q = arg;

	TRY(find_place(tx, q, e));
	TRY(may_withdraw(q, e));
	TRY(party_send(tx, &q->message, q->c->now_us, e));
	TRY(STORE_DO(tx, STMT_HALT_WITHDRAW, e, store_z(q->c->node->code),
	    store_int(q->k.wave), store_int(q->k.ordinal),
	    store_z(q->k.institution), store_int(q->c->now_us)));
	return log_change(tx, q, "照会の取下げ", e);
}

enum err_class ward_inquiry_withdraw(struct party_context *c,
    struct text number, const struct ward_user *officer, const char *reason,
    struct err *e)
{
	struct inquiry q = {.c = c, .officer = officer, .reason = reason};
	const struct peer *unit = ward_unit(c);
	struct ward_cancel what = {.file = "", .hub = ""};

	TRY(check_reason(reason, e));
	TRY(open_inquiry(&q, number, e));
	if (q.shielded)
		return store_run(c->store, settle_write, &q, e);
	TRY(may_withdraw(&q, e));
	if (unit == NULL)
		return err_set(e, ERR_BUSY, "ward.no_unit",
		    "中間処理ユニットが相手先表にありません",
		    "no unit in the peer table");
	what.to = unit->code;
	what.wave = q.k.wave;
	what.institution = q.k.institution;
	what.inquiry = q.number;
	what.reason = reason;
	what.records = 1;
	TRY(ward_cancel_message(c, &what, &q.message, e));
	return store_run(c->store, withdraw_write, &q, e);
}

struct mending {
	struct inquiry q;
	const char *item;
	const char *value;
};

/* Held by the conversion, which names an item; a stop is decided elsewhere. */
static enum err_class may_mend(
    struct store_tx *tx, const struct inquiry *q, struct err *e)
{
	struct store_rows *r;
	bool held;

	TRY(store_one(tx, STMT_WARD_EXCEPTION_GET,
	    STORE_VALUES(store_z(q->c->node->code), store_int(q->k.wave),
		store_z(q->k.institution), store_int(q->k.ordinal)),
	    &r, &held, e));
	held = held && text_is(store_get_text(r, 0), "held") &&
	       store_get_text(r, 2).n > 0;
	store_rows_close(r);
	return held && (strcmp(q->w.state, "sent") == 0 ||
			   strcmp(q->w.state, "closed") == 0)
		   ? ERR_NONE
		   : err_set(e, ERR_DENIED, "inquiry.not_held",
			 "変換で保留された照会ではありません",
			 "it is not held by its conversion");
}

static enum err_class mend_write(struct store_tx *tx, void *arg, struct err *e)
{
	const struct mending *m = arg;
	const struct inquiry *q = &m->q;
	const struct store_value key[] = {store_z(q->c->node->code),
	    store_int(q->k.wave), store_int(q->k.ordinal),
	    store_z(q->k.institution)};
	const char *before = "";
	const char *mend;
	struct store_rows *r;
	int64_t changed;
	bool found;

	TRY(may_mend(tx, q, e));
	TRY(store_one(tx, STMT_HALT_MENDED, key, 4, &r, &found, e));
	if (found)
		before = ward_column(q->c->arena, r, 0);
	store_rows_close(r);
	TRY(mend_add(q->c->arena, before, m->item, m->value, &mend, e));
	TRY(store_do(tx, STMT_HALT_MEND,
	    STORE_VALUES(key[0], key[1], key[2], key[3],
		store_int(q->c->now_us), store_z(mend)),
	    &changed, e));
	if (changed == 0)
		return err_set(e, ERR_DENIED, "inquiry.not_held",
		    "取り下げられた照会です", "it has been withdrawn");
	/* Its answer may be here before the unit's word; the wave waits for
	 * both, and is at its end no more if it was. */
	TRY(STORE_DO(
	    tx, STMT_WARD_HALTED_WAIT, e, key[0], key[1], key[3], key[2]));
	TRY(STORE_DO(tx, STMT_WARD_WAVE_MOVE, e, key[0], key[1],
	    store_z("closed"), store_z("sent"), store_z("")));
	return log_change(tx, q,
	    arena_printf(q->c->arena, "%s: %s",
		m->item != NULL ? "保留の修正" : "保留の解除", q->reason),
	    e);
}

enum err_class ward_inquiry_mend(struct party_context *c, struct text number,
    const struct ward_user *officer, const char *item, const char *value,
    const char *reason, struct err *e)
{
	struct mending m = {.q = {.c = c, .officer = officer, .reason = reason},
	    .item = item,
	    .value = value};

	TRY(check_reason(reason, e));
	TRY(open_inquiry(&m.q, number, e));
	return store_run(c->store, mend_write, &m, e);
}

enum err_class ward_inquiry_reask(struct party_context *c, struct text number,
    const struct ward_user *officer, uint32_t *wave, struct err *e)
{
	struct inquiry q = {.c = c, .officer = officer};
	struct ward_pick pick = {.kamoku = TEXT("")};
	struct ward_order order = {
	    .claim_kind = "", .listed = true, .picks = &pick, .pick_count = 1};
	char day[11];
	struct date today = clock_date(c->now_us);

	TRY(open_inquiry(&q, number, e));
	pick.atena = text_z(q.atena);
	date_format(date_of_days(date_days(today) + 30), day);
	order.name = arena_printf(c->arena, "再照会 %s", q.number);
	order.basis = q.w.basis;
	order.purpose = q.w.purpose;
	order.base_date = q.w.base_date;
	order.period_from = q.w.period_from;
	order.period_to = q.w.period_to;
	order.scope = q.w.scope;
	order.deadline = day;
	order.institutions = q.k.institution;
	order.reason = "再照会";
	order.reask = q.number;
	TRY(ward_draft_new(c, &order, officer, wave, e));
	q.reason = order.reason;
	return q.shielded ? store_run(c->store, settle_write, &q, e) : ERR_NONE;
}

static enum err_class end_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct inquiry *q = arg;
	int64_t changed;

	TRY(store_do(tx, STMT_WARD_OUTCOME_END,
	    STORE_VALUES(store_z(q->c->node->code), store_z(q->number)),
	    &changed, e));
	if (changed == 0)
		return err_set(e, ERR_DENIED, "inquiry.not_open",
		    "打ち切れる回答ではありません",
		    "its answer is not an open one");
	TRY(STORE_DO(tx, STMT_WARD_TALLY_END, e, store_z(q->c->node->code),
	    store_z(q->number)));
	/* S3: the reason stands in the log, which no one rewrites. */
	return log_change(
	    tx, q, arena_printf(q->c->arena, "打切り: %s", q->reason), e);
}

enum err_class ward_inquiry_end(struct party_context *c, struct text number,
    const struct ward_user *officer, const char *reason, struct err *e)
{
	struct inquiry q = {.c = c, .officer = officer, .reason = reason};

	TRY(check_reason(reason, e));
	TRY(open_inquiry(&q, number, e));
	return store_run(c->store, end_write, &q, e);
}

static enum err_class read_log(struct store_tx *tx, void *arg, struct err *e)
{
	const struct inquiry *q = arg;

	return ward_log(tx, q->c,
	    &(const struct ward_act){.actor = q->officer->name,
		.action = "read",
		.kind = "inquiry",
		.object = q->number,
		.purpose = "照会と回答の閲覧",
		.records = 1},
	    e);
}

enum err_class ward_inquiry_show(struct party_context *c, struct text number,
    const struct ward_user *officer, json_t **out, struct err *e)
{
	struct inquiry q = {.c = c, .officer = officer};

	TRY(open_inquiry(&q, number, e));
	TRY(store_run(c->store, read_log, &q, e));
	return ward_view(c, &q.w, &q.in, q.k.ordinal, q.atena, out, e);
}
