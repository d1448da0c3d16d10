/* clock.c — see clock.h. */
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define JST (INT64_C(9) * 3600 * CLOCK_SECOND)

static int64_t read_clock(clockid_t id)
{
	struct timespec ts;

	if (clock_gettime(id, &ts) != 0)
		abort(); /* the two clocks used always exist on Linux */
	return (int64_t)ts.tv_sec * CLOCK_SECOND + ts.tv_nsec / 1000;
}

int64_t clock_machine(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t clock_monotonic(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

static bool parse_setting(char *z, int64_t *now_us)
{
	size_t n = strcspn(z, "\r\n");

	z[n] = '\0';
	if (z[0] == '+' || z[0] == '-') {
		char *end;
		long long s = strtoll(z, &end, 10);

		if (*end != '\0' || end == z + 1 || s > 9999999999 ||
		    s < -9999999999)
			return false;
		*now_us = clock_machine() + s * CLOCK_SECOND;
		return true;
	}
	return clock_parse(text_z(z), now_us);
}

enum err_class clock_now(
    bool test, const char *path, int64_t *now_us, struct err *e)
{
	char z[64] = "";
	ssize_t n;
	int fd;

	if (!test) {
		*now_us = clock_machine();
		return ERR_NONE;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT) {
		*now_us = clock_machine();
		return ERR_NONE;
	}
	if (fd < 0)
		return err_errno(e, "test clock");
	n = read(fd, z, sizeof(z) - 1);
	(void)close(fd);
	if (n < 0)
		return err_errno(e, "test clock");
	if (!parse_setting(z, now_us))
		return err_set(e, ERR_FAULT, "fault",
		    "試験用時計の内容が読めません",
		    "the test clock's file is not understood");
	return ERR_NONE;
}

void clock_format(int64_t us, char out[CLOCK_TEXT])
{
	int64_t local = us + JST;
	int64_t days = local / CLOCK_DAY - (local % CLOCK_DAY < 0);
	int64_t rest = local - days * CLOCK_DAY;
	struct date d = date_of_days(days);
	char wide[96];
	int64_t s = rest / CLOCK_SECOND;

	(void)snprintf(wide, sizeof(wide),
	    "%04d-%02d-%02dT%02d:%02d:%02d.%06d+09:00", d.year, d.month, d.day,
	    (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60),
	    (int)(rest % CLOCK_SECOND));
	memcpy(out, wide, CLOCK_TEXT - 1);
	out[CLOCK_TEXT - 1] = '\0';
}

static bool two(const char *p, int max, int *out)
{
	if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return false;
	*out = (p[0] - '0') * 10 + (p[1] - '0');
	return *out <= max;
}

static bool parse_offset(struct text t, int64_t *offset)
{
	int h;
	int m;

	if (t.n == 1 && (t.p[0] == 'Z' || t.p[0] == 'z')) {
		*offset = 0;
		return true;
	}
	if (t.n != 6 || (t.p[0] != '+' && t.p[0] != '-') || t.p[3] != ':' ||
	    !two(t.p + 1, 23, &h) || !two(t.p + 4, 59, &m))
		return false;
	*offset = (h * 60 + m) * 60 * CLOCK_SECOND * (t.p[0] == '-' ? -1 : 1);
	return true;
}

bool clock_parse(struct text t, int64_t *us)
{
	struct date d;
	int h;
	int m;
	int s;
	int64_t fraction = 0;
	int64_t unit = CLOCK_SECOND;
	int64_t offset;
	size_t i = 19;

	if (t.n < 20 || !date_parse(text_trust(t.p, 10), &d) ||
	    (t.p[10] != 'T' && t.p[10] != 't') || !two(t.p + 11, 23, &h) ||
	    t.p[13] != ':' || !two(t.p + 14, 59, &m) || t.p[16] != ':' ||
	    !two(t.p + 17, 59, &s))
		return false;
	if (t.p[i] == '.')
		for (i++; i < t.n && t.p[i] >= '0' && t.p[i] <= '9'; i++) {
			unit /= 10;
			fraction += (t.p[i] - '0') * unit;
		}
	if (i >= t.n || !parse_offset(text_trust(t.p + i, t.n - i), &offset))
		return false;
	*us = date_days(d) * CLOCK_DAY +
	      (int64_t)(h * 3600 + m * 60 + s) * CLOCK_SECOND + fraction -
	      offset;
	return true;
}

struct date clock_date(int64_t us)
{
	int64_t local = us + JST;

	return date_of_days(local / CLOCK_DAY - (local % CLOCK_DAY < 0));
}

int64_t clock_of_date(struct date d)
{
	return date_days(d) * CLOCK_DAY - JST;
}
