/*
 * rules_form.c — whole fields: order of names, addresses, postal codes,
 * dates, and cuts.
 */
#include "text/encoding.h"
#include "text/fold.h"
#include "text/kana.h"
#include "text/rules_run.h"
#include "text/utf8.h"
#include "text/wareki.h"

#include <utf8proc.h>

static bool is_comma(uint32_t c)
{
	return c == ',' || c == 0xFF0C || c == 0x3001 || c == 0xFF64;
}

static bool is_space(uint32_t c)
{
	return c == ' ' || c == 0x3000;
}

static struct text trim(struct text t)
{
	while (t.n > 0) {
		size_t i = 0;

		if (!is_space(utf8_next(t, &i)))
			break;
		t = text_trust(t.p + i, t.n - i);
	}
	while (t.n > 0) {
		size_t at;

		if (!is_space(utf8_before(t, t.n, &at)))
			break;
		t.n = at;
	}
	return t;
}

enum { FAMILY_FIRST, GIVEN_FIRST };

/*
 * Only a comma tells the family name (SMITH, JOHN PAUL: ICAO Doc 9303 and
 * library practice). Without one the order is not known, and not guessed.
 */
bool rules_form_name_order(struct rules_run *run)
{
	struct text in = run->in;
	struct text family = {NULL, 0};
	struct text given = {NULL, 0};
	char *p;
	size_t n;

	for (size_t i = 0; i < in.n;) {
		size_t from = i;

		if (!is_comma(utf8_next(in, &i)))
			continue;
		if (family.p != NULL)
			return true; /* more than one: not known */
		family = trim(text_trust(in.p, from));
		given = trim(text_trust(in.p + i, in.n - i));
	}
	if (family.n == 0 || given.n == 0)
		return true;
	n = family.n + 1 + given.n;
	p = run->step->mode == FAMILY_FIRST
		? arena_printf(run->a, "%.*s %.*s", (int)family.n, family.p,
		      (int)given.n, given.p)
		: arena_printf(run->a, "%.*s %.*s", (int)given.n, given.p,
		      (int)family.n, family.p);
	rules_run_edit(run, 0, in.n, text_trust(p, n), RULES_INFORMATIONAL);
	return true;
}

/* VAN DER BERG is one family name: these begin or join one. */
static bool is_particle(struct text word)
{
	static const char *const particles[] = {"AL", "BIN", "BINTI", "DA",
	    "DAS", "DE", "DEL", "DELA", "DEN", "DER", "DI", "DO", "DOS", "DU",
	    "EL", "IBN", "LA", "LE", "LOS", "SAN", "SANTA", "ST", "TEN", "TER",
	    "VAN", "VON", "Y"};
	char upper[6];

	if (word.n >= sizeof(upper))
		return false;
	for (size_t i = 0; i < word.n; i++)
		upper[i] =
		    (char)(word.p[i] >= 'a' && word.p[i] <= 'z' ? word.p[i] - 32
								: word.p[i]);
	for (size_t k = 0; k < sizeof(particles) / sizeof(*particles); k++)
		if (text_eq(text_trust(upper, word.n), text_z(particles[k])))
			return true;
	return false;
}

/* The word at *i; moves *i behind it and the spaces after it. */
static struct text next_word(struct text in, size_t *i)
{
	size_t from = *i;
	size_t to = from;

	while (*i < in.n && !is_space(utf8_next(in, i)))
		to = *i;
	while (*i < in.n) {
		size_t next = *i;

		if (!is_space(utf8_next(in, &next)))
			break;
		*i = next;
	}
	return text_trust(in.p + from, to - from);
}

/* How many ・ join names. */
static size_t joints(struct text in)
{
	size_t n = 0;

	for (size_t i = 0; i < in.n;) {
		uint32_t c = utf8_next(in, &i);

		n += c == 0x30FB || c == 0xFF65 || c == 0x00B7;
	}
	return n;
}

enum { MIDDLE_KEEP, MIDDLE_DROP };

/*
 * 在留カード and 住民票 write FAMILY GIVEN MIDDLE…, passports FAMILY, GIVEN
 * MIDDLE…: the words behind the second go. Names joined by ・, and those with
 * a particle that may make one name of several words, are for a person.
 */
bool rules_form_name_middle(struct rules_run *run)
{
	struct text in = run->in;
	size_t words = 0;
	size_t end = 0; /* of the first given name */

	if (run->step->mode == MIDDLE_KEEP)
		return true;
	for (size_t i = 0; i < in.n; words++) {
		struct text word = next_word(in, &i);

		if (word.n == 0) { /* spaces in front */
			words--;
			continue;
		}
		if (words == 1)
			end = (size_t)(word.p + word.n - in.p);
		if (words < 3 && is_particle(word))
			end = in.n + 1;
	}
	if (words + joints(in) > 2 && (end > in.n || joints(in) > 0))
		return rules_run_refuse(run, 0, 0,
		    "どれがミドルネームか分かりません",
		    "cannot be told which of the names is a middle name");
	if (words > 2)
		rules_run_edit(run, end, in.n, TEXT(""), RULES_MATERIAL);
	return true;
}

bool rules_form_address(struct rules_run *run)
{
	struct buf b = {0};

	fold_address(run->in, &b);
	rules_run_replace(
	    run, text_dup(run->a, buf_text(&b)), RULES_INFORMATIONAL);
	buf_fini(&b);
	return true;
}

static int digit(uint32_t c)
{
	if (c >= '0' && c <= '9')
		return (int)(c - '0');
	if (c >= 0xFF10 && c <= 0xFF19)
		return (int)(c - 0xFF10);
	return -1;
}

static bool is_hyphen(uint32_t c)
{
	return c == '-' || c == 0xFF0D || c == 0x2010 || c == 0x2212 ||
	       kana_is_long(c);
}

enum { POSTAL_PLAIN, POSTAL_HYPHEN };

/* 郵便番号: seven digits, three and four (郵便番号制, 1998-02-02). */
bool rules_form_postal(struct rules_run *run)
{
	struct text in = run->in;
	bool hyphen = run->step->mode == POSTAL_HYPHEN;
	char out[8];
	size_t digits = 0;
	size_t n = 0;
	bool seen = false;

	for (size_t i = 0; i < in.n;) {
		size_t from = i;
		uint32_t c = utf8_next(in, &i);
		int d = digit(c);

		if (d < 0 && from == 0 && c == 0x3012) /* 〒 */
			continue;
		if (d < 0 && digits == 3 && !seen && is_hyphen(c)) {
			seen = true;
			continue;
		}
		if (d < 0 || digits == 7)
			return rules_run_refuse(run, from, c,
			    "郵便番号ではありません", "no postal code");
		if (digits == 3 && hyphen)
			out[n++] = '-';
		out[n++] = (char)('0' + d);
		digits++;
	}
	if (digits != 7 && in.n > 0)
		return rules_run_refuse(
		    run, in.n, 0, "郵便番号ではありません", "no postal code");
	if (in.n > 0)
		rules_run_replace(run, text_dup(run->a, text_trust(out, n)),
		    RULES_INFORMATIONAL);
	return true;
}

/* Behind the modes that are those of enum wareki_form. */
enum { DATE_ERA6 = 4, DATE_LETTER, DATE_KANJI };

static bool put_date(int mode, struct date d, struct buf *out)
{
	switch (mode) {
	case DATE_ERA6:
		return wareki_put_era6(d, out);
	case DATE_LETTER:
		return wareki_put_letter(d, out);
	case DATE_KANJI:
		return wareki_put_kanji(d, out);
	default:
		return wareki_put((enum wareki_form)mode, d, out);
	}
}

bool rules_form_date(struct rules_run *run)
{
	int mode = run->step->mode;
	struct buf b = {0};
	struct date d;
	bool ok;

	if (run->in.n == 0)
		return true;
	if (!wareki_get_any(run->in, &d) &&
	    (run->step->context.year == 0 ||
		!wareki_get_era6(run->in, run->step->context, &d)))
		return rules_run_refuse(run, 0, 0,
		    "日付の形でないか、存在しない日付です",
		    "no form of a date, or no day that was");
	ok = put_date(mode, d, &b);
	if (ok)
		rules_run_replace(run, text_dup(run->a, buf_text(&b)),
		    mode == DATE_ERA6 ? RULES_MATERIAL : RULES_INFORMATIONAL);
	else
		(void)rules_run_refuse(run, 0, 0, "この形では表せない日付です",
		    "a date that has no such form");
	buf_fini(&b);
	return ok;
}

/* Does c belong to the character before it? */
static bool attaches(uint32_t c)
{
	utf8proc_category_t category;

	if (kana_mark(c) != KANA_NO_MARK || c == 0x200D)
		return true;
	if (c < 0x0300)
		return false;
	category = utf8proc_category((utf8proc_int32_t)c);
	return category == UTF8PROC_CATEGORY_MN ||
	       category == UTF8PROC_CATEGORY_MC ||
	       category == UTF8PROC_CATEGORY_ME;
}

/* Cuts at byte offset at, or before: T3, no kana parts from its mark. */
static void cut(struct rules_run *run, size_t at)
{
	struct text in = run->in;

	while (at > 0) {
		size_t next = at;

		if (!attaches(utf8_next(in, &next)))
			break;
		(void)utf8_before(in, at, &at);
	}
	rules_run_edit(run, at, in.n, text_trust("", 0), RULES_MATERIAL);
}

/* Bytes of c as code page 932 counts them. */
static size_t width(uint32_t c)
{
	return c < 0x80 || (c >= 0xFF61 && c <= 0xFF9F) ? 1 : 2;
}

bool rules_form_cut_bytes(struct rules_run *run)
{
	struct text in = run->in;
	size_t used = 0;

	for (size_t i = 0; i < in.n;) {
		size_t from = i;

		used += width(utf8_next(in, &i));
		if (used > run->step->size) {
			cut(run, from);
			break;
		}
	}
	return true;
}

bool rules_form_cut_chars(struct rules_run *run)
{
	size_t at;

	if (run->in.n <= run->step->size)
		return true;
	at = utf8_offset(run->in, run->step->size);
	if (at < run->in.n)
		cut(run, at);
	return true;
}
