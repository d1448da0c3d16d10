/*
 * layout_fast.c — see layout_fast.h. A plan is the columns as small steps. A
 * fixed record begins as a copy of the last one's frame: blanks, constants and
 * what is the same for a whole wave stand there already.
 */
#include "layout/layout_fast.h"

#include "layout/layout_chars.h"
#include "layout/layout_put.h"

#include <stdlib.h>

#define SAME_MAX 64 /* bytes of a value that is a wave's */
#define TEXTS_MAX 8 /* of one record */

enum step_kind {
	STEP_CODE, /* as it is: ASCII */
	STEP_MAP,  /* a code of one character */
	STEP_DATE,
	STEP_TEXT, /* by its characters, or by the memo */
	STEP_SAME, /* seldom another than in the record before */
};

struct step {
	enum step_kind kind;
	struct layout_column *c;
	size_t cap; /* bytes that fit */
	bool required;
	/* Where in a request its values stand, in bytes. */
	size_t sources;
	size_t from[LAYOUT_SOURCES_MAX];
	/* STEP_MAP: what each of 128 characters becomes; NULL: not accepted. */
	const struct layout_pair **pair;
	/* STEP_TEXT: */
	size_t text; /* which of the record's, from 0 */
	struct layout_memo_list list;
	struct layout_chars *chars;
	/* STEP_SAME: */
	bool known;
	size_t in_n;
	char in[SAME_MAX];
};

/* What is lost of a record, as in a report: a bit per item. */
struct losses {
	uint32_t informational;
	uint32_t material;
};

/* Of persons of one kind. */
struct of_person {
	struct step *step; /* those of the wave first */
	size_t same;	   /* how many those are */
	size_t steps;
	size_t texts;
	const struct step *text[TEXTS_MAX]; /* these */
	unsigned char *frame; /* a record with what is always there */
	size_t frame_n;	      /* with its newline */
};

struct layout_plan {
	struct of_person of[LAYOUT_PERSONS];
	struct layout_memo_made made; /* of the text at hand */
};

/* ---- planning ---- */

/* The items that a whole wave has alike. */
static bool is_of_wave(int slot)
{
	switch (slot) {
	case REQUEST_ORDER_CODE:
	case REQUEST_BASIS:
	case REQUEST_BASE_DATE:
	case REQUEST_PERIOD:
	case REQUEST_REGISTRANT:
	case REQUEST_UPDATED:
		return true;
	}
	return false;
}

static bool plan_map(struct arena *a, struct step *s)
{
	s->pair = arena_zero(a, 128, sizeof(const struct layout_pair *));
	for (size_t i = s->c->map.n; i-- > 0;) {
		const struct layout_pair *p = &s->c->map.pair[i];

		if (p->ours.n != 1 || (unsigned char)p->ours.p[0] >= 128)
			return false;
		for (size_t k = 0; k < p->theirs.n; k++)
			if ((unsigned char)p->theirs.p[k] >= 128)
				return false;
		/* The first of a code is the one that is written. */
		s->pair[(unsigned char)p->ours.p[0]] =
		    p->refused || p->theirs.n > s->cap ? NULL : p;
	}
	return true;
}

static void plan_sources(struct step *s, int person)
{
	const signed char *from = s->c->from[person];

	while (s->sources < LAYOUT_SOURCES_MAX && from[s->sources] >= 0) {
		size_t k = (size_t)from[s->sources];

		s->from[s->sources++] =
		    k < REQUEST_COUNT
			? offsetof(struct request, f) + k * sizeof(struct text)
			: offsetof(struct request, other) +
			      (k - REQUEST_COUNT) * sizeof(struct text);
	}
}

/* Text without rules is as a code is. */
static void plan_text(const struct layout *l, struct step *s, int person)
{
	const struct layout_column *c = s->c;

	s->kind = c->tally[person] != NULL ? STEP_TEXT : STEP_CODE;
	s->chars = c->chars[person];
	s->list = (struct layout_memo_list){.rules = c->rules[person],
	    .tally = c->tally[person],
	    .encoding = l->encoding,
	    .cut = c->parted[person]};
}

static bool plan_column(
    struct layout *l, struct layout_column *c, int person, struct step *s)
{
	*s = (struct step){.c = c, .required = c->required};
	s->cap = c->width ? c->width : SIZE_MAX;
	if (c->value != VALUE_ITEM || c->pad_left || c->sum >= 0)
		return false;
	plan_sources(s, person);
	if (is_of_wave(c->slot)) {
		s->kind = STEP_SAME;
		return true;
	}
	switch (c->op) {
	case OP_CODE:
		s->kind = STEP_CODE;
		return true;
	case OP_TEXT:
		plan_text(l, s, person);
		return true;
	case OP_MAP:
		s->kind = STEP_MAP;
		return plan_map(&l->arena, s);
	case OP_DATE:
		s->kind = STEP_DATE;
		return !c->era6;
	case OP_CLASS:
	case OP_PERIOD:
	case OP_AMOUNT:
		break;
	}
	return false;
}

static void plan_frame(
    struct layout *l, const struct layout_row *row, struct of_person *p)
{
	const char *newline = l->newline == NEWLINE_CRLF ? "\r\n"
			      : l->newline == NEWLINE_LF ? "\n"
							 : "";
	size_t n = strlen(newline);

	p->frame_n = row->length + n;
	p->frame = arena_zero(&l->arena, p->frame_n + 1, 1);
	memset(p->frame, ' ', row->length);
	if (row->mark.n != 0)
		memcpy(p->frame, row->mark.p, row->mark.n);
	memcpy(p->frame + row->length, newline, n);
}

/* Those of the wave first, else in the order of the columns. */
static void order_steps(struct layout *l, struct of_person *p)
{
	struct step *to = arena_zero(&l->arena, p->steps, sizeof(*to));
	size_t n = 0;

	for (size_t i = 0; i < p->steps; i++)
		if (p->step[i].kind == STEP_SAME)
			to[n++] = p->step[i];
	p->same = n;
	for (size_t i = 0; i < p->steps; i++)
		if (p->step[i].kind != STEP_SAME)
			to[n++] = p->step[i];
	for (size_t i = p->same; i < n; i++)
		if (to[i].kind == STEP_TEXT && p->texts++ < TEXTS_MAX) {
			to[i].text = p->texts - 1;
			p->text[to[i].text] = &to[i];
		}
	p->step = to;
}

static bool plan_person(struct layout *l, int person, struct of_person *p)
{
	struct layout_row *row = &l->request.row[ROW_DETAIL];

	p->step = arena_zero(&l->arena, row->n, sizeof(*p->step));
	for (size_t i = 0; i < row->n; i++) {
		struct layout_column *c = &row->column[i];

		if (c->value == VALUE_FILLER)
			continue;
		if (!plan_column(l, c, person, &p->step[p->steps++]))
			return false;
	}
	order_steps(l, p);
	plan_frame(l, row, p);
	return p->texts <= TEXTS_MAX;
}

struct layout_plan *layout_fast_plan(struct layout *l)
{
	struct layout_plan *plan;

	if (l->form != FORM_FIXED)
		return NULL;
	plan = arena_zero(&l->arena, 1, sizeof(*plan));
	for (int p = 0; p < LAYOUT_PERSONS; p++)
		if (!plan_person(l, p, &plan->of[p]))
			return NULL;
	return plan;
}

/* ---- a record ---- */

static inline struct text source(const struct request *r, const struct step *s)
{
	struct text t = {0};
	size_t i = 0;

	do
		memcpy(&t, (const char *)r + s->from[i], sizeof(t));
	while (t.n == 0 && ++i < s->sources);
	return t;
}

/* A number of eight bytes at p + i, put at out + i. */
static inline uint64_t eight(const char *p, size_t i, unsigned char *out)
{
	uint64_t w;

	memcpy(&w, p + i, 8);
	memcpy(out + i, &w, 8);
	return w;
}

/* ASCII alone is the same in every encoding here. */
static bool put_ascii(
    const struct step *s, const char *p, size_t n, unsigned char *out)
{
	uint64_t any = 0;

	if (n > s->cap)
		return false;
	for (size_t i = 0; n >= 8 && i + 8 < n; i += 8)
		any |= eight(p, i, out);
	if (n >= 8)
		any |= eight(p, n - 8, out);
	for (size_t i = 0; n < 8 && i < n; i++) {
		any |= (unsigned char)p[i];
		out[i] = (unsigned char)p[i];
	}
	return (any & UINT64_C(0x8080808080808080)) == 0;
}

static bool put_map(const struct step *s, struct text in, unsigned char *out)
{
	const struct layout_pair *p;

	if (in.n != 1 || (unsigned char)in.p[0] >= 128)
		return false;
	p = s->pair[(unsigned char)in.p[0]];
	for (size_t i = 0; p != NULL && i < p->theirs.n; i++)
		out[i] = (unsigned char)p->theirs.p[i];
	return p != NULL;
}

/* What layout_value_write gives, with the losses it marks, where it is of no
 * rule: none is told of one by one. False if the value is held. */
static bool write_value(struct layout_writing *w, struct layout_column *c,
    struct text *out, struct losses *losses)
{
	struct layout_report own = {0};
	struct layout_writing aside = *w;

	aside.report = &own;
	if (!layout_value_write(&aside, c, out) || own.held)
		return false;
	losses->informational |= own.informational;
	losses->material |= own.material;
	return true;
}

static bool put_date(struct layout_writing *w, const struct step *s,
    struct text in, unsigned char *out, struct losses *losses)
{
	char day[WAREKI_DAY_MAX];
	size_t n = wareki_put_day(s->c->date, in, day);
	struct text made;

	if (n == 0)
		return write_value(w, s->c, &made, losses) &&
		       put_ascii(s, made.p, made.n, out);
	if (n > s->cap)
		return false;
	/* Of seven, eight or ten bytes, the last in another four. */
	memcpy(out, day, 4);
	memcpy(out + n - 6, day + n - 6, 4);
	memcpy(out + n - 4, day + n - 4, 4);
	return true;
}

/* By its characters, or by its parts. */
static inline bool put_text(struct layout *l, const struct step *s,
    struct text in, unsigned char *out, uint64_t *told)
{
	struct layout_memo_made *made = &l->plan->made;

	if ((s->chars == NULL || !layout_chars_put(l, s->chars, in, made)) &&
	    !layout_memo_text(l, &s->list, in, made))
		return false;
	if (made->n > s->cap || ((made->told & s->list.tally->material) != 0 &&
				    !s->c->loss_allowed))
		return false;
	memcpy(out, made->out, made->n);
	*told = made->told;
	return true;
}

/* Puts another value of the wave into the frame, where it then stays. */
static bool renew(struct layout_writing *w, struct of_person *p, struct step *s,
    struct text in)
{
	struct losses losses = {0};
	struct text made;

	s->known = false;
	memset(p->frame + s->c->at, ' ', s->c->width);
	if (in.n > SAME_MAX || !write_value(w, s->c, &made, &losses) ||
	    (losses.informational | losses.material) != 0 ||
	    !put_ascii(s, made.p, made.n, p->frame + s->c->at)) {
		memset(p->frame + s->c->at, ' ', s->c->width);
		return false;
	}
	if (in.n > 0)
		memcpy(s->in, in.p, in.n);
	s->in_n = in.n;
	s->known = true;
	return true;
}

static bool is_same(const struct step *s, struct text in)
{
	return s->known && s->in_n == in.n && layout_same(s->in, in.p, in.n);
}

/* All that a wave has alike stands in the frame. */
static bool frame_holds(struct layout_writing *w, struct of_person *p)
{
	for (size_t i = 0; i < p->same; i++) {
		struct step *s = &p->step[i];
		struct text in = source(w->request, s);

		if ((s->required && in.n == 0) ||
		    (!is_same(s, in) && !renew(w, p, s, in)))
			return false;
	}
	return true;
}

/* What is told of a record once it stands. */
struct telling {
	struct losses losses;
	uint64_t text[TEXTS_MAX];
};

/* A value that is not empty. */
static inline bool put_step(struct layout_writing *w, const struct step *s,
    struct text in, unsigned char *record, struct telling *telling)
{
	unsigned char *out = record + s->c->at;

	switch (s->kind) {
	case STEP_CODE:
		return put_ascii(s, in.p, in.n, out);
	case STEP_MAP:
		return put_map(s, in, out);
	case STEP_DATE:
		return put_date(w, s, in, out, &telling->losses);
	case STEP_TEXT:
		return put_text(w->l, s, in, out, &telling->text[s->text]);
	case STEP_SAME:
		break;
	}
	return false;
}

static bool put_steps(struct layout_writing *w, const struct of_person *p,
    unsigned char *record, struct telling *telling)
{
	for (size_t i = p->same; i < p->steps; i++) {
		const struct step *s = &p->step[i];
		struct text in = source(w->request, s);

		if (in.n == 0 ? s->required
			      : !put_step(w, s, in, record, telling))
			return false;
	}
	return true;
}

static void tell(struct layout_report *report, const struct of_person *p,
    const struct telling *telling)
{
	report->informational |= telling->losses.informational;
	report->material |= telling->losses.material;
	for (size_t i = 0; i < p->texts; i++)
		layout_tally_tell(p->text[i]->list.tally, telling->text[i],
		    p->text[i]->c->slot, report);
}

bool layout_fast_row(struct layout_writing *w)
{
	struct telling telling = {0};
	unsigned char *record;
	struct of_person *p;

	if (w->l->plan == NULL || w->l->memo == NULL ||
	    w->report->note != NULL || w->l->see != NULL)
		return false;
	p = &w->l->plan->of[w->person];
	if (!frame_holds(w, p))
		return false;
	buf_room(w->out, p->frame_n);
	record = w->out->p + w->out->n;
	memcpy(record, p->frame, p->frame_n);
	if (!put_steps(w, p, record, &telling))
		return false;
	w->out->n += p->frame_n;
	tell(w->report, p, &telling);
	return true;
}
