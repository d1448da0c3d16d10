/* ward_halt.c — see ward_halt.h. */
#include "parties/ward_halt.h"

#include "base/clock.h"
#include "parties/unit_halt.h"
#include "parties/ward_cancel.h"
#include "parties/ward_except.h"
#include "record/kanri.h"

enum err_class ward_halt_hold(struct store_tx *tx, struct party_context *c,
    struct text atena, struct err *e)
{
	return STORE_DO(tx, STMT_HALT_HOLD, e, store_z(c->node->code),
	    store_text(atena), store_int(c->now_us));
}

enum err_class ward_halt_end(struct store_tx *tx, struct party_context *c,
    struct text atena, bool go, struct err *e)
{
	return STORE_DO(tx, STMT_HALT_MOVE, e, store_z(c->node->code),
	    store_text(atena), store_z(go ? "release" : "withdraw"),
	    store_int(c->now_us));
}

struct telling {
	struct party_context *c;
	bool found;
	uint32_t wave;
	json_t *halts;
	struct party_sending message;
};

static enum err_class find_wave(
    struct store_tx *tx, struct telling *t, struct err *e)
{
	struct store_rows *r;

	TRY(store_one(tx, STMT_HALT_NEXT,
	    STORE_VALUES(store_z(t->c->node->code)), &r, &t->found, e));
	if (t->found)
		t->wave = (uint32_t)store_get_int(r, 0);
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class find(struct store_tx *tx, void *arg, struct err *e)
{
	struct telling *t = arg;
	struct ward_institution *in;
	struct store_rows *r;
	enum err_class class;
	size_t n;
	bool more;
	json_t *o;

	(void)json_array_clear(t->halts);
	TRY(find_wave(tx, t, e));
	if (!t->found)
		return ERR_NONE;
	TRY(ward_wave_institutions(tx, t->c, t->wave, &in, &n, e));
	/* What it causes must fit the unit's one transaction. */
	n = n < UNIT_HALTS ? UNIT_HALTS / (n + (n == 0)) : 1;
	TRY(store_query(tx, STMT_HALT_ROWS,
	    STORE_VALUES(store_z(t->c->node->code), store_int(t->wave),
		store_int((int64_t)n)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct text institution = store_get_text(r, 1);
		struct text act = store_get_text(r, 2);
		struct text mend = store_get_text(r, 4);

		o = json_pack("[I,s%,s%,I]", (json_int_t)store_get_int(r, 0),
		    institution.p, institution.n, act.p, act.n,
		    (json_int_t)store_get_int(r, 3));
		if (mend.n > 0)
			json_array_append_new(
			    o, json_loadb(mend.p, mend.n, 0, NULL));
		json_array_append_new(t->halts, o);
	}
	store_rows_close(r);
	return class;
}

static enum err_class tell_write(struct store_tx *tx, void *arg, struct err *e)
{
	const struct telling *t = arg;
	char wave[4] = "";
	size_t i;
	const json_t *o;

	(void)kanri_wave_format(t->wave, wave);

	json_array_foreach(t->halts, i, o)
	{
		const struct store_value v[] = {store_z(t->c->node->code),
		    store_int(t->wave),
		    store_int(json_integer_value(json_array_get(o, 0))),
		    store_z(json_string_value(json_array_get(o, 1))),
		    store_int(json_integer_value(json_array_get(o, 3)))};
		int64_t told;

		TRY(store_do(tx, STMT_HALT_TOLD, v, 5, &told, e));
		/* An officer has just decided otherwise. */
		if (told != 1)
			return err_set(e, ERR_BUSY, "party.done",
			    "すでに処理されています",
			    "already done by another worker");
	}
	TRY(party_send(tx, &t->message, t->c->now_us, e));
	return ward_log(tx, t->c,
	    &(const struct ward_act){.actor = "work",
		.action = "send",
		.kind = "wave",
		.object = wave,
		.purpose = "停止・再開・取下げの依頼",
		.records = (int64_t)json_array_size(t->halts)},
	    e);
}

static enum err_class tell(struct telling *t, struct err *e)
{
	const struct peer *unit = ward_unit(t->c);
	struct ward_cancel what = {.institution = "",
	    .hub = "",
	    .file = "",
	    .inquiry = "-",
	    .reason = "",
	    .wave = t->wave,
	    .halts = t->halts};

	TRY(store_read(t->c->store, find, t, e));
	if (unit == NULL || json_array_size(t->halts) == 0) {
		t->found = false;
		return ERR_NONE;
	}
	what.to = unit->code;
	what.wave = t->wave;
	what.records = (int64_t)json_array_size(t->halts);
	TRY(ward_cancel_message(t->c, &what, &t->message, e));
	return store_run(t->c->store, tell_write, t, e);
}

enum err_class ward_halt_task(struct party_context *c, bool *did, struct err *e)
{
	struct telling t = {.c = c, .halts = json_array()};
	enum err_class class = tell(&t, e);

	json_decref(t.halts);
	*did = class == ERR_NONE && t.found;
	return class;
}

/* One of the unit's words. */
struct word {
	int64_t wave;
	int64_t ordinal;
	int64_t seq;
	int64_t late;
	const char *institution;
	const char *state;
	const char *file;
	const char *kind;
	const char *reason;
	const char *item;
	int64_t at;
	const char *bad;
};

static bool among(const char *z, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(z, list[i]) == 0)
			return true;
	return false;
}

static bool read_word(json_t *o, struct word *w)
{
	static const char *const states[] = {
	    "", "held", "waiting", "sent", "withdrawn", "unfit"};
	static const char *const kinds[] = {
	    "", "held", "paper", "cancelled", "reused"};
	json_int_t n[5];

	if (json_unpack(o, "{s:I,s:s,s:I,s:I,s:s,s:I,s:s,s:s,s:s,s:s,s:I,s:s}",
		"wave", &n[0], "institution", &w->institution, "ordinal", &n[1],
		"seq", &n[2], "state", &w->state, "late", &n[3], "file",
		&w->file, "kind", &w->kind, "reason", &w->reason, "item",
		&w->item, "at", &n[4], "bad", &w->bad) != 0)
		return false;
	w->wave = n[0];
	w->ordinal = n[1];
	w->seq = n[2];
	w->late = n[3] != 0;
	w->at = n[4];
	return among(w->state, states, sizeof(states) / sizeof(*states)) &&
	       among(w->kind, kinds, sizeof(kinds) / sizeof(*kinds)) &&
	       strlen(w->file) < HEADER_FILE &&
	       (w->file[0] != '\0') == (strcmp(w->state, "sent") == 0);
}

/* Of a wave that went to the unit, and an institution asked in it. */
static enum err_class ours(struct store_tx *tx, struct party_context *c,
    const struct word *w, bool *out, struct err *e)
{
	struct store_rows *r;

	TRY(store_one(tx, STMT_WARD_INSTITUTION_OF,
	    STORE_VALUES(store_z(c->node->code), store_int(w->wave),
		store_z(w->institution)),
	    &r, out, e));
	store_rows_close(r);
	if (!*out)
		return ERR_NONE;
	TRY(store_one(tx, STMT_WARD_ASKED_GET,
	    STORE_VALUES(store_z(c->node->code), store_int(w->wave),
		store_int(w->ordinal)),
	    &r, out, e));
	store_rows_close(r);
	return ERR_NONE;
}

/* Its answer is here: a word that it is held is an old one. */
static enum err_class answered(struct store_tx *tx, struct party_context *c,
    const struct word *w, bool *out, struct err *e)
{
	char low[WARD_BOUND];
	char high[WARD_BOUND];
	struct store_rows *r;

	*out = ward_bounds(c, (uint32_t)w->wave, w->institution, w->ordinal,
	    w->ordinal, low, high);
	if (!*out)
		return ERR_NONE;
	TRY(store_one(tx, STMT_WARD_OUTCOMES_IN,
	    STORE_VALUES(store_z(c->node->code), store_z(low), store_z(high)),
	    &r, out, e));
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class take(struct store_tx *tx, struct party_context *c,
    const struct word *w, struct err *e)
{
	const struct store_value key[] = {store_z(c->node->code),
	    store_int(w->wave), store_z(w->institution), store_int(w->ordinal)};
	const struct ward_except x = {.wave = w->wave,
	    .institution = w->institution,
	    .ordinal = w->ordinal,
	    .kind = w->kind,
	    .reason = w->reason,
	    .item = w->item,
	    .at = w->at,
	    .bad = w->bad};
	int64_t newer;
	bool here;

	TRY(store_do(tx, STMT_WARD_HALTED_TAKE,
	    STORE_VALUES(key[0], key[1], key[2], key[3], store_int(w->seq),
		store_z(w->state), store_int(w->late), store_z(w->file)),
	    &newer, e));
	if (newer == 0)
		return ERR_NONE;
	TRY(ward_except_drop(tx, c, &x, e));
	TRY(answered(tx, c, w, &here, e));
	return w->kind[0] == '\0' || here ? ERR_NONE
					  : ward_except_put(tx, c, &x, e);
}

enum err_class ward_halt_take(struct store_tx *tx, struct party_context *c,
    const json_t *words, int64_t *refused, struct err *e)
{
	int64_t wave = 0;
	json_t *o;
	size_t i;

	json_array_foreach(words, i, o)
	{
		struct word w;
		bool good = read_word(o, &w);

		if (good)
			TRY(ours(tx, c, &w, &good, e));
		if (!good) {
			(*refused)++;
			continue;
		}
		TRY(take(tx, c, &w, e));
		if (wave != 0 && wave != w.wave)
			TRY(ward_close(tx, c, wave, e));
		wave = w.wave;
	}
	return wave != 0 ? ward_close(tx, c, wave, e) : ERR_NONE;
}

/* What came of it, in a word. */
static const char *result(struct text state, bool late)
{
	static const struct {
		const char *state;
		const char *result;
	} results[] = {
	    {"held", "held"},
	    {"waiting", "released"},
	    {"sent", "sent"},
	    {"withdrawn", "withdrawn"},
	    {"unfit", "unfit"},
	};

	if (late)
		return "too_late";
	for (size_t i = 0; i < sizeof(results) / sizeof(*results); i++)
		if (text_is(state, results[i].state))
			return results[i].result;
	return "released";
}

enum err_class ward_halt_show(struct store_tx *tx, struct party_context *c,
    int64_t wave, const char *institution, int64_t ordinal, json_t *o,
    struct err *e)
{
	const struct store_value key[] = {store_z(c->node->code),
	    store_int(wave), store_z(institution), store_int(ordinal)};
	char at[CLOCK_TEXT];
	struct store_rows *r;
	json_t *halt;
	bool found;

	TRY(store_one(tx, STMT_HALT_OF,
	    STORE_VALUES(key[0], key[1], key[3], key[2]), &r, &found, e));
	if (!found) {
		store_rows_close(r);
		return ERR_NONE;
	}
	clock_format(store_get_int(r, 1), at);
	halt = json_pack("{s:s%,s:s,s:b,s:s}", "act", store_get_text(r, 0).p,
	    store_get_text(r, 0).n, "at", at, "told", store_get_int(r, 2) > 0,
	    "result", "asked");
	store_rows_close(r);
	json_object_set_new(o, "halt", halt);
	TRY(store_one(tx, STMT_WARD_HALTED_GET, key, 4, &r, &found, e));
	if (found)
		json_object_set_new(halt, "result",
		    json_string(result(
			store_get_text(r, 0), store_get_int(r, 1) != 0)));
	store_rows_close(r);
	return ERR_NONE;
}

enum err_class ward_halt_count(struct store_tx *tx, struct party_context *c,
    int64_t wave, int64_t *stopped, int64_t *late, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_WARD_HALTED_COUNT,
	    STORE_VALUES(store_z(c->node->code), store_int(wave)), &r, &found,
	    e));
	*stopped = found ? store_get_int(r, 0) : 0;
	*late = found ? store_get_int(r, 1) : 0;
	store_rows_close(r);
	return ERR_NONE;
}
