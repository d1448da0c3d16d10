/* utf8.c — see utf8.h. The table of well-formed sequences is Unicode 15.0,
 * table 3-7 (RFC 3629 §4). */
#include "text/utf8.h"

/* Bytes of the well-formed sequence at p, of n bytes; 0 if there is none. */
static size_t sequence(const unsigned char *p, size_t n)
{
	unsigned char low = 0x80;
	unsigned char high = 0xBF;
	size_t need;

	if (p[0] >= 0xC2 && p[0] <= 0xDF)
		need = 2;
	else if (p[0] >= 0xE0 && p[0] <= 0xEF)
		need = 3;
	else if (p[0] >= 0xF0 && p[0] <= 0xF4)
		need = 4;
	else
		return 0;
	if (n < need)
		return 0;
	if (p[0] == 0xE0)
		low = 0xA0; /* shorter forms exist */
	else if (p[0] == 0xED)
		high = 0x9F; /* surrogates */
	else if (p[0] == 0xF0)
		low = 0x90;
	else if (p[0] == 0xF4)
		high = 0x8F; /* over U+10FFFF */
	if (p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < need; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	return need;
}

/* Are the eight bytes at p all 01–7F? */
static bool plain8(const unsigned char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return ((w | (w - 0x0101010101010101u)) & 0x8080808080808080u) == 0;
}

/* A sequence of three bytes, E1–EC, EE or EF first: nearly all Japanese. */
static bool plain3(const unsigned char *p)
{
	return (p[0] & 0xF0) == 0xE0 && p[0] != 0xE0 && p[0] != 0xED &&
	       (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80;
}

bool utf8_decode(struct bytes in, struct text *out, size_t *bad_at)
{
	size_t i = 0;

	while (i < in.n) {
		if (in.n - i >= 8 && plain8(in.p + i)) {
			i += 8;
		} else if (in.p[i] >= 0x01 && in.p[i] <= 0x7F) {
			i++;
		} else if (in.n - i >= 3 && plain3(in.p + i)) {
			i += 3;
		} else {
			size_t n = sequence(in.p + i, in.n - i);

			if (n == 0) {
				*bad_at = i;
				return false;
			}
			i += n;
		}
	}
	*out = text_trust((const char *)in.p, in.n);
	return true;
}

uint32_t utf8_before(struct text t, size_t i, size_t *at)
{
	do {
		i--;
	} while (((unsigned char)t.p[i] & 0xC0) == 0x80);
	*at = i;
	return utf8_next(t, &i);
}

size_t utf8_count(struct text t)
{
	size_t n = 0;

	for (size_t i = 0; i < t.n; i++)
		n += ((unsigned char)t.p[i] & 0xC0) != 0x80;
	return n;
}

void utf8_put(struct buf *out, uint32_t c)
{
	if (out->room - out->n < 4 || out->p == NULL)
		buf_room(out, 4);
	out->n += utf8_write(c, (char *)out->p + out->n);
}

size_t utf8_offset(struct text t, size_t n)
{
	size_t i = 0;

	for (; n > 0 && i < t.n; n--)
		(void)utf8_next(t, &i);
	return i;
}
