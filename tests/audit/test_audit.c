/* Tests of the linked log: what is written, and every kind of tampering. */
#include "fixture.h"

#include "audit/audit.h"
#include "audit/audit_knot.h"
#include "audit/audit_link.h"
#include "base/clock.h"

#include <stdio.h>

#define ENTRIES 20

/* Those that stand in a test's log, one beside the other. */
static const int lanes[] = {0, 3, 15};
#define LANES (sizeof(lanes) / sizeof(lanes[0]))

/* 0, 1, 2, …: every salt is another, and the same in each run. */
static void count_up(void *ctx, void *p, size_t n)
{
	unsigned char *next = ctx;
	unsigned char *out = p;

	for (size_t i = 0; i < n; i++)
		out[i] = (*next)++;
}

struct writing {
	struct random_source random;
	int lane;
	int from;
	int n;
};

/* What audit_add does in a lane that it would be given were the others taken:
 * SQLite gives lane 0 alone. */
static enum err_class write_entry(struct store_tx *tx, const struct writing *w,
    const struct audit_entry *entry, int64_t now_us, struct err *e)
{
	const struct text texts[AUDIT_LINK_TEXTS] = {text_z(entry->kind),
	    entry->object, text_z(entry->authority), text_z(entry->purpose)};
	struct audit_link l = {.lane = w->lane,
	    .at_us = now_us,
	    .records = entry->records,
	    .actor = text_z(entry->actor),
	    .action = text_z(entry->action)};
	struct digest hash = {{0}};
	struct store_value salt;
	struct store_rows *r;
	struct digest object;
	unsigned char bytes[AUDIT_SALT];
	bool found;

	w->random.fill(w->random.ctx, bytes, sizeof(bytes));
	salt = store_blob(BYTES(bytes, sizeof(bytes)));
	object = audit_link_object(BYTES(bytes, sizeof(bytes)), texts);
	l.object = BYTES(object.b, DIGEST_SIZE);
	TRY(store_one(tx, STMT_AUDIT_LAST, STORE_VALUES(store_int(l.lane)), &r,
	    &found, e));
	if (found) {
		l.seq = store_get_int(r, 0);
		memcpy(hash.b, store_get_blob(r, 1).p, DIGEST_SIZE);
	}
	store_rows_close(r);
	l.seq++;
	hash = audit_link_hash(hash, &l);
	TRY(STORE_DO(tx, STMT_AUDIT_ADD, e, store_int(l.lane), store_int(l.seq),
	    store_int(l.at_us), store_text(l.actor), store_text(l.action),
	    store_int(l.records), store_blob(l.object),
	    store_blob(BYTES(hash.b, DIGEST_SIZE))));
	return STORE_DO(tx, STMT_AUDIT_ADD_OBJECT, e, store_int(l.lane),
	    store_int(l.seq), store_text(texts[0]), store_text(texts[1]),
	    store_text(texts[2]), store_text(texts[3]), salt);
}

static enum err_class write_entries(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct writing *w = arg;

	for (int i = w->from; i < w->from + w->n; i++) {
		char object[32];
		struct audit_entry entry = {.actor = "suzuki",
		    .action = i % 2 ? "read" : "change",
		    .kind = "subject",
		    .authority = "131041",
		    .purpose = "照会の確認",
		    .records = i};

		(void)snprintf(object, sizeof(object), "%012d", i);
		entry.object = text_z(object);
		TRY(w->lane == 0
			? audit_add(tx, &entry, i * CLOCK_SECOND, &w->random, e)
			: write_entry(tx, w, &entry, i * CLOCK_SECOND, e));
	}
	return ERR_NONE;
}

static void add_entries_to(struct store *s, int lane, int from, int n)
{
	unsigned char next = (unsigned char)lane;
	struct writing w = {.random = {.fill = count_up, .ctx = &next},
	    .lane = lane,
	    .from = from,
	    .n = n};
	struct err e = {0};

	fixture_expect(store_run(s, write_entries, &w, &e), ERR_NONE, &e, NULL);
}

static void add_entries(struct store *s, int from, int n)
{
	add_entries_to(s, 0, from, n);
}

/* "@" is the lane. */
static const char *of_lane(const char *z, int lane, char *out, size_t room)
{
	size_t n = 0;

	for (; *z != '\0' && n + 4 < room; z++)
		if (*z == '@')
			n += (size_t)snprintf(out + n, room - n, "%d", lane);
		else
			out[n++] = *z;
	assert_true(*z == '\0');
	out[n] = '\0';
	return out;
}

struct verifying {
	const struct text *heads;
	size_t n;
	struct audit_result result;
};

static enum err_class verify(struct store_tx *tx, void *arg, struct err *e)
{
	struct verifying *v = arg;

	return audit_verify(tx, v->heads, v->n, NULL, &v->result, e);
}

/* The same, each line of heads looked at behind the walk. */
static enum err_class verify_more(struct store_tx *tx, void *arg, struct err *e)
{
	struct verifying *v = arg;
	struct audit_more more = {.result = &v->result};

	TRY(audit_verify(tx, NULL, 0, NULL, &v->result, e));
	for (size_t i = 0; i < v->n; i++)
		TRY(audit_verify_more(tx, &more, v->heads[i], e));
	return ERR_NONE;
}

static struct audit_result verified(const struct fixture *f, const char *heads)
{
	struct text line = text_z(heads ? heads : "");
	struct verifying v = {.heads = &line, .n = heads ? 1 : 0};
	struct verifying again = v;
	struct store *s = fixture_open(f, STORE_WARD, STORE_EXISTING);
	struct err e = {0};

	fixture_expect(store_read(s, verify, &v, &e), ERR_NONE, &e, NULL);
	fixture_expect(
	    store_read(s, verify_more, &again, &e), ERR_NONE, &e, NULL);
	assert_string_equal(again.result.first_bad, v.result.first_bad);
	store_close(s);
	return v.result;
}

static enum err_class heads(struct store_tx *tx, void *arg, struct err *e)
{
	return audit_heads(tx, "131041", 7, CLOCK_SECOND, arg, e);
}

/* A log of ENTRIES entries in each lane; its heads, NUL-terminated, if they are
 * asked. */
static void make_log(const struct fixture *f, struct buf *out)
{
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	struct err e = {0};

	for (size_t i = 0; i < LANES; i++)
		add_entries_to(s, lanes[i], 1, ENTRIES);
	if (out != NULL) {
		fixture_expect(
		    store_read(s, heads, out, &e), ERR_NONE, &e, NULL);
		buf_byte(out, '\0');
	}
	store_close(s);
}

static void refuses_heads_that_are_none(void **state)
{
	static const char *const lines[] = {"", "{}", "[1]", "{\"lanes\":1}",
	    "{\"lanes\":[{\"lane\":0,\"seq\":1}]}",
	    "{\"lanes\":[{\"lane\":0,\"seq\":1,\"hash\":\"12\"}]}"};
	struct store *s = fixture_open(*state, STORE_WARD, STORE_CREATE);
	struct err e = {0};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct text line = text_z(lines[i]);
		struct verifying v = {.heads = &line, .n = 1};

		fixture_expect(store_read(s, verify, &v, &e), ERR_INPUT, &e,
		    "audit.heads");
		fixture_expect(store_read(s, verify_more, &v, &e), ERR_INPUT,
		    &e, "audit.heads");
	}
	store_close(s);
}

static enum err_class add_long(struct store_tx *tx, void *arg, struct err *e)
{
	static const char z[AUDIT_TEXT_MAX + 1] = "";

	return audit_add(tx,
	    &(const struct audit_entry){.actor = "a",
		.action = "read",
		.kind = "subject",
		.object = text_trust(z, sizeof(z)),
		.authority = "",
		.purpose = ""},
	    0, arg, e);
}

static void refuses_a_text_without_bound(void **state)
{
	unsigned char next = 0;
	struct random_source random = {.fill = count_up, .ctx = &next};
	struct store *s = fixture_open(*state, STORE_WARD, STORE_CREATE);
	struct err e = {0};

	fixture_expect(store_run(s, add_long, &random, &e), ERR_FAULT, &e,
	    "audit.too_long");
	store_close(s);
}

/* Each on a log of its own; the place and the kind must be found. */
static const struct {
	const char *sql;
	const char *found;
} tampering[] = {
    {"UPDATE log SET actor = 'sato' WHERE lane = @ AND seq = 7",
	"@/7: changed"},
    {"UPDATE log SET action = 'delete' WHERE lane = @ AND seq = 1",
	"@/1: changed"},
    {"UPDATE log SET at_us = at_us + 1 WHERE lane = @ AND seq = 20",
	"@/20: changed"},
    {"UPDATE log SET records = 0 WHERE lane = @ AND seq = 8", "@/8: changed"},
    {"UPDATE log SET object = zeroblob(32) WHERE lane = @ AND seq = 9",
	"@/9: changed"},
    {"UPDATE log SET hash = zeroblob(32) WHERE lane = @ AND seq = 9",
	"@/9: changed"},
    {"UPDATE log SET hash = x'00' WHERE lane = @ AND seq = 9", "@/9: changed"},
    {"UPDATE log_object SET object = '1' WHERE lane = @ AND seq = 4",
	"@/4: changed"},
    {"UPDATE log_object SET purpose = '' WHERE lane = @ AND seq = 20",
	"@/20: changed"},
    {"UPDATE log_object SET salt = zeroblob(16) WHERE lane = @ AND seq = 5",
	"@/5: changed"},
    {"DELETE FROM log WHERE lane = @ AND seq = 10", "@/10: removed"},
    {"DELETE FROM log WHERE lane = @ AND seq = 1", "@/1: removed"},
    {"DELETE FROM log WHERE lane = @ AND seq BETWEEN 4 AND 9", "@/4: removed"},
    {"DELETE FROM log WHERE lane = @ AND seq = 10;"
     "UPDATE log SET seq = -(seq - 1) WHERE lane = @ AND seq > 10;"
     "UPDATE log SET seq = -seq WHERE lane = @ AND seq < 0",
	"@/10: removed"},
    {"DELETE FROM log WHERE lane = @ AND seq BETWEEN 3 AND 5;"
     "UPDATE log SET seq = -(seq - 3) WHERE lane = @ AND seq > 5;"
     "UPDATE log SET seq = -seq WHERE lane = @ AND seq < 0",
	"@/3: removed"},
    {"UPDATE log SET seq = -(seq + 1) WHERE lane = @ AND seq > 9;"
     "UPDATE log SET seq = -seq WHERE lane = @ AND seq < 0;"
     "INSERT INTO log SELECT lane, 10, at_us, actor, action, records, object,"
     " hash FROM log WHERE lane = @ AND seq = 3",
	"@/10: inserted"},
    {"UPDATE log SET seq = -(seq + 1) WHERE lane = @ AND seq > 19;"
     "UPDATE log SET seq = -seq WHERE lane = @ AND seq < 0;"
     "INSERT INTO log VALUES (@, 20, 0, 'x', 'y', 0, zeroblob(32),"
     " zeroblob(32))",
	"@/20: inserted"},
    {"INSERT INTO log VALUES (@, 0, 0, 'x', 'y', 0, zeroblob(32),"
     " zeroblob(32))",
	"@/0: inserted"},
    {"UPDATE log SET seq = -11 WHERE lane = @ AND seq = 12;"
     "UPDATE log SET seq = 12 WHERE lane = @ AND seq = 11;"
     "UPDATE log SET seq = 11 WHERE lane = @ AND seq = -11",
	"@/11: reordered"},
    {"UPDATE log SET seq = -19 WHERE lane = @ AND seq = 20;"
     "UPDATE log SET seq = 20 WHERE lane = @ AND seq = 19;"
     "UPDATE log SET seq = 19 WHERE lane = @ AND seq = -19",
	"@/19: reordered"},
    {"UPDATE log SET seq = -3 WHERE lane = @ AND seq = 17;"
     "UPDATE log SET seq = 17 WHERE lane = @ AND seq = 3;"
     "UPDATE log SET seq = 3 WHERE lane = @ AND seq = -3",
	"@/3: reordered"},
    {"UPDATE log SET seq = -3 WHERE lane = @ AND seq = 20;"
     "UPDATE log SET seq = 20 WHERE lane = @ AND seq = 3;"
     "UPDATE log SET seq = 3 WHERE lane = @ AND seq = -3",
	"@/3: reordered"},
    {"UPDATE log SET seq = 21 WHERE lane = @ AND seq = 6", "@/6: reordered"},
    {"DELETE FROM log WHERE lane = @ AND seq > 15", "@/16: cut"},
    {"DELETE FROM log WHERE lane = @", "@/1: cut"},
};

static void tamper(const struct fixture *f, const char *sql, int lane)
{
	char text[512];

	fixture_sql(f->path, of_lane(sql, lane, text, sizeof(text)));
}

static void expect_found(
    const struct fixture *f, const char *heads, const char *found, int lane)
{
	char text[64];

	assert_string_equal(verified(f, heads).first_bad,
	    of_lane(found, lane, text, sizeof(text)));
}

static void every_tampering_is_found_at_its_place(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(tampering) / sizeof(tampering[0]); i++)
		for (size_t k = 0; k < LANES; k++) {
			make_log(f, NULL);
			tamper(f, tampering[i].sql, lanes[k]);
			expect_found(f, NULL, tampering[i].found, lanes[k]);
			assert_int_equal(remove(f->path), 0);
		}
}

static void a_log_cut_off_without_a_trace_is_found_by_heads(void **state)
{
	struct fixture *f = *state;

	for (size_t k = 0; k < LANES; k++) {
		struct buf h = {0};
		const char *z;

		make_log(f, &h);
		z = (const char *)h.p;
		assert_string_equal(verified(f, z).first_bad, "");
		tamper(f,
		    "DELETE FROM log WHERE lane = @ AND seq > 15;"
		    "DELETE FROM log_object WHERE lane = @ AND seq > 15",
		    lanes[k]);
		assert_string_equal(verified(f, NULL).first_bad, "");
		expect_found(f, z, "@/16: cut", lanes[k]);
		tamper(f,
		    "DELETE FROM log WHERE lane = @;"
		    "DELETE FROM log_object WHERE lane = @",
		    lanes[k]);
		assert_string_equal(verified(f, NULL).first_bad, "");
		expect_found(f, z, "@/1: cut", lanes[k]);
		buf_fini(&h);
		assert_int_equal(remove(f->path), 0);
	}
}

static void a_log_computed_anew_is_found_by_heads(void **state)
{
	struct fixture *f = *state;

	for (size_t k = 0; k < LANES; k++) {
		struct buf h = {0};
		struct store *s;

		make_log(f, &h);
		/* Entry 15 is left out, the rest written again with sound
		 * hashes. */
		tamper(f,
		    "DELETE FROM log WHERE lane = @ AND seq > 14;"
		    "DELETE FROM log_object WHERE lane = @ AND seq > 14",
		    lanes[k]);
		s = fixture_open(f, STORE_WARD, STORE_EXISTING);
		add_entries_to(s, lanes[k], 16, ENTRIES);
		store_close(s);
		assert_string_equal(verified(f, NULL).first_bad, "");
		expect_found(f, (const char *)h.p, "@/20: changed", lanes[k]);
		buf_fini(&h);
		assert_int_equal(remove(f->path), 0);
	}
}

static void a_second_lane_is_checked_by_itself(void **state)
{
	struct fixture *f = *state;

	make_log(f, NULL);
	fixture_sql(f->path,
	    "INSERT INTO log SELECT 4, seq, at_us, actor, action, records,"
	    " object, hash FROM log WHERE lane = 0 AND seq = 1");
	assert_string_equal(verified(f, NULL).first_bad, "4/1: changed");
	assert_string_equal(
	    verified(f,
		"{\"lanes\":[{\"lane\":2,\"seq\":4,\"hash\":\"0000000000000000"
		"000000000000000000000000000000000000000000000000\"}]}")
		.first_bad,
	    "2/1: cut");
}

static void a_sound_log_is_well_also_after_deletion_by_rule(void **state)
{
	struct fixture *f = *state;
	struct audit_result r;
	struct buf h = {0};

	make_log(f, &h);
	r = verified(f, (char *)h.p);
	assert_string_equal(r.first_bad, "");
	assert_int_equal(r.entries, LANES * ENTRIES);
	assert_non_null(strstr((char *)h.p, r.head));
	/* D1: the deletable part goes, the chain stays. */
	fixture_sql(f->path, "DELETE FROM log_object WHERE seq < 12");
	r = verified(f, (char *)h.p);
	assert_string_equal(r.first_bad, "");
	assert_int_equal(r.entries, LANES * ENTRIES);
	buf_fini(&h);
}

static void an_empty_log_is_well(void **state)
{
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	struct buf h = {0};
	struct err e = {0};
	struct audit_result r;

	fixture_expect(store_read(s, heads, &h, &e), ERR_NONE, &e, NULL);
	assert_true(text_is(buf_text(&h),
	    "{\"code\":\"131041\",\"no\":7,"
	    "\"at\":\"1970-01-01T09:00:01.000000+09:00\",\"lanes\":[]}"));
	buf_byte(&h, '\0');
	store_close(s);
	r = verified(f, (char *)h.p);
	assert_string_equal(r.first_bad, "");
	assert_string_equal(r.head, "");
	assert_int_equal(r.entries, 0);
	buf_fini(&h);
}

/* Computed by another program (Python's hashlib) from the two lines in
 * audit.h alone. */
static void a_hash_is_what_the_header_says(void **state)
{
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);

	add_entries(s, 1, 1);
	store_close(s);
	assert_string_equal(verified(f, NULL).head,
	    "749bb733627efa1b5d9d88a74c30385ab2c71d9d343f60266d1a902589f248a9");
}

struct knotting {
	struct random_source random;
	bool due;
	bool flag;
	int64_t no;
	struct buf newest;
};

static enum err_class knots(struct store_tx *tx, void *arg, struct err *e)
{
	struct knotting *k = arg;
	const int64_t minute = 60 * CLOCK_SECOND;
	bool found;

	TRY(audit_knot_due(tx, "131041", minute, minute, &k->due, &k->no, e));
	assert_true(k->due && k->no == 1);
	TRY(audit_knot_put(
	    tx, "131041", 1, minute, BYTES("one", 3), &k->flag, e));
	assert_true(k->flag);
	TRY(audit_knot_put(
	    tx, "131041", 1, minute, BYTES("ONE", 3), &k->flag, e));
	assert_false(k->flag);
	/* Nothing has been entered since. */
	TRY(audit_knot_due(
	    tx, "131041", 9 * minute, minute, &k->due, &k->no, e));
	assert_true(!k->due && k->no == 2);
	TRY(audit_knot_newest(tx, "131041", &found, &k->no, &k->newest, e));
	assert_true(found && k->no == 1);
	assert_true(text_is(buf_text(&k->newest), "one"));
	TRY(audit_knot_newest(tx, "9601", &found, &k->no, &k->newest, e));
	assert_false(found);
	return ERR_NONE;
}

static void a_knot_is_due_after_new_entries_and_put_once(void **state)
{
	struct store *s = fixture_open(*state, STORE_WARD, STORE_CREATE);
	struct knotting k = {.due = true};
	struct err e = {0};

	add_entries(s, 1, 3);
	fixture_expect(store_run(s, knots, &k, &e), ERR_NONE, &e, NULL);
	buf_fini(&k.newest);
	store_close(s);
}

/* Beside others an entry may be committed after a knot and be of a time
 * before it: a lane's newest entry makes a knot due, whichever lane it is. */
static enum err_class knots_of_lanes(
    struct store_tx *tx, void *arg, struct err *e)
{
	const int64_t minute = 60 * CLOCK_SECOND;
	struct knotting *k = arg;

	TRY(audit_knot_put(
	    tx, "131041", 1, minute, BYTES("one", 3), &k->flag, e));
	TRY(audit_knot_due(
	    tx, "131041", 3 * minute, minute, &k->due, &k->no, e));
	assert_true(k->due && k->no == 2);
	TRY(audit_knot_put(
	    tx, "131041", 2, 60 * minute, BYTES("two", 3), &k->flag, e));
	return audit_knot_due(
	    tx, "131041", 90 * minute, minute, &k->due, &k->no, e);
}

static void an_entry_of_any_lane_makes_a_knot_due(void **state)
{
	struct store *s = fixture_open(*state, STORE_WARD, STORE_CREATE);
	struct knotting k = {0};
	struct err e = {0};

	add_entries_to(s, 0, 1, 3);
	add_entries_to(s, 7, 1, 59);
	fixture_expect(
	    store_run(s, knots_of_lanes, &k, &e), ERR_NONE, &e, NULL);
	assert_false(k.due); /* and ends to */
	store_close(s);
}

static enum err_class keep_knots(struct store_tx *tx, void *arg, struct err *e)
{
	bool *differs = arg;

	TRY(audit_knot_keep(
	    tx, "9601", 4, 1, BYTES("four", 4), &differs[0], e));
	TRY(audit_knot_keep(
	    tx, "9601", 4, 1, BYTES("four", 4), &differs[1], e));
	return audit_knot_keep(
	    tx, "9601", 4, 1, BYTES("FOUR", 4), &differs[2], e);
}

static enum err_class one_knot(
    void *ctx, const struct audit_knot *knot, struct err *e)
{
	int *count = ctx;

	(void)e;
	assert_true(text_is(knot->signer, "9601"));
	assert_true(bytes_eq(knot->signed_heads, BYTES("four", 4)));
	(*count)++;
	return ERR_NONE;
}

static enum err_class count_knots(struct store_tx *tx, void *arg, struct err *e)
{
	return audit_knot_all(tx, one_knot, arg, e);
}

static void a_peers_second_history_is_told(void **state)
{
	struct store *s = fixture_open(*state, STORE_HUB, STORE_CREATE);
	bool differs[3] = {true, true, false};
	struct err e = {0};
	int count = 0;

	fixture_expect(
	    store_run(s, keep_knots, differs, &e), ERR_NONE, &e, NULL);
	assert_false(differs[0]);
	assert_false(differs[1]);
	assert_true(differs[2]);
	fixture_expect(
	    store_read(s, count_knots, &count, &e), ERR_NONE, &e, NULL);
	assert_int_equal(count, 1);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    fixture_test(refuses_heads_that_are_none),
	    fixture_test(refuses_a_text_without_bound),
	    fixture_test(every_tampering_is_found_at_its_place),
	    fixture_test(a_log_cut_off_without_a_trace_is_found_by_heads),
	    fixture_test(a_log_computed_anew_is_found_by_heads),
	    fixture_test(a_second_lane_is_checked_by_itself),
	    fixture_test(a_sound_log_is_well_also_after_deletion_by_rule),
	    fixture_test(an_empty_log_is_well),
	    fixture_test(a_hash_is_what_the_header_says),
	    fixture_test(a_knot_is_due_after_new_entries_and_put_once),
	    fixture_test(an_entry_of_any_lane_makes_a_knot_due),
	    fixture_test(a_peers_second_history_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
