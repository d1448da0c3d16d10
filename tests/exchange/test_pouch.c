/* Tests of exchange/pouch.h; what 7z makes and reads, as well. */
#include "exchange/pouch.h"

#include "base/file.h"
#include "tls_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define PASSWORD "correct horse 42"
#define MAX ((size_t)1 << 20)

struct place {
	char *folder;
	struct arena a;
	struct buf file;
	struct pouch got;
	struct err e;
};

static int setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	p->folder = fixture_folder();
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct place *p = *state;

	fixture_remove(p->folder);
	arena_fini(&p->a);
	buf_fini(&p->file);
	free(p);
	return 0;
}

static void run(struct place *p, const char *command)
{
	char *line = arena_printf(
	    &p->a, "cd %s && { %s; } >out.txt 2>&1", p->folder, command);

	assert_int_equal(system(line), 0);
}

static void load(struct place *p, const char *name)
{
	char *path = arena_printf(&p->a, "%s/%s", p->folder, name);

	buf_clear(&p->file);
	assert_int_equal(file_read(path, MAX, &p->file, &p->e), ERR_NONE);
}

static void save(struct place *p, const char *name)
{
	char *path = arena_printf(&p->a, "%s/%s", p->folder, name);

	assert_int_equal(
	    file_put(path, buf_bytes(&p->file), 0600, true, &p->e), ERR_NONE);
}

static void refused(struct place *p, enum err_class class, const char *code)
{
	assert_int_equal(pouch_read(buf_bytes(&p->file), PASSWORD, MAX, &p->a,
			     &p->got, &p->e),
	    class);
	assert_string_equal(p->e.code, code);
	assert_int_equal(p->got.count, 0);
}

static void write_two(struct place *p)
{
	struct pouch made = {0};

	pouch_add(&made, "manifest.json", text_bytes(TEXT("{}")));
	pouch_add(&made, "01.payload", text_bytes(TEXT("hello, hello, hello")));
	assert_int_equal(
	    pouch_write(&made, PASSWORD, &p->file, &p->e), ERR_NONE);
}

static void refuses_a_wrong_password(void **state)
{
	struct place *p = *state;

	write_two(p);
	assert_int_equal(pouch_read(buf_bytes(&p->file), "another one", MAX,
			     &p->a, &p->got, &p->e),
	    ERR_INPUT);
	assert_string_equal(p->e.code, "folder.password");
}

static void refuses_every_file_that_is_cut_off(void **state)
{
	struct place *p = *state;
	size_t whole;

	write_two(p);
	whole = p->file.n;
	for (size_t n = 0; n < whole; n++) {
		p->file.n = n;
		assert_int_not_equal(pouch_read(buf_bytes(&p->file), PASSWORD,
					 MAX, &p->a, &p->got, &p->e),
		    ERR_NONE);
	}
}

/* A changed byte is refused, or is one that says nothing (a date, say): the
 * contents are the same. */
static void no_changed_byte_changes_the_contents(void **state)
{
	struct place *p = *state;

	write_two(p);
	for (size_t i = 0; i < p->file.n; i++) {
		p->file.p[i] ^= 0x41;
		if (pouch_read(buf_bytes(&p->file), PASSWORD, MAX, &p->a,
			&p->got, &p->e) == ERR_NONE)
			for (size_t k = 0; k < p->got.count; k++) {
				struct text t = buf_text(&(struct buf){
				    (unsigned char *)(uintptr_t)p->got.entry[k]
					.bytes.p,
				    p->got.entry[k].bytes.n, 0});
				assert_true(text_is(t, "{}") ||
					    text_is(t, "hello, hello, hello"));
			}
		p->file.p[i] ^= 0x41;
	}
}

static void refuses_what_is_no_zip(void **state)
{
	struct place *p = *state;

	buf_z(&p->file, "this is not a ZIP file at all");
	refused(p, ERR_INPUT, "folder.damaged");
	buf_clear(&p->file);
	refused(p, ERR_INPUT, "folder.damaged");
}

/* 42 MB of zeros in 42 kB: refused by what the directory says of it. */
static void refuses_a_bomb(void **state)
{
	struct place *p = *state;

	run(p, "truncate -s 800K bomb && 7z a -tzip -mx9 -mem=AES256 "
	       "-p'" PASSWORD "' bomb.zip bomb");
	load(p, "bomb.zip");
	assert_true(p->file.n < 8000);
	refused(p, ERR_LIMIT, "folder.too_large");
	run(p, "rm bomb.zip && truncate -s 42M bomb && 7z a -tzip -mx9 "
	       "-mem=AES256 -p'" PASSWORD "' bomb.zip bomb");
	load(p, "bomb.zip");
	refused(p, ERR_LIMIT, "folder.too_large");
	assert_true(p->a.held < 2 * MAX);
}

/* The same bomb whose directory says that it is small. */
static void refuses_a_bomb_that_lies(void **state)
{
	static const unsigned char true_size[] = {0, 0, 0x0c, 0};
	static const unsigned char small[] = {0, 2, 0, 0};
	struct place *p = *state;
	unsigned char *at;
	int found = 0;

	run(p, "truncate -s 786432 bomb && 7z a -tzip -mx9 -mem=AES256 "
	       "-p'" PASSWORD "' bomb.zip bomb");
	load(p, "bomb.zip");
	while ((at = memmem(p->file.p, p->file.n, true_size, 4)) != NULL) {
		memcpy(at, small, 4);
		found++;
	}
	assert_true(found >= 2);
	refused(p, ERR_INPUT, "folder.damaged");
}

static void refuses_too_many_entries(void **state)
{
	struct place *p = *state;

	run(p, "touch $(seq -f e%g 129) && 7z a -tzip -mem=AES256 "
	       "-p'" PASSWORD "' many.zip e*");
	load(p, "many.zip");
	refused(p, ERR_LIMIT, "folder.too_large");
}

static void refuses_names_with_a_path(void **state)
{
	static const char *const names[] = {
	    "../x", "a/b", "/etc/x", "..", "a\\b", "", "A", ".x"};
	struct place *p = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct pouch made = {0};

		pouch_add(&made, "a", text_bytes(TEXT("1")));
		pouch_add(&made, names[i], text_bytes(TEXT("2")));
		buf_clear(&p->file);
		assert_int_equal(
		    pouch_write(&made, PASSWORD, &p->file, &p->e), ERR_NONE);
		refused(p, ERR_INPUT, "folder.name");
	}
}

static void refuses_weaker_or_no_encryption(void **state)
{
	struct place *p = *state;

	run(p, "echo hello >a && 7z a -tzip plain.zip a && 7z a -tzip "
	       "-mem=ZipCrypto -p'" PASSWORD "' old.zip a && 7z a -tzip "
	       "-mem=AES128 -p'" PASSWORD "' weak.zip a");
	load(p, "plain.zip");
	refused(p, ERR_INPUT, "folder.not_encrypted");
	load(p, "old.zip");
	refused(p, ERR_INPUT, "folder.not_encrypted");
	load(p, "weak.zip");
	refused(p, ERR_INPUT, "folder.not_encrypted");
}

static void reads_what_7z_writes(void **state)
{
	struct place *p = *state;

	run(p,
	    "echo hello >a && 7z a -tzip -mem=AES256 -p'" PASSWORD "' a.zip a");
	load(p, "a.zip");
	assert_int_equal(pouch_read(buf_bytes(&p->file), PASSWORD, MAX, &p->a,
			     &p->got, &p->e),
	    ERR_NONE);
	assert_int_equal(p->got.count, 1);
	assert_true(
	    bytes_eq(pouch_entry(&p->got, "a"), text_bytes(TEXT("hello\n"))));
}

static void writes_what_7z_reads(void **state)
{
	struct place *p = *state;

	write_two(p);
	save(p, "two.zip");
	run(p, "7z t -p'" PASSWORD "' two.zip");
	run(p, "7z l -slt two.zip | grep -q 'AES-256'");
	run(p, "! 7z t -pwrong two.zip");
	run(p, "7z x -p'" PASSWORD "' two.zip && grep -q '^hello, hello, "
	       "hello$' 01.payload");
}

#define PLACED(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    PLACED(refuses_a_wrong_password),
	    PLACED(refuses_every_file_that_is_cut_off),
	    PLACED(no_changed_byte_changes_the_contents),
	    PLACED(refuses_what_is_no_zip),
	    PLACED(refuses_a_bomb),
	    PLACED(refuses_a_bomb_that_lies),
	    PLACED(refuses_too_many_entries),
	    PLACED(refuses_names_with_a_path),
	    PLACED(refuses_weaker_or_no_encryption),
	    PLACED(reads_what_7z_writes),
	    PLACED(writes_what_7z_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
