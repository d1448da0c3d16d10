/*
 * aside.c — see aside.h. The child is told by a file without a name (who asks,
 * for what), and answers in another one: a line of JSON (status, header lines,
 * whether the body is to be sent from the file), then the body.
 */
#include "api/aside.h"

#include "api/calls.h"
#include "api/route.h"
#include "base/file.h"
#include "base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOOK_MS 50
#define RESULT_MAX ((size_t)4 << 20)
#define HEAD_MAX 16384
#define FILE_PIECE ((size_t)1 << 20)
#define ORDER_MAX ((size_t)4 << 20)

/* What the child is told before the JSON. */
struct told_first {
	struct ward_user user;
	struct session session;
};

struct aside {
	struct desk *desk;
	pid_t pid;
	int result;
	char progress[4096]; /* its file's path, or "" */
	bool kept;	     /* what it answers is: once is set */
	bool secret;
	struct once once;
	char user[WARD_USER_NAME];
	char key[65];
};

/* --- progress --- */

/* The name says nothing of the user. */
static const char *progress_path(
    const struct node *n, struct arena *a, const char *user, const char *key)
{
	const struct bytes parts[] = {text_bytes(text_z(user)),
	    text_bytes(TEXT("\n")), text_bytes(text_z(key))};
	char hex[DIGEST_TEXT];

	digest_hex(digest_of(parts, 3), hex);
	return node_path(n, a, arena_printf(a, "run/call-%.32s", hex));
}

bool aside_progress(const struct node *n, struct arena *a, const char *user,
    const char *key, int64_t *done, int64_t *of)
{
	int fd = open(progress_path(n, a, user, key), O_RDONLY | O_CLOEXEC);
	long long at[2] = {0};
	char text[64] = "";
	ssize_t size;

	if (fd < 0)
		return false;
	size = read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	if (size > 0)
		(void)sscanf(text, "%lld %lld", &at[0], &at[1]);
	*done = at[0];
	*of = at[1];
	return true;
}

/* --- the desk's side --- */

/* Above those that the child finds open (enum aside_fd). */
static int above(int low)
{
	int fd = low < 0 ? -1 : fcntl(low, F_DUPFD_CLOEXEC, 16);

	if (low >= 0)
		(void)close(low);
	return fd;
}

static int nameless(const char *name)
{
	return above(memfd_create(name, MFD_CLOEXEC));
}

/* What may be large: on the disk, without a name there either. */
static int on_disk(const struct node *n)
{
	struct err e;
	int fd;

	return file_unnamed(n->path, &fd, &e) == ERR_NONE ? above(fd) : -1;
}

static enum err_class put_order(int fd, const struct call *c, struct err *e)
{
	struct told_first first;
	json_t *params = json_array();
	enum err_class class;
	json_t *o;
	char *z;

	memset(&first, 0, sizeof(first));
	first.user = c->user;
	first.session = c->session;
	for (int i = 0; i < CALL_PARAMS; i++)
		(void)json_array_append_new(
		    params, c->param[i] != NULL ? json_string(c->param[i])
						: json_null());
	o = json_pack("{s:s,s:s,s:o,s:O,s:O?}", "method", c->route->method,
	    "path", c->route->path, "params", params, "query", c->query, "body",
	    c->body);
	z = o != NULL ? json_dumps(o, JSON_COMPACT) : NULL;
	if (z == NULL)
		abort(); /* out of memory */
	class = file_write_all(fd, BYTES(&first, sizeof(first)), "order", e);
	if (class == ERR_NONE)
		class = file_write_all(fd, text_bytes(text_z(z)), "order", e);
	if (class == ERR_NONE && lseek(fd, 0, SEEK_SET) != 0)
		class = err_errno(e, "order");
	free(z);
	json_decref(o);
	return class;
}

/* In the new process: only what may be called between fork and exec. */
static void become(const char *node, const int fd[4], pid_t desk)
{
	sigset_t none;

	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != desk)
		_exit(6);
	for (int i = 0; i < 4; i++)
		if (dup2(fd[i], ASIDE_FD_ORDER + i) < 0)
			_exit(6);
	(void)execl("/proc/self/exe", "shokai", "serve", "--child", "call",
	    "--", node, (char *)NULL);
	_exit(6);
}

static int open_progress(struct aside *x, struct arena *a)
{
	const struct node *n = x->desk->context.node;

	if (x->key[0] == '\0')
		return nameless("progress");
	(void)snprintf(x->progress, sizeof(x->progress), "%s",
	    progress_path(n, a, x->user, x->key));
	return above(open(x->progress, O_RDWR | O_CREAT | O_CLOEXEC, 0600));
}

static enum err_class start(
    struct aside *x, const struct call *c, int file, struct err *e)
{
	pid_t desk = getpid();
	const int fd[4] = {nameless("order"),
	    file >= 0 ? fcntl(file, F_DUPFD_CLOEXEC, 16) : nameless("body"),
	    on_disk(c->c->node), open_progress(x, c->c->arena)};
	enum err_class class = ERR_NONE;

	for (int i = 0; i < 4 && class == ERR_NONE; i++)
		if (fd[i] < 0)
			class = err_errno(e, "a long call");
	if (class == ERR_NONE)
		class = put_order(fd[0], c, e);
	if (class == ERR_NONE) {
		x->pid = fork();
		if (x->pid == 0)
			become(c->c->node->path, fd, desk);
		if (x->pid < 0)
			class = err_errno(e, "fork");
	}
	for (int i = 0; i < 4; i++)
		if (i != 2 && fd[i] >= 0)
			(void)close(fd[i]);
	x->result = fd[2];
	return class;
}

/* What stood in run/ while it lived. */
static void clean(struct aside *x)
{
	struct arena a = {0};

	if (x->progress[0] != '\0')
		(void)unlink(x->progress);
	call_export_remove(x->desk->context.node, &a, x->pid);
	arena_fini(&a);
}

void aside_sweep(const struct node *n)
{
	struct arena a = {0};
	DIR *d = opendir(node_path(n, &a, "run"));
	const struct dirent *entry;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		int64_t pid;

		if (strncmp(entry->d_name, "export-", 7) == 0 &&
		    text_to_int(text_z(entry->d_name + 7), INT32_MAX, &pid) &&
		    kill((pid_t)pid, 0) != 0 && errno == ESRCH)
			call_export_remove(n, &a, (pid_t)pid);
	}
	if (d != NULL)
		(void)closedir(d);
	arena_fini(&a);
}

static void aside_gone(void *ctx)
{
	struct aside *x = ctx;

	if (x->pid > 0) { /* the desk ends */
		(void)kill(x->pid, SIGKILL);
		(void)waitpid(x->pid, NULL, 0);
	}
	if (x->pid != 0) /* also one that has not begun */
		clean(x);
	if (x->result >= 0)
		(void)close(x->result);
	x->desk->asides--;
	free(x);
}

/* The body behind the head; a large one stays where it is. */
static bool take_body(struct aside *x, bool filed, size_t head, size_t size,
    struct server_answer *a)
{
	if (filed) {
		a->filed = true;
		a->file = x->result;
		a->file_at = head;
		a->file_size = size - head;
		x->result = -1;
		return true;
	}
	if (size > RESULT_MAX)
		return false;
	buf_room(&a->body, size - head + 1);
	a->body.n = size - head;
	return pread(x->result, a->body.p, a->body.n, (off_t)head) ==
	       (ssize_t)a->body.n;
}

/* The line of JSON and the body behind it; false: the child has died at it. */
static bool take_result(struct aside *x, struct server_answer *a)
{
	char head[HEAD_MAX];
	off_t size = lseek(x->result, 0, SEEK_END);
	ssize_t n = pread(x->result, head, sizeof(head), 0);
	const char *line = n > 0 ? memchr(head, '\n', (size_t)n) : NULL;
	json_t *o = line != NULL
			? json_loadb(head, (size_t)(line - head), 0, NULL)
			: NULL;
	const char *headers;
	int filed;
	bool good = json_unpack(o, "{s:i,s:s,s:b}", "status", &a->status,
			"headers", &headers, "file", &filed) == 0;

	if (good) {
		buf_z(&a->headers, headers);
		good = take_body(
		    x, filed != 0, (size_t)(line + 1 - head), (size_t)size, a);
	}
	json_decref(o);
	return good;
}

static bool aside_next(void *ctx, struct server_answer *a)
{
	struct aside *x = ctx;
	int state;
	struct err e;

	if (waitpid(x->pid, &state, WNOHANG) == 0)
		return true;
	clean(x);
	x->pid = 0;
	if (!take_result(x, a)) {
		log_line("desk", "a call beside the desk has died: %d", state);
		desk_put_failed(a);
	}
	if (x->kept && desk_refresh(x->desk, &e) == ERR_NONE)
		desk_keep_once(x->desk, x->secret, &x->once, a);
	return false;
}

enum err_class aside_begin(struct desk *d, const struct call *c,
    const struct aside_order *order, struct server_later *out, struct err *e)
{
	struct aside *x;
	enum err_class class;

	if (d->asides >= ASIDE_MAX)
		return err_set(e, ERR_BUSY, "request.busy_desk",
		    "時間のかかる処理が重なっています。少し待ってから、もう一度"
		    "押してください",
		    "too many long calls are at work; wait a moment, then try "
		    "again");
	x = arena_xmalloc(sizeof(*x));
	memset(x, 0, sizeof(*x));
	x->desk = d;
	x->pid = -1;
	(void)snprintf(x->user, sizeof(x->user), "%s", c->user.name);
	(void)snprintf(x->key, sizeof(x->key), "%s", order->key);
	x->secret = (c->route->flags & ROUTE_SECRET) != 0;
	if (order->once != NULL) {
		x->kept = true;
		x->once = *order->once;
		x->once.user = x->user;
		x->once.key = x->key;
	}
	d->asides++;
	class = start(x, c, order->file, e);
	if (class != ERR_NONE) {
		aside_gone(x);
		return class;
	}
	*out = (struct server_later){.next = aside_next,
	    .gone = aside_gone,
	    .ctx = x,
	    .every_ms = LOOK_MS};
	return ERR_NONE;
}

/* --- the child's side --- */

static enum err_class not_ours(struct err *e)
{
	return err_set(
	    e, ERR_FAULT, "fault", "指示を読めません", "no order of a desk's");
}

static enum err_class take_order(
    struct desk *d, struct call *c, json_t *o, struct err *e)
{
	const char *method;
	const char *path;
	json_t *params;
	size_t n;
	const struct route *table = route_table(&n);

	if (json_unpack(o, "{s:s,s:s,s:o,s:O,s:O}", "method", &method, "path",
		&path, "params", &params, "query", &c->query, "body",
		&c->body) != 0)
		return not_ours(e);
	for (size_t i = 0; i < n; i++)
		if (strcmp(table[i].method, method) == 0 &&
		    strcmp(table[i].path, path) == 0 &&
		    (table[i].flags & ROUTE_LONG) != 0)
			c->route = &table[i];
	for (size_t i = 0; i < CALL_PARAMS; i++) {
		const char *z = json_string_value(json_array_get(params, i));

		if (z != NULL)
			c->param[i] = arena_printf(&d->forever, "%s", z);
	}
	if (json_is_null(c->body))
		c->body = NULL;
	return c->route != NULL ? ERR_NONE : not_ours(e);
}

static enum err_class put_file(int fd, struct err *e)
{
	off_t at = 0;
	ssize_t n;

	do
		n = sendfile(ASIDE_FD_RESULT, fd, &at, FILE_PIECE);
	while (n > 0);
	return n == 0 ? ERR_NONE : err_errno(e, "result");
}

static enum err_class put_result(const struct server_answer *a, struct err *e)
{
	struct buf headers = {0};
	enum err_class class;
	json_t *o;
	char *z;

	if (a->type != NULL && (a->body.n > 0 || a->filed))
		buf_printf(&headers, "Content-Type: %s\r\n", a->type);
	buf_add(&headers, a->headers.p, a->headers.n);
	o = json_pack("{s:i,s:s%,s:b}", "status", a->status, "headers",
	    headers.n > 0 ? (const char *)headers.p : "", headers.n, "file",
	    a->filed);
	z = o != NULL ? json_dumps(o, JSON_COMPACT) : NULL;
	if (z == NULL)
		abort(); /* out of memory */
	buf_clear(&headers);
	buf_printf(&headers, "%s\n", z);
	free(z);
	json_decref(o);
	class =
	    file_write_all(ASIDE_FD_RESULT, buf_bytes(&headers), "result", e);
	if (class == ERR_NONE)
		class = file_write_all(
		    ASIDE_FD_RESULT, buf_bytes(&a->body), "result", e);
	if (class == ERR_NONE && a->filed)
		class = put_file(a->file, e);
	buf_fini(&headers);
	return class;
}

static enum err_class read_order(
    struct told_first *first, json_t **o, struct err *e)
{
	struct buf b = {0};
	ssize_t n;

	if (read(ASIDE_FD_ORDER, first, sizeof(*first)) != sizeof(*first))
		return not_ours(e);
	do {
		buf_room(&b, 65536);
		n = read(ASIDE_FD_ORDER, b.p + b.n, 65536);
		b.n += n > 0 ? (size_t)n : 0;
	} while (n > 0 && b.n < ORDER_MAX);
	*o = json_loadb((const char *)b.p, b.n, 0, NULL);
	buf_fini(&b);
	return *o != NULL ? ERR_NONE : not_ours(e);
}

enum err_class aside_run(struct desk *d, struct err *e)
{
	struct call c = {.c = &d->context,
	    .file = ASIDE_FD_BODY,
	    .progress = ASIDE_FD_PROGRESS};
	struct told_first first;
	struct server_answer a = {0};
	enum err_class class;
	json_t *o = NULL;

	for (int fd = ASIDE_FD_ORDER; fd <= ASIDE_FD_PROGRESS; fd++)
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	class = read_order(&first, &o, e);
	if (class == ERR_NONE) {
		c.user = first.user;
		c.session = first.session;
		class = take_order(d, &c, o, e);
	}
	if (class == ERR_NONE) {
		desk_run(d, &c, &a);
		class = put_result(&a, e);
	}
	if (a.filed)
		(void)close(a.file);
	buf_fini(&a.body);
	buf_fini(&a.headers);
	json_decref(o);
	return class;
}
