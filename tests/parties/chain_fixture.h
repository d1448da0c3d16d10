/*
 * chain_fixture.h — parties in one process over real databases, keys and
 * certificates: the gate and work step functions, joined by a transport in
 * memory that can lose and double what it carries.
 */
#ifndef SHOKAI_TESTS_CHAIN_FIXTURE_H
#define SHOKAI_TESTS_CHAIN_FIXTURE_H

#include "exchange/gate.h"
#include "parties/layouts.h"
#include "parties/work.h"

#define FIXTURE_NODES 8
#define FIXTURE_NOW INT64_C(1790000000000000) /* 2026-09 */

struct fixture;

struct fixture_node {
	struct fixture *all;
	char *path;
	struct node node;
	struct keys *keys;
	struct certificate *certificate;
	struct store *store;
	struct layouts *layouts;
	struct transport transport;
	struct work work;
	struct gate gate;
	bool stopped; /* takes nothing and does nothing */
	/* The delivery under way. */
	struct delivery delivery;
	struct buf answer;
	bool waiting;
	bool failed;
};

struct fixture {
	char folder[64];
	char *ca;
	struct arena arena;
	const struct codes *codes;
	struct random_source random;
	uint64_t seed;
	int64_t now_us;
	struct fixture_node node[FIXTURE_NODES];
	size_t count;
	int lose_every;	  /* n > 0: each n-th answer is lost on the way back */
	int double_every; /* each n-th batch arrives twice */
	int carried;
};

void fixture_init(struct fixture *f);
void fixture_fini(struct fixture *f);

/* A node with keys and a certificate of the fixture's authority. */
struct fixture_node *fixture_add(struct fixture *f, enum store_party party,
    const char *code, const char *link_hub, enum node_link link);

/* a knows b, directly or through via; may send each kind. */
void fixture_introduce(
    struct fixture_node *a, const struct fixture_node *b, const char *via);

/* After all introductions. */
void fixture_start(struct fixture_node *n);

/* Installs layouts/9601's rules under the code given. */
void fixture_layout(struct fixture_node *n, const char *code);

/* The same with pairs of texts, the first of each replaced by the second; ends
 * with NULL. Before the layout is first used. */
void fixture_layout_as(
    struct fixture_node *n, const char *code, const char *const *pairs);

/* Steps every node in turn until none has anything to do (time moves a
 * second each idle round), at most rounds rounds. */
void fixture_run(struct fixture *f, int rounds);

/* The one integer a query gives; the database is opened beside. */
int64_t fixture_count(const struct fixture_node *n, const char *sql);

/* Runs SQL on a node's database from outside. */
void fixture_sql(const struct fixture_node *n, const char *sql);

#endif
