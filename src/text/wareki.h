/*
 * wareki.h — dates as institutions write them.
 *
 * 7 digits: era 1 明治 2 大正 3 昭和 4 平成 5 令和, then YYMMDD (DOMAIN
 * §5.8). Era starts: 明治 1868-01-25 (1873-01-01 for the solar calendar),
 * 大正 1912-07-30, 昭和 1926-12-25, 平成 1989-01-08, 令和 2019-05-01 (改元
 * の政令・詔書). Both names of 1926-12-25 (and of 1912-07-30) are accepted in;
 * the later is written. Unknown parts are 00; an unknown year is 0000000 /
 * 00000000. A date with unknown parts that lies in two eras (1989-00-00)
 * has no 7 digits: it cannot be told in which.
 */
#ifndef SHOKAI_TEXT_WAREKI_H
#define SHOKAI_TEXT_WAREKI_H

#include "base/date.h"

enum wareki_form {
	WAREKI_YMD8,  /* 20260615 */
	WAREKI_SLASH, /* 2026/06/15 */
	WAREKI_ISO,   /* 2026-06-15 */
	WAREKI_ERA7,  /* 5080615 */
};

bool wareki_form_named(struct text name, enum wareki_form *out);

/* A date (date_valid_partial) in that form, appended; false if it cannot. */
bool wareki_put(enum wareki_form form, struct date d, struct buf *out);

#define WAREKI_DAY_MAX 10

/* What wareki_put appends for a whole day, told as YYYY-MM-DD, and how many
 * bytes: the quick way. 0: no such day, or one for wareki_put. */
size_t wareki_put_day(
    enum wareki_form form, struct text day, char out[WAREKI_DAY_MAX]);

/* The date back; false if it is not of the form, or no day that was. */
bool wareki_get(enum wareki_form form, struct text in, struct date *out);

/* The same of a whole day, told as YYYY-MM-DD: the quick way. False: no such
 * day, or one for wareki_get. */
bool wareki_get_day(
    enum wareki_form form, struct text in, char out[WAREKI_DAY_MAX]);

/*
 * 昭和64年1月7日, 令和元年5月1日, ㍼64年1月7日, 昭64年1月7日, 2026年6月15日,
 * 西暦2026年6月15日, digits of either width or, of an era, kanji numerals;
 * unknown parts as registers write them: 昭和20年5月日不詳, 昭和20年月日不詳,
 * 昭和20年不詳.
 */
bool wareki_get_kanji(struct text in, struct date *out);

/* S64.1.7, H01/01/08, R8-6-15, R元.5.1, 令和8.6.15, 令8.6.15, r080615: whole
 * days only. */
bool wareki_get_letter(struct text in, struct date *out);

/* 令和8年6月15日, 令和元年5月1日, 昭和20年5月日不詳, 昭和20年月日不詳; not of a
 * date whose year is unknown. */
bool wareki_put_kanji(struct date d, struct buf *out);

/* R8.6.15, of a whole day. */
bool wareki_put_letter(struct date d, struct buf *out);

/*
 * YYMMDD of an era that is not told (200-byte 全銀 records): the latest era
 * in which it was a day no later than context. False if there is none.
 */
bool wareki_get_era6(struct text in, struct date context, struct date *out);

/* YYMMDD: as WAREKI_ERA7, and its era is lost. */
bool wareki_put_era6(struct date d, struct buf *out);

/* Any of the forms but era6, in half or full width: no two of them can be taken
 * for each other. */
bool wareki_get_any(struct text in, struct date *out);

#endif
