/* match.c — match_of_request and match_grade of match.h. */
#include "match/match.h"

#include "base/date.h"
#include "match/match_form.h"
#include "text/encoding.h"
#include "text/fold.h"
#include "text/utf8.h"

/* How much a name proves. */
enum strength { NAME_NOT, NAME_SOUNDS, NAME_SAME };

/* What comparing the two told, item by item. */
struct facts {
	enum strength name;
	struct match_reason kana;
	struct match_reason kanji;
	struct match_reason birth;
	struct match_reason sex;
	struct match_reason address;
	struct match_reason person;
	bool corporation;
	bool birth_known; /* on both sides, in part at least */
};

static const char *item_name(enum request_item item)
{
#define NAME_(id, name, type, max, source, personal) [REQUEST_##id] = name,
	static const char *const names[] = {REQUEST_ITEMS(NAME_)};
#undef NAME_

	return names[item];
}

static struct match_reason reason(
    enum request_item item, enum match_verdict verdict, const char *rule)
{
	return (struct match_reason){item_name(item), verdict, rule};
}

void match_of_request(const struct request *r, struct match_person *out)
{
	*out = (struct match_person){
	    .person = r->f[REQUEST_PERSON],
	    .kana = r->f[REQUEST_KANA],
	    .kanji = r->f[REQUEST_KANJI],
	    .roman = r->f[REQUEST_ROMAN],
	    .birth = r->f[REQUEST_BIRTH],
	    .sex = r->f[REQUEST_SEX],
	    .address = r->f[REQUEST_ADDRESS],
	};
}

/* One pair of kana names, if it is better than what f has. */
static void try_name(
    struct facts *f, struct text a, struct text b, const char *rule)
{
	static const struct {
		enum strength strength;
		enum match_verdict verdict;
		const char *rule;
	} table[] = {
	    [MATCH_FORM_DIFFERS] = {NAME_NOT, MATCH_DIFFERS, "fold-kana"},
	    [MATCH_FORM_ORDER] = {NAME_SAME, MATCH_VARIANT, "name-order"},
	    [MATCH_FORM_SOUND] = {NAME_SOUNDS, MATCH_VARIANT, "long-vowel"},
	    [MATCH_FORM_FOLDED] = {NAME_SAME, MATCH_FOLDED, "fold-kana"},
	    [MATCH_FORM_EQUAL] = {NAME_SAME, MATCH_EQUAL, "equal"},
	};
	enum match_form_name how;
	enum match_verdict verdict;

	if (f->name == NAME_SAME || a.n == 0 || b.n == 0)
		return;
	how = match_form_names(a, b);
	if (f->kana.item != NULL && table[how].strength <= f->name)
		return;
	verdict = table[how].verdict;
	if (rule != NULL && verdict < MATCH_VARIANT)
		verdict = MATCH_VARIANT;
	f->name = table[how].strength;
	f->kana = reason(REQUEST_KANA, verdict,
	    rule != NULL && f->name != NAME_NOT ? rule : table[how].rule);
}

static void try_roman(struct facts *f, struct text a, struct text b)
{
	if (f->name == NAME_SAME || a.n == 0 || b.n == 0 ||
	    !match_form_is_latin(a) || !match_form_romans(a, b))
		return;
	f->name = NAME_SAME;
	f->kana = reason(REQUEST_KANA, MATCH_VARIANT, "roman");
}

/* Characters that a system puts where it lacks a kanji, and kana. */
static bool stands_for_any(uint32_t c)
{
	return c == 0x3013 || c == 0x25A1 || c == 0x25CF || c == '?' ||
	       c == '*' || (c >= 0x3041 && c <= 0x30FF) || !encoding_in_0208(c);
}

/* Do folded kanji names differ only where one side may lack the kanji? */
static bool kanji_similar(struct text a, struct text b)
{
	size_t i = 0;
	size_t k = 0;

	while (i < a.n && k < b.n) {
		uint32_t c = utf8_next(a, &i);
		uint32_t d = utf8_next(b, &k);

		if (c != d && !stands_for_any(c) && !stands_for_any(d))
			return false;
	}
	return i == a.n && k == b.n;
}

static void compare_kanji(struct facts *f, struct text a, struct text b)
{
	struct buf x = {0};
	struct buf y = {0};
	enum match_verdict verdict = MATCH_DIFFERS;

	f->kanji = reason(REQUEST_KANJI, MATCH_UNKNOWN, "not-known");
	if (a.n == 0 || b.n == 0)
		return;
	fold_kanji(a, &x);
	fold_kanji(b, &y);
	if (text_eq(a, b))
		verdict = MATCH_EQUAL;
	else if (bytes_eq(buf_bytes(&x), buf_bytes(&y)))
		verdict = MATCH_FOLDED;
	else if (kanji_similar(buf_text(&x), buf_text(&y)))
		verdict = MATCH_VARIANT;
	f->kanji = reason(REQUEST_KANJI, verdict,
	    verdict == MATCH_EQUAL ? "equal" : "fold-kanji");
	buf_fini(&x);
	buf_fini(&y);
}

static void compare_names(
    struct facts *f, const struct match_person *s, const struct match_person *c)
{
	compare_kanji(f, s->kanji, c->kanji);
	try_name(f, s->kana, c->kana, NULL);
	try_roman(f, s->roman, c->roman);
	try_roman(f, s->roman, c->kana);
	try_roman(f, s->kana, c->roman);
	try_name(f, s->kana, c->former_kana, "former-name");
	try_name(f, s->former_kana, c->kana, "former-name");
	if (f->kana.item != NULL)
		return;
	f->kana = reason(REQUEST_KANA, MATCH_UNKNOWN, "not-known");
	if (f->kanji.verdict <= MATCH_FOLDED)
		f->name = NAME_SAME;
}

/* One digit off, or day and month exchanged. */
static bool is_slip(struct date a, struct date b)
{
	char x[11];
	char y[11];
	int different = 0;

	if (a.year == b.year && a.month == b.day && a.day == b.month)
		return true;
	date_format(a, x);
	date_format(b, y);
	for (int i = 0; i < 10; i++)
		different += x[i] != y[i];
	return different == 1;
}

static enum match_verdict compare_dates(struct date a, struct date b)
{
	bool whole = a.day != 0 && b.day != 0;

	if (whole && date_cmp(a, b) == 0)
		return MATCH_EQUAL;
	if (whole)
		return is_slip(a, b) ? MATCH_VARIANT : MATCH_DIFFERS;
	if (a.year != 0 && b.year != 0 && a.year != b.year)
		return MATCH_DIFFERS;
	if (a.month != 0 && b.month != 0 && a.month != b.month)
		return MATCH_DIFFERS;
	return MATCH_UNKNOWN;
}

static void compare_birth(struct facts *f, struct text s, struct text c)
{
	struct date a = {0, 0, 0};
	struct date b = {0, 0, 0};
	enum match_verdict verdict = MATCH_UNKNOWN;

	if (date_parse_partial(s, &a) && date_parse_partial(c, &b))
		verdict = compare_dates(a, b);
	f->birth_known = a.year != 0 && b.year != 0;
	f->birth = reason(REQUEST_BIRTH, verdict,
	    verdict == MATCH_VARIANT   ? "date-slip"
	    : verdict == MATCH_UNKNOWN ? "partly-known"
				       : "equal");
}

static void compare_address(
    struct facts *f, const struct match_person *s, const struct match_person *c)
{
	static const enum match_verdict verdicts[] = {
	    [MATCH_FORM_ELSEWHERE] = MATCH_DIFFERS,
	    [MATCH_FORM_SAME_BLOCK] = MATCH_VARIANT,
	    [MATCH_FORM_SAME_FOLDED] = MATCH_FOLDED,
	    [MATCH_FORM_SAME] = MATCH_EQUAL,
	};
	const struct text pairs[3][2] = {
	    {s->address, c->address},
	    {s->address, c->former_address},
	    {s->former_address, c->address},
	};

	f->address = reason(REQUEST_ADDRESS, MATCH_UNKNOWN, "not-known");
	for (int i = 0; i < 3; i++) {
		enum match_verdict verdict;

		if (pairs[i][0].n == 0 || pairs[i][1].n == 0)
			continue;
		verdict =
		    verdicts[match_form_addresses(pairs[i][0], pairs[i][1])];
		if (i > 0 && verdict == MATCH_DIFFERS)
			continue;
		if (i > 0)
			verdict = MATCH_VARIANT;
		f->address = reason(REQUEST_ADDRESS, verdict,
		    i == 0 ? "fold-address" : "former-address");
		if (verdict != MATCH_DIFFERS)
			return;
	}
}

static void compare_sex(struct facts *f, struct text s, struct text c)
{
	bool known = (text_is(s, "1") || text_is(s, "2")) &&
		     (text_is(c, "1") || text_is(c, "2"));

	f->sex = reason(REQUEST_SEX,
	    !known	    ? MATCH_UNKNOWN
	    : text_eq(s, c) ? MATCH_EQUAL
			    : MATCH_DIFFERS,
	    known ? "equal" : "not-known");
}

static void compare_person(struct facts *f, struct text s, struct text c)
{
	enum match_verdict verdict = MATCH_UNKNOWN;

	if (s.n > 0 && c.n > 0)
		verdict = text_eq(s, c) ? MATCH_EQUAL : MATCH_DIFFERS;
	f->person = reason(REQUEST_PERSON, verdict,
	    verdict == MATCH_UNKNOWN ? "not-known" : "equal");
	f->corporation = text_is(s, "2") || text_is(c, "2");
}

static bool same(const struct match_reason *r)
{
	return r->item != NULL && r->verdict <= MATCH_VARIANT;
}

static bool differs(const struct match_reason *r)
{
	return r->item != NULL && r->verdict == MATCH_DIFFERS;
}

/* Name and date are the same: what may still speak against it? */
static enum match_grade grade_of_dated(const struct facts *f)
{
	bool kanji_same = f->kanji.verdict <= MATCH_FOLDED;

	if (differs(&f->address) || differs(&f->sex))
		return MATCH_REVIEW;
	if (f->name == NAME_SOUNDS && differs(&f->kanji))
		return MATCH_REVIEW;
	if (same(&f->address))
		return MATCH_CERTAIN;
	if (f->name == NAME_SOUNDS && !kanji_same)
		return MATCH_REVIEW;
	return differs(&f->kanji) ? MATCH_REVIEW : MATCH_CERTAIN;
}

static enum match_grade grade(const struct facts *f)
{
	if (differs(&f->person) || f->name == NAME_NOT)
		return MATCH_NONE;
	switch (f->birth.verdict) {
	case MATCH_EQUAL:
	case MATCH_FOLDED:
		return grade_of_dated(f);
	case MATCH_VARIANT:
		return same(&f->address) ? MATCH_REVIEW : MATCH_NONE;
	case MATCH_UNKNOWN:
		if (same(&f->address))
			return f->name == NAME_SAME && !differs(&f->sex)
				   ? MATCH_CERTAIN
				   : MATCH_REVIEW;
		/* A name alone, and another address: too many have it. */
		return !f->birth_known && differs(&f->address) ? MATCH_NONE
							       : MATCH_REVIEW;
	case MATCH_DIFFERS:
		return f->corporation && same(&f->address) ? MATCH_REVIEW
							   : MATCH_NONE;
	}
	return MATCH_NONE;
}

/* 0…300 */
static int closeness(const struct facts *f)
{
	static const int name[] = {100, 90, 60, 20, 0};
	static const int birth[] = {100, 100, 30, 40, 0};
	static const int address[] = {70, 65, 55, 30, 0};
	static const int kanji[] = {30, 25, 15, 15, 0};

	return name[f->kana.verdict] + birth[f->birth.verdict] +
	       (f->address.item ? address[f->address.verdict] : 30) +
	       kanji[f->kanji.verdict];
}

static void tell(const struct facts *f, struct match_result *out)
{
	const struct match_reason *all[MATCH_REASONS] = {
	    &f->kana, &f->kanji, &f->birth, &f->sex, &f->address, &f->person};

	for (size_t i = 0; i < MATCH_REASONS; i++)
		if (all[i]->item != NULL)
			out->reason[out->reasons++] = *all[i];
}

void match_grade(struct arena *a, const struct match_person *subject,
    const struct match_person *customer, const struct match_use *use,
    struct match_result *out)
{
	static const int floors[] = {
	    [MATCH_NONE] = 0, [MATCH_REVIEW] = 400, [MATCH_CERTAIN] = 700};
	struct facts f = {.name = NAME_NOT};
	int close;

	(void)a;
	*out = (struct match_result){.grade = MATCH_NONE};
	compare_person(&f, subject->person, customer->person);
	compare_names(&f, subject, customer);
	compare_birth(&f, subject->birth, customer->birth);
	if (use->sex)
		compare_sex(&f, subject->sex, customer->sex);
	if (use->address)
		compare_address(&f, subject, customer);
	out->grade = grade(&f);
	close = closeness(&f);
	if (out->grade == MATCH_REVIEW && close > 299)
		close = 299;
	out->score = floors[out->grade] + close;
	tell(&f, out);
}
