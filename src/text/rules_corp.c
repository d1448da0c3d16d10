/*
 * rules_corp.c — corporate words abbreviated or removed.
 *
 * Words, abbreviations and places: corp.h. To abbreviate is what the 全銀
 * classes themselves prescribe: informational. To remove is material.
 */
#include "text/corp.h"
#include "text/kana.h"
#include "text/rules_run.h"
#include "text/utf8.h"

#include <stdio.h>

/* A word found, with the spaces around it. */
struct found {
	size_t from;
	size_t to;
	const char *abbrev;
	bool head;
	bool tail;
	bool half; /* written in half-width kana */
};

static bool is_space(uint32_t c)
{
	return c == ' ' || c == 0x3000;
}

/* The next word from *i on; false if there is none. */
static bool next_word(struct text in, size_t *i, bool shorts, struct found *f)
{
	size_t gap = *i; /* where the spaces before *i begin */

	while (*i < in.n) {
		size_t end = *i;
		bool head = gap == 0;

		f->abbrev = corp_word(in, &end);
		if (f->abbrev == NULL && shorts)
			f->abbrev = corp_short(in, &end, head);
		if (f->abbrev != NULL) {
			size_t first = *i;

			f->from = gap;
			f->head = head;
			f->half = kana_is_half(utf8_next(in, &first));
			while (end < in.n) {
				size_t next = end;

				if (!is_space(utf8_next(in, &next)))
					break;
				end = next;
			}
			f->to = end;
			f->tail = end == in.n;
			*i = end;
			return true;
		}
		if (!is_space(utf8_next(in, i)))
			gap = *i;
	}
	return false;
}

/* "カ)" "(カ)" or "(カ", in the width of the word it stands for. */
static struct text abbreviation(const struct found *f, char *out, size_t room)
{
	char kana[16];
	size_t n = 0;
	struct text t = text_z(f->abbrev);

	for (size_t i = 0; i < t.n;) {
		uint32_t c = utf8_next(t, &i);
		uint32_t half[2];
		size_t count = f->half ? kana_half(c, half) : 0;

		if (count == 0)
			n += utf8_write(c, kana + n);
		for (size_t k = 0; k < count; k++)
			n += utf8_write(half[k], kana + n);
	}
	n = (size_t)snprintf(out, room, "%s%.*s%s", f->head ? "" : "(", (int)n,
	    kana, f->tail && !f->head ? "" : ")");
	return text_trust(out, n);
}

/* Is there anything but corporate words and spaces? */
static bool has_name(struct text in)
{
	struct found f;
	size_t i = 0;
	size_t before = 0;

	while (next_word(in, &i, true, &f)) {
		if (f.from > before)
			return true;
		before = f.to;
	}
	return before < in.n;
}

bool rules_corp_abbrev(struct rules_run *run)
{
	struct text in = run->in;
	struct found f;
	size_t i = 0;
	char out[24];

	while (corp_any(in) && next_word(in, &i, false, &f))
		rules_run_edit(run, f.from, f.to,
		    abbreviation(&f, out, sizeof(out)), RULES_INFORMATIONAL);
	return true;
}

/* Removes once; true if there is nothing left to remove. */
static bool remove_once(struct rules_run *run)
{
	struct text in = run->in;
	struct found f;
	size_t i = 0;

	if (!corp_any(in) || !has_name(in))
		return true;
	while (next_word(in, &i, true, &f))
		rules_run_edit(
		    run, f.from, f.to, text_trust("", 0), RULES_MATERIAL);
	return run->p == NULL;
}

bool rules_corp_remove(struct rules_run *run)
{
	/* What a word parted may now be one: until nothing changes. */
	while (!remove_once(run)) {
		struct rules_run again = {
		    .in = rules_run_end(run),
		    .step = run->step,
		    .a = run->a,
		    .report = run->report,
		};

		*run = again;
	}
	return true;
}
