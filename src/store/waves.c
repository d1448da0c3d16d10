/* waves.c — see waves.h. */
#include "store/waves.h"

#include "base/base36.h"

#include <stdio.h>

#define WARD (1U << STORE_WARD)
#define UNIT (1U << STORE_UNIT)
#define HUB (1U << STORE_HUB)
#define BANK (1U << STORE_BANK)
#define ALL (WARD | UNIT | HUB | BANK)
#define BOUND 40

enum key { BY_WAVE, BY_INQUIRY, BY_FILE };

/* In this order: what others are found by goes last. */
static const struct part {
	enum store_statement drop;
	enum key key;
	unsigned at; /* parties that have the table */
} parts[] = {
    {STMT_DROP_SNAPSHOT, BY_WAVE, UNIT},
    {STMT_DROP_WAVE_CLAIM, BY_WAVE, WARD},
    {STMT_DROP_CLAIM_TALLY, BY_WAVE, WARD},
    {STMT_DROP_ANSWER, BY_INQUIRY, WARD},
    {STMT_DROP_CORRECTION, BY_INQUIRY, WARD},
    {STMT_DROP_OUTCOME, BY_INQUIRY, WARD | UNIT},
    {STMT_DROP_LOOKUP, BY_INQUIRY, BANK},
    {STMT_DROP_EXCEPTION, BY_WAVE, WARD | UNIT},
    {STMT_DROP_EXCEPTION_TALLY, BY_WAVE, WARD},
    {STMT_DROP_HALTED, BY_WAVE, WARD | UNIT},
    {STMT_DROP_HALT, BY_WAVE, WARD},
    {STMT_DROP_WAVE_SUBJECT, BY_WAVE, WARD},
    {STMT_DROP_FILE_TALLY, BY_FILE, WARD},
    {STMT_DROP_FILE_PROOF, BY_FILE, WARD | UNIT},
    {STMT_DROP_ANSWER_HELD, BY_FILE, UNIT},
    {STMT_DROP_STATEMENT, BY_FILE, ALL},
    {STMT_DROP_CHECK_FILE, BY_WAVE, WARD},
    {STMT_DROP_FILE, BY_WAVE, WARD | UNIT},
    {STMT_DROP_HUB_FILE, BY_WAVE, HUB},
    {STMT_DROP_BANK_FILE, BY_WAVE, BANK},
    {STMT_DROP_STEP, BY_WAVE, ALL},
    {STMT_DROP_STEP_TALLY, BY_WAVE, WARD},
    {STMT_DROP_REFUSED, BY_WAVE, ALL},
    {STMT_DROP_TASK, BY_WAVE, ALL},
    {STMT_DROP_UNIT_PART, BY_WAVE, UNIT},
    {STMT_DROP_WAVE_INSTITUTION, BY_WAVE, WARD},
    {STMT_DROP_UNIT_WAVE, BY_WAVE, UNIT},
    {STMT_DROP_WAVE, BY_WAVE, WARD},
};

struct dropping {
	struct text authority;
	uint32_t wave;
	const struct part *part;
	waves_dropped *also;
	void *arg;
	int64_t changed;
	bool other_party;
};

/* The texts that begin with authority and wave lie between. False: no text
 * does. */
static bool bounds(const struct dropping *d, char from[BOUND], char to[BOUND])
{
	char wave[4] = "";
	char prefix[5] = "";
	int64_t code;

	if (!base36_put(d->wave, 3, wave))
		return false;
	if (d->part->key == BY_FILE) {
		(void)snprintf(from, BOUND, "%.*s-%s-", (int)d->authority.n,
		    d->authority.p, wave);
		(void)snprintf(to, BOUND, "%.*s-%s.", (int)d->authority.n,
		    d->authority.p, wave);
		return true;
	}
	if (!text_to_int(d->authority, 999999, &code) ||
	    !base36_put((uint64_t)code, 4, prefix))
		return false;
	(void)snprintf(from, BOUND, "%s%s", prefix, wave);
	(void)snprintf(to, BOUND, "%s%s~", prefix, wave);
	return true;
}

static enum err_class drop_rows(
    struct store_tx *tx, struct dropping *d, struct err *e)
{
	struct store_value v[3] = {store_text(d->authority)};
	char from[BOUND];
	char to[BOUND];

	d->changed = 0;
	d->other_party = (d->part->at >> store_party_of(tx) & 1U) == 0;
	if (d->other_party)
		return ERR_NONE;
	if (d->part->key == BY_WAVE) {
		v[1] = store_int(d->wave);
		return store_do(tx, d->part->drop, v, 2, &d->changed, e);
	}
	if (!bounds(d, from, to))
		return ERR_NONE;
	v[1] = store_z(from);
	v[2] = store_z(to);
	return store_do(tx, d->part->drop, v, 3, &d->changed, e);
}

static enum err_class drop_some(struct store_tx *tx, void *arg, struct err *e)
{
	struct dropping *d = arg;

	TRY(drop_rows(tx, d, e));
	return d->changed > 0 && d->also != NULL
		   ? d->also(tx, d->changed, d->arg, e)
		   : ERR_NONE;
}

enum err_class waves_drop(struct store *s, struct text authority, uint32_t wave,
    waves_dropped *also, void *arg, int64_t *rows, struct err *e)
{
	struct dropping d = {
	    .authority = authority, .wave = wave, .also = also, .arg = arg};

	*rows = 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		d.part = &parts[i];
		do {
			TRY(store_run(s, drop_some, &d, e));
			*rows += d.changed;
		} while (d.changed > 0);
	}
	return ERR_NONE;
}
