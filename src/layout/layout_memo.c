/* layout_memo.c — see layout_memo.h. */
#include "layout/layout_chars.h"
#include "layout/layout_known.h"
#include "layout/layout_shape.h"

#include <stdlib.h>

#define SLOTS ((size_t)8192) /* two MiB: one large page */
#define WAYS 2		     /* slots where a part may stand */
#define KEY_MAX 88	     /* bytes of the longest part */
#define BLOCK 16	     /* bytes copied together */

#define EACH UINT64_C(0x0101010101010101)
#define OVER (EACH * 0x80) /* counts that would not fit another sum */

/* One part and what became of it: mostly two lines of a cache. A list of
 * rules belongs to one column of one layout and stands for them. */
struct slot {
	const struct rules *rules; /* NULL: free */
	uint64_t tag;		   /* of its hash, how long it is, its kind */
	unsigned char out_n;
	bool bad;      /* no cut is good there, or its value cannot be kept */
	bool used;     /* since another part wanted its place */
	uint64_t told; /* layout_tally.h; each less than 128 */
	unsigned char out[LAYOUT_MEMO_OUT + BLOCK - 8];
	char key[KEY_MAX];
	unsigned char unused[24];
};
_Static_assert(sizeof(struct slot) == 256, "four lines of a cache");

struct layout_memo {
	_Alignas(64) struct slot slot[SLOTS];
	_Alignas(64) struct slot once; /* what found its place in use */
	struct layout_known *known;    /* NULL: nobody has read */
	struct layout_shape shape[LAYOUT_SHAPES];
	struct rules_part part[RULES_PARTS_MAX]; /* of the value at hand */
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

bool layout_memo_convert(struct layout *l, const struct layout_memo_list *list,
    struct text t, struct layout_tally_making *m)
{
	struct rules_report report = {.note = layout_tally_note, .ctx = m};
	struct text out;
	uint32_t bad;
	size_t at;

	*m = (struct layout_tally_making){.t = list->tally};
	if (!rules_apply(list->rules, t, &l->scratch, &out, &report) || m->bad)
		return false;
	buf_clear(&l->field);
	return encoding_encode(list->encoding, out, &l->field, &at, &bad) &&
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
static bool convert_space(struct layout *l, const struct layout_memo_list *list,
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
	if (!layout_memo_convert(l, list, text_trust(z, 3), &word_told))
		return false;
	n = l->field.n;
	memcpy(word, l->field.p, n);
	if (!layout_memo_convert(l, list, text_trust(z, size), m) ||
	    !less_twice(m, &word_told) || l->field.n < 2 * n ||
	    memcmp(l->field.p, word, n) != 0 ||
	    memcmp(l->field.p + l->field.n - n, word, n) != 0)
		return false;
	l->field.n -= 2 * n;
	memmove(l->field.p, l->field.p + n, l->field.n);
	return true;
}

bool layout_memo_pack(const struct layout_tally_making *m, uint64_t *told)
{
	uint64_t once = m->t ? m->t->once : 0;

	*told = layout_tally_packed(m->n);
	return (*told & OVER) == 0 && (*told & once & ~EACH) == 0;
}

static void make(struct layout *l, const struct layout_memo_list *list,
    const struct rules_part *part, struct slot *s)
{
	struct layout_tally_making m = {0};

	s->bad = !rules_parts_good(part) ||
		 !(part->kind == RULES_PART_SPACE
			 ? convert_space(l, list, part->t, &m)
			 : layout_memo_convert(l, list, part->t, &m)) ||
		 !layout_memo_pack(&m, &s->told);
	if (s->bad)
		return;
	s->out_n = (unsigned char)l->field.n;
	if (l->field.n != 0)
		memcpy(s->out, l->field.p, l->field.n);
}

/* ---- looking up ---- */

static uint64_t mixed(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0x9E3779B97F4A7C15);
	return h ^ h >> 29;
}

/* The last eight bytes of t stand for what is over: those before them have
 * been mixed in already. */
static uint64_t hash_of(struct text t, uint64_t h)
{
	uint64_t w = 0;

	for (size_t i = 0; i + 8 < t.n; i += 8) {
		memcpy(&w, t.p + i, 8);
		h = mixed(h, w);
	}
	if (t.n >= 8)
		memcpy(&w, t.p + t.n - 8, 8);
	else
		memcpy(&w, t.p, t.n);
	h = mixed(h, w) * UINT64_C(0xD6E8FEB86659FD93);
	return h ^ h >> 32;
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

/* A slot of its place for the part, which none has. */
static __attribute__((noinline)) const struct slot *meet(struct layout *l,
    const struct layout_memo_list *list, const struct rules_part *part,
    uint64_t tag, struct slot way[WAYS])
{
	struct slot *s = room_in(l->memo, way);

	s->rules = list->rules;
	s->tag = tag;
	s->used = false;
	memcpy(s->key, part->t.p, part->t.n);
	make(l, list, part, s);
	return s;
}

/* The part's slot, made now if it is not kept; NULL: it is too long. */
static inline const struct slot *find(struct layout *l,
    const struct layout_memo_list *list, const struct rules_part *part)
{
	uint64_t what = (uint64_t)part->t.n << 8 | (uint64_t)part->kind;
	struct slot *way;
	uint64_t hash;
	uint64_t tag;

	if (part->t.n > KEY_MAX)
		return NULL;
	hash = hash_of(part->t, (uint64_t)(uintptr_t)list->rules ^ what);
	tag = (hash & ~UINT64_C(0xFFFF)) | what;
	way = &l->memo->slot[hash % SLOTS / WAYS * WAYS];
	for (size_t i = 0; i < WAYS; i++)
		if (way[i].tag == tag && way[i].rules == list->rules &&
		    layout_same(way[i].key, part->t.p, part->t.n)) {
			way[i].used = true;
			return &way[i];
		}
	return meet(l, list, part, tag, way);
}

/* ---- putting ---- */

/* Puts what becomes of one part at to and adds what it told; how many bytes,
 * SIZE_MAX if it cannot be told. */
static inline size_t put_part(struct layout *l,
    const struct layout_memo_list *list, const struct rules_part *part,
    unsigned char *to, uint64_t *told)
{
	const struct slot *s;

	if (rules_parts_open(part->kind)) {
		const struct layout_shape *f =
		    layout_shape_find(l, l->memo->shape, list, part);

		if (f->bad)
			return SIZE_MAX;
		*told += f->told;
		layout_shape_put(f, part->shape.digits, to);
		return f->n;
	}
	s = find(l, list, part);
	if (s == NULL || s->bad)
		return SIZE_MAX;
	*told += s->told;
	for (size_t k = 0; k < s->out_n; k += BLOCK)
		memcpy(to + k, s->out + k, BLOCK);
	return s->out_n;
}

/* 1 in each byte that is not 0; all are less than 128. */
static uint64_t ones(uint64_t v)
{
	return (v + EACH * 0x7F) >> 7 & EACH;
}

static bool put_parts(struct layout *l, const struct layout_memo_list *list,
    enum rules_cut cut, struct text in, struct layout_memo_made *made)
{
	struct rules_part *part = l->memo->part;
	size_t parts = rules_parts_split(cut, in, part);
	unsigned char *to = made->out;
	uint64_t told = 0;

	for (size_t i = 0; i < parts; i++) {
		size_t n = put_part(l, list, &part[i], to, &told);

		if (n == SIZE_MAX || (told & OVER) != 0)
			return false;
		to += n;
	}
	if (list->tally != NULL)
		told = (told & ~list->tally->once) |
		       ones(told & list->tally->once);
	made->n = (size_t)(to - made->out);
	made->told = told;
	return true;
}

bool layout_memo_text(struct layout *l, const struct layout_memo_list *list,
    struct text in, struct layout_memo_made *made)
{
	return put_parts(l, list, list->cut, in, made) ||
	       (list->cut != RULES_WHOLE &&
		   put_parts(l, list, RULES_WHOLE, in, made));
}

bool layout_memo_read(struct layout *l, const struct rules *rules,
    enum rules_cut cut, struct text in, struct arena *a, struct text *out)
{
	const struct layout_memo_list list = {
	    .rules = rules, .encoding = ENCODING_UTF8, .cut = cut};
	struct layout_memo_made made;

	if (l->memo == NULL || in.n == 0 ||
	    !layout_memo_text(l, &list, in, &made))
		return false;
	*out = text_trust(arena_copy(a, made.out, made.n), made.n);
	return true;
}

/* By its characters, or by its parts. */
static bool text_of(struct layout_writing *w, struct layout_column *c,
    struct text in, struct layout_memo_made *made)
{
	struct layout_chars *chars = c->chars[w->person];
	const struct layout_memo_list list = {.rules = c->rules[w->person],
	    .tally = c->tally[w->person],
	    .encoding = w->l->encoding,
	    .cut = c->parted[w->person]};

	return (chars != NULL && layout_chars_put(w->l, chars, in, made)) ||
	       layout_memo_text(w->l, &list, in, made);
}

bool layout_memo_put(struct layout_writing *w, struct layout_column *c)
{
	struct layout_tally *tally = c->tally[w->person];
	struct layout_memo_made made;
	struct text in;

	if (c->op != OP_TEXT || tally == NULL || c->value != VALUE_ITEM ||
	    w->report == NULL || w->report->note != NULL || w->l->see != NULL)
		return false;
	in = layout_value_source(w, c);
	if (in.n == 0)
		return false;
	if (!text_of(w, c, in, &made) || (c->width != 0 && made.n > c->width) ||
	    (!c->loss_allowed &&
		layout_tally_worst(tally, made.told) == RULES_MATERIAL))
		return false;
	layout_tally_tell(tally, made.told, c->slot, w->report);
	buf_add(w->out, made.out, made.n);
	return true;
}
