/*
 * ward_halt.h — what the unit is to do with subjects it has already: hold them
 * while a stop waits for an officer, release them, withdraw them (table halt);
 * and the unit's words on what became of each inquiry (table halted).
 */
#ifndef SHOKAI_PARTIES_WARD_HALT_H
#define SHOKAI_PARTIES_WARD_HALT_H

#include "parties/ward_wave.h"

/* Notes, for every wave on its way, that the subject's inquiries are to be
 * held; in one that has been withdrawn they stay so. */
CHECKED enum err_class ward_halt_hold(struct store_tx *tx,
    struct party_context *c, struct text atena, struct err *e);

/* Those that are held are to be released, or withdrawn. */
CHECKED enum err_class ward_halt_end(struct store_tx *tx,
    struct party_context *c, struct text atena, bool go, struct err *e);

/* Sends the unit what it has not been told, one message of many; *did: there
 * was something. */
CHECKED enum err_class ward_halt_task(
    struct party_context *c, bool *did, struct err *e);

/* Takes the unit's words (content.h): of several about one inquiry the newest
 * counts, in whatever order they come. *refused: those that are none of ours,
 * added to. */
CHECKED enum err_class ward_halt_take(struct store_tx *tx,
    struct party_context *c, const json_t *words, int64_t *refused,
    struct err *e);

/* What was ordered about an inquiry and what came of it, added to o as "halt"
 * (docs/interface.md §15); nothing if nothing was. */
CHECKED enum err_class ward_halt_show(struct store_tx *tx,
    struct party_context *c, int64_t wave, const char *institution,
    int64_t ordinal, json_t *o, struct err *e);

/* Inquiries of the wave that wait at the unit (stopped), and those for which
 * an order came when they had left. */
CHECKED enum err_class ward_halt_count(struct store_tx *tx,
    struct party_context *c, int64_t wave, int64_t *stopped, int64_t *late,
    struct err *e);

#endif
