/*
 * ebcdic_table.h — IBM code pages 930 and 939 as tables (script/gen-ebcdic).
 *
 * Only encoding.c uses them. Single bytes, of 930 and then of 939: U+0000–
 * 00FF, U+FF61–FF9F, U+203E. Double bytes, the same in both: by the page of a
 * character's high byte. 0 is "nothing".
 */
#ifndef SHOKAI_TEXT_EBCDIC_TABLE_H
#define SHOKAI_TEXT_EBCDIC_TABLE_H

#include <stdint.h>

#define EBCDIC_TABLE_SINGLES (0x100 + 63 + 1)

extern const unsigned char ebcdic_table_single[2 * EBCDIC_TABLE_SINGLES];
extern const unsigned char ebcdic_table_page[256];
extern const uint16_t ebcdic_table_double[];

#endif
