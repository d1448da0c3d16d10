/*
 * unit_way.h — by which hub an institution is asked, and whether its layout
 * lets a file leave now (docs/layout.md, axes 1, 24, 25).
 */
#ifndef SHOKAI_PARTIES_UNIT_WAY_H
#define SHOKAI_PARTIES_UNIT_WAY_H

#include "parties/party.h"

/* The first hub that the layout names and that is one of our peers; else the
 * first on the way to the institution's bank. */
const char *unit_way_hub(const struct party_context *c, const struct layout *l,
    const char *institution);

/*
 * May another file for the institution leave at this hour of this day? Its
 * calendar is the banks'; files of all authorities count, for the day that
 * its cut-off says. Always if node.yaml
 * says `institution_hours: ignore`.
 */
CHECKED enum err_class unit_way_open(struct store_tx *tx,
    const struct party_context *c, const struct layout *l,
    const char *institution, bool *open, struct err *e);

/* What the institution cannot be asked in its form is asked on paper, if its
 * layout says so: the kind of exception, "paper" or "held". */
const char *unit_way_kind(
    const struct layout *l, const struct layout_hold *why);

#endif
