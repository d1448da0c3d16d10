/*
 * synth_spell.h — how a ward and how six kinds of banks write the same name
 * and address.
 *
 * Written apart from src/text on purpose: what undoes these spellings must not
 * be the code that made them. Sources: docs/DOMAIN.md §5.1 and §5.3 (account
 * holder names of several banks), §5.6 (addresses); SKK-JISYO.itaiji and
 * SKK-JISYO.itaiji.JIS3_4 (variants of kanji, public domain).
 */
#ifndef SHOKAI_SYNTH_SYNTH_SPELL_H
#define SHOKAI_SYNTH_SYNTH_SPELL_H

#include "base/bytes.h"

/* The mark ー. */
enum synth_lengthen { SYNTH_MARK, SYNTH_HYPHEN, SYNTH_DROP };

/* A kanji that the bank's character set does not have. */
enum synth_missing { SYNTH_REDUCE, SYNTH_GETA, SYNTH_BLANK };

/* 二丁目 and its like. */
enum synth_blocks {
	SYNTH_BLOCKS_WARD,   /* ２丁目８番１号 */
	SYNTH_BLOCKS_HYPHEN, /* 2-8-1 */
	SYNTH_BLOCKS_KANJI,  /* 二丁目8番1号 */
	SYNTH_BLOCKS_WIDE,   /* ２－８－１ */
	SYNTH_BLOCKS_NARROW, /* 2丁目8番1号 */
	SYNTH_BLOCKS_MIXED,  /* ２丁目８－１ */
};

struct synth_style {
	bool half;  /* half-width kana */
	bool large; /* ャ as ヤ, ヲ as オ */
	bool ba;    /* ヴァ as バ */
	enum synth_lengthen lengthen;
	const char *separator; /* between 氏 and 名 */
	const char *dot;       /* for ・ */
	bool abbreviate;       /* カ) for カブシキガイシャ */
	bool given_first;      /* names in Latin letters */
	bool modern;	       /* 澤 as 沢 */
	bool cp932;	       /* else JIS X 0208 */
	enum synth_missing missing;
	const char *ke; /* for the ヶ of place and family names */
	enum synth_blocks blocks;
	bool prefecture;
	bool building;
	bool sex; /* kept */
};

/* The style of institution k, from 1; 0: the ward's own. */
const struct synth_style *synth_spell_style(unsigned k);

/* What writing changed; or'd together. */
#define SYNTH_SPELL_SMALL 1u
#define SYNTH_SPELL_LONG 2u
#define SYNTH_SPELL_VU 4u
#define SYNTH_SPELL_KE 8u
#define SYNTH_SPELL_VARIANT 16u
#define SYNTH_SPELL_MISSING 32u /* and the style leaves the name blank */

/* Full-width katakana, kanji, as the style writes them; appended. */
unsigned synth_spell_kana(
    const struct synth_style *s, struct text in, struct buf *out);
unsigned synth_spell_kanji(
    const struct synth_style *s, struct text in, struct buf *out);

struct synth_address {
	struct text postal;
	struct text prefecture;
	struct text municipality;
	struct text town;
	int chome; /* 0: none */
	int ban;
	int go;
	int building; /* 0: none */
	int room;
};

unsigned synth_spell_address(const struct synth_style *s,
    const struct synth_address *address, struct buf *out);

/* A kanji's variants: both in JIS X 0208; in CP932 only; in neither. */
enum synth_variant { SYNTH_IN_0208, SYNTH_IN_CP932, SYNTH_OUTSIDE };

/* in with one kanji exchanged for its variant of that kind (SYNTH_IN_0208:
 * also back from it); in itself if it has none. */
struct text synth_spell_variant(
    struct arena *a, struct text in, enum synth_variant kind);

/* コウジ as コージ: the first long vowel within the first kana of a given
 * name; in itself if there is none. */
struct text synth_spell_lengthen(struct arena *a, struct text in);

/* Does any character of set occur in t? */
bool synth_spell_has(struct text t, const char *set);
bool synth_spell_has_small(struct text kana);
bool synth_spell_has_ke(struct text kanji);

#endif
