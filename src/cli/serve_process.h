/*
 * serve_process.h — one process of a serve: started, ready, dead, due again.
 */
#ifndef SHOKAI_CLI_SERVE_PROCESS_H
#define SHOKAI_CLI_SERVE_PROCESS_H

#include "cli/serve.h"

struct serve_process {
	enum serve_kind kind;
	pid_t pid;    /* 0: not running */
	int ready_fd; /* -1: ready, or not running */
	bool ready;
	int restarts;
	int early;	    /* deaths in a row before being ready */
	int64_t started_us; /* on the monotonic clock, like the next */
	int64_t due_us;	    /* not running: to be started then */
	int delay_ms;	    /* before the next start */
};

/* Starts it; a failure counts as a death. */
void serve_process_start(
    struct serve_process *p, const char *node, int socket, int lock);

/* It has written, or closed, its ready_fd. */
void serve_process_told(struct serve_process *p);

/* It has died: due again after a delay that grows from 0.1 s to 10 s, and
 * begins anew once it has lived half a minute. */
void serve_process_died(struct serve_process *p);

#endif
