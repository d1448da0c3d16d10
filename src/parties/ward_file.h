/*
 * ward_file.h — a request file as the ward knows it: told by the unit's
 * signed status, moved by the words of bank and hub and by answers.
 */
#ifndef SHOKAI_PARTIES_WARD_FILE_H
#define SHOKAI_PARTIES_WARD_FILE_H

#include "parties/ward.h"
#include "record/states.h"

struct ward_file {
	char *file;
	uint32_t wave;
	char *institution;
	char *hub;
	int64_t no;
	int64_t first;
	int64_t last;
	int64_t records;
	char *layout; /* "" : known by its answers alone so far */
	char *state;
	char *message;
	char *as_of;
	int64_t sent_us;
	int64_t received_us;
	int64_t answered_us;
	bool listed; /* covers the rows of halted that name it, no others */
};

CHECKED enum err_class ward_file_load(struct store_tx *tx,
    struct party_context *c, const char *file, struct ward_file *out,
    bool *found, struct err *e);

/* Moves it, if its present state allows that move; else nothing happens. */
CHECKED enum err_class ward_file_move(struct store_tx *tx,
    struct party_context *c, const char *file, enum inquiry_state to,
    struct err *e);

/* The parts of "131041-001-9601-0001"; false if it is not of that form. */
bool ward_file_name(const struct party_context *c, const char *file,
    uint32_t *wave, char institution[NODE_CODE], int64_t *no);

/*
 * The unit's word on one of its files. New: the row is made; known by its
 * answers alone: completed; else nothing changes. What others said of it
 * before (bank, hub, our own check) is then applied. ERR_INPUT
 * "message.malformed" unless it is a file of one of our waves.
 */
CHECKED enum err_class ward_file_put(struct store_tx *tx,
    struct party_context *c, const struct ward_file *f, struct err *e);

/* A peer's word on the state of a file, kept and applied. */
CHECKED enum err_class ward_file_said(struct store_tx *tx,
    struct party_context *c, const char *file, const char *peer,
    const char *state, struct err *e);

/* Counts the outcomes of the file; all there: answered, perhaps the wave's
 * last. */
CHECKED enum err_class ward_file_complete(struct store_tx *tx,
    struct party_context *c, const char *file, const char *as_of,
    struct err *e);

#endif
