/*
 * rules_corp.c — corporate, office and business words abbreviated, expanded
 * or removed.
 *
 * Words, abbreviations and places: corp.h. To abbreviate is what the 全銀
 * classes themselves prescribe, one word of each kind in a name:
 * informational. To remove is material, and so is to expand an abbreviation
 * that stands for more than one kind.
 */
#include "text/corp.h"
#include "text/kana.h"
#include "text/rules_run.h"
#include "text/utf8.h"

#include <stdio.h>

/* Passes at most: what a word parted may be a word by then. No name has words
 * within words within words. */
#define PASSES 4

/* A word found, with the spaces around it. */
struct found {
	size_t from;
	size_t to;
	size_t first; /* where the word itself begins */
	const char *abbrev;
	bool head;
	bool tail;
	bool half;    /* written in half-width kana */
	bool written; /* in full, neither カ) nor ㈱ nor (株) */
};

/* A kind of words, and how their abbreviations are found; NULL: not. */
struct vocabulary {
	const char *(*word)(struct text t, size_t *i);
	const char *(*brief)(struct text t, size_t *i, bool head);
};

static const struct vocabulary corporate = {corp_word, corp_short};
static const struct vocabulary office = {corp_office, corp_office_short};
static const struct vocabulary business = {corp_business, corp_business_short};

static const struct vocabulary *vocabulary_of(const struct rules_step *step)
{
	if (step->fn == rules_corp_office_more)
		return &office;
	return step->fn == rules_corp_business_more ? &business : &corporate;
}

static bool is_space(uint32_t c)
{
	return c == ' ' || c == 0x3000;
}

/* Left out by the rule's argument (corp:abbrev:-ド)? */
static bool is_off(const struct rules_step *step, const char *abbrev)
{
	unsigned char k;

	return corp_switch(text_z(abbrev), &k) &&
	       (step->off[k / 8] >> k % 8 & 1) != 0;
}

/* A word or an abbreviation at *end, and *end behind it. */
static const char *at_word(
    struct text in, size_t *end, const struct vocabulary *v, struct found *f)
{
	size_t from = *end;
	const char *abbrev = v->word(in, end);

	f->written = abbrev != NULL;
	if (abbrev != NULL) {
		uint32_t c = utf8_next(in, &from);

		f->written =
		    c != '(' && c != 0xFF08 && !(c >= 0x3220 && c <= 0x3243);
	} else if (v->brief != NULL) {
		abbrev = v->brief(in, end, f->head);
	}
	return abbrev;
}

/* The next word from *i on; false if there is none. */
static bool next_word(
    struct text in, size_t *i, const struct vocabulary *v, struct found *f)
{
	size_t gap = *i; /* where the spaces before *i begin */

	while (*i < in.n) {
		size_t end = *i;

		f->head = gap == 0;
		f->abbrev = at_word(in, &end, v, f);
		if (f->abbrev != NULL) {
			size_t first = *i;

			f->from = gap;
			f->first = first;
			f->half = kana_is_half(utf8_next(in, &first));
			if (!f->half && first < end)
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

static size_t put_kana(const char *kana, bool half, bool large, char *out)
{
	struct text t = text_z(kana);
	size_t n = 0;

	for (size_t i = 0; i < t.n;) {
		uint32_t c = utf8_next(t, &i);
		uint32_t pair[2];
		size_t count;

		if (large)
			c = kana_large(c);
		count = half ? kana_half(c, pair) : 0;
		if (count == 0)
			n += utf8_write(c, out + n);
		for (size_t k = 0; k < count; k++)
			n += utf8_write(pair[k], out + n);
	}
	return n;
}

/* "カ)" "(カ)" or "(カ", in the width of the word it stands for. */
static struct text abbreviation(const struct found *f, char *out, size_t room)
{
	char kana[32];
	size_t n = put_kana(f->abbrev, f->half, false, kana);

	n = (size_t)snprintf(out, room, "%s%.*s%s", f->head ? "" : "(", (int)n,
	    kana, f->tail && !f->head ? "" : ")");
	return text_trust(out, n);
}

/* Is there anything but such words and spaces? */
static bool has_name(struct text in, const struct vocabulary *v)
{
	struct found f;
	size_t i = 0;
	size_t before = 0;

	while (next_word(in, &i, v, &f)) {
		if (f.from > before)
			return true;
		before = f.to;
	}
	return before < in.n;
}

/* The one to treat: the word in front, else at the end, else the first. */
static bool better(const struct found *f, const struct found *best)
{
	if (best->abbrev == NULL)
		return true;
	return !best->head && !best->tail && f->tail;
}

bool rules_corp_abbrev(struct rules_run *run)
{
	struct text in = run->in;
	struct found best = {0};
	struct found f;
	size_t i = 0;
	char out[48];

	if (!corp_any(in))
		return true;
	while (next_word(in, &i, &corporate, &f)) {
		size_t first = f.first;

		if (corp_word(in, &first) == NULL)
			return true; /* it has its abbreviation */
		if (!is_off(run->step, f.abbrev) && better(&f, &best))
			best = f;
	}
	if (best.abbrev != NULL)
		rules_run_edit(run, best.from, best.to,
		    abbreviation(&best, out, sizeof(out)), RULES_INFORMATIONAL);
	return true;
}

static bool has_ideograph(struct text in)
{
	for (size_t i = 0; i < in.n;) {
		uint32_t c = utf8_next(in, &i);

		if ((c >= 0x3400 && c <= 0x9FFF) || c >= 0x20000)
			return true;
	}
	return false;
}

static bool expand(struct rules_run *run)
{
	const struct vocabulary *v = vocabulary_of(run->step);
	struct text in = run->in;
	struct found best = {0};
	struct found f;
	size_t i = 0;
	bool kanji;
	bool certain;
	char out[128];
	const char *z;
	size_t n;

	while (next_word(in, &i, v, &f)) {
		if (f.written)
			return true; /* it has its word */
		if (!is_off(run->step, f.abbrev) && better(&f, &best))
			best = f;
	}
	if (best.abbrev == NULL)
		return true;
	kanji = has_ideograph(in) ||
		corp_word(in, &(size_t){best.first}) != NULL; /* ㈱ */
	z = corp_full(best.abbrev, kanji, &certain);
	n = put_kana(z, best.half && !kanji, best.half, out);
	rules_run_edit(run, best.from, best.to, text_trust(out, n),
	    certain && v == &corporate ? RULES_INFORMATIONAL : RULES_MATERIAL);
	return true;
}

bool rules_corp_expand(struct rules_run *run)
{
	return corp_any(run->in) ? expand(run) : true;
}

/* Removes once; *left: there may be more to remove. */
static void remove_once(struct rules_run *run, bool *left)
{
	const struct vocabulary *v = vocabulary_of(run->step);
	struct text in = run->in;
	struct found f;
	size_t i = 0;

	*left = false;
	if (v == &corporate && !corp_any(in))
		return;
	while (next_word(in, &i, v, &f)) {
		/* Behind a word in front there may be no name. */
		if (f.from == 0 && !has_name(in, v))
			return;
		if (is_off(run->step, f.abbrev))
			continue;
		rules_run_edit(
		    run, f.from, f.to, text_trust("", 0), RULES_MATERIAL);
		*left = true;
	}
}

/*
 * What a word parted may now be one: until nothing changes. Tried first: what
 * took more than one pass is told as one change, in the rule's own input.
 */
static bool until_done(struct rules_run *run,
    void (*once)(struct rules_run *, bool *), enum rules_loss loss)
{
	struct rules_report nobody = {0};
	struct rules_run trial = *run;
	bool left = true;
	int pass = 0;

	for (; left && pass < PASSES; pass++) {
		trial = (struct rules_run){
		    .in = trial.in,
		    .step = run->step,
		    .a = run->a,
		    .report = &nobody,
		};
		once(&trial, &left);
		trial.in = rules_run_end(&trial);
	}
	if (left)
		return rules_run_refuse(run, 0, 0,
		    "略す語が入れ子になっています", "words within words");
	if (run->report->note == NULL) { /* nobody asks what it was */
		run->in = trial.in;
		if (nobody.worst > run->report->worst)
			run->report->worst = nobody.worst;
	} else if (pass == 2) {
		once(run, &left);
	} else if (pass > 2) {
		rules_run_replace(run, trial.in, loss);
	}
	return true;
}

bool rules_corp_remove(struct rules_run *run)
{
	return until_done(run, remove_once, RULES_MATERIAL);
}

/* Is an office in its short form there: (エイ), (シユツ? */
static bool has_office(struct text in)
{
	static const char *const shorts[] = {
	    "(エイ", "(シユツ", "(ｴｲ", "(ｼﾕﾂ", "（エイ", "（シユツ"};

	for (size_t k = 0; k < sizeof(shorts) / sizeof(*shorts); k++)
		if (memmem(in.p, in.n, shorts[k], strlen(shorts[k])) != NULL)
			return true;
	return false;
}

/* Never in front: a name does not begin with its office. */
bool rules_corp_office(struct rules_run *run)
{
	static const struct vocabulary written = {corp_office, NULL};
	struct text in = run->in;
	struct found best = {0};
	struct found f;
	size_t i = 0;
	char out[48];

	if (in.n == 0 || has_office(in))
		return true;
	while (next_word(in, &i, &written, &f))
		if (!f.head && !is_off(run->step, f.abbrev) &&
		    better(&f, &best))
			best = f;
	if (best.abbrev != NULL)
		rules_run_edit(run, best.from, best.to,
		    abbreviation(&best, out, sizeof(out)), RULES_INFORMATIONAL);
	return true;
}

/* Shortens once, every word; *left: there may be more. */
static void businesses_once(struct rules_run *run, bool *left)
{
	struct text in = run->in;

	*left = false;
	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		size_t first = i;
		const char *abbrev = corp_business(in, &i);
		char out[48];
		size_t n;

		if (abbrev == NULL)
			(void)utf8_next(in, &i);
		if (abbrev == NULL || is_off(run->step, abbrev))
			continue;
		n = put_kana(
		    abbrev, kana_is_half(utf8_next(in, &first)), false, out);
		rules_run_edit(
		    run, from, i, text_trust(out, n), RULES_INFORMATIONAL);
		*left = true;
	}
}

/* Without parentheses, and only the word: the spaces around it stay. */
bool rules_corp_business(struct rules_run *run)
{
	return until_done(run, businesses_once, RULES_INFORMATIONAL);
}

enum { MORE_EXPAND, MORE_REMOVE };

bool rules_corp_office_more(struct rules_run *run)
{
	return run->step->mode == MORE_EXPAND
		   ? expand(run)
		   : until_done(run, remove_once, RULES_MATERIAL);
}

bool rules_corp_business_more(struct rules_run *run)
{
	return rules_corp_office_more(run);
}
