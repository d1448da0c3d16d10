/*
 * unit_wave.h — what a ward's wave says of each of its inquiries.
 */
#ifndef SHOKAI_PARTIES_UNIT_WAVE_H
#define SHOKAI_PARTIES_UNIT_WAVE_H

#include "base/arena.h"
#include "record/request.h"

#include <jansson.h>

/* From the definition (content.h) that came with its subjects, whose texts it
 * takes: they live as long as that, others in a. The basis is each claim's
 * own: here it is the wave's. */
void unit_wave_request(struct arena *a, const char *authority, int64_t wave,
    json_t *definition, struct request_wave *out);

#endif
