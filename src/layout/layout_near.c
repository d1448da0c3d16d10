/* layout_near.c — see layout_near.h. */
#include "layout/layout_near.h"

#include "record/item.h"
#include "text/rules.h"
#include "text/utf8.h"

#include <stdio.h>

#define WORD_MAX 40 /* characters; longer ones are near to none */

struct word {
	uint32_t c[WORD_MAX];
	size_t n; /* 0: too long */
};

struct nearest {
	struct word given;
	size_t distance;
	struct text best; /* empty: none is near */
};

static struct word word_of(struct text t)
{
	struct word w = {.n = 0};
	size_t i = 0;

	while (i < t.n && w.n < WORD_MAX)
		w.c[w.n++] = utf8_next(t, &i);
	if (i < t.n)
		w.n = 0;
	return w;
}

static size_t least(size_t a, size_t b, size_t c)
{
	size_t n = a < b ? a : b;

	return n < c ? n : c;
}

/* Characters changed, put in or left out (Levenshtein 1965). */
static size_t distance(const struct word *a, const struct word *b)
{
	size_t row[WORD_MAX + 1];

	for (size_t k = 0; k <= b->n; k++)
		row[k] = k;
	for (size_t i = 1; i <= a->n; i++) {
		size_t before = row[0];

		row[0] = i;
		for (size_t k = 1; k <= b->n; k++) {
			size_t same = before + (a->c[i - 1] != b->c[k - 1]);

			before = row[k];
			row[k] = least(row[k] + 1, row[k - 1] + 1, same);
		}
	}
	return row[b->n];
}

static struct nearest begin(struct text given)
{
	struct nearest x = {.given = word_of(given)};

	/* Farther than a third of it, and it is no misspelling. */
	x.distance = (x.given.n < 3 ? 1 : x.given.n / 3) + 1;
	return x;
}

static void try(struct nearest *x, struct text other)
{
	struct word w = word_of(other);
	size_t d;

	if (w.n == 0 || x->given.n == 0)
		return;
	d = distance(&x->given, &w);
	if (d < x->distance) {
		x->distance = d;
		x->best = other;
	}
}

static void say(const struct nearest *x, struct text given, const char *text,
    char out[LAYOUT_NEAR_MAX])
{
	if (x->best.n == 0)
		(void)snprintf(out, LAYOUT_NEAR_MAX, "%s", text);
	else
		(void)snprintf(out, LAYOUT_NEAR_MAX, "%.*s; perhaps %.*s",
		    (int)given.n, given.p, (int)x->best.n, x->best.p);
}

void layout_near_item(bool of_request, struct text word, const char *text,
    char out[LAYOUT_NEAR_MAX])
{
	struct nearest x = begin(word);

	for (int i = 0; of_request && i < REQUEST_COUNT; i++)
		try(&x, text_z(item_request[i].name));
	for (int i = 0; !of_request && i < ANSWER_COUNT; i++)
		try(&x, text_z(item_answer[i].name));
	say(&x, word, text, out);
}

void layout_near_basis(const struct codes *codes, struct text word,
    const char *text, char out[LAYOUT_NEAR_MAX])
{
	struct nearest x = begin(word);

	for (size_t i = 0; i < codes->base_count; i++)
		try(&x, codes->bases[i].code);
	say(&x, word, text, out);
}

static void say_args(
    struct err *e, const char *given, const struct rules_entry *rule)
{
	char args[LAYOUT_NEAR_MAX];

	(void)snprintf(args, sizeof(args), "%s", rule->args);
	for (char *p = args; *p != '\0'; p++)
		if (*p == '|')
			*p = ' ';
	if (args[0] == '\0')
		(void)err_detail(e, "%s; without an argument", given);
	else
		(void)err_detail(e, "%s; one of: %s", given, args);
}

void layout_near_rule(struct err *e)
{
	char given[LAYOUT_NEAR_MAX];
	char told[LAYOUT_NEAR_MAX];
	struct text name;
	struct nearest x;
	const struct rules_entry *rule;
	size_t n;

	if (e->code == NULL || strcmp(e->code, "layout.unknown_rule") != 0)
		return;
	(void)snprintf(given, sizeof(given), "%.100s", e->detail);
	name = text_trust(given, strcspn(given, ":"));
	rule = rules_table(&n);
	for (size_t i = 0; i < n; i++)
		if (text_is(name, rule[i].rule)) {
			say_args(e, given, &rule[i]);
			return;
		}
	x = begin(name);
	for (size_t i = 0; i < n; i++)
		try(&x, text_z(rule[i].rule));
	say(&x, name, "docs/layout.md", told);
	(void)err_detail(e, "%s%s%s", x.best.n == 0 ? given : "",
	    x.best.n == 0 ? "; " : "", told);
}
