/*
 * mj_table.h — MJ縮退マップ 1.2.0 as a table (data/mj, written while building
 * by mj_table.py). Only kanji.c uses it.
 */
#ifndef SHOKAI_TEXT_MJ_TABLE_H
#define SHOKAI_TEXT_MJ_TABLE_H

#include <stddef.h>
#include <stdint.h>

/* In the order of from, selector, scheme, then as candidates count. */
struct mj_table_row {
	uint32_t from;
	uint32_t selector; /* the variation selector behind it, or 0 */
	uint32_t to;
	uint8_t scheme; /* enum kanji_scheme */
};

extern const struct mj_table_row mj_table_rows[];
extern const size_t mj_table_count;

#endif
