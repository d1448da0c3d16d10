/*
 * told.h — texts, times and days as JSON, as everything that is shown has
 * them. Each value is the caller's.
 */
#ifndef SHOKAI_BASE_TOLD_H
#define SHOKAI_BASE_TOLD_H

#include "base/bytes.h"
#include "base/date.h"

#include <jansson.h>

json_t *told_text(struct text t);
json_t *told_moment(int64_t us);  /* RFC 3339 (base/clock.h); 0: null */
json_t *told_date(struct date d); /* YYYY-MM-DD */

#endif
