/*
 * text_cp932.c — kanji names and addresses to code page 932 and back, beside
 * iconv of the C library on the same bytes.
 *
 * text_cp932 FILE: lines. Lines with a character that the code page lacks are
 * left out beforehand. Prints MB/s; checks that both give the same bytes.
 */
#include "bench.h"
#include "text/encoding.h"

#include <iconv.h>

struct run {
	struct buf in;
	struct buf encoded;
	struct buf decoded;
	char *room;
	size_t room_n;
	size_t used;
};

static void run_encode(void *ctx)
{
	struct run *r = ctx;
	size_t at;
	uint32_t bad;

	buf_clear(&r->encoded);
	bench_need(encoding_encode(ENCODING_CP932, buf_text(&r->in),
		       &r->encoded, &at, &bad),
	    "a character is not in the code page");
}

static void run_decode(void *ctx)
{
	struct run *r = ctx;
	size_t at;

	buf_clear(&r->decoded);
	bench_need(encoding_decode(ENCODING_CP932, buf_bytes(&r->encoded),
		       &r->decoded, &at),
	    "bytes that stand for nothing");
}

static void convert(
    struct run *r, const char *to, const char *from, const struct buf *in)
{
	iconv_t cd = iconv_open(to, from);
	char *p = (char *)in->p;
	size_t left = in->n;
	char *out = r->room;
	size_t room = r->room_n;

	bench_need(cd != (iconv_t)-1, "iconv has no such encoding");
	bench_need(
	    iconv(cd, &p, &left, &out, &room) != (size_t)-1, "iconv refuses");
	r->used = r->room_n - room;
	(void)iconv_close(cd);
}

static void run_iconv_encode(void *ctx)
{
	struct run *r = ctx;

	convert(r, "CP932", "UTF-8", &r->in);
}

static void run_iconv_decode(void *ctx)
{
	struct run *r = ctx;

	convert(r, "UTF-8", "CP932", &r->encoded);
}

/* The lines that the code page has all of. */
static void keep_encodable(const struct buf *file, struct buf *out)
{
	struct buf line = {0};

	for (size_t i = 0; i < file->n;) {
		const unsigned char *end =
		    memchr(file->p + i, '\n', file->n - i);
		size_t n =
		    end ? (size_t)(end - (file->p + i)) + 1 : file->n - i;
		size_t at;
		uint32_t bad;

		buf_clear(&line);
		if (encoding_encode(ENCODING_CP932,
			text_trust((const char *)file->p + i, n), &line, &at,
			&bad))
			buf_add(out, file->p + i, n);
		i += n;
	}
	buf_fini(&line);
}

int main(int argc, char **argv)
{
	struct run r = {0};
	struct buf file = {0};
	bench_fn *const encode[] = {run_encode, run_iconv_encode};
	bench_fn *const decode[] = {run_decode, run_iconv_decode};
	double e[2];
	double d[2];

	bench_need(argc == 2, "usage: text_cp932 FILE");
	bench_read(argv[1], &file);
	keep_encodable(&file, &r.in);
	r.room_n = 2 * r.in.n + 64;
	r.room = arena_xmalloc(r.room_n);
	run_encode(&r);
	run_iconv_encode(&r);
	bench_need(
	    r.used == r.encoded.n && memcmp(r.room, r.encoded.p, r.used) == 0,
	    "iconv encodes to other bytes");
	run_decode(&r);
	run_iconv_decode(&r);
	bench_need(
	    r.used == r.decoded.n && memcmp(r.room, r.decoded.p, r.used) == 0,
	    "iconv decodes to other text");
	bench_speeds(encode, 2, &r, r.in.n, e);
	bench_speeds(decode, 2, &r, r.encoded.n, d);
	(void)printf("{\"bytes\":%zu,\"left_out\":%zu,\"same\":true,"
		     "\"encode\":%.1f,\"iconv_encode\":%.1f,"
		     "\"decode\":%.1f,\"iconv_decode\":%.1f}\n",
	    r.in.n, file.n - r.in.n, e[0], e[1], d[0], d[1]);
	return 0;
}
