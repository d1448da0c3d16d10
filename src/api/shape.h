/*
 * shape.h — the keys of a JSON object, as the table of routes writes them:
 *
 *   "name:s200 min_amount?:i999999999999 subjects?:a"
 *
 * NAME, '?' where it may be missing (null counts as missing), ':', a type, and
 * a bound: s text of at most that many characters (200), i integer from 0 to
 * it (2^53 - 1), b true or false, d a day YYYY-MM-DD, a array of at most that
 * many, o object, n anything. "list" in front: {items: [each of this], next}.
 * "" is an object without keys, NULL nothing at all.
 */
#ifndef SHOKAI_API_SHAPE_H
#define SHOKAI_API_SHAPE_H

#include "base/bytes.h"
#include "base/err.h"

#include <jansson.h>

struct shape_key {
	char name[40];
	bool may_miss;
	char type;
	int64_t bound;
};

/* The keys of a shape one after another: *at begins at NULL; false at the
 * end. */
bool shape_next(const char *shape, const char **at, struct shape_key *out);
bool shape_is_list(const char *shape);

/*
 * Is it an object with these keys, those that must be there, and no others?
 * ERR_INPUT "request.object", "request.unknown_key", "request.missing_key",
 * "request.bad_value", each with the key as item; ERR_LIMIT
 * "request.too_long". Texts with control characters other than line feed and
 * tab are bad values.
 */
CHECKED enum err_class shape_check(
    const char *shape, const json_t *object, struct err *e);

/* The same for one value as text (a query's), turned into JSON. */
CHECKED enum err_class shape_parse(
    const struct shape_key *k, struct text value, json_t **out, struct err *e);

/* JSON Schema (2020-12, as of OpenAPI 3.1); the caller's. */
json_t *shape_schema(const char *shape);
json_t *shape_schema_of(const struct shape_key *k);

#endif
