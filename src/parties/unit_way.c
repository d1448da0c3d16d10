/* unit_way.c — see unit_way.h. */
#include "parties/unit_way.h"

#include "codes/calendar.h"

const char *unit_way_hub(const struct party_context *c, const struct layout *l,
    const char *institution)
{
	const struct peer *named = peers_of(c->peers, layout_hub(l));

	return named != NULL && named->party == STORE_HUB
		   ? named->code
		   : peers_hub_of(c->peers, institution);
}

static enum err_class files_since(struct store_tx *tx, const char *institution,
    int64_t since_us, size_t *n, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_UNIT_FILES_SINCE,
	    STORE_VALUES(store_z(institution), store_int(since_us)), &r, &found,
	    e));
	*n = found ? (size_t)store_get_int(r, 0) : 0;
	store_rows_close(r);
	return ERR_NONE;
}

enum err_class unit_way_open(struct store_tx *tx, const struct party_context *c,
    const struct layout *l, const char *institution, bool *open, struct err *e)
{
	struct date day = clock_date(c->now_us);
	int64_t midnight = clock_of_date(day);
	int minute = (int)((c->now_us - midnight) / (60 * CLOCK_SECOND));
	/* A year whose holidays nobody has entered yet: late is worse. */
	bool working =
	    calendar_day(c->codes, CALENDAR_BANK, day) != CALENDAR_CLOSED;
	size_t files = 0;

	*open = true;
	if (c->node->hours_ignored)
		return ERR_NONE;
	if (layout_schedule(l)->files_per_day != 0)
		TRY(files_since(tx, institution, midnight, &files, e));
	*open = layout_may_send(l, minute, working, files);
	return ERR_NONE;
}

const char *unit_way_kind(const struct layout *l, const struct layout_hold *why)
{
	bool form = why->rule != NULL && (strcmp(why->rule, "accepts") == 0 ||
					     strcmp(why->rule, "map") == 0);

	return layout_paper(l) && form ? "paper" : "held";
}
