/* unit_way.c — see unit_way.h. */
#include "parties/unit_way.h"

#include "codes/calendar.h"

const char *unit_way_hub(const struct party_context *c, const struct layout *l,
    const char *institution)
{
	const char *code;

	for (size_t i = 0; (code = layout_hub(l, i)) != NULL; i++) {
		const struct peer *named = peers_of(c->peers, code);

		if (named != NULL && named->party == STORE_HUB)
			return named->code;
	}
	return peers_hub_of(c->peers, institution);
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

/* The banks are open, or may be: in a year whose holidays nobody has entered
 * yet, late is worse. */
static bool works(const struct party_context *c, struct date day)
{
	return calendar_day(c->codes, CALENDAR_BANK, day) != CALENDAR_CLOSED;
}

/* When the day began for which a file of this minute counts: the cut-off of
 * the last day that the institution worked, or midnight. */
static int64_t day_began(const struct party_context *c,
    const struct layout_schedule *s, int minute, int64_t midnight)
{
	int64_t at = midnight + (int64_t)s->cutoff * 60 * CLOCK_SECOND;
	bool over = minute >= s->cutoff;

	if (s->cutoff == 24 * 60)
		return midnight;
	/* No holidays last longer than that. */
	for (int i = 0; i < CALENDAR_SPAN; i++, at -= CLOCK_DAY) {
		if ((i > 0 || over) &&
		    (!s->business_days || works(c, clock_date(at))))
			break;
	}
	return at;
}

enum err_class unit_way_open(struct store_tx *tx, const struct party_context *c,
    const struct layout *l, const char *institution, bool *open, struct err *e)
{
	struct date day = clock_date(c->now_us);
	int64_t midnight = clock_of_date(day);
	int minute = (int)((c->now_us - midnight) / (60 * CLOCK_SECOND));
	const struct layout_schedule *s = layout_schedule(l);
	size_t files = 0;

	*open = true;
	if (c->node->hours_ignored)
		return ERR_NONE;
	if (s->files_per_day != 0)
		TRY(files_since(tx, institution,
		    day_began(c, s, minute, midnight), &files, e));
	*open = layout_may_send(l, minute, works(c, day), files);
	return ERR_NONE;
}

const char *unit_way_kind(const struct layout *l, const struct layout_hold *why)
{
	bool form = why->rule != NULL && (strcmp(why->rule, "accepts") == 0 ||
					     strcmp(why->rule, "map") == 0);

	return layout_paper(l) && form ? "paper" : "held";
}
