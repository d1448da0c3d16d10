/* layout_memo.c — see layout_memo.h. */
#include "layout/layout_chars.h"
#include "layout/layout_known.h"

#include "text/utf8.h"

#include <endian.h>
#include <stdlib.h>

#define SLOTS ((size_t)8192) /* two MiB: one large page */
#define WAYS 2		     /* slots where a part may stand */
#define KEY_WORDS LAYOUT_MEMO_WORDS
#define KEY_MAX ((size_t)KEY_WORDS * 8)
#define BLOCK 16 /* bytes copied together */

#define EACH UINT64_C(0x0101010101010101)
#define OVER (EACH * 0x80) /* counts that would not fit another sum */

/* One part and what became of it: mostly two lines of a cache. A list of
 * rules belongs to one column of one layout and stands for them. */
struct slot {
	const struct rules *rules; /* NULL: free */
	uint32_t hash;
	unsigned char key_n;
	unsigned char out_n;
	unsigned char kind;
	unsigned char digits; /* left open: key and out have 0 there */
	uint64_t told;	      /* layout_tally.h; each less than 128 */
	bool bad;  /* no cut is good there, or its value cannot be kept */
	bool used; /* since another part wanted its place */
	unsigned char unused[14];
	uint64_t key[KEY_WORDS];
	unsigned char at[LAYOUT_MEMO_DIGITS]; /* where those stand in out */
	unsigned char out[LAYOUT_MEMO_OUT + BLOCK - 8];
};
_Static_assert(sizeof(struct slot) == 256, "four lines of a cache");

struct layout_memo {
	_Alignas(64) struct slot slot[SLOTS];
	_Alignas(64) struct slot once; /* what found its place in use */
	struct layout_known *known;    /* NULL: nobody has read */
};

/* All of it is touched now: memory does not grow with what is remembered. */
struct layout_memo *layout_memo_new(void)
{
	return arena_xlarge(sizeof(struct layout_memo));
}

void layout_memo_free(struct layout_memo *m)
{
	if (m != NULL)
		layout_known_free(m->known);
	free(m);
}

struct layout_known *layout_memo_known(struct layout_memo *m)
{
	if (m->known == NULL)
		m->known = layout_known_new();
	return m->known;
}

/* ---- making ---- */

/* What becomes of t, in the layout's field. */
static bool convert(struct layout *l, const struct layout_memo_look *look,
    struct text t, struct layout_tally_making *m)
{
	struct rules_report report = {.note = layout_tally_note, .ctx = m};
	struct text out;
	uint32_t bad;
	size_t at;

	*m = (struct layout_tally_making){.t = look->tally};
	if (!rules_apply(look->rules, t, &l->scratch, &out, &report) || m->bad)
		return false;
	buf_clear(&l->field);
	return encoding_encode(look->encoding, out, &l->field, &at, &bad) &&
	       l->field.n <= LAYOUT_MEMO_OUT;
}

/* Takes twice what the word around the space told away from m. */
static bool less_twice(
    struct layout_tally_making *m, const struct layout_tally_making *word)
{
	for (size_t i = 0; i < LAYOUT_TALLY_PAIRS; i++) {
		if (m->n[i] < 2 * word->n[i])
			return false;
		m->n[i] = (unsigned char)(m->n[i] - 2 * word->n[i]);
	}
	return true;
}

/* A space between words: what "ア ア" gives beyond its two words. */
static bool convert_space(struct layout *l, const struct layout_memo_look *look,
    struct text space, struct layout_tally_making *m)
{
	struct layout_tally_making word_told;
	unsigned char word[LAYOUT_MEMO_OUT];
	size_t n;
	char z[16];
	size_t size = 3 + space.n + 3;

	memcpy(z, "ア", 3);
	memcpy(z + 3, space.p, space.n);
	memcpy(z + 3 + space.n, "ア", 3);
	if (!convert(l, look, text_trust(z, 3), &word_told))
		return false;
	n = l->field.n;
	memcpy(word, l->field.p, n);
	if (!convert(l, look, text_trust(z, size), m) ||
	    !less_twice(m, &word_told) || l->field.n < 2 * n ||
	    memcmp(l->field.p, word, n) != 0 ||
	    memcmp(l->field.p + l->field.n - n, word, n) != 0)
		return false;
	l->field.n -= 2 * n;
	memmove(l->field.p, l->field.p + n, l->field.n);
	return true;
}

/* What was told as a slot keeps it; false if it cannot: the sum of two must
 * fit a byte, and of what is told once there is one. */
static bool pack_told(const struct layout_tally_making *m, uint64_t *told)
{
	uint64_t once = m->t ? m->t->once : 0;

	*told = layout_tally_packed(m->n);
	return (*told & OVER) == 0 && (*told & once & ~EACH) == 0;
}

static uint64_t mixed(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0x9E3779B97F4A7C15);
	return h ^ h >> 29;
}

/* The last bytes of t, at most eight, as one number. */
static uint64_t last_of(struct text t, size_t n)
{
	const unsigned char *p = (const unsigned char *)t.p + t.n - n;
	uint64_t w;
	uint32_t half[2];

	if (t.n >= 8) {
		memcpy(&w, t.p + t.n - 8, 8);
		return le64toh(w) >> 8 * (8 - n);
	}
	if (n >= 4) {
		memcpy(&half[0], p, 4);
		memcpy(&half[1], p + n - 4, 4);
		return (uint64_t)half[1] << 32 | half[0];
	}
	return (uint64_t)p[0] | (uint64_t)p[n / 2] << 8 |
	       (uint64_t)p[n - 1] << 16;
}

/* t as the words of a key; their hash, beginning with h. */
static uint64_t key_of(struct text t, uint64_t key[KEY_WORDS], uint64_t h)
{
	size_t k = 0;

	for (; 8 * (k + 1) <= t.n; k++) {
		memcpy(&key[k], t.p + 8 * k, 8);
		h = mixed(h, key[k]);
	}
	if (8 * k < t.n) {
		key[k] = last_of(t, t.n - 8 * k);
		h = mixed(h, key[k]);
	}
	return h;
}

static bool same_key(const struct slot *s, const uint64_t *key, size_t words)
{
	uint64_t differ = 0;

	for (size_t i = 0; i < words; i++)
		differ |= s->key[i] ^ key[i];
	return differ == 0;
}

/* ---- digits left open ---- */

/* The digit, of either width, that begins p; its last byte is *last. */
static bool is_digit(const unsigned char *p, size_t *last)
{
	*last = p[0] == 0xEF ? 2 : 0;
	return (p[0] >= '0' && p[0] <= '9') ||
	       (p[0] == 0xEF && p[1] == 0xBC && p[2] >= 0x90 && p[2] <= 0x99);
}

/* The high bit of each byte of w that is from first, a multiple of 16, to
 * first + 9. */
static uint64_t ten_from(uint64_t w, unsigned char first)
{
	uint64_t x = w ^ EACH * first;

	return ~(((x & EACH * 0x7F) + EACH * 0x76) | x) & EACH * 0x80;
}

/* The same of each byte that is b. */
static uint64_t equal(uint64_t w, unsigned char b)
{
	uint64_t x = w ^ EACH * b;

	return ~(((x & EACH * 0x7F) + EACH * 0x7F) | x | EACH * 0x7F);
}

/* The last bytes of the digits, of either width, in the word of valid text w:
 * no other character has ASCII in it, or EF BC and one of 90–99 last. */
static uint64_t digits_in(uint64_t w, uint64_t before)
{
	uint64_t last = w << 8 | before >> 56;
	uint64_t last_but_one = w << 16 | before >> 48;

	return ten_from(w, '0') | (ten_from(w, 0x90) & equal(last, 0xBC) &
				      equal(last_but_one, 0xEF));
}

/* t as it stands, with zeros behind it to the end of a word. */
static void copy_words(struct text t, uint64_t key[KEY_WORDS])
{
	size_t k = 0;

	for (; 8 * (k + 1) <= t.n; k++)
		memcpy(&key[k], t.p + 8 * k, 8);
	if (8 * k == t.n)
		return;
	key[k] = 0;
	if (k > 0)
		key[k] = htole64(last_of(t, t.n - 8 * k));
	else
		memcpy(key, t.p, t.n);
}

/* The same of a part whose digits are left open: each is a 0 then, and stands
 * in digits. 0: they are too many. */
static uint64_t open_key_of(struct text t, uint64_t key[KEY_WORDS],
    struct layout_memo_digits *digits, uint64_t h)
{
	const char *p = t.p;
	uint64_t before = 0;

	copy_words(t, key);
	for (size_t k = 0; 8 * k < t.n; k++) {
		uint64_t w = le64toh(key[k]);
		uint64_t at = digits_in(w, before);

		before = w;
		key[k] = htole64(w & ~((at >> 7) * 0xF));
		h = mixed(h, key[k]);
		for (; at != 0; at &= at - 1) {
			if (digits->n == LAYOUT_MEMO_DIGITS)
				return 0;
			digits->of[digits->n++] =
			    p[8 * k + (size_t)__builtin_ctzll(at) / 8] & 0xF;
		}
	}
	return h;
}

/* The part of slot s with these digits in their places. */
static struct text with_digits(const struct slot *s,
    const unsigned char digit[LAYOUT_MEMO_DIGITS], char out[KEY_MAX])
{
	unsigned char *p = (unsigned char *)out;
	size_t k = 0;

	memcpy(out, s->key, s->key_n);
	for (size_t i = 0; i < s->key_n; i += utf8_size(p[i])) {
		size_t last;

		if (is_digit(p + i, &last))
			p[i + last] |= digit[k++];
	}
	return text_trust(out, s->key_n);
}

static void put_digits(
    const struct slot *s, const unsigned char *digit, unsigned char *out)
{
	for (size_t i = 0; i < s->digits; i++)
		out[s->at[i]] |= digit[i];
}

/* Where the digits stand in what became of the part: a 1 for a 0 makes a
 * difference of 1 there, and nowhere else. */
static bool place_digits(
    struct layout *l, const struct layout_memo_look *look, struct slot *s)
{
	static const unsigned char ones[LAYOUT_MEMO_DIGITS] = {
	    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
	struct layout_tally_making k;
	char key[KEY_MAX];
	size_t n = 0;

	if (!convert(l, look, with_digits(s, ones, key), &k) ||
	    l->field.n != s->out_n)
		return false;
	for (size_t i = 0; i < s->out_n; i++) {
		if (l->field.p[i] == s->out[i])
			continue;
		if (n == s->digits || (s->out[i] & 0xF) != 0 ||
		    l->field.p[i] != (s->out[i] | 1))
			return false;
		s->at[n++] = (unsigned char)i;
	}
	return n == s->digits;
}

/* Does the part as it is become what its slot says? */
static bool is_alike(struct layout *l, const struct layout_memo_look *look,
    size_t at, const struct slot *s)
{
	unsigned char out[LAYOUT_MEMO_OUT];
	struct layout_tally_making k;

	memcpy(out, s->out, s->out_n);
	put_digits(s, look->digits[at].of, out);
	return convert(l, look, look->part[at].t, &k) &&
	       l->field.n == s->out_n && memcmp(l->field.p, out, s->out_n) == 0;
}

/* ---- looking up ---- */

static void make(struct layout *l, const struct layout_memo_look *look,
    size_t at, struct slot *s)
{
	const struct rules_part *part = &look->part[at];
	const struct layout_memo_digits *digits = &look->digits[at];
	struct text t = part->t;
	struct layout_tally_making k = {0};
	static const unsigned char zeros[LAYOUT_MEMO_DIGITS];
	char key[KEY_MAX];

	if (digits->n != 0)
		t = with_digits(s, zeros, key);
	s->bad =
	    !rules_parts_good(part) ||
	    !(part->kind == RULES_PART_SPACE ? convert_space(l, look, t, &k)
					     : convert(l, look, t, &k));
	s->bad = s->bad || !pack_told(&k, &s->told);
	if (s->bad)
		return;
	s->out_n = (unsigned char)l->field.n;
	if (l->field.n != 0)
		memcpy(s->out, l->field.p, l->field.n);
	s->digits = digits->n;
	if (digits->n != 0)
		s->bad = !place_digits(l, look, s) || !is_alike(l, look, at, s);
}

static void look_at(
    const struct layout_memo *m, struct layout_memo_look *k, size_t i)
{
	const struct rules_part *part = &k->part[i];
	const struct slot *s;
	uint64_t h;

	k->digits[i].n = 0;
	k->words[i] = 0;
	if (part->t.n > KEY_MAX)
		return;
	k->words[i] = (part->t.n + 7) / 8;
	h = (uint64_t)(uintptr_t)k->rules ^ (part->t.n << 4 | part->kind);
	h = rules_parts_open(part->kind)
		? open_key_of(part->t, k->key[i], &k->digits[i], h)
		: key_of(part->t, k->key[i], h);
	if (h == 0) {
		k->words[i] = 0;
		return;
	}
	h *= UINT64_C(0xD6E8FEB86659FD93);
	k->hash[i] = h ^ h >> 32;
	s = &m->slot[k->hash[i] % SLOTS / WAYS * WAYS];
	__builtin_prefetch(s, 1);
	__builtin_prefetch(s->out);
}

/* Whose encoding is told. */
static void look_with(const struct layout_memo *m, const struct rules *rules,
    enum rules_cut cut, struct text in, struct layout_memo_look *look)
{
	look->rules = rules;
	look->in = in;
	look->parts = rules_parts_split(cut, in, look->part);
	for (size_t i = 0; i < look->parts; i++)
		look_at(m, look, i);
}

void layout_memo_look(const struct layout *l, struct layout_tally *tally,
    enum rules_cut cut, struct text in, struct layout_memo_look *look)
{
	look->encoding = l->encoding;
	look->tally = tally;
	look_with(l->memo, tally->rules, cut, in, look);
}

static inline bool is_of(
    const struct slot *s, const struct layout_memo_look *k, size_t at)
{
	return s->hash == (uint32_t)(k->hash[at] >> 32) &&
	       s->rules == k->rules && s->key_n == k->part[at].t.n &&
	       s->kind == (unsigned char)k->part[at].kind &&
	       same_key(s, k->key[at], k->words[at]);
}

/* Where a new part goes among those of its place. What was used stays once:
 * most of what is new does not come back. */
static struct slot *room_in(struct layout_memo *m, struct slot way[WAYS])
{
	for (size_t i = 0; i < WAYS; i++)
		if (way[i].rules == NULL || !way[i].used)
			return &way[i];
	for (size_t i = 0; i < WAYS; i++)
		way[i].used = false;
	return &m->once;
}

/* The part's slot, made now if it is not kept; NULL: it is too long. */
static const struct slot *find(
    struct layout *l, const struct layout_memo_look *k, size_t at)
{
	const struct rules_part *part = &k->part[at];
	size_t words = k->words[at];
	uint64_t all = k->hash[at];
	struct slot *way = &l->memo->slot[all % SLOTS / WAYS * WAYS];
	struct slot *s;

	if (words == 0)
		return NULL;
	for (size_t i = 0; i < WAYS; i++)
		if (is_of(&way[i], k, at)) {
			way[i].used = true;
			return &way[i];
		}
	s = room_in(l->memo, way);
	s->rules = k->rules;
	s->hash = (uint32_t)(all >> 32);
	s->key_n = (unsigned char)part->t.n;
	s->kind = (unsigned char)part->kind;
	s->used = false;
	memcpy(s->key, k->key[at], words * sizeof(*s->key));
	make(l, k, at, s);
	return s;
}

/* ---- putting ---- */

/* Adds what a part told; false if it is too much for a byte. */
static bool add(const struct layout_tally *t, uint64_t part, uint64_t *told)
{
	uint64_t once;

	if (t == NULL)
		return true;
	once = t->once;
	*told = ((*told & ~once) + (part & ~once)) | ((*told | part) & once);
	return (*told & OVER) == 0;
}

static bool put_parts(struct layout *l, const struct layout_memo_look *look,
    unsigned char *out, size_t *n, uint64_t *told)
{
	*n = 0;
	*told = 0;
	for (size_t i = 0; i < look->parts; i++) {
		const struct slot *s = find(l, look, i);

		if (s == NULL || s->bad || !add(look->tally, s->told, told))
			return false;
		for (size_t k = 0; k < s->out_n; k += BLOCK)
			memcpy(out + *n + k, s->out + k, BLOCK);
		put_digits(s, look->digits[i].of, out + *n);
		*n += s->out_n;
	}
	return true;
}

bool layout_memo_write(struct layout *l, struct layout_memo_look *look,
    unsigned char out[LAYOUT_MEMO_ROOM], size_t *n, uint64_t *told)
{
	if (put_parts(l, look, out, n, told))
		return true;
	if (look->parts == 1)
		return false;
	look_with(l->memo, look->rules, RULES_WHOLE, look->in, look);
	return put_parts(l, look, out, n, told);
}

bool layout_memo_number_put(const struct layout_memo_number *number,
    struct text in, unsigned char out[LAYOUT_MEMO_NUMBER])
{
	size_t i = 0;

	if (in.n != number->digits)
		return false;
	memcpy(out, number->out, LAYOUT_MEMO_NUMBER);
	for (; i < in.n; i++) {
		unsigned digit = (unsigned char)in.p[i] - (unsigned)'0';

		if (digit > 9)
			return false;
		out[number->at[i]] |= (unsigned char)digit;
	}
	return i > 0;
}

bool layout_memo_number_learn(struct layout *l,
    const struct layout_memo_look *look, struct layout_memo_number *number)
{
	const struct slot *s;

	if (look->parts != 1 || look->digits[0].n != look->in.n)
		return false;
	s = find(l, look, 0);
	if (s == NULL || s->bad || s->out_n > LAYOUT_MEMO_NUMBER)
		return false;
	*number = (struct layout_memo_number){
	    .digits = s->digits, .n = s->out_n, .told = s->told};
	memcpy(number->out, s->out, s->out_n);
	memcpy(number->at, s->at, sizeof(number->at));
	return true;
}

bool layout_memo_read(struct layout *l, const struct rules *rules,
    enum rules_cut cut, struct text in, struct arena *a, struct text *out)
{
	unsigned char made[LAYOUT_MEMO_ROOM];
	struct layout_memo_look look;
	uint64_t told;
	size_t n;

	if (l->memo == NULL || in.n == 0)
		return false;
	look.encoding = ENCODING_UTF8;
	look.tally = NULL;
	look_with(l->memo, rules, cut, in, &look);
	if (!layout_memo_write(l, &look, made, &n, &told))
		return false;
	*out = text_trust(arena_copy(a, made, n), n);
	return true;
}

/* By its characters, or by its parts. */
static bool text_of(struct layout_writing *w, struct layout_column *c,
    struct text in, unsigned char out[LAYOUT_MEMO_ROOM], size_t *n,
    uint64_t *told)
{
	struct layout_memo_look look;

	if (c->chars[w->person] != NULL &&
	    layout_chars_put(w->l, c->chars[w->person], in, out, n, told))
		return true;
	layout_memo_look(
	    w->l, c->tally[w->person], c->parted[w->person], in, &look);
	return layout_memo_write(w->l, &look, out, n, told);
}

bool layout_memo_put(struct layout_writing *w, struct layout_column *c)
{
	struct layout_tally *tally = c->tally[w->person];
	unsigned char out[LAYOUT_MEMO_ROOM];
	uint64_t told;
	struct text in;
	size_t n;

	if (c->op != OP_TEXT || tally == NULL || c->value != VALUE_ITEM ||
	    w->report == NULL || w->report->note != NULL || w->l->see != NULL)
		return false;
	in = layout_value_source(w, c);
	if (in.n == 0)
		return false;
	if (!text_of(w, c, in, out, &n, &told) ||
	    (c->width != 0 && n > c->width) ||
	    (!c->loss_allowed &&
		layout_tally_worst(tally, told) == RULES_MATERIAL))
		return false;
	layout_tally_tell(tally, told, c->slot, w->report);
	buf_add(w->out, out, n);
	return true;
}
