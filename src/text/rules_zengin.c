/*
 * rules_zengin.c — the single-byte classes of the 全銀 formats (zengin.h).
 *
 * zengin_encode gives columns: bytes, and for each character what was lost.
 * Each change that is told is made from them.
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

static uint32_t letter_of(unsigned char byte)
{
	return byte < 0x80 ? byte : 0xFF61u + byte - 0xA1u;
}

/* Each change, from the columns: the characters, their bytes, the losses. */
static void tell(struct rules_run *run, const struct zengin_out *out)
{
	const unsigned char *b = out->bytes;
	size_t i = 0;

	for (size_t k = 0; k < out->characters; k++) {
		size_t from = i;
		uint32_t c = utf8_next(run->in, &i);
		uint32_t after[2] = {letter_of(*b++), 0};
		enum kana_mark mark;

		(void)kana_base(c, &mark);
		if (mark != KANA_NO_MARK)
			after[1] = letter_of(*b++);
		if (after[0] != c)
			rules_run_put(
			    run, from, i, after, (enum rules_loss)out->loss[k]);
	}
}

/* The bytes of the single-byte set as text. */
static void put_text(const unsigned char *p, size_t n, struct buf *out)
{
	buf_room(out, 3 * n);
	for (size_t i = 0; i < n; i++) {
		if (p[i] < 0x80)
			out->p[out->n++] = p[i];
		else
			out->n += utf8_write(
			    letter_of(p[i]), (char *)out->p + out->n);
	}
}

/* The whole at once: nobody asks what it was. */
static void put_whole(struct rules_run *run, const struct zengin_out *out)
{
	enum rules_loss worst = RULES_UNCHANGED;
	struct buf b = {0};
	struct text after;

	put_text(out->bytes, out->n, &b);
	for (size_t i = 0; i < out->characters; i++)
		if (out->loss[i] > worst)
			worst = (enum rules_loss)out->loss[i];
	after = buf_text(&b);
	if (!text_eq(after, run->in))
		rules_run_edit(
		    run, 0, run->in.n, text_dup(run->a, after), worst);
	buf_fini(&b);
}

/* A newline parts names for zengin_encode; a value has none. */
bool rules_zengin(struct rules_run *run)
{
	struct text in = run->in;
	const char *newline = in.n > 0 ? memchr(in.p, '\n', in.n) : NULL;
	size_t n = newline ? (size_t)(newline - in.p) : in.n;
	struct zengin_out out = {0};
	bool ok;

	out.bytes = arena_take(run->a, ZENGIN_ROOM(n));
	out.loss = arena_take(run->a, ZENGIN_ROOM(n));
	ok = zengin_encode(run->step->zengin, text_trust(in.p, n), &out);
	if (run->report->note != NULL)
		tell(run, &out);
	if (!ok)
		return refuse(run, out.at, out.bad);
	if (newline != NULL)
		return refuse(run, n, '\n');
	if (run->report->note == NULL)
		put_whole(run, &out);
	return true;
}
