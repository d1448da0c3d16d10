/*
 * call.h — one call of the API: what a handler is given and what it answers.
 *
 * The desk has checked session, role, CSRF token and shapes before. A handler
 * reads and changes by the functions of parties/ that the commands call, too.
 */
#ifndef SHOKAI_API_CALL_H
#define SHOKAI_API_CALL_H

#include "api/session.h"
#include "base/told.h"
#include "parties/party.h"
#include "parties/ward_user.h"

#include <jansson.h>

#define CALL_PARAMS 2
#define CALL_LIMIT 50
#define CALL_LIMIT_MAX 200

struct route;

struct call {
	struct party_context *c;
	const struct route *route;
	const char *param[CALL_PARAMS]; /* of the path, in order */
	json_t *query;			/* an object; integers are integers */
	json_t *body;			/* an object, or NULL */
	struct text last_event;		/* Last-Event-ID */
	struct text authorization;	/* its header */
	char certificate[DIGEST_TEXT];	/* of the terminal's; "": none shown */
	struct bytes raw;		/* of a route that takes one */
	int file;			/* the same of a ROUTE_LONG */
	int progress;			/* of a ROUTE_LONG: see call_progress */
	bool takes_events;		/* an event stream is asked for */
	struct ward_user user;		/* name "" where nobody is signed in */
	struct session session;
	/* The answer: */
	int status;	  /* 0: 200, or 204 where out is NULL */
	json_t *out;	  /* the caller's */
	const char *type; /* of bytes; NULL: out is the answer */
	struct buf bytes;
	bool filed;	    /* they are this whole file instead … */
	int out_file;	    /* … whose reader closes it */
	struct buf headers; /* further lines */
	bool wake;	    /* there is work for the node now */
	const char *stream; /* NULL, or what an event stream was told: it may
			     * stay open (stream.h) */
};

typedef enum err_class call_fn(struct call *c, struct err *e);

/* A key of the body or query: "" or 0 where it is missing. */
const char *call_text(const json_t *object, const char *key);
int64_t call_int(const json_t *object, const char *key);
bool call_bool(const json_t *object, const char *key);

/* Tells how far a ROUTE_LONG is; of 0: nobody knows. */
void call_progress(const struct call *c, int64_t done, int64_t of);

/* ?limit= */
size_t call_limit(const struct call *c);

/* The answer {items, next}; next "" is null. Takes items over. */
void call_list(struct call *c, json_t *items, const char *next);

/* A cursor of parts, and its parts again (texts in the arena); false if it is
 * none of ours with n parts. An absent cursor gives empty parts. */
const char *call_cursor(struct call *c, const char *const *parts, size_t n);
CHECKED enum err_class call_cursor_parts(
    struct call *c, const char **parts, size_t n, struct err *e);

/* The same where the cursor is one number, 0…max: *out stays where there is
 * none; next 0 is the last page. */
CHECKED enum err_class call_cursor_number(
    struct call *c, int64_t max, int64_t *out, struct err *e);
void call_list_number(struct call *c, json_t *items, int64_t next);

/* A wave's id of the path. ERR_INPUT "wave.unknown". */
CHECKED enum err_class call_wave_id(
    struct call *c, uint32_t *wave, struct err *e);

/* Is that person shielded (支援措置) and not revealed in this session? One who
 * is no longer kept is not. */
CHECKED enum err_class call_subject_masked(
    struct call *c, const char *atena, bool *masked, struct err *e);

/* ERR_INPUT "request.bad_value", at that key. */
CHECKED enum err_class call_bad_value(struct err *e, const char *key);

/* ERR_INPUT "not_found". */
CHECKED enum err_class call_not_found(struct err *e);

/* Roles as a list of names; and of the body's "roles" as bits. ERR_INPUT
 * "user.role". */
json_t *call_user_roles(unsigned roles);
CHECKED enum err_class call_user_take_roles(
    struct call *c, unsigned *roles, struct err *e);

/* A user with appointments and the days they have left. */
json_t *call_user_json(const struct ward_user *u, struct date today);

#endif
