/*
 * folder_fixture.h — two nodes, a ward and a hub, real databases and keys, and
 * a hand that carries the files of a folder link.
 */
#ifndef SHOKAI_TESTS_FOLDER_FIXTURE_H
#define SHOKAI_TESTS_FOLDER_FIXTURE_H

#include "exchange/folder.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define WARD "131041"
#define HUB "9951"

struct side {
	struct node node;
	struct keys *keys;
	struct store *store;
	struct gate gate;
	struct folder *folder;
	struct transport t;
	int notes[2]; /* out, in */
	int64_t records;
};

struct pair {
	char *top;
	struct side ward;
	struct side hub;
	struct arena a;
	struct err e;
};

/* cmocka's setup and teardown; *state is a struct pair. */
int pair_setup(void **state);
int pair_teardown(void **state);

/* A side's database, transport and gate are closed, and opened again. */
void pair_close(struct side *s);
void pair_open(struct pair *p, struct side *s);

char *pair_at(struct pair *p, struct side *s, const char *below);

struct peers *pair_peers(struct pair *p, struct side *s);

/* Queues a message of 7 records from the ward for the hub. */
void pair_queue(struct pair *p);

/* What is due goes to the folder; how many messages that were. */
size_t pair_write_batch(struct pair *p, int64_t now_us);

/* Names of the files in a folder that end so, in order; at most 8. */
int pair_list(
    struct pair *p, const char *path, const char *end, const char *names[8]);
/* Of the ZIPs below a side's folder. */
int pair_count(struct pair *p, struct side *s, const char *below);

void pair_inbox_folder(struct pair *p, struct side *s, const char *peer);

/* The hand: copies every ZIP of one side's out to the other side's in. */
int pair_carry(struct pair *p, struct side *from, struct side *to);

/* A look into in/; *d and *answer stay the caller's. */
enum transport_result pair_look(
    struct side *s, struct delivery *d, struct buf *answer);
void pair_look_for_nothing(struct side *s);

/* The ward enters receipts that came back. */
enum err_class pair_answer(struct pair *p, const struct delivery *d,
    const struct buf *answer, size_t *accepted);

/* The one integer of a query without parameters; -1: none. */
int64_t pair_rows(struct pair *p, struct side *s, enum store_statement st);

#endif
