/*
 * chain_world.h — unit, hub and bank over the fixture, with a stand-in for the
 * ward that signs an approval, sends the subjects and counts the answers.
 */
#ifndef SHOKAI_TESTS_CHAIN_WORLD_H
#define SHOKAI_TESTS_CHAIN_WORLD_H

#include "chain_fixture.h"
#include "record/kanri.h"

#define SUBJECTS 40
#define WARD "131041"
#define BANK "9601"
#define OTHER "9602" /* a second bank, without customers */

struct answers {
	size_t messages;
	size_t count;
	size_t classes[CLASS_COUNT];
	size_t accounts;
	size_t transactions;
};

struct world {
	struct fixture f;
	struct fixture_node *ward;
	struct fixture_node *unit;
	struct fixture_node *hub;
	struct fixture_node *bank;
	struct fixture_node *other;
	struct answers answers;
};

/* A part of a wave, as the ward sends it. */
struct wave {
	uint32_t wave;
	int part;
	int parts;
	int first;
	int last;
	int total;
	const char *other; /* one more institution asked, or NULL */
	uint32_t approved; /* the wave the approval is of; 0: this one */
	const char *from;  /* of the period; NULL: 2025-09-01 */
	bool renamed;	   /* subject 28 + k is customer k, under a new name */
};

void world_open(struct world *w, enum node_link link);

/* Customers 0…9 are subjects 1…10, born shift days later; one account and
 * two dealings each. */
void world_import(struct world *w, int shift);

void world_code(char to[NODE_CODE], const char *from);

/* One part of SUBJECTS subjects, with a signed approval. */
void world_subjects(struct world *w);
void world_part(struct world *w, const struct wave *x);

/* The ward's signed approval of that wave. */
void world_approval(struct world *w, const struct wave *x, struct buf *out);

/* The ward cancels a file at its bank, or the whole wave (file "") or one
 * inquiry at the unit. */
void world_cancel(
    struct world *w, const char *file, const char *to, const char *inquiry);

/* One message by from, into its outbox; its origin, times and id are set. */
void world_say(struct world *w, struct fixture_node *from, struct header *h,
    struct content *content);

/* The same into the outbox of another, at, for hop: as if at looked at nothing
 * that it hands on. hop NULL: the way it should go. */
void world_slip(struct world *w, struct fixture_node *from, struct header *h,
    struct content *content, struct fixture_node *at, const char *hop);

#endif
