/* calendar.c — see calendar.h. */
#include "codes/calendar.h"

static const struct codes_holiday *holiday(const struct codes *c, struct date d)
{
	size_t lo = 0;
	size_t hi = c->holiday_count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int order = date_cmp(c->holidays[mid].date, d);

		if (order == 0)
			return &c->holidays[mid];
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static bool year_end(enum calendar_of of, struct date d)
{
	int first = of == CALENDAR_OFFICE ? 29 : 31;

	return (d.month == 12 && d.day >= first) ||
	       (d.month == 1 && d.day <= 3);
}

struct text calendar_reason(
    const struct codes *c, enum calendar_of of, struct date d)
{
	const struct codes_holiday *h = holiday(c, d);
	int weekday = date_weekday(d);

	if (h != NULL)
		return h->name;
	if (year_end(of, d))
		return TEXT("年末年始");
	if (weekday == 0)
		return TEXT("日曜日");
	if (weekday == 6)
		return TEXT("土曜日");
	return TEXT("");
}

enum calendar_day calendar_day(
    const struct codes *c, enum calendar_of of, struct date d)
{
	if (calendar_reason(c, of, d).n != 0)
		return CALENDAR_CLOSED;
	/* Every year in the table has its 元日 first. */
	if (holiday(c, (struct date){d.year, 1, 1}) == NULL)
		return CALENDAR_UNKNOWN;
	return CALENDAR_OPEN;
}

bool calendar_add(const struct codes *c, enum calendar_of of, struct date d,
    int n, struct date *out)
{
	int64_t day = date_days(d) + (n > 0);
	int64_t last = day + CALENDAR_SPAN;

	for (; day <= last; day++) {
		enum calendar_day is;

		is = calendar_day(c, of, date_of_days(day));
		if (is == CALENDAR_UNKNOWN)
			return false;
		if (is == CALENDAR_OPEN && --n <= 0) {
			*out = date_of_days(day);
			return true;
		}
	}
	return false;
}
