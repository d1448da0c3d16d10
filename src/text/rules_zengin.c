/*
 * rules_zengin.c — the single-byte classes of the 全銀 formats (zengin.h).
 *
 * Who wants to be told each change goes character by character; who wants to
 * know only what was lost gets the same from zengin_encode.
 */
#include "text/kana.h"
#include "text/rules_run.h"
#include "text/utf8.h"
#include "text/zengin.h"

static bool refuse(struct rules_run *run, size_t at, uint32_t c)
{
	if (kana_mark(c) != KANA_NO_MARK)
		return rules_run_refuse(run, at, c,
		    "濁点・半濁点を付けられる文字の後ではありません",
		    "a voicing mark that no kana before it carries");
	return rules_run_refuse(run, at, c, "この項目で使えない文字です",
	    "a character that this class does not have");
}

/* Character by character, each change told. */
static bool told(struct rules_run *run)
{
	enum zengin_class class = (enum zengin_class)run->step->mode;
	struct text in = run->in;
	uint32_t before = 0; /* the letter that a mark would belong to */

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t c = utf8_next(in, &i);
		bool mark = kana_mark(c) != KANA_NO_MARK;
		struct zengin_single s;

		if (!zengin_single(class, c, before, &s))
			return refuse(run, from, c);
		if (s.out[0] != c)
			rules_run_put(
			    run, from, i, s.out, (enum rules_loss)s.loss);
		before = s.out[1] || mark ? 0 : s.out[0];
	}
	return true;
}

/* The bytes of the single-byte set as text. */
static void put_text(const unsigned char *p, size_t n, struct buf *out)
{
	buf_room(out, 3 * n);
	for (size_t i = 0; i < n; i++) {
		if (p[i] < 0x80) {
			out->p[out->n++] = p[i];
		} else {
			out->n += utf8_write(
			    0xFF61u + p[i] - 0xA1u, (char *)out->p + out->n);
		}
	}
}

bool rules_zengin(struct rules_run *run)
{
	const struct zengin *z = run->step->zengin;
	struct text in = run->in;
	struct zengin_out out = {0};
	struct buf b = {0};
	struct text after;
	enum rules_loss worst = RULES_UNCHANGED;

	if (run->report->note != NULL ||
	    (in.n > 0 && memchr(in.p, '\n', in.n) != NULL))
		return told(run);
	out.bytes = arena_take(run->a, ZENGIN_ROOM(in.n));
	out.loss = arena_take(run->a, ZENGIN_ROOM(in.n));
	if (!zengin_encode(z, in, &out))
		return refuse(run, out.at, out.bad);
	put_text(out.bytes, out.n, &b);
	for (size_t i = 0; i < out.characters; i++)
		if (out.loss[i] > worst)
			worst = (enum rules_loss)out.loss[i];
	after = buf_text(&b);
	if (!text_eq(after, in))
		rules_run_edit(run, 0, in.n, text_dup(run->a, after), worst);
	buf_fini(&b);
	return true;
}
