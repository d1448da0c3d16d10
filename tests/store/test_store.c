/* Tests of store/store.h: statements, types, transactions. */
#include "fixture.h"

#include <stdio.h>

#define NAME(z) store_z(z)

static enum err_class add_as_integer(
    struct store_tx *tx, void *arg, struct err *e)
{
	(void)arg;
	return STORE_DO(tx, STMT_FACT_ADD, e, NAME("a"), store_int(12345));
}

static enum err_class add_null(struct store_tx *tx, void *arg, struct err *e)
{
	(void)arg;
	return STORE_DO(tx, STMT_FACT_ADD, e, NAME("a"), store_null());
}

static enum err_class add_too_few(struct store_tx *tx, void *arg, struct err *e)
{
	(void)arg;
	return STORE_DO(tx, STMT_FACT_ADD, e, NAME("a"));
}

static enum err_class add_wrong_list(
    struct store_tx *tx, void *arg, struct err *e)
{
	(void)arg;
	return STORE_DO(tx, STMT_FACT_WRONG, e, NAME("a"), NAME("b"));
}

static enum err_class query_as_change(
    struct store_tx *tx, void *arg, struct err *e)
{
	(void)arg;
	TRY(STORE_DO(tx, STMT_FACT_ADD, e, NAME("a"), NAME("b")));
	return STORE_DO(tx, STMT_FACT_GET, e, NAME("a"));
}

static enum err_class open_twice(struct store_tx *tx, void *arg, struct err *e)
{
	struct store_rows *r;

	(void)arg;
	TRY(store_query(tx, STMT_FACT_COUNT, NULL, 0, &r, e));
	return store_query(tx, STMT_FACT_COUNT, NULL, 0, &r, e);
}

static enum err_class run_within(struct store_tx *tx, void *arg, struct err *e)
{
	(void)tx;
	return store_run(arg, add_null, NULL, e);
}

static enum err_class table_of_another(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct store_rows *r;

	(void)arg;
	return store_query(tx, STMT_HUB_ONLY, NULL, 0, &r, e);
}

static enum err_class count(struct store_tx *tx, void *arg, struct err *e)
{
	int64_t *out = arg;
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_FACT_COUNT, NULL, 0, &r, &found, e));
	*out = store_get_int(r, 0);
	store_rows_close(r);
	return ERR_NONE;
}

static int64_t facts(struct store *s)
{
	struct err e = {0};
	int64_t n = -1;

	fixture_expect(store_read(s, count, &n, &e), ERR_NONE, &e, NULL);
	return n;
}

static void refuses_what_the_list_does_not_say(void **state)
{
	static store_fn *const wrong[] = {add_as_integer, add_null, add_too_few,
	    add_wrong_list, query_as_change, open_twice};
	struct store *s = fixture_open(*state, STORE_WARD, STORE_CREATE);
	struct err e = {0};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		fixture_expect(store_run(s, wrong[i], NULL, &e), ERR_FAULT, &e,
		    "store.misuse");
	fixture_expect(
	    store_run(s, run_within, s, &e), ERR_FAULT, &e, "store.misuse");
	fixture_expect(store_run(s, table_of_another, NULL, &e), ERR_FAULT, &e,
	    "store.fault");
	assert_int_equal(facts(s), 0);
	store_close(s);
}

static enum err_class add_one(struct store_tx *tx, void *arg, struct err *e)
{
	return STORE_DO(tx, STMT_FACT_ADD, e, NAME(arg), NAME("v"));
}

static enum err_class add_returning(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct store_rows *r;
	bool found;

	(void)arg;
	TRY(store_one(tx, STMT_FACT_RETURN, STORE_VALUES(NAME("r"), NAME("v")),
	    &r, &found, e));
	store_rows_close(r);
	return ERR_NONE;
}

static void a_read_transaction_refuses_to_write(void **state)
{
	char name[] = "a";
	struct store *s = fixture_open(*state, STORE_WARD, STORE_CREATE);
	struct err e = {0};

	fixture_expect(
	    store_read(s, add_one, name, &e), ERR_FAULT, &e, "store.misuse");
	fixture_expect(store_read(s, add_returning, NULL, &e), ERR_FAULT, &e,
	    "store.misuse");
	assert_int_equal(facts(s), 0);
	fixture_expect(
	    store_run(s, add_returning, NULL, &e), ERR_NONE, &e, NULL);
	assert_int_equal(facts(s), 1);
	store_close(s);
}

static enum err_class queue_unknown(
    struct store_tx *tx, void *arg, struct err *e)
{
	(void)arg;
	return STORE_DO(tx, STMT_OUTBOX_ADD, e, NAME("no such message"));
}

static void a_broken_constraint_has_its_code(void **state)
{
	char name[] = "a";
	struct store *s = fixture_open(*state, STORE_WARD, STORE_CREATE);
	struct err e = {0};

	fixture_expect(store_run(s, add_one, name, &e), ERR_NONE, &e, NULL);
	fixture_expect(
	    store_run(s, add_one, name, &e), ERR_FAULT, &e, "store.constraint");
	fixture_expect(store_run(s, queue_unknown, NULL, &e), ERR_FAULT, &e,
	    "store.constraint");
	assert_int_equal(facts(s), 1);
	store_close(s);
}

static enum err_class repeat(struct store_tx *tx, void *arg, struct err *e)
{
	int64_t *changed = arg;
	struct store_value names[] = {
	    NAME("a"), NAME("b"), NAME("a"), NAME("b"), NAME("c")};
	struct store_value same = NAME("v");
	const struct store_column columns[] = {
	    {.v = names}, {.same = true, .v = &same}};

	TRY(store_each(tx, STMT_FACT_ADD_ONCE, columns, 2, 5, &changed[0], e));
	return store_do(tx, STMT_FACT_ADD_ONCE,
	    STORE_VALUES(NAME("a"), NAME("w")), &changed[1], e);
}

static void a_repeat_changes_nothing(void **state)
{
	struct store *s = fixture_open(*state, STORE_WARD, STORE_CREATE);
	int64_t changed[2] = {-1, -1};
	struct err e = {0};

	fixture_expect(store_run(s, repeat, changed, &e), ERR_NONE, &e, NULL);
	assert_int_equal(changed[0], 3);
	assert_int_equal(changed[1], 0);
	assert_int_equal(facts(s), 3);
	store_close(s);
}

static enum err_class write_values(
    struct store_tx *tx, void *arg, struct err *e)
{
	static const unsigned char header[] = {0, 1, 0, 255};

	(void)arg;
	TRY(STORE_DO(tx, STMT_FACT_ADD, e, NAME("code"), NAME("0012345")));
	TRY(STORE_DO(
	    tx, STMT_FACT_ADD, e, NAME("empty"), store_text(TEXT(""))));
	TRY(STORE_DO(tx, STMT_FACT_ADD, e, NAME("kanji"), NAME("𠮷﨑")));
	TRY(STORE_DO(tx, STMT_MESSAGE_ADD, e, NAME("m"), store_int(INT64_MIN),
	    store_blob(BYTES(header, sizeof(header))), store_null()));
	return STORE_DO(tx, STMT_MESSAGE_ADD, e, NAME("n"),
	    store_int(INT64_MAX), store_blob(BYTES(NULL, 0)),
	    store_blob(BYTES(header, 1)));
}

static enum err_class expect_fact(
    struct store_tx *tx, const char *name, const char *want, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(
	    tx, STMT_FACT_GET, STORE_VALUES(NAME(name)), &r, &found, e));
	assert_true(found);
	assert_true(text_is(store_get_text(r, 0), want));
	assert_true(text_is(store_get_text(r, 1), "text"));
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class read_values(struct store_tx *tx, void *arg, struct err *e)
{
	struct store_rows *r;
	bool found;

	(void)arg;
	TRY(expect_fact(tx, "code", "0012345", e));
	TRY(expect_fact(tx, "empty", "", e));
	TRY(expect_fact(tx, "kanji", "𠮷﨑", e));
	TRY(store_one(
	    tx, STMT_MESSAGE_GET, STORE_VALUES(NAME("m")), &r, &found, e));
	assert_true(store_get_int(r, 1) == INT64_MIN);
	assert_true(bytes_eq(store_get_blob(r, 2), BYTES("\0\1\0\377", 4)));
	assert_true(store_get_null(r, 3));
	store_rows_close(r);
	TRY(store_one(
	    tx, STMT_MESSAGE_GET, STORE_VALUES(NAME("n")), &r, &found, e));
	assert_true(store_get_int(r, 1) == INT64_MAX);
	assert_false(store_get_null(r, 2));
	assert_int_equal(store_get_blob(r, 2).n, 0);
	assert_int_equal(store_get_blob(r, 3).n, 1);
	store_rows_close(r);
	TRY(store_one(
	    tx, STMT_MESSAGE_GET, STORE_VALUES(NAME("none")), &r, &found, e));
	assert_true(!found && r == NULL);
	return ERR_NONE;
}

static void values_come_back_as_they_were(void **state)
{
	struct store *s = fixture_open(*state, STORE_WARD, STORE_CREATE);
	struct err e = {0};

	fixture_expect(
	    store_run(s, write_values, NULL, &e), ERR_NONE, &e, NULL);
	fixture_expect(
	    store_read(s, read_values, NULL, &e), ERR_NONE, &e, NULL);
	store_close(s);
}

static enum err_class fail_in_savepoint(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct store_rows *r;
	bool more;

	(void)arg;
	TRY(STORE_DO(tx, STMT_FACT_ADD, e, NAME("lost"), NAME("v")));
	TRY(store_query(tx, STMT_FACT_LIKE, STORE_VALUES(NAME("v")), &r, e));
	TRY(store_next(r, &more, e)); /* left open: the store closes it */
	return err_set(e, ERR_INPUT, "test.refused", "", "");
}

static enum err_class around_savepoints(
    struct store_tx *tx, void *arg, struct err *e)
{
	char kept[] = "kept";

	(void)arg;
	TRY(STORE_DO(tx, STMT_FACT_ADD, e, NAME("before"), NAME("v")));
	assert_int_equal(
	    store_savepoint(tx, fail_in_savepoint, NULL, e), ERR_INPUT);
	assert_string_equal(e->code, "test.refused");
	TRY(store_savepoint(tx, add_one, kept, e));
	assert_int_equal(
	    store_savepoint(tx, fail_in_savepoint, NULL, e), ERR_INPUT);
	return STORE_DO(tx, STMT_FACT_ADD, e, NAME("after"), NAME("v"));
}

static void a_savepoint_rolls_back_alone(void **state)
{
	struct store *s = fixture_open(*state, STORE_WARD, STORE_CREATE);
	struct err e = {0};

	fixture_expect(
	    store_run(s, around_savepoints, NULL, &e), ERR_NONE, &e, NULL);
	assert_int_equal(facts(s), 3);
	fixture_expect(store_run(s, fail_in_savepoint, NULL, &e), ERR_INPUT, &e,
	    "test.refused");
	assert_int_equal(facts(s), 3);
	store_close(s);
}

static enum err_class ask_each(struct store_tx *tx, void *arg, struct err *e)
{
	char *seen = arg;
	struct store_value values[] = {NAME("v"), NAME("none"), NAME("w")};
	const struct store_column column = {.v = values};
	struct store_rows *r;
	bool more;
	enum err_class c;

	TRY(STORE_DO(tx, STMT_FACT_ADD, e, NAME("a"), NAME("v")));
	TRY(STORE_DO(tx, STMT_FACT_ADD, e, NAME("b"), NAME("w")));
	TRY(STORE_DO(tx, STMT_FACT_ADD, e, NAME("c"), NAME("v")));
	TRY(store_query_each(tx, STMT_FACT_LIKE, &column, 1, 3, &r, e));
	while ((c = store_next(r, &more, e)) == ERR_NONE && more)
		seen += sprintf(
		    seen, "%zu%.1s ", store_input(r), store_get_text(r, 0).p);
	store_rows_close(r);
	TRY(c);
	TRY(store_query_each(tx, STMT_FACT_LIKE, &column, 1, 0, &r, e));
	TRY(store_next(r, &more, e));
	assert_false(more);
	store_rows_close(r);
	return ERR_NONE;
}

static void a_query_of_many_answers_in_order(void **state)
{
	struct store *s = fixture_open(*state, STORE_WARD, STORE_CREATE);
	struct err e = {0};
	char seen[64] = "";

	fixture_expect(store_run(s, ask_each, seen, &e), ERR_NONE, &e, NULL);
	assert_string_equal(seen, "0a 0c 2b ");
	store_close(s);
}

struct two {
	struct store *other;
	int64_t before;
	int64_t after;
};

static enum err_class read_twice(struct store_tx *tx, void *arg, struct err *e)
{
	struct two *t = arg;
	char name[] = "b";

	TRY(count(tx, &t->before, e));
	TRY(store_run(t->other, add_one, name, e));
	return count(tx, &t->after, e);
}

static void a_reader_sees_one_snapshot_beside_a_writer(void **state)
{
	struct store *s = fixture_open(*state, STORE_WARD, STORE_CREATE);
	struct two t = {
	    .other = fixture_open(*state, STORE_WARD, STORE_EXISTING)};
	struct err e = {0};

	fixture_expect(store_read(s, read_twice, &t, &e), ERR_NONE, &e, NULL);
	assert_int_equal(t.before, t.after);
	assert_int_equal(facts(s), t.before + 1);
	store_close(t.other);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    fixture_test(refuses_what_the_list_does_not_say),
	    fixture_test(a_read_transaction_refuses_to_write),
	    fixture_test(a_broken_constraint_has_its_code),
	    fixture_test(a_repeat_changes_nothing),
	    fixture_test(values_come_back_as_they_were),
	    fixture_test(a_savepoint_rolls_back_alone),
	    fixture_test(a_query_of_many_answers_in_order),
	    fixture_test(a_reader_sees_one_snapshot_beside_a_writer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
