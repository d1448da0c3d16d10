/*
 * conversion.h — what convert and cleanse share: the hold list, the summary,
 * layouts from files, an output folder.
 */
#ifndef SHOKAI_CLI_CONVERSION_H
#define SHOKAI_CLI_CONVERSION_H

#include "base/file.h"
#include "cli/cli.h"
#include "layout/layout.h"

#define CONVERSION_RULES_MAX 256
#define CONVERSION_LAST 64 /* rules that are found at once */

struct conversion_rule {
	const char *rule;
	int64_t informational;
	int64_t material;
};

struct conversion {
	struct cli *c;
	const char *dir;
	struct file hold;
	int64_t started; /* us, monotonic */
	int64_t records;
	int64_t written;
	int64_t held;
	int64_t files;
	struct conversion_rule rule[CONVERSION_RULES_MAX];
	size_t rules;
	struct conversion_rule *last[CONVERSION_LAST];
};

/* One line of hold.csv (docs/interface.md §4). */
struct conversion_hold {
	long line;
	struct text atena;
	const char *kanri;
	const char *institution;
	const char *item;
	const char *rule;
	size_t at;
	uint32_t bad;
	const char *why;
};

/* Makes the folder if it is not there, and begins DIR/hold.csv. */
CHECKED enum err_class conversion_begin(
    struct conversion *v, struct cli *c, const char *dir, struct err *e);

CHECKED enum err_class conversion_hold(
    struct conversion *v, const struct conversion_hold *h, struct err *e);

/* Counts changes; usable as layout_report.tally. */
void conversion_count(
    void *ctx, const char *rule, enum rules_loss loss, size_t n);

/* Commits hold.csv and writes DIR/summary.json. */
CHECKED enum err_class conversion_end(struct conversion *v, struct err *e);
void conversion_abandon(struct conversion *v);

/* A layout from a file; on bad input all findings go to the refusals. */
CHECKED enum err_class conversion_layout(
    struct cli *c, const char *path, struct layout **out, struct err *e);

/* A folder that is there, or was made (0700) with those above it. */
CHECKED enum err_class conversion_folder(const char *path, struct err *e);

#endif
