/*
 * ward_export.h — the answers of a wave as files (docs/interface.md §9).
 */
#ifndef SHOKAI_PARTIES_WARD_EXPORT_H
#define SHOKAI_PARTIES_WARD_EXPORT_H

#include "base/watch.h"
#include "parties/ward_wave.h"
#include "record/export.h"

struct ward_export {
	uint32_t wave;
	struct export_order files;
	const struct ward_user *officer;
	const char *purpose; /* of the carrying out (持出し), for the log */
	bool enter; /* in the 持出し記録, as the files they are: what is made of
		     * them (a ZIP) is entered by who makes it */
	struct watch watch; /* told of inquiries */
};

/*
 * Every sent inquiry has a row. Logged (S3) before the first byte is
 * written; *rows is how many inquiries there are.
 */
CHECKED enum err_class ward_export(struct party_context *c,
    const struct ward_export *order, int64_t *rows, struct err *e);

#endif
