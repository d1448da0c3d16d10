/* ward_wave.c — see ward_wave.h. The approval document stands in
 * ward_document.c. */
#include "parties/ward_wave.h"

#include "base/clock.h"
#include "parties/ward_order.h"
#include "record/limits.h"
#include "record/states.h"

static void take_people(
    struct arena *a, const struct store_rows *r, struct ward_wave *out)
{
	out->drafter = ward_column(a, r, 9);
	out->requester = ward_column(a, r, 10);
	out->requested_us = store_get_int(r, 11);
	out->approver = ward_column(a, r, 12);
	out->approved_us = store_get_int(r, 13);
	out->reason = ward_column(a, r, 14);
	out->subjects = store_get_int(r, 15);
	out->approval_digest = ward_column(a, r, 16);
	out->approval = bytes_dup(a, store_get_blob(r, 17));
	out->decided_for = ward_column(a, r, 18);
	out->decided_reason = ward_column(a, r, 19);
	out->charge = ward_column(a, r, 20);
}

enum err_class ward_wave_load(struct store_tx *tx, struct party_context *c,
    uint32_t wave, struct ward_wave *out, struct err *e)
{
	struct arena *a = c->arena;
	struct store_rows *r;
	bool found;

	*out = (struct ward_wave){.wave = wave};
	(void)kanri_wave_format(wave, out->id);
	TRY(store_one(tx, STMT_WARD_WAVE_GET,
	    STORE_VALUES(store_z(c->node->code), store_int(wave)), &r, &found,
	    e));
	if (!found) {
		store_rows_close(r);
		return err_set(e, ERR_INPUT, "wave.unknown",
		    "その番号の照会はありません", "there is no such wave");
	}
	out->name = ward_column(a, r, 0);
	out->basis = ward_column(a, r, 1);
	out->purpose = ward_column(a, r, 2);
	out->base_date = ward_column(a, r, 3);
	out->period_from = ward_column(a, r, 4);
	out->period_to = ward_column(a, r, 5);
	out->scope = ward_column(a, r, 6);
	out->deadline = ward_column(a, r, 7);
	out->state = ward_column(a, r, 8);
	take_people(a, r, out);
	store_rows_close(r);
	return ERR_NONE;
}

static enum node_link link_named(struct text name)
{
	if (text_is(name, "via-ward"))
		return LINK_VIA_WARD;
	return text_is(name, "folder") ? LINK_FOLDER : LINK_DIRECT;
}

enum err_class ward_wave_institutions(struct store_tx *tx,
    struct party_context *c, uint32_t wave, struct ward_institution **out,
    size_t *n, struct err *e)
{
	struct buf list = {0};
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(tx, STMT_WARD_INSTITUTIONS,
	    STORE_VALUES(store_z(c->node->code), store_int(wave)), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct ward_institution in = {
		    .link = link_named(store_get_text(r, 2)),
		    .reason = ward_column(c->arena, r, 3),
		};

		(void)snprintf(in.code, sizeof(in.code), "%s",
		    ward_column(c->arena, r, 0));
		(void)snprintf(
		    in.hub, sizeof(in.hub), "%s", ward_column(c->arena, r, 1));
		buf_add(&list, &in, sizeof(in));
	}
	store_rows_close(r);
	*n = list.n / sizeof(**out);
	*out = arena_take(c->arena, list.n + 1);
	if (list.n > 0)
		memcpy(*out, list.p, list.n);
	buf_fini(&list);
	return class;
}

enum err_class ward_wave_list(struct store_tx *tx, struct party_context *c,
    uint32_t **out, size_t *n, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	*n = 0;
	*out = arena_take(c->arena, (KANRI_WAVE_MAX + 1) * sizeof(**out));
	TRY(store_query(tx, STMT_WARD_WAVE_LIST,
	    STORE_VALUES(store_z(c->node->code)), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more &&
	       *n <= KANRI_WAVE_MAX)
		(*out)[(*n)++] = (uint32_t)store_get_int(r, 0);
	store_rows_close(r);
	return class;
}

enum err_class ward_wave_kinds(struct store_tx *tx, struct party_context *c,
    uint32_t wave, struct ward_wave_kind *out, size_t *n, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	*n = 0;
	TRY(store_query(tx, STMT_WARD_KINDS_ASKED,
	    STORE_VALUES(store_z(c->node->code), store_int(wave)), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more &&
	       *n < WARD_WAVE_KINDS) {
		out[*n].kamoku = text_dup(c->arena, store_get_text(r, 0));
		out[*n].basis = text_dup(c->arena, store_get_text(r, 1));
		out[(*n)++].claims = store_get_int(r, 2);
	}
	store_rows_close(r);
	return class;
}

/* One move of a wave by an officer. */
struct moving {
	struct party_context *c;
	const struct ward_user *officer;
	const char *reason;
	const struct ward_wave_behalf *behalf; /* or NULL */
	struct ward_wave w;
	struct ward_user requester;
	struct buf document;
	struct buf approval;
	const char *state; /* after it */
};

static int state_of(const char *name)
{
	int state = -1;

	(void)states_named(STATES_WAVE, text_z(name), &state);
	return state;
}

static enum err_class may_move(const struct ward_wave *w, int to, struct err *e)
{
	if (states_may(STATES_WAVE, state_of(w->state), to))
		return ERR_NONE;
	err_set(e, ERR_DENIED, "wave.closed",
	    "この状態の照会にはできない操作です",
	    "not possible in the state of this wave");
	return err_detail(e, "%s", w->state);
}

/* Both officers need an appointment for every 科目, and every basis must be
 * in force on this day (S4). */
static enum err_class lawful(struct store_tx *tx, struct moving *m,
    const struct ward_user *officer, struct err *e)
{
	struct ward_wave_kind kinds[WARD_WAVE_KINDS];
	struct date today = clock_date(m->c->now_us);
	size_t n;

	TRY(ward_wave_kinds(tx, m->c, m->w.wave, kinds, &n, e));
	for (size_t i = 0; i < n; i++) {
		if (codes_basis_on(m->c->codes, kinds[i].basis, today) == NULL)
			return err_set(e, ERR_DENIED, "wave.basis",
			    "根拠法令がこの日に有効ではありません",
			    "the legal basis is not in force");
		TRY(ward_order_appointed(
		    m->c, officer, &kinds[i].kamoku, 1, e));
	}
	return n > 0 ? ERR_NONE
		     : err_set(e, ERR_DENIED, "wave.empty",
			   "照会する対象者がいません", "it asks about nobody");
}

static enum err_class moved_log(struct store_tx *tx, struct moving *m,
    const char *action, const char *purpose, struct err *e)
{
	return ward_log(tx, m->c,
	    &(const struct ward_act){.actor = m->officer->name,
		.action = action,
		.kind = "wave",
		.object = m->w.id,
		.purpose = purpose,
		.records = m->w.subjects},
	    e);
}

/* The fiscal year begins on 1 April (地方自治法208条1項). */
static int fiscal_year(struct date d)
{
	return d.year - (d.month < 4);
}

static enum err_class submit_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct moving *m = arg;

	TRY(ward_wave_load(tx, m->c, m->w.wave, &m->w, e));
	m->state = "submitted";
	if (strcmp(m->w.state, "submitted") == 0)
		return ERR_NONE;
	TRY(may_move(&m->w, WAVE_SUBMITTED, e));
	TRY(lawful(tx, m, m->officer, e));
	TRY(STORE_DO(tx, STMT_WARD_WAVE_SUBMIT, e, store_z(m->c->node->code),
	    store_int(m->w.wave), store_z(m->officer->name),
	    store_int(m->c->now_us)));
	TRY(STORE_DO(tx, STMT_DESK_DOCUMENT_ADD, e, store_z(m->c->node->code),
	    store_int(fiscal_year(clock_date(m->c->now_us))),
	    store_int(m->w.wave), store_int(m->c->now_us)));
	return moved_log(tx, m, "change", "照会の決裁依頼", e);
}

enum err_class ward_wave_submit(struct party_context *c, uint32_t wave,
    const struct ward_user *officer, const char **state, struct err *e)
{
	struct moving m = {.c = c, .officer = officer};

	m.w.wave = wave;
	TRY(store_run(c->store, submit_write, &m, e));
	*state = m.state;
	return ERR_NONE;
}

static bool approved_already(const struct ward_wave *w)
{
	return w->approved_us != 0 && strcmp(w->state, "cancelled") != 0;
}

/* The requester must still be allowed to ask on the day of approval. */
static enum err_class check_requester(
    struct store_tx *tx, struct moving *m, struct err *e)
{
	bool found;

	TRY(ward_user_get(tx, m->w.requester, &m->requester, &found, e));
	TRY(ward_user_may(
	    &m->requester, found, ROLE_OFFICER, clock_date(m->c->now_us), e));
	return lawful(tx, m, &m->requester, e);
}

static bool asked(const struct ward_wave *w, const char *name)
{
	return strcmp(name, w->requester) == 0 || strcmp(name, w->drafter) == 0;
}

static enum err_class no_decider(struct err *e)
{
	return err_set(e, ERR_DENIED, "wave.deputy",
	    "代決できる決裁者ではありません",
	    "no approver on whose behalf this can be decided");
}

/* 代決: the decision stays the absent approver's, who must be able to make
 * it. */
static enum err_class check_behalf(
    struct store_tx *tx, struct moving *m, struct err *e)
{
	struct ward_user absent;
	struct err why;
	bool found;

	m->w.decided_for = m->w.decided_reason = "";
	if (m->behalf == NULL)
		return ERR_NONE;
	if (strcmp(m->behalf->name, m->officer->name) == 0 ||
	    asked(&m->w, m->behalf->name))
		return no_decider(e);
	TRY(ward_user_get(tx, m->behalf->name, &absent, &found, e));
	if (ward_user_may(&absent, found, ROLE_APPROVER,
		clock_date(m->c->now_us), &why) != ERR_NONE)
		return no_decider(e);
	m->w.decided_for = m->behalf->name;
	m->w.decided_reason = m->behalf->reason;
	return lawful(tx, m, &absent, e);
}

static enum err_class add_decider(struct store_tx *tx, struct moving *m,
    const char *name, json_t *names, struct err *e)
{
	struct ward_user u;
	struct err why;
	bool found;

	if (strcmp(name, m->officer->name) == 0 || asked(&m->w, name))
		return ERR_NONE;
	TRY(ward_user_get(tx, name, &u, &found, e));
	if (ward_user_may(&u, found, ROLE_APPROVER, clock_date(m->c->now_us),
		&why) == ERR_NONE &&
	    lawful(tx, m, &u, &why) == ERR_NONE)
		(void)json_array_append_new(names, json_string(name));
	return ERR_NONE;
}

enum err_class ward_wave_deciders(struct store_tx *tx, struct party_context *c,
    const struct ward_wave *w, const struct ward_user *officer, json_t *names,
    struct err *e)
{
	struct moving m = {.c = c, .officer = officer, .w = *w};
	json_t *all = json_array();
	struct store_rows *r;
	enum err_class class;
	json_t *one;
	size_t i;
	bool more;

	class = store_query(tx, STMT_USER_LIST, NULL, 0, &r, e);
	if (class == ERR_NONE) {
		while ((class = store_next(r, &more, e)) == ERR_NONE && more)
			(void)json_array_append_new(
			    all, json_stringn(store_get_text(r, 0).p,
				     store_get_text(r, 0).n));
		store_rows_close(r);
	}
	json_array_foreach(all, i, one)
	{
		if (class == ERR_NONE)
			class = add_decider(
			    tx, &m, json_string_value(one), names, e);
	}
	json_decref(all);
	return class;
}

static enum err_class approve_read(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct moving *m = arg;

	TRY(ward_wave_load(tx, m->c, m->w.wave, &m->w, e));
	/* S4: never one's own; the store's CHECK says the same. */
	if (asked(&m->w, m->officer->name))
		return err_set(e, ERR_DENIED, "wave.approver",
		    "自分が起案した照会は決裁できません",
		    "nobody approves what they asked for");
	m->state = m->w.state;
	if (approved_already(&m->w))
		return ERR_NONE;
	m->state = "approved";
	TRY(may_move(&m->w, WAVE_APPROVED, e));
	TRY(check_requester(tx, m, e));
	TRY(lawful(tx, m, m->officer, e));
	TRY(check_behalf(tx, m, e));
	return ward_document_write(
	    tx, m->c, &m->w, &m->requester, m->officer, &m->document, e);
}

static enum err_class add_task(struct store_tx *tx, struct moving *m,
    const char *kind, int64_t position, struct err *e)
{
	return STORE_DO(tx, STMT_TASK_ADD, e, store_z(m->c->node->code),
	    store_int(m->w.wave), store_z(kind), store_z(""),
	    store_int(position), store_int(m->w.subjects));
}

static enum err_class approve_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct moving *m = arg;
	struct bytes approval = buf_bytes(&m->approval);
	char digest[DIGEST_TEXT];
	int64_t changed;

	digest_hex(digest_one(approval), digest);
	TRY(store_do(tx, STMT_WARD_WAVE_APPROVE,
	    STORE_VALUES(store_z(m->c->node->code), store_int(m->w.wave),
		store_z(m->officer->name), store_int(m->c->now_us),
		store_z(digest), store_blob(approval),
		store_z(m->w.decided_for), store_z(m->w.decided_reason)),
	    &changed, e));
	if (changed != 1)
		return err_set(e, ERR_BUSY, "wave.busy",
		    "照会の状態が変わりました。もう一度見てください",
		    "the wave has changed meanwhile: look again");
	TRY(add_task(tx, m, "send", 0, e));
	return moved_log(tx, m, "approve",
	    m->behalf == NULL ? "照会の決裁" : "照会の代決", e);
}

static enum err_class check_reason(const char *reason, struct err *e)
{
	if (reason != NULL && ward_text_good(reason, 1, LIMIT_TEXT))
		return ERR_NONE;
	return err_set(e, ERR_INPUT, "wave.reason", "理由は1から200文字です",
	    "a reason has 1 to 200 characters");
}

enum err_class ward_wave_approve(struct party_context *c, uint32_t wave,
    const struct ward_user *officer, const struct ward_wave_behalf *behalf,
    const char **state, struct err *e)
{
	struct moving m = {.c = c, .officer = officer, .behalf = behalf};
	enum err_class class;

	m.w.wave = wave;
	if (behalf != NULL)
		TRY(check_reason(behalf->reason, e));
	class = store_read(c->store, approve_read, &m, e);
	if (class == ERR_NONE && m.document.n > 0) {
		class =
		    keys_sign(c->keys, buf_bytes(&m.document), &m.approval, e);
		if (class == ERR_NONE)
			class = store_run(c->store, approve_write, &m, e);
	}
	*state = m.state;
	buf_fini(&m.document);
	buf_fini(&m.approval);
	return class;
}

static enum err_class move(
    struct store_tx *tx, struct moving *m, const char *to, struct err *e)
{
	int64_t changed;

	TRY(store_do(tx, STMT_WARD_WAVE_MOVE,
	    STORE_VALUES(store_z(m->c->node->code), store_int(m->w.wave),
		store_z(m->w.state), store_z(to), store_z(m->reason)),
	    &changed, e));
	return changed == 1
		   ? ERR_NONE
		   : err_set(e, ERR_FAULT, "fault", "状態が変わりました",
			 "the state changed within a transaction");
}

static enum err_class return_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct moving *m = arg;

	TRY(ward_wave_load(tx, m->c, m->w.wave, &m->w, e));
	m->state = "drafted";
	if (strcmp(m->w.state, "drafted") == 0)
		return ERR_NONE;
	TRY(may_move(&m->w, WAVE_DRAFTED, e));
	TRY(move(tx, m, "drafted", e));
	return moved_log(tx, m, "change", "照会の差戻し", e);
}

enum err_class ward_wave_return(struct party_context *c, uint32_t wave,
    const struct ward_user *officer, const char *reason, const char **state,
    struct err *e)
{
	struct moving m = {.c = c, .officer = officer, .reason = reason};

	m.w.wave = wave;
	TRY(check_reason(reason, e));
	TRY(store_run(c->store, return_write, &m, e));
	*state = m.state;
	return ERR_NONE;
}

/* How far the sending came: later subjects never leave. */
static enum err_class stop_sending(
    struct store_tx *tx, struct moving *m, int64_t *position, struct err *e)
{
	const struct store_value v[] = {store_z(m->c->node->code),
	    store_int(m->w.wave), store_z("send"), store_z("")};
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_TASK_GET, v, 4, &r, &found, e));
	*position = found ? store_get_int(r, 0) : 0;
	store_rows_close(r);
	return store_do(tx, STMT_WARD_TASK_END, v, 3, NULL, e);
}

static enum err_class cancel_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct moving *m = arg;
	int64_t position;

	TRY(ward_wave_load(tx, m->c, m->w.wave, &m->w, e));
	m->state = "cancelled";
	if (strcmp(m->w.state, "cancelled") == 0)
		return ERR_NONE;
	TRY(may_move(&m->w, WAVE_CANCELLED, e));
	TRY(move(tx, m, "cancelled", e));
	if (m->w.approved_us != 0) {
		TRY(stop_sending(tx, m, &position, e));
		if (position > 0)
			TRY(add_task(tx, m, "cancel-unit", 0, e));
		TRY(add_task(tx, m, "cancel", position, e));
		TRY(STORE_DO(tx, STMT_HALT_WAVE, e, store_z(m->c->node->code),
		    store_int(m->w.wave), store_int(m->c->now_us)));
	}
	return moved_log(tx, m, "change", "照会の取消し", e);
}

enum err_class ward_wave_cancel(struct party_context *c, uint32_t wave,
    const struct ward_user *officer, const char *reason, const char **state,
    struct err *e)
{
	struct moving m = {.c = c, .officer = officer, .reason = reason};

	m.w.wave = wave;
	TRY(check_reason(reason, e));
	TRY(store_run(c->store, cancel_write, &m, e));
	*state = m.state;
	return ERR_NONE;
}
