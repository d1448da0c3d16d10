/* serve_listen.c — what gate and desk share: an event loop that SIGTERM ends,
 * and a server on the socket the supervisor opened. */
#include "cli/serve.h"

#include <stdlib.h>

static void on_end(evutil_socket_t signal_number, short what, void *arg)
{
	(void)signal_number;
	(void)what;
	(void)event_base_loopexit(arg, NULL);
}

void serve_loop_init(struct serve_loop *l)
{
	static const int ends[] = {SIGTERM, SIGINT};

	/* A write whose buffer cannot grow is a lost answer: as memory.h. */
	event_set_mem_functions(arena_xmalloc, arena_xrealloc, free);
	l->base = event_base_new();
	for (int i = 0; i < 2; i++) {
		l->end[i] = l->base == NULL ? NULL
					    : evsignal_new(l->base, ends[i],
						  on_end, l->base);
		if (l->end[i] == NULL || event_add(l->end[i], NULL) != 0)
			abort(); /* out of memory */
	}
}

void serve_loop_fini(struct serve_loop *l)
{
	event_free(l->end[0]);
	event_free(l->end[1]);
	event_base_free(l->base);
}

enum err_class serve_listen(const struct server_config *config,
    struct serve_loop *l, struct server **out, struct err *e)
{
	TRY(server_new(config, l->base, SERVE_FD_SOCKET, out, e));
	serve_ready();
	return ERR_NONE;
}
