/*
 * openapi.h — the OpenAPI 3.1 document, made from the table of routes.
 */
#ifndef SHOKAI_API_OPENAPI_H
#define SHOKAI_API_OPENAPI_H

#include "exchange/node.h"

#include <jansson.h>

/* Of the routes that a node of that party serves; the caller's. */
json_t *openapi_document(enum store_party party);

#endif
