/* serve_process.c — see serve_process.h. */
#include "cli/serve_process.h"

#include "base/clock.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#define DELAY_FIRST 100
#define DELAY_LONGEST 10000
#define LIVED (30 * CLOCK_SECOND)

/* In the new process, before it becomes the program: only what may be called
 * between fork and exec. */
static void become(const struct serve_process *p, const char *node,
    const int fd[3], pid_t supervisor)
{
	sigset_t none;

	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	/* The supervisor may have died before prctl: then it is not ours. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != supervisor)
		_exit(6);
	/* All of fd are above the three (serve_supervise). */
	if (dup2(fd[0], SERVE_FD_READY) < 0 ||
	    dup2(fd[1], SERVE_FD_SOCKET) < 0 || dup2(fd[2], SERVE_FD_LOCK) < 0)
		_exit(6);
	(void)execl("/proc/self/exe", "shokai", "serve", "--child",
	    serve_kind_name(p->kind), "--", node, (char *)NULL);
	_exit(6);
}

void serve_process_start(
    struct serve_process *p, const char *node, int socket, int lock)
{
	pid_t supervisor = getpid();
	int pipes[2];
	int high;

	p->started_us = clock_monotonic();
	p->ready = false;
	if (pipe2(pipes, O_CLOEXEC) != 0) {
		serve_process_died(p);
		return;
	}
	high = fcntl(pipes[1], F_DUPFD_CLOEXEC, 16);
	(void)close(pipes[1]);
	p->pid = high < 0 ? -1 : fork();
	if (p->pid == 0)
		become(p, node, (const int[]){high, socket, lock}, supervisor);
	if (high >= 0)
		(void)close(high);
	p->ready_fd = pipes[0];
	if (p->pid < 0)
		serve_process_died(p);
}

void serve_process_told(struct serve_process *p)
{
	char byte;

	p->ready = read(p->ready_fd, &byte, 1) == 1;
	if (p->ready)
		p->early = 0;
	(void)close(p->ready_fd);
	p->ready_fd = -1;
}

void serve_process_died(struct serve_process *p)
{
	int64_t now = clock_monotonic();

	if (!p->ready)
		p->early++;
	if (p->ready_fd >= 0)
		(void)close(p->ready_fd);
	p->ready_fd = -1;
	p->ready = false;
	p->pid = 0;
	p->restarts++;
	if (p->delay_ms == 0 || now - p->started_us >= LIVED)
		p->delay_ms = DELAY_FIRST;
	else
		p->delay_ms *= 2;
	if (p->delay_ms > DELAY_LONGEST)
		p->delay_ms = DELAY_LONGEST;
	p->due_us = now + p->delay_ms * INT64_C(1000);
}
