/*
 * clock.h — the wall clock, where a process begins.
 *
 * Times are microseconds since 1970-01-01 UTC (int64_t, "us" in names) and
 * are passed in everywhere else. Printed times are RFC 3339 in Japan's
 * standard time, +09:00 all year (標準時ニ関スル件, 明治28年勅令第167号).
 */
#ifndef SHOKAI_BASE_CLOCK_H
#define SHOKAI_BASE_CLOCK_H

#include "base/bytes.h"
#include "base/date.h"
#include "base/err.h"

#define CLOCK_SECOND INT64_C(1000000)
#define CLOCK_DAY (INT64_C(86400) * CLOCK_SECOND)

/* "2026-11-23T14:05:06.123456+09:00" and NUL. */
#define CLOCK_TEXT 33

/* The machine's own time. */
int64_t clock_machine(void);

/* Never goes back; for waiting only. */
int64_t clock_monotonic(void);

/*
 * The node's time: the machine's, or what the file path says when test is
 * true ("+SECONDS" or "-SECONDS" added to the machine's, or RFC 3339 =
 * standing still; docs/interface.md §1). An unreadable file is ERR_FAULT.
 */
CHECKED enum err_class clock_now(
    bool test, const char *path, int64_t *now_us, struct err *e);

void clock_format(int64_t us, char out[CLOCK_TEXT]);
bool clock_parse(struct text t, int64_t *us); /* any offset */

/* The day in Japan at that time, and the time its first second begins. */
struct date clock_date(int64_t us);
int64_t clock_of_date(struct date d);

#endif
