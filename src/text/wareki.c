/* wareki.c — see wareki.h. */
#include "text/wareki.h"

#include "text/address.h"
#include "text/utf8.h"

#include <endian.h>

#define ERA_COUNT 5

/* 改元の詔書・政令 (wareki.h). An era's last day is the next one's first. */
static const struct era {
	const char *kanji;
	const char *sign; /* U+337E and its like, U+32FF */
	const char *first;
	char letter;
	struct date from;
	struct date to;
} eras[ERA_COUNT] = {
    {"明治", "㍾", "明", 'M', {1868, 1, 25}, {1912, 7, 30}},
    {"大正", "㍽", "大", 'T', {1912, 7, 30}, {1926, 12, 25}},
    {"昭和", "㍼", "昭", 'S', {1926, 12, 25}, {1989, 1, 7}},
    {"平成", "㍻", "平", 'H', {1989, 1, 8}, {2019, 4, 30}},
    {"令和", "㋿", "令", 'R', {2019, 5, 1}, {9999, 12, 31}},
};

bool wareki_form_named(struct text name, enum wareki_form *out)
{
	static const char *const names[] = {
	    [WAREKI_YMD8] = "ymd8",
	    [WAREKI_SLASH] = "slash",
	    [WAREKI_ISO] = "iso",
	    [WAREKI_ERA7] = "era7",
	};

	for (int i = 0; i < (int)(sizeof(names) / sizeof(*names)); i++)
		if (text_is(name, names[i])) {
			*out = (enum wareki_form)i;
			return true;
		}
	return false;
}

/* The first and the last day that a date with unknown parts may be. */
static void range(struct date d, struct date *first, struct date *last)
{
	*first = d;
	*last = d;
	if (d.month == 0) {
		first->month = 1;
		last->month = 12;
	}
	if (d.day != 0)
		return;
	first->day = 1;
	last->day = 31;
	while (!date_valid(*last))
		last->day--;
}

/* The era of the whole date, the later on a day that has two; -1: it lies
 * in two, so that its era cannot be told. */
static int era_of(struct date d)
{
	struct date first;
	struct date last;

	range(d, &first, &last);
	for (int i = ERA_COUNT - 1; i >= 0; i--)
		if (date_cmp(first, eras[i].from) >= 0)
			return date_cmp(last, eras[i].to) <= 0 ? i : -1;
	return -1;
}

/* The era of a date that can be told in years of one; -1. */
static int told_era(struct date d)
{
	int era = d.year == 0 ? -1 : era_of(d);

	return era >= 0 && d.year - eras[era].from.year < 99 ? era : -1;
}

static void put_number(struct buf *out, int v, size_t width)
{
	char z[4];

	text_put_digits((unsigned)v, width, z);
	buf_add(out, z, width);
}

static bool put_era(struct date d, bool letter, struct buf *out)
{
	int era = told_era(d);

	if (d.year == 0) {
		buf_z(out, letter ? "0000000" : "000000");
		return true;
	}
	if (era < 0)
		return false;
	if (letter)
		put_number(out, era + 1, 1);
	put_number(out, d.year - eras[era].from.year + 1, 2);
	put_number(out, d.month, 2);
	put_number(out, d.day, 2);
	return true;
}

/* YYYYMMDD with separator, if any, between the parts. */
static void put_parts(struct date d, const char *separator, struct buf *out)
{
	put_number(out, d.year, 4);
	buf_z(out, separator);
	put_number(out, d.month, 2);
	buf_z(out, separator);
	put_number(out, d.day, 2);
}

bool wareki_put(enum wareki_form form, struct date d, struct buf *out)
{
	if (!date_valid_partial(d))
		return false;
	switch (form) {
	case WAREKI_YMD8:
		put_parts(d, "", out);
		return true;
	case WAREKI_SLASH:
		put_parts(d, "/", out);
		return true;
	case WAREKI_ISO:
		put_parts(d, "-", out);
		return true;
	case WAREKI_ERA7:
		return put_era(d, true, out);
	}
	return false;
}

/* Two digits as a number; over 99 if they are none. */
static unsigned two(const char *p)
{
	unsigned a = (unsigned)(unsigned char)p[0] - '0';
	unsigned b = (unsigned)(unsigned char)p[1] - '0';

	return a > 9 || b > 9 ? 100 : a * 10 + b;
}

/* YYYY-MM- as numbers; false if it is not that. */
static bool take_year_and_month(const char *p, struct date *d)
{
	/* Digits become their values, dashes 0, and nothing else does. */
	const uint64_t zeros = UINT64_C(0x2D30302D30303030);
	const uint64_t more_than_due = UINT64_C(0x7F76767F76767676);
	uint64_t v;

	memcpy(&v, p, 8);
	v = le64toh(v) ^ zeros;
	if ((((v + more_than_due) | v) & UINT64_C(0x8080808080808080)) != 0)
		return false;
	v = v * 10 + (v >> 8); /* two digits each */
	d->year = (int)(v & 0xFF) * 100 + (int)(v >> 16 & 0xFF);
	d->month = (int)(v >> 40 & 0xFF);
	return true;
}

static bool is_before(struct date d, const struct era *era)
{
	return d.year < era->from.year ||
	       (d.year == era->from.year && date_cmp(d, era->from) < 0);
}

static size_t put_day_of_era(
    struct date d, const char *month_and_day, char out[WAREKI_DAY_MAX])
{
	int era = ERA_COUNT - 1;
	int year;

	while (era >= 0 && is_before(d, &eras[era]))
		era--;
	if (era < 0)
		return 0;
	year = d.year - eras[era].from.year + 1;
	if (year > 99)
		return 0;
	out[0] = (char)('1' + era);
	out[1] = (char)('0' + year / 10);
	out[2] = (char)('0' + year % 10);
	memcpy(out + 3, month_and_day, 2);
	memcpy(out + 5, month_and_day + 3, 2);
	return 7;
}

size_t wareki_put_day(
    enum wareki_form form, struct text day, char out[WAREKI_DAY_MAX])
{
	const char *p = day.p;
	struct date d;

	if (day.n != 10 || !take_year_and_month(p, &d))
		return 0;
	d.day = (int)two(p + 8); /* too many if it is no number */
	if (!date_valid(d))
		return 0;
	switch (form) {
	case WAREKI_YMD8:
		memcpy(out, p, 4);
		memcpy(out + 4, p + 5, 2);
		memcpy(out + 6, p + 8, 2);
		return 8;
	case WAREKI_SLASH:
		memcpy(out, p, 10);
		out[4] = out[7] = '/';
		return 10;
	case WAREKI_ISO:
		memcpy(out, p, 10);
		return 10;
	case WAREKI_ERA7:
		return put_day_of_era(d, p + 5, out);
	}
	return 0;
}

bool wareki_put_era6(struct date d, struct buf *out)
{
	return date_valid_partial(d) && put_era(d, false, out);
}

/* v, from 0, and what stands behind it. */
static void put_plain(struct buf *out, int v, const char *behind)
{
	put_number(out, v, v > 9 ? 2 : 1);
	buf_z(out, behind);
}

bool wareki_put_kanji(struct date d, struct buf *out)
{
	int era = date_valid_partial(d) ? told_era(d) : -1;
	int year;

	if (era < 0)
		return false;
	year = d.year - eras[era].from.year + 1;
	buf_z(out, eras[era].kanji);
	if (year == 1)
		buf_z(out, "元年");
	else
		put_plain(out, year, "年");
	if (d.month != 0)
		put_plain(out, d.month, "月");
	if (d.day != 0)
		put_plain(out, d.day, "日");
	else
		buf_z(out, d.month != 0 ? "日不詳" : "月日不詳");
	return true;
}

bool wareki_put_letter(struct date d, struct buf *out)
{
	int era = date_valid(d) ? told_era(d) : -1;

	if (era < 0)
		return false;
	buf_byte(out, (unsigned char)eras[era].letter);
	put_plain(out, d.year - eras[era].from.year + 1, ".");
	put_plain(out, d.month, ".");
	put_plain(out, d.day, "");
	return true;
}

/* The value of n digits, at most four; -1 if they are none. */
static int number(const char *p, size_t n)
{
	int v = 0;

	for (size_t i = 0; i < n; i++) {
		int digit = p[i] - '0';

		if (digit < 0 || digit > 9)
			return -1;
		v = v * 10 + digit;
	}
	return v;
}

/* Year n of an era from 0, with the rest of d; false if no day of it was. */
static bool of_era(int era, int n, struct date d, struct date *out)
{
	struct date first;
	struct date last;

	if (era < 0 || era >= ERA_COUNT || n < 1 || d.month < 0 || d.day < 0)
		return false;
	d.year = eras[era].from.year + n - 1;
	if (!date_valid_partial(d))
		return false;
	range(d, &first, &last);
	if (date_cmp(last, eras[era].from) < 0 ||
	    date_cmp(first, eras[era].to) > 0)
		return false;
	*out = d;
	return true;
}

static bool get_era7(struct text in, struct date *out)
{
	struct date d = {0, 0, 0};

	if (!text_is_digits(in, 7, 7))
		return false;
	if (text_is(in, "0000000")) {
		*out = d;
		return true;
	}
	d.month = number(in.p + 3, 2);
	d.day = number(in.p + 5, 2);
	return of_era(in.p[0] - '1', number(in.p + 1, 2), d, out);
}

static bool get_separated(struct text in, char separator, struct date *out)
{
	struct date d;

	if (in.n != 10 || in.p[4] != separator || in.p[7] != separator)
		return false;
	d.year = number(in.p, 4);
	d.month = number(in.p + 5, 2);
	d.day = number(in.p + 8, 2);
	if (d.year < 0 || d.month < 0 || d.day < 0 || !date_valid_partial(d))
		return false;
	*out = d;
	return true;
}

static bool get_ymd8(struct text in, struct date *out)
{
	struct date d;

	if (!text_is_digits(in, 8, 8))
		return false;
	d.year = number(in.p, 4);
	d.month = number(in.p + 4, 2);
	d.day = number(in.p + 6, 2);
	if (!date_valid_partial(d))
		return false;
	*out = d;
	return true;
}

bool wareki_get(enum wareki_form form, struct text in, struct date *out)
{
	switch (form) {
	case WAREKI_YMD8:
		return get_ymd8(in, out);
	case WAREKI_SLASH:
		return get_separated(in, '/', out);
	case WAREKI_ISO:
		return get_separated(in, '-', out);
	case WAREKI_ERA7:
		return get_era7(in, out);
	}
	return false;
}

/* YYYY-MM-DD of a day within the years of that era. */
static bool day_of_era(const char *p, char out[WAREKI_DAY_MAX])
{
	unsigned era = (unsigned)(unsigned char)p[0] - '1';
	unsigned year = two(p + 1);
	struct date d;

	if (era >= ERA_COUNT || year < 1 || year > 99)
		return false;
	d = (struct date){eras[era].from.year + (int)year - 1, (int)two(p + 3),
	    (int)two(p + 5)};
	/* What is no number is no month and no day. */
	if (d.day > 31 || !date_valid(d) || date_cmp(d, eras[era].from) < 0 ||
	    date_cmp(d, eras[era].to) > 0)
		return false;
	text_put_digits((unsigned)d.year, 4, out);
	memcpy(out + 5, p + 3, 2);
	memcpy(out + 8, p + 5, 2);
	return true;
}

bool wareki_get_day(
    enum wareki_form form, struct text in, char out[WAREKI_DAY_MAX])
{
	struct date d;

	memcpy(out, "0000-00-00", WAREKI_DAY_MAX);
	switch (form) {
	case WAREKI_ERA7:
		return in.n == 7 && day_of_era(in.p, out);
	case WAREKI_YMD8:
	case WAREKI_SLASH:
	case WAREKI_ISO:
		break;
	}
	if (!wareki_get(form, in, &d) || d.day == 0)
		return false;
	text_put_digits((unsigned)d.year, 4, out);
	text_put_digits((unsigned)d.month, 2, out + 5);
	text_put_digits((unsigned)d.day, 2, out + 8);
	return true;
}

static bool skip(struct text in, size_t *i, const char *z)
{
	size_t n = strlen(z);

	if (in.n - *i < n || memcmp(in.p + *i, z, n) != 0)
		return false;
	*i += n;
	return true;
}

/* One or two digits, or numerals, and the word behind them; -1 if they are
 * not there. */
static int counted(struct text in, size_t *i, const char *word)
{
	int n = 0;
	int v = 0;

	while (n < 2 && *i < in.n) {
		size_t next = *i;
		int d = address_digit(utf8_next(in, &next));

		if (d < 0)
			break;
		v = v * 10 + d;
		*i = next;
		n++;
	}
	if (n == 0)
		v = address_numerals(in, i);
	return v <= 99 && skip(in, i, word) ? v : -1;
}

/* 年 behind it, then 月 and 日, or what says that they are not known. */
static bool rest(struct text in, size_t i, struct date *d)
{
	if (text_is(text_trust(in.p + i, in.n - i), "不詳") ||
	    text_is(text_trust(in.p + i, in.n - i), "月日不詳"))
		return true;
	d->month = counted(in, &i, "月");
	if (d->month <= 0)
		return false;
	if (text_is(text_trust(in.p + i, in.n - i), "不詳") ||
	    text_is(text_trust(in.p + i, in.n - i), "日不詳"))
		return true;
	d->day = counted(in, &i, "日");
	return i == in.n && d->day > 0;
}

/* The era whose name, sign or first letter stands at *i; -1. */
static int era_at(struct text in, size_t *i)
{
	for (int era = 0; era < ERA_COUNT; era++) {
		const struct era *e = &eras[era];

		if (skip(in, i, e->kanji) || skip(in, i, e->sign) ||
		    skip(in, i, e->first))
			return era;
		if (*i < in.n && (in.p[*i] | 0x20) == (e->letter | 0x20)) {
			*i += 1;
			return era;
		}
	}
	return -1;
}

/* 2026年: four digits and the word; -1. */
static int western_year(struct text in, size_t *i)
{
	int v;

	(void)skip(in, i, "西暦");
	if (in.n - *i < 4)
		return -1;
	v = number(in.p + *i, 4);
	*i += 4;
	return v > 0 && skip(in, i, "年") ? v : -1;
}

bool wareki_get_kanji(struct text in, struct date *out)
{
	struct date d = {0, 0, 0};
	size_t i = 0;
	int era = era_at(in, &i);
	int year;

	if (era < 0) {
		d.year = western_year(in, &i);
		if (d.year < 0 || !rest(in, i, &d) || !date_valid_partial(d))
			return false;
		*out = d;
		return true;
	}
	year = skip(in, &i, "元年") ? 1 : counted(in, &i, "年");
	return rest(in, i, &d) && of_era(era, year, d, out);
}

/* One or two ASCII digits at *i; -1. */
static int short_number(struct text in, size_t *i)
{
	size_t n = 0;
	int v;

	while (n < 2 && *i + n < in.n && in.p[*i + n] >= '0' &&
	       in.p[*i + n] <= '9')
		n++;
	v = n ? number(in.p + *i, n) : -1;
	*i += n;
	return v;
}

/* The separator at *i, and *i behind it; 0: there is none. */
static char separator_at(struct text in, size_t *i)
{
	char c = *i < in.n ? in.p[*i] : '\0';

	if (c != '.' && c != '/' && c != '-')
		return '\0';
	*i += 1;
	return c;
}

bool wareki_get_letter(struct text in, struct date *out)
{
	struct date d = {0, 0, 0};
	size_t i = 0;
	int era = era_at(in, &i);
	bool compact = i == 1 && in.n == 7; /* R080615 */
	int year = skip(in, &i, "元") ? 1 : short_number(in, &i);
	char separator = separator_at(in, &i);

	if (separator == '\0' && (!compact || i != 3))
		return false;
	d.month = short_number(in, &i);
	if (separator != '\0' ? separator_at(in, &i) != separator : i != 5)
		return false;
	d.day = short_number(in, &i);
	return i == in.n && d.month > 0 && d.day > 0 &&
	       of_era(era, year, d, out);
}

bool wareki_get_era6(struct text in, struct date context, struct date *out)
{
	struct date d = {0, 0, 0};

	if (!text_is_digits(in, 6, 6))
		return false;
	if (text_is(in, "000000")) {
		*out = d;
		return true;
	}
	d.month = number(in.p + 2, 2);
	d.day = number(in.p + 4, 2);
	for (int era = ERA_COUNT - 1; era >= 0; era--)
		if (of_era(era, number(in.p, 2), d, out) &&
		    date_cmp(*out, context) <= 0)
			return true;
	return false;
}

#define ANY_MAX 64 /* bytes: no writing of a date is longer */

/* Full-width digits, letters, ． ／ and － as ASCII; false if it is too long.
 */
static bool narrow(struct text in, char out[ANY_MAX], size_t *n)
{
	*n = 0;
	if (in.n > ANY_MAX)
		return false;
	for (size_t i = 0; i < in.n;) {
		uint32_t c = utf8_next(in, &i);

		if (c >= 0xFF0D && c <= 0xFF5A)
			c -= 0xFEE0;
		*n += utf8_write(c, out + *n);
	}
	return true;
}

bool wareki_get_any(struct text in, struct date *out)
{
	char z[ANY_MAX];
	struct text t;
	size_t n;

	if (!narrow(in, z, &n))
		return false;
	t = text_trust(z, n);
	return get_separated(t, '-', out) || get_separated(t, '/', out) ||
	       get_ymd8(t, out) || get_era7(t, out) ||
	       wareki_get_letter(t, out) || wareki_get_kanji(t, out);
}
