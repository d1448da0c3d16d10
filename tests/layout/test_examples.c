/* Every layout does what its worked examples say; a wrong example fails. */
#include "helper.h"

#include "base/file.h"
#include "layout/layout_example.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define EACH_WAY 5 /* examples of requests, and of answers */

static enum err_class run(struct layout *l, const char *yaml, struct err *e)
{
	return layout_example_run(l, BYTES(yaml, strlen(yaml)), "x.yaml", e);
}

static void refuses_examples_that_are_wrong(void **state)
{
	static const char *const wrong[] = {
	    "example: request\nfile_id: F\nrecords: []\nbytes: |\n  00\n",
	    "example: request\nfile_id: F\nrecords: []\nbytes: |\n  0\n",
	    "example: reply\nfile_id: F\nrecords: []\nbytes: |\n  00\n",
	    "example: request\nfile_id: F\nrecords: [1]\nbytes: |\n  00\n",
	    "example: request\nfile_id: F\nrecords: [{氏名: x}]\nbytes: ''\n",
	    "example: request\nfile_id: F\nrecord: []\nbytes: |\n  00\n",
	    "example: answer\nfile_id: F\nrecords: []\nbytes: |\n  00\n",
	};
	struct layout *l = helper_real(0);

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct err e = {0};

		assert_int_equal(run(l, wrong[i], &e), ERR_INPUT);
		assert_non_null(e.code);
	}
	layout_free(l);
}

/* Runs the examples of a folder; how many there are of requests and answers. */
static void run_folder(struct layout *l, const char *folder, size_t n[2])
{
	DIR *d = opendir(folder);
	struct dirent *entry;

	assert_non_null(d);
	while ((entry = readdir(d)) != NULL) {
		char path[1024];
		struct buf b = {0};
		struct err e = {0};

		if (strstr(entry->d_name, ".yaml") == NULL)
			continue;
		(void)snprintf(
		    path, sizeof(path), "%s/%s", folder, entry->d_name);
		assert_int_equal(file_read(path, 1 << 20, &b, &e), ERR_NONE);
		if (layout_example_run(l, buf_bytes(&b), path, &e) != ERR_NONE)
			fail_msg("%s: %s %s", path, e.en, e.detail);
		buf_byte(&b, '\0');
		n[0] += strstr((char *)b.p, "\nexample: request\n") != NULL;
		n[1] += strstr((char *)b.p, "\nexample: answer\n") != NULL;
		buf_fini(&b);
	}
	(void)closedir(d);
}

static void every_layout_does_as_its_examples_say(void **state)
{
	(void)state;
	for (int no = 0; no < HELPER_INSTITUTIONS; no++) {
		struct layout *l = helper_real(no);
		size_t n[2] = {0, 0};
		char folder[512];

		(void)snprintf(folder, sizeof(folder), "%s/%d/examples",
		    LAYOUTS, 9601 + no);
		run_folder(l, folder, n);
		if (n[0] < EACH_WAY || n[1] < EACH_WAY)
			fail_msg("%s: %zu requests, %zu answers", folder, n[0],
			    n[1]);
		layout_free(l);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_examples_that_are_wrong),
	    cmocka_unit_test(every_layout_does_as_its_examples_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
