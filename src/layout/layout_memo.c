/* layout_memo.c — see layout_memo.h. */
#include "layout/layout_memo.h"

#include <stdlib.h>

#define SLOTS ((size_t)32768)
#define KEY_MAX 44
#define OUT_MAX 48
#define CHANGES_MAX 4
#define TOLD_MAX 16

/* Changes of one rule, by its place in the list, that lose the same. */
struct change {
	unsigned char rule;
	unsigned char loss;
	bool once; /* several parts tell it as one */
	unsigned char n;
};

/* One part and what became of it: two lines of a cache. A list of rules
 * belongs to one column of one layout and stands for them. */
struct slot {
	const struct rules *rules; /* NULL: free */
	uint32_t hash;
	unsigned char key_n;
	unsigned char out_n;
	unsigned char changes;
	bool space; /* the key is one that stands between words */
	struct change change[CHANGES_MAX];
	char key[KEY_MAX];
	unsigned char out[OUT_MAX];
	bool used; /* since another part wanted its place */
	char unused[3];
};
_Static_assert(sizeof(struct slot) == 128, "two lines of a cache");

struct layout_memo {
	_Alignas(64) struct slot slot[SLOTS];
	_Alignas(64) struct slot once; /* what found its place in use */
};

struct layout_memo *layout_memo_new(void)
{
	struct layout_memo *m = aligned_alloc(64, sizeof(*m));

	if (m == NULL)
		abort(); /* as arena_xmalloc */
	memset(m, 0, sizeof(*m));
	return m;
}

void layout_memo_free(struct layout_memo *m)
{
	free(m);
}

void layout_use_memo(struct layout *l, struct layout_memo *m)
{
	l->memo = m;
}

static uint64_t hash_of(const struct rules *rules, struct text t, bool space)
{
	uint64_t h = (uint64_t)(uintptr_t)rules ^ (t.n << 1 | space);
	uint64_t v;

	for (; t.n >= 8; t = text_trust(t.p + 8, t.n - 8)) {
		memcpy(&v, t.p, 8);
		h = (h ^ v) * UINT64_C(0x9E3779B97F4A7C15);
		h ^= h >> 29;
	}
	v = 0;
	if (t.n > 0)
		memcpy(&v, t.p, t.n);
	h = (h ^ v) * UINT64_C(0x9E3779B97F4A7C15);
	h = (h ^ h >> 32) * UINT64_C(0xD6E8FEB86659FD93);
	return h ^ h >> 32;
}

/* ---- making ---- */

struct collecting {
	const struct rules *rules;
	struct change change[CHANGES_MAX];
	size_t n;
	bool bad; /* more than a slot has room for */
};

/* The change of that rule and loss; k->n if there is none. */
static size_t place_of(const struct collecting *k, int rule, int loss)
{
	size_t i = 0;

	while (i < k->n &&
	       !(k->change[i].rule == rule && k->change[i].loss == loss))
		i++;
	return i;
}

static void collect(void *ctx, const struct rules_change *change)
{
	struct collecting *k = ctx;
	unsigned char rule = 0;
	size_t i;

	while (rules_name(k->rules, rule) != change->rule)
		rule++;
	i = place_of(k, rule, (int)change->loss);
	if (i == CHANGES_MAX) {
		k->bad = true;
		return;
	}
	if (i == k->n)
		k->change[k->n++] = (struct change){.rule = rule,
		    .loss = (unsigned char)change->loss,
		    .once = rules_tells_once(change->rule)};
	k->bad |= ++k->change[i].n == 0;
}

/* What becomes of t, in the layout's field. */
static bool convert(struct layout *l, const struct rules *rules, struct text t,
    struct collecting *k)
{
	struct rules_report report = {.note = collect, .ctx = k};
	struct text out;
	uint32_t bad;
	size_t at;

	*k = (struct collecting){.rules = rules};
	if (!rules_apply(rules, t, &l->scratch, &out, &report) || k->bad)
		return false;
	buf_clear(&l->field);
	return encoding_encode(l->encoding, out, &l->field, &at, &bad) &&
	       l->field.n <= OUT_MAX;
}

/* Takes twice what the word around the space told away from k. */
static bool less_twice(struct collecting *k, const struct collecting *word)
{
	size_t n = 0;

	for (size_t i = 0; i < word->n; i++) {
		const struct change *c = &word->change[i];
		size_t j = place_of(k, c->rule, c->loss);

		if (j == k->n || k->change[j].n < 2 * c->n)
			return false;
		k->change[j].n = (unsigned char)(k->change[j].n - 2 * c->n);
	}
	for (size_t j = 0; j < k->n; j++)
		if (k->change[j].n != 0)
			k->change[n++] = k->change[j];
	k->n = n;
	return true;
}

/* A space between words: what "ア ア" gives beyond its two words. */
static bool convert_space(struct layout *l, const struct rules *rules,
    struct text space, struct collecting *k)
{
	struct collecting word_told;
	unsigned char word[OUT_MAX];
	size_t n;
	char z[16];
	size_t size = 3 + space.n + 3;

	memcpy(z, "ア", 3);
	memcpy(z + 3, space.p, space.n);
	memcpy(z + 3 + space.n, "ア", 3);
	if (!convert(l, rules, text_trust(z, 3), &word_told))
		return false;
	n = l->field.n;
	memcpy(word, l->field.p, n);
	if (!convert(l, rules, text_trust(z, size), k) ||
	    !less_twice(k, &word_told) || l->field.n < 2 * n ||
	    memcmp(l->field.p, word, n) != 0 ||
	    memcmp(l->field.p + l->field.n - n, word, n) != 0)
		return false;
	l->field.n -= 2 * n;
	memmove(l->field.p, l->field.p + n, l->field.n);
	return true;
}

static bool make(struct layout *l, const struct rules *rules, struct text key,
    bool space, struct slot *s)
{
	struct collecting k;
	bool good = space ? convert_space(l, rules, key, &k)
			  : convert(l, rules, key, &k);

	if (!good)
		return false;
	s->rules = rules;
	s->key_n = (unsigned char)key.n;
	s->out_n = (unsigned char)l->field.n;
	s->changes = (unsigned char)k.n;
	s->space = space;
	memcpy(s->change, k.change, sizeof(s->change));
	memcpy(s->key, key.p, key.n);
	if (l->field.n != 0)
		memcpy(s->out, l->field.p, l->field.n);
	return true;
}

static const struct slot *find(struct layout *l, const struct rules *rules,
    struct text key, bool space, uint64_t all)
{
	uint32_t h = (uint32_t)(all >> 32);
	struct slot *s = &l->memo->slot[all % SLOTS];

	if (s->hash == h && s->rules == rules && s->key_n == key.n &&
	    s->space == space && memcmp(s->key, key.p, key.n) == 0) {
		s->used = true;
		return s;
	}
	/* What was used stays once: most of what is new does not come back. */
	if (s->rules != NULL && s->used) {
		s->used = false;
		s = &l->memo->once;
	}
	s->rules = NULL;
	s->hash = h;
	s->used = false;
	return make(l, rules, key, space, s) ? s : NULL;
}

/* ---- putting ---- */

/* What all parts of a value told. */
struct told {
	struct change change[TOLD_MAX];
	unsigned n[TOLD_MAX];
	size_t used;
	unsigned char worst;
};

static bool add(struct told *t, const struct slot *s)
{
	for (size_t i = 0; i < s->changes; i++) {
		const struct change *c = &s->change[i];
		size_t k = 0;

		if (c->loss > t->worst)
			t->worst = c->loss;
		while (k < t->used && !(t->change[k].rule == c->rule &&
					  t->change[k].loss == c->loss))
			k++;
		if (k == TOLD_MAX)
			return false;
		if (k == t->used) {
			t->change[t->used++] = *c;
			t->n[k] = c->n;
		} else if (!c->once) {
			t->n[k] += c->n;
		}
	}
	return true;
}

static bool put_parts(struct layout_writing *w, const struct rules *rules,
    enum rules_cut cut, struct text in, struct told *told)
{
	struct text part[RULES_PARTS_MAX];
	uint64_t hash[RULES_PARTS_MAX];
	size_t n = rules_parts(cut, in, part);

	/* All on their way before the first is looked at. */
	for (size_t i = 0; i < n; i++) {
		const struct slot *s;

		hash[i] = hash_of(
		    rules, part[i], cut == RULES_CUT_SPACE && i % 2 == 1);
		s = &w->l->memo->slot[hash[i] % SLOTS];
		__builtin_prefetch(s);
		__builtin_prefetch(s->out);
	}
	for (size_t i = 0; i < n; i++) {
		bool space = cut == RULES_CUT_SPACE && i % 2 == 1;
		const struct slot *s = NULL;

		if (part[i].n <= KEY_MAX)
			s = find(w->l, rules, part[i], space, hash[i]);
		if (s == NULL || !add(told, s))
			return false;
		buf_room(w->out, OUT_MAX);
		memcpy(w->out->p + w->out->n, s->out, OUT_MAX);
		w->out->n += s->out_n;
	}
	return true;
}

static void tell(struct layout_writing *w, const struct layout_column *c,
    const struct rules *rules, const struct told *told)
{
	struct layout_report *r = w->report;

	if (told->worst == RULES_INFORMATIONAL)
		r->informational |= UINT32_C(1) << c->slot;
	else if (told->worst == RULES_MATERIAL)
		r->material |= UINT32_C(1) << c->slot;
	for (size_t i = 0; i < told->used && r->tally != NULL; i++)
		r->tally(r->ctx, rules_name(rules, told->change[i].rule),
		    (enum rules_loss)told->change[i].loss, told->n[i]);
}

bool layout_memo_put(struct layout_writing *w, struct layout_column *c)
{
	const struct rules *rules = c->rules[w->person];
	size_t start = w->out->n;
	struct told told;
	struct text in;

	if (c->op != OP_TEXT || rules == NULL || c->value != VALUE_ITEM ||
	    w->report == NULL || w->report->note != NULL || w->l->see != NULL)
		return false;
	in = layout_value_source(w, c);
	if (in.n == 0)
		return false;
	told.used = 0;
	told.worst = RULES_UNCHANGED;
	if (put_parts(w, rules, c->parted[w->person], in, &told) &&
	    (c->width == 0 || w->out->n - start <= c->width) &&
	    (told.worst != RULES_MATERIAL || c->loss_allowed)) {
		tell(w, c, rules, &told);
		return true;
	}
	w->out->n = start;
	return false;
}
