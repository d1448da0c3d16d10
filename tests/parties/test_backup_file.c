/* test_backup_file.c — a backup comes out as it went in, or is refused:
 * whatever bit is another, wherever it is cut, whatever stands behind it. */
#include "parties/backup.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define BIG ((size_t)3 * 1024 * 1024 + 17)

static char folder[] = "/var/tmp/shokai-backup-XXXXXX";
static char path[64];
static const struct backup_secret key = {
    .secret = {(const unsigned char *)"0123456789abcdef0123456789abcdef", 32}};

static void fill(void *ctx, void *p, size_t n)
{
	unsigned char *next = ctx;

	for (size_t i = 0; i < n; i++)
		((unsigned char *)p)[i] = (*next)++;
}

static enum err_class entry(
    struct backup_out *o, const char *name, struct bytes b, struct err *e)
{
	TRY(backup_file_entry(o, name, e));
	TRY(backup_file_data(o, b, e));
	return backup_file_close(o, e);
}

static void write_one(const struct backup_secret *secret, struct bytes big)
{
	unsigned char seed = 7;
	struct random_source random = {.fill = fill, .ctx = &seed};
	struct backup_out *o;
	struct err e;

	assert_int_equal(
	    backup_file_begin(path, true, secret, &random, &o, &e), ERR_NONE);
	assert_int_equal(entry(o, "a", BYTES("hello", 5), &e), ERR_NONE);
	assert_int_equal(entry(o, "empty", BYTES("", 0), &e), ERR_NONE);
	assert_int_equal(entry(o, "b/c", big, &e), ERR_NONE);
	assert_int_equal(backup_file_end(o, &e), ERR_NONE);
}

/* All entries' names and bytes, one after another. */
static enum err_class read_one(
    const struct backup_secret *secret, struct buf *out, struct err *e)
{
	char name[BACKUP_NAME_MAX + 1];
	struct backup_in *i;
	enum err_class c = backup_file_open(path, secret, &i, e);

	buf_clear(out);
	while (c == ERR_NONE &&
	       (c = backup_file_next(i, name, e)) == ERR_NONE &&
	       *name != '\0') {
		struct bytes b = {0};

		buf_z(out, name);
		do {
			c = backup_file_read(i, &b, e);
			buf_add(out, b.p, c == ERR_NONE ? b.n : 0);
		} while (c == ERR_NONE && b.n > 0);
	}
	backup_file_shut(i);
	return c;
}

static struct buf noise(size_t n)
{
	struct buf b = {0};
	uint32_t x = 1;

	for (size_t i = 0; i < n; i++) {
		x = x * 1664525 + 1013904223;
		buf_byte(&b, (unsigned char)(x >> 24));
	}
	return b;
}

static void comes_out_as_it_went_in(void **state)
{
	struct buf big = noise(BIG);
	struct buf got = {0};
	struct err e;

	(void)state;
	write_one(&key, buf_bytes(&big));
	assert_int_equal(read_one(&key, &got, &e), ERR_NONE);
	assert_int_equal(got.n, 1 + 5 + 5 + 3 + BIG);
	assert_memory_equal(got.p, "ahelloemptyb/c", 14);
	assert_memory_equal(got.p + 14, big.p, BIG);
	buf_fini(&big);
	buf_fini(&got);
}

static void a_passphrase_opens_its_own_alone(void **state)
{
	struct backup_secret right = {BYTES("correct horse", 13), true};
	struct backup_secret wrong = {BYTES("correct hirse", 13), true};
	struct buf got = {0};
	struct err e;

	(void)state;
	write_one(&right, BYTES("x", 1));
	assert_int_equal(read_one(&right, &got, &e), ERR_NONE);
	assert_int_equal(read_one(&wrong, &got, &e), ERR_INPUT);
	assert_string_equal(e.code, "backup.key");
	assert_int_equal(read_one(&key, &got, &e), ERR_INPUT);
	assert_string_equal(e.code, "backup.key");
	buf_fini(&got);
}

/* Without a sync: there are some thousand. */
static void put(struct bytes b)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(b.p, 1, b.n, f), b.n);
	assert_int_equal(fclose(f), 0);
}

static void refused(struct buf *got)
{
	struct err e;

	assert_int_equal(read_one(&key, got, &e), ERR_INPUT);
	assert_true(strcmp(e.code, "backup.damaged") == 0 ||
		    strcmp(e.code, "backup.key") == 0);
}

static void nothing_but_the_whole_is_taken(void **state)
{
	struct buf whole = {0};
	struct buf got = {0};
	struct err e;

	(void)state;
	write_one(&key, BYTES("some bytes of an entry", 22));
	assert_int_equal(file_read(path, 65536, &whole, &e), ERR_NONE);
	for (size_t i = 0; i < whole.n * 8; i++) {
		whole.p[i / 8] ^= (unsigned char)(1u << i % 8);
		put(buf_bytes(&whole));
		refused(&got);
		whole.p[i / 8] ^= (unsigned char)(1u << i % 8);
	}
	for (size_t n = 0; n < whole.n; n++) {
		put(BYTES(whole.p, n));
		refused(&got);
	}
	buf_byte(&whole, 0);
	put(buf_bytes(&whole));
	refused(&got);
	buf_add(&whole, whole.p, whole.n);
	put(buf_bytes(&whole));
	refused(&got);
	buf_fini(&whole);
	buf_fini(&got);
}

/* A piece taken out, doubled or put before another. */
static void pieces_stay_in_their_places(void **state)
{
	struct buf big = noise(BIG);
	struct buf whole = {0};
	struct buf made = {0};
	struct buf got = {0};
	size_t at[8] = {64};
	size_t pieces = 0;
	struct err e;

	(void)state;
	write_one(&key, buf_bytes(&big));
	assert_int_equal(file_read(path, 2 * BIG, &whole, &e), ERR_NONE);
	for (size_t i = 64; i < whole.n; at[++pieces] = i)
		i += 4 + ((size_t)whole.p[i] << 24 |
			     (size_t)whole.p[i + 1] << 16 |
			     (size_t)whole.p[i + 2] << 8 | whole.p[i + 3]);
	assert_int_equal(pieces, 4);
	for (int order = 0; order < 4; order++) {
		static const int orders[4][5] = {{0, 2, 3, -1}, {0, 0, 1, 2, 3},
		    {1, 0, 2, 3, -1}, {0, 1, 2, -1}};

		buf_clear(&made);
		buf_add(&made, whole.p, 64);
		for (int k = 0; k < 5 && orders[order][k] >= 0; k++) {
			size_t p = (size_t)orders[order][k];

			buf_add(&made, whole.p + at[p], at[p + 1] - at[p]);
		}
		put(buf_bytes(&made));
		refused(&got);
	}
	put(buf_bytes(&whole));
	assert_int_equal(read_one(&key, &got, &e), ERR_NONE);
	buf_fini(&big);
	buf_fini(&whole);
	buf_fini(&made);
	buf_fini(&got);
}

static enum err_class never(void *ctx, const char *node, struct err *e)
{
	(void)ctx;
	(void)node;
	(void)e;
	fail_msg("ready");
	return ERR_FAULT;
}

/* Who has the key may still have made a backup of anything. */
static void what_is_no_node_leaves_nothing(void **state)
{
	static const char manifest[] = "{\"format\":1,\"code\":\"x\","
				       "\"party\":\"hub\",\"schema\":1,"
				       "\"database\":\"sqlite\",\"at\":\"\"}";
	static const char *const names[] = {"node/../up", "node//abs",
	    "node/a/../../up", "node/", "node/.", "node/a/", "other",
	    "manifest", "database"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char to[64];
		struct backup_restoring r = {
		    .to = to, .ready = never, .watch = &(struct watch){0}};
		unsigned char seed = 7;
		struct random_source random = {.fill = fill, .ctx = &seed};
		struct backup_told told;
		struct backup_out *o;
		struct backup_in *in;
		struct err e;

		(void)snprintf(to, sizeof(to), "%s/node", folder);
		assert_int_equal(
		    backup_file_begin(path, true, &key, &random, &o, &e), 0);
		/* The last: without its manifest, alone. */
		if (i + 1 < sizeof(names) / sizeof(*names))
			assert_int_equal(
			    entry(o, "manifest",
				BYTES(manifest, sizeof(manifest) - 1), &e),
			    ERR_NONE);
		assert_int_equal(
		    entry(o, names[i], BYTES("x", 1), &e), ERR_NONE);
		assert_int_equal(backup_file_end(o, &e), ERR_NONE);
		assert_int_equal(backup_file_open(path, &key, &in, &e), 0);
		assert_int_equal(backup_restore(in, &r, &told, &e), ERR_INPUT);
		assert_string_equal(e.code, "backup.damaged");
		backup_file_shut(in);
		assert_int_not_equal(access(to, F_OK), 0);
		(void)snprintf(to, sizeof(to), "%s/node.part", folder);
		assert_int_not_equal(access(to, F_OK), 0);
		(void)snprintf(to, sizeof(to), "%s/up", folder);
		assert_int_not_equal(access(to, F_OK), 0);
	}
}

static void a_key_has_its_bounds(void **state)
{
	static const struct {
		size_t n;
		bool passphrase;
		bool good;
	} of[] = {{31, false, false}, {32, false, true}, {4096, false, true},
	    {4097, false, false}, {11, true, false}, {12, true, true},
	    {1024, true, true}, {1025, true, false}};
	struct backup_secret s;
	struct arena a = {0};
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(of) / sizeof(*of); i++) {
		struct buf b = noise(of[i].n);

		for (size_t k = 0; k < b.n; k++)
			b.p[k] = (unsigned char)('a' + b.p[k] % 26);
		if (of[i].passphrase)
			buf_z(&b, "\r\nsecond line");
		put(buf_bytes(&b));
		if (of[i].good) {
			assert_int_equal(backup_file_secret(path,
					     of[i].passphrase, &a, &s, &e),
			    ERR_NONE);
			assert_int_equal(s.secret.n, of[i].n);
		} else {
			assert_int_equal(backup_file_secret(path,
					     of[i].passphrase, &a, &s, &e),
			    ERR_INPUT);
			assert_string_equal(e.code, "backup.key");
		}
		buf_fini(&b);
	}
	arena_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(comes_out_as_it_went_in),
	    cmocka_unit_test(a_passphrase_opens_its_own_alone),
	    cmocka_unit_test(nothing_but_the_whole_is_taken),
	    cmocka_unit_test(pieces_stay_in_their_places),
	    cmocka_unit_test(what_is_no_node_leaves_nothing),
	    cmocka_unit_test(a_key_has_its_bounds),
	};
	int failed;

	if (mkdtemp(folder) == NULL)
		return 1;
	(void)snprintf(path, sizeof(path), "%s/b", folder);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	(void)unlink(path);
	(void)rmdir(folder);
	return failed;
}
