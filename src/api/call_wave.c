/* call_wave.c — the ward's waves: listed, drafted, submitted, decided. */
#include "api/calls.h"
#include "base/clock.h"
#include "parties/ward_draft.h"
#include "parties/ward_show.h"
#include "parties/ward_wave.h"
#include "text/utf8.h"

#include <stdio.h>

#define DEADLINE_DAYS 30 /* as of `wave new` */

enum err_class call_waves(struct call *c, struct err *e)
{
	const char *part;
	uint32_t before = UINT32_MAX;
	uint32_t last = 0;
	json_t *items = NULL;
	char id[4] = "";
	const char *next = id;

	TRY(call_cursor_parts(c, &part, 1, e));
	if (part[0] != '\0' && !kanri_wave_parse(text_z(part), &before))
		return call_not_found(e);
	TRY(ward_show_page(c->c,
	    call_bool(c->query, "mine") ? c->user.name : NULL, before,
	    call_limit(c), &items, &last, e));
	if (last != 0) {
		(void)kanri_wave_format(last, id);
		next = call_cursor(c, &next, 1);
	}
	call_list(c, items, next);
	return ERR_NONE;
}

enum err_class call_wave(struct call *c, struct err *e)
{
	struct err why;
	enum err_class class;
	uint32_t wave;
	bool open;

	TRY(call_wave_id(c, &wave, e));
	class = ward_show(c->c, wave, &c->out, e);
	if (class != ERR_INPUT)
		return class;
	/* Not yet, or not at all? */
	why = *e;
	TRY(ward_draft_open(c->c, wave, &open, e));
	if (open)
		return err_set(e, ERR_BUSY, "wave.drafting",
		    "照会を作成しています。しばらくお待ちください",
		    "the wave is being put together; wait a moment");
	*e = why;
	return class;
}

/* A list of codes, or "all", as the order has it. */
static enum err_class institutions(
    struct call *c, const char **out, struct err *e)
{
	const json_t *v = json_object_get(c->body, "institutions");
	const char *all = "";
	size_t i;
	json_t *one;

	*out = json_string_value(v);
	if (*out != NULL && strcmp(*out, "all") == 0)
		return ERR_NONE;
	json_array_foreach(v, i, one)
	{
		const char *code = json_string_value(one);

		if (code == NULL || strchr(code, ',') != NULL)
			break;
		all = arena_printf(
		    c->c->arena, "%s%s%s", all, i > 0 ? "," : "", code);
	}
	*out = all;
	if (json_is_array(v) && i > 0 && i == json_array_size(v))
		return ERR_NONE;
	return call_bad_value(e, "institutions");
}

static enum err_class picks(
    struct call *c, struct ward_order *order, struct err *e)
{
	const json_t *list = json_object_get(c->body, "subjects");
	size_t n = json_array_size(list);
	size_t i;
	json_t *one;

	if (!json_is_array(list))
		return ERR_NONE;
	order->listed = true;
	order->picks = arena_zero(c->c->arena, n + 1, sizeof(*order->picks));
	json_array_foreach(list, i, one)
	{
		const char *atena = call_text(one, "atena");

		if (!text_is_digits(text_z(atena), 1, 15)) {
			err_set(e, ERR_INPUT, "wave.selection",
			    "宛名番号が正しくありません", "no 宛名番号");
			return err_at(e, NULL, (long)i + 1, 0, "subjects");
		}
		order->picks[i] = (struct ward_pick){.atena = text_z(atena),
		    .kamoku = text_z(call_text(one, "kamoku")),
		    .line = (long)i + 1};
	}
	order->pick_count = n;
	return ERR_NONE;
}

static const char *deadline(struct call *c)
{
	const char *z = call_text(c->body, "deadline");
	struct date today = clock_date(c->c->now_us);
	char day[11];

	if (z[0] != '\0')
		return z;
	date_format(date_of_days(date_days(today) + DEADLINE_DAYS), day);
	return arena_printf(c->c->arena, "%s", day);
}

static enum err_class read_order(
    struct call *c, struct ward_order *order, struct err *e)
{
	*order = (struct ward_order){
	    .name = call_text(c->body, "name"),
	    .basis = call_text(c->body, "basis"),
	    .purpose = call_text(c->body, "purpose"),
	    .base_date = call_text(c->body, "base_date"),
	    .period_from = call_text(c->body, "period_from"),
	    .period_to = call_text(c->body, "period_to"),
	    .scope = call_text(c->body, "scope"),
	    .reason = call_text(c->body, "reason"),
	    .claim_kind = call_text(c->body, "claim_kind"),
	    .min_amount = call_int(c->body, "min_amount"),
	    .min_age = call_int(c->body, "min_age"),
	    .deadline = deadline(c),
	    .reask = "",
	};
	TRY(institutions(c, &order->institutions, e));
	return picks(c, order, e);
}

enum err_class call_wave_new(struct call *c, struct err *e)
{
	struct ward_order order;
	bool whole = false;
	uint32_t wave;
	char id[4];

	TRY(read_order(c, &order, e));
	TRY(ward_draft_begin(c->c, &order, &c->user, &wave, &whole, e));
	(void)kanri_wave_format(wave, id);
	c->out = json_pack("{s:s,s:b}", "wave", id, "whole", whole);
	c->status = whole ? 201 : 202;
	c->wake = !whole;
	return ERR_NONE;
}

enum err_class call_wave_count(struct call *c, struct err *e)
{
	struct ward_draft_counts n;
	struct ward_order order;
	const char *after;
	json_t *reasons;

	TRY(call_cursor_parts(c, &after, 1, e));
	TRY(read_order(c, &order, e));
	TRY(ward_draft_count(c->c, &order, after, &c->user, &n, e));
	reasons = json_array();
	for (size_t i = 0; i < n.reason_count; i++)
		(void)json_array_append_new(reasons,
		    json_pack("{s:s,s:I}", "reason", n.reasons[i].reason,
			"subjects", (json_int_t)n.reasons[i].subjects));
	c->out = json_pack("{s:I,s:I,s:I,s:o,s:I,s:I,s:I,s:o}", "subjects",
	    (json_int_t)n.subjects, "claims", (json_int_t)n.claims, "excluded",
	    (json_int_t)n.excluded, "exclusions", reasons, "duplicates",
	    (json_int_t)n.again, "institutions", (json_int_t)n.institutions,
	    "inquiries",
	    (json_int_t)((n.subjects - n.excluded) * n.institutions), "rest",
	    n.next != NULL ? json_string(call_cursor(c, &n.next, 1))
			   : json_null());
	return ERR_NONE;
}

static enum err_class moved(struct call *c, const char *state)
{
	c->out = json_pack("{s:s}", "state", state);
	c->wake = true;
	return ERR_NONE;
}

enum err_class call_wave_submit(struct call *c, struct err *e)
{
	const char *state = "";
	uint32_t wave;

	TRY(call_wave_id(c, &wave, e));
	TRY(ward_wave_submit(c->c, wave, &c->user, &state, e));
	return moved(c, state);
}

enum err_class call_wave_approve(struct call *c, struct err *e)
{
	const char *state = "";
	uint32_t wave;

	TRY(call_wave_id(c, &wave, e));
	TRY(ward_wave_approve(c->c, wave, &c->user, NULL, &state, e));
	return moved(c, state);
}

enum err_class call_wave_approve_for(struct call *c, struct err *e)
{
	const struct ward_wave_behalf behalf = {
	    .name = call_text(c->body, "name"),
	    .reason = call_text(c->body, "reason")};
	const char *state = "";
	uint32_t wave;

	TRY(call_wave_id(c, &wave, e));
	TRY(ward_wave_approve(c->c, wave, &c->user, &behalf, &state, e));
	return moved(c, state);
}

enum err_class call_wave_return(struct call *c, struct err *e)
{
	const char *state = "";
	uint32_t wave;

	TRY(call_wave_id(c, &wave, e));
	TRY(ward_wave_return(
	    c->c, wave, &c->user, call_text(c->body, "reason"), &state, e));
	return moved(c, state);
}

enum err_class call_wave_cancel(struct call *c, struct err *e)
{
	const char *state = "";
	uint32_t wave;

	TRY(call_wave_id(c, &wave, e));
	TRY(ward_wave_cancel(
	    c->c, wave, &c->user, call_text(c->body, "reason"), &state, e));
	return moved(c, state);
}

enum err_class call_wave_resend(struct call *c, struct err *e)
{
	int64_t parts = 0;
	uint32_t wave;

	TRY(call_wave_id(c, &wave, e));
	TRY(ward_send_again(c->c, wave, &c->user, &parts, e));
	c->out = json_pack("{s:I}", "parts", (json_int_t)parts);
	c->wake = true;
	return ERR_NONE;
}
