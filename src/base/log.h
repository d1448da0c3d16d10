/*
 * log.h — what a process tells the operator: one line each on stderr.
 *
 * S5: no personal data. A line is built from literals, counts, codes, file
 * and message ids; there is no way to log a record.
 */
#ifndef SHOKAI_BASE_LOG_H
#define SHOKAI_BASE_LOG_H

#include "base/err.h"

/* "<time> <process> <text>\n" in one write(2). */
void log_line(const char *process, const char *fmt, ...) PRINTF(2, 3);

/* The code and detail of an error, never its record. */
void log_err(const char *process, const struct err *e);

#endif
