/*
 * officer.h — a ward's node (or a unit's, to look) opened for an acting officer
 * (--as USER).
 */
#ifndef SHOKAI_CLI_OFFICER_H
#define SHOKAI_CLI_OFFICER_H

#include "cli/cli_node.h"
#include "parties/ward_user.h"
#include "record/kanri.h"

struct officer {
	struct cli_node n;
	struct ward_user user;
};

/*
 * Opens NODE (the first argument) with its peers, and its keys if it is to
 * sign; roles: one of them is needed (0: no acting officer). Without --as:
 * ERR_DENIED "user.unknown". Close it whatever is returned.
 */
CHECKED enum err_class officer_open(struct cli *c, unsigned roles, bool keys,
    struct officer *out, struct err *e);

/* The same of a ward or a unit, to look at what was asked; roles: at least
 * one. */
CHECKED enum err_class officer_open_asked(
    struct cli *c, unsigned roles, struct officer *out, struct err *e);

/* Wakes the node's work if wake, and closes. */
void officer_close(struct officer *o, bool wake);

/* WAVE: 3 base-36 digits. ERR_INPUT "wave.unknown" if it is none. */
CHECKED enum err_class officer_wave(
    const char *z, uint32_t *out, struct err *e);

/* One line of text per key of a flat object: "key  value". */
void officer_print(const json_t *o);

/* The end of most commands: prints the refusal, or nothing. */
int officer_end(struct cli *c, struct officer *o, enum err_class class,
    const struct err *e, bool wake);

#endif
