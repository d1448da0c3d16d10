/* layout_find.c — see layout_find.h. */
#include "layout/layout_find.h"

#include "text/utf8.h"

#include <stdio.h>

void layout_find_add(struct layout_find *f, long line, long column,
    const char *code, const char *ja, const char *en, const char *detail)
{
	struct err e;

	if (f->count++ >= LAYOUT_FINDINGS_MAX)
		return;
	err_set(&e, ERR_INPUT, code, ja, en);
	(void)err_at(&e, f->name, line, column, NULL);
	e.level = ERR_FILE;
	(void)err_detail(&e, "%s", detail ? detail : "");
	if (f->count == 1)
		f->first = e;
	if (f->note != NULL)
		f->note(f->ctx, &e);
}

void layout_find_syntax(struct layout_find *f, const struct layout_node *n,
    const char *ja, const char *en, const char *detail)
{
	layout_find_add(f, n->line, n->column, "layout.syntax", ja, en, detail);
}

void layout_find_pass(
    struct layout_find *f, const struct layout_node *n, struct err *e)
{
	layout_find_add(
	    f, n->line, n->column, e->code, e->ja, e->en, e->detail);
}

/* Is t one of words, separated by single blanks? Its index, or -1. */
static int word_index(struct text t, const char *words)
{
	int at = 0;

	if (t.n == 0)
		return -1;
	for (; *words != '\0'; at++) {
		size_t n = strcspn(words, " ");

		if (n == t.n && memcmp(words, t.p, n) == 0)
			return at;
		words += n + (words[n] == ' ');
	}
	return -1;
}

bool layout_find_keys(
    struct layout_find *f, const struct layout_node *n, const char *allowed)
{
	bool good = true;

	if (n->kind != NODE_MAP) {
		layout_find_syntax(f, n, "キーと値の組がここに要ります",
		    "keys and values are expected here", allowed);
		return false;
	}
	for (const struct layout_node *c = n->child; c; c = c->next) {
		char detail[256];

		if (word_index(c->key, allowed) >= 0)
			continue;
		(void)snprintf(detail, sizeof(detail), "%.*s; one of: %s",
		    (int)utf8_offset(c->key, 16), c->key.p, allowed);
		layout_find_syntax(
		    f, c, "知らないキーです", "an unknown key", detail);
		good = false;
	}
	return good;
}

bool layout_find_text(struct layout_find *f, const struct layout_node *n,
    size_t max, struct text *out)
{
	char detail[64];

	if (n->kind == NODE_SCALAR && !n->null && utf8_count(n->text) <= max) {
		*out = n->text;
		return true;
	}
	(void)snprintf(detail, sizeof(detail), "at most %zu characters", max);
	layout_find_syntax(
	    f, n, "文字列がここに要ります", "a text is expected here", detail);
	return false;
}

int layout_find_word(
    struct layout_find *f, const struct layout_node *n, const char *words)
{
	int at = n->kind == NODE_SCALAR ? word_index(n->text, words) : -1;

	if (at < 0)
		layout_find_syntax(f, n, "決められた語のどれかが要ります",
		    "one of a few words is expected", words);
	return at;
}

bool layout_find_flag(
    struct layout_find *f, const struct layout_node *n, bool dflt)
{
	if (n == NULL)
		return dflt;
	return layout_find_word(f, n, "false true") == 1;
}

size_t layout_find_number(struct layout_find *f, const struct layout_node *n,
    size_t min, size_t max, size_t dflt)
{
	char detail[64];
	int64_t v;

	if (n == NULL)
		return dflt;
	if (n->kind == NODE_SCALAR && text_to_int(n->text, (int64_t)max, &v) &&
	    (size_t)v >= min)
		return (size_t)v;
	(void)snprintf(detail, sizeof(detail), "%zu to %zu", min, max);
	layout_find_syntax(
	    f, n, "数がここに要ります", "a number is expected here", detail);
	return dflt;
}
