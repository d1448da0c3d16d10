/* layout_known.c — see layout_known.h. */
#include "layout/layout_known.h"

#include <stdlib.h>

#define SLOTS ((size_t)4096)
#define WAYS 2		      /* slots where a word may stand */
#define KEY_WORDS ((size_t)3) /* of eight bytes */
#define KEY_MAX (KEY_WORDS * 8)
#define MADE_MAX (KEY_MAX * 3) /* of a byte of kana */

/* One word, or one space as it stands between words; or a whole field. */
struct slot {
	const struct rules *rules; /* NULL: free */
	uint64_t key[KEY_WORDS];   /* zeros behind it */
	unsigned char key_n;
	unsigned char raw_n;
	unsigned char value_n;
	bool whole;
	unsigned char unused[12];
	char raw[MADE_MAX];
	char value[MADE_MAX];
};
_Static_assert(sizeof(struct slot) == 192, "three lines of a cache");

struct layout_known {
	_Alignas(64) struct slot slot[SLOTS];
};

/* All of it is touched now: memory does not grow with what is remembered. */
struct layout_known *layout_known_new(void)
{
	return arena_xlarge(sizeof(struct layout_known));
}

void layout_known_free(struct layout_known *k)
{
	free(k);
}

/* A field, put together. */
struct made {
	size_t raw_n;
	size_t value_n;
	char raw[RULES_PARTS_MAX * MADE_MAX];
	char value[RULES_PARTS_MAX * MADE_MAX];
};

/* ---- words ---- */

struct word {
	struct bytes b;
	bool whole;
	uint64_t key[KEY_WORDS];
	size_t at; /* the first slot where it may stand */
};

static uint64_t mixed(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0x9E3779B97F4A7C15);
	return h ^ h >> 29;
}

/* False: it is too long, or none. */
static inline bool word_of(
    const struct rules *rules, struct bytes b, bool whole, struct word *w)
{
	uint64_t h = (uint64_t)(uintptr_t)rules ^ (b.n << 1 | whole);

	if (b.n == 0 || b.n > KEY_MAX)
		return false;
	*w = (struct word){.b = b, .whole = whole};
	memcpy(w->key, b.p, b.n);
	for (size_t i = 0; i < KEY_WORDS; i++)
		h = mixed(h, w->key[i]);
	w->at = (h >> 32) % SLOTS / WAYS * WAYS;
	return true;
}

static inline bool is_of(
    const struct slot *s, const struct rules *rules, const struct word *w)
{
	return s->rules == rules && s->key_n == w->b.n &&
	       s->whole == w->whole &&
	       memcmp(s->key, w->key, sizeof(s->key)) == 0;
}

static const struct slot *find(const struct layout_known *k,
    const struct rules *rules, const struct word *w)
{
	for (size_t i = 0; i < WAYS; i++)
		if (is_of(&k->slot[w->at + i], rules, w))
			return &k->slot[w->at + i];
	return NULL;
}

/* The words of a field and the spaces between them, one each, in a row. Their
 * number; 0: not in that way, or one is too long. */
static size_t split(const struct rules *rules, struct bytes field,
    struct word word[RULES_PARTS_MAX])
{
	size_t n = 0;

	for (;;) {
		const unsigned char *space = memchr(field.p, ' ', field.n);
		size_t size = space ? (size_t)(space - field.p) : field.n;

		if (n == RULES_PARTS_MAX ||
		    !word_of(rules, BYTES(field.p, size), false, &word[n++]))
			return 0;
		if (space == NULL)
			return n;
		if (n == RULES_PARTS_MAX ||
		    !word_of(rules, BYTES(space, 1), false, &word[n++]))
			return 0;
		field = BYTES(space + 1, field.n - size - 1);
	}
}

/* ---- reading ---- */

/* What so many words are together; false if one of them is not known. */
static bool join(const struct layout_known *k, const struct rules *rules,
    const struct word *word, size_t words, struct made *m)
{
	m->raw_n = 0;
	m->value_n = 0;
	for (size_t i = 0; i < words; i++) {
		const struct slot *s = find(k, rules, &word[i]);

		if (s == NULL)
			return false;
		memcpy(m->raw + m->raw_n, s->raw, MADE_MAX);
		memcpy(m->value + m->value_n, s->value, MADE_MAX);
		m->raw_n += s->raw_n;
		m->value_n += s->value_n;
	}
	return words > 0;
}

bool layout_known_read(const struct layout_known *k,
    const struct layout_column *c, struct bytes field, struct arena *a,
    struct layout_reading *out)
{
	struct word word[RULES_PARTS_MAX];
	struct made m;

	if (!join(k, c->read, word, split(c->read, field, word), &m) &&
	    (!word_of(c->read, field, true, word) ||
		!join(k, c->read, word, 1, &m)))
		return false;
	out->raw = text_trust(arena_copy(a, m.raw, m.raw_n), m.raw_n);
	out->value = text_trust(arena_copy(a, m.value, m.value_n), m.value_n);
	return true;
}

/* ---- learning ---- */

/* What the rules make of t; false if they refuse it. */
static bool made_of(struct layout *l, const struct rules *rules, struct text t,
    struct text *out)
{
	struct rules_report report = {0};

	return rules_apply(rules, t, &l->scratch, out, &report);
}

/* A space between words is the middle of "ア ア" (text/rules_parts.h). What
 * is made may stand in what it is made of: that lives in the scratch. */
static bool made_of_space(struct layout *l, const struct rules *rules,
    struct text space, struct text *out)
{
	struct text both = text_z(
	    arena_printf(&l->scratch, "ア%.*sア", (int)space.n, space.p));
	struct text word;

	if (!made_of(l, rules, TEXT("ア"), &word) ||
	    !made_of(l, rules, both, out) || out->n < 2 * word.n ||
	    memcmp(out->p, word.p, word.n) != 0 ||
	    memcmp(out->p + out->n - word.n, word.p, word.n) != 0)
		return false;
	*out = text_trust(out->p + word.n, out->n - 2 * word.n);
	return true;
}

/* Keeps it before the one that came last; the one before that is forgotten. */
static void keep(struct layout_known *k, const struct rules *rules,
    const struct word *w, struct text raw, struct text value)
{
	struct slot *way = &k->slot[w->at];

	if (raw.n > MADE_MAX || value.n > MADE_MAX || find(k, rules, w) != NULL)
		return;
	memmove(way + 1, way, (WAYS - 1) * sizeof(*way));
	*way = (struct slot){.rules = rules,
	    .key_n = (unsigned char)w->b.n,
	    .whole = w->whole,
	    .raw_n = (unsigned char)raw.n,
	    .value_n = (unsigned char)value.n};
	memcpy(way->key, w->key, sizeof(way->key));
	memcpy(way->raw, raw.p, raw.n);
	if (value.n != 0)
		memcpy(way->value, value.p, value.n);
}

void layout_known_learn(struct layout_known *k, struct layout *l,
    const struct layout_column *c, struct bytes field,
    const struct layout_reading *r)
{
	const struct rules *rules = c->read;
	struct word word[RULES_PARTS_MAX];
	struct rules_part one = {r->raw, RULES_PART_WORD};
	struct text part[RULES_PARTS_MAX];
	size_t words = split(rules, field, word);
	size_t parts = rules_parts(c->read_parted, r->raw, part);

	if (parts == 1 && (words != 1 || !rules_parts_good(&one))) {
		if (word_of(rules, field, true, word))
			keep(k, rules, word, r->raw, r->value);
		return;
	}
	/* A space of full width, which is in no word, would part one more. */
	for (size_t i = 0; i < words && parts == words; i++) {
		struct text made;

		if (i % 2 == 0 ? made_of(l, rules, part[i], &made)
			       : made_of_space(l, rules, part[i], &made))
			keep(k, rules, &word[i], part[i], made);
	}
}
