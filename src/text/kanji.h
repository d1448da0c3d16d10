/*
 * kanji.h — sets of characters, and which character of a set stands for one
 * that is not in it (MJ縮退マップ 1.2.0; data/mj).
 */
#ifndef SHOKAI_TEXT_KANJI_H
#define SHOKAI_TEXT_KANJI_H

#include "base/bytes.h"

#include <stdint.h>

/*
 * A version of the map. What was sent by one is recomputed by that one: a
 * newer one is compiled in beside it, never instead of it.
 */
struct mj_table;

/* The map of that version, or NULL if it is not compiled in; of NULL the
 * newest. */
const struct mj_table *kanji_map(const char *version);
/* It names the map's contents. */
const char *kanji_map_version(const struct mj_table *map);

enum kanji_set { KANJI_0208, KANJI_0213, KANJI_CP932 };

/* The map's tables, in the order in which their candidates count. */
enum kanji_scheme {
	KANJI_JIS,	/* JIS包摂規準・UCS統合規則 */
	KANJI_KOKUJI,	/* 法務省告示582号別表第四 */
	KANJI_KOSEKI,	/* 戸籍統一文字情報 親字・正字 */
	KANJI_TSUTATSU, /* 民一2842号通達別表, 民二5202号通知別表 */
	KANJI_JISHO,	/* 辞書類等による関連字 */
	KANJI_YOMI,	/* 読み・字形による類推 */
	KANJI_SCHEMES
};
#define KANJI_ALL ((1u << KANJI_SCHEMES) - 1)

#define KANJI_CANDIDATES 16

/* JIS X 0201 and the named set: single-byte characters belong to all. */
bool kanji_in(enum kanji_set set, uint32_t c);

/* Does c choose a glyph of the character before it (Unicode 15.0, UTS #37)? */
bool kanji_is_selector(uint32_t c);

struct kanji_wanted {
	const struct mj_table *map;
	enum kanji_set set;
	unsigned schemes; /* a bit each */
};

/*
 * The characters of the set that stand for c by the schemes, each
 * once, in the order in which they count; how many (KANJI_CANDIDATES at
 * most), 0 if there are none. selector: 0, or what makes a variation sequence
 * of c. The map then tells of that glyph alone, and c itself may stand for it;
 * of a sequence that the map does not have, c does by KANJI_JIS (the rules of
 * unification: no sequence leaves its character), else what stands for c.
 */
size_t kanji_candidates(const struct kanji_wanted *want, uint32_t c,
    uint32_t selector, uint32_t out[KANJI_CANDIDATES]);

/* "jis+koseki", "all"; false if a name is none of them. */
bool kanji_schemes(struct text names, unsigned *out);

#endif
