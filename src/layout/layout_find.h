/*
 * layout_find.h — what is wrong with a rule file: each finding with its
 * place and what would be right, all of them, not only the first.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_FIND_H
#define SHOKAI_LAYOUT_LAYOUT_FIND_H

#include "layout/layout_yaml.h"

#define LAYOUT_FINDINGS_MAX 100

struct layout_find {
	const char *name;
	void (*note)(void *ctx, const struct err *finding);
	void *ctx;
	size_t count;
	struct err first;
};

/* A finding at a place; the detail says what would be right. */
void layout_find_add(struct layout_find *f, long line, long column,
    const char *code, const char *ja, const char *en, const char *detail);

/* layout.syntax at a node. */
void layout_find_syntax(struct layout_find *f, const struct layout_node *n,
    const char *ja, const char *en, const char *detail);

/* A finding made elsewhere, put at the node's place. */
void layout_find_pass(
    struct layout_find *f, const struct layout_node *n, struct err *e);

/* The node is a map and has no other keys than these ("a b c"). */
bool layout_find_keys(
    struct layout_find *f, const struct layout_node *n, const char *allowed);

/* A scalar's text; false, and a finding, if n is none. */
bool layout_find_text(struct layout_find *f, const struct layout_node *n,
    size_t max, struct text *out);

/* Index of a scalar among words ("a b c"); -1, and a finding, if none. */
int layout_find_word(
    struct layout_find *f, const struct layout_node *n, const char *words);

/* true or false; dflt if n is NULL. */
bool layout_find_flag(
    struct layout_find *f, const struct layout_node *n, bool dflt);

/* A number min…max; dflt if n is NULL or, with a finding, if it is none. */
size_t layout_find_number(struct layout_find *f, const struct layout_node *n,
    size_t min, size_t max, size_t dflt);

#endif
