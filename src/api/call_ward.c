/* call_ward.c — the ward's morning, codes for forms, import, stops, carries. */
#include "api/calls.h"
#include "base/clock.h"
#include "parties/books.h"
#include "parties/health.h"
#include "parties/ward_import.h"
#include "parties/ward_person.h"
#include "parties/ward_stop.h"
#include "record/item.h"

#include <stdio.h>
#include <stdlib.h>

#define REFUSALS_TEXT ((size_t)4 << 20)
#define ENDING_DAYS 60 /* as peers are warned of */

/* --- morning --- */

struct morning {
	struct call *c;
	int64_t submitted;
	int64_t stops;
	int64_t stopped; /* since yesterday */
	int64_t hits;
	int64_t checks;
};

static enum err_class morning_read(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct morning *m = arg;
	struct party_context *c = m->c->c;
	const struct store_value authority = store_z(c->node->code);
	int64_t day = clock_of_date(clock_date(c->now_us)) - CLOCK_DAY;
	const struct store_value since[] = {authority, store_int(day)};

	TRY(store_one_int(
	    tx, STMT_DESK_SUBMITTED, &authority, 1, &m->submitted, e));
	TRY(store_one_int(tx, STMT_STATUS_CHECKS, NULL, 0, &m->checks, e));
	TRY(store_one_int(tx, STMT_DESK_STOPS, &authority, 1, &m->stops, e));
	TRY(store_one_int(
	    tx, STMT_DESK_STOPPED_SINCE, since, 2, &m->stopped, e));
	return store_one_int(tx, STMT_DESK_HITS, since, 2, &m->hits, e);
}

static void ends(json_t *list, const char *what, const char *who,
    struct date to, int64_t left)
{
	char day[11] = "";

	if (to.year != 0)
		date_format(to, day);
	if (left <= ENDING_DAYS)
		(void)json_array_append_new(
		    list, json_pack("{s:s,s:s,s:s,s:I}", "what", what, "who",
			      who, "to", day, "days_left", (json_int_t)left));
}

/* What of the acting user and of the peers ends soon. */
static json_t *ending(struct call *c)
{
	json_t *list = json_array();
	int64_t today = date_days(clock_date(c->c->now_us));

	ends(list, "account", c->user.name, c->user.until,
	    date_days(c->user.until) - today);
	for (size_t i = 0; i < c->user.appointment_count; i++)
		ends(list, "appointment", c->user.appointments[i].number,
		    c->user.appointments[i].to,
		    date_days(c->user.appointments[i].to) - today);
	for (size_t i = 0; i < peers_count(c->c->peers); i++) {
		const struct peer *p = peers_at(c->c->peers, i);

		ends(list, "peer", p->code, p->to,
		    peers_days_left(p, c->c->now_us));
	}
	return list;
}

static json_t *count_of(json_t *from, const char *key)
{
	return json_incref(json_object_get(from, key));
}

enum err_class call_ward_morning(struct call *c, struct err *e)
{
	struct morning m = {.c = c};
	json_t *health;

	TRY(store_read(c->c->store, morning_read, &m, e));
	health = health_report(c->c->node, c->c->store, NULL, true, "");
	c->out = json_pack("{s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:o,s:o}",
	    "checks_waiting", (json_int_t)m.checks, "awaiting_approval",
	    (json_int_t)m.submitted, "stops", (json_int_t)m.stops, "stopped",
	    (json_int_t)m.stopped, "new_hits", (json_int_t)m.hits, "held",
	    count_of(health, "held"), "overdue", count_of(health, "overdue"),
	    "refused", count_of(health, "refused"), "ending", ending(c));
	json_decref(health);
	return ERR_NONE;
}

/* --- codes --- */

static json_t *list_of(struct text joined)
{
	json_t *list = json_array();

	while (joined.n > 0) {
		const char *bar = memchr(joined.p, '|', joined.n);
		size_t n = bar != NULL ? (size_t)(bar - joined.p) : joined.n;

		(void)json_array_append_new(list, json_stringn(joined.p, n));
		joined = bar != NULL ? text_trust(bar + 1, joined.n - n - 1)
				     : text_trust("", 0);
	}
	return list;
}

static bool in_force(const struct codes_span *s, struct date day)
{
	return (s->from.year == 0 || date_cmp(s->from, day) <= 0) &&
	       (s->to.year == 0 || date_cmp(day, s->to) <= 0);
}

static json_t *bases(const struct codes *codes, struct date today)
{
	json_t *list = json_array();

	for (size_t i = 0; i < codes->base_count; i++) {
		const struct codes_basis *b = &codes->bases[i];

		if (in_force(&b->span, today))
			(void)json_array_append_new(list,
			    json_pack("{s:o,s:o,s:o,s:s,s:i,s:b}", "code",
				told_text(b->code), "text", told_text(b->text),
				"kinds", list_of(b->kamoku), "scope",
				codes_scope_name(b->scope), "years", b->years,
				"consent", b->consent));
	}
	return list;
}

static json_t *kinds(const struct codes *codes, struct date today)
{
	json_t *list = json_array();

	for (size_t i = 0; i < codes->kamoku_count; i++) {
		const struct codes_kamoku *k = &codes->kamokus[i];

		if (in_force(&k->span, today))
			(void)json_array_append_new(list,
			    json_pack("{s:o,s:o,s:b,s:o}", "code",
				told_text(k->code), "name", told_text(k->name),
				"tax", k->tax, "basis", told_text(k->basis)));
	}
	return list;
}

static json_t *institutions(struct party_context *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < peers_count(c->peers); i++) {
		const struct peer *p = peers_at(c->peers, i);
		const char *hub = peers_hub_of(c->peers, p->code);
		const struct codes_institution *k =
		    codes_institution_of(c->codes, text_z(p->code));

		if (p->party != STORE_BANK || hub[0] == '\0')
			continue;
		(void)json_array_append_new(list,
		    json_pack("{s:s,s:o,s:s,s:s,s:b}", "code", p->code, "name",
			told_text(k != NULL ? k->name : text_z(p->code)), "hub",
			hub, "link", node_link_name(node_link_of(c->node, hub)),
			"in_force", peers_in_force(p, c->now_us)));
	}
	return list;
}

enum err_class call_ward_codes(struct call *c, struct err *e)
{
	struct date today = clock_date(c->c->now_us);
	json_t *items = json_array();

	(void)e;
	for (int i = 0; i < REQUEST_COUNT; i++)
		if (item_request[i].source == ITEM_OF_WARD)
			(void)json_array_append_new(
			    items, json_string(item_request[i].name));
	c->out = json_pack("{s:o,s:o,s:o,s:o}", "basis",
	    bases(c->c->codes, today), "claim_kinds", kinds(c->c->codes, today),
	    "institutions", institutions(c->c), "items", items);
	return ERR_NONE;
}

/* --- import --- */

/* The refusals that were written, one JSON line each. */
static json_t *lines_json(const char *p, size_t n)
{
	json_t *list = json_array();

	while (n > 0) {
		const char *end = memchr(p, '\n', n);
		size_t length = end != NULL ? (size_t)(end - p) : n;
		json_t *one = json_loadb(p, length, 0, NULL);

		if (one != NULL)
			(void)json_array_append_new(list, one);
		length += end != NULL;
		p += length;
		n -= length;
	}
	return list;
}

static void progress(void *ctx, int64_t rows)
{
	call_progress(ctx, rows, 0);
}

static enum err_class run_import(struct call *c, struct ward_import *order,
    struct ward_import_result *r, struct err *e)
{
	const char *encoding = call_text(c->query, "encoding");

	if (encoding[0] != '\0' &&
	    (!encoding_named(text_z(encoding), &order->encoding) ||
		order->encoding == ENCODING_ZENGIN)) {
		return call_bad_value(e, "encoding");
	}
	return ward_import(c->c, order, r, e);
}

enum err_class call_ward_import(struct call *c, struct err *e)
{
	char *text = NULL;
	size_t size = 0;
	struct refusals refusals = {.out = open_memstream(&text, &size)};
	struct ward_import order = {.fd = c->file,
	    .name = "subjects.csv",
	    .progress = progress,
	    .ctx = c,
	    .encoding = ENCODING_UTF8,
	    .dry_run = call_bool(c->query, "dry_run"),
	    .diff = call_bool(c->query, "diff"),
	    .actor = c->user.name,
	    .refusals = &refusals};
	struct ward_import_result r = {0};
	enum err_class class;

	if (refusals.out == NULL)
		abort(); /* out of memory */
	class = run_import(c, &order, &r, e);
	refusals_end(&refusals);
	(void)fclose(refusals.out);
	if (class == ERR_NONE) {
		c->out = json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:o}", "accepted",
		    (json_int_t)r.accepted, "refused", (json_int_t)r.refused,
		    "changed", (json_int_t)r.changed, "stopped",
		    (json_int_t)r.stopped, "removed", (json_int_t)r.removed,
		    "kept", (json_int_t)r.kept, "refusals",
		    lines_json(text, size));
		c->wake = !order.dry_run;
	}
	free(text);
	return class;
}

/* --- stops --- */

struct stopping {
	struct call *c;
	struct ward_stop after;
	struct ward_stop *stop;
	size_t max;
	size_t n;
};

static enum err_class stops_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct stopping *x = arg;

	return ward_stop_list(tx, x->c->c,
	    x->after.atena[0] != '\0' ? &x->after : NULL, x->stop, x->max,
	    &x->n, e);
}

enum err_class call_ward_stops(struct call *c, struct err *e)
{
	struct stopping x = {.c = c, .max = call_limit(c) + 1};
	const char *parts[2];
	const char *next = NULL;
	json_t *items;

	TRY(call_cursor_parts(c, parts, 2, e));
	x.after = (struct ward_stop){.atena = parts[0], .reason = parts[1]};
	x.stop = arena_zero(c->c->arena, x.max, sizeof(*x.stop));
	TRY(store_read(c->c->store, stops_read, &x, e));
	items = json_array();
	for (size_t i = 0; i < x.n && i + 1 < x.max; i++) {
		(void)json_array_append_new(
		    items, json_pack("{s:s,s:s,s:o}", "atena", x.stop[i].atena,
			       "reason", x.stop[i].reason, "at",
			       told_moment(x.stop[i].at_us)));
		parts[0] = x.stop[i].atena;
		parts[1] = x.stop[i].reason;
	}
	if (x.n == x.max)
		next = call_cursor(c, parts, 2);
	call_list(c, items, next);
	return ERR_NONE;
}

enum err_class call_ward_decide(struct call *c, struct err *e)
{
	bool shielded; /* not asked: is there such a person? */

	TRY(ward_person_shielded(c->c, c->param[0], &shielded, e));
	c->wake = true;
	return ward_stop_decide(
	    c->c, c->param[0], call_bool(c->body, "go"), c->user.name, e);
}

/* --- the carrying book --- */

static void add_carry(void *ctx, const struct book_carry *x)
{
	(void)json_array_append_new(ctx, books_carry_json(x));
}

enum err_class call_ward_carries(struct call *c, struct err *e)
{
	json_t *items = json_array();
	enum err_class class = books_carry(c->c, add_carry, items, e);

	if (class == ERR_NONE)
		call_list(c, items, NULL);
	else
		json_decref(items);
	return class;
}

enum err_class call_ward_erased(struct call *c, struct err *e)
{
	int64_t no;

	if (!text_to_int(text_z(c->param[0]), INT32_MAX, &no))
		return call_not_found(e);
	return books_erased(c->c, no, &c->user, e);
}
