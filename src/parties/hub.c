/*
 * hub.c — the hub: routes files by institution code within its hours, counts
 * them by authority and institution, and can never open a payload (S2).
 */
#include "parties/hub.h"

#include "base/told.h"
#include "codes/calendar.h"
#include "parties/restored.h"
#include "parties/status.h"

struct event {
	struct party_context *c;
	const struct message *m;
	const char *next_hop;
	int receive_no;
	int send_no;
	int64_t due_us; /* not before the next service hour */
};

/* The file's row: made by a request file, moved by what follows it. */
static enum err_class count(
    struct store_tx *tx, const struct event *v, struct err *e)
{
	const struct header *h = &v->m->h;

	switch (h->kind) {
	case KIND_REQUEST_FILE:
		return STORE_DO(tx, STMT_HUB_FILE_ADD, e, store_z(h->authority),
		    store_z(h->file), store_int(h->wave),
		    store_z(h->institution), store_int(h->records),
		    store_int(v->c->now_us));
	case KIND_RECEIPT:
		return STORE_DO(tx, STMT_HUB_FILE_FORWARDED, e,
		    store_z(h->authority), store_z(h->file),
		    store_z(h->institution), store_int(v->c->now_us));
	case KIND_ANSWER_FILE:
		return STORE_DO(tx, STMT_HUB_FILE_ANSWERED, e,
		    store_z(h->authority), store_z(h->file),
		    store_z(h->institution), store_int(h->records),
		    store_int(v->c->now_us));
	case KIND_STATUS:
		/* A bank's signed word that it cancelled: its header names
		 * the file and says so by records = 0. */
		if (h->file[0] != '\0' && h->records == 0 &&
		    strcmp(h->origin, h->institution) == 0)
			return STORE_DO(tx, STMT_HUB_FILE_CANCELLED, e,
			    store_z(h->authority), store_z(h->file),
			    store_z(h->institution));
		return ERR_NONE;
	case KIND_SUBJECTS:
	case KIND_CANCEL:
	case KIND_COUNT:
		return ERR_NONE;
	}
	return ERR_NONE;
}

static enum err_class not_its_own(struct err *e)
{
	return err_set(e, ERR_DENIED, "message.not_allowed",
	    "発信元がこのファイルの当事者ではありません",
	    "the file is not the origin's own");
}

/* What a bank says is of a file that came through here: of that institution's,
 * in that flow, as the unit had it. A bank cannot answer another's, nor take
 * its steps. */
static enum err_class check_file(
    struct store_tx *tx, const struct header *h, struct err *e)
{
	struct store_rows *r;
	bool found;
	bool own;

	if (h->kind != KIND_RECEIPT && h->kind != KIND_ANSWER_FILE)
		return ERR_NONE;
	TRY(store_one(tx, STMT_HUB_FILE_GET,
	    STORE_VALUES(store_z(h->authority), store_z(h->file)), &r, &found,
	    e));
	own = found && text_is(store_get_text(r, 0), h->institution);
	store_rows_close(r);
	return own ? party_same_flow(tx, h, e) : not_its_own(e);
}

static enum err_class forward(struct store_tx *tx, void *arg, struct err *e)
{
	const struct event *v = arg;

	TRY(check_file(tx, &v->m->h, e));
	TRY(party_take(tx, v->m, e));
	TRY(count(tx, v, e));
	TRY(party_step(tx, v->c, &v->m->h, v->receive_no, v->m->h.records, e));
	return message_forward(
	    tx, v->m, v->next_hop, v->m->h.hub, v->send_no, v->due_us, e);
}

/* "HH:MM" as minutes; 24:00 is 1440. */
static int minutes(const char *z)
{
	return (z[0] - '0') * 600 + (z[1] - '0') * 60 + (z[3] - '0') * 10 +
	       (z[4] - '0');
}

/* Does the hub work on that day? A weekday of a year whose holidays nobody
 * has entered yet counts as open: late is worse than early here. */
static bool working_day(const struct party_context *c, struct date d)
{
	enum calendar_of of = CALENDAR_OFFICE;

	if (strcmp(c->node->calendar, "none") == 0)
		return true;
	if (strcmp(c->node->calendar, "bank") == 0)
		of = CALENDAR_BANK;
	return calendar_day(c->codes, of, d) != CALENDAR_CLOSED;
}

int64_t hub_opens(const struct party_context *c)
{
	int from = minutes(c->node->service_from);
	int to = minutes(c->node->service_to);
	int64_t day = clock_of_date(clock_date(c->now_us));

	for (int i = 0; i < CALENDAR_SPAN; i++, day += CLOCK_DAY) {
		int64_t open = day + from * 60 * CLOCK_SECOND;
		int64_t close = day + to * 60 * CLOCK_SECOND;

		if (c->now_us < close && working_day(c, clock_date(day)))
			return c->now_us > open ? c->now_us : open;
	}
	return c->now_us;
}

/* Files are a unit's, words on them their own bank's: nobody moves the rows
 * of another. That the file is one of that institution its row tells
 * (check_file). */
static bool speaks_for_itself(
    const struct party_context *c, const struct header *h)
{
	const struct peer *origin = peers_of(c->peers, h->origin);

	switch (h->kind) {
	case KIND_REQUEST_FILE:
		return origin != NULL && origin->party == STORE_UNIT;
	case KIND_RECEIPT:
	case KIND_ANSWER_FILE:
		return strcmp(h->origin, h->institution) == 0;
	case KIND_SUBJECTS:
	case KIND_STATUS:
	case KIND_CANCEL:
	case KIND_COUNT:
		return true;
	}
	return false;
}

static enum err_class message(
    struct party_context *c, const struct message *m, struct err *e)
{
	struct event v = {.c = c, .m = m, .due_us = c->now_us};
	const struct header *h = &m->h;
	char key[PARTY_KEY];

	if (strcmp(h->to, c->node->code) == 0)
		return err_set(e, ERR_DENIED, "message.not_allowed",
		    "ハブ宛ての電文はありません",
		    "nothing is for a hub itself");
	if (!speaks_for_itself(c, h))
		return not_its_own(e);
	if (h->kind != KIND_REQUEST_FILE && h->kind != KIND_CANCEL)
		TRY(restored_file(c, m, STMT_HUB_FILE_GET, e));
	if (h->kind == KIND_REQUEST_FILE) {
		v.receive_no = party_step_no(h->link, DEED_HUB_REQUEST_IN);
		v.send_no = party_step_no(h->link, DEED_HUB_REQUEST_OUT);
		v.due_us = hub_opens(c);
	} else if (h->kind == KIND_ANSWER_FILE) {
		v.receive_no = party_step_no(h->link, DEED_HUB_ANSWER_IN);
		v.send_no = party_step_no(h->link, DEED_HUB_ANSWER_OUT);
		v.due_us = hub_opens(c);
	}
	TRY(party_next_hop(c, h, &v.next_hop, e));
	return store_run_key(c->store,
	    party_key(h->authority, h->wave, h->institution, key), forward, &v,
	    e);
}

const struct party party_hub = {
    .message = message,
    .timer = status_send,
};

json_t *hub_traffic_json(const struct hub_traffic *t)
{
	return json_pack("{s:o,s:o,s:I,s:I,s:I,s:I}", "authority",
	    told_text(t->authority), "institution", told_text(t->institution),
	    "files", (json_int_t)t->files, "records", (json_int_t)t->records,
	    "answered", (json_int_t)t->answered, "cancelled",
	    (json_int_t)t->cancelled);
}

struct traffic {
	void (*row)(void *ctx, const struct hub_traffic *traffic);
	void *ctx;
};

static enum err_class read_traffic(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct traffic *t = arg;
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(tx, STMT_HUB_TRAFFIC, NULL, 0, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		const struct hub_traffic row = {
		    .authority = store_get_text(r, 0),
		    .institution = store_get_text(r, 1),
		    .files = store_get_int(r, 2),
		    .records = store_get_int(r, 3),
		    .answered = store_get_int(r, 4),
		    .cancelled = store_get_int(r, 5),
		};

		t->row(t->ctx, &row);
	}
	store_rows_close(r);
	return class;
}

enum err_class hub_traffic(struct party_context *c,
    void (*row)(void *ctx, const struct hub_traffic *traffic), void *ctx,
    struct err *e)
{
	struct traffic t = {.row = row, .ctx = ctx};

	return store_read(c->store, read_traffic, &t, e);
}
