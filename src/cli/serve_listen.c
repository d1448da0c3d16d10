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

struct event_base *serve_base(void)
{
	static const int ends[] = {SIGTERM, SIGINT};
	struct event_base *base = event_base_new();

	if (base == NULL)
		abort(); /* out of memory */
	for (int i = 0; i < 2; i++) {
		struct event *ev = evsignal_new(base, ends[i], on_end, base);

		/* It lives as long as the process. */
		if (ev == NULL || event_add(ev, NULL) != 0)
			abort();
	}
	return base;
}

enum err_class serve_listen(const struct server_config *config,
    struct event_base *base, struct server **out, struct err *e)
{
	TRY(server_new(config, base, SERVE_FD_SOCKET, out, e));
	serve_ready();
	return ERR_NONE;
}
