/*
 * parties_fixture.h — fictional nodes that know each other, each with a real
 * folder, keys and SQLite database in a temporary folder: ward 131041, unit
 * unit-1, hub hub-1, bank 9601 (behind the hub), and an outsider nobody knows.
 */
#ifndef SHOKAI_TESTS_PARTIES_FIXTURE_H
#define SHOKAI_TESTS_PARTIES_FIXTURE_H

#include "base/clock.h"
#include "exchange/delivery.h"
#include "exchange/gate.h"
#include "exchange/receipt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define NOW INT64_C(1792000000000000) /* 2026-10-15 in Japan */
#define HOUR (INT64_C(3600) * 1000000)

enum side_name { WARD, UNIT, HUB, BANK, OUTSIDER, SIDES };

struct side {
	struct node node;
	struct keys *keys;
	struct store *store;
	struct peers *peers;
	struct gate gate;
	char *path;
	char *db; /* path of the database */
};

struct parties {
	char folder[64];
	struct side side[SIDES];
	struct arena arena;
	uint64_t counter; /* randomness of the fixture */
	struct random_source random;
};

/* cmocka's setup and teardown; *state is a struct parties. */
int parties_setup(void **state);
int parties_teardown(void **state);

#define parties_test(fn)                                                       \
	cmocka_unit_test_setup_teardown(fn, parties_setup, parties_teardown)

struct digest side_fingerprint(const struct side *s);

/* Adds or replaces peer in at's table; via NULL: reached by a URL. */
void side_knows(struct side *at, const struct side *peer, const char *kinds,
    const char *via, const char *from, const char *to);
void side_forgets(struct side *at, const char *code);

/* A status message from one side to another, one part "text". */
struct message parties_message(struct parties *p, enum side_name from,
    enum side_name to, const char *text);

/* As above with more said in *h (kind, to, readers, … are as given). */
struct message parties_message_of(
    struct parties *p, enum side_name from, struct header *h, const char *text);
struct header parties_header(enum side_name from, enum side_name to);

/* Frames the messages and gives them to the gate of a side, as coming over
 * the connection of sender; the answer in out (cleared first). */
enum err_class parties_deliver(struct parties *p, enum side_name at,
    enum side_name sender, const struct message *m, size_t n, int64_t now_us,
    struct buf *out);

/* The only receipt in the only group of an answer, verified. */
struct receipt parties_receipt(const struct side *giver, struct bytes answer);
int parties_code(const struct side *giver, struct bytes answer);

/* Every row of every table, as text; compare before and after. Free it. */
char *parties_dump(const struct side *s);

/* One value by SQLite itself, behind the store's back. */
int64_t parties_ask(const struct side *s, const char *sql);
void parties_sql(const struct side *s, const char *sql);

/* Runs a shell command in the fixture's folder; its exit code. */
int parties_run(const struct parties *p, const char *command);
void parties_write(
    const struct parties *p, const char *name, struct bytes bytes);
struct buf parties_read(const struct parties *p, const char *name);

void expect(enum err_class got, enum err_class want, const struct err *e,
    const char *code);
#define OK(call, e) expect((call), ERR_NONE, (e), NULL)

#endif
