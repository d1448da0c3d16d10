/*
 * audit_verify.c — every chain computed again, row by row; see audit.h.
 *
 * The first entry that does not follow from the one before it ends the walk.
 * What has happened there is then found by a second walk from that place.
 */
#include "audit/audit.h"

#include "audit/audit_link.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

/* So many entries taken out and the rest renumbered are told from a change. */
#define RENUMBER_MAX 4096
#define WATCH_EACH 4096 /* entries */

struct head {
	int64_t lane;
	int64_t seq;
	struct digest hash;
};

struct heads {
	struct buf list; /* of struct head, sorted */
	size_t at;	 /* the next one not yet met */
};

struct row {
	struct audit_link link;
	struct bytes hash;
	bool whole; /* its deletable part is there */
	struct bytes salt;
	struct text texts[AUDIT_LINK_TEXTS];
};

/* Where a walk stands: behind the last entry that was well. */
struct walk {
	int64_t lane;
	int64_t seq;
	struct digest hash;
	bool any; /* a lane has begun */
};

static enum err_class bad_heads(struct err *e)
{
	return err_set(e, ERR_INPUT, "audit.heads",
	    "鎖の先頭の記録として読めない行があります",
	    "a line is not understood as the heads of a log");
}

static bool parse_head(json_t *lane, struct head *out)
{
	json_t *no = json_object_get(lane, "lane");
	json_t *seq = json_object_get(lane, "seq");
	const char *hash = json_string_value(json_object_get(lane, "hash"));

	if (!json_is_integer(no) || !json_is_integer(seq) || hash == NULL)
		return false;
	out->lane = json_integer_value(no);
	out->seq = json_integer_value(seq);
	return digest_unhex(text_z(hash), &out->hash);
}

static enum err_class parse_line(
    struct heads *h, struct text line, struct err *e)
{
	json_t *root = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, NULL);
	json_t *lanes = json_object_get(root, "lanes");
	bool good = json_is_array(lanes);
	enum err_class c = ERR_NONE;

	for (size_t i = 0; good && i < json_array_size(lanes); i++) {
		struct head head;

		good = parse_head(json_array_get(lanes, i), &head);
		if (good && head.seq > 0)
			buf_add(&h->list, &head, sizeof(head));
	}
	json_decref(root);
	if (!good)
		c = bad_heads(e);
	else if (h->list.n / sizeof(struct head) > AUDIT_HEADS_MAX)
		c = err_set(e, ERR_LIMIT, "audit.heads_many",
		    "鎖の先頭の記録が多すぎます", "too many heads");
	return c;
}

static int by_place(const void *x, const void *y)
{
	const struct head *a = x;
	const struct head *b = y;

	if (a->lane != b->lane)
		return a->lane < b->lane ? -1 : 1;
	return a->seq < b->seq ? -1 : a->seq > b->seq;
}

static enum err_class parse_heads(
    struct heads *h, const struct text *lines, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		TRY(parse_line(h, lines[i], e));
	if (h->list.n > 0)
		qsort(h->list.p, h->list.n / sizeof(struct head),
		    sizeof(struct head), by_place);
	return ERR_NONE;
}

static const struct head *next_head(const struct heads *h)
{
	const struct head *list = (const struct head *)(void *)h->list.p;

	return h->at < h->list.n / sizeof(*list) ? &list[h->at] : NULL;
}

static struct row row_of(const struct store_rows *r)
{
	struct row row = {
	    .link = {.lane = store_get_int(r, 0),
		.seq = store_get_int(r, 1),
		.at_us = store_get_int(r, 2),
		.actor = store_get_text(r, 3),
		.action = store_get_text(r, 4),
		.records = store_get_int(r, 5),
		.object = store_get_blob(r, 6)},
	    .hash = store_get_blob(r, 7),
	    .whole = !store_get_null(r, 8),
	    .salt = store_get_blob(r, 12),
	};

	for (int i = 0; i < AUDIT_LINK_TEXTS; i++)
		row.texts[i] = store_get_text(r, 8 + i);
	return row;
}

/* Would the row be right at that place behind that hash? */
static bool fits(const struct row *row, struct digest before, int64_t seq)
{
	struct audit_link l = row->link;
	struct digest d;

	l.seq = seq;
	d = audit_link_hash(before, &l);
	return bytes_eq(row->hash, BYTES(d.b, DIGEST_SIZE));
}

static bool object_holds(const struct row *row)
{
	struct digest d;

	if (!row->whole)
		return true; /* D1: deleted by rule */
	d = audit_link_object(row->salt, row->texts);
	return bytes_eq(row->link.object, BYTES(d.b, DIGEST_SIZE));
}

static struct digest hash_of(const struct row *row)
{
	struct digest d = {{0}};

	if (row->hash.n == DIGEST_SIZE)
		memcpy(d.b, row->hash.p, DIGEST_SIZE);
	return d;
}

/* What the second walk sees from the bad place on. */
struct search {
	struct walk good; /* behind the last entry that is well */
	struct arena arena;
	struct row here;    /* the row that does not fit */
	size_t rows;	    /* seen */
	bool renumbered;    /* the row after it fits some places later */
	struct digest last; /* hash of the row seen before */
	bool found;	    /* the entry that belongs here stands later … */
	int64_t found_seq;  /* … there … */
	struct digest found_hash;
	struct digest before; /* … behind this hash */
	bool next;	      /* there is a row behind the found one … */
	bool shifted;	      /* … which belongs one place after here */
};

static struct row copy(struct arena *a, const struct row *row)
{
	struct row c = *row;

	c.link.actor = text_dup(a, row->link.actor);
	c.link.action = text_dup(a, row->link.action);
	c.link.object = bytes_dup(a, row->link.object);
	c.hash = bytes_dup(a, row->hash);
	return c;
}

static bool renumbered(const struct search *s, const struct row *row)
{
	for (int64_t d = 1; d <= RENUMBER_MAX; d++)
		if (fits(row, hash_of(&s->here), row->link.seq + d))
			return true;
	return false;
}

/* Takes one row; false when nothing more can be learnt. */
static bool look(struct search *s, const struct row *row)
{
	int64_t wanted = s->good.seq + 1;

	if (s->found) {
		s->next = true;
		s->shifted = fits(row, s->found_hash, wanted + 1);
		return false;
	}
	if (s->rows == 0)
		s->here = copy(&s->arena, row);
	else if (s->rows == 1 && row->link.seq == wanted + 1)
		s->renumbered = renumbered(s, row);
	if (fits(row, s->good.hash, wanted)) {
		s->found = true;
		s->found_seq = row->link.seq;
		s->found_hash = hash_of(row);
		s->before = s->last;
	}
	s->last = hash_of(row);
	s->rows++;
	return true;
}

static const char *verdict(const struct search *s)
{
	int64_t wanted = s->good.seq + 1;

	if (s->here.link.seq < wanted)
		return "inserted"; /* a number no lane begins with */
	if (s->found && s->here.link.seq > wanted)
		return "reordered";
	if (s->found && s->next)
		return s->shifted ? "inserted" : "reordered";
	if (s->found)
		return fits(&s->here, s->found_hash, s->found_seq) ||
			       fits(&s->here, s->before, s->found_seq)
			   ? "reordered"
			   : "inserted";
	if (s->here.link.seq > wanted || s->renumbered)
		return "removed";
	return "changed";
}

static void report(
    struct audit_result *out, int64_t lane, int64_t seq, const char *what)
{
	(void)snprintf(out->first_bad, sizeof(out->first_bad),
	    "%" PRId64 "/%" PRId64 ": %s", lane, seq, what);
	out->bad_lane = lane;
	out->bad_seq = seq;
}

/* The row behind good does not fit: what has happened? */
static enum err_class diagnose(struct store_tx *tx, const struct walk *good,
    int64_t seq, struct audit_result *out, struct err *e)
{
	struct search s = {.good = *good};
	int64_t from = good->seq;
	struct store_rows *r;
	enum err_class c;
	bool more;

	if (seq <= from) /* a number no lane begins with */
		from = seq > INT64_MIN ? seq - 1 : seq;
	TRY(store_query(tx, STMT_AUDIT_ROWS,
	    STORE_VALUES(store_int(good->lane), store_int(from)), &r, e));
	while ((c = store_next(r, &more, e)) == ERR_NONE && more) {
		struct row row = row_of(r);

		if (row.link.lane != good->lane || !look(&s, &row))
			break;
	}
	if (c == ERR_NONE)
		report(out, good->lane,
		    seq < good->seq + 1 ? seq : good->seq + 1, verdict(&s));
	store_rows_close(r);
	arena_fini(&s.arena);
	return c;
}

/* Heads before the row at hand that no row has met: their entries are gone.
 * lane_end: the lane of w has ended. */
static bool cut(struct heads *h, const struct walk *w, int64_t next_lane,
    bool end, struct audit_result *out)
{
	const struct head *head = next_head(h);

	if (head == NULL || (!end && head->lane >= next_lane))
		return false;
	report(out, head->lane,
	    w->any && w->lane == head->lane ? w->seq + 1 : 1, "cut");
	return true;
}

/* Every head of this place must have this hash. */
static bool heads_hold(struct heads *h, const struct walk *w)
{
	const struct head *head = next_head(h);
	bool hold = true;

	for (; head != NULL && head->lane == w->lane && head->seq == w->seq;
	     head = next_head(h)) {
		hold = hold && digest_eq(head->hash, w->hash);
		h->at++;
	}
	return hold;
}

/* Takes one row; *bad: it does not follow (diagnose), or out->first_bad. */
static void step(struct walk *w, struct heads *h, const struct row *row,
    bool *bad, struct audit_result *out)
{
	const struct audit_link *l = &row->link;

	if (!w->any || l->lane != w->lane) {
		if (cut(h, w, l->lane, false, out))
			return;
		*w = (struct walk){.any = true, .lane = l->lane};
	}
	*bad = l->seq != w->seq + 1 || !fits(row, w->hash, l->seq);
	if (*bad)
		return;
	w->seq = l->seq;
	w->hash = hash_of(row);
	out->entries++;
	if (w->lane == 0)
		digest_hex(w->hash, out->head);
	if (!object_holds(row) || !heads_hold(h, w))
		report(out, w->lane, w->seq, "changed");
}

/* A deletable part without an entry: the entry was cut off. */
static enum err_class orphans(
    struct store_tx *tx, struct audit_result *out, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_AUDIT_ORPHAN, NULL, 0, &r, &found, e));
	if (found)
		report(out, store_get_int(r, 0), store_get_int(r, 1),
		    store_get_int(r, 1) < 1 ? "inserted" : "cut");
	store_rows_close(r);
	return ERR_NONE;
}

/* How many entries there are: lanes have no gaps, or they are found. */
static enum err_class count_entries(
    struct store_tx *tx, int64_t *out, struct err *e)
{
	int64_t lanes[STORE_LANES];
	struct store_rows *r;
	enum err_class c;
	size_t n = 0;
	bool more;

	*out = 0;
	TRY(store_query(tx, STMT_AUDIT_LANES, NULL, 0, &r, e));
	while ((c = store_next(r, &more, e)) == ERR_NONE && more)
		if (n < STORE_LANES)
			lanes[n++] = store_get_int(r, 0);
	store_rows_close(r);
	TRY(c);
	for (size_t i = 0; i < n; i++) {
		int64_t last;

		TRY(store_one_int(tx, STMT_AUDIT_LAST,
		    STORE_VALUES(store_int(lanes[i])), &last, e));
		*out += last;
	}
	return ERR_NONE;
}

static enum err_class walk_all(struct store_tx *tx, struct heads *h,
    const struct watch *watch, struct audit_result *out, struct err *e)
{
	struct walk w = {0};
	int64_t of = 0;
	struct store_rows *r;
	enum err_class c;
	int64_t seq = 0;
	bool bad = false;
	bool more;

	if (watch != NULL)
		TRY(count_entries(tx, &of, e));
	TRY(store_query(tx, STMT_AUDIT_ROWS,
	    STORE_VALUES(store_int(INT64_MIN), store_int(INT64_MIN)), &r, e));
	while ((c = store_next(r, &more, e)) == ERR_NONE && more && !bad &&
	       out->first_bad[0] == '\0') {
		struct row row = row_of(r);

		seq = row.link.seq;
		if (watch != NULL && out->entries % WATCH_EACH == 0)
			watch_tell(watch, out->entries, of);
		step(&w, h, &row, &bad, out);
	}
	store_rows_close(r);
	if (c != ERR_NONE || out->first_bad[0] != '\0')
		return c;
	if (bad)
		return diagnose(tx, &w, seq, out, e);
	if (cut(h, &w, 0, true, out))
		return ERR_NONE;
	return orphans(tx, out, e);
}

enum err_class audit_verify(struct store_tx *tx, const struct text *heads,
    size_t head_count, const struct watch *watch, struct audit_result *out,
    struct err *e)
{
	struct heads h = {0};
	enum err_class c;

	*out = (struct audit_result){0};
	c = parse_heads(&h, heads, head_count, e);
	if (c == ERR_NONE)
		c = walk_all(tx, &h, watch, out, e);
	buf_fini(&h.list);
	return c;
}

/* Behind the first bad place nothing is known. */
static bool behind_bad(const struct audit_result *r, const struct head *h)
{
	if (r->first_bad[0] == '\0')
		return false;
	return h->lane != r->bad_lane ? h->lane > r->bad_lane
				      : h->seq >= r->bad_seq;
}

/* The entry of that head is gone: where does its lane end? */
static enum err_class report_cut(struct store_tx *tx, const struct head *h,
    struct audit_result *out, struct err *e)
{
	int64_t last = 0;
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_AUDIT_LAST, STORE_VALUES(store_int(h->lane)), &r,
	    &found, e));
	if (found)
		last = store_get_int(r, 0);
	store_rows_close(r);
	report(out, h->lane, last + 1, "cut");
	return ERR_NONE;
}

static enum err_class look_up(struct store_tx *tx, const struct head *h,
    struct audit_result *out, struct err *e)
{
	struct store_rows *r;
	bool found;
	bool same;

	TRY(store_one(tx, STMT_AUDIT_HASH,
	    STORE_VALUES(store_int(h->lane), store_int(h->seq)), &r, &found,
	    e));
	same = found &&
	       bytes_eq(store_get_blob(r, 0), BYTES(h->hash.b, DIGEST_SIZE));
	store_rows_close(r);
	if (!found)
		return report_cut(tx, h, out, e);
	if (!same)
		report(out, h->lane, h->seq, "changed");
	return ERR_NONE;
}

enum err_class audit_verify_more(
    struct store_tx *tx, struct audit_more *m, struct text heads, struct err *e)
{
	struct heads h = {0};
	enum err_class c = parse_line(&h, heads, e);
	const struct head *head;

	for (; c == ERR_NONE && (head = next_head(&h)) != NULL; h.at++) {
		bool known = head->lane >= 0 && head->lane < STORE_LANES;

		/* A lane that rests is looked up once. */
		if (behind_bad(m->result, head) ||
		    (known && head->seq == m->last[head->lane].seq &&
			digest_eq(head->hash, m->last[head->lane].hash)))
			continue;
		c = look_up(tx, head, m->result, e);
		if (known) {
			m->last[head->lane].seq = head->seq;
			m->last[head->lane].hash = head->hash;
		}
	}
	buf_fini(&h.list);
	return c;
}
