/* synth_tables.c — see synth_tables.h. */
#include "synth/synth_tables.h"

#include "synth/synth_spell.h"

#include <stdlib.h>

#define COLUMNS 4

extern const char synth_data_family[];
extern const uint64_t synth_data_family_size;
extern const char synth_data_given[];
extern const uint64_t synth_data_given_size;
extern const char synth_data_foreign[];
extern const uint64_t synth_data_foreign_size;
extern const char synth_data_places[];
extern const uint64_t synth_data_places_size;

/* The next line that is no comment, cut at tabs; false at the end. */
static bool line(struct text *t, struct text field[COLUMNS], int *fields)
{
	while (t->n > 0) {
		const char *end = memchr(t->p, '\n', t->n);
		size_t n = end == NULL ? t->n : (size_t)(end - t->p);
		const char *p = t->p;
		const char *stop = p + n;

		t->p += n + (end != NULL);
		t->n -= n + (end != NULL);
		if (n == 0 || *p == '#')
			continue;
		for (*fields = 0; *fields < COLUMNS; p++) {
			const char *tab = memchr(p, '\t', (size_t)(stop - p));
			const char *q = tab == NULL ? stop : tab;

			field[(*fields)++] = text_trust(p, (size_t)(q - p));
			if (tab == NULL)
				return true;
			p = q;
		}
		return true;
	}
	return false;
}

static uint32_t lines(struct text t)
{
	uint32_t n = 1;

	for (size_t i = 0; i < t.n; i++)
		n += t.p[i] == '\n';
	return n;
}

static enum err_class bad(struct err *e, const char *name)
{
	err_set(e, ERR_FAULT, "fault", "内蔵の表が壊れています",
	    "a table of the program is damaged");
	return err_detail(e, "%s", name);
}

static enum err_class load_names(struct arena *a, struct text t,
    struct synth_entry **out, uint32_t *n, struct err *e)
{
	struct text f[COLUMNS];
	int fields;

	*out = arena_zero(a, lines(t), sizeof(**out));
	for (*n = 0; line(&t, f, &fields); (*n)++) {
		int64_t weight;

		if (fields != 3 || !text_to_int(f[2], 1000000, &weight))
			return bad(e, "names");
		(*out)[*n] = (struct synth_entry){
		    f[0], f[1], TEXT(""), (uint32_t)weight, 0};
	}
	return *n > 0 ? ERR_NONE : bad(e, "names");
}

static enum err_class load_foreign(
    struct arena *a, struct text t, struct synth_tables *out, struct err *e)
{
	struct text f[COLUMNS];
	int fields;

	out->latin_family = arena_zero(a, lines(t), sizeof(*out->family));
	out->latin_given = arena_zero(a, lines(t), sizeof(*out->given));
	while (line(&t, f, &fields)) {
		struct synth_entry entry = {f[1], f[2], f[3], 1, 0};

		if (fields != 4)
			return bad(e, "names_foreign");
		if (text_is(f[0], "F"))
			out->latin_family[out->latin_families++] = entry;
		else
			out->latin_given[out->latin_givens++] = entry;
	}
	return ERR_NONE;
}

static enum err_class load_places(
    struct arena *a, struct text t, struct synth_tables *out, struct err *e)
{
	struct text f[COLUMNS];
	int fields;
	uint32_t most = lines(t);

	out->place = arena_zero(a, most, sizeof(*out->place));
	out->ward_place = arena_zero(a, most, sizeof(uint32_t));
	out->ke_place = arena_zero(a, most, sizeof(uint32_t));
	while (line(&t, f, &fields)) {
		uint32_t at = out->places++;

		if (fields != 4)
			return bad(e, "places");
		out->place[at] = (struct synth_place){f[0], f[1], f[2], f[3]};
		if (!text_is(f[2], "新宿区"))
			continue;
		out->ward_place[out->ward_places++] = at;
		if (synth_spell_has_ke(f[3]))
			out->ke_place[out->ke_places++] = at;
	}
	if (out->ke_places == 0)
		return bad(e, "places");
	return ERR_NONE;
}

struct kana_at {
	struct text kana;
	uint32_t at;
};

static int by_kana(const void *a, const void *b)
{
	const struct kana_at *x = a;
	const struct kana_at *y = b;
	int c = text_cmp(x->kana, y->kana);

	return c != 0 ? c : (x->at > y->at) - (x->at < y->at);
}

/* Puts the names of one kana into a ring. */
static void link_alike(struct synth_entry *entry, uint32_t n)
{
	struct kana_at *k = arena_xmalloc(n * sizeof(*k));

	for (uint32_t i = 0; i < n; i++)
		k[i] = (struct kana_at){entry[i].kana, i};
	qsort(k, n, sizeof(*k), by_kana);
	for (uint32_t i = 0; i < n;) {
		uint32_t end = i + 1;

		while (end < n && text_eq(k[end].kana, k[i].kana))
			end++;
		for (uint32_t j = i; j < end; j++)
			entry[k[j].at].alike = k[j + 1 < end ? j + 1 : i].at;
		i = end;
	}
	free(k);
}

static bool has_variant(
    struct arena *a, struct text kanji, enum synth_variant kind)
{
	return synth_spell_variant(a, kanji, kind).p != kanji.p;
}

static bool belongs(struct arena *a, const struct synth_entry *entry,
    uint32_t at, enum synth_pool_name pool)
{
	switch (pool) {
	case SYNTH_FAMILY_ANY:
	case SYNTH_GIVEN_ANY:
	case SYNTH_LATIN_FAMILY:
	case SYNTH_LATIN_GIVEN:
		return true;
	case SYNTH_FAMILY_COMMON:
		return at < 10;
	case SYNTH_GIVEN_COMMON:
		return at < 40;
	case SYNTH_FAMILY_KE:
		return synth_spell_has_ke(entry->kanji);
	case SYNTH_FAMILY_0208:
		return has_variant(a, entry->kanji, SYNTH_IN_0208);
	case SYNTH_FAMILY_CP932:
		return has_variant(a, entry->kanji, SYNTH_IN_CP932);
	case SYNTH_FAMILY_OUTSIDE:
		return has_variant(a, entry->kanji, SYNTH_OUTSIDE);
	case SYNTH_GIVEN_SMALL:
		return synth_spell_has_small(entry->kana);
	case SYNTH_GIVEN_LONG:
		return synth_spell_lengthen(a, entry->kana).p != entry->kana.p;
	case SYNTH_LATIN_GIVEN_VU:
		return synth_spell_has(entry->kana, "ヴ");
	case SYNTH_POOLS:
		break;
	}
	return false;
}

static void fill_pool(struct arena *a, struct synth_pool *pool,
    const struct synth_entry *entry, uint32_t n, enum synth_pool_name name)
{
	struct arena scratch = {0};
	uint32_t sum = 0;

	pool->entry = entry;
	pool->index = arena_zero(a, n, sizeof(uint32_t));
	pool->sum = arena_zero(a, n, sizeof(uint32_t));
	for (uint32_t i = 0; i < n; i++) {
		if (!belongs(&scratch, &entry[i], i, name))
			continue;
		sum += entry[i].weight;
		pool->index[pool->n] = i;
		pool->sum[pool->n++] = sum;
	}
	arena_fini(&scratch);
}

static enum err_class fill_pools(
    struct arena *a, struct synth_tables *t, struct err *e)
{
	for (int i = 0; i < SYNTH_POOLS; i++) {
		enum synth_pool_name name = (enum synth_pool_name)i;
		struct synth_pool *p = &t->pool[i];

		if (name < SYNTH_GIVEN_ANY)
			fill_pool(a, p, t->family, t->families, name);
		else if (name < SYNTH_LATIN_FAMILY)
			fill_pool(a, p, t->given, t->givens, name);
		else if (name == SYNTH_LATIN_FAMILY)
			fill_pool(
			    a, p, t->latin_family, t->latin_families, name);
		else
			fill_pool(a, p, t->latin_given, t->latin_givens, name);
		if (p->n == 0)
			return bad(e, "names");
	}
	return ERR_NONE;
}

enum err_class synth_tables_load(
    struct arena *a, struct synth_tables *out, struct err *e)
{
	*out = (struct synth_tables){0};
	TRY(load_names(a, text_trust(synth_data_family, synth_data_family_size),
	    &out->family, &out->families, e));
	TRY(load_names(a, text_trust(synth_data_given, synth_data_given_size),
	    &out->given, &out->givens, e));
	TRY(load_foreign(a,
	    text_trust(synth_data_foreign, synth_data_foreign_size), out, e));
	TRY(load_places(
	    a, text_trust(synth_data_places, synth_data_places_size), out, e));
	link_alike(out->given, out->givens);
	return fill_pools(a, out, e);
}

const struct synth_entry *synth_tables_draw(const struct synth_tables *t,
    enum synth_pool_name pool, struct synth_rng *r)
{
	const struct synth_pool *p = &t->pool[pool];
	uint32_t x = synth_rng_below(r, p->sum[p->n - 1]);
	uint32_t low = 0;
	uint32_t high = p->n - 1;

	while (low < high) {
		uint32_t middle = (low + high) / 2;

		if (x < p->sum[middle])
			high = middle;
		else
			low = middle + 1;
	}
	return &p->entry[p->index[low]];
}

const struct synth_entry *synth_tables_alike(
    const struct synth_tables *t, const struct synth_entry *g)
{
	return &t->given[g->alike];
}

const struct synth_place *synth_tables_ward_place(
    const struct synth_tables *t, struct synth_rng *r)
{
	return &t->place[t->ward_place[synth_rng_below(r, t->ward_places)]];
}

const struct synth_place *synth_tables_place(
    const struct synth_tables *t, struct synth_rng *r)
{
	return &t->place[synth_rng_below(r, t->places)];
}
