/* wake.c — see wake.h. */
#include "exchange/wake.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* A node's path may be longer than a socket's address: the folder is named
 * by a descriptor. */
static int folder_of(const struct node *n, struct sockaddr_un *to)
{
	struct arena a = {0};
	int fd =
	    open(node_path(n, &a, "run"), O_PATH | O_DIRECTORY | O_CLOEXEC);

	arena_fini(&a);
	*to = (struct sockaddr_un){.sun_family = AF_UNIX};
	(void)snprintf(to->sun_path, sizeof(to->sun_path),
	    "/proc/self/fd/%d/work.sock", fd);
	return fd;
}

static int bound(const struct sockaddr_un *at)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if ((unlink(at->sun_path) == 0 || errno == ENOENT) &&
	    bind(fd, (const struct sockaddr *)at, sizeof(*at)) == 0 &&
	    chmod(at->sun_path, 0600) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

enum err_class wake_open(const struct node *n, int *fd, struct err *e)
{
	struct sockaddr_un at;
	int folder = folder_of(n, &at);

	*fd = -1;
	if (folder < 0)
		return err_errno(e, "run");
	*fd = bound(&at);
	if (*fd < 0)
		err_errno(e, "run/work.sock");
	(void)close(folder);
	return *fd < 0 ? ERR_FAULT : ERR_NONE;
}

void wake_send(const struct node *n)
{
	struct sockaddr_un to;
	int folder = folder_of(n, &to);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	/* A full or missing socket changes nothing: the work will look. */
	if (folder >= 0 && fd >= 0)
		(void)sendto(fd, "", 0, MSG_NOSIGNAL,
		    (const struct sockaddr *)&to, sizeof(to));
	if (fd >= 0)
		(void)close(fd);
	if (folder >= 0)
		(void)close(folder);
}

int wake_either(int a, int b)
{
	struct epoll_event in = {.events = EPOLLIN};
	int fd = epoll_create1(EPOLL_CLOEXEC);

	if (fd < 0)
		return -1;
	if (epoll_ctl(fd, EPOLL_CTL_ADD, a, &in) == 0 &&
	    epoll_ctl(fd, EPOLL_CTL_ADD, b, &in) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

void wake_drain(int fd)
{
	char byte;

	while (recv(fd, &byte, 1, MSG_DONTWAIT) >= 0)
		;
}
