/* call_session.c — signing in and out, oneself. */
#include "api/calls.h"
#include "api/openapi.h"
#include "base/clock.h"

#include <stdlib.h>

enum err_class call_session_openapi(struct call *c, struct err *e)
{
	(void)e;
	c->out = openapi_document(c->c->node->party);
	return ERR_NONE;
}

static void put_me(struct call *c)
{
	const struct node *n = c->c->node;
	json_t *node = json_pack("{s:s,s:s,s:s,s:s,s:b}", "code", n->code,
	    "name", n->name, "party", node_party_name(n->party), "version",
	    SHOKAI_VERSION, "totp", n->totp);

	c->out = call_user_json(&c->user, clock_date(c->c->now_us));
	if (c->out == NULL || node == NULL)
		abort(); /* out of memory */
	(void)json_object_del(c->out, "locked");
	(void)json_object_set_new(
	    c->out, "csrf_token", json_string(c->session.csrf));
	(void)json_object_set_new(
	    c->out, "idle_s", json_integer(SESSION_IDLE_S));
	(void)json_object_set_new(
	    c->out, "ends", told_moment(c->session.ends_us));
	(void)json_object_set_new(c->out, "node", node);
	(void)json_object_set_new(c->out, "now", told_moment(c->c->now_us));
}

static void put_cookie(struct call *c, const char *token, int seconds)
{
	buf_printf(&c->headers,
	    "Set-Cookie: " SESSION_COOKIE
	    "=%s; Path=/; Max-Age=%d; HttpOnly; Secure; SameSite=Strict\r\n",
	    token, seconds);
}

enum err_class call_session_begin(struct call *c, struct err *e)
{
	const struct session_try t = {
	    .name = call_text(c->body, "name"),
	    .password = call_text(c->body, "password"),
	    .totp = call_text(c->body, "totp"),
	    .certificate = c->certificate,
	    .before = c->session.token,
	};
	struct session fresh = {.token = ""};
	int64_t wait_s;
	enum err_class class = session_begin(c->c, &t, &fresh, &wait_s, e);

	if (wait_s > 0)
		buf_printf(
		    &c->headers, "Retry-After: %lld\r\n", (long long)wait_s);
	TRY(class);
	c->session = fresh;
	TRY(session_load(c->c, &c->session, &c->user, e));
	put_cookie(c, fresh.token, SESSION_LIFE_S);
	put_me(c);
	c->status = 201;
	return ERR_NONE;
}

enum err_class call_session_me(struct call *c, struct err *e)
{
	(void)e;
	put_me(c);
	return ERR_NONE;
}

enum err_class call_session_end(struct call *c, struct err *e)
{
	TRY(session_end(c->c, &c->session, e));
	put_cookie(c, "", 0);
	return ERR_NONE;
}

enum err_class call_session_password(struct call *c, struct err *e)
{
	return session_password(c->c, &c->session, call_text(c->body, "old"),
	    call_text(c->body, "new"), e);
}
