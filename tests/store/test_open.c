/* Tests of store_open: whose file, which version, in which condition. */
#include "fixture.h"

#include "base/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME(z) store_z(z)

static void expect_open(const struct fixture *f, enum store_party party,
    enum store_open how, enum err_class want, const char *code)
{
	struct store *s = NULL;
	struct err e = {0};

	fixture_expect(store_open(f->url, party, how, &s, &e), want, &e, code);
	assert_null(s);
}

static void refuses_what_is_no_database_of_this_party(void **state)
{
	struct fixture *f = *state;
	struct store *s = NULL;
	struct err e = {0};

	fixture_expect(
	    store_open("mysql://h/d", STORE_WARD, STORE_EXISTING, &s, &e),
	    ERR_INPUT, &e, "store.url");
	fixture_expect(
	    store_open("sqlite:", STORE_WARD, STORE_EXISTING, &s, &e),
	    ERR_INPUT, &e, "store.url");
	expect_open(
	    f, STORE_WARD, STORE_EXISTING, ERR_BUSY, "store.unreachable");
	fixture_sql(f->path, "CREATE TABLE strange (x)");
	expect_open(f, STORE_WARD, STORE_EXISTING, ERR_INPUT, "store.not_ours");
	expect_open(f, STORE_WARD, STORE_MIGRATE, ERR_INPUT, "store.not_ours");
	expect_open(f, STORE_WARD, STORE_CREATE, ERR_INPUT, "store.exists");
}

static void refuses_another_party_and_a_second_creation(void **state)
{
	struct fixture *f = *state;

	store_close(fixture_open(f, STORE_BANK, STORE_CREATE));
	expect_open(f, STORE_BANK, STORE_CREATE, ERR_INPUT, "store.exists");
	expect_open(f, STORE_WARD, STORE_EXISTING, ERR_INPUT, "store.party");
	store_close(fixture_open(f, STORE_BANK, STORE_EXISTING));
}

static void refuses_a_newer_schema(void **state)
{
	struct fixture *f = *state;

	store_close(fixture_open(f, STORE_HUB, STORE_CREATE));
	fixture_sql(f->path, "PRAGMA user_version = 999");
	expect_open(
	    f, STORE_HUB, STORE_EXISTING, ERR_INPUT, "store.schema_new");
	expect_open(f, STORE_HUB, STORE_MIGRATE, ERR_INPUT, "store.schema_new");
}

static void apply_file(const struct fixture *f, const char *name)
{
	char path[512];
	struct buf sql = {0};
	struct err e = {0};

	(void)snprintf(path, sizeof(path), "%s/%s", SCHEMA_FOLDER, name);
	assert_int_equal(file_read(path, 1 << 20, &sql, &e), ERR_NONE);
	buf_byte(&sql, '\0');
	fixture_sql(f->path, (const char *)sql.p);
	buf_fini(&sql);
}

/* A ward's file as the program of schema 1 wrote it. */
static void make_version_1(const struct fixture *f)
{
	fixture_sql(f->path, "PRAGMA journal_mode = wal");
	apply_file(f, "001-common.sql");
	apply_file(f, "001-asked.sql");
	apply_file(f, "001-ward.sql");
	fixture_sql(f->path,
	    "PRAGMA application_id = 0x53484B00; PRAGMA user_version = 1;"
	    "INSERT INTO fact VALUES ('code', '0131041')");
}

static enum err_class read_code(struct store_tx *tx, void *arg, struct err *e)
{
	struct store_rows *r;
	bool found;

	(void)arg;
	TRY(store_one(
	    tx, STMT_FACT_GET, STORE_VALUES(NAME("code")), &r, &found, e));
	assert_true(found && text_is(store_get_text(r, 0), "0131041"));
	store_rows_close(r);
	return ERR_NONE;
}

static void opens_the_previous_versions_file_when_told_to(void **state)
{
	struct fixture *f = *state;
	struct store *s;
	struct err e = {0};

	make_version_1(f);
	expect_open(
	    f, STORE_WARD, STORE_EXISTING, ERR_INPUT, "store.schema_old");
	assert_int_equal(fixture_ask(f->path, "PRAGMA user_version"), 1);
	s = fixture_open(f, STORE_WARD, STORE_MIGRATE);
	fixture_expect(store_read(s, read_code, NULL, &e), ERR_NONE, &e, NULL);
	store_close(s);
	assert_int_equal(fixture_ask(f->path, "PRAGMA user_version"),
	    store_schema_version());
	assert_int_equal(fixture_ask(f->path,
			     "SELECT count(*) FROM sqlite_schema WHERE name IN"
			     " ('inbox_held', 'check_waiting')"),
	    2);
	store_close(fixture_open(f, STORE_WARD, STORE_EXISTING));
}

/* Migrated and made anew, a database has the same schema. */
static void a_migrated_schema_is_the_new_one(void **state)
{
	static const char digest[] =
	    "SELECT sum(length(sql)) * 1000 + count(*) FROM sqlite_schema";
	struct fixture *f = *state;
	long long migrated;

	make_version_1(f);
	store_close(fixture_open(f, STORE_WARD, STORE_MIGRATE));
	migrated = fixture_ask(f->path, digest);
	assert_int_equal(unlink(f->path), 0);
	store_close(fixture_open(f, STORE_WARD, STORE_CREATE));
	assert_int_equal(fixture_ask(f->path, digest), migrated);
}

/* A row of each party as the program of schema 1 wrote it, and what of it a
 * query must find in the newest. */
static const struct {
	enum store_party party;
	const char *parts[3];
	const char *row;
	const char *found;
	long long want;
} old[] = {
    {STORE_WARD, {"common", "asked", "ward"},
	"INSERT INTO outcome VALUES ('131041', '2T41', 3, 'f', 1, 1, x'00'),"
	" ('131041', '2T42', 3, 'f', 0, 1, x'00')",
	/* 003-ward.sql has counted them. */
	"SELECT (SELECT count(*) FROM outcome) * 1000 + n * 100 + late * 10"
	" + open FROM file_tally WHERE authority = '131041' AND file = 'f'"
	" AND class = 3",
	2212},
    {STORE_UNIT, {"common", "asked", "unit"},
	"INSERT INTO outcome VALUES ('131041', '2T41', 3, 'f', 1, 1, x'00')",
	"SELECT class FROM outcome WHERE inquiry = '2T41'", 3},
    {STORE_HUB, {"common", "hub", NULL},
	"INSERT INTO hub_file (authority, file, wave, institution, records,"
	" received_us) VALUES ('131041', 'f', 1, '9601', 7, 8)",
	"SELECT records FROM hub_file WHERE file = 'f'", 7},
    {STORE_BANK, {"common", "bank", NULL},
	"INSERT INTO lookup VALUES ('131041', '2T41', 'f', 5, '0012345')",
	"SELECT class FROM lookup WHERE customer = '0012345'", 5},
};

static void make_version(const struct fixture *f, size_t of, int version)
{
	char sql[96];

	fixture_sql(f->path, "PRAGMA journal_mode = wal");
	for (int v = 1; v <= version; v++) {
		for (int i = 0; i < 3 && old[of].parts[i] != NULL; i++) {
			char name[64];
			char path[512];

			(void)snprintf(name, sizeof(name), "%03d-%s.sql", v,
			    old[of].parts[i]);
			(void)snprintf(
			    path, sizeof(path), "%s/%s", SCHEMA_FOLDER, name);
			if (access(path, R_OK) == 0)
				apply_file(f, name);
		}
		if (v == 1)
			fixture_sql(f->path, old[of].row);
	}
	(void)snprintf(sql, sizeof(sql),
	    "PRAGMA application_id = 0x53484B%02X; PRAGMA user_version = %d",
	    (unsigned)old[of].party, version);
	fixture_sql(f->path, sql);
}

static void opens_every_previous_version_of_every_party(void **state)
{
	static const char digest[] =
	    "SELECT sum(length(sql)) * 1000 + count(*) FROM sqlite_schema";
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(old) / sizeof(*old); i++) {
		long long anew;

		store_close(fixture_open(f, old[i].party, STORE_CREATE));
		anew = fixture_ask(f->path, digest);
		assert_int_equal(unlink(f->path), 0);
		for (int v = 1; v < store_schema_version(); v++) {
			make_version(f, i, v);
			expect_open(f, old[i].party, STORE_EXISTING, ERR_INPUT,
			    "store.schema_old");
			store_close(
			    fixture_open(f, old[i].party, STORE_MIGRATE));
			assert_int_equal(
			    fixture_ask(f->path, old[i].found), old[i].want);
			assert_int_equal(fixture_ask(f->path, digest), anew);
			assert_int_equal(unlink(f->path), 0);
		}
	}
}

static void a_failing_migration_leaves_the_old_version(void **state)
{
	struct fixture *f = *state;

	make_version_1(f);
	/* In the way of 002-ward.sql, after 002-common.sql has been run. */
	fixture_sql(f->path, "CREATE TABLE check_waiting (x)");
	expect_open(f, STORE_WARD, STORE_MIGRATE, ERR_FAULT, "store.fault");
	assert_int_equal(fixture_ask(f->path, "PRAGMA user_version"), 1);
	assert_int_equal(
	    fixture_ask(f->path, "SELECT count(*) FROM sqlite_schema"
				 " WHERE name = 'inbox_held'"),
	    0);
}

static void an_empty_file_left_over_can_be_made_a_database(void **state)
{
	struct fixture *f = *state;
	int fd = open(f->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
	store_close(fixture_open(f, STORE_UNIT, STORE_CREATE));
	store_close(fixture_open(f, STORE_UNIT, STORE_EXISTING));
}

static void only_the_owner_reads_the_file(void **state)
{
	struct fixture *f = *state;
	struct store *s = fixture_open(f, STORE_WARD, STORE_CREATE);
	char wal[128];
	struct stat st;

	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	(void)snprintf(wal, sizeof(wal), "%s-wal", f->path);
	assert_int_equal(stat(wal, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	store_close(s);
}

static void settings_are_read_back(void **state)
{
	struct store *s = fixture_open(*state, STORE_WARD, STORE_CREATE);
	char schema[32];
	struct buf out = {0};
	struct err e = {0};

	fixture_expect(store_settings(s, &out, &e), ERR_NONE, &e, NULL);
	buf_byte(&out, '\0');
	assert_non_null(strstr((char *)out.p, "journal_mode=wal\n"));
	assert_non_null(strstr((char *)out.p, "synchronous=2\n"));
	assert_non_null(strstr((char *)out.p, "foreign_keys=1\n"));
	/* D1: what is deleted is overwritten. */
	assert_non_null(strstr((char *)out.p, "secure_delete=1\n"));
	(void)snprintf(
	    schema, sizeof(schema), "schema=%d\n", store_schema_version());
	assert_non_null(strstr((char *)out.p, schema));
	buf_fini(&out);
	store_close(s);
}

/* In a process without root's rights, where files can be read only. */
static int open_as_nobody(const struct fixture *f)
{
	struct store *s = NULL;
	struct err e = {0};
	enum err_class c;

	if (geteuid() == 0 && setuid(65534) != 0)
		return 2;
	c = store_open(f->url, STORE_WARD, STORE_EXISTING, &s, &e);
	return c == ERR_BUSY && strcmp(e.code, "store.read_only") == 0 ? 0 : 1;
}

static void a_read_only_file_is_said_to_be_one(void **state)
{
	struct fixture *f = *state;
	int status;
	pid_t pid;

	store_close(fixture_open(f, STORE_WARD, STORE_CREATE));
	assert_int_equal(chmod(f->path, 0444), 0);
	assert_int_equal(chmod(f->folder, 0555), 0);
	pid = fork();
	if (pid == 0)
		_exit(open_as_nobody(f));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(chmod(f->folder, 0755), 0);
	assert_int_equal(status, 0);
}

static void overwrite(const char *path, long at, size_t n)
{
	unsigned char junk[4096];
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0 && n <= sizeof(junk));
	memset(junk, 0xA5, sizeof(junk));
	assert_int_equal(pwrite(fd, junk, n, at), (ssize_t)n);
	assert_int_equal(close(fd), 0);
}

static void a_damaged_header_is_found_at_once(void **state)
{
	struct fixture *f = *state;

	store_close(fixture_open(f, STORE_WARD, STORE_CREATE));
	overwrite(f->path, 0, 100);
	expect_open(f, STORE_WARD, STORE_EXISTING, ERR_FAULT, "store.damaged");
}

static void a_damaged_page_is_found_when_it_is_read(void **state)
{
	struct fixture *f = *state;
	struct store *s;
	struct err e = {0};
	long long page;

	store_close(fixture_open(f, STORE_WARD, STORE_CREATE));
	page = fixture_ask(
	    f->path, "SELECT rootpage FROM sqlite_schema WHERE name = 'fact'");
	overwrite(f->path, (long)(page - 1) * 4096, 4096);
	s = fixture_open(f, STORE_WARD, STORE_EXISTING);
	fixture_expect(
	    store_read(s, read_code, NULL, &e), ERR_FAULT, &e, "store.damaged");
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    fixture_test(refuses_what_is_no_database_of_this_party),
	    fixture_test(refuses_another_party_and_a_second_creation),
	    fixture_test(refuses_a_newer_schema),
	    fixture_test(a_damaged_header_is_found_at_once),
	    fixture_test(a_damaged_page_is_found_when_it_is_read),
	    fixture_test(a_read_only_file_is_said_to_be_one),
	    fixture_test(a_failing_migration_leaves_the_old_version),
	    fixture_test(opens_the_previous_versions_file_when_told_to),
	    fixture_test(a_migrated_schema_is_the_new_one),
	    fixture_test(opens_every_previous_version_of_every_party),
	    fixture_test(an_empty_file_left_over_can_be_made_a_database),
	    fixture_test(only_the_owner_reads_the_file),
	    fixture_test(settings_are_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
