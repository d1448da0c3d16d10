/* err.c — see err.h. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum err_class err_set(struct err *e, enum err_class class, const char *code,
    const char *ja, const char *en)
{
	*e = (struct err){
	    .class = class,
	    .level = ERR_FILE,
	    .code = code,
	    .ja = ja,
	    .en = en,
	};
	return class;
}

enum err_class err_detail(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(e->detail, sizeof(e->detail), fmt, ap);
	va_end(ap);
	return e->class;
}

enum err_class err_at(
    struct err *e, const char *file, long line, long column, const char *item)
{
	e->level = ERR_RECORD;
	(void)snprintf(e->file, sizeof(e->file), "%s", file ? file : "");
	(void)snprintf(e->item, sizeof(e->item), "%s", item ? item : "");
	e->line = line;
	e->column = column;
	return e->class;
}

enum err_class err_errno(struct err *e, const char *what)
{
	int saved = errno;

	err_set(e, ERR_FAULT, saved == ENOSPC ? "store.disk_full" : "fault",
	    saved == ENOSPC ? "ディスクに空きがありません"
			    : "この計算機の障害です",
	    saved == ENOSPC ? "the disk is full" : "a fault of the machine");
	return err_detail(e, "%s: %s", what, strerror(saved));
}

int err_exit(enum err_class class)
{
	switch (class) {
	case ERR_NONE:
		return 0;
	case ERR_INPUT:
	case ERR_LIMIT:
		return 3;
	case ERR_DENIED:
		return 4;
	case ERR_BUSY:
	case ERR_UNSURE:
		return 5;
	case ERR_FAULT:
		return 6;
	}
	return 6;
}
