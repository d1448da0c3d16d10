/*
 * mj_table.h — the versions of MJ縮退マップ as tables (data/mj, written while
 * building by mj_table.py). Only kanji.c and tests use it.
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

struct mj_table {
	const char *version; /* "1.2.0-" and 8 digits of its SHA-256 */
	const struct mj_table_row *rows;
	size_t n;
};

/* The newest first; an older one stays for what was sent by it. */
extern const struct mj_table mj_table_all[];
extern const size_t mj_table_count;

#endif
