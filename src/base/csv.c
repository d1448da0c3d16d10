/* csv.c — see csv.h. */
#include "base/csv.h"

#include <endian.h>
#include <errno.h>
#include <unistd.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define WINDOW ((size_t)256 * 1024)
#define BLOCK 16	/* bytes looked at together */
#define WIDE CSV_BEHIND /* the same of a plain record */

void csv_init(struct csv *c, csv_read_fn *read_fn, void *ctx, size_t line_max,
    size_t field_max)
{
	*c = (struct csv){
	    .read = read_fn,
	    .ctx = ctx,
	    .delimiter = ',',
	    .line_max = line_max,
	    .field_max = field_max,
	    .next_line = 1,
	};
}

void csv_fini(struct csv *c)
{
	buf_fini(&c->window);
}

long csv_read_fd(void *ctx, void *p, size_t n)
{
	ssize_t got;

	do
		got = read(*(const int *)ctx, p, n);
	while (got < 0 && errno == EINTR);
	return got;
}

long csv_read_bytes(void *ctx, void *p, size_t n)
{
	struct bytes *b = ctx;

	if (n > b->n)
		n = b->n;
	if (n != 0)
		memcpy(p, b->p, n);
	b->p += n;
	b->n -= n;
	return (long)n;
}

static enum err_class fill(struct csv *c, struct err *e)
{
	long n;

	if (c->at > 0) {
		c->window.n -= c->at;
		memmove(c->window.p, c->window.p + c->at, c->window.n);
		c->at = 0;
	}
	buf_room(&c->window, WINDOW + WIDE);
	n = c->read(c->ctx, c->window.p + c->window.n, WINDOW);
	if (n < 0)
		return err_errno(e, "csv");
	if (n == 0)
		c->ended = true;
	c->window.n += (size_t)n;
	/* What a block sees behind the bytes at hand ends its record. */
	memset(c->window.p + c->window.n, 0, WIDE);
	return ERR_NONE;
}

/*
 * Finds the end of the record that begins at c->at: the number of its bytes
 * without newline. Returns false if the bytes at hand end first, or the record
 * is over line_max: it is looked at no further than that, so that what is said
 * of it does not depend on how many bytes come at a time.
 */
static bool find_end(
    struct csv *c, size_t *scanned, bool *quoted, size_t *length)
{
	const unsigned char *p = c->window.p + c->at;
	size_t n = c->window.n - c->at;
	size_t i = *scanned;
	size_t end = n <= c->line_max ? n : c->line_max + 1;
	bool in = *quoted;

	for (; i < end; i++) {
		if (p[i] == '"')
			in = !in;
		else if (p[i] == '\n' && !in)
			break;
	}
	*scanned = i;
	*quoted = in;
	*length = i;
	return i < end;
}

static enum err_class quotes(struct csv *c, struct err *e)
{
	err_set(e, ERR_INPUT, "csv.quotes", "引用符が閉じていません",
	    "a quotation mark is not closed");
	e->line = c->line;
	return e->class;
}

static enum err_class too_long(struct csv *c, struct err *e)
{
	err_set(e, ERR_LIMIT, "csv.too_long", "行が長すぎます",
	    "the line is too long");
	e->line = c->line;
	return e->class;
}

/* Takes one field at p[i]; unescapes in place. Returns false on bad quotes. */
static bool take_field(
    struct csv *c, unsigned char *p, size_t n, size_t *i, struct bytes *out)
{
	size_t at = *i;
	size_t to;

	if (at < n && p[at] == '"') {
		out->p = p + at + 1;
		to = ++at;
		for (;; at++) {
			if (at >= n)
				return false;
			if (p[at] == '"') {
				if (at + 1 >= n || p[at + 1] != '"')
					break;
				at++;
			}
			p[to++] = p[at];
		}
		out->n = to - (size_t)(out->p - p);
		at++;
		if (at < n && p[at] != (unsigned char)c->delimiter)
			return false;
	} else {
		out->p = p + at;
		while (at < n && p[at] != (unsigned char)c->delimiter) {
			if (p[at] == '"')
				return false;
			at++;
		}
		out->n = at - *i;
	}
	*i = at;
	return true;
}

static enum err_class split(
    struct csv *c, unsigned char *p, size_t n, struct err *e)
{
	size_t i = 0;

	c->fields = 0;
	c->too_long = 0;
	c->nul = n > 0 && memchr(p, 0, n) != NULL;
	c->blank = n == 0;
	for (;;) {
		struct bytes *f;

		if (c->fields == CSV_FIELDS_MAX)
			return too_long(c, e);
		f = &c->field[c->fields++];
		if (!take_field(c, p, n, &i, f))
			return quotes(c, e);
		if (f->n > c->field_max && c->too_long == 0)
			c->too_long = c->fields;
		if (i >= n)
			return ERR_NONE;
		i++; /* the delimiter */
	}
}

/* A bit for each of the BLOCK bytes at p that is b. */
static unsigned places(const unsigned char *p, unsigned char b)
{
#if defined(__SSE2__)
	__m128i here = _mm_loadu_si128((const __m128i *)(const void *)p);

	return (unsigned)_mm_movemask_epi8(
	    _mm_cmpeq_epi8(here, _mm_set1_epi8((char)b)));
#else
	unsigned found = 0;

	for (int i = 0; i < BLOCK; i++)
		found |= (unsigned)(p[i] == b) << i;
	return found;
#endif
}

/* Bits of the bytes at p that end a record or what is plain of it. */
static inline unsigned stops(const unsigned char *p)
{
	return places(p, '\n') | places(p, '"') | places(p, '\0');
}

/* Bits of the WIDE bytes at p. */
struct marks {
	uint64_t delimiters;
	uint64_t stops;
};

static inline uint64_t four(unsigned a, unsigned b, unsigned c, unsigned d)
{
	return (uint64_t)(d << BLOCK | c) << 2 * BLOCK | (b << BLOCK | a);
}

static struct marks marks_at(const unsigned char *p, unsigned char delimiter)
{
	return (struct marks){
	    .delimiters = four(places(p, delimiter),
		places(p + BLOCK, delimiter), places(p + 2 * BLOCK, delimiter),
		places(p + 3 * BLOCK, delimiter)),
	    .stops = four(stops(p), stops(p + BLOCK), stops(p + 2 * BLOCK),
		stops(p + 3 * BLOCK)),
	};
}

static void find_too_long(struct csv *c)
{
	for (size_t k = 0; k < c->fields && c->too_long == 0; k++)
		if (c->field[k].n > c->field_max)
			c->too_long = k + 1;
}

/* The n bytes at c->at as the record at hand; its last field begins at begun.
 */
static void end_plain(struct csv *c, const unsigned char *begun, size_t n)
{
	const unsigned char *p = c->window.p + c->at;

	c->at += n + 1;
	c->next_line++;
	if (n > 0 && p[n - 1] == '\r')
		n--;
	c->raw = BYTES(p, n);
	c->field[c->fields - 1] = BYTES(begun, (size_t)(p + n - begun));
	c->too_long = 0;
	if (n > c->field_max)
		find_too_long(c);
	c->nul = false;
	c->blank = n == 0;
}

/*
 * Takes the next record if it has neither quote nor NUL and is at hand with its
 * newline, as nearly all are: found and parted in one go, a block at a time.
 * False if it takes more than that; nothing has been taken then.
 */
static bool take_plain(struct csv *c)
{
	const unsigned char *p = c->window.p + c->at;
	size_t n = c->window.n - c->at;
	struct bytes *field = c->field;
	struct bytes *last = c->field + CSV_FIELDS_MAX - 1;
	const unsigned char *begun = p;
	const unsigned char delimiter = (unsigned char)c->delimiter;

	for (size_t i = 0; i < n && i <= c->line_max; i += WIDE) {
		const unsigned char *block = p + i;
		struct marks m = marks_at(block, delimiter);
		uint64_t at = m.delimiters;
		size_t end;

		if (m.stops != 0)
			at &= (m.stops & -m.stops) - 1;
		if (last - field < WIDE)
			return false;
		for (; at != 0; at &= at - 1) {
			const unsigned char *to = block + __builtin_ctzll(at);

			*field++ = BYTES(begun, (size_t)(to - begun));
			begun = to + 1;
		}
		if (m.stops == 0)
			continue;
		end = i + (size_t)__builtin_ctzll(m.stops);
		if (end >= n || end > c->line_max || p[end] != '\n')
			return false;
		c->fields = (size_t)(field - c->field) + 1;
		end_plain(c, begun, end);
		return true;
	}
	return false;
}

enum err_class csv_next(struct csv *c, bool *more, struct err *e)
{
	size_t scanned = 0;
	bool quoted = false;
	size_t n;
	unsigned char *p;

	c->line = c->next_line;
	*more = take_plain(c);
	if (*more)
		return ERR_NONE;
	while (!find_end(c, &scanned, &quoted, &n)) {
		if (scanned > c->line_max)
			return quoted ? quotes(c, e) : too_long(c, e);
		if (c->ended) {
			if (quoted)
				return quotes(c, e);
			break;
		}
		TRY(fill(c, e));
	}
	*more = n > 0 || c->at + n < c->window.n;
	if (!*more)
		return ERR_NONE;
	p = c->window.p + c->at;
	c->at += n + (c->at + n < c->window.n);
	if (n > 0 && memchr(p, '\n', n) != NULL)
		for (size_t i = 0; i < n; i++)
			c->next_line += p[i] == '\n';
	c->next_line++;
	if (n > 0 && p[n - 1] == '\r')
		n--;
	c->raw = BYTES(p, n);
	return split(c, p, n, e);
}

struct bytes csv_at_hand(const struct csv *c)
{
	return BYTES(c->window.p + c->at, c->window.n - c->at);
}

void csv_take(struct csv *c, size_t n)
{
	c->at += n;
	c->line = c->next_line++;
}

static unsigned quotable(const unsigned char *p)
{
	return places(p, '"') | places(p, ',') | places(p, '\n') |
	       places(p, '\r');
}

/* Is one of the n bytes quotable? As many as a block can be read behind. */
static bool must_quote(const unsigned char *p, size_t n)
{
	unsigned found = 0;

	for (; n >= BLOCK; p += BLOCK, n -= BLOCK)
		found |= quotable(p);
	if (n > 0)
		found |= quotable(p) & ((1u << n) - 1);
	return found != 0;
}

bool csv_cut_off(const struct csv *c)
{
	return c->ended && c->at == c->window.n && c->at > 0 &&
	       c->window.p[c->at - 1] != '\n';
}

void csv_put(struct buf *out, struct text field, bool first)
{
	size_t begun;

	if (!first)
		buf_byte(out, ',');
	if (field.n == 0)
		return;
	begun = out->n;
	buf_room(out, field.n + BLOCK);
	buf_text_add(out, field);
	if (!must_quote(out->p + begun, field.n))
		return;
	out->n = begun;
	buf_byte(out, '"');
	for (size_t i = 0; i < field.n; i++) {
		if (field.p[i] == '"')
			buf_byte(out, '"');
		buf_byte(out, (unsigned char)field.p[i]);
	}
	buf_byte(out, '"');
}

void csv_end(struct buf *out)
{
	buf_z(out, "\r\n");
}
