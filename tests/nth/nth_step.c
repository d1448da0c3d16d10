/* nth_step.c — see nth.h: sqlite3_step, linked with --wrap. */
#include "nth.h"

#include <sqlite3.h>

int __real_sqlite3_step(sqlite3_stmt *q);
int __wrap_sqlite3_step(sqlite3_stmt *q);

int __wrap_sqlite3_step(sqlite3_stmt *q)
{
	if (nth_fails(NTH_STEP_IO))
		return SQLITE_IOERR_READ;
	if (nth_fails(NTH_STEP_FULL))
		return SQLITE_FULL;
	if (nth_fails(NTH_STEP_BUSY))
		return SQLITE_BUSY;
	if (nth_fails(NTH_STEP_MEMORY))
		return SQLITE_NOMEM;
	return __real_sqlite3_step(q);
}
