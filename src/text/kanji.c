/* kanji.c — see kanji.h. */
#include "text/kanji.h"

#include "text/encoding.h"
#include "text/jisx0213_table.h"
#include "text/mj_table.h"

static bool in_0213(uint32_t c)
{
	const unsigned char *bits;

	if (c >= JISX0213_TABLE_LAST)
		return false;
	bits = jisx0213_table_bits[jisx0213_table_page[c >> 8]];
	return (bits[(c & 0xFF) >> 3] >> (c & 7) & 1) != 0;
}

bool kanji_in(enum kanji_set set, uint32_t c)
{
	if (c < 0x80)
		return c >= 0x20 && c != 0x7F;
	if (c >= 0xFF61 && c <= 0xFF9F)
		return true;
	switch (set) {
	case KANJI_0208:
		return encoding_in_0208(c);
	case KANJI_0213:
		return in_0213(c) || encoding_in_0208(c);
	case KANJI_CP932:
		return encoding_cp932_pair(c) != 0;
	}
	return false;
}

bool kanji_is_selector(uint32_t c)
{
	return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

const struct mj_table *kanji_map(const char *version)
{
	for (size_t i = 0; i < mj_table_count; i++)
		if (version == NULL ||
		    strcmp(version, mj_table_all[i].version) == 0)
			return &mj_table_all[i];
	return NULL;
}

const char *kanji_map_version(const struct mj_table *map)
{
	return map->version;
}

static bool before(
    const struct mj_table_row *row, uint32_t c, uint32_t selector)
{
	return row->from != c ? row->from < c : row->selector < selector;
}

/* The first row of c, or the row where it would stand. */
static size_t first_row(
    const struct mj_table *map, uint32_t c, uint32_t selector)
{
	size_t lo = 0;
	size_t hi = map->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (before(&map->rows[mid], c, selector))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Those of the map's rows; *known: it has some, whatever they say. */
static size_t listed(const struct kanji_wanted *want, uint32_t c,
    uint32_t selector, uint32_t out[KANJI_CANDIDATES], bool *known)
{
	const struct mj_table *map = want->map;
	size_t n = 0;

	*known = false;
	for (size_t i = first_row(map, c, selector); i < map->n; i++) {
		const struct mj_table_row *row = &map->rows[i];
		size_t k = 0;

		if (row->from != c || row->selector != selector ||
		    n == KANJI_CANDIDATES)
			break;
		*known = true;
		if ((want->schemes >> row->scheme & 1) == 0 ||
		    !kanji_in(want->set, row->to))
			continue;
		while (k < n && out[k] != row->to)
			k++;
		if (k == n)
			out[n++] = row->to;
	}
	return n;
}

size_t kanji_candidates(const struct kanji_wanted *want, uint32_t c,
    uint32_t selector, uint32_t out[KANJI_CANDIDATES])
{
	bool known;
	size_t n = listed(want, c, selector, out, &known);

	if (selector == 0 || known)
		return n;
	if ((want->schemes >> KANJI_JIS & 1) != 0 && kanji_in(want->set, c)) {
		out[0] = c;
		return 1;
	}
	return listed(want, c, 0, out, &known);
}

static bool scheme(struct text name, unsigned *out)
{
	static const char *const names[KANJI_SCHEMES] = {
	    [KANJI_JIS] = "jis",
	    [KANJI_KOKUJI] = "kokuji",
	    [KANJI_KOSEKI] = "koseki",
	    [KANJI_TSUTATSU] = "tsutatsu",
	    [KANJI_JISHO] = "jisho",
	    [KANJI_YOMI] = "yomi",
	};

	for (unsigned k = 0; k < KANJI_SCHEMES; k++)
		if (text_is(name, names[k])) {
			*out |= 1u << k;
			return true;
		}
	return false;
}

bool kanji_schemes(struct text names, unsigned *out)
{
	*out = KANJI_ALL;
	if (text_is(names, "all"))
		return true;
	*out = 0;
	for (;;) {
		const char *plus =
		    names.n ? memchr(names.p, '+', names.n) : NULL;
		size_t n = plus ? (size_t)(plus - names.p) : names.n;

		if (!scheme(text_trust(names.p, n), out))
			return false;
		if (plus == NULL)
			return true;
		names = text_trust(plus + 1, names.n - n - 1);
	}
}
