/* call_client.c — other systems: their tokens (RFC 6749 §4.4), who they are. */
#include "api/calls.h"
#include "api/client.h"
#include "api/route.h"
#include "base/base64.h"
#include "parties/ward.h"

#include <stdio.h>

#define CLIENTS_MAX 200

/* One key of a form body (application/x-www-form-urlencoded); NULL: it is not
 * there. *bad: it is there twice, or not encoded well. */
static const char *form_text(struct call *c, const char *key, bool *bad)
{
	const char *found = NULL;
	struct text body = text_trust((const char *)c->raw.p, c->raw.n);

	while (body.n > 0) {
		const char *end = memchr(body.p, '&', body.n);
		size_t n = end != NULL ? (size_t)(end - body.p) : body.n;
		const char *eq = memchr(body.p, '=', n);
		size_t at = eq != NULL ? (size_t)(eq - body.p) : n;
		struct text value;

		if (text_is(text_trust(body.p, at), key)) {
			*bad =
			    *bad || found != NULL || eq == NULL ||
			    !route_decode(c->c->arena,
				text_trust(eq + 1, n - at - 1), true, &value);
			if (*bad)
				return NULL;
			found = text_cstr(c->c->arena, value);
		}
		n += end != NULL;
		body = text_trust(body.p + n, body.n - n);
	}
	return found;
}

/* RFC 6749 §2.3.1: id and secret by HTTP Basic, each form-encoded. */
static bool basic(struct call *c, struct client_try *t)
{
	const struct text word = TEXT("Basic ");
	struct text h = c->authorization;
	struct bytes raw;
	const char *colon;
	struct text id;
	struct text secret;

	if (h.n < word.n || strncasecmp(h.p, word.p, word.n) != 0 ||
	    !base64_decode(
		c->c->arena, text_trust(h.p + word.n, h.n - word.n), &raw))
		return false;
	colon = memchr(raw.p, ':', raw.n);
	if (colon == NULL)
		return false;
	id = text_trust(
	    (const char *)raw.p, (size_t)(colon - (const char *)raw.p));
	secret = text_trust(colon + 1, raw.n - id.n - 1);
	if (!route_decode(c->c->arena, id, true, &id) ||
	    !route_decode(c->c->arena, secret, true, &secret))
		return false;
	t->id = text_cstr(c->c->arena, id);
	t->secret = text_cstr(c->c->arena, secret);
	return true;
}

/* RFC 6749 §5.2 */
static enum err_class refuse(
    struct call *c, int status, const char *error, const char *why)
{
	c->status = status;
	c->out =
	    json_pack("{s:s,s:s}", "error", error, "error_description", why);
	if (status == 401)
		buf_z(&c->headers,
		    "WWW-Authenticate: Basic realm=\"shokai\"\r\n");
	return ERR_NONE;
}

static enum err_class give(struct call *c, const char *token, unsigned roles)
{
	char scope[WARD_USER_ROLES_TEXT];

	ward_user_roles_text(roles, scope);
	for (char *p = scope; *p != '\0'; p++)
		if (*p == ',')
			*p = ' ';
	c->out =
	    json_pack("{s:s,s:s,s:i,s:s}", "access_token", token, "token_type",
		"Bearer", "expires_in", CLIENT_LIFE_S, "scope", scope);
	buf_z(&c->headers, "Pragma: no-cache\r\n");
	return ERR_NONE;
}

static enum err_class take_try(struct call *c, struct client_try *t, bool *bad)
{
	const char *id = form_text(c, "client_id", bad);
	const char *secret = form_text(c, "client_secret", bad);
	const char *scope = form_text(c, "scope", bad);

	t->scope = scope != NULL ? scope : "";
	t->id = id != NULL ? id : "";
	t->secret = secret != NULL ? secret : "";
	/* One way to prove who one is, not two (§2.3). */
	if (c->authorization.n > 0)
		*bad = *bad || secret != NULL || !basic(c, t) ||
		       (id != NULL && strcmp(id, t->id) != 0);
	return ERR_NONE;
}

enum err_class call_client_token(struct call *c, struct err *e)
{
	struct client_try t = {.id = "", .secret = "", .scope = ""};
	char token[SESSION_TOKEN];
	bool bad = false;
	const char *grant = form_text(c, "grant_type", &bad);
	enum err_class class;
	unsigned roles;
	int64_t wait_s;

	TRY(take_try(c, &t, &bad));
	if (bad || grant == NULL)
		return refuse(c, 400, "invalid_request",
		    "a parameter is missing, repeated or malformed");
	if (strcmp(grant, "client_credentials") != 0)
		return refuse(c, 400, "unsupported_grant_type",
		    "client_credentials is the only one");
	class = client_token(c->c, &t, token, &roles, &wait_s, e);
	if (wait_s > 0)
		buf_printf(
		    &c->headers, "Retry-After: %lld\r\n", (long long)wait_s);
	if (class == ERR_NONE)
		return give(c, token, roles);
	if (strcmp(e->code, "oauth.client") == 0)
		return refuse(c, 401, "invalid_client", e->en);
	if (strcmp(e->code, "oauth.scope") == 0)
		return refuse(c, 400, "invalid_scope", e->en);
	return class;
}

static json_t *client_json(const struct client *x)
{
	char until[11];

	date_format(x->until, until);
	return json_pack("{s:s,s:s,s:o,s:s,s:s,s:o}", "id", x->id, "name",
	    x->name, "roles", call_user_roles(x->roles), "until", until, "who",
	    x->who, "at", told_moment(x->at_us));
}

enum err_class call_clients(struct call *c, struct err *e)
{
	struct client *x = arena_zero(c->c->arena, CLIENTS_MAX, sizeof(*x));
	json_t *items;
	size_t n;

	TRY(client_list(c->c, x, CLIENTS_MAX, &n, e));
	items = json_array();
	for (size_t i = 0; i < n; i++)
		(void)json_array_append_new(items, client_json(&x[i]));
	call_list(c, items, NULL);
	return ERR_NONE;
}

enum err_class call_client_new(struct call *c, struct err *e)
{
	const char *until = call_text(c->body, "until");
	struct client x = {
	    .until = ward_user_year_end(clock_date(c->c->now_us))};
	char secret[SESSION_TOKEN];

	if (!ward_text_good(call_text(c->body, "name"), 1, 60))
		return call_bad_value(e, "name");
	(void)snprintf(
	    x.name, sizeof(x.name), "%s", call_text(c->body, "name"));
	if (until[0] != '\0')
		(void)date_parse(text_z(until), &x.until);
	TRY(call_user_take_roles(c, &x.roles, e));
	TRY(client_add(c->c, &x, c->user.name, secret, e));
	c->out = client_json(&x);
	(void)json_object_set_new(c->out, "secret", json_string(secret));
	c->status = 201;
	return ERR_NONE;
}

enum err_class call_client_drop(struct call *c, struct err *e)
{
	return client_drop(c->c, c->param[0], c->user.name, e);
}
