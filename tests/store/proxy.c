/* proxy.c — see proxy.h. */
#include "proxy.h"

#include "base/arena.h"

#include <assert.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

struct proxy_shared {
	atomic_int next; /* enum proxy_cut */
	atomic_int cuts;
	atomic_int gone;
};

/* The name of the statement in a Bind (PostgreSQL 15, 55.7), behind that of the
 * portal, which is empty: what ends a transaction that has written. */
static const char commit[] = "\0commit_write";

static int at(const char *folder, int port, struct sockaddr_un *a)
{
	*a = (struct sockaddr_un){.sun_family = AF_UNIX};
	(void)snprintf(
	    a->sun_path, sizeof(a->sun_path), "%s/.s.PGSQL.%d", folder, port);
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static int dial(void)
{
	struct sockaddr_un a;
	int fd =
	    at(getenv("PGCLUSTER_FOLDER"), atoi(getenv("PGCLUSTER_PORT")), &a);

	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0)
		_exit(1);
	return fd;
}

static bool pass(int to, const char *p, ssize_t n)
{
	return n > 0 && write(to, p, (size_t)n) == n;
}

/* What the client said. False: the connection ends here. */
static bool from_client(
    struct proxy_shared *s, const char *p, ssize_t n, int server)
{
	char answer[4096];
	enum proxy_cut cut;

	if (n <= 0 || memmem(p, (size_t)n, commit, sizeof(commit)) == NULL ||
	    atomic_load(&s->next) == PROXY_NONE)
		return pass(server, p, n);
	cut = (enum proxy_cut)atomic_exchange(&s->next, PROXY_NONE);
	if (cut == PROXY_AFTER || cut == PROXY_GONE) {
		(void)pass(server, p, n);
		(void)!read(server, answer, sizeof(answer));
	}
	atomic_store(&s->gone, cut == PROXY_GONE);
	if (cut == PROXY_HALF)
		(void)!dup(server); /* open until the proxy ends */
	atomic_fetch_add(&s->cuts, 1);
	return false;
}

static void carry(struct proxy_shared *s, int client)
{
	char p[1 << 16];
	int server = dial();
	struct pollfd ends[] = {
	    {.fd = client, .events = POLLIN}, {.fd = server, .events = POLLIN}};
	bool on = true;

	while (on && poll(ends, 2, -1) > 0) {
		if (ends[0].revents != 0)
			on = from_client(
			    s, p, read(client, p, sizeof(p)), server);
		if (on && ends[1].revents != 0)
			on = pass(client, p, read(server, p, sizeof(p)));
	}
	(void)close(server);
	(void)close(client);
}

/* One connection at a time, as the tests have. */
static void serve(struct proxy_shared *s, int listener)
{
	for (;;) {
		int client = accept(listener, NULL, NULL);

		if (client < 0)
			_exit(1);
		if (atomic_load(&s->gone))
			(void)close(client);
		else
			carry(s, client);
	}
}

struct proxy *proxy_start(const char *folder)
{
	struct proxy *p = arena_xmalloc(sizeof(*p));
	struct sockaddr_un a;
	pid_t test;
	int listener;

	*p = (struct proxy){0};
	(void)snprintf(p->folder, sizeof(p->folder), "%s", folder);
	p->shared = mmap(NULL, sizeof(*p->shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	listener = at(folder, PROXY_PORT, &a);
	assert(p->shared != MAP_FAILED);
	assert(bind(listener, (struct sockaddr *)&a, sizeof(a)) == 0);
	assert(listen(listener, 8) == 0);
	test = getpid();
	p->pid = fork();
	assert(p->pid >= 0);
	if (p->pid == 0) {
		/* It ends with its test, however that ends. */
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != test)
			_exit(1);
		(void)signal(SIGPIPE, SIG_IGN);
		serve(p->shared, listener);
	}
	(void)close(listener);
	return p;
}

void proxy_stop(struct proxy *p)
{
	(void)kill(p->pid, SIGKILL);
	(void)waitpid(p->pid, NULL, 0);
	(void)munmap(p->shared, sizeof(*p->shared));
	free(p);
}

void proxy_cut(struct proxy *p, enum proxy_cut cut)
{
	atomic_store(&p->shared->next, (int)cut);
}

int proxy_cuts(const struct proxy *p)
{
	return atomic_load(&p->shared->cuts);
}
