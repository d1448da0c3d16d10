/*
 * Every option of the rule language (docs/layout.schema.json, and the text
 * rules' own table) is one that at least two institutions of layouts/ use: a
 * new option without two users fails here. tests/layout/schema.py holds the
 * schema to the loader.
 */
#include "base/file.h"
#include "layout/layout_yaml.h"
#include "text/rules.h"

#include <dirent.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define OPTIONS_MAX 512
#define USERS 2 /* of each option */
#define ROWS " header detail account transaction other trailer "

struct option {
	char name[96]; /* request.fan_out.of=旧氏, column.cut, long=drop */
	int users;
	int last; /* the institution that was counted last */
};

static struct option all[OPTIONS_MAX];
static size_t options;
static int institutions;

/* ---- what there is ---- */

static struct option *find(const char *name)
{
	for (size_t i = 0; i < options; i++)
		if (strcmp(all[i].name, name) == 0)
			return &all[i];
	return NULL;
}

static void add(const char *path, const char *key, const char *value)
{
	struct option *o;

	assert_true(options < OPTIONS_MAX);
	o = &all[options];
	(void)snprintf(o->name, sizeof(o->name), "%s%s%s%s%s", path,
	    *path ? "." : "", key, value ? "=" : "", value ? value : "");
	o->last = -1;
	if (find(o->name) == NULL)
		options++;
}

/* The words that a key may have; a false is the key left out. */
static void add_words(const char *path, const char *key, json_t *schema)
{
	json_t *words = json_object_get(schema, "enum");
	json_t *word;
	size_t i;

	if (words == NULL)
		words =
		    json_object_get(json_object_get(schema, "items"), "enum");
	json_array_foreach(words, i, word)
	{
		const char *z = json_string_value(word);

		if (z != NULL && strcmp(z, "false") != 0)
			add(path, key, z);
	}
}

static void add_object(const char *path, json_t *schema)
{
	const char *key;
	json_t *value;

	json_object_foreach(json_object_get(schema, "properties"), key, value)
	{
		char below[64];

		add(path, key, NULL);
		add_words(path, key, value);
		(void)snprintf(below, sizeof(below), "%s%s%s", path,
		    *path ? "." : "", key);
		/* How a map or a list by 属性 is written is no option. */
		if (strcmp(path, "column") != 0)
			add_object(below, value);
	}
}

static void add_rules(void)
{
	size_t n;
	const struct rules_entry *rule = rules_table(&n);

	for (size_t i = 0; i < n; i++) {
		char args[256];
		char *rest = args;
		char *arg;

		/* A date is no rule of a column but its key. */
		if (strcmp(rule[i].rule, "date") == 0)
			continue;
		(void)snprintf(args, sizeof(args), "%s", rule[i].args);
		if (args[0] == '\0')
			add("", rule[i].rule, NULL);
		while ((arg = strsep(&rest, "|")) != NULL && *arg != '\0')
			add("", rule[i].rule, arg);
	}
}

/* ---- who uses it ---- */

static void use(const char *name)
{
	struct option *o = find(name);

	if (o == NULL || o->last == institutions)
		return;
	o->last = institutions;
	o->users++;
}

static void use_value(const char *path, const struct layout_node *n)
{
	char name[320];

	(void)snprintf(name, sizeof(name), "%s=%.*s", path, (int)n->text.n,
	    n->text.n ? n->text.p : "");
	use(name);
}

static void use_rules(const struct layout_node *n)
{
	char list[1024];
	char *rest = list;
	char *rule;

	for (const struct layout_node *c = n->child; c != NULL; c = c->next)
		use_rules(c);
	(void)snprintf(list, sizeof(list), "%.*s", (int)n->text.n,
	    n->text.n ? n->text.p : "");
	while ((rule = strsep(&rest, ", \n")) != NULL) {
		char *arg = strchr(rule, ':');

		if (arg != NULL)
			*arg = '=';
		/* Any number is the same option. */
		if (strncmp(rule, "cut-", 4) == 0 && arg != NULL)
			(void)strcpy(arg, "=N");
		use(rule);
	}
}

static void use_node(const char *path, const struct layout_node *n);

static void use_child(const char *path, const struct layout_node *c)
{
	char name[192];
	char word[64];

	(void)snprintf(name, sizeof(name), "%s%s%.*s", path, *path ? "." : "",
	    (int)c->key.n, c->key.p);
	(void)snprintf(word, sizeof(word), " %.*s ", (int)c->key.n, c->key.p);
	use(name);
	if (text_is(c->key, "rules") || text_is(c->key, "read"))
		use_rules(c);
	else if (text_is(c->key, "columns"))
		for (c = c->child; c != NULL; c = c->next)
			use_node("column", c);
	else if (c->kind == NODE_SCALAR)
		use_value(name, c);
	else if (c->kind == NODE_LIST)
		for (c = c->child; c != NULL; c = c->next)
			use_value(name, c);
	else if (strcmp(path, "column") != 0)
		use_node(strstr(ROWS, word) != NULL ? "row" : name, c);
}

static void use_node(const char *path, const struct layout_node *n)
{
	for (const struct layout_node *c = n->child; c != NULL; c = c->next)
		use_child(path, c);
}

static void use_file(const char *code)
{
	struct arena a = {0};
	struct buf yaml = {0};
	struct layout_node *root;
	struct err e;
	char path[512];

	(void)snprintf(
	    path, sizeof(path), "%s/%s/2025-04-01.yaml", LAYOUTS, code);
	assert_int_equal(file_read(path, 1 << 20, &yaml, &e), ERR_NONE);
	assert_int_equal(
	    layout_yaml_parse(buf_bytes(&yaml), path, &a, &root, &e), ERR_NONE);
	use_node("", root);
	institutions++;
	buf_fini(&yaml);
	arena_fini(&a);
}

static int read_all(void **state)
{
	json_error_t why;
	json_t *schema = json_load_file(SCHEMA, 0, &why);
	json_t *parts = json_object_get(schema, "$defs");
	struct dirent **names;
	int n = scandir(LAYOUTS, &names, NULL, NULL);

	(void)state;
	assert_non_null(schema);
	add_object("", schema);
	add_object("row", json_object_get(parts, "row"));
	add_object("column", json_object_get(parts, "column"));
	add_rules();
	json_decref(schema);
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.')
			use_file(names[i]->d_name);
		free(names[i]);
	}
	free(names);
	return n < 0;
}

/* ---- the tests ---- */

static void finds_an_option_that_nobody_uses(void **state)
{
	(void)state;
	add("column", "perfumed", NULL);
	assert_int_equal(find("column.perfumed")->users, 0);
	options--;
}

static void knows_the_options_of_each_kind(void **state)
{
	static const char *const some[] = {"hub", "paper=true", "newline=none",
	    "accepts.years", "schedule.cutoff", "schedule.days=business",
	    "request.fan_out.of=旧住所3", "answer.per=account", "row.length",
	    "column.date=era6", "column.value=digest", "column.of=other",
	    "column.fail=blank", "kanji=0213:geta", "long=vowel", "cut-chars=N",
	    "nfc"};

	(void)state;
	for (size_t i = 0; i < sizeof(some) / sizeof(*some); i++)
		if (find(some[i]) == NULL)
			fail_msg("%s", some[i]);
	assert_true(options > 180);
}

static void each_option_is_used_by_two(void **state)
{
	size_t missing = 0;

	(void)state;
	assert_int_equal(institutions, 40);
	for (size_t i = 0; i < options; i++) {
		if (all[i].users >= USERS)
			continue;
		print_error("%s: used by %d\n", all[i].name, all[i].users);
		missing++;
	}
	assert_int_equal(missing, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_an_option_that_nobody_uses),
	    cmocka_unit_test(knows_the_options_of_each_kind),
	    cmocka_unit_test(each_option_is_used_by_two),
	};

	return cmocka_run_group_tests(tests, read_all, NULL);
}
