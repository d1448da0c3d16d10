/* step_tally.c — see step_tally.h. */
#include "exchange/step_tally.h"

#include <string.h>

#define SUMS 32 /* gathered at a time; sums are added, so any number does */

struct sum {
	const struct step *like; /* its wave, hub and number */
	const char *party;
	const char *signed_by;
	int64_t first_us;
	int64_t last_us;
	int64_t files;
	int64_t inquiries;
};

static bool alike(const struct step *a, const struct step *b)
{
	return a->wave == b->wave && a->no == b->no &&
	       strcmp(a->hub, b->hub) == 0;
}

static const char *lesser(const char *a, const char *b)
{
	return strcmp(a, b) <= 0 ? a : b;
}

static void gather(struct sum *to, const struct step *s)
{
	to->party = lesser(to->party, s->party);
	to->signed_by = lesser(to->signed_by, s->signed_by);
	if (s->at_us < to->first_us)
		to->first_us = s->at_us;
	if (s->at_us > to->last_us)
		to->last_us = s->at_us;
	to->files++;
	to->inquiries += s->inquiries;
}

static enum err_class put(
    struct store_tx *tx, const struct sum *sums, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		const struct sum *x = &sums[i];

		TRY(STORE_DO(tx, STMT_STEP_TALLY, e,
		    store_z(x->like->authority), store_int(x->like->wave),
		    store_z(x->like->hub), store_int(x->like->no),
		    store_z(x->party), store_z(x->signed_by),
		    store_int(x->first_us), store_int(x->last_us),
		    store_int(x->files), store_int(x->inquiries)));
	}
	return ERR_NONE;
}

/* Some were there already: which, nobody tells. The waves are summed anew. */
static enum err_class again(
    struct store_tx *tx, const struct step *s, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		const struct store_value v[] = {
		    store_z(s[i].authority), store_int(s[i].wave)};

		if (i > 0 && s[i].wave == s[i - 1].wave)
			continue;
		TRY(store_do(tx, STMT_STEP_TALLY_CLEAR, v, 2, NULL, e));
		TRY(store_do(tx, STMT_STEP_TALLY_AGAIN, v, 2, NULL, e));
	}
	return ERR_NONE;
}

enum err_class step_tally_add(struct store_tx *tx, const struct step *s,
    size_t n, int64_t added, struct err *e)
{
	struct sum sums[SUMS];
	size_t count = 0;

	if (store_party_of(tx) != STORE_WARD || added == 0)
		return ERR_NONE;
	if (added != (int64_t)n)
		return again(tx, s, n, e);
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < count && !alike(sums[k].like, &s[i]))
			k++;
		if (k == SUMS) {
			TRY(put(tx, sums, count, e));
			k = count = 0;
		}
		if (k == count)
			sums[count++] = (struct sum){.like = &s[i],
			    .party = s[i].party,
			    .signed_by = s[i].signed_by,
			    .first_us = s[i].at_us,
			    .last_us = s[i].at_us};
		gather(&sums[k], &s[i]);
	}
	return put(tx, sums, count, e);
}
