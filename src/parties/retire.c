/* retire.c — see retire.h. */
#include "parties/retire.h"

#include "audit/audit.h"
#include "parties/reconcile.h"
#include "parties/ward_reconcile.h"
#include "parties/ward_wave.h"
#include "store/waves.h"

#include <stdio.h>
#include <string.h>

#define REASON_MAX 200

struct retiring {
	struct party_context *c;
	const struct retire *what;
	char wave[4];
	char id[32]; /* "131041-001" */
	bool found;
	bool waits;
};

/* A file's id begins with that of its wave. */
static void look(void *ctx, const struct reconcile_row *row)
{
	struct retiring *r = ctx;
	size_t n = strlen(r->id);
	bool ours = strncmp(row->id, r->id, n) == 0 &&
		    (row->id[n] == '\0' || row->id[n] == '-');

	/* The ward tells its own waves by their number alone. */
	if (!ours &&
	    (strcmp(row->scope, "wave") != 0 || strcmp(row->id, r->wave) != 0))
		return;
	r->found = true;
	r->waits = r->waits || row->pending > 0 || !row->ok;
}

static enum err_class count(struct retiring *r, struct err *e)
{
	const struct reconcile_sink sink = {.row = look, .ctx = r};

	switch (r->c->node->party) {
	case STORE_WARD:
		return ward_reconcile(r->c, &sink, e);
	case STORE_UNIT:
		return reconcile_unit(r->c, &sink, e);
	case STORE_HUB:
		return reconcile_hub(r->c, &sink, e);
	case STORE_BANK:
		return reconcile_bank(r->c, &sink, e);
	}
	return ERR_NONE;
}

/* The ward's own word on it. */
static enum err_class see_wave(struct store_tx *tx, void *arg, struct err *e)
{
	struct retiring *r = arg;
	struct ward_wave w;
	uint32_t *all;
	size_t n;

	TRY(ward_wave_load(tx, r->c, r->what->wave, &w, e));
	r->waits =
	    strcmp(w.state, "closed") != 0 && strcmp(w.state, "cancelled") != 0;
	TRY(ward_wave_list(tx, r->c, &all, &n, e));
	for (size_t i = 0; i < n; i++)
		if (all[i] > w.wave)
			return ERR_NONE;
	r->waits = true;
	return ERR_NONE;
}

static enum err_class still_open(struct err *e)
{
	return err_set(e, ERR_DENIED, "wave.open",
	    "この照会はまだ終わっていないか、最新の照会です",
	    "the wave is not over, or is the newest");
}

static enum err_class enter(
    struct store_tx *tx, int64_t rows, void *arg, struct err *e)
{
	const struct retiring *r = arg;

	return audit_add(tx,
	    &(const struct audit_entry){.actor = r->what->officer->name,
		.action = "delete",
		.kind = "wave",
		.object = text_z(r->wave),
		.authority = r->what->authority,
		.purpose = r->what->reason,
		.records = rows},
	    r->c->now_us, &r->c->random, e);
}

enum err_class retire_wave(struct party_context *c, const struct retire *what,
    int64_t *rows, struct err *e)
{
	struct retiring r = {.c = c, .what = what};

	*rows = 0;
	if (what->reason[0] == '\0' || strlen(what->reason) > REASON_MAX * 4)
		return err_set(e, ERR_INPUT, "wave.reason",
		    "理由が必要です（200字以内）",
		    "a reason is needed, of 200 characters at most");
	(void)kanri_wave_format(what->wave, r.wave);
	(void)snprintf(r.id, sizeof(r.id), "%s-%s", what->authority, r.wave);
	if (c->node->party == STORE_WARD) {
		TRY(store_read(c->store, see_wave, &r, e));
		if (r.waits)
			return still_open(e);
	}
	TRY(count(&r, e));
	if (r.waits)
		return still_open(e);
	if (!r.found)
		return err_set(e, ERR_INPUT, "wave.unknown",
		    "その番号の照会はありません", "there is no such wave");
	return waves_drop(
	    c->store, text_z(what->authority), what->wave, enter, &r, rows, e);
}
