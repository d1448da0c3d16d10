/*
 * cp932_table.h — Microsoft code page 932 as tables (script/gen-cp932).
 *
 * Only encoding.c uses them. Decoding: a byte by itself, or a pair by row of
 * its lead byte (81–9F, then E0–FC) and trail byte, is a character in UTF-8:
 * its bytes, the first lowest, and in the highest how many they are. Encoding:
 * by the page of a character's high byte. 0 is "nothing".
 */
#ifndef SHOKAI_TEXT_CP932_TABLE_H
#define SHOKAI_TEXT_CP932_TABLE_H

#include <stdint.h>

#define CP932_TABLE_LEADS 60

extern const uint32_t cp932_table_pair[CP932_TABLE_LEADS * 256];
extern const uint32_t cp932_table_single[256];
extern const unsigned char cp932_table_page[256];
extern const uint16_t cp932_table_encode[];

#endif
