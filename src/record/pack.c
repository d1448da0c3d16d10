/* pack.c — see pack.h. */
#include "record/pack.h"

#include "text/utf8.h"

void pack_put_number(struct buf *out, uint64_t v)
{
	while (v >= 0x80) {
		buf_byte(out, (unsigned char)(v | 0x80));
		v >>= 7;
	}
	buf_byte(out, (unsigned char)v);
}

void pack_put_bytes(struct buf *out, const void *p, size_t n)
{
	pack_put_number(out, n);
	buf_add(out, p, n);
}

void pack_put_fields(struct buf *out, const struct text *f, size_t count)
{
	unsigned char map[8] = {0};

	for (size_t i = 0; i < count; i++)
		if (f[i].n != 0)
			map[i / 8] |= (unsigned char)(1U << i % 8);
	buf_add(out, map, (count + 7) / 8);
	for (size_t i = 0; i < count; i++)
		if (f[i].n != 0)
			pack_put_bytes(out, f[i].p, f[i].n);
}

bool pack_byte(struct pack *p, unsigned max, unsigned *out)
{
	if (p->n == 0 || p->p[0] > max)
		return false;
	*out = p->p[0];
	p->p++;
	p->n--;
	return true;
}

bool pack_number(struct pack *p, size_t max, size_t *out)
{
	size_t v = 0;

	for (size_t i = 0; i < p->n && i < 5; i++) {
		unsigned char b = p->p[i];

		v |= (size_t)(b & 0x7F) << (7 * i);
		if (b & 0x80)
			continue;
		if ((b == 0 && i > 0) || v > max)
			return false;
		*out = v;
		p->p += i + 1;
		p->n -= i + 1;
		return true;
	}
	return false;
}

bool pack_bytes(struct pack *p, size_t max, struct bytes *out)
{
	size_t n;

	if (!pack_number(p, max, &n) || n > p->n)
		return false;
	*out = BYTES(p->p, n);
	p->p += n;
	p->n -= n;
	return true;
}

bool pack_text(struct pack *p, size_t max, struct text *out)
{
	struct bytes b;
	size_t bad;

	return pack_bytes(p, max, &b) && utf8_decode(b, out, &bad);
}

bool pack_fields(struct pack *p, size_t max, struct text *f, size_t count)
{
	size_t size = (count + 7) / 8;
	const unsigned char *map = p->p;

	if (p->n < size || (count % 8 != 0 && map[size - 1] >> count % 8 != 0))
		return false;
	p->p += size;
	p->n -= size;
	for (size_t i = 0; i < count; i++) {
		f[i] = TEXT("");
		if ((map[i / 8] >> i % 8 & 1) == 0)
			continue;
		if (!pack_text(p, max, &f[i]) || f[i].n == 0)
			return false;
	}
	return true;
}
