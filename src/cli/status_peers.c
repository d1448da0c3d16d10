/* status_peers.c — see status_peers.h. */
#include "cli/status_peers.h"

#include "base/clock.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE CLOCK_SECOND

/* A connection that has begun; -1: it could not even begin. */
static int begin(const char *url)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	struct text host;
	char name[256];
	char port[8];
	int64_t number;
	int fd = -1;

	if (!peers_url(url, &host, &number) || host.n >= sizeof(name))
		return -1;
	if (host.p[0] == '[' && host.n > 2)
		host = text_trust(host.p + 1, host.n - 2);
	(void)snprintf(name, sizeof(name), "%.*s", (int)host.n, host.p);
	(void)snprintf(port, sizeof(port), "%d", (int)number);
	if (getaddrinfo(name, port, &hints, &found) != 0)
		return -1;
	fd = socket(
	    found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, found->ai_addr, found->ai_addrlen) != 0 &&
	    errno != EINPROGRESS) {
		(void)close(fd);
		fd = -1;
	}
	freeaddrinfo(found);
	return fd;
}

static bool connected(int fd)
{
	int error = 0;
	socklen_t n = sizeof(error);

	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n) == 0 &&
	       error == 0;
}

void status_peers_probe(const struct peers *peers, enum status_reach *reach)
{
	struct pollfd fd[STATUS_PEERS_MAX];
	int64_t until = clock_monotonic() + PATIENCE;
	size_t n = peers_count(peers);
	int open = 0;

	for (size_t i = 0; i < n; i++)
		reach[i] = STATUS_UNKNOWN;
	if (n > STATUS_PEERS_MAX)
		n = STATUS_PEERS_MAX;
	for (size_t i = 0; i < n; i++) {
		const char *url = peers_at(peers, i)->url;

		fd[i] = (struct pollfd){.fd = -1, .events = POLLOUT};
		if (url[0] == '\0')
			continue;
		fd[i].fd = begin(url);
		reach[i] = STATUS_UNREACHED;
		open += fd[i].fd >= 0;
	}
	while (open > 0 && clock_monotonic() < until &&
	       poll(fd, n, (int)((until - clock_monotonic()) / 1000) + 1) > 0)
		for (size_t i = 0; i < n; i++) {
			if (fd[i].fd < 0 || fd[i].revents == 0)
				continue;
			if (connected(fd[i].fd))
				reach[i] = STATUS_REACHED;
			(void)close(fd[i].fd);
			fd[i].fd = -1;
			open--;
		}
	for (size_t i = 0; i < n; i++)
		if (fd[i].fd >= 0)
			(void)close(fd[i].fd);
}
