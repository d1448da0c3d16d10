/*
 * layout_ask.c — an inquiry as the records it becomes: whether the
 * institution accepts it at all, and once more under each former name and
 * address that it can be asked under.
 */
#include "layout/layout_fast.h"
#include "layout/layout_put.h"

#include "text/utf8.h"

/* ---- what the institution accepts ---- */

static void refuse(struct layout_writing *w, enum request_item item,
    const char *ja, const char *en)
{
	struct layout_column c = {.slot = (int)item};

	layout_value_hold(w, &c, "accepts", 0, 0, ja, en);
}

static bool accepts_authority(const struct layout *l, struct text order)
{
	for (size_t i = 0; i < l->authority_n; i++)
		if (order.n >= l->authority[i].n &&
		    memcmp(order.p, l->authority[i].p, l->authority[i].n) == 0)
			return true;
	return l->authority_n == 0;
}

/* Is "D/D" no longer than so many years? What is no period is not judged. */
static bool accepts_period(const struct layout *l, struct text period)
{
	struct date from;
	struct date to;

	if (l->years == 0 || period.n != 21 ||
	    !date_parse(text_trust(period.p, 10), &from) ||
	    !date_parse(text_trust(period.p + 11, 10), &to))
		return true;
	from.year += (int)l->years;
	return date_cmp(to, from) < 0;
}

static bool accepts(struct layout_writing *w)
{
	const struct layout *l = w->l;
	const struct text *f = w->request->f;

	if (!l->persons[w->person])
		refuse(w, REQUEST_PERSON, "この金融機関が受け付けない属性です",
		    "the institution does not accept this kind of person");
	else if (!layout_accepts_basis(l, f[REQUEST_BASIS]))
		refuse(w, REQUEST_BASIS,
		    "この金融機関が受け付けない根拠法令です",
		    "the institution does not accept this basis");
	else if (!accepts_authority(l, f[REQUEST_ORDER_CODE]))
		refuse(w, REQUEST_ORDER_CODE,
		    "この金融機関が受け付けない団体です",
		    "the institution does not accept this authority");
	else if (!accepts_period(l, f[REQUEST_PERIOD]))
		refuse(w, REQUEST_PERIOD, "照会対象期間が長すぎます",
		    "the period is longer than the institution accepts");
	else
		return true;
	return false;
}

/* ---- once more ---- */

/* 旧氏 is a family name: the given name stays. One with a space is whole. */
static struct text renamed(
    struct arena *a, struct text former, struct text name)
{
	const char *space = name.n ? memchr(name.p, ' ', name.n) : NULL;
	size_t rest = space ? name.n - (size_t)(space - name.p) : 0;
	char *z;

	if (former.n == 0 || rest == 0 ||
	    memchr(former.p, ' ', former.n) != NULL)
		return former;
	z = arena_take(a, former.n + rest);
	memcpy(z, former.p, former.n);
	memcpy(z + former.n, space, rest);
	return text_trust(z, former.n + rest);
}

static bool rename_to(struct request *v, struct text kanji, struct text kana)
{
	/* A reading is never guessed: without it there is no record. */
	if (kanji.n == 0 || kana.n == 0 ||
	    (text_eq(kana, v->f[REQUEST_KANA]) &&
		text_eq(kanji, v->f[REQUEST_KANJI])))
		return false;
	v->f[REQUEST_KANJI] = kanji;
	v->f[REQUEST_KANA] = kana;
	/* Under this name and no other: a column that takes one of these first
	 * (from) would ask under two names at once. */
	v->f[REQUEST_ROMAN] = (struct text){0};
	v->other[REQUEST_OTHER_ALIAS] = (struct text){0};
	v->other[REQUEST_OTHER_ALIAS_KANA] = (struct text){0};
	v->other[REQUEST_OTHER_CONFIRMED_KANA] = (struct text){0};
	return true;
}

/* The inquiry under that name or address; false if there is no such record. */
static bool vary(
    struct arena *a, const struct request *r, int what, struct request *v)
{
	const struct text *other = r->other;

	*v = *r;
	if (what == REQUEST_OTHER_FORMER_NAME)
		return rename_to(v,
		    renamed(a, other[what], r->f[REQUEST_KANJI]),
		    renamed(a, other[REQUEST_OTHER_FORMER_KANA],
			r->f[REQUEST_KANA]));
	if (what == REQUEST_OTHER_ALIAS)
		return rename_to(
		    v, other[what], other[REQUEST_OTHER_ALIAS_KANA]);
	if (other[what].n == 0 || text_eq(other[what], r->f[REQUEST_ADDRESS]))
		return false;
	v->f[REQUEST_ADDRESS] = other[what];
	v->f[REQUEST_POSTAL] = (struct text){0};
	v->f[REQUEST_ADDRESS_CODE] = (struct text){0};
	v->f[REQUEST_ADDRESS_KANA] = (struct text){0};
	return true;
}

/* T2: what is known and not asked under is told. */
static void leave_out(struct layout_writing *w, int what)
{
	bool name =
	    what == REQUEST_OTHER_FORMER_NAME || what == REQUEST_OTHER_ALIAS;
	enum request_item item = name ? REQUEST_KANJI : REQUEST_ADDRESS;
	struct rules_change change = {
	    .rule = "fan-out",
	    .at = 1,
	    .before = w->request->other[what],
	    .after = {"", 0},
	    .loss = RULES_INFORMATIONAL,
	};

	if (change.before.n == 0)
		return;
	w->report->informational |= UINT32_C(1) << item;
	if (w->report->note != NULL)
		w->report->note(w->report->ctx, item, &change);
}

static bool put_detail(struct layout_writing *w)
{
	return layout_fast_row(w) ||
	       layout_put_row(w, &w->l->request.row[ROW_DETAIL]);
}

static bool put_variants(struct layout_writing *w)
{
	const struct request *r = w->request;
	struct layout *l = w->l;
	struct request v;

	for (int i = 0; i < l->fan_n; i++) {
		if (w->variant >= l->fan_max ||
		    !vary(&l->scratch, r, l->fan[i], &v)) {
			leave_out(w, l->fan[i]);
			continue;
		}
		w->variant++;
		w->request = &v;
		if (!put_detail(w))
			return false;
		w->request = r;
	}
	return true;
}

void layout_put_request(struct layout *l, const struct request *r,
    struct buf *out, struct layout_report *report)
{
	struct layout_writing w = {.l = l,
	    .out = out,
	    .request = r,
	    .report = report,
	    .variant = 1,
	    .person = layout_person(r->f[REQUEST_PERSON])};
	size_t start = out->n;

	if (accepts(&w) && put_detail(&w) && put_variants(&w)) {
		l->run.rows += w.variant;
		l->run.extra += w.variant - 1;
	} else {
		out->n = start;
	}
	arena_reset(&l->scratch);
}
