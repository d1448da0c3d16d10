/*
 * encoding.h — the encodings an institution or a municipality may use.
 *
 * 外字, private characters of Unicode, are never passed on: no encoding has
 * them, UTF-8 neither. (It decodes them, so that their place can be told.)
 * ENCODING_CP932: by a table of our own (Microsoft code page 932; duplicates
 * decode, and encode as the IBM extension for IBM/NEC-selected pairs); ¥, ‾
 * and every character outside the table are refused, never made \ or ~.
 * Seven JIS X 0208 characters have two readings in Unicode (〜 U+301C and ～
 * U+FF5E …): both encode, as the same bytes; decoding gives Microsoft's. The
 * user area F040–F9FC and the bytes 80, A0, FD–FF stand for nothing.
 * ENCODING_ZENGIN: the single-byte set of the 全銀 formats (DOMAIN §5.1):
 * ASCII 20–7E and JIS X 0201 kana A1–DF. On decoding it gives half-width
 * kana; it encodes half-width kana and ASCII only (text rules come first).
 * ENCODING_IBM930, ENCODING_IBM939: EBCDIC with kana (CCSID 290 + 300, 1027 +
 * 300), only out. Double bytes stand between SO (0E) and SI (0F); every text
 * begins and ends in single bytes. A line feed is 25, no other control
 * character is there; the user area is refused, and so is what glibc writes
 * as the code of another character (\ as ¥, 俠 as 侠).
 */
#ifndef SHOKAI_TEXT_ENCODING_H
#define SHOKAI_TEXT_ENCODING_H

#include "base/bytes.h"

#include <stdint.h>

enum encoding {
	ENCODING_UTF8,
	ENCODING_CP932,
	ENCODING_ZENGIN,
	ENCODING_IBM930,
	ENCODING_IBM939
};

/* "utf-8" "cp932" "zengin" (docs/interface.md §11); false for any other. */
bool encoding_named(struct text name, enum encoding *out);

/* The same and those that are only written: "ibm930" "ibm939". Their digits,
 * commas and spaces are not ASCII: no layout is in them. */
bool encoding_named_out(struct text name, enum encoding *out);
const char *encoding_name(enum encoding enc);

/*
 * Decodes in, appending to out; false at the first byte that stands for
 * nothing (NUL is one), with *bad_at = its offset. What is only written does
 * not decode: false at 0.
 */
bool encoding_decode(
    enum encoding enc, struct bytes in, struct buf *out, size_t *bad_at);

/* The same into to, which has ENCODING_ROOM(in.n) bytes, from CP932 or zengin;
 * *n is what of them is text. */
#define ENCODING_ROOM(n) (3 * (n) + 1)
bool encoding_decode_at(
    enum encoding enc, struct bytes in, unsigned char *to, size_t *n);

/*
 * Encodes in, appending to out; false at the first character the encoding
 * lacks, with *bad_at = its byte offset in in and *bad = the character.
 */
bool encoding_encode(enum encoding enc, struct text in, struct buf *out,
    size_t *bad_at, uint32_t *bad);

/* The two bytes of c in code page 932, or 0; none for single-byte characters.
 */
unsigned encoding_cp932_pair(uint32_t c);

/* Is c among the 6,879 characters of JIS X 0208:1997? */
bool encoding_in_0208(uint32_t c);

/* The byte that ends a line: 0A, and 25 in EBCDIC. */
unsigned char encoding_newline(enum encoding enc);

/*
 * Takes the byte order mark off the beginning of a file in UTF-8, if it has
 * one (Unicode 15.0 §23.8). False if it has that of another encoding: UTF-16
 * here, any in a legacy encoding, where it is no text.
 */
bool encoding_skip_mark(enum encoding enc, struct bytes *in);

/*
 * Is this, the first record of a 全銀 file, in EBCDIC (a header's F1), or does
 * its コード区分 say so (1, behind データ区分 1 and 種別コード)? A record has
 * 120 or 200 bytes; less is no file.
 */
bool encoding_marked_ebcdic(struct bytes record);

/* Bytes in that encoding, or SIZE_MAX if it cannot be encoded. */
size_t encoding_width(enum encoding enc, struct text in);

#endif
