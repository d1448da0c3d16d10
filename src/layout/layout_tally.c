/* layout_tally.c — see layout_tally.h. */
#include "layout/layout_tally.h"

#include "text/rules_parts.h"

struct layout_tally *layout_tally_new(
    struct arena *a, const struct rules *rules)
{
	struct layout_tally *t = arena_zero(a, 1, sizeof(*t));

	t->rules = rules;
	return t;
}

static uint64_t byte_of(size_t pair)
{
	return UINT64_C(0xFF) << 8 * pair;
}

/* The pair's number; LAYOUT_TALLY_PAIRS: there is no room for it. */
static size_t pair_of(struct layout_tally *t, const struct rules_change *change)
{
	unsigned char rule = 0;
	size_t i = 0;

	while (rules_name(t->rules, rule) != change->rule)
		rule++;
	while (i < t->pairs &&
	       !(t->pair[i].rule == rule && t->pair[i].loss == change->loss))
		i++;
	if (i < t->pairs || i == LAYOUT_TALLY_PAIRS)
		return i;
	t->pair[i].rule = rule;
	t->pair[i].loss = (unsigned char)change->loss;
	if (rules_parts_tell_once(change->rule))
		t->once |= byte_of(i);
	if (change->loss == RULES_INFORMATIONAL)
		t->informational |= byte_of(i);
	else if (change->loss == RULES_MATERIAL)
		t->material |= byte_of(i);
	return t->pairs++;
}

void layout_tally_note(void *ctx, const struct rules_change *change)
{
	struct layout_tally_making *m = ctx;
	size_t i;

	if (m->t == NULL)
		return;
	i = pair_of(m->t, change);
	if (i == LAYOUT_TALLY_PAIRS)
		m->bad = true;
	else
		m->bad |= ++m->n[i] == 0;
}

uint64_t layout_tally_packed(const unsigned char n[LAYOUT_TALLY_PAIRS])
{
	uint64_t v = 0;

	for (size_t i = LAYOUT_TALLY_PAIRS; i-- > 0;)
		v = v << 8 | n[i];
	return v;
}

static void tell(
    struct layout_tally *t, size_t pair, size_t n, struct layout_report *report)
{
	if (report->tally == NULL)
		return;
	if (report->later)
		t->begun |= byte_of(pair);
	report->tally(report->ctx, rules_name(t->rules, t->pair[pair].rule),
	    (enum rules_loss)t->pair[pair].loss, n);
}

void layout_tally_now(
    struct layout_tally *t, uint64_t told, struct layout_report *report)
{
	for (size_t i = 0; told != 0; i++, told >>= 8)
		if ((told & 0xFF) != 0)
			tell(t, i, told & 0xFF, report);
}

void layout_tally_spread(struct layout_tally *t)
{
	for (size_t i = 0; i < LAYOUT_TALLY_PAIRS; i++)
		t->n[i] +=
		    (i % 2 ? t->odd : t->even) >> 8 * (i - i % 2) & 0xFFFF;
	t->even = t->odd = 0;
	t->records = 0;
}

void layout_tally_end(struct layout_tally *t, struct layout_report *report)
{
	layout_tally_spread(t);
	for (size_t i = 0; i < t->pairs; i++) {
		if (t->n[i] != 0)
			tell(t, i, t->n[i], report);
		t->n[i] = 0;
	}
	t->begun = 0;
}
