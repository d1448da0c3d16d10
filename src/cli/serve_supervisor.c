/*
 * serve_supervisor.c — see serve.h: the process graph.
 *
 * SECURITY: it reads no byte from anybody but its own processes (one byte
 * each) and holds no key.
 */
#include "cli/serve_process.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "exchange/wake.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME "serve"
#define PROCESSES (SERVE_KIND_COUNT * SERVE_PROCESSES_MAX)
#define EARLY_MAX 5 /* deaths before the first READY */
#define BUSY_EXIT 5 /* of err_exit: nothing happened, run again */
#define LOCK_TRIES 10
#define LOCK_US 50000
#define END_US (8 * CLOCK_SECOND) /* then what still lives is killed */

struct supervisor {
	const struct node *node;
	int lock;
	int signals;
	int socket[SERVE_KIND_COUNT];
	char real[SERVE_KIND_COUNT][LISTEN_TEXT];
	struct serve_process process[PROCESSES];
	int count;
	bool announced; /* READY was said */
	bool ending;
	bool killed;
	int64_t end_us; /* ending: when patience ends */
	int exit_code;
};

static enum err_class take_lock(struct supervisor *s, struct err *e)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	struct arena a = {0};
	const char *run = node_path(s->node, &a, "run");
	int fd = -1;

	if (mkdir(run, 0700) == 0 || errno == EEXIST)
		fd = open(node_path(s->node, &a, "run/lock"),
		    O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	s->lock = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 16);
	if (fd >= 0)
		(void)close(fd);
	arena_fini(&a);
	if (s->lock < 0)
		return err_errno(e, "run/lock");
	/* The processes of a supervisor that was killed may be dying still. */
	for (int i = 0; i < LOCK_TRIES; i++) {
		if (fcntl(s->lock, F_OFD_SETLK, &lock) == 0)
			return ERR_NONE;
		(void)usleep(LOCK_US);
	}
	return err_set(e, ERR_BUSY, "serve.running",
	    "このノードはすでに動いています",
	    "the node is being served already");
}

/* Descriptors that processes get lie above those they get them as. */
static enum err_class lift(int *fd, struct err *e)
{
	int high = fcntl(*fd, F_DUPFD_CLOEXEC, 16);

	(void)close(*fd);
	*fd = high;
	return high < 0 ? err_errno(e, "socket") : ERR_NONE;
}

static enum err_class open_sockets(
    struct supervisor *s, const int count[SERVE_KIND_COUNT], struct err *e)
{
	for (int k = 0; k < SERVE_KIND_COUNT; k++) {
		(void)snprintf(s->real[k], LISTEN_TEXT, "-");
		if (count[k] == 0)
			continue;
		switch ((enum serve_kind)k) {
		case SERVE_GATE:
			TRY(listen_open(
			    s->node->listen, &s->socket[k], s->real[k], e));
			break;
		case SERVE_DESK:
			TRY(listen_open(
			    s->node->desk, &s->socket[k], s->real[k], e));
			break;
		case SERVE_WORK:
			TRY(wake_open(s->node, &s->socket[k], e));
			break;
		case SERVE_KIND_COUNT:
			break;
		}
		TRY(lift(&s->socket[k], e));
	}
	return ERR_NONE;
}

static enum err_class catch_signals(struct supervisor *s, struct err *e)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGCHLD);
	(void)signal(SIGPIPE, SIG_IGN); /* kept by the processes, too */
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return err_errno(e, "sigprocmask");
	s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return s->signals < 0 ? err_errno(e, "signalfd") : ERR_NONE;
}

static void put_file(
    const struct supervisor *s, const char *below, struct text what)
{
	struct arena a = {0};
	struct err e;

	if (file_put(node_path(s->node, &a, below), text_bytes(what), 0600,
		true, &e) != ERR_NONE)
		log_err(NAME, &e);
	arena_fini(&a);
}

/* For `status`. */
static void write_state(const struct supervisor *s)
{
	json_t *processes = json_array();
	json_t *j;
	char *z;

	for (int i = 0; i < s->count; i++) {
		const struct serve_process *p = &s->process[i];

		if (json_array_append_new(processes,
			json_pack("{s:s,s:i,s:i,s:b,s:i}", "kind",
			    serve_kind_name(p->kind), "pid", (int)p->pid,
			    "restarts", p->restarts, "ready", p->ready,
			    "delay_ms", p->ready ? 0 : p->delay_ms)) != 0)
			abort(); /* out of memory */
	}
	j = json_pack("{s:i,s:b,s:o}", "pid", (int)getpid(), "ending",
	    s->ending, "processes", processes);
	z = j ? json_dumps(j, JSON_COMPACT) : NULL;
	if (z == NULL)
		abort(); /* out of memory */
	put_file(s, "run/state.json", text_z(z));
	free(z);
	json_decref(j);
}

/* sd_notify(3)'s protocol: one datagram to the socket the variable names. */
static void notify(const char *what)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t n = path ? strlen(path) : 0;
	int fd;

	if (n == 0 || n >= sizeof(to.sun_path))
		return;
	memcpy(to.sun_path, path, n);
	if (path[0] == '@')
		to.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)sendto(fd, what, strlen(what), MSG_NOSIGNAL,
	    (const struct sockaddr *)&to,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
	(void)close(fd);
}

static void announce(struct supervisor *s)
{
	char ports[2 * LISTEN_TEXT + 16];

	s->announced = true;
	(void)snprintf(ports, sizeof(ports), "gate=%s\ndesk=%s\n",
	    s->real[SERVE_GATE], s->real[SERVE_DESK]);
	put_file(s, "run/ports", text_z(ports));
	(void)printf("READY gate=%s desk=%s\n", s->real[SERVE_GATE],
	    s->real[SERVE_DESK]);
	(void)fflush(stdout);
	notify("READY=1");
}

static void begin_end(struct supervisor *s)
{
	if (s->ending)
		return;
	s->ending = true;
	s->end_us = clock_monotonic() + END_US;
	notify("STOPPING=1");
	for (int i = 0; i < s->count; i++)
		if (s->process[i].pid > 0)
			(void)kill(s->process[i].pid, SIGTERM);
}

/* What a death says before all have ever been ready: the node cannot be
 * served as it is. */
static void give_up(struct supervisor *s, int status)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : 6;

	log_line(NAME, "not ready after %d attempts; ending", EARLY_MAX);
	s->exit_code = code == 3 ? code : 6;
	begin_end(s);
}

static void bury(struct supervisor *s, pid_t pid, int status)
{
	for (int i = 0; i < s->count; i++) {
		struct serve_process *p = &s->process[i];

		if (p->pid != pid)
			continue;
		serve_process_died(p);
		if (s->ending)
			return;
		log_line(NAME, "%s %ld ended (%s %d); again in %d ms",
		    serve_kind_name(p->kind), (long)pid,
		    WIFSIGNALED(status) ? "signal" : "exit",
		    WIFSIGNALED(status) ? WTERMSIG(status)
					: WEXITSTATUS(status),
		    p->delay_ms);
		/* A database that cannot be reached yet is waited for. */
		if (!s->announced && p->early >= EARLY_MAX &&
		    !(WIFEXITED(status) && WEXITSTATUS(status) == BUSY_EXIT))
			give_up(s, status);
		return;
	}
}

static void read_signals(struct supervisor *s)
{
	struct signalfd_siginfo info;
	int status;
	pid_t pid;

	while (read(s->signals, &info, sizeof(info)) == sizeof(info))
		if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT)
			begin_end(s);
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		bury(s, pid, status);
}

static void start_due(struct supervisor *s)
{
	int64_t now = clock_monotonic();

	for (int i = 0; i < s->count && !s->ending; i++) {
		struct serve_process *p = &s->process[i];

		if (p->pid == 0 && p->due_us <= now)
			serve_process_start(
			    p, s->node->path, s->socket[p->kind], s->lock);
	}
}

/* Until the next start or the end of patience; -1: neither. */
static int patience_ms(const struct supervisor *s)
{
	int64_t until = s->ending && !s->killed ? s->end_us : INT64_MAX;
	int64_t now = clock_monotonic();

	for (int i = 0; i < s->count && !s->ending; i++)
		if (s->process[i].pid == 0 && s->process[i].due_us < until)
			until = s->process[i].due_us;
	if (until == INT64_MAX)
		return -1;
	return until <= now ? 0 : (int)((until - now) / 1000) + 1;
}

static void wait_for_news(struct supervisor *s)
{
	struct pollfd fd[PROCESSES + 1];
	int of[PROCESSES + 1];
	nfds_t n = 1;

	fd[0] = (struct pollfd){.fd = s->signals, .events = POLLIN};
	for (int i = 0; i < s->count; i++) {
		if (s->process[i].ready_fd < 0)
			continue;
		of[n] = i;
		fd[n++] = (struct pollfd){
		    .fd = s->process[i].ready_fd, .events = POLLIN};
	}
	if (poll(fd, n, patience_ms(s)) < 0)
		return; /* EINTR: the loop comes again */
	/* Before the dead are buried: a pipe may be told and closed. */
	for (nfds_t i = 1; i < n; i++)
		if (fd[i].revents != 0)
			serve_process_told(&s->process[of[i]]);
	if (fd[0].revents != 0)
		read_signals(s);
}

static bool all_ready(const struct supervisor *s)
{
	for (int i = 0; i < s->count; i++)
		if (!s->process[i].ready)
			return false;
	return true;
}

static bool any_lives(const struct supervisor *s)
{
	for (int i = 0; i < s->count; i++)
		if (s->process[i].pid > 0)
			return true;
	return false;
}

static void kill_all(struct supervisor *s)
{
	log_line(NAME, "killing what has not ended");
	s->killed = true;
	for (int i = 0; i < s->count; i++)
		if (s->process[i].pid > 0)
			(void)kill(s->process[i].pid, SIGKILL);
}

static void supervise(struct supervisor *s)
{
	while (!s->ending || any_lives(s)) {
		start_due(s);
		write_state(s);
		wait_for_news(s);
		if (!s->announced && !s->ending && all_ready(s)) {
			write_state(s);
			announce(s);
		}
		if (s->ending && !s->killed && clock_monotonic() >= s->end_us)
			kill_all(s);
	}
}

static void clean_up(const struct supervisor *s)
{
	static const char *const files[] = {
	    "run/state.json", "run/ports", "run/work.sock"};
	struct arena a = {0};

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		(void)unlink(node_path(s->node, &a, files[i]));
	arena_fini(&a);
}

static enum err_class prepare(
    struct supervisor *s, const int count[SERVE_KIND_COUNT], struct err *e)
{
	TRY(take_lock(s, e));
	clean_up(s); /* what a killed supervisor left */
	TRY(open_sockets(s, count, e));
	TRY(catch_signals(s, e));
	for (int k = 0; k < SERVE_KIND_COUNT; k++)
		for (int i = 0; i < count[k]; i++)
			s->process[s->count++] = (struct serve_process){
			    .kind = (enum serve_kind)k, .ready_fd = -1};
	return ERR_NONE;
}

enum err_class serve_supervise(const struct node *n,
    const int count[SERVE_KIND_COUNT], int *exit_code, struct err *e)
{
	struct supervisor *s = arena_xmalloc(sizeof(*s));
	enum err_class c;

	memset(s, 0, sizeof(*s));
	s->node = n;
	c = prepare(s, count, e);
	if (c == ERR_NONE) {
		supervise(s);
		clean_up(s);
		*exit_code = s->exit_code;
	}
	/* Descriptors end with the process, which ends now. */
	free(s);
	return c;
}
