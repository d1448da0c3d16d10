/*
 * test_nth_folder.c — a folder link: a batch written, a batch taken in, its
 * receipts taken in, with every allocation, every call on files and every SQL
 * step failing in turn. Afterwards the hand goes on carrying, and the message
 * is there once and receipted. A good file is never put among the refused.
 */
#include "../exchange/folder_fixture.h"
#include "kept.h"
#include "nth.h"

#include "base/file.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const enum nth_way ways[] = {NTH_ALLOCATION, NTH_OPEN, NTH_READ,
    NTH_WRITE, NTH_FULL, NTH_SYNC, NTH_CLOSE, NTH_STEP_IO, NTH_STEP_FULL,
    NTH_STEP_BUSY, NTH_STEP_MEMORY};
#define WAYS (sizeof(ways) / sizeof(*ways))

#define DONE_OUT "SELECT count(*) FROM outbox WHERE state = 1 AND receipt <> ''"

/* Two databases and what is to be taken in, as a piece finds them. */
struct moment {
	struct kept ward;
	struct kept hub;
	struct buf zip;
	const char *in; /* where it lies, below the side's folder; or NULL */
};

struct stage {
	struct pair *p;
	struct side *side; /* whose work it is */
	struct moment fresh, arrived, answered;
	struct moment *now;
};

static int remove_one(
    const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

static void clear(struct pair *p, struct side *s)
{
	(void)nftw(
	    pair_at(p, s, "folder"), remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void put_back(void *ctx)
{
	struct stage *s = ctx;
	struct pair *p = s->p;
	const struct moment *m = s->now;

	arena_reset(&p->a);
	clear(p, &p->ward);
	clear(p, &p->hub);
	kept_put(&m->ward);
	kept_put(&m->hub);
	pair_inbox_folder(p, &p->hub, WARD);
	pair_inbox_folder(p, &p->ward, HUB);
	if (m->in != NULL)
		assert_int_equal(file_put(pair_at(p, s->side, m->in),
				     buf_bytes(&m->zip), 0600, true, &p->e),
		    ERR_NONE);
}

/* --- the work --- */

/* What the transport gives back, as the work takes it. */
static enum err_class take(struct stage *s, struct err *e)
{
	struct delivery d = {0};
	struct buf answer = {0};
	size_t accepted = 0;
	enum err_class c = ERR_NONE;

	switch (s->side->t.take(s->side->t.ctx, &d, &answer)) {
	case TRANSPORT_NOTHING:
		break;
	case TRANSPORT_FAILED:
		c = err_set(e, ERR_BUSY, "test.failed", "", "");
		break;
	case TRANSPORT_ANSWERED:
		c = pair_answer(s->p, &d, &answer, &accepted);
		if (c != ERR_NONE)
			*e = s->p->e;
		break;
	}
	delivery_fini(&d);
	buf_fini(&answer);
	return c;
}

static enum err_class write_work(void *ctx, struct err *e)
{
	struct stage *s = ctx;
	struct pair *p = s->p;
	struct delivery d = {0};
	struct peers *peers;
	enum err_class c;
	int64_t due;

	pair_open(p, &p->ward);
	peers = pair_peers(p, &p->ward);
	nth_arm();
	TRY(delivery_collect(
	    p->ward.store, HUB, 1 << 20, clock_machine(), &d, e));
	p->ward.t.begin(p->ward.t.ctx, peers_of(peers, HUB), &d);
	c = take(s, e);
	/* A worker asks the store next. */
	TRY(delivery_next_due(p->ward.store, &due, e));
	return c;
}

static enum err_class take_work(void *ctx, struct err *e)
{
	struct stage *s = ctx;
	int64_t due;

	pair_open(s->p, s->side);
	nth_arm();
	TRY(take(s, e));
	(void)usleep(1500);
	TRY(take(s, e)); /* the file is put away now */
	/* A worker asks the store next. */
	return delivery_next_due(s->side->store, &due, e);
}

/* --- afterwards --- */

static int refused(struct pair *p, struct side *s, const char *peer)
{
	return pair_count(
	    p, s, arena_printf(&p->a, "folder/in/%s/refused", peer));
}

static void look_at(struct stage *s, struct side *side)
{
	struct err e;

	s->side = side;
	for (int i = 0; i < 3; i++) {
		(void)usleep(1500);
		if (take(s, &e) != ERR_NONE)
			nth_wrong("it fails when nothing fails");
	}
}

static void go_on(struct stage *s)
{
	struct pair *p = s->p;
	struct side *was = s->side;

	pair_open(p, &p->ward);
	pair_open(p, &p->hub);
	(void)pair_write_batch(p, clock_machine());
	(void)pair_carry(p, &p->ward, &p->hub);
	look_at(s, &p->hub);
	(void)pair_carry(p, &p->hub, &p->ward);
	look_at(s, &p->ward);
	pair_close(&p->ward);
	pair_close(&p->hub);
	s->side = was;
}

static void check_after(void *ctx, const struct nth_end *end)
{
	struct stage *s = ctx;
	struct pair *p = s->p;
	const struct kept *ward = &s->now->ward;
	const struct kept *hub = &s->now->hub;
	char put_off[120];

	(void)end;
	(void)snprintf(put_off, sizeof(put_off),
	    "SELECT count(*) FROM outbox WHERE state = 0 AND due_us > %lld",
	    (long long)(clock_machine() + CLOCK_DAY));
	if (s->now == &s->fresh && kept_ask(ward, put_off) != 0 &&
	    pair_count(p, &p->ward, "folder/out/" HUB) == 0)
		nth_wrong("it counts as carried, and no file is there");
	if (kept_ask(ward, "SELECT count(*) FROM outbox WHERE state > 1") != 0)
		nth_wrong("a good receipt has been taken for a refusal");
	if (pair_count(p, &p->hub, "folder/out/" WARD) > 0 &&
	    kept_ask(hub, "SELECT count(*) FROM inbox") != 1)
		nth_wrong("E1: a receipt, and no message");
	go_on(s);
	if (refused(p, &p->hub, WARD) + refused(p, &p->ward, HUB) != 0)
		nth_wrong("a good file has been refused");
	if (kept_ask(hub, "SELECT count(*) FROM inbox") != 1 ||
	    kept_ask(ward, DONE_OUT) != 1)
		nth_wrong("E2, E4: not carried once in the end");
	if (!kept_sound(ward) || !kept_sound(hub))
		nth_wrong("a database is not sound");
}

static struct digest all; /* of every file, in any order */

static int add_file(
    const char *path, const struct stat *st, int type, struct FTW *where)
{
	struct buf b = {0};
	struct digest d;
	struct err e;

	(void)where;
	if (type != FTW_F || strstr(path, ".db-shm") != NULL ||
	    strstr(path, ".db-turn") != NULL) /* who had it last */
		return 0;
	if (file_read(path, (size_t)st->st_size + 1, &b, &e) != ERR_NONE)
		abort();
	d = digest_of((const struct bytes[]){text_bytes(text_z(path)),
			  BYTES("", 1), buf_bytes(&b)},
	    3);
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		all.b[i] ^= d.b[i];
	buf_fini(&b);
	return 0;
}

static struct digest left_behind(void *ctx)
{
	const struct stage *s = ctx;

	all = (struct digest){0};
	if (nftw(s->p->top, add_file, 16, FTW_PHYS) != 0)
		abort();
	return all;
}

/* --- the moments --- */

static void keep(
    struct stage *s, struct moment *m, const char *out, const char *in)
{
	struct pair *p = s->p;
	const char *names[8];

	pair_close(&p->ward);
	pair_close(&p->hub);
	kept_take(&m->ward, pair_at(p, &p->ward, "shokai.db"));
	kept_take(&m->hub, pair_at(p, &p->hub, "shokai.db"));
	pair_open(p, &p->ward);
	pair_open(p, &p->hub);
	if (out == NULL)
		return;
	m->in = in;
	assert_int_equal(pair_list(p, out, ".zip", names), 1);
	assert_int_equal(file_read(arena_printf(&p->a, "%s/%s", out, names[0]),
			     1 << 20, &m->zip, &p->e),
	    ERR_NONE);
}

static void make(struct stage *s)
{
	struct pair *p = s->p;

	pair_queue(p);
	keep(s, &s->fresh, NULL, NULL);
	assert_int_equal(pair_write_batch(p, clock_machine()), 1);
	keep(s, &s->arrived, pair_at(p, &p->ward, "folder/out/" HUB),
	    "folder/in/" WARD "/a.zip");
	assert_int_equal(pair_carry(p, &p->ward, &p->hub), 1);
	pair_look_for_nothing(&p->hub);
	keep(s, &s->answered, pair_at(p, &p->hub, "folder/out/" WARD),
	    "folder/in/" HUB "/a.zip");
	pair_close(&p->ward);
	pair_close(&p->hub);
}

static void loops(struct stage *s, const char *name, struct side *side,
    struct moment *m, enum err_class (*work)(void *ctx, struct err *e))
{
	const struct nth_piece piece = {.name = name,
	    .before = put_back,
	    .work = work,
	    .after = check_after,
	    .left = left_behind,
	    .ctx = s,
	    .may_crash = true, /* zip_close(3) of libzip 1.7.3 */
	    .stride = 1499};   /* a ZIP's key costs thousands */

	s->side = side;
	s->now = m;
	nth_loops(&piece, ways, WAYS);
	kept_fini(&m->ward);
	kept_fini(&m->hub);
	buf_fini(&m->zip);
}

int main(void)
{
	struct stage s = {0};
	void *pair;

	if (chdir(nth_begin()) != 0 || pair_setup(&pair) != 0)
		abort();
	s.p = pair;
	make(&s);
	loops(&s, "folder out", &s.p->ward, &s.fresh, write_work);
	loops(&s, "folder in", &s.p->hub, &s.arrived, take_work);
	loops(&s, "receipts in", &s.p->ward, &s.answered, take_work);
	(void)pair_teardown(&pair);
	return nth_close();
}
