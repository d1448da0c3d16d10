/*
 * address.h — the parts of an address, and the numbers in it.
 *
 * 都道府県, 市区町村, 町・字, 丁目・番地・号, 建物: DS-442 アドレス・ベース・
 * レジストリ names the same parts. Whoever has the postal code gives the text
 * that its table has for it: it tells where the town ends, and what stands
 * before it if the writer left that out.
 */
#ifndef SHOKAI_TEXT_ADDRESS_H
#define SHOKAI_TEXT_ADDRESS_H

#include "base/bytes.h"

#include <stdint.h>

/* Parts of the input, or, where it has none, of the postal code's text. */
struct address_parts {
	struct text prefecture;
	struct text municipality; /* 札幌市北区, 南秋田郡大潟村, 新宿区 */
	struct text town;
	struct text block; /* 2-8-1, ２丁目８番１号 */
	struct text building;
	bool filled; /* prefecture or municipality come from the postal code */
};

/*
 * Splits; postal is the address that a postal code stands for (prefecture,
 * municipality and town in one), or empty. Spaces between parts are left out.
 * A part that cannot be told is empty: nothing is guessed beyond the names
 * themselves.
 */
void address_split(
    struct text in, struct text postal, struct address_parts *out);

/* A decimal digit of either width; -1. */
int address_digit(uint32_t c);

/* The number (to 99,999) written in kanji numerals at *i, and *i behind it:
 * 百五 or 一〇五. -1 if there is none, the numerals are no number (十百,
 * 二三十) or a numeral stands before: the end of a number is not another. */
int address_numerals(struct text t, size_t *i);

/* v (0 to 99,999) in kanji numerals: 二十三, 百五. Appended. */
void address_put_numerals(int v, struct buf *out);

/* Bytes of 丁目 番地 番 号 号室 at i, or 0; not of 三番町, １号棟. */
size_t address_unit(struct text t, size_t i);

/* Behind all units at i; i itself if there is none. */
size_t address_units(struct text t, size_t i);

/* Bytes of の ノ 之 at i, or 0. */
size_t address_joint(struct text t, size_t i);

/* Bytes of a dash of any kind at i (ー among them), or 0. */
size_t address_dash(struct text t, size_t i);

/*
 * The first block number at or behind *from: *from and *to are its ends. It
 * begins with a digit, or with numerals before 丁目, 番地, 番 or 号. False if
 * there is none.
 */
bool address_block(struct text t, size_t *from, size_t *to);

#endif
