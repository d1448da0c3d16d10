/*
 * unit_convert.c — one record as the ward knows it becomes what the
 * institution wants: file by file, in bounded transactions with a cursor, no
 * faster than the bank's own receipts come back (docs/DESIGN.md §3). Those
 * that were held and released follow in files that list their ordinals.
 */
#include "parties/unit.h"

#include "parties/claims.h"
#include "parties/layouts.h"
#include "parties/mend.h"
#include "parties/proof.h"
#include "parties/unit_wave.h"
#include "parties/unit_way.h"
#include "record/limits.h"

/* In flight per authority and institution; the file that reaches it goes. */
#define WINDOW_INQUIRIES 20000
#define NO_LAYOUT "-"	/* of a row that became no file */
#define EXPIRES_DAYS 90 /* a request file not taken by then is dead */
#define STRETCH_MORE 16 /* ordinals read at once beside those still lacking */

struct held {
	struct store_value ordinal;
	struct store_value kind;
	struct store_value rule;
	struct store_value item;
	struct store_value at;
	struct store_value bad;
};

struct convert {
	struct party_context *c;
	/* The task, as read. */
	char authority[NODE_CODE];
	char institution[NODE_CODE];
	int64_t wave;
	int64_t position;
	int64_t total;
	/* Its wave. */
	int64_t available; /* ordinals that have arrived, from 1 on */
	bool cancelled;
	json_t *definition;
	struct bytes approval;
	char approval_digest[DIGEST_TEXT];
	struct request_wave request;
	const char *scope;
	/* The file being made. */
	const char *hub;
	enum node_link link;
	struct layout *layout;
	char file[HEADER_FILE];
	int64_t no;
	int64_t first;
	int64_t last;
	size_t records;
	bool listed;	 /* of released inquiries alone */
	int64_t *member; /* their ordinals, ascending */
	size_t members;
	size_t exceptions; /* there before: withdrawn inquiries */
	int64_t *skip;	   /* their ordinals, ascending */
	size_t skipped;
	struct held *held;
	size_t held_count;
	struct buf bytes;
	struct buf proof; /* proof.h, of each record in it */
	struct party_sending sending;
	bool found;
	char claim[64]; /* of the task; empty: none */
};

static void copy_code(char out[NODE_CODE], struct text t)
{
	size_t n = t.n < NODE_CODE ? t.n : NODE_CODE - 1;

	memcpy(out, t.p, n);
	out[n] = '\0';
}

/* The last ordinal up to which parts have arrived without a gap. */
static enum err_class read_available(
    struct store_tx *tx, struct convert *v, int64_t parts, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	int64_t expected = 1;
	bool more;

	v->available = 0;
	TRY(store_query(tx, STMT_UNIT_PARTS,
	    STORE_VALUES(store_z(v->authority), store_int(v->wave)), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		if (store_get_int(r, 0) != expected)
			continue;
		expected++;
		v->available = store_get_int(r, 2);
	}
	store_rows_close(r);
	/* Subjects left out at the ward leave gaps behind the last one. */
	if (expected > parts)
		v->available = v->total;
	return class;
}

static enum err_class read_wave(
    struct store_tx *tx, struct convert *v, struct err *e)
{
	struct store_rows *r;
	struct text definition;
	json_error_t error;
	int64_t parts;
	bool found;

	TRY(store_one(tx, STMT_UNIT_WAVE_GET,
	    STORE_VALUES(store_z(v->authority), store_int(v->wave)), &r, &found,
	    e));
	if (!found) {
		store_rows_close(r);
		return err_set(e, ERR_FAULT, "fault", "波がありません",
		    "a task without its wave");
	}
	parts = store_get_int(r, 0);
	v->total = store_get_int(r, 1);
	v->cancelled = store_get_int(r, 2) != 0;
	definition = store_get_text(r, 3);
	json_decref(v->definition);
	v->definition = json_loadb(definition.p, definition.n, 0, &error);
	(void)snprintf(v->approval_digest, sizeof(v->approval_digest), "%.*s",
	    (int)store_get_text(r, 4).n, store_get_text(r, 4).p);
	v->approval = bytes_dup(v->c->arena, store_get_blob(r, 5));
	store_rows_close(r);
	unit_wave_request(
	    v->c->arena, v->authority, v->wave, v->definition, &v->request);
	v->scope = "existence";
	(void)json_unpack(v->definition, "{s?s}", "scope", &v->scope);
	return read_available(tx, v, parts, e);
}

/* Room in the window, and the number of the next file. */
static enum err_class read_window(
    struct store_tx *tx, struct convert *v, bool *room, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_UNIT_FILE_COUNT,
	    STORE_VALUES(store_z(v->authority), store_int(v->wave),
		store_z(v->institution)),
	    &r, &found, e));
	v->no = store_get_int(r, 0) + 1;
	*room = (size_t)store_get_int(r, 1) < v->c->node->window &&
		store_get_int(r, 2) < WINDOW_INQUIRIES;
	store_rows_close(r);
	if (*room)
		return ERR_NONE;
	/* What is cancelled needs no room. */
	TRY(store_one(tx, STMT_UNIT_WAVE_STOPPED,
	    STORE_VALUES(store_z(v->authority), store_int(v->wave)), &r, room,
	    e));
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class read_skipped(
    struct store_tx *tx, struct convert *v, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	v->skip =
	    arena_take(v->c->arena, LIMIT_MESSAGE_RECORDS * sizeof(*v->skip));
	v->exceptions = 0;
	TRY(store_query(tx, STMT_UNIT_EXCEPTIONS_FROM,
	    STORE_VALUES(store_z(v->authority), store_int(v->wave),
		store_z(v->institution), store_int(v->position + 1),
		store_int(v->available)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more &&
	       v->exceptions < LIMIT_MESSAGE_RECORDS)
		v->skip[v->exceptions++] = store_get_int(r, 0);
	store_rows_close(r);
	return class;
}

/* The claims of one subject, gathered. */
struct group {
	int64_t ordinal; /* 0: none yet */
	struct claims claims;
	struct text mend; /* of one released: what an officer decided */
};

static void hold(
    struct convert *v, int64_t ordinal, const struct layout_report *report)
{
	struct arena *a = v->c->arena;
	struct held *h = &v->held[v->held_count++];
	const struct layout_hold *why = &report->hold;

	h->ordinal = store_int(ordinal);
	h->kind = store_z(unit_way_kind(v->layout, why));
	h->rule = store_z(arena_printf(a, "%s", why->rule ? why->rule : ""));
	h->item = store_z(item_request[why->item].name);
	h->at = store_int((int64_t)why->at);
	h->bad = why->bad == 0
		     ? store_z("")
		     : store_z(arena_printf(a, "U+%04X", (unsigned)why->bad));
}

static void prove(struct convert *v, int64_t ordinal,
    const struct layout_report *report, size_t from)
{
	struct proof p =
	    proof_of(report, BYTES(v->bytes.p + from, v->bytes.n - from));

	p.ordinal = (uint32_t)ordinal;
	proof_pack(&v->proof, &p);
}

static void put_group(struct convert *v, struct group *g)
{
	struct request request;
	struct request_wave wave = v->request;
	struct layout_report report = {0};
	size_t from = v->bytes.n;
	char number[KANRI_TEXT];
	struct kanri k = {
	    .wave = (uint32_t)v->wave, .ordinal = (uint32_t)g->ordinal};

	v->last = g->ordinal;
	if (v->listed)
		v->member[v->members++] = g->ordinal;
	while (v->skipped < v->exceptions && v->skip[v->skipped] < g->ordinal)
		v->skipped++;
	if (v->skipped < v->exceptions && v->skip[v->skipped] == g->ordinal) {
		v->skipped++;
		return; /* withdrawn */
	}
	memcpy(k.authority, v->authority, 6);
	memcpy(k.institution, v->institution, 4);
	if (!kanri_format(&k, number))
		return; /* bounds were checked when the wave arrived */
	wave.basis = buf_text(&g->claims.basis);
	request_fill(
	    &g->claims.subject, &wave, v->institution, number, &request);
	report.allowed = mend_apply(v->c->arena, g->mend, &request);
	layout_put_request(v->layout, &request, &v->bytes, &report);
	if (report.held) {
		hold(v, g->ordinal, &report);
		return;
	}
	prove(v, g->ordinal, &report, from);
	v->records++;
}

static bool full(const struct convert *v)
{
	/* held is bounded like the records of a message; so is what has been
	 * read of the withdrawn: there may be more behind the last of them. */
	return v->records >= layout_records_per_file(v->layout) ||
	       v->held_count >= LIMIT_MESSAGE_RECORDS - 1 ||
	       v->skipped >= LIMIT_MESSAGE_RECORDS;
}

/* A listed file spans no more ordinals than any other may hold. */
static bool beyond(const struct convert *v, int64_t ordinal)
{
	return v->listed && v->members > 0 &&
	       ordinal - v->member[0] >= LIMIT_MESSAGE_RECORDS;
}

/* Puts row after row into the file, until it is full; closes r. */
static enum err_class put_rows(
    struct convert *v, struct store_rows *r, struct err *e)
{
	struct group g = {0};
	enum err_class class;
	bool more;

	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		int64_t ordinal = store_get_int(r, 0);
		struct bytes record =
		    bytes_dup(v->c->arena, store_get_blob(r, 2));
		struct subject row;

		if (!subject_unpack(record, &row)) {
			class = err_set(e, ERR_FAULT, "store.damaged",
			    "対象者の行が壊れています",
			    "a subject's row is damaged");
			break;
		}
		if (ordinal != g.ordinal) {
			if (g.ordinal != 0)
				put_group(v, &g);
			g.ordinal = 0;
			if (full(v) || beyond(v, ordinal))
				break;
			g.ordinal = ordinal;
			g.claims.n = 0;
			buf_clear(&g.claims.basis);
			if (v->listed)
				g.mend =
				    text_dup(v->c->arena, store_get_text(r, 3));
		}
		claims_add(
		    &g.claims, &row, store_get_text(r, 1), v->institution);
	}
	store_rows_close(r);
	if (class == ERR_NONE && g.ordinal != 0)
		put_group(v, &g);
	buf_fini(&g.claims.basis);
	return class;
}

static enum err_class convert_rows(
    struct store_tx *tx, struct convert *v, struct err *e)
{
	int64_t from = v->position;
	struct store_rows *r;

	/* About as many as the file still lacks, then what those left out of
	 * it leave open: all claims of an ordinal come at once. */
	while (!full(v) && from < v->available) {
		int64_t until =
		    from + STRETCH_MORE +
		    (int64_t)(layout_records_per_file(v->layout) - v->records);

		if (until > v->available)
			until = v->available;
		TRY(store_query(tx, STMT_SNAPSHOT_FROM,
		    STORE_VALUES(store_z(v->authority), store_int(v->wave),
			store_int(from), store_int(until)),
		    &r, e));
		TRY(put_rows(v, r, e));
		from = until;
	}
	/* All that has arrived is in: gaps behind it are, too. */
	if (!full(v))
		v->last = v->available;
	return ERR_NONE;
}

static enum err_class convert_released(
    struct store_tx *tx, struct convert *v, struct err *e)
{
	struct store_rows *r;

	v->exceptions = 0;
	v->members = 0;
	v->member =
	    arena_take(v->c->arena, LIMIT_MESSAGE_RECORDS * sizeof(int64_t));
	TRY(store_query(tx, STMT_UNIT_WAITING_ROWS,
	    STORE_VALUES(store_z(v->authority), store_int(v->wave),
		store_z(v->institution)),
	    &r, e));
	TRY(put_rows(v, r, e));
	if (v->members > 0)
		v->first = v->member[0];
	return ERR_NONE;
}

static enum err_class name_file(struct convert *v, struct err *e)
{
	char wave[4];

	v->hub = peers_hub_of(v->c->peers, v->institution);
	v->link = node_link_of(v->c->node, v->hub);
	v->first = v->position + 1;
	v->last = v->position;
	if (!kanri_wave_format((uint32_t)v->wave, wave))
		return err_set(e, ERR_FAULT, "fault", "波の番号が範囲外です",
		    "a wave's number is out of bounds");
	(void)snprintf(v->file, sizeof(v->file), "%s-%s-%s-%04lld",
	    v->authority, wave, v->institution, (long long)v->no);
	return ERR_NONE;
}

/* Nothing is made that could not leave. */
static enum err_class check_way(struct convert *v, struct err *e)
{
	struct header h = {.kind = KIND_REQUEST_FILE, .link = v->link};
	const char *hop;

	memcpy(h.to, v->institution, NODE_CODE);
	memcpy(h.authority, v->authority, NODE_CODE);
	(void)snprintf(h.hub, sizeof(h.hub), "%s", v->hub);
	return party_next_hop(v->c, &h, &hop, e);
}

/* *open false: the institution takes no file now. */
static enum err_class begin_file(
    struct store_tx *tx, struct convert *v, bool *open, struct err *e)
{
	char day[11];

	date_format(clock_date(v->c->now_us), day);
	v->layout = layouts_on(v->c->layouts, v->institution, day, e);
	if (v->layout == NULL)
		return e->class;
	layouts_remember(v->c->layouts, v->layout);
	v->hub = unit_way_hub(v->c, v->layout, v->institution);
	v->link = node_link_of(v->c->node, v->hub);
	TRY(check_way(v, e));
	TRY(unit_way_open(tx, v->c, v->layout, v->institution, open, e));
	if (!*open)
		return ERR_NONE;
	buf_clear(&v->bytes);
	buf_clear(&v->proof);
	v->records = 0;
	v->held_count = 0;
	v->skipped = 0;
	v->held =
	    arena_take(v->c->arena, LIMIT_MESSAGE_RECORDS * sizeof(*v->held));
	layout_begin_requests(v->layout, v->file, &v->bytes);
	return ERR_NONE;
}

/* More parts are to come, and what is here is less than a file: nothing is
 * converted to be thrown away. */
static bool cannot_fill(const struct convert *v)
{
	return v->available < v->total &&
	       v->available - v->position <
		   (int64_t)layout_records_per_file(v->layout);
}

/* Reads one task's next file; v->found if there is something to write. */
static enum err_class read_task(
    struct store_tx *tx, struct convert *v, struct err *e)
{
	bool room;

	v->listed = false;
	TRY(read_window(tx, v, &room, e));
	if (!room)
		return ERR_NONE;
	TRY(read_wave(tx, v, e));
	if (v->available <= v->position)
		return ERR_NONE;
	TRY(name_file(v, e));
	if (v->cancelled) {
		/* Parts that are still to come are cancelled when they do. */
		v->last = v->available;
		v->found = true;
		return ERR_NONE;
	}
	TRY(begin_file(tx, v, &room, e));
	if (!room || cannot_fill(v))
		return ERR_NONE;
	TRY(read_skipped(tx, v, e));
	TRY(convert_rows(tx, v, e));
	/* A file that could still be filled waits for the next part. */
	v->found = full(v) || v->available == v->total;
	if (v->found)
		layout_end_requests(v->layout, v->records, &v->bytes);
	return ERR_NONE;
}

/* One worker makes the next file of a wave and institution. */
static bool claim(struct convert *v)
{
	(void)snprintf(v->claim, sizeof(v->claim), "convert %s %lld %s",
	    v->authority, (long long)v->wave, v->institution);
	if (!store_claim(v->c->store, v->claim))
		v->claim[0] = '\0';
	return v->claim[0] != '\0';
}

static void unclaim(struct convert *v)
{
	if (v->claim[0] != '\0')
		store_unclaim(v->c->store, v->claim);
	v->claim[0] = '\0';
}

/* Released inquiries of one institution whose conversion has gone past them.
 */
static enum err_class read_released(
    struct store_tx *tx, struct convert *v, struct err *e)
{
	bool room;

	v->listed = true;
	TRY(read_window(tx, v, &room, e));
	if (!room)
		return ERR_NONE;
	TRY(read_wave(tx, v, e));
	TRY(name_file(v, e));
	TRY(begin_file(tx, v, &room, e));
	if (!room)
		return ERR_NONE;
	TRY(convert_released(tx, v, e));
	v->found = v->members > 0;
	if (v->found)
		layout_end_requests(v->layout, v->records, &v->bytes);
	return ERR_NONE;
}

/* What is looked for, in this order. */
enum find_what {
	FIND_RELEASED,
	FIND_CARRIED, /* files that an officer of the ward checks and carries */
	FIND_ANY
};

/* A file that is carried has the longer way: those go ahead of the others by
 * up to a quarter, so that a wave does not end with waiting for them. */
static bool goes_ahead(const struct convert *v, int64_t lowest)
{
	const char *hub = peers_hub_of(v->c->peers, v->institution);

	return node_link_of(v->c->node, hub) != LINK_DIRECT &&
	       v->position - lowest <= v->total / 4;
}

/* The first of these that has something to write. */
static enum err_class find_in(
    struct store_tx *tx, struct convert *v, enum find_what what, struct err *e)
{
	const bool released = what == FIND_RELEASED;
	const struct store_value kind = store_z("convert");
	struct store_rows *r;
	struct err stuck = {0};
	enum err_class class;
	int64_t lowest = -1;
	bool more;

	unclaim(v); /* of a reading that the database ended */
	TRY(store_query(tx, released ? STMT_UNIT_WAITING : STMT_TASK_OPEN,
	    &kind, !released, &r, e));
	while (!v->found && (class = store_next(r, &more, e)) == ERR_NONE &&
	       more) {
		copy_code(v->authority, store_get_text(r, 0));
		v->wave = store_get_int(r, 1);
		copy_code(v->institution, store_get_text(r, 2));
		if (!released) {
			v->position = store_get_int(r, 3);
			v->total = store_get_int(r, 4);
			if (lowest < 0)
				lowest = v->position;
		}
		if (what == FIND_CARRIED && !goes_ahead(v, lowest))
			continue;
		if (!claim(v))
			continue;
		class =
		    released ? read_released(tx, v, e) : read_task(tx, v, e);
		if (!v->found)
			unclaim(v);
		/* One institution without a layout must not stop the rest. */
		if (class == ERR_INPUT) {
			stuck = *e;
			class = ERR_NONE;
		}
		if (class != ERR_NONE)
			break;
	}
	store_rows_close(r);
	if (v->found || class != ERR_NONE || stuck.code == NULL)
		return v->found ? ERR_NONE : class;
	*e = stuck;
	return stuck.class;
}

static enum err_class find(struct store_tx *tx, void *arg, struct err *e)
{
	struct convert *v = arg;
	struct err first = {0};

	for (int what = FIND_RELEASED; what <= FIND_ANY; what++) {
		enum err_class class = find_in(tx, v, (enum find_what)what, e);

		if (v->found || (class != ERR_NONE && class != ERR_INPUT))
			return class;
		/* One that cannot be must not stop the rest. */
		if (class != ERR_NONE && first.code == NULL)
			first = *e;
	}
	if (first.code == NULL)
		return ERR_NONE;
	*e = first;
	return first.class;
}

static enum err_class make_message(struct convert *v, struct err *e)
{
	struct content content = {0};
	struct header h = {
	    .kind = KIND_REQUEST_FILE,
	    .wave = (uint32_t)v->wave,
	    .link = v->link,
	    .records = (int64_t)v->records,
	    .expires_us = v->c->now_us + EXPIRES_DAYS * CLOCK_DAY,
	    .reader_count = v->link == LINK_DIRECT ? 1 : 2,
	};
	enum err_class class;

	memcpy(h.to, v->institution, NODE_CODE);
	memcpy(h.readers[0], v->institution, NODE_CODE);
	memcpy(h.readers[1], v->authority, NODE_CODE);
	memcpy(h.authority, v->authority, NODE_CODE);
	memcpy(h.institution, v->institution, NODE_CODE);
	memcpy(h.file, v->file, HEADER_FILE);
	memcpy(h.approval, v->approval_digest, DIGEST_TEXT);
	(void)snprintf(h.hub, sizeof(h.hub), "%s", v->hub);
	content.meta =
	    json_pack("{s:s,s:s,s:O}", "layout", layout_version(v->layout),
		"scope", v->scope, "definition", v->definition);
	content_add(&content, "approval", v->approval);
	content_add(&content, "file", buf_bytes(&v->bytes));
	class = party_make(v->c, &h, &content, &v->sending, e);
	content_fini(&content);
	return class;
}

static enum err_class write_held(
    struct store_tx *tx, struct convert *v, struct err *e)
{
	struct store_value authority = store_z(v->authority);
	struct store_value wave = store_int(v->wave);
	struct store_value institution = store_z(v->institution);
	struct store_value *columns_of[6];
	struct store_column columns[9] = {
	    {.same = true, .v = &authority},
	    {.same = true, .v = &wave},
	    {.same = true, .v = &institution},
	};

	for (int k = 0; k < 6; k++)
		columns_of[k] = arena_zero(
		    v->c->arena, v->held_count + 1, sizeof(struct store_value));
	for (size_t i = 0; i < v->held_count; i++) {
		columns_of[0][i] = v->held[i].ordinal;
		columns_of[1][i] = v->held[i].kind;
		columns_of[2][i] = v->held[i].rule;
		columns_of[3][i] = v->held[i].item;
		columns_of[4][i] = v->held[i].at;
		columns_of[5][i] = v->held[i].bad;
	}
	for (int k = 0; k < 6; k++)
		columns[3 + k].v = columns_of[k];
	return store_each(
	    tx, STMT_UNIT_EXCEPTION_ADD, columns, 9, v->held_count, NULL, e);
}

static enum err_class overtaken(struct err *e)
{
	return err_set(e, ERR_BUSY, "party.done", "すでに処理されています",
	    "already done by another worker");
}

/* What the reading relied on must still be so: the cursor, the same
 * withdrawals and no cancellation since. */
static enum err_class recheck(
    struct store_tx *tx, struct convert *v, struct err *e)
{
	struct convert now = *v;
	enum err_class class;
	int64_t moved;
	bool done = v->last >= v->total;

	TRY(store_do(tx, STMT_TASK_MOVE,
	    STORE_VALUES(store_z(v->authority), store_int(v->wave),
		store_z("convert"), store_z(v->institution),
		store_int(v->position), store_int(v->last), store_int(done)),
	    &moved, e));
	now.definition = NULL;
	class = read_wave(tx, &now, e);
	json_decref(now.definition);
	TRY(class);
	now.available = v->available;
	if (moved != 1 || now.cancelled != v->cancelled)
		return overtaken(e);
	if (v->cancelled)
		return ERR_NONE;
	/* As many, but others, would be another file. */
	TRY(read_skipped(tx, &now, e));
	return now.exceptions == v->exceptions &&
		       memcmp(now.skip, v->skip,
			   v->exceptions * sizeof(*v->skip)) == 0
		   ? ERR_NONE
		   : overtaken(e);
}

/* Released ones are still released, each goes into this file; one that the
 * layout cannot say into none. */
static enum err_class take_members(
    struct store_tx *tx, struct convert *v, struct err *e)
{
	size_t held = 0;

	for (size_t i = 0; i < v->members; i++) {
		const struct store_value key[] = {store_z(v->authority),
		    store_int(v->wave), store_z(v->institution),
		    store_int(v->member[i])};
		bool unfit = held < v->held_count &&
			     v->held[held].ordinal.i == v->member[i];
		const char *state = v->cancelled ? "withdrawn"
				    : unfit	 ? "unfit"
						 : "sent";
		bool out = v->cancelled || unfit;
		int64_t moved;

		held += unfit;
		TRY(store_do(tx, STMT_HALTED_MOVE,
		    STORE_VALUES(key[0], key[1], key[2], key[3], store_z(state),
			store_z(out ? "" : v->file)),
		    &moved, e));
		if (moved != 1)
			return overtaken(e);
		TRY(store_do(tx, STMT_EXCEPTION_DROP, key, 4, NULL, e));
		if (v->cancelled)
			TRY(STORE_DO(tx, STMT_UNIT_EXCEPTION_ADD, e, key[0],
			    key[1], key[2], key[3], store_z("cancelled"),
			    store_z("取下げ"), store_z(""), store_int(0),
			    store_z("")));
	}
	return ERR_NONE;
}

static enum err_class recheck_released(
    struct store_tx *tx, struct convert *v, struct err *e)
{
	struct store_rows *r;
	bool cancelled;

	TRY(store_one(tx, STMT_UNIT_WAVE_STOPPED,
	    STORE_VALUES(store_z(v->authority), store_int(v->wave)), &r,
	    &cancelled, e));
	store_rows_close(r);
	if (cancelled != v->cancelled)
		return overtaken(e);
	return take_members(tx, v, e);
}

/* Another worker may have given a file of the institution this number. */
static enum err_class recheck_number(
    struct store_tx *tx, struct convert *v, struct err *e)
{
	struct convert now = *v;
	bool room;

	TRY(read_window(tx, &now, &room, e));
	if (now.no != v->no)
		return overtaken(e);
	if (v->cancelled)
		return ERR_NONE;
	/* So may the last file of the day. */
	TRY(unit_way_open(tx, v->c, v->layout, v->institution, &room, e));
	return room ? ERR_NONE : overtaken(e);
}

static enum err_class write_file(
    struct store_tx *tx, struct convert *v, struct err *e)
{
	bool sent = v->records > 0 && !v->cancelled;
	int64_t records = (int64_t)v->records;

	if (v->cancelled) {
		struct store_rows *r;
		bool found;

		TRY(store_one(tx, STMT_RECONCILE_UNIT_EXPECTED,
		    STORE_VALUES(store_z(v->authority), store_int(v->wave),
			store_z(v->institution), store_int(v->position + 1),
			store_int(v->last)),
		    &r, &found, e));
		records = store_get_int(r, 0);
		store_rows_close(r);
	}
	return STORE_DO(tx, STMT_UNIT_FILE_ADD, e, store_z(v->authority),
	    store_z(v->file), store_int(v->wave), store_z(v->institution),
	    store_z(v->hub), store_int(v->no), store_int(v->first),
	    store_int(v->last), store_int(records),
	    store_z(v->cancelled ? NO_LAYOUT : layout_version(v->layout)),
	    store_z(v->cancelled ? "cancelled" : "converted"),
	    store_z(sent ? v->sending.message.h.id : ""),
	    store_int(v->c->now_us), store_int(v->listed));
}

static enum err_class convert_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct convert *v = arg;

	TRY(recheck_number(tx, v, e));
	TRY(v->listed ? recheck_released(tx, v, e) : recheck(tx, v, e));
	if (!v->cancelled)
		TRY(write_held(tx, v, e));
	/* The words about them are enough where no file comes of it. */
	if (!v->listed || (v->records > 0 && !v->cancelled))
		TRY(write_file(tx, v, e));
	if (v->records == 0 || v->cancelled)
		return ERR_NONE;
	TRY(proof_put(tx, v->authority, v->file, layout_tables(v->layout),
	    buf_bytes(&v->proof), e));
	TRY(party_step(tx, v->c, &v->sending.message.h,
	    party_step_no(v->link, DEED_CONVERT), (int64_t)v->records, e));
	TRY(party_send(tx, &v->sending, v->c->now_us, e));
	return audit_add(tx,
	    &(const struct audit_entry){.actor = "work",
		.action = "send",
		.kind = "file",
		.object = text_z(v->file),
		.authority = v->authority,
		.purpose = "金融機関ごとの様式への変換と送信",
		.records = (int64_t)v->records},
	    v->c->now_us, &v->c->random, e);
}

static void finish(struct convert *v)
{
	json_decref(v->definition);
	buf_fini(&v->bytes);
	buf_fini(&v->proof);
}

enum err_class unit_convert(struct party_context *c, bool *did, struct err *e)
{
	struct convert v = {.c = c};
	enum err_class class;
	char key[PARTY_KEY];

	*did = false;
	class = store_read(c->store, find, &v, e);
	if (class == ERR_NONE && v.found) {
		if (v.records > 0 && !v.cancelled)
			class = make_message(&v, e);
		if (class == ERR_NONE)
			/* What an institution takes in a day is counted over
			 * all waves. */
			class = store_run_key(c->store,
			    party_key("", 0, v.institution, key), convert_write,
			    &v, e);
		*did = class == ERR_NONE;
	}
	unclaim(&v);
	finish(&v);
	return class;
}
