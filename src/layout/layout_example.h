/*
 * layout_example.h — a worked example beside a rule file: records in plain
 * words, and the bytes that the institution is due or sends, written by hand
 * from the rule. The form is in docs/layout.md.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_EXAMPLE_H
#define SHOKAI_LAYOUT_LAYOUT_EXAMPLE_H

#include "layout/layout.h"

/*
 * Runs one example file. ERR_NONE: the layout does as it says. ERR_INPUT
 * "layout.example" with what differs and where, or "layout.syntax" with line
 * and column if the example cannot be read.
 */
CHECKED enum err_class layout_example_run(
    struct layout *l, struct bytes yaml, const char *name, struct err *e);

#endif
