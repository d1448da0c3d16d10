/*
 * jisx0213_table.h — the characters of JIS X 0213:2004 (script/gen-jisx0213).
 * Only kanji.c uses it: a page of 256 bits by the high bytes of a character.
 */
#ifndef SHOKAI_TEXT_JISX0213_TABLE_H
#define SHOKAI_TEXT_JISX0213_TABLE_H

#define JISX0213_TABLE_LAST 0x30000u

extern const unsigned char jisx0213_table_page[0x300];
extern const unsigned char jisx0213_table_bits[][32];

#endif
