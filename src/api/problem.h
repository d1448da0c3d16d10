/*
 * problem.h — a refusal as application/problem+json (RFC 9457), in Japanese
 * and English, with the codes of docs/interface.md §12.
 */
#ifndef SHOKAI_API_PROBLEM_H
#define SHOKAI_API_PROBLEM_H

#include "base/bytes.h"
#include "base/err.h"

#include <jansson.h>

#define PROBLEM_TYPE "application/problem+json"

/* The status for a refusal: by its code where it has one of its own, else by
 * its class. */
int problem_status(const struct err *e);

/* A status that the server gives before anything is known: its words. */
void problem_of_status(int status, struct err *e);

/* {type, title, status, code, where, title_ja, title_en, detail}; the
 * caller's. */
json_t *problem_json(int status, const struct err *e);

#endif
