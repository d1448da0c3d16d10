/* layout_chars.c — see layout_chars.h. */
#include "layout/layout_chars.h"

#include "text/corp.h"
#include "text/utf8.h"

#define OUT_MAX 5
#define CLASSES_MAX 64
#define HIRA_FIRST 0x3041u /* ぁ–ゖ */
#define HIRA_LAST 0x3096u
#define HIRA_TO_KATA 0x60u
#define KATA_FIRST 0x30A1u /* ァ–ヺ, without ・ */
#define KATA_LAST 0x30FAu
#define LONG 0x30FCu   /* ー */
#define REPEAT 0x3005u /* 々 */
#define IDEO_FIRST 0x3400u
#define IDEO_LAST 0x9FFFu
#define PAGE 256u
#define PAGED_LAST 0x2FFFFu /* of what has a page */
#define PAGES (PAGED_LAST / PAGE + 1)

/* What a character is to the next one, what it asks of the one before, and
 * which letters of corporate words it may be. */
enum {
	IS_WORD = 1,	   /* of a word: no space */
	IS_KANA = 2,	   /* a katakana, or ー behind one */
	WANTS_WORD = 4,	   /* a space: alone, between words */
	WANTS_KANA = 8,	   /* ー */
	OF_COMPANY = 0x10, /* ヤ 社 */
	OF_LAW = 0x20,	   /* ホ 法 */
	OF_BOTH = 0x40,	   /* シ of both in kana; 会 人 */
	OF_ONE = 0x80,	   /* イ of a company, ン of law; 会 人 */
};

/*
 * Every corporate word (text/corp.c) has one of カイシヤ, ガイシヤ, ホウジン,
 * 会社, 法人 in it, in whatever size and voicing; ー may be dropped between. A
 * name with one of these is left alone where a rule looks for such words.
 */
enum letter {
	LETTER_OTHER,
	LETTER_KA,
	LETTER_I,
	LETTER_SHI,
	LETTER_YA,
	LETTER_HO,
	LETTER_U,
	LETTER_N,
	LETTER_LONG,
	LETTER_KAI,	/* 会 */
	LETTER_COMPANY, /* 社 */
	LETTER_LAW,	/* 法 */
	LETTER_PERSON,	/* 人 */
	LETTERS
};

/* How far such a word has come; FOUND, COMPANY (会社): it is one. */
enum { FOUND = 9, COMPANY, STATES };
static const unsigned char goes_to[STATES][LETTERS] = {
#define BEGINS                                                                 \
	[LETTER_KA] = 1, [LETTER_HO] = 4, [LETTER_KAI] = 7, [LETTER_LAW] = 8
    [0] = {BEGINS},
    [1] = {BEGINS, [LETTER_I] = 2, [LETTER_LONG] = 1},
    [2] = {BEGINS, [LETTER_SHI] = 3, [LETTER_LONG] = 2},
    [3] = {BEGINS, [LETTER_YA] = COMPANY, [LETTER_LONG] = 3},
    [4] = {BEGINS, [LETTER_U] = 5, [LETTER_LONG] = 4},
    [5] = {BEGINS, [LETTER_SHI] = 6, [LETTER_LONG] = 5},
    [6] = {BEGINS, [LETTER_N] = FOUND, [LETTER_LONG] = 6},
    [7] = {BEGINS, [LETTER_COMPANY] = COMPANY, [LETTER_LONG] = 7},
    [8] = {BEGINS, [LETTER_PERSON] = FOUND, [LETTER_LONG] = 8},
    [FOUND] = {BEGINS},
    [COMPANY] = {BEGINS},
#undef BEGINS
};

/* What becomes of one character: looked at and put as one number. */
struct entry {
	unsigned char out[OUT_MAX];
	unsigned char flags;
	unsigned char n;
	unsigned char class; /* of told; over 127 with WANTS; 0: see n */
};
_Static_assert(sizeof(struct entry) == 8, "one number");
enum { UNKNOWN, ALONE }; /* nobody has asked yet; it takes a look around */
#define FLAGS_AT 40	 /* in that number */
#define N_AT 48
#define CLASS_AT 56
#define WANTS 0x80		       /* it asks something of the one before */
#define PLAIN (INT64_C(1) << CLASS_AT) /* the least that is known to be so */

/* A corporate word with the spaces around it, and what becomes of it there. */
#define WORDS_MAX 16
#define WORD_BYTES 96
#define WORD_OUT 24
struct word {
	unsigned char n; /* 0: not used yet */
	unsigned char where;
	unsigned char out_n;
	bool kept;    /* what becomes of it could be told */
	bool company; /* it is of 会社 */
	char text[WORD_BYTES];
	unsigned char out[WORD_OUT];
	uint64_t told;
};

struct layout_chars {
	const struct rules *rules;
	struct layout_tally *tally;
	bool corporate;	  /* a rule looks for corporate words … */
	bool abbreviates; /* … and does no more than to abbreviate one */
	/* Characters that tell the same changes are a class. */
	uint64_t told[CLASSES_MAX + 1];
	size_t classes;
	struct entry *page[PAGES]; /* by code point */
	struct entry none[PAGE];   /* the page of all that nobody asked for */
	struct word word[WORDS_MAX];
	size_t words; /* made: the oldest gives way */
};

struct layout_chars *layout_chars_new(
    struct layout *l, struct layout_tally *tally)
{
	struct layout_chars *t = arena_zero(&l->arena, 1, sizeof(*t));
	const struct rules *rules = tally->rules;

	t->rules = rules;
	t->tally = tally;
	t->abbreviates = true;
	for (size_t i = 0; i < PAGES; i++)
		t->page[i] = t->none;
	for (size_t i = 0; rules_name(rules, i) != NULL; i++) {
		const char *name = rules_name(rules, i);

		if (strncmp(name, "corp", 4) != 0)
			continue;
		t->corporate = true;
		t->abbreviates &= strncmp(name, "corp:abbrev", 11) == 0;
	}
	return t;
}

/* ---- making an entry ---- */

/* What becomes of t, in the layout's field. */
static bool convert(
    struct layout *l, struct layout_tally_making *m, struct text t)
{
	struct rules_report report = {.note = layout_tally_note, .ctx = m};
	struct text out;
	uint32_t bad;
	size_t at;

	memset(m->n, 0, sizeof(m->n));
	buf_clear(&l->field);
	return rules_apply(m->t->rules, t, &l->scratch, &out, &report) &&
	       !m->bad &&
	       encoding_encode(l->encoding, out, &l->field, &at, &bad);
}

/* Takes the ア before it, behind it or both off what was made. */
static bool take_off(
    struct layout *l, struct layout_tally_making *m, bool before, bool behind)
{
	struct layout_tally_making own = {.t = m->t};
	unsigned char made[64];
	size_t n = l->field.n;
	size_t head;
	size_t tail;

	if (n > sizeof(made))
		return false;
	memcpy(made, l->field.p, n);
	if (!convert(l, &own, TEXT("ア")))
		return false;
	head = before ? l->field.n : 0;
	tail = behind ? l->field.n : 0;
	if (n < head + tail || memcmp(made, l->field.p, head) != 0 ||
	    memcmp(made + n - tail, l->field.p, tail) != 0)
		return false;
	for (size_t i = 0; i < LAYOUT_TALLY_PAIRS; i++) {
		unsigned share = ((unsigned)before + behind) * own.n[i];

		if (m->n[i] < share)
			return false;
		m->n[i] = (unsigned char)(m->n[i] - share);
	}
	buf_clear(&l->field);
	buf_add(&l->field, made + head, n - head - tail);
	return true;
}

/* What becomes of t between ア and ア, or with one of them alone. */
static bool convert_between(struct layout *l, struct layout_tally_making *m,
    struct text t, bool before, bool behind)
{
	struct buf in = {0};
	bool good;

	buf_z(&in, before ? "ア" : "");
	buf_text_add(&in, t);
	buf_z(&in, behind ? "ア" : "");
	good = convert(l, m, buf_text(&in)) && take_off(l, m, before, behind);
	buf_fini(&in);
	return good;
}

/* The class of that telling; 0 if there are too many. One of a pair a
 * character: as many as a value may have fit a byte. */
static unsigned char class_of(
    struct layout_chars *t, const struct layout_tally_making *m)
{
	uint64_t told = layout_tally_packed(m->n);
	size_t i = 0;

	for (size_t k = 0; k < LAYOUT_TALLY_PAIRS; k++)
		if (m->n[k] > 1)
			return 0;
	while (i < t->classes && t->told[i + 1] != told)
		i++;
	if (i == CLASSES_MAX)
		return 0;
	if (i == t->classes)
		t->told[++t->classes] = told;
	return (unsigned char)(i + 1);
}

static bool is_hiragana(uint32_t c)
{
	return c >= HIRA_FIRST && c <= HIRA_LAST;
}

static bool is_katakana(uint32_t c)
{
	return c >= KATA_FIRST && c <= KATA_LAST;
}

static enum letter letter_of(uint32_t c)
{
	switch (is_hiragana(c) ? c + HIRA_TO_KATA : c) {
	case 0x30AB: /* カ ガ ヵ, and ヶ, which may be ガ */
	case 0x30AC:
	case 0x30F5:
	case 0x30F6:
		return LETTER_KA;
	case 0x30A3: /* ィ イ ヰ */
	case 0x30A4:
	case 0x30F0:
		return LETTER_I;
	case 0x30B7: /* シ ジ */
	case 0x30B8:
		return LETTER_SHI;
	case 0x30E3: /* ャ ヤ */
	case 0x30E4:
		return LETTER_YA;
	case 0x30DB: /* ホ ボ ポ */
	case 0x30DC:
	case 0x30DD:
		return LETTER_HO;
	case 0x30A5: /* ゥ ウ ヴ */
	case 0x30A6:
	case 0x30F4:
		return LETTER_U;
	case 0x30F3:
		return LETTER_N;
	case LONG:
		return LETTER_LONG;
	case 0x4F1A:
		return LETTER_KAI;
	case 0x793E:
		return LETTER_COMPANY;
	case 0x6CD5:
		return LETTER_LAW;
	case 0x4EBA:
		return LETTER_PERSON;
	}
	return LETTER_OTHER;
}

static unsigned char flags_of(uint32_t c)
{
	static const unsigned char of_letter[LETTERS] = {
	    [LETTER_YA] = OF_COMPANY,
	    [LETTER_COMPANY] = OF_COMPANY,
	    [LETTER_HO] = OF_LAW,
	    [LETTER_LAW] = OF_LAW,
	    [LETTER_SHI] = OF_BOTH,
	    [LETTER_I] = OF_ONE,
	    [LETTER_N] = OF_ONE,
	    [LETTER_KAI] = OF_BOTH | OF_ONE,
	    [LETTER_PERSON] = OF_BOTH | OF_ONE,
	};
	unsigned flags = IS_WORD | of_letter[letter_of(c)];

	if (c == ' ' || c == 0x3000)
		return WANTS_WORD;
	if (c == LONG)
		flags |= IS_KANA | WANTS_KANA;
	else if (is_katakana(c))
		flags |= IS_KANA;
	return (unsigned char)flags;
}

/* Ideographs, those for compatibility and beyond the BMP among them. */
static bool is_ideograph(uint32_t c)
{
	return (c >= IDEO_FIRST && c <= IDEO_LAST) ||
	       (c >= 0xF900 && c <= 0xFAFF) || c >= 0x20000;
}

/* Kana, ー, ideographs, 々, letters and spaces: no ・, no marks that are told
 * by what is before them. */
static bool is_good(uint32_t c)
{
	return c == ' ' || (c >= 'A' && c <= 'Z') || c == 0x3000 ||
	       c == REPEAT || is_hiragana(c) || is_katakana(c) || c == LONG ||
	       is_ideograph(c);
}

/* c as it stands in names, converted, in the layout's field. */
static bool convert_one(
    struct layout *l, struct layout_tally_making *m, uint32_t c)
{
	bool space = (flags_of(c) & WANTS_WORD) != 0;
	char z[4];
	struct text t = text_trust(z, utf8_write(c, z));

	return convert_between(l, m, t, space || c == LONG, space);
}

static void make(
    struct layout *l, struct layout_chars *t, struct entry *e, uint32_t c)
{
	struct layout_tally_making m = {.t = t->tally};
	unsigned char class;

	e->n = ALONE;
	if (!is_good(c) || !convert_one(l, &m, c) || l->field.n > OUT_MAX)
		return;
	/* Of another character a corporate word may come. */
	if (t->corporate && c >= IDEO_FIRST && layout_tally_packed(m.n) != 0)
		return;
	class = class_of(t, &m);
	if (class == 0)
		return;
	e->flags = flags_of(c);
	e->class = class;
	if ((e->flags & (WANTS_WORD | WANTS_KANA)) != 0)
		e->class |= WANTS;
	e->n = (unsigned char)l->field.n;
	if (e->n != 0)
		memcpy(e->out, l->field.p, e->n);
}

/* ---- putting ---- */

/* The flags of an entry, or of several, as a number. */
static inline unsigned flags_in(uint64_t e)
{
	return e >> FLAGS_AT & 0xFF;
}

/* The entry of a character nobody has asked for yet; 0: it cannot be put by
 * itself. */
static __attribute__((noinline, cold)) uint64_t meet(
    struct layout *l, struct layout_chars *t, uint32_t c)
{
	struct entry **page = &t->page[c / PAGE];
	struct entry *e;
	uint64_t v;

	if (!is_good(c))
		return 0;
	if (*page == t->none)
		*page = arena_zero(&l->arena, PAGE, sizeof(**page));
	e = &(*page)[c % PAGE];
	if (e->class == 0 && e->n == UNKNOWN)
		make(l, t, e, c);
	memcpy(&v, e, sizeof(v));
	return e->class == 0 ? 0 : v;
}

/* The entry e of a character that is not known to be plain, as one that is; 0:
 * it cannot be put behind the one before. */
static inline uint64_t look_around(struct layout *l, struct layout_chars *t,
    uint32_t c, uint64_t e, uint64_t before)
{
	if (e >> CLASS_AT == 0)
		e = meet(l, t, c);
	/* WANTS_WORD needs an IS_WORD before it, WANTS_KANA an IS_KANA. */
	if ((e / (WANTS_WORD / IS_WORD) & ~before &
		(uint64_t)(IS_WORD | IS_KANA) << FLAGS_AT) != 0)
		return 0;
	return e & ~((uint64_t)WANTS << CLASS_AT);
}

/* The character at *p of valid text, which moves behind it; 0, which no text
 * holds, for one without a page. */
static inline uint32_t next(const unsigned char **p)
{
	const unsigned char *at = *p;
	size_t n = 0;
	uint32_t c;

	if (at[0] >= 0xE0 && at[0] < 0xF0) {
		*p = at + 3;
		return ((uint32_t)at[0] << 12) + ((uint32_t)at[1] << 6) +
		       at[2] - ((0xE0u << 12) + (0x80u << 6) + 0x80u);
	}
	c = at[0] < 0x80 ? at[n++]
			 : utf8_next(text_trust((const char *)at, 4), &n);
	*p = at + n;
	return c <= PAGED_LAST ? c : 0;
}

/* What has been put of a value. */
struct putting {
	unsigned char *to;
	uint64_t told;
	uint64_t before; /* the entry of the last character */
	uint64_t any;	 /* bits of all */
};

/* Puts the characters of in; false if one cannot be put by itself, or not
 * behind the one before. */
static bool put(
    struct layout *l, struct layout_chars *t, struct text in, struct putting *u)
{
	const unsigned char *p = (const unsigned char *)in.p;
	const unsigned char *end = p + in.n;
	struct entry *const *page = t->page;
	const uint64_t *told = t->told;
	struct putting v = *u;

	while (p < end) {
		uint32_t c = next(&p);
		uint64_t e;

		memcpy(&e, &page[c / PAGE][c % PAGE], sizeof(e));
		if ((int64_t)e < PLAIN &&
		    (e = look_around(l, t, c, e, v.before)) == 0)
			return false;
		memcpy(v.to, &e, sizeof(e));
		v.to += e >> N_AT & 0xFF;
		v.told += told[e >> CLASS_AT];
		v.before = e;
		v.any |= e;
	}
	*u = v;
	return true;
}

/* May the letters of any corporate word be among these? */
static bool may_be_corporate(uint64_t any)
{
	unsigned flags = flags_in(any);

	return (~flags & (OF_BOTH | OF_ONE)) == 0 &&
	       (flags & (OF_COMPANY | OF_LAW)) != 0;
}

/* ---- a corporate word ---- */

/* How many there are, perhaps, in a name; *company: one is of 会社. */
static unsigned corporate(struct text in, bool *company)
{
	unsigned state = 0;
	unsigned found = 0;

	*company = false;
	for (size_t i = 0; i < in.n;) {
		state = goes_to[state][letter_of(utf8_next(in, &i))];
		found += state >= FOUND;
		*company |= state == COMPANY;
	}
	return found;
}

/* Where it stands. */
enum { WORD_HEAD = 1, WORD_TAIL = 2 };

/* Kana that a rule may make another letter of, and ー: with these a word may
 * come or grow that is none as it stands. */
static bool is_odd(uint32_t c)
{
	return c == LONG || (c >= 0x30F0 && c <= 0x30F6 && c != 0x30F3) ||
	       (c >= 0x3090 && c <= HIRA_LAST && c != 0x3093);
}

static bool is_space(uint32_t c)
{
	return c == ' ' || c == 0x3000;
}

/*
 * The first corporate word in in, with the spaces around it. None of 会社 is
 * the end of another, and nothing of a word is behind it: of these none grows,
 * whatever stands beside them.
 */
static bool find_word(struct text in, bool company, size_t *from, size_t *to)
{
	size_t gap = 0; /* where the spaces before i begin */
	bool found = false;

	for (size_t i = 0; i < in.n && !found;) {
		*from = gap;
		*to = i;
		found = corp_word(in, to) != NULL;
		if (!found && !is_space(utf8_next(in, &i)))
			gap = i;
	}
	while (found && *to < in.n) {
		size_t next = *to;

		if (!is_space(utf8_next(in, &next)))
			break;
		*to = next;
	}
	for (size_t i = 0; i < in.n && found && !company;)
		found = !is_odd(utf8_next(in, &i));
	return found;
}

static bool has_space(struct text in, size_t i, bool before)
{
	return is_space(before ? utf8_before(in, i, &i) : utf8_next(in, &i));
}

/* Is it what find_word finds in a name with one word, of 会社? */
static bool stands_in(const struct word *w, struct text in)
{
	bool head = w->where == WORD_HEAD;
	size_t at = head ? 0 : in.n - w->n;

	return w->company && w->n < in.n &&
	       memcmp(w->text, in.p + at, w->n) == 0 &&
	       !has_space(in, head ? w->n : at, !head);
}

/* The word as it stands there; NULL: it cannot be kept. */
static const struct word *word_at(struct layout *l, struct layout_chars *t,
    struct text in, int where, bool company)
{
	struct layout_tally_making m = {.t = t->tally};
	struct word *w = t->word;

	for (; w < t->word + WORDS_MAX; w++)
		if (w->n == in.n && w->where == where &&
		    memcmp(w->text, in.p, in.n) == 0)
			return w->kept ? w : NULL;
	if (in.n > WORD_BYTES)
		return NULL;
	w = &t->word[t->words++ % WORDS_MAX];
	*w = (struct word){
	    .n = (unsigned char)in.n, .where = (unsigned char)where};
	memcpy(w->text, in.p, in.n);
	if (!convert_between(l, &m, in, (where & WORD_HEAD) == 0,
		(where & WORD_TAIL) == 0) ||
	    l->field.n > WORD_OUT)
		return NULL;
	w->out_n = (unsigned char)l->field.n;
	if (w->out_n != 0)
		memcpy(w->out, l->field.p, w->out_n);
	w->told = layout_tally_packed(m.n);
	w->company = company;
	w->kept = true;
	return w;
}

/* The corporate word of a name that has one, and where it begins. */
static const struct word *word_in(struct layout *l, struct layout_chars *t,
    struct text in, bool company, size_t *from)
{
	size_t to;
	int where;

	for (const struct word *w = t->word; company && w < t->word + WORDS_MAX;
	     w++)
		if (w->where != 0 && stands_in(w, in)) {
			*from = w->where == WORD_HEAD ? 0 : in.n - w->n;
			return w;
		}
	if (!find_word(in, company, from, &to))
		return NULL;
	where = (*from == 0 ? WORD_HEAD : 0) | (to == in.n ? WORD_TAIL : 0);
	if (where == (WORD_HEAD | WORD_TAIL))
		return NULL;
	return word_at(
	    l, t, text_trust(in.p + *from, to - *from), where, company);
}

/* A name with one corporate word: what is before it, it, what is behind. */
static bool put_with_word(struct layout *l, struct layout_chars *t,
    struct text in, bool company, struct putting *u)
{
	size_t from;
	const struct word *w = word_in(l, t, in, company, &from);
	size_t to;

	if (w == NULL || !put(l, t, text_trust(in.p, from), u))
		return false;
	memcpy(u->to, w->out, WORD_OUT);
	u->to += w->out_n;
	u->told += w->told;
	u->before = (uint64_t)IS_WORD << FLAGS_AT;
	to = from + w->n;
	return put(l, t, text_trust(in.p + to, in.n - to), u);
}

bool layout_chars_put(struct layout *l, struct layout_chars *t, struct text in,
    struct layout_memo_made *made)
{
	struct putting u = {.to = made->out};
	unsigned found = 0;
	bool company;

	if (in.n > LAYOUT_CHARS_BYTES || !put(l, t, in, &u))
		return false;
	if (t->corporate && may_be_corporate(u.any))
		found = corporate(in, &company);
	if (found != 0) {
		if (found > 1 || !t->abbreviates)
			return false;
		u = (struct putting){.to = made->out};
		if (!put_with_word(l, t, in, company, &u))
			return false;
	}
	made->n = (size_t)(u.to - made->out);
	made->told = u.told;
	return (flags_in(u.before) & IS_WORD) != 0;
}
