/* Tests of "who read 宛名番号 X, and when". */
#include "fixture.h"

#include "audit/audit.h"
#include "record/kanri.h"

#include <stdio.h>

static void zeros(void *ctx, void *p, size_t n)
{
	(void)ctx;
	memset(p, 0, n);
}

static const struct random_source random_zeros = {.fill = zeros};

struct entry {
	const char *actor;
	const char *kind;
	const char *object;
	int64_t at_us;
};

static enum err_class add(struct store_tx *tx, void *arg, struct err *e)
{
	const struct entry *x = arg;

	return audit_add(tx,
	    &(const struct audit_entry){.actor = x->actor,
		.action = "read",
		.kind = x->kind,
		.object = text_z(x->object),
		.authority = "131041",
		.purpose = "確認",
		.records = 1},
	    x->at_us, &random_zeros, e);
}

static void log_all(struct store *s, struct entry *list, size_t n)
{
	struct err e = {0};

	for (size_t i = 0; i < n; i++)
		fixture_expect(
		    store_run(s, add, &list[i], &e), ERR_NONE, &e, NULL);
}

struct asking {
	struct audit_who who;
	int pages;
	struct buf seen;
};

static enum err_class one(
    void *ctx, const struct audit_access *a, struct err *e)
{
	(void)e;
	assert_string_equal(a->action, "read");
	assert_string_equal(a->purpose, "確認");
	buf_printf(ctx, "%s/%s ", a->actor, a->kind);
	return ERR_NONE;
}

static enum err_class ask(struct store_tx *tx, void *arg, struct err *e)
{
	struct asking *a = arg;

	do {
		TRY(audit_who(tx, &a->who, one, &a->seen, e));
		a->pages++;
	} while (a->who.more);
	return ERR_NONE;
}

static int expect_pages(struct store *s, const char *authority,
    const char *atena, size_t max, const char *want)
{
	struct asking a = {.pages = 0};
	struct err e = {0};

	audit_who_begin(&a.who);
	a.who.authority = authority;
	a.who.atena = text_z(atena);
	a.who.max = max;
	fixture_expect(store_read(s, ask, &a, &e), ERR_NONE, &e, NULL);
	buf_byte(&a.seen, '\0');
	assert_string_equal((char *)a.seen.p, want);
	buf_fini(&a.seen);
	return a.pages;
}

/* Whole, and page by page: the same. */
static void expect_who(
    struct store *s, const char *authority, const char *atena, const char *want)
{
	assert_int_equal(expect_pages(s, authority, atena, 100, want), 1);
	(void)expect_pages(s, authority, atena, 2, want);
	(void)expect_pages(s, authority, atena, 1, want);
}

/* Subject 000000000001 is ordinal 1 of wave 1 and 2; 000000000002 is ordinal
 * 2 of wave 1, held back at 9601. */
static const char waves[] =
    "INSERT INTO wave_subject (authority, wave, ordinal, atena) VALUES"
    " ('131041', 1, 1, '000000000001'), ('131041', 1, 2, '000000000002'),"
    " ('131041', 2, 1, '000000000001');"
    "INSERT INTO wave_institution (authority, wave, institution, hub, link,"
    " reason) VALUES ('131041', 1, '9601', 'h', 'direct', 'r');"
    "INSERT INTO file (authority, file, wave, institution, hub, no, first,"
    " last, records, layout, state, message, sent_us) VALUES"
    " ('131041', '131041-001-9601-0001', 1, '9601', 'h', 1, 1, 5, 4, '', '',"
    " '', 0), ('131041', '131041-001-9601-0002', 1, '9601', 'h', 2, 6, 9, 4,"
    " '', '', '', 0);"
    "INSERT INTO exception (authority, wave, institution, ordinal, kind,"
    " reason) VALUES ('131041', 1, '9601', 2, 'held', 'r')";

static void the_ward_finds_what_holds_the_subject(void **state)
{
	struct fixture *f = *state;
	struct kanri k = {.authority = "131041",
	    .institution = "9601",
	    .wave = 1,
	    .ordinal = 1};
	char number[KANRI_TEXT];
	struct entry list[] = {
	    {"first", "wave", "001", 10},
	    {"carrier", "file", "131041-001-9601-0001", 20},
	    {"elsewhere", "file", "131041-001-9601-0002", 30},
	    {"neighbour", "subject", "000000000002", 40},
	    {"inquirer", "inquiry", number, 50},
	    {"planner", "wave", "002", 60},
	    {"stranger", "wave", "003", 70},
	    {"last", "subject", "000000000001", 90},
	};
	struct store *s;

	assert_true(kanri_format(&k, number));
	store_close(fixture_open(f, STORE_WARD, STORE_CREATE));
	fixture_sql(f->path, waves);
	s = fixture_open(f, STORE_WARD, STORE_EXISTING);
	log_all(s, list, sizeof(list) / sizeof(list[0]));
	expect_who(s, "131041", "000000000001",
	    "last/subject planner/wave inquirer/inquiry carrier/file "
	    "first/wave ");
	assert_int_equal(expect_pages(s, "131041", "000000000001", 2,
			     "last/subject planner/wave inquirer/inquiry "
			     "carrier/file first/wave "),
	    3);
	/* Held back: not in the file that covers its ordinal. */
	expect_who(
	    s, "131041", "000000000002", "neighbour/subject first/wave ");
	expect_who(s, "131041", "000000000009", "");
	expect_who(s, "131059", "000000000001", "");
	store_close(s);
}

static void other_parties_find_what_names_the_subject(void **state)
{
	struct entry list[] = {
	    {"a", "subject", "000000000001", 2},
	    {"b", "file", "131041-001-9601-0001", 1},
	};
	struct store *s = fixture_open(*state, STORE_BANK, STORE_CREATE);

	log_all(s, list, 2);
	expect_who(s, "", "000000000001", "a/subject ");
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    fixture_test(the_ward_finds_what_holds_the_subject),
	    fixture_test(other_parties_find_what_names_the_subject),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
