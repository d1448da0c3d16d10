/* stream.c — see stream.h. */
#include "api/stream.h"

#include "api/desk.h"
#include "base/log.h"

#include <stdlib.h>

#define LOOK_MS 1000
#define LOOK_US (900 * INT64_C(1000))
#define CHECK_US (5 * CLOCK_SECOND) /* whether the session still stands */
#define BEAT_US (15 * CLOCK_SECOND)

struct stream {
	struct desk *desk;
	char token[SESSION_TOKEN];
	char stamp[STREAM_STAMP]; /* as told */
	int64_t checked_us;
	int64_t told_us;
	struct stream *next;
};

struct stamping {
	struct party_context *c;
	char *out;
};

static enum err_class stamp_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct stamping *x = arg;
	const struct node *n = x->c->node;
	struct store_rows *r;
	long long at[4] = {0};
	long long ward[3] = {0};
	bool found;

	TRY(store_one(tx, STMT_DESK_STAMP, NULL, 0, &r, &found, e));
	for (int i = 0; found && i < 4; i++)
		at[i] = store_get_int(r, i);
	store_rows_close(r);
	if (n->party == STORE_WARD) {
		TRY(store_one(tx, STMT_DESK_STAMP_WARD,
		    STORE_VALUES(store_z(n->code)), &r, &found, e));
		for (int i = 0; found && i < 3; i++)
			ward[i] = store_get_int(r, i);
		store_rows_close(r);
	}
	(void)snprintf(x->out, STREAM_STAMP,
	    "%lld.%lld.%lld.%lld.%lld.%lld.%lld", at[0], at[1], at[2], at[3],
	    ward[0], ward[1], ward[2]);
	return ERR_NONE;
}

enum err_class stream_stamp(
    struct party_context *c, char out[STREAM_STAMP], struct err *e)
{
	struct stamping x = {.c = c, .out = out};

	return store_read(c->store, stamp_read, &x, e);
}

/* The stamp as it is now: read once for all streams. */
static enum err_class look(struct desk *d, int64_t now, struct err *e)
{
	struct stream_pool *p = &d->streams;

	if (p->stamp[0] != '\0' && now - p->looked_us < LOOK_US)
		return ERR_NONE;
	TRY(stream_stamp(&d->context, p->stamp, e));
	p->looked_us = now;
	return ERR_NONE;
}

static enum err_class still_there(struct stream *s, struct err *e)
{
	struct session session = {.quiet = true};
	struct ward_user user;

	memcpy(session.token, s->token, sizeof(session.token));
	return session_load(&s->desk->context, &session, &user, e);
}

static enum err_class step(struct stream *s, struct buf *out, struct err *e)
{
	struct desk *d = s->desk;
	int64_t now = clock_monotonic();
	char at[CLOCK_TEXT];

	TRY(desk_refresh(d, e));
	if (now - s->checked_us >= CHECK_US) {
		TRY(still_there(s, e));
		s->checked_us = now;
	}
	TRY(look(d, now, e));
	clock_format(d->context.now_us, at);
	if (strcmp(s->stamp, d->streams.stamp) != 0) {
		memcpy(s->stamp, d->streams.stamp, sizeof(s->stamp));
		s->told_us = now;
		buf_printf(out,
		    "id: %s\nevent: changed\ndata: {\"what\":\"node\","
		    "\"at\":\"%s\"}\n\n",
		    s->stamp, at);
	} else if (now - s->told_us >= BEAT_US) {
		s->told_us = now;
		buf_printf(out, "event: beat\ndata: {\"at\":\"%s\"}\n\n", at);
	}
	return ERR_NONE;
}

/* What goes wrong ends the stream: who opens it anew is told why. */
static bool stream_next(void *ctx, struct server_answer *more)
{
	struct err e;
	enum err_class class = step(ctx, &more->body, &e);

	if (class == ERR_FAULT)
		log_err("desk", &e);
	return class == ERR_NONE;
}

static void stream_gone(void *ctx)
{
	struct stream *s = ctx;
	struct stream **at = &s->desk->streams.first;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	free(s);
}

bool stream_hold(struct desk *d, const struct call *c, const char *stamp,
    struct server_later *out)
{
	struct stream *s;
	int all = 0;
	int mine = 0;

	for (s = d->streams.first; s != NULL; s = s->next) {
		all++;
		mine += strcmp(s->token, c->session.token) == 0;
	}
	if (all >= STREAM_MAX || mine >= STREAM_OF_SESSION)
		return false;
	s = arena_xmalloc(sizeof(*s));
	*s = (struct stream){.desk = d,
	    .checked_us = clock_monotonic(),
	    .told_us = clock_monotonic(),
	    .next = d->streams.first};
	memcpy(s->token, c->session.token, sizeof(s->token));
	(void)snprintf(s->stamp, sizeof(s->stamp), "%s", stamp);
	d->streams.first = s;
	*out = (struct server_later){.next = stream_next,
	    .gone = stream_gone,
	    .ctx = s,
	    .every_ms = LOOK_MS};
	return true;
}
