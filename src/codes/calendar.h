/*
 * calendar.h — working days.
 *
 * Offices are closed on Saturdays, Sundays, holidays of 国民の祝日に関する
 * 法律 and 12/29–1/3 (行政機関の休日に関する法律1条1項; 地方自治法4条の2
 * lets each municipality decide so by ordinance). Banks are closed on
 * Saturdays, Sundays, holidays and 12/31–1/3 (銀行法15条1項, 銀行法施行令
 * 5条1項).
 */
#ifndef SHOKAI_CODES_CALENDAR_H
#define SHOKAI_CODES_CALENDAR_H

#include "codes/codes.h"

/* Calendar days looked through for one deadline. */
#define CALENDAR_SPAN 1100

enum calendar_of { CALENDAR_OFFICE, CALENDAR_BANK };
enum calendar_day { CALENDAR_OPEN, CALENDAR_CLOSED, CALENDAR_UNKNOWN };

/* UNKNOWN: a weekday of a year whose holidays are not in the table. */
enum calendar_day calendar_day(
    const struct codes *c, enum calendar_of of, struct date d);

/* Why d is closed ("元日", "土曜日", "年末年始"), else "". */
struct text calendar_reason(
    const struct codes *c, enum calendar_of of, struct date d);

/*
 * The n-th open day after d (n 0: d itself, or the next open day). False if
 * that reaches a day the table does not know, or over CALENDAR_SPAN days.
 */
bool calendar_add(const struct codes *c, enum calendar_of of, struct date d,
    int n, struct date *out);

#endif
