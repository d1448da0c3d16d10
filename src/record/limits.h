/*
 * limits.h — the one table of every bound of the project (F1).
 *
 * A size from outside is compared with its bound before memory is taken. What
 * goes over one is ERR_LIMIT, or one refused record; it is never cut silently.
 * Characters are code points. Promised figures stand in docs/interface.md; the
 * others are ours and may grow.
 */
#ifndef SHOKAI_RECORD_LIMITS_H
#define SHOKAI_RECORD_LIMITS_H

#include <stddef.h>

/* subjects.csv (docs/interface.md §8). */
#define LIMIT_SUBJECTS_FILE ((size_t)2 * 1024 * 1024 * 1024) /* bytes */
#define LIMIT_FIELD ((size_t)4096)			     /* bytes */
#define LIMIT_LINE ((size_t)64 * 1024)			     /* bytes */

/* Records in one message, so that its effect fits one transaction. */
#define LIMIT_MESSAGE_RECORDS 5000

/* Refusals written in one run; base/refusals.h counts the others. */
#define LIMIT_REFUSALS 1000

/* Free text of an officer: names, purposes, reasons (characters). */
#define LIMIT_TEXT 200

/* Codes of 根拠法令 in one wave, and institutions of one wave. */
#define LIMIT_WAVE_BASES 8
#define LIMIT_WAVE_INSTITUTIONS 5000

/* One answer. Ten years of daily dealings fit one account. */
#define LIMIT_ANSWER_ACCOUNTS ((size_t)1000)
#define LIMIT_ANSWER_TRANSACTIONS ((size_t)100000) /* of one account */
#define LIMIT_ANSWER_OTHERS ((size_t)10000)
#define LIMIT_ANSWER_RECORD ((size_t)16 * 1024 * 1024) /* bytes, as written */

#endif
