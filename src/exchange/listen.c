/* listen.c — see listen.h. */
#include "exchange/listen.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 128

bool listen_split(const char *address, char host[LISTEN_TEXT], char port[6])
{
	const char *colon = strrchr(address, ':');
	const char *from = address;
	size_t n;

	if (colon == NULL)
		return false;
	n = (size_t)(colon - address);
	if (n >= 2 && address[0] == '[' && address[n - 1] == ']') {
		from++;
		n -= 2;
	} else if (memchr(address, ':', n) != NULL) {
		return false;
	}
	if (n == 0 || n >= LISTEN_TEXT || strlen(colon + 1) - 1 >= 5)
		return false;
	if (strspn(colon + 1, "0123456789") != strlen(colon + 1))
		return false;
	memcpy(host, from, n);
	host[n] = '\0';
	(void)snprintf(port, 6, "%s", colon + 1);
	return true;
}

static enum err_class bad_address(const char *address, struct err *e)
{
	err_set(e, ERR_INPUT, "serve.address",
	    "待受アドレスが正しくありません（HOST:PORT）",
	    "not an address to listen on (HOST:PORT)");
	return err_detail(e, "%s", address);
}

static bool real_address(int fd, char real[LISTEN_TEXT])
{
	struct sockaddr_storage a;
	socklen_t n = sizeof(a);
	char host[64];
	char port[6];

	if (getsockname(fd, (struct sockaddr *)&a, &n) != 0 ||
	    getnameinfo((struct sockaddr *)&a, n, host, sizeof(host), port,
		sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return false;
	(void)snprintf(real, LISTEN_TEXT,
	    a.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
	return true;
}

static int bound(const struct addrinfo *a)
{
	int on = 1;
	int fd =
	    socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	    bind(fd, a->ai_addr, a->ai_addrlen) == 0 &&
	    listen(fd, BACKLOG) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

enum err_class listen_open(
    const char *address, int *fd, char real[LISTEN_TEXT], struct err *e)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
	struct addrinfo *found = NULL;
	char host[LISTEN_TEXT];
	char port[6];

	*fd = -1;
	if (!listen_split(address, host, port) ||
	    getaddrinfo(host, port, &hints, &found) != 0)
		return bad_address(address, e);
	for (struct addrinfo *a = found; a != NULL && *fd < 0; a = a->ai_next)
		*fd = bound(a);
	freeaddrinfo(found);
	if (*fd >= 0 && real_address(*fd, real))
		return ERR_NONE;
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
	err_set(e, ERR_BUSY, "serve.address_taken",
	    "待受アドレスを使えません（使用中など）",
	    "the address cannot be listened on; it may be taken");
	return err_detail(e, "%s", address);
}
