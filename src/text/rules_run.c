/* rules_run.c — see rules_run.h. */
#include "text/rules_run.h"

#include "text/utf8.h"

/* Room for n more bytes; the first is enough for most rules. */
static void grow(struct rules_run *run, size_t n)
{
	size_t room = 2 * run->room + n + 2 * run->in.n + 32;
	char *grown = arena_take(run->a, room);

	if (run->n > 0)
		memcpy(grown, run->p, run->n);
	run->p = grown;
	run->room = room;
}

static void put_bytes(struct rules_run *run, const char *p, size_t n)
{
	if (run->room - run->n < n || run->p == NULL)
		grow(run, n);
	if (n > 8) {
		memcpy(run->p + run->n, p, n);
		run->n += n;
		return;
	}
	for (size_t i = 0; i < n; i++) /* most edits are one character */
		run->p[run->n++] = p[i];
}

/* Code points from 1 at byte offset at; offsets come in order. */
static size_t place(struct rules_run *run, size_t at)
{
	struct text gap =
	    text_trust(run->in.p + run->counted, at - run->counted);

	run->characters += utf8_count(gap);
	run->counted = at;
	return run->characters + 1;
}

void rules_run_edit(struct rules_run *run, size_t from, size_t to,
    struct text after, enum rules_loss loss)
{
	struct rules_report *report = run->report;

	put_bytes(run, run->in.p + run->kept, from - run->kept);
	put_bytes(run, after.p, after.n);
	run->kept = to;
	if (loss > report->worst)
		report->worst = loss;
	if (report->note != NULL) {
		struct rules_change change = {
		    .rule = run->step->name,
		    .at = place(run, from),
		    .before = text_trust(run->in.p + from, to - from),
		    .after = after,
		    .loss = loss,
		    .candidates = run->candidates,
		};

		report->note(report->ctx, &change);
	}
}

void rules_run_put(struct rules_run *run, size_t from, size_t to,
    const uint32_t after[2], enum rules_loss loss)
{
	char b[8];
	size_t n = 0;

	if (after[0] != 0)
		n = utf8_write(after[0], b);
	if (after[0] != 0 && after[1] != 0)
		n += utf8_write(after[1], b + n);
	rules_run_edit(run, from, to, text_trust(b, n), loss);
}

void rules_run_map(
    struct rules_run *run, uint32_t (*map)(uint32_t), enum rules_loss loss)
{
	struct text in = run->in;

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t c = utf8_next(in, &i);
		uint32_t mapped = map(c);

		if (mapped != c)
			rules_run_one(run, from, i, mapped, loss);
	}
}

static bool continues(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

void rules_run_replace(
    struct rules_run *run, struct text after, enum rules_loss loss)
{
	struct text in = run->in;
	size_t head = 0;
	size_t tail = 0;

	if (text_eq(in, after))
		return;
	while (head < in.n && head < after.n && in.p[head] == after.p[head])
		head++;
	while (head > 0 && ((head < in.n && continues(in.p[head])) ||
			       (head < after.n && continues(after.p[head]))))
		head--;
	while (tail < in.n - head && tail < after.n - head &&
	       in.p[in.n - 1 - tail] == after.p[after.n - 1 - tail])
		tail++;
	while (tail > 0 && continues(in.p[in.n - tail]))
		tail--;
	rules_run_edit(run, head, in.n - tail,
	    text_trust(after.p + head, after.n - tail - head), loss);
}

void rules_run_find(struct rules_run *run, size_t at, uint32_t c,
    const char *ja, const char *en)
{
	struct rules_report *report = run->report;

	if (report->found != NULL)
		report->found(report->ctx, &(struct rules_finding){
					       .rule = run->step->name,
					       .at = place(run, at),
					       .c = c,
					       .ja = ja,
					       .en = en,
					   });
}

bool rules_run_refuse(struct rules_run *run, size_t at, uint32_t c,
    const char *ja, const char *en)
{
	struct rules_report *report = run->report;

	run->counted = 0; /* an edit may have gone ahead of at */
	run->characters = 0;
	report->rule = run->step->name;
	report->at = place(run, at);
	report->bad = c;
	report->ja = ja;
	report->en = en;
	return false;
}

struct text rules_run_end(struct rules_run *run)
{
	if (run->p == NULL)
		return run->in;
	put_bytes(run, run->in.p + run->kept, run->in.n - run->kept);
	return text_trust(run->p, run->n);
}
