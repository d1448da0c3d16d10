/* date.c — see date.h. */
#include "base/date.h"

static bool leap(int y)
{
	return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int month_days(int y, int m)
{
	static const int days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return m == 2 && leap(y) ? 29 : days[m - 1];
}

bool date_valid(struct date d)
{
	return d.year >= 1873 && d.year <= 9999 && d.month >= 1 &&
	       d.month <= 12 && d.day >= 1 &&
	       (d.day <= 28 || d.day <= month_days(d.year, d.month));
}

bool date_valid_partial(struct date d)
{
	if (d.year == 0)
		return d.month == 0 && d.day == 0;
	if (d.month == 0)
		return d.year >= 1873 && d.year <= 9999 && d.day == 0;
	if (d.day == 0)
		return date_valid((struct date){d.year, d.month, 1});
	return date_valid(d);
}

/* The value of two digits; *bad if they are none. */
static int two(const char *p, unsigned *bad)
{
	unsigned tens = (unsigned)(p[0] - '0');
	unsigned ones = (unsigned)(p[1] - '0');

	*bad |= (unsigned)(tens > 9) | (unsigned)(ones > 9);
	return (int)(tens * 10 + ones);
}

static bool parse(struct text t, struct date *out)
{
	unsigned bad = 0;
	struct date d;

	if (t.n != 10 || t.p[4] != '-' || t.p[7] != '-')
		return false;
	d.year = two(t.p, &bad) * 100 + two(t.p + 2, &bad);
	d.month = two(t.p + 5, &bad);
	d.day = two(t.p + 8, &bad);
	if (bad != 0)
		return false;
	*out = d;
	return true;
}

bool date_parse(struct text t, struct date *out)
{
	return parse(t, out) && date_valid(*out);
}

bool date_parse_partial(struct text t, struct date *out)
{
	return parse(t, out) && date_valid_partial(*out);
}

int64_t date_days(struct date d)
{
	/* Howard Hinnant, "chrono-compatible low-level date algorithms". */
	int64_t y = d.year - (d.month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy =
	    (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

struct date date_of_days(int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	struct date d;

	d.day = (int)(doy - (153 * mp + 2) / 5 + 1);
	d.month = (int)(mp + (mp < 10 ? 3 : -9));
	d.year = (int)(yoe + era * 400 + (d.month <= 2));
	return d;
}

int date_weekday(struct date d)
{
	int64_t days = date_days(d);

	return (int)(((days + 4) % 7 + 7) % 7);
}

int date_cmp(struct date a, struct date b)
{
	if (a.year != b.year)
		return a.year < b.year ? -1 : 1;
	if (a.month != b.month)
		return a.month < b.month ? -1 : 1;
	return (a.day > b.day) - (a.day < b.day);
}

void date_format(struct date d, char out[11])
{
	text_put_digits((unsigned)d.year, 4, out);
	out[4] = '-';
	text_put_digits((unsigned)d.month, 2, out + 5);
	out[7] = '-';
	text_put_digits((unsigned)d.day, 2, out + 8);
	out[10] = '\0';
}
