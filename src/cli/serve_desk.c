/*
 * serve_desk.c — the process that officers reach.
 *
 * SECURITY: it reads hostile bytes of whoever reaches its address; the
 * certificate's key is all it holds.
 */
#include "cli/serve.h"

#include "api/desk.h"

enum err_class serve_desk(const struct node *n, struct err *e)
{
	struct arena a = {0};
	struct server_config config = {
	    .process = "desk",
	    .keys = node_path(n, &a, "keys"),
	    .handle = desk_handle,
	    .limits = {.body_max = DESK_BODY_MAX,
		.body_total = 16 * DESK_BODY_MAX},
	};
	struct serve_loop loop;
	struct server *server;
	enum err_class c;

	serve_loop_init(&loop);
	c = serve_listen(&config, &loop, &server, e);
	if (c == ERR_NONE && event_base_dispatch(loop.base) < 0)
		c = err_errno(e, "event loop");
	server_free(server);
	serve_loop_fini(&loop);
	arena_fini(&a);
	return c;
}
