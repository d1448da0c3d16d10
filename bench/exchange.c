/*
 * exchange.c — what script/bench exchange runs beside two served nodes.
 *
 *   bench_exchange fill NODE TO COUNT   makes COUNT messages of 1,024 random
 *       bytes for TO and queues them, 32 in a transaction, as a party would
 *   bench_exchange cms NODE             prints how many CMS operations of
 *       such a message this machine does in a second, one after the other
 */
#include "bench.h"

#include "base/clock.h"
#include "base/random.h"
#include "exchange/message.h"
#include "exchange/node.h"

#define PAYLOAD 1024
#define GROUP 32 /* messages queued in one transaction */

struct filling {
	struct arena arena; /* of one group */
	struct arena whole;
	struct node node;
	struct keys *keys;
	struct peers *peers;
	struct store *store;
	const struct peer *next;
	const char *to;
	int64_t now_us;
	struct message message[GROUP];
	size_t n;
};

static void need(enum err_class c, const struct err *e)
{
	if (c == ERR_NONE)
		return;
	(void)fprintf(stderr, "bench: %s %s %s\n", e->code, e->en, e->detail);
	exit(1);
}

static enum err_class load_peers(struct store_tx *tx, void *arg, struct err *e)
{
	struct filling *f = arg;

	return peers_load(tx, &f->peers, e);
}

static void open_node(struct filling *f, const char *path)
{
	struct err e;

	need(node_load(path, &f->node, &e), &e);
	need(keys_load(node_path(&f->node, &f->whole, "keys"), &f->keys, &e),
	    &e);
	need(node_store(&f->node, &f->store, &e), &e);
	need(store_read(f->store, load_peers, f, &e), &e);
}

static void close_node(struct filling *f)
{
	store_close(f->store);
	peers_free(f->peers);
	keys_free(f->keys);
	node_fini(&f->node);
	arena_fini(&f->arena);
	arena_fini(&f->whole);
}

static void make(struct filling *f, struct message *out)
{
	const struct random_source random = {.fill = random_fill};
	unsigned char payload[PAYLOAD];
	struct content content = {0};
	struct header h = {.kind = KIND_STATUS, .reader_count = 1};
	struct err e;

	random_fill(NULL, payload, sizeof(payload));
	content_add(&content, "payload", BYTES(payload, sizeof(payload)));
	(void)snprintf(h.to, sizeof(h.to), "%s", f->to);
	(void)snprintf(h.readers[0], sizeof(h.readers[0]), "%s", f->to);
	h.expires_us = f->now_us + CLOCK_DAY;
	need(message_make(f->keys, f->peers, f->node.code, &h, &content,
		 f->now_us, &random, &f->arena, out, &e),
	    &e);
	content_fini(&content);
}

static enum err_class queue(struct store_tx *tx, void *arg, struct err *e)
{
	struct filling *f = arg;

	for (size_t i = 0; i < f->n; i++)
		TRY(message_send(
		    tx, &f->message[i], f->next->code, "", 0, f->now_us, e));
	return ERR_NONE;
}

static void fill(struct filling *f, long count)
{
	struct err e;

	f->next = peers_next_hop(f->peers, f->to);
	bench_need(f->next != NULL, "no way to the recipient");
	while (count > 0) {
		need(node_now(&f->node, &f->now_us, &e), &e);
		for (f->n = 0; f->n < GROUP && count > 0; f->n++, count--)
			make(f, &f->message[f->n]);
		need(store_run(f->store, queue, f, &e), &e);
		arena_reset(&f->arena);
	}
}

struct cms {
	const struct keys *keys;
	const struct certificate *reader[1];
	unsigned char plain[PAYLOAD];
	struct buf sealed;
	struct buf signed_;
	struct buf out;
};

static void sign(void *ctx)
{
	struct cms *c = ctx;
	struct err e;

	buf_clear(&c->signed_);
	need(keys_sign(c->keys, BYTES(c->plain, PAYLOAD), &c->signed_, &e), &e);
}

static void verify(void *ctx)
{
	struct cms *c = ctx;
	struct err e;

	buf_clear(&c->out);
	need(
	    keys_verify(c->reader[0], buf_bytes(&c->signed_), &c->out, &e), &e);
}

static void seal(void *ctx)
{
	struct cms *c = ctx;
	struct err e;

	buf_clear(&c->sealed);
	need(keys_close(c->reader, 1, BYTES(c->plain, PAYLOAD), &c->sealed, &e),
	    &e);
}

static void unseal(void *ctx)
{
	struct cms *c = ctx;
	struct err e;

	buf_clear(&c->out);
	need(
	    keys_open(c->keys, buf_bytes(&c->sealed), 2 * PAYLOAD, &c->out, &e),
	    &e);
}

static void measure(struct filling *f)
{
	static const struct {
		const char *name;
		bench_fn *fn;
	} all[] = {{"sign", sign}, {"verify", verify}, {"seal", seal},
	    {"open", unseal}};
	struct cms c = {.keys = f->keys, .reader = {keys_certificate(f->keys)}};

	random_fill(NULL, c.plain, sizeof(c.plain));
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		int64_t until = clock_monotonic() + CLOCK_SECOND;
		long n = 0;

		for (; clock_monotonic() < until; n++)
			all[i].fn(&c);
		(void)printf("%s\"%s\":%ld", i ? "," : "{", all[i].name, n);
	}
	(void)printf("}\n");
	buf_fini(&c.sealed);
	buf_fini(&c.signed_);
	buf_fini(&c.out);
}

int main(int argc, char **argv)
{
	struct filling f = {0};

	bench_need(argc >= 3, "fill NODE TO COUNT | cms NODE");
	open_node(&f, argv[2]);
	if (strcmp(argv[1], "cms") == 0) {
		measure(&f);
	} else {
		bench_need(argc == 5, "fill NODE TO COUNT");
		f.to = argv[3];
		fill(&f, strtol(argv[4], NULL, 10));
	}
	close_node(&f);
	return 0;
}
