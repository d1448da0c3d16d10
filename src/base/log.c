/* log.c — see log.h. */
#include "base/log.h"

#include "base/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

void log_line(const char *process, const char *fmt, ...)
{
	char line[1024];
	char time[CLOCK_TEXT];
	size_t n;
	va_list ap;

	clock_format(clock_machine(), time);
	(void)snprintf(line, sizeof(line) - 1, "%s %s ", time, process);
	n = strlen(line);
	va_start(ap, fmt);
	(void)vsnprintf(line + n, sizeof(line) - 1 - n, fmt, ap);
	va_end(ap);
	n = strlen(line);
	line[n++] = '\n';
	if (write(STDERR_FILENO, line, n) < 0)
		return; /* nobody listens: nothing better to do */
}

void log_err(const char *process, const struct err *e)
{
	log_line(process, "%s: %s%s%s", e->code ? e->code : "fault",
	    e->en ? e->en : "", e->detail[0] ? ": " : "", e->detail);
}
