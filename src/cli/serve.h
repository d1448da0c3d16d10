/*
 * serve.h — `shokai serve`: a supervisor and its processes, which share
 * nothing but the database (DESIGN §3).
 *
 * The supervisor holds NODE/run/lock, the listening sockets and the wake
 * socket, and nothing secret. It starts each process as this program again,
 * `serve NODE --child KIND`, with three descriptors; a process that dies is
 * started again, and all of them die with the supervisor.
 *
 *   NODE/run/lock        held while any of them lives
 *   NODE/run/state.json  pids and restarts, for `status`
 *   NODE/run/ports       "gate=HOST:PORT" and "desk=HOST:PORT", one a line
 *   NODE/run/work.sock   exchange/wake.h
 */
#ifndef SHOKAI_CLI_SERVE_H
#define SHOKAI_CLI_SERVE_H

#include "exchange/listen.h"
#include "exchange/node.h"
#include "exchange/server.h"

#include <jansson.h>
#include <signal.h>
#include <sys/types.h>

/* X(id, name) */
#define SERVE_KINDS(X) X(GATE, "gate") X(DESK, "desk") X(WORK, "work")
#define SERVE_KIND_(id, name) SERVE_##id,
enum serve_kind { SERVE_KINDS(SERVE_KIND_) SERVE_KIND_COUNT };
#define SERVE_PROCESSES_MAX 64 /* of one kind */

const char *serve_kind_name(enum serve_kind k);
bool serve_kind_named(const char *name, enum serve_kind *out);

/* Descriptors a process finds open. */
enum serve_fd {
	SERVE_FD_READY = 3, /* a byte written there says: ready */
	SERVE_FD_SOCKET,    /* gate, desk: listening; work: the wake socket */
	SERVE_FD_LOCK,	    /* kept open: the lock lasts as long as it lives */
};

/* Runs until it is told to end. count: how many processes of each kind.
 * ERR_BUSY "serve.running": another one serves the node. */
CHECKED enum err_class serve_supervise(const struct node *n,
    const int count[SERVE_KIND_COUNT], int *exit_code, struct err *e);

/* The processes' own loops: until they are told to end, or something that
 * ends the process. */
CHECKED enum err_class serve_gate(const struct node *n, struct err *e);
CHECKED enum err_class serve_desk(const struct node *n, struct err *e);
CHECKED enum err_class serve_work(const struct node *n, struct err *e);

/* The child of a desk that does one long call (api/aside.h). */
CHECKED enum err_class serve_call(const struct node *n, struct err *e);

/* An event loop that SIGTERM and SIGINT end. */
struct serve_loop {
	struct event_base *base;
	struct event *end[2];
};
void serve_loop_init(struct serve_loop *l);
void serve_loop_fini(struct serve_loop *l);

/* A server on the socket the supervisor opened; the process is ready then.
 * *out is NULL if it fails. */
CHECKED enum err_class serve_listen(const struct server_config *config,
    struct serve_loop *l, struct server **out, struct err *e);

/* This process stands behind the desk: SCHED_BATCH, batch_nice behind what
 * serve was started with. A system that does not let it is told in the log;
 * the work goes on. */
void serve_batch(const struct node *n, const char *process);

/* Tells the supervisor that this process is ready. */
void serve_ready(void);

/* Is some serve running on the node? (NODE/run/lock) */
bool serve_running(const struct node *n);

#endif
