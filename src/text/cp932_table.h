/*
 * cp932_table.h — Microsoft code page 932 as tables (script/gen-cp932).
 *
 * Only encoding.c uses them. Decoding: by row of a lead byte (81–9F, then
 * E0–FC) and place of a trail byte (40–7E, then 80–FC). Encoding: by the
 * page of a character's high byte. 0 is "nothing".
 */
#ifndef SHOKAI_TEXT_CP932_TABLE_H
#define SHOKAI_TEXT_CP932_TABLE_H

#include <stdint.h>

#define CP932_TABLE_TRAILS 188
#define CP932_TABLE_LEADS 60

extern const uint16_t
    cp932_table_decode[CP932_TABLE_LEADS * CP932_TABLE_TRAILS];
extern const unsigned char cp932_table_page[256];
extern const uint16_t cp932_table_encode[];

#endif
