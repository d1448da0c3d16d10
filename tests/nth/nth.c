/* nth.c — see nth.h. */
#include "nth.h"

#include "base/memory.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_MAX 1000000
#define CHILD_SECONDS 60
#define SEEN 16384 /* ends that are known again */

struct nth_shared *nth;

static struct {
	long passed;
	long failed;
	const struct nth_piece *piece;
	enum nth_way way;
	long n;
	bool bad;
	char folder[64];
	struct digest seen[SEEN]; /* of this piece; zeros: none */
} loop;

const char *nth_name(enum nth_way way)
{
#define NTH_NAME_(id, name) name,
	static const char *const names[] = {NTH_WAYS(NTH_NAME_)};
#undef NTH_NAME_

	return names[way];
}

const char *nth_begin(void)
{
	static const struct rlimit none = {0, 0};

	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	(void)setrlimit(RLIMIT_CORE, &none);
	memory_guard();
	nth = mmap(NULL, sizeof(*nth), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (nth == MAP_FAILED)
		abort();
	(void)snprintf(loop.folder, sizeof(loop.folder), "%s/shokai-nth-XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/var/tmp");
	if (mkdtemp(loop.folder) == NULL ||
	    setenv("TMPDIR", loop.folder, 1) != 0)
		abort();
	return loop.folder;
}

void nth_arm(void)
{
	nth->left = loop.n;
}

void nth_wrong(const char *what)
{
	loop.bad = true;
	(void)printf("%s: %s %ld: %s (%s %s)\n", loop.piece->name,
	    nth_name(loop.way), loop.n, what, nth->code, nth->detail);
}

/* In the child: quiet, and not for ever. */
static _Noreturn void run_child(void)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct err e = {0};
	enum err_class class;

	if (fd < 0 || dup2(fd, STDERR_FILENO) < 0)
		_exit(99);
	(void)alarm(loop.piece->may_wait ? 4 : CHILD_SECONDS);
	class = loop.piece->work(loop.piece->ctx, &e);
	nth->left = 0;
	if (class != ERR_NONE) {
		(void)snprintf(nth->code, sizeof(nth->code), "%s", e.code);
		(void)snprintf(
		    nth->detail, sizeof(nth->detail), "%s", e.detail);
	}
	_exit((int)class);
}

static struct nth_end ended(int status)
{
	struct nth_end end = {0};
	int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

	if (sig == SIGABRT || (loop.piece->may_wait && sig == SIGALRM) ||
	    (loop.piece->may_crash && loop.way == NTH_ALLOCATION &&
		sig == SIGSEGV))
		end.died = true;
	else if (WIFEXITED(status) && WEXITSTATUS(status) <= ERR_FAULT)
		end.class = (enum err_class)WEXITSTATUS(status);
	else
		nth_wrong(sig != 0 ? strsignal(sig) : "ended somehow");
	return end;
}

static void judge(const struct nth_end *end)
{
	bool denied = end->class == ERR_INPUT || end->class == ERR_LIMIT ||
		      end->class == ERR_DENIED;

	if (denied && !end->died && !loop.piece->may_deny)
		nth_wrong("a failure of the machine is called bad input");
	if (!nth->met && (end->died || end->class != ERR_NONE))
		nth_wrong("fails untouched");
	if (nth->sync_retried && !loop.piece->may_sync)
		nth_wrong("a sync was tried after one had failed");
	if (nth->sync_failed && !nth->ending && !end->died &&
	    end->class != ERR_FAULT)
		nth_wrong("a failed sync did not end the work");
}

/* Was there such an end of this piece before? It is from now on. */
static bool known(const struct nth_piece *p, const struct nth_end *end)
{
	static const struct digest none;
	struct digest left = p->left(p->ctx);
	struct digest d =
	    digest_of((const struct bytes[]){BYTES(left.b, DIGEST_SIZE),
			  BYTES(&end->died, sizeof(end->died)),
			  BYTES(&end->class, sizeof(end->class))},
		3);
	size_t i;

	memcpy(&i, d.b, sizeof(i));
	for (size_t n = 0; n < SEEN / 2; n++) {
		struct digest *x = &loop.seen[(i + n) % SEEN];

		if (digest_eq(*x, d))
			return true;
		if (digest_eq(*x, none)) {
			*x = d;
			return false;
		}
	}
	return false;
}

/* One n; false: nothing was left to fail. */
static bool one(void)
{
	const struct nth_piece *p = loop.piece;
	struct nth_end end;
	int status;
	pid_t pid;

	memset(nth, 0, sizeof(*nth));
	nth->way = loop.way;
	p->before(p->ctx);
	pid = fork();
	if (pid == 0)
		run_child();
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		abort();
	nth->left = 0;
	end = ended(status);
	judge(&end);
	if (p->left == NULL || !known(p, &end))
		p->after(p->ctx, &end);
	return nth->met;
}

/* Of a loop in strides: where it begins. -1: all loops run, from the first. */
static long phase(void)
{
	const char *z = getenv("SHOKAI_NTH_PHASE");

	return z != NULL ? strtol(z, NULL, 10) : -1;
}

void nth_loop(const struct nth_piece *p, enum nth_way way)
{
	bool strides = way == NTH_ALLOCATION && p->stride > 0;
	long stride = strides ? p->stride : 1;
	long first = phase() >= 0 ? phase() % stride + 1 : 1;
	bool more = true;

	if (phase() >= 0 && !strides)
		return;
	if (loop.piece == NULL || strcmp(loop.piece->name, p->name) != 0)
		memset(loop.seen, 0, sizeof(loop.seen));
	loop.piece = p;
	loop.way = way;
	loop.bad = false;
	for (loop.n = first; more && !loop.bad && loop.n < N_MAX;
	     loop.n += stride)
		more = one();
	if (loop.n == 1 + stride)
		nth_wrong("nothing of the kind is ever met");
	if (loop.n >= N_MAX)
		nth_wrong("never passes untouched");
	if (loop.bad)
		loop.failed++;
	else
		loop.passed++;
	(void)printf("%s %s: %s, %ld\n", loop.bad ? "FAIL" : "ok", p->name,
	    nth_name(way), (loop.n - 1) / stride - 1);
}

void nth_loops(
    const struct nth_piece *p, const enum nth_way *ways, size_t count)
{
	for (size_t i = 0; i < count; i++)
		nth_loop(p, ways[i]);
}

static int remove_one(
    const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

int nth_close(void)
{
	(void)nftw(loop.folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	(void)printf("%ld passed, %ld failed\n", loop.passed, loop.failed);
	return loop.failed > 0 || loop.passed == 0;
}
