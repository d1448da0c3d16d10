/* serve.c — what supervisor, processes and status share; see serve.h. */
#include "cli/serve.h"

#include "base/log.h"

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define KIND_NAME_(id, name) name,
static const char *const names[] = {SERVE_KINDS(KIND_NAME_)};
#undef KIND_NAME_

const char *serve_kind_name(enum serve_kind k)
{
	return names[k];
}

bool serve_kind_named(const char *name, enum serve_kind *out)
{
	for (int k = 0; k < SERVE_KIND_COUNT; k++)
		if (strcmp(names[k], name) == 0) {
			*out = (enum serve_kind)k;
			return true;
		}
	return false;
}

void serve_batch(const struct node *n, const char *process)
{
	const struct sched_param none = {0};
	struct err e;

	if (n->batch_nice == 0)
		return;
	if (sched_setscheduler(0, SCHED_BATCH, &none) != 0 ||
	    setpriority(PRIO_PROCESS, 0,
		getpriority(PRIO_PROCESS, 0) + n->batch_nice) != 0) {
		(void)err_errno(&e, "batch_nice");
		log_err(process, &e);
	}
}

void serve_ready(void)
{
	/* Without a supervisor nobody listens, and nobody needs to. */
	if (write(SERVE_FD_READY, "r", 1) == 1)
		(void)close(SERVE_FD_READY);
}

bool serve_running(const struct node *n)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	struct arena a = {0};
	int fd = open(node_path(n, &a, "run/lock"), O_RDWR | O_CLOEXEC);
	bool held = fd >= 0 && fcntl(fd, F_OFD_GETLK, &lock) == 0 &&
		    lock.l_type != F_UNLCK;

	if (fd >= 0)
		(void)close(fd);
	arena_fini(&a);
	return held;
}
