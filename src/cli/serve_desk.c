/*
 * serve_desk.c — the process that officers reach.
 *
 * SECURITY: it reads hostile bytes of whoever reaches its address, and, once
 * somebody has signed in, works on the node's database as that officer. It
 * holds the node's key (an approval is signed with it) and connects to nobody.
 */
#include "cli/serve.h"

#include "api/aside.h"
#include "api/desk.h"
#include "api/terminal.h"

struct desking {
	struct desk desk;
	struct serve_loop loop;
};

/* The answer that tells of the fault leaves first. */
static void on_fault(void *ctx)
{
	struct desking *d = ctx;
	const struct timeval soon = {.tv_usec = 100000};

	(void)event_base_loopexit(d->loop.base, &soon);
}

static enum err_class run(
    struct desking *d, const struct node *n, struct err *e)
{
	struct arena a = {0};
	struct server_config config = {
	    .process = "desk",
	    .keys = node_path(n, &a, "keys"),
	    .ask = n->certificates || terminal_certificates(n->terminals),
	    .handle = desk_handle,
	    .admit = desk_admit,
	    .refuse = desk_refuse,
	    .ctx = &d->desk,
	    .limits = {.body_max = DESK_BODY_MAX,
		.body_total = 2 * DESK_BODY_MAX},
	};
	struct server *server;
	enum err_class c = serve_listen(&config, &d->loop, &server, e);

	if (c == ERR_NONE && event_base_dispatch(d->loop.base) < 0)
		c = err_errno(e, "event loop");
	server_free(server);
	arena_fini(&a);
	if (c == ERR_NONE && d->desk.class != ERR_NONE) {
		*e = d->desk.err;
		c = d->desk.class;
	}
	return c;
}

enum err_class serve_desk(const struct node *n, struct err *e)
{
	struct desking d = {0};
	struct arena a = {0};
	enum err_class c;

	aside_sweep(n);
	d.desk.on_fault = on_fault;
	d.desk.ctx = &d;
	c = desk_open(&d.desk, n, pages_dir(&a), e);
	if (c == ERR_NONE) {
		serve_loop_init(&d.loop);
		c = run(&d, n, e);
		serve_loop_fini(&d.loop);
	}
	desk_close(&d.desk);
	arena_fini(&a);
	return c;
}

enum err_class serve_call(const struct node *n, struct err *e)
{
	struct desk d = {0};
	enum err_class c = desk_open(&d, n, NULL, e);

	if (c == ERR_NONE)
		c = aside_run(&d, e);
	desk_close(&d);
	return c;
}
