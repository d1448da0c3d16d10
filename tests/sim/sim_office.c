/* sim_office.c — see sim.h: the officers of the ward, at their desks every few
 * seconds. Whatever fails is tried again the next time. */
#include "sim.h"

#include "parties/restored.h"
#include "parties/ward_check.h"
#include "parties/ward_inquiry.h"
#include "parties/ward_stop.h"
#include "parties/ward_wave.h"

#include <stdlib.h>

struct desk {
	struct party_context *c;
	uint32_t *waves;
	size_t wave_count;
	struct ward_wave wave;
	struct ward_check *checks;
	size_t check_count;
};

static enum err_class look(struct store_tx *tx, void *arg, struct err *e)
{
	struct desk *d = arg;

	TRY(ward_wave_list(tx, d->c, &d->waves, &d->wave_count, e));
	if (d->wave_count > 0)
		TRY(ward_wave_load(
		    tx, d->c, d->waves[d->wave_count - 1], &d->wave, e));
	return ward_check_list(
	    tx, d->c, "waiting", NULL, &d->checks, &d->check_count, e);
}

static enum err_class draft(struct sim *s, struct desk *d, struct err *e)
{
	struct ward_order order = office_order();
	struct ward_pick *picks =
	    arena_zero(d->c->arena, (size_t)s->order.subjects, sizeof(*picks));
	uint32_t wave;

	order.institutions = "9601,9602,9603";
	order.listed = true;
	order.picks = picks;
	order.pick_count = (size_t)s->order.subjects;
	for (int i = 0; i < s->order.subjects; i++) {
		picks[i].atena =
		    text_z(arena_printf(d->c->arena, "%010d", i + 1));
		picks[i].line = i + 2;
	}
	return ward_draft_new(d->c, &order, &s->o.officer, &wave, e);
}

/* The next thing to do for the wave itself. */
static enum err_class drive(struct sim *s, struct desk *d, struct err *e)
{
	uint32_t wave = d->wave.wave;
	const char *state;

	if (d->wave_count == 0)
		return draft(s, d, e);
	if (strcmp(d->wave.state, "drafted") == 0)
		return ward_wave_submit(d->c, wave, &s->o.officer, &state, e);
	if (strcmp(d->wave.state, "submitted") == 0)
		return ward_wave_approve(
		    d->c, wave, &s->o.approver, NULL, &state, e);
	s->approved = true;
	return ERR_NONE;
}

/* The first one; the same one where it has to be done again. */
static bool sent_back(const struct sim *s, const struct ward_check *k)
{
	return s->order.send_back && strcmp(k->direction, "request") == 0 &&
	       (s->returned[0] == '\0' || strcmp(s->returned, k->file) == 0);
}

static enum err_class checks(struct sim *s, struct desk *d, struct err *e)
{
	for (size_t i = 0; i < d->check_count; i++) {
		const struct ward_check *k = &d->checks[i];
		int64_t done;

		if (sent_back(s, k)) {
			TRY(ward_check_return(
			    d->c, k->file, &s->o.officer, "試験", &done, e));
			(void)snprintf(
			    s->returned, sizeof(s->returned), "%s", k->file);
			continue;
		}
		TRY(ward_check_approve(d->c, k->file, &s->o.officer, &done, e));
	}
	return ERR_NONE;
}

static bool is_due(const struct sim *s, int second)
{
	return second > 0 && s->now_us >= second * CLOCK_SECOND;
}

static enum err_class cancel(struct sim *s, struct desk *d, struct err *e)
{
	const char *state;
	enum err_class class;

	if (!is_due(s, s->order.cancel) || d->wave_count == 0)
		return ERR_NONE;
	class = ward_wave_cancel(
	    d->c, d->wave.wave, &s->o.approver, "試験", &state, e);
	if (class == ERR_BUSY || class == ERR_FAULT)
		return class;
	sim_trace(s, "office cancels: %d", class);
	s->cancelled = s->cancelled || class == ERR_NONE;
	s->order.cancel = 0;
	return ERR_NONE;
}

static enum err_class withdraw(struct sim *s, struct desk *d, struct err *e)
{
	struct kanri k = {.authority = OFFICE_WARD};
	char number[KANRI_TEXT];
	enum err_class class;

	if (!is_due(s, s->order.withdraw) || d->wave_count == 0)
		return ERR_NONE;
	k.wave = d->wave.wave;
	k.ordinal = (uint32_t)s->order.person;
	(void)snprintf(k.institution, sizeof(k.institution), "960%u",
	    1U + (unsigned)s->order.person % SIM_BANKS);
	if (!kanri_format(&k, number))
		abort();
	class = ward_inquiry_withdraw(
	    d->c, text_z(number), &s->o.officer, "納付あり", e);
	s->order.torn = s->order.torn || class == ERR_FAULT;
	if (class == ERR_BUSY || class == ERR_FAULT)
		return class;
	sim_trace(s, "office withdraws: %d", class);
	s->withdrawn = s->withdrawn || class == ERR_NONE ||
		       (class == ERR_DENIED && s->order.torn);
	s->order.withdraw = 0;
	return ERR_NONE;
}

/* The day's difference says that he has paid. */
static enum err_class stop(struct sim *s, struct desk *d, struct err *e)
{
	struct ward_import_result r;
	char row[300];
	enum err_class class;

	(void)d;
	if (!is_due(s, s->order.stop))
		return ERR_NONE;
	(void)snprintf(row, sizeof(row),
	    "%010d,1,カクウ タロウ,架空 太郎,1970-01-%02d,1,1600022,"
	    "東京都新宿区新宿1-1-%d,1,1000,,完納,\n",
	    s->order.person, (s->order.person - 1) % 28 + 1, s->order.person);
	class = office_import(&s->o, row, true, &r);
	*e = s->o.e;
	if (class == ERR_BUSY || class == ERR_FAULT)
		return class;
	sim_trace(s, "office stops one: %d", class);
	s->stopped = s->stopped || class == ERR_NONE;
	s->order.stop = 0;
	return ERR_NONE;
}

static enum err_class decide(struct sim *s, struct desk *d, struct err *e)
{
	char atena[16];
	enum err_class class;

	if (!is_due(s, s->order.decide) || s->order.stop > 0)
		return ERR_NONE;
	(void)snprintf(atena, sizeof(atena), "%010d", s->order.person);
	class = ward_stop_decide(d->c, atena, s->order.go, "sato", e);
	if (class == ERR_BUSY || class == ERR_FAULT)
		return class;
	sim_trace(s, "office decides: %d", class);
	s->order.decide = 0;
	return ERR_NONE;
}

static enum err_class sit_down(struct sim *s, struct desk *d, struct err *e)
{
	TRY(store_read(d->c->store, look, d, e));
	TRY(drive(s, d, e));
	TRY(checks(s, d, e));
	TRY(withdraw(s, d, e));
	TRY(stop(s, d, e));
	TRY(decide(s, d, e));
	return cancel(s, d, e);
}

void sim_office(struct sim *s)
{
	struct desk d = {.c = s->o.c};
	struct arena *was = d.c->arena;
	enum err_class class;
	struct err e;

	d.c->arena = &s->arena;
	d.c->now_us = sim_local(s, SIM_WARD);
	class = sit_down(s, &d, &e);
	d.c->arena = was;
	arena_reset(&s->arena);
	if (class != ERR_NONE)
		sim_trace(s, "office: %d %s", class, e.code);
	if (sim_node_alive(s, SIM_WARD, class, &e))
		sim_node_wake(s, SIM_WARD, 1000);
}

#define PATIENCE (60 * CLOCK_SECOND) /* a run may be over two minutes later */

static enum err_class look_back(struct store_tx *tx, void *arg, struct err *e)
{
	return restored_look(tx, arg, e);
}

/* A liar who has thrown the asking away is never heard. */
void sim_office_give_up(struct sim *s)
{
	struct sim_node *n = s->restored >= 0 ? &s->node[s->restored] : NULL;
	struct restored_state state;
	struct party_context *c;
	enum err_class class;
	struct err e;

	if (n == NULL || !n->up || !s->liar_spoke || s->liar == s->restored ||
	    !s->calm || s->now_us < s->calm_us + PATIENCE)
		return;
	class = store_read(n->base->store, look_back, &state, &e);
	if (!sim_node_alive(s, s->restored, class, &e) || class != ERR_NONE ||
	    !state.asking)
		return;
	c = &n->base->work.context;
	c->now_us = sim_local(s, s->restored);
	class = restored_without(c, s->node[s->liar].base->node.code, &e);
	sim_trace(s, "%d goes on without %d: %d", s->restored, s->liar, class);
	n->idle = 0; /* it has much to do now */
	if (sim_node_alive(s, s->restored, class, &e))
		sim_node_wake(s, s->restored, 1000);
}
