/* call_session.c — signing in and out, oneself. */
#include "api/calls.h"
#include "api/openapi.h"
#include "base/clock.h"

#include <stdlib.h>

enum err_class call_openapi(struct call *c, struct err *e)
{
	(void)e;
	c->out = openapi_document(c->c->node->party);
	return ERR_NONE;
}

json_t *call_roles(unsigned roles)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < ROLE_BITS; i++)
		if ((roles & 1U << i) != 0)
			(void)json_array_append_new(
			    list, json_string(ward_user_role_name(
				      (enum ward_user_role_bit)i)));
	return list;
}

static json_t *day(struct date d)
{
	char z[11];

	date_format(d, z);
	return json_string(z);
}

/* "1,2,3" as a list. */
static json_t *kinds_json(const char *z)
{
	json_t *list = json_array();

	while (*z != '\0') {
		size_t n = strcspn(z, ",");

		(void)json_array_append_new(list, json_stringn(z, n));
		z += n;
		z += *z == ',';
	}
	return list;
}

static json_t *appointments_json(const struct ward_user *u, struct date today)
{
	json_t *list = json_array();

	for (size_t i = 0; i < u->appointment_count; i++) {
		const struct ward_appointment *a = &u->appointments[i];

		(void)json_array_append_new(list,
		    json_pack("{s:s,s:o,s:o,s:o,s:I}", "number", a->number,
			"from", day(a->from), "to", day(a->to), "kinds",
			kinds_json(a->kinds), "days_left",
			(json_int_t)(date_days(a->to) - date_days(today))));
	}
	return list;
}

json_t *call_user_json(const struct ward_user *u, struct date today)
{
	return json_pack("{s:s,s:o,s:o,s:b,s:I,s:o}", "name", u->name, "roles",
	    call_roles(u->roles), "until", day(u->until), "locked", u->locked,
	    "days_left", (json_int_t)(date_days(u->until) - date_days(today)),
	    "appointments", appointments_json(u, today));
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
	    c->out, "ends", call_moment(c->session.ends_us));
	(void)json_object_set_new(c->out, "node", node);
	(void)json_object_set_new(c->out, "now", call_moment(c->c->now_us));
}

static void put_cookie(struct call *c, const char *token, int seconds)
{
	buf_printf(&c->headers,
	    "Set-Cookie: " SESSION_COOKIE
	    "=%s; Path=/; Max-Age=%d; HttpOnly; Secure; SameSite=Strict\r\n",
	    token, seconds);
}

enum err_class call_sign_in(struct call *c, struct err *e)
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

enum err_class call_me(struct call *c, struct err *e)
{
	(void)e;
	put_me(c);
	return ERR_NONE;
}

enum err_class call_sign_out(struct call *c, struct err *e)
{
	TRY(session_end(c->c, &c->session, e));
	put_cookie(c, "", 0);
	return ERR_NONE;
}

enum err_class call_password(struct call *c, struct err *e)
{
	return session_password(c->c, &c->session, call_text(c->body, "old"),
	    call_text(c->body, "new"), e);
}
