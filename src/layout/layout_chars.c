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
#define LONG 0x30FCu /* ー */
#define KANA_FIRST HIRA_FIRST
#define KANA_COUNT (LONG + 1 - KANA_FIRST)
#define REPEAT 0x3005u /* 々 */
#define IDEO_FIRST 0x3400u
#define IDEO_LAST 0x9FFFu
#define PAGE 256u
#define PAGED_FIRST 0x3000u /* what has a page: ideographs and 々 */
#define PAGED_LAST 0x2FFFFu
#define PAGES ((PAGED_LAST + 1 - PAGED_FIRST) / PAGE)

/* What a character is to the next one, and what it asks of the one before. */
enum {
	IS_WORD = 1,	/* of a word: no space */
	IS_KANA = 2,	/* a katakana, or ー behind one */
	WANTS_WORD = 4, /* a space: alone, between words */
	WANTS_KANA = 8, /* ー */
	LETTER = 16,	/* times an enum letter */
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

/* What becomes of one character. class 0: nobody has asked yet. */
struct entry {
	unsigned char out[OUT_MAX];
	unsigned char flags;
	unsigned char n;
	unsigned char class; /* 1 + of told; ALONE: not by itself */
};
#define ALONE 0xFF

/* A corporate word with the spaces around it, and what becomes of it there. */
#define WORDS_MAX 16
#define WORD_BYTES 96
#define WORD_OUT 24
struct word {
	unsigned char n; /* 0: not used yet */
	unsigned char where;
	unsigned char out_n;
	bool kept; /* what becomes of it could be told */
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
	struct entry kana[KANA_COUNT];
	struct entry latin[26];
	struct entry space[2]; /* half and full */
	struct entry *page[PAGES];
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
	unsigned flags = (unsigned)letter_of(c) * LETTER;

	if (c == ' ' || c == 0x3000)
		return WANTS_WORD;
	flags |= IS_WORD;
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
	return c <= 0x3000 || c == REPEAT || is_hiragana(c) || is_katakana(c) ||
	       c == LONG || is_ideograph(c);
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

	e->class = ALONE;
	if (!is_good(c) || !convert_one(l, &m, c) || l->field.n > OUT_MAX)
		return;
	/* Of another character a corporate word may come. */
	if (t->corporate && c >= IDEO_FIRST && layout_tally_packed(m.n) != 0)
		return;
	e->flags = flags_of(c);
	e->n = (unsigned char)l->field.n;
	if (e->n != 0)
		memcpy(e->out, l->field.p, e->n);
	e->class = class_of(t, &m);
	if (e->class == 0)
		e->class = ALONE;
}

/* ---- putting ---- */

static inline struct entry *paged(
    struct layout *l, struct layout_chars *t, uint32_t c)
{
	struct entry **page = &t->page[(c - PAGED_FIRST) / PAGE];

	if (*page == NULL)
		*page = arena_zero(&l->arena, PAGE, sizeof(**page));
	return &(*page)[c % PAGE];
}

/* The same of characters that few names have. */
static struct entry *next_seldom(struct layout *l, struct layout_chars *t,
    const unsigned char **p, uint32_t *c)
{
	const unsigned char *at = *p;
	size_t n = 0;

	*c = at[0];
	if (at[0] < 0x80) {
		*p = at + 1;
		if (at[0] == ' ')
			return &t->space[0];
		return at[0] >= 'A' && at[0] <= 'Z' ? &t->latin[at[0] - 'A']
						    : NULL;
	}
	if (at[0] < 0xE3)
		return NULL;
	*c = utf8_next(text_trust((const char *)at, 4), &n);
	*p = at + n;
	if (*c == 0x3000)
		return &t->space[1];
	return *c == REPEAT || (is_ideograph(*c) && *c <= PAGED_LAST)
		   ? paged(l, t, *c)
		   : NULL;
}

/* The entry of the character at *p, which moves behind it; NULL: of no name. */
static inline struct entry *next(struct layout *l, struct layout_chars *t,
    const unsigned char **p, uint32_t *c)
{
	const unsigned char *at = *p;

	if (at[0] < 0xE3 || at[0] > 0xE9)
		return next_seldom(l, t, p, c);
	*c = (at[0] & 0xFu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
	if (*c - KANA_FIRST < KANA_COUNT) {
		*p = at + 3;
		return &t->kana[*c - KANA_FIRST];
	}
	if (*c < IDEO_FIRST)
		return next_seldom(l, t, p, c);
	*p = at + 3;
	return paged(l, t, *c);
}

/* What it asks of the character before that this one is not. */
static inline unsigned lacks(unsigned flags, unsigned before)
{
	return flags / (WANTS_WORD / IS_WORD) & (IS_WORD | IS_KANA) & ~before;
}

/* What has been put of a value. */
struct putting {
	unsigned char *to;
	uint64_t told;
	unsigned before; /* the flags of the last character */
	unsigned found;	 /* corporate words, perhaps */
	bool company;	 /* one is of 会社 */
};

/* Puts the characters of in; false if one cannot be put by itself. */
static bool put(
    struct layout *l, struct layout_chars *t, struct text in, struct putting *u)
{
	const unsigned char *p = (const unsigned char *)in.p;
	const unsigned char *end = p + in.n;
	unsigned char *to = u->to;
	uint64_t told = u->told;
	unsigned before = u->before;
	unsigned state = 0;

	while (p < end) {
		uint32_t c;
		struct entry *e = next(l, t, &p, &c);

		if (e == NULL)
			return false;
		if (e->class == 0)
			make(l, t, e, c);
		if (e->class == ALONE || lacks(e->flags, before) != 0)
			return false;
		memcpy(to, e, sizeof(*e));
		to += e->n;
		told += t->told[e->class];
		before = e->flags;
		if (!t->corporate)
			continue;
		state = goes_to[state][before / LETTER];
		if (state >= FOUND) {
			u->found++;
			u->company |= state == COMPANY;
		}
	}
	u->to = to;
	u->told = told;
	u->before = before;
	return true;
}

/* ---- a corporate word ---- */

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

/* The word as it stands there; NULL: it cannot be kept. */
static const struct word *word_at(
    struct layout *l, struct layout_chars *t, struct text in, int where)
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
	w->kept = true;
	return w;
}

/* A name with one corporate word: what is before it, it, what is behind. */
static bool put_with_word(struct layout *l, struct layout_chars *t,
    struct text in, bool company, struct putting *u)
{
	const struct word *w;
	size_t from;
	size_t to;
	int where;

	if (!find_word(in, company, &from, &to))
		return false;
	where = (from == 0 ? WORD_HEAD : 0) | (to == in.n ? WORD_TAIL : 0);
	if (where == (WORD_HEAD | WORD_TAIL))
		return false;
	w = word_at(l, t, text_trust(in.p + from, to - from), where);
	if (w == NULL || !put(l, t, text_trust(in.p, from), u))
		return false;
	memcpy(u->to, w->out, WORD_OUT);
	u->to += w->out_n;
	u->told += w->told;
	u->before = IS_WORD;
	return put(l, t, text_trust(in.p + to, in.n - to), u);
}

bool layout_chars_put(struct layout *l, struct layout_chars *t, struct text in,
    unsigned char out[LAYOUT_MEMO_ROOM], size_t *n, uint64_t *told)
{
	struct putting u = {.to = out};

	if (in.n > LAYOUT_CHARS_BYTES || !put(l, t, in, &u))
		return false;
	if (u.found != 0) {
		bool company = u.company;

		if (u.found > 1 || !t->abbreviates)
			return false;
		u = (struct putting){.to = out};
		if (!put_with_word(l, t, in, company, &u))
			return false;
	}
	*n = (size_t)(u.to - out);
	*told = u.told;
	return (u.before & IS_WORD) != 0;
}
