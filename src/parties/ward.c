/* ward.c — the ward's messages, tasks and timer, and what its parts share. */
#include "parties/ward.h"

#include "base/clock.h"
#include "parties/ward_file.h"
#include "parties/ward_halt.h"
#include "record/kanri.h"
#include "text/utf8.h"

#include <stdio.h>

#define OVERDUE 200 /* files in one transaction */

enum err_class ward_log(struct store_tx *tx, struct party_context *c,
    const struct ward_act *act, struct err *e)
{
	const struct audit_entry entry = {
	    .actor = act->actor,
	    .action = act->action,
	    .kind = act->kind,
	    .object = text_z(act->object),
	    .authority = c->node->code,
	    .purpose = act->purpose,
	    .records = act->records,
	};

	return audit_add(tx, &entry, c->now_us, &c->random, e);
}

char *ward_column(struct arena *a, const struct store_rows *r, int column)
{
	return text_cstr(a, store_get_text(r, column));
}

bool ward_text_good(const char *z, size_t min, size_t max)
{
	struct text t;
	size_t bad;
	size_t n;

	if (!utf8_decode(BYTES(z, strlen(z)), &t, &bad))
		return false;
	for (size_t i = 0; i < t.n; i++)
		if ((unsigned char)t.p[i] < ' ' || t.p[i] == 0x7f)
			return false;
	n = utf8_count(t);
	return n >= min && n <= max;
}

const struct peer *ward_unit(const struct party_context *c)
{
	for (size_t i = 0; i < peers_count(c->peers); i++) {
		const struct peer *p = peers_at(c->peers, i);

		if (p->party == STORE_UNIT)
			return p;
	}
	return NULL;
}

/* Authority and wave alone: 7 of the 16 characters. */
#define PREFIX_WAVE 7
#define PREFIX_INQUIRY 15

bool ward_bounds(const struct party_context *c, uint32_t wave,
    const char *institution, int64_t first, int64_t last, char low[WARD_BOUND],
    char high[WARD_BOUND])
{
	struct kanri k = {.wave = wave, .ordinal = (uint32_t)first};
	char number[KANRI_TEXT];
	int n = institution == NULL ? PREFIX_WAVE : PREFIX_INQUIRY;

	if (first < 1 || last > KANRI_ORDINAL_MAX || last < first ||
	    strlen(c->node->code) != 6)
		return false;
	memcpy(k.authority, c->node->code, 7);
	(void)snprintf(k.institution, sizeof(k.institution), "%.4s",
	    institution ? institution : "0000");
	if (!kanri_format(&k, number))
		return false;
	(void)snprintf(low, WARD_BOUND, "%.*s", n, number);
	k.ordinal = (uint32_t)last;
	if (!kanri_format(&k, number))
		return false;
	/* '~' stands behind every digit and letter. */
	(void)snprintf(high, WARD_BOUND, "%.*s~", n, number);
	return true;
}

static enum err_class any(struct store_tx *tx, struct party_context *c,
    enum store_statement st, int64_t wave, bool *out, struct err *e)
{
	struct store_rows *r;
	enum err_class class;

	TRY(store_query(tx, st,
	    STORE_VALUES(store_z(c->node->code), store_int(wave)), &r, e));
	class = store_next(r, out, e);
	store_rows_close(r);
	return class;
}

struct closing {
	int64_t subjects;
	int64_t institutions;
	int64_t covered;
	bool found;
};

static enum err_class count_one(struct store_tx *tx, enum store_statement st,
    const struct store_value *v, int64_t *out, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, st, v, 2, &r, &found, e));
	*out = found ? store_get_int(r, 0) : 0;
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class count_institutions(struct store_tx *tx,
    const struct store_value *v, int64_t *out, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	*out = 0;
	TRY(store_query(tx, STMT_WARD_INSTITUTIONS, v, 2, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		(*out)++;
	store_rows_close(r);
	return class;
}

static enum err_class count_covered(struct store_tx *tx,
    const struct store_value *v, struct closing *x, struct err *e)
{
	struct store_rows *r;
	int64_t files;
	int64_t exceptions;

	TRY(store_one(tx, STMT_WARD_WAVE_GET, v, 2, &r, &x->found, e));
	x->found = x->found && text_is(store_get_text(r, 8), "sent");
	x->subjects = x->found ? store_get_int(r, 15) : 0;
	store_rows_close(r);
	if (!x->found)
		return ERR_NONE;
	TRY(count_institutions(tx, v, &x->institutions, e));
	TRY(count_one(tx, STMT_WARD_FILE_SUM, v, &files, e));
	TRY(count_one(tx, STMT_WARD_EXCEPTION_SUM, v, &exceptions, e));
	x->covered = files + exceptions;
	return ERR_NONE;
}

enum err_class ward_close(
    struct store_tx *tx, struct party_context *c, int64_t wave, struct err *e)
{
	const struct store_value v[] = {
	    store_z(c->node->code), store_int(wave)};
	struct closing x = {0};
	int64_t stopped;
	int64_t late;
	bool pending;

	TRY(any(tx, c, STMT_WARD_FILE_PENDING, wave, &pending, e));
	if (pending)
		return ERR_NONE;
	/* E5: every inquiry of the wave is in a file or an exception. */
	TRY(count_covered(tx, v, &x, e));
	if (!x.found || x.covered != x.subjects * x.institutions)
		return ERR_NONE;
	/* What an officer may still release has not come to its end. */
	TRY(ward_halt_count(tx, c, wave, &stopped, &late, e));
	if (stopped > 0)
		return ERR_NONE;
	return STORE_DO(tx, STMT_WARD_WAVE_MOVE, e, v[0], v[1], store_z("sent"),
	    store_z("closed"), store_z(""));
}

/* A wave whose answers are no longer waited for. */
struct expiring {
	struct party_context *c;
	int64_t wave;
	bool found;
};

static enum err_class expire_find(struct store_tx *tx, void *arg, struct err *e)
{
	struct expiring *x = arg;
	struct party_context *c = x->c;
	struct date today = clock_date(c->now_us);
	const struct store_value v[] = {store_z(c->node->code)};
	struct store_rows *r;
	enum err_class class = ERR_NONE;
	bool more;

	TRY(store_query(tx, STMT_WARD_WAVE_OPEN, v, 1, &r, e));
	while (!x->found && (class = store_next(r, &more, e)) == ERR_NONE &&
	       more) {
		struct date deadline;

		x->wave = store_get_int(r, 0);
		if (!date_parse(store_get_text(r, 1), &deadline) ||
		    date_days(today) <=
			date_days(deadline) + c->node->expire_after_days)
			continue;
		class =
		    any(tx, c, STMT_WARD_FILE_OVERDUE, x->wave, &x->found, e);
		if (class != ERR_NONE)
			break;
	}
	store_rows_close(r);
	return class;
}

static enum err_class expire_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct expiring *x = arg;
	char *file[OVERDUE];
	struct store_rows *r;
	enum err_class class;
	size_t n = 0;
	bool more;

	TRY(store_query(tx, STMT_WARD_FILE_OVERDUE,
	    STORE_VALUES(store_z(x->c->node->code), store_int(x->wave)), &r,
	    e));
	while (n < OVERDUE && (class = store_next(r, &more, e)) == ERR_NONE &&
	       more)
		file[n++] = ward_column(x->c->arena, r, 0);
	store_rows_close(r);
	TRY(class);
	for (size_t i = 0; i < n; i++)
		TRY(ward_file_move(tx, x->c, file[i], INQUIRY_EXPIRED, e));
	return ward_close(tx, x->c, x->wave, e);
}

enum err_class ward_expire(struct party_context *c, struct err *e)
{
	struct expiring x = {.c = c};

	TRY(store_read(c->store, expire_find, &x, e));
	return x.found ? store_run(c->store, expire_write, &x, e) : ERR_NONE;
}

static enum err_class not_allowed(struct err *e)
{
	return err_set(e, ERR_DENIED, "message.not_allowed",
	    "この種類の電文は受け付けません", "this kind is not for a ward");
}

static enum err_class message(
    struct party_context *c, const struct message *m, struct err *e)
{
	bool ours = strcmp(m->h.to, c->node->code) == 0;

	/* A ward carries its own authority's messages, nobody else's. */
	if (strcmp(m->h.authority, c->node->code) != 0)
		return not_allowed(e);
	switch (m->h.kind) {
	case KIND_REQUEST_FILE:
		return ours ? not_allowed(e) : ward_check_message(c, m, e);
	case KIND_ANSWER_FILE:
		return ours ? ward_register_message(c, m, e)
			    : ward_check_message(c, m, e);
	case KIND_STATUS:
		return ours ? ward_status_message(c, m, e)
			    : party_relay(c, m, 0, 0, e);
	case KIND_RECEIPT:
		return ours ? ward_status_receipt(c, m, e)
			    : party_relay(c, m, 0, 0, e);
	case KIND_CANCEL:
		return ours ? not_allowed(e) : party_relay(c, m, 0, 0, e);
	case KIND_SUBJECTS:
	case KIND_COUNT:
		break;
	}
	return not_allowed(e);
}

struct awaiting {
	const struct party_context *c;
	int64_t tasks;
	int64_t cancelled; /* waves, some of which may have files on the way */
};

static enum err_class awaits(struct store_tx *tx, void *arg, struct err *e)
{
	struct awaiting *x = arg;
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_WARD_AWAITS,
	    STORE_VALUES(store_z(x->c->node->code)), &r, &found, e));
	x->tasks = found ? store_get_int(r, 0) : 0;
	x->cancelled = found ? store_get_int(r, 1) : 0;
	store_rows_close(r);
	return ERR_NONE;
}

/* Most rounds have nothing of this to do: they ask once. */
static enum err_class task(struct party_context *c, bool *did, struct err *e)
{
	struct awaiting x = {.c = c};

	TRY(store_read(c->store, awaits, &x, e));
	if (x.tasks > 0)
		TRY(ward_send_task(c, did, e));
	if (!*did && x.tasks + x.cancelled > 0)
		TRY(ward_cancel_task(c, did, e));
	if (!*did)
		TRY(ward_halt_task(c, did, e));
	if (!*did)
		TRY(ward_draft_task(c, did, e));
	return ERR_NONE;
}

static enum err_class timer(struct party_context *c, struct err *e)
{
	return ward_expire(c, e);
}

const struct party party_ward = {
    .message = message,
    .task = task,
    .timer = timer,
};
