/* route.c — see route.h. */
#include "exchange/route.h"

static struct transport *way(struct route *r, const char *peer)
{
	return node_link_of(r->node, peer) == LINK_FOLDER ? &r->folder
							  : &r->client;
}

static bool route_busy(void *ctx, const char *peer)
{
	struct transport *t = way(ctx, peer);

	return t->busy(t->ctx, peer);
}

static void route_begin(void *ctx, const struct peer *peer, struct delivery *d)
{
	struct transport *t = way(ctx, peer->code);

	t->begin(t->ctx, peer, d);
}

static enum transport_result route_take(
    void *ctx, struct delivery *d, struct buf *answer)
{
	struct route *r = ctx;
	enum transport_result result = r->client.take(r->client.ctx, d, answer);

	if (result == TRANSPORT_NOTHING)
		result = r->folder.take(r->folder.ctx, d, answer);
	return result;
}

/* A folder tells nobody that something has come: it is looked into in take,
 * which the work calls at least once a second. */
static void route_wait(void *ctx, int wake_fd, int ms)
{
	struct route *r = ctx;

	r->client.wait(r->client.ctx, wake_fd, ms);
}

struct transport route_transport(struct route *r)
{
	return (struct transport){
	    .ctx = r,
	    .busy = route_busy,
	    .begin = route_begin,
	    .take = route_take,
	    .wait = route_wait,
	};
}
