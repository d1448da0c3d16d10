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
	STEP_NUMBER, /* a text of digits */
	STEP_TEXT,   /* by the memo */
	STEP_SAME,   /* seldom another than in the record before */
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
	/* STEP_TEXT, STEP_NUMBER; tally NULL: as it is. */
	struct layout_tally *tally;
	struct layout_chars *chars;
	enum rules_cut parted;
	struct layout_memo_number number;
	/* STEP_SAME: */
	bool known;
	size_t in_n;
	char in[SAME_MAX];
};

/* A text of the record at hand. */
struct text_at {
	struct text in;
	struct layout_memo_look look;
	uint64_t told;
};

/* Of persons of one kind. */
struct of_person {
	struct step *step; /* those of the wave first, texts last */
	size_t same;	   /* how many those are */
	size_t texts;	   /* where these begin */
	size_t steps;
	unsigned char *frame; /* a record with what is always there */
	size_t frame_n;	      /* with its newline */
};

struct layout_plan {
	struct of_person of[LAYOUT_PERSONS];
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
		s->pair[(unsigned char)p->ours.p[0]] = p->refused ? NULL : p;
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

static void plan_text(struct step *s, int person)
{
	s->tally = s->c->tally[person];
	s->chars = s->c->chars[person];
	s->parted = s->c->parted[person];
	s->kind = s->tally != NULL && s->parted == RULES_NUMBER ? STEP_NUMBER
								: STEP_TEXT;
}

static bool plan_column(
    struct arena *a, struct layout_column *c, int person, struct step *s)
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
		plan_text(s, person);
		return true;
	case OP_MAP:
		s->kind = STEP_MAP;
		return plan_map(a, s);
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

static int rank(const struct step *s)
{
	return s->kind == STEP_SAME ? 0 : s->kind >= STEP_NUMBER ? 2 : 1;
}

/* Those of the wave first, texts last, else in the order of the columns. */
static void order_steps(struct layout *l, struct of_person *p)
{
	struct step *to = arena_zero(&l->arena, p->steps, sizeof(*to));
	size_t n = 0;

	for (int k = 0; k <= 2; k++) {
		if (k == 1)
			p->same = n;
		if (k == 2)
			p->texts = n;
		for (size_t i = 0; i < p->steps; i++)
			if (rank(&p->step[i]) == k)
				to[n++] = p->step[i];
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
		if (!plan_column(&l->arena, c, person, &p->step[p->steps++]))
			return false;
	}
	order_steps(l, p);
	plan_frame(l, row, p);
	return p->steps - p->texts <= TEXTS_MAX;
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

	for (size_t i = 0; t.n == 0 && i < s->sources; i++)
		memcpy(&t, (const char *)r + s->from[i], sizeof(t));
	return t;
}

/* ASCII alone is the same in every encoding here. */
static bool put_ascii(
    const struct step *s, const char *p, size_t n, unsigned char *out)
{
	uint64_t any = 0;

	if (n > s->cap)
		return false;
	for (; n >= 8; n -= 8, p += 8, out += 8) {
		uint64_t w;

		memcpy(&w, p, 8);
		memcpy(out, &w, 8);
		any |= w;
	}
	for (size_t i = 0; i < n; i++) {
		any |= (unsigned char)p[i];
		out[i] = (unsigned char)p[i];
	}
	return (any & UINT64_C(0x8080808080808080)) == 0;
}

static bool put_map(const struct step *s, struct text in, unsigned char *out)
{
	const struct layout_pair *p;

	if (in.n != 1 || (unsigned char)in.p[0] >= 128)
		return in.n == 0;
	p = s->pair[(unsigned char)in.p[0]];
	return p != NULL && put_ascii(s, p->theirs.p, p->theirs.n, out);
}

/* What layout_value_write gives where it tells nothing; false elsewhere. */
static bool write_silently(
    struct layout_writing *w, struct layout_column *c, struct text *out)
{
	struct layout_report silent = {0};
	struct layout_writing own = *w;

	own.report = &silent;
	return layout_value_write(&own, c, out) && !silent.held &&
	       (silent.informational | silent.material) == 0;
}

static bool put_date(struct layout_writing *w, const struct step *s,
    struct text in, unsigned char *out)
{
	char day[WAREKI_DAY_MAX];
	size_t n = wareki_put_day(s->c->date, in, day);
	struct text made = text_trust(day, n);

	if (n == 0 && in.n != 0 && !write_silently(w, s->c, &made))
		return false;
	return made.n == 0 || put_ascii(s, made.p, made.n, out);
}

/* By its characters, or by its parts, which look_at_texts has looked at
 * where there are no characters. */
static bool make_text(struct layout_writing *w, const struct step *s,
    unsigned char made[LAYOUT_MEMO_ROOM], size_t *n, struct text_at *t)
{
	if (s->chars != NULL) {
		if (layout_chars_put(w->l, s->chars, t->in, made, n, &t->told))
			return true;
		layout_memo_look(w->l, s->tally, s->parted, t->in, &t->look);
	}
	return layout_memo_write(w->l, &t->look, made, n, &t->told);
}

static bool put_text(struct layout_writing *w, const struct step *s,
    struct text_at *t, unsigned char *out)
{
	struct text in = t->in;
	unsigned char made[LAYOUT_MEMO_ROOM];
	size_t n;

	if (s->tally == NULL)
		return put_ascii(s, in.p, in.n, out);
	if (!make_text(w, s, made, &n, t) || n > s->cap ||
	    ((t->told & s->tally->material) != 0 && !s->c->loss_allowed))
		return false;
	memcpy(out, made, n);
	return true;
}

static bool put_number(struct layout_writing *w, struct step *s,
    struct text_at *t, unsigned char *out)
{
	unsigned char made[LAYOUT_MEMO_ROOM];
	struct layout_memo_number *number = &s->number;

	if (!layout_memo_number_put(number, t->in, made)) {
		layout_memo_look(w->l, s->tally, s->parted, t->in, &t->look);
		if (!layout_memo_number_learn(w->l, &t->look, number) ||
		    !layout_memo_number_put(number, t->in, made))
			return put_text(w, s, t, out);
	}
	if (number->n > s->cap ||
	    ((number->told & s->tally->material) != 0 && !s->c->loss_allowed))
		return false;
	t->told = number->told;
	memcpy(out, made, number->n);
	return true;
}

/* Puts another value of the wave into the frame, where it then stays. */
static bool renew(struct layout_writing *w, struct of_person *p, struct step *s,
    struct text in)
{
	struct text made;

	s->known = false;
	memset(p->frame + s->c->at, ' ', s->c->width);
	if (in.n > SAME_MAX || !write_silently(w, s->c, &made) ||
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
	return s->known && s->in_n == in.n &&
	       (in.n == 0 || memcmp(s->in, in.p, in.n) == 0);
}

/* A value of its own kind, which is neither empty nor a text. */
static inline bool put_step(struct layout_writing *w, const struct step *s,
    struct text in, unsigned char *record)
{
	unsigned char *out = record + s->c->at;

	switch (s->kind) {
	case STEP_CODE:
		return put_ascii(s, in.p, in.n, out);
	case STEP_MAP:
		return put_map(s, in, out);
	case STEP_DATE:
		return put_date(w, s, in, out);
	case STEP_NUMBER:
	case STEP_TEXT:
	case STEP_SAME:
		break;
	}
	return false;
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

/* Texts that go by their parts are on their way before the first is put. */
static void look_at_texts(
    struct layout_writing *w, const struct of_person *p, struct text_at *texts)
{
	for (size_t i = p->texts; i < p->steps; i++, texts++) {
		const struct step *s = &p->step[i];

		texts->in = source(w->request, s);
		texts->told = 0;
		if (s->kind == STEP_TEXT && s->tally != NULL &&
		    s->chars == NULL)
			layout_memo_look(
			    w->l, s->tally, s->parted, texts->in, &texts->look);
	}
}

static bool put_steps(
    struct layout_writing *w, struct of_person *p, unsigned char *record)
{
	for (size_t i = p->same; i < p->texts; i++) {
		const struct step *s = &p->step[i];
		struct text in = source(w->request, s);

		if (in.n == 0 ? s->required : !put_step(w, s, in, record))
			return false;
	}
	return true;
}

static bool put_texts(struct layout_writing *w, struct of_person *p,
    struct text_at *texts, unsigned char *record)
{
	for (size_t i = p->texts; i < p->steps; i++, texts++) {
		struct step *s = &p->step[i];
		unsigned char *out = record + s->c->at;

		if (texts->in.n == 0) {
			if (s->required)
				return false;
		} else if (!(s->kind == STEP_NUMBER
				   ? put_number(w, s, texts, out)
				   : put_text(w, s, texts, out))) {
			return false;
		}
	}
	return true;
}

bool layout_fast_row(struct layout_writing *w)
{
	struct text_at texts[TEXTS_MAX];
	unsigned char *record;
	struct of_person *p;

	if (w->l->plan == NULL || w->l->memo == NULL ||
	    w->report->note != NULL || w->l->see != NULL)
		return false;
	p = &w->l->plan->of[w->person];
	if (!frame_holds(w, p))
		return false;
	look_at_texts(w, p, texts);
	buf_room(w->out, p->frame_n);
	record = w->out->p + w->out->n;
	memcpy(record, p->frame, p->frame_n);
	if (!put_steps(w, p, record) || !put_texts(w, p, texts, record))
		return false;
	w->out->n += p->frame_n;
	for (size_t i = p->texts; i < p->steps; i++)
		if (p->step[i].tally != NULL)
			layout_tally_tell(p->step[i].tally,
			    texts[i - p->texts].told, p->step[i].c->slot,
			    w->report);
	return true;
}
