/*
 * intake.h — what a caller has sent, as JSON of the route's shapes: pure.
 */
#ifndef SHOKAI_API_INTAKE_H
#define SHOKAI_API_INTAKE_H

#include "api/route.h"

/* The query behind '?'; *out, an object, is the caller's whatever is returned.
 * ERR_INPUT "request.query" (also: a key that the route does not know, or
 * twice), and shape_check's. Texts live in a. */
CHECKED enum err_class intake_query(const struct route *r, struct text query,
    struct arena *a, json_t **out, struct err *e);

/* A JSON body; *out is the caller's whatever is returned, or NULL. ERR_INPUT
 * "request.json", and shape_check's. */
CHECKED enum err_class intake_body(
    const struct route *r, struct bytes body, json_t **out, struct err *e);

#endif
