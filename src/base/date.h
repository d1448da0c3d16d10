/*
 * date.h — days of the Gregorian calendar, also with day or month unknown.
 *
 * Canonical text is YYYY-MM-DD; YYYY-MM-00 (day unknown), YYYY-00-00 (month
 * unknown) and 0000-00-00 (unknown) are the forms of municipal registers.
 * Japan's calendar was lunar before 1873-01-01 (太政官布告第337号,
 * 1872-11-09): earlier days are refused.
 */
#ifndef SHOKAI_BASE_DATE_H
#define SHOKAI_BASE_DATE_H

#include "base/bytes.h"

struct date {
	int year;
	int month;
	int day;
};

/* A day that was, from 1873-01-01 to 9999-12-31. */
bool date_valid(struct date d);

/* As date_valid, or with unknown parts as above. */
bool date_valid_partial(struct date d);

/* "YYYY-MM-DD" of a day that was. */
bool date_parse(struct text t, struct date *out);

/* "YYYY-MM-DD" with unknown parts allowed. */
bool date_parse_partial(struct text t, struct date *out);

/* Days since 1970-01-01, and back. */
int64_t date_days(struct date d);
struct date date_of_days(int64_t days);

/* 0 Sunday … 6 Saturday. */
int date_weekday(struct date d);

/* <0, 0, >0. */
int date_cmp(struct date a, struct date b);

/* "YYYY-MM-DD" and NUL. */
void date_format(struct date d, char out[11]);

#endif
