/* encoding.c — see encoding.h. */
#include "text/encoding.h"

#include "text/cp932_table.h"
#include "text/ebcdic_table.h"
#include "text/utf8.h"

#include <endian.h>

/* JIS X 0201 kana: bytes A1–DF stand for U+FF61–FF9F. */
#define KANA_FIRST 0xFF61u
#define KANA_LAST 0xFF9Fu
#define KANA_BYTE 0xA1u

#define EBCDIC_NEWLINE 0x25
#define SHIFT_OUT 0x0E
#define SHIFT_IN 0x0F
#define ZENGIN_RECORD 120 /* bytes at least, of a file's record */

static const char *const names[] = {
    [ENCODING_UTF8] = "utf-8",
    [ENCODING_CP932] = "cp932",
    [ENCODING_ZENGIN] = "zengin",
    [ENCODING_IBM930] = "ibm930",
    [ENCODING_IBM939] = "ibm939",
};

static bool named(struct text name, int count, enum encoding *out)
{
	for (int i = 0; i < count; i++)
		if (text_is(name, names[i])) {
			*out = (enum encoding)i;
			return true;
		}
	return false;
}

bool encoding_named(struct text name, enum encoding *out)
{
	return named(name, ENCODING_IBM930, out);
}

bool encoding_named_out(struct text name, enum encoding *out)
{
	return named(name, (int)(sizeof(names) / sizeof(*names)), out);
}

static bool is_ebcdic(enum encoding enc)
{
	return enc == ENCODING_IBM930 || enc == ENCODING_IBM939;
}

unsigned char encoding_newline(enum encoding enc)
{
	return is_ebcdic(enc) ? EBCDIC_NEWLINE : '\n';
}

bool encoding_skip_mark(enum encoding enc, struct bytes *in)
{
	if (in->n >= 2 && (memcmp(in->p, "\xFE\xFF", 2) == 0 ||
			      memcmp(in->p, "\xFF\xFE", 2) == 0))
		return false;
	if (in->n < 3 || memcmp(in->p, "\xEF\xBB\xBF", 3) != 0)
		return true;
	if (enc != ENCODING_UTF8)
		return false;
	*in = BYTES(in->p + 3, in->n - 3);
	return true;
}

bool encoding_marked_ebcdic(struct bytes record)
{
	const unsigned char *p = record.p;

	if (record.n < ZENGIN_RECORD)
		return false;
	return p[0] == 0xF1 || (p[0] == '1' && p[1] >= '0' && p[1] <= '9' &&
				   p[2] >= '0' && p[2] <= '9' && p[3] == '1');
}

const char *encoding_name(enum encoding enc)
{
	return names[enc];
}

unsigned encoding_cp932_pair(uint32_t c)
{
	if (c > 0xFFFF)
		return 0;
	return cp932_table_encode[(size_t)cp932_table_page[c >> 8] << 8 |
				  (c & 0xFF)];
}

bool encoding_in_0208(uint32_t c)
{
	unsigned pair = encoding_cp932_pair(c);

	/* Rows 1–84; row 13 (8740–879C) is NEC's, not the standard's. */
	return pair != 0 && pair <= 0xEAFC && (pair < 0x8740 || pair > 0x879E);
}

/* The row of a lead byte in the table; none if it is over the last: with 20
 * exchanged, 81–9F and E0–FC follow one another. */
static inline unsigned lead_row(unsigned char b)
{
	return (b ^ 0x20u) - 0xA1u;
}

/* At to, which has ENCODING_ROOM, *n bytes; how many of in stand for
 * something. */
static size_t decode_cp932(struct bytes in, unsigned char *to, size_t *n)
{
	const unsigned char *at = in.p;
	const unsigned char *end = in.p + in.n;
	unsigned char *p = to;

	while (at < end) {
		unsigned row = lead_row(*at);
		bool pair = row < CP932_TABLE_LEADS && end - at > 1;
		uint32_t made = pair ? cp932_table_pair[row << 8 | at[1]]
				     : cp932_table_single[*at];

		if (made == 0)
			break;
		at += 1 + pair;
		/* A piece of the next character's room may be written. */
		memcpy(p, &(uint32_t){htole32(made)}, 4);
		p += made >> 24;
	}
	*n = (size_t)(p - to);
	return (size_t)(at - in.p);
}

static size_t decode_zengin(struct bytes in, unsigned char *to, size_t *n)
{
	size_t i = 0;

	for (; i < in.n; i++)
		if ((in.p[i] < 0x20 || in.p[i] > 0x7E) &&
		    (in.p[i] < 0xA1 || in.p[i] > 0xDF))
			break;
	/* These are alike in CP932. */
	return decode_cp932(BYTES(in.p, i), to, n);
}

bool encoding_decode_at(
    enum encoding enc, struct bytes in, unsigned char *to, size_t *n)
{
	return (enc == ENCODING_ZENGIN ? decode_zengin : decode_cp932)(
		   in, to, n) == in.n;
}

/* Appends what of in stands for something. */
static bool decode_table(
    enum encoding enc, struct bytes in, struct buf *out, size_t *bad_at)
{
	size_t n;

	buf_room(out, ENCODING_ROOM(in.n));
	*bad_at = (enc == ENCODING_ZENGIN ? decode_zengin : decode_cp932)(
	    in, out->p + out->n, &n);
	out->n += n;
	return *bad_at == in.n;
}

static bool decode_utf8(struct bytes in, struct buf *out, size_t *bad_at)
{
	struct text t;

	if (!utf8_decode(in, &t, bad_at))
		return false;
	buf_text_add(out, t);
	return true;
}

bool encoding_decode(
    enum encoding enc, struct bytes in, struct buf *out, size_t *bad_at)
{
	size_t before = out->n;
	bool ok = false;

	switch (enc) {
	case ENCODING_UTF8:
		ok = decode_utf8(in, out, bad_at);
		break;
	case ENCODING_CP932:
	case ENCODING_ZENGIN:
		ok = decode_table(enc, in, out, bad_at);
		break;
	case ENCODING_IBM930:
	case ENCODING_IBM939:
		*bad_at = 0;
		break;
	}
	if (!ok)
		out->n = before;
	return ok;
}

/* c as one or two bytes; 0 if the encoding lacks it. */
static size_t put_cp932(uint32_t c, unsigned char b[2])
{
	unsigned pair;

	if (c < 0x80 || (c >= KANA_FIRST && c <= KANA_LAST)) {
		b[0] =
		    (unsigned char)(c < 0x80 ? c : c - KANA_FIRST + KANA_BYTE);
		return 1;
	}
	pair = encoding_cp932_pair(c);
	b[0] = (unsigned char)(pair >> 8);
	b[1] = (unsigned char)(pair & 0xFF);
	return pair ? 2 : 0;
}

static size_t put_zengin(uint32_t c, unsigned char b[2])
{
	if ((c < 0x20 || c > 0x7E) && (c < KANA_FIRST || c > KANA_LAST))
		return 0;
	return put_cp932(c, b);
}

/* The byte of c among the single ones, or 0. */
static unsigned ebcdic_single(enum encoding enc, uint32_t c)
{
	const unsigned char *t = ebcdic_table_single;

	if (enc == ENCODING_IBM939)
		t += EBCDIC_TABLE_SINGLES;
	if (c == '\n')
		return EBCDIC_NEWLINE;
	if (c < 0x100)
		return t[c];
	if (c >= KANA_FIRST && c <= KANA_LAST)
		return t[0x100 + (c - KANA_FIRST)];
	return c == 0x203E ? t[EBCDIC_TABLE_SINGLES - 1] : 0; /* ‾ */
}

static unsigned ebcdic_double(uint32_t c)
{
	if (c > 0xFFFF)
		return 0;
	return ebcdic_table_double[(size_t)ebcdic_table_page[c >> 8] << 8 |
				   (c & 0xFF)];
}

/* c with the shift it needs; *wide: within double bytes. 0: not there. */
static size_t put_ebcdic(
    enum encoding enc, uint32_t c, bool *wide, unsigned char b[3])
{
	unsigned one = ebcdic_single(enc, c);
	unsigned pair = one ? 0 : ebcdic_double(c);
	size_t n = 0;

	if (one == 0 && pair == 0)
		return 0;
	if (*wide != (pair != 0))
		b[n++] = pair ? SHIFT_OUT : SHIFT_IN;
	*wide = pair != 0;
	if (pair != 0)
		b[n++] = (unsigned char)(pair >> 8);
	b[n++] = (unsigned char)(pair ? pair & 0xFF : one);
	return n;
}

static bool encode_ebcdic(enum encoding enc, struct text in, struct buf *out,
    size_t *bad_at, uint32_t *bad)
{
	bool wide = false;

	buf_room(out, 2 * in.n + 4); /* §a: SO, two bytes, SI, one byte */
	for (size_t i = 0; i < in.n;) {
		size_t at = i;
		uint32_t c = utf8_next(in, &i);
		size_t n = put_ebcdic(enc, c, &wide, out->p + out->n);

		if (n == 0) {
			*bad_at = at;
			*bad = c;
			return false;
		}
		out->n += n;
	}
	if (wide)
		out->p[out->n++] = SHIFT_IN;
	return true;
}

static size_t ebcdic_width(enum encoding enc, struct text in)
{
	bool wide = false;
	size_t n = 0;

	for (size_t i = 0; i < in.n;) {
		unsigned char b[3];
		size_t k = put_ebcdic(enc, utf8_next(in, &i), &wide, b);

		if (k == 0)
			return SIZE_MAX;
		n += k;
	}
	return n + wide;
}

static bool encode_zengin(
    struct text in, struct buf *out, size_t *bad_at, uint32_t *bad)
{
	for (size_t i = 0; i < in.n;) {
		size_t at = i;
		uint32_t c = utf8_next(in, &i);
		size_t n = put_zengin(c, out->p + out->n);

		if (n == 0) {
			*bad_at = at;
			*bad = c;
			return false;
		}
		out->n += n;
	}
	return true;
}

static bool encode_cp932(
    struct text in, struct buf *out, size_t *bad_at, uint32_t *bad)
{
	const unsigned char *t = (const unsigned char *)in.p;
	unsigned char *p = out->p + out->n;
	size_t i = 0;

	while (i < in.n) {
		size_t at = i;
		uint32_t c;
		size_t n;

		if (t[i] < 0xE0 || t[i] >= 0xF0) {
			c = utf8_next(in, &i);
			n = put_cp932(c, p);
		} else {
			unsigned pair;

			c = (t[i] & 0x0Fu) << 12 | (t[i + 1] & 0x3Fu) << 6 |
			    (t[i + 2] & 0x3Fu);
			pair = encoding_cp932_pair(c);
			p[0] = (unsigned char)(pair >> 8);
			p[1] = (unsigned char)pair;
			i += 3;
			n = pair ? 2 : put_cp932(c, p);
		}
		if (n == 0) {
			*bad_at = at;
			*bad = c;
			return false;
		}
		p += n;
	}
	out->n = (size_t)(p - out->p);
	return true;
}

/* Are eight bytes all under EE? No private character has such bytes alone. */
static bool low8(const char *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return (((v & UINT64_C(0x7F7F7F7F7F7F7F7F)) +
		    UINT64_C(0x1212121212121212)) &
		   v & UINT64_C(0x8080808080808080)) == 0;
}

static bool is_private(uint32_t c)
{
	return (c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000;
}

/* The first private character's offset; in.n if there is none. */
static size_t private_at(struct text in)
{
	size_t i = 0;

	while (i < in.n) {
		size_t from = i;

		if (in.n - i >= 8 && low8(in.p + i)) {
			i += 8;
			continue;
		}
		while (((unsigned char)in.p[from] & 0xC0) == 0x80)
			from--; /* the eight before ended within it */
		i = from;
		if (is_private(utf8_next(in, &i)))
			return from;
	}
	return in.n;
}

static bool encode_utf8(
    struct text in, struct buf *out, size_t *bad_at, uint32_t *bad)
{
	size_t at = private_at(in);

	if (at == in.n) {
		buf_text_add(out, in);
		return true;
	}
	*bad_at = at;
	*bad = utf8_next(in, &at);
	return false;
}

bool encoding_encode(enum encoding enc, struct text in, struct buf *out,
    size_t *bad_at, uint32_t *bad)
{
	size_t before = out->n;
	bool ok;

	if (enc == ENCODING_UTF8)
		return encode_utf8(in, out, bad_at, bad);
	buf_room(out, in.n + 2); /* no more bytes than in UTF-8 */
	if (is_ebcdic(enc))
		ok = encode_ebcdic(enc, in, out, bad_at, bad);
	else
		ok = enc == ENCODING_CP932
			 ? encode_cp932(in, out, bad_at, bad)
			 : encode_zengin(in, out, bad_at, bad);
	if (!ok)
		out->n = before;
	return ok;
}

size_t encoding_width(enum encoding enc, struct text in)
{
	size_t n = 0;

	if (enc == ENCODING_UTF8)
		return private_at(in) == in.n ? in.n : SIZE_MAX;
	if (is_ebcdic(enc))
		return ebcdic_width(enc, in);
	for (size_t i = 0; i < in.n;) {
		uint32_t c = utf8_next(in, &i);
		unsigned char b[2];
		size_t k =
		    enc == ENCODING_CP932 ? put_cp932(c, b) : put_zengin(c, b);

		if (k == 0)
			return SIZE_MAX;
		n += k;
	}
	return n;
}
