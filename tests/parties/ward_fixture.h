/*
 * ward_fixture.h — a ward with its officers over a real database, and the
 * peers it knows: real nodes too, which may work or stand still while a test
 * speaks with their keys.
 */
#ifndef SHOKAI_TESTS_WARD_FIXTURE_H
#define SHOKAI_TESTS_WARD_FIXTURE_H

#include "chain_fixture.h"
#include "parties/ward_count.h"
#include "parties/ward_draft.h"
#include "parties/ward_import.h"

#define OFFICE_WARD "131041"
#define OFFICE_UNIT "U001"
#define OFFICE_HUB "H001"
#define OFFICE_BANK "9601"
#define OFFICE_OTHER "9602"

struct office {
	struct fixture f;
	struct fixture_node *ward;
	struct fixture_node *unit;
	struct fixture_node *hub;
	struct fixture_node *bank;
	struct fixture_node *other;
	struct party_context *c; /* the ward's */
	struct ward_user officer;
	struct ward_user approver;
	struct err e;
};

/* Everybody but the ward stands still until office_release. */
void office_open(struct office *o, enum node_link link);
void office_release(struct office *o);
void office_close(struct office *o);

/* Open, with a unit, hub and bank that can do the work of a wave:
 * OFFICE_SUBJECTS subjects, the first ten of them customers with an account
 * each. */
#define OFFICE_SUBJECTS 40
void office_chain(struct office *o, enum node_link link);

/* A user of the ward, with an appointment for those 科目 ("" none). */
struct ward_user office_user(struct office *o, const char *name,
    const char *roles, const char *appointment);

/* Imports rows: a header and these lines, or with whole the text alone. */
enum err_class office_import(struct office *o, const char *rows, bool diff,
    struct ward_import_result *out);
enum err_class office_import_text(struct office *o, const char *text,
    const struct ward_import *how, struct ward_import_result *out);

/* n subjects, numbers 0000000001…, all of 科目 1. */
void office_subjects(struct office *o, int n);

/* A good order for bank 9601 alone; a test changes what it wants. */
struct ward_order office_order(void);

/* Draft, submit, approve: the wave's number. */
uint32_t office_wave(struct office *o, const struct ward_order *order);

/* All rows of the ward's tables but the log's, as one text (free it). */
char *office_dump(const struct office *o);

/* The same without what the exchange keeps of messages, and without the
 * refusals of whole contents. */
char *office_dump_own(const struct office *o);

/* The ward works until it has nothing to do. */
void office_work(struct office *o);

/* One message by from (its keys, its word), given to the ward's gate by hop,
 * and worked on. *state and code: of its inbox row. */
void office_say(struct office *o, struct fixture_node *from,
    struct fixture_node *hop, struct header *h, struct content *content,
    int *state, char code[64]);

struct ward_counts office_counts(struct office *o, uint32_t wave);

#endif
