/* client.c — see client.h. */
#include "api/client.h"

#include "api/guard.h"
#include "parties/ward.h"

#include <stdio.h>
#include <stdlib.h>

#define CLIENTS_MAX 200
#define NOT_FOR_CLIENTS (ROLE_APPROVER | ROLE_ADMIN)

static void hash(const char *token, char out[DIGEST_TEXT])
{
	const struct bytes parts[] = {
	    text_bytes(TEXT("access:")), text_bytes(text_z(token))};

	digest_hex(digest_of(parts, 2), out);
}

static void random_hex(struct party_context *c, size_t n, char *out)
{
	unsigned char b[32];

	c->random.fill(c->random.ctx, b, n);
	bytes_hex(b, n, out);
}

static void keep(char *out, size_t room, struct text t)
{
	(void)snprintf(out, room, "%.*s", (int)t.n, t.p);
}

static enum err_class log_it(struct store_tx *tx, struct party_context *c,
    const char *actor, const char *action, const char *id, struct err *e)
{
	return audit_add(tx,
	    &(const struct audit_entry){.actor = actor,
		.action = action,
		.kind = "client",
		.object = text_z(id),
		.authority = "",
		.purpose = "他システムの接続",
		.records = 1},
	    c->now_us, &c->random, e);
}

/* --- the table --- */

struct changing {
	struct party_context *c;
	struct client *x;
	const char *actor;
	const char *secret; /* as kept */
	size_t max;
	size_t n;
};

static enum err_class take(struct party_context *c, const struct store_rows *r,
    struct client *out, struct err *e)
{
	keep(out->id, sizeof(out->id), store_get_text(r, 0));
	keep(out->name, sizeof(out->name), store_get_text(r, 1));
	(void)date_parse(store_get_text(r, 3), &out->until);
	keep(out->who, sizeof(out->who), store_get_text(r, 4));
	out->at_us = store_get_int(r, 5);
	return ward_user_roles(
	    c->node->party, store_get_text(r, 2), &out->roles, e);
}

static enum err_class list_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct changing *g = arg;
	struct store_rows *r;
	enum err_class class;
	bool more;

	g->n = 0;
	TRY(store_query(tx, STMT_DESK_CLIENTS, NULL, 0, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more &&
	       g->n < g->max && class == ERR_NONE)
		class = take(g->c, r, &g->x[g->n++], e);
	store_rows_close(r);
	return class;
}

enum err_class client_list(struct party_context *c, struct client *out,
    size_t max, size_t *n, struct err *e)
{
	struct changing g = {.c = c, .x = out, .max = max};

	TRY(store_read(c->store, list_read, &g, e));
	*n = g.n;
	return ERR_NONE;
}

static enum err_class add_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct changing *g = arg;
	char roles[WARD_USER_ROLES_TEXT];
	char until[11];
	int64_t n;

	TRY(store_one_int(tx, STMT_DESK_CLIENT_COUNT, NULL, 0, &n, e));
	if (n >= CLIENTS_MAX)
		return err_set(e, ERR_LIMIT, "client.too_many",
		    "接続できる他システムは200までです", "at most 200 clients");
	ward_user_roles_text(g->x->roles, roles);
	date_format(g->x->until, until);
	TRY(STORE_DO(tx, STMT_DESK_CLIENT_ADD, e, store_z(g->x->id),
	    store_z(g->x->name), store_z(roles), store_z(g->secret),
	    store_z(until), store_z(g->actor), store_int(g->c->now_us)));
	return log_it(tx, g->c, g->actor, "configure", g->x->id, e);
}

enum err_class client_add(struct party_context *c, struct client *x,
    const char *actor, char secret[SESSION_TOKEN], struct err *e)
{
	char kept[160];
	char id[17];
	struct changing g = {.c = c, .x = x, .actor = actor, .secret = kept};

	if (x->roles == 0 || (x->roles & NOT_FOR_CLIENTS) != 0)
		return err_set(e, ERR_INPUT, "client.role",
		    "他システムには決裁者・管理者以外の役割を付けます",
		    "a client has roles, but neither approver nor admin");
	if (!ward_text_good(x->name, 1, 60))
		return err_set(e, ERR_INPUT, "client.name",
		    "名称は1から60文字です", "a name has 1 to 60 characters");
	random_hex(c, 8, id);
	(void)snprintf(x->id, sizeof(x->id), "client-%s", id);
	random_hex(c, 32, secret);
	TRY(ward_user_password(text_z(secret), &c->random, kept, e));
	return store_run(c->store, add_write, &g, e);
}

struct dropping {
	struct party_context *c;
	const char *id;
	const char *actor;
};

static enum err_class drop_write(struct store_tx *tx, void *arg, struct err *e)
{
	const struct dropping *d = arg;
	int64_t changed;

	TRY(STORE_DO(tx, STMT_DESK_TOKENS_OF, e, store_z(d->id)));
	TRY(store_do(tx, STMT_DESK_CLIENT_DROP, STORE_VALUES(store_z(d->id)),
	    &changed, e));
	if (changed == 0)
		return err_set(e, ERR_INPUT, "client.unknown",
		    "その接続はありません", "there is no such client");
	return log_it(tx, d->c, d->actor, "configure", d->id, e);
}

enum err_class client_drop(
    struct party_context *c, const char *id, const char *actor, struct err *e)
{
	struct dropping d = {.c = c, .id = id, .actor = actor};

	return store_run(c->store, drop_write, &d, e);
}

/* --- tokens --- */

struct asking {
	struct party_context *c;
	const struct client_try *t;
	struct client x;
	bool found;
	char secret[160];
	struct guard guard;
	unsigned roles;
	char token[DIGEST_TEXT];
};

static enum err_class ask_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct asking *a = arg;
	struct store_rows *r;
	enum err_class class = ERR_NONE;

	TRY(store_one(tx, STMT_DESK_CLIENT_GET, STORE_VALUES(store_z(a->t->id)),
	    &r, &a->found, e));
	if (a->found) {
		class = take(a->c, r, &a->x, e);
		keep(a->secret, sizeof(a->secret), store_get_text(r, 6));
	}
	store_rows_close(r);
	TRY(class);
	return guard_read(tx, a->t->id, a->found, &a->guard, e);
}

static enum err_class wrong_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct asking *a = arg;

	TRY(guard_failed(tx, &a->guard, a->c->now_us, e));
	return a->found ? log_it(tx, a->c, a->x.id, "refuse", a->x.id, e)
			: ERR_NONE;
}

static enum err_class token_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct asking *a = arg;
	char roles[WARD_USER_ROLES_TEXT];
	int64_t now = a->c->now_us;

	ward_user_roles_text(a->roles, roles);
	TRY(guard_passed(tx, &a->guard, e));
	TRY(STORE_DO(tx, STMT_DESK_TOKEN_SWEEP, e, store_int(now)));
	TRY(STORE_DO(tx, STMT_DESK_TOKEN_ADD, e, store_z(a->token),
	    store_z(a->x.id), store_z(roles),
	    store_int(now + CLIENT_LIFE_S * CLOCK_SECOND)));
	return log_it(tx, a->c, a->x.id, "signin", a->x.id, e);
}

/* "officer auditor" as roles that the client has. */
static enum err_class take_scope(struct asking *a, struct err *e)
{
	char *list = text_cstr(a->c->arena, text_z(a->t->scope));
	struct err unused;

	a->roles = a->x.roles;
	if (list[0] == '\0')
		return ERR_NONE;
	for (char *p = list; *p != '\0'; p++)
		if (*p == ' ')
			*p = ',';
	if (ward_user_roles(a->c->node->party, text_z(list), &a->roles,
		&unused) == ERR_NONE &&
	    (a->roles & ~a->x.roles) == 0)
		return ERR_NONE;
	return err_set(e, ERR_INPUT, "oauth.scope", "この接続にない役割です",
	    "not a scope of this client");
}

enum err_class client_token(struct party_context *c, const struct client_try *t,
    char token[SESSION_TOKEN], unsigned *roles, int64_t *wait_s, struct err *e)
{
	struct asking a = {.c = c, .t = t};
	bool good;

	*wait_s = 0;
	TRY(store_read(c->store, ask_read, &a, e));
	TRY(guard_check(&a.guard, c->now_us, wait_s, e));
	good = guard_verify(t->secret, a.secret);
	if (!good || !a.found ||
	    date_cmp(a.x.until, clock_date(c->now_us)) < 0) {
		TRY(store_run(c->store, wrong_write, &a, e));
		return err_set(e, ERR_DENIED, "oauth.client",
		    "接続の識別子または秘密が違います",
		    "no such client, or not its secret");
	}
	TRY(take_scope(&a, e));
	random_hex(c, 32, token);
	hash(token, a.token);
	*roles = a.roles;
	return store_run(c->store, token_write, &a, e);
}

struct loading {
	struct party_context *c;
	struct session *s;
	struct client x;
	char token[DIGEST_TEXT];
	unsigned roles;
	bool found;
};

static enum err_class load_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct loading *l = arg;
	enum err_class class = ERR_NONE;
	struct store_rows *r;

	TRY(store_one(tx, STMT_DESK_TOKEN_GET, STORE_VALUES(store_z(l->token)),
	    &r, &l->found, e));
	if (l->found) {
		class = take(l->c, r, &l->x, e);
		l->s->ends_us = store_get_int(r, 6);
		if (class == ERR_NONE)
			class = ward_user_roles(l->c->node->party,
			    store_get_text(r, 7), &l->roles, e);
	}
	store_rows_close(r);
	return class;
}

enum err_class client_load(struct party_context *c, struct session *s,
    struct ward_user *user, struct err *e)
{
	struct loading l = {.c = c, .s = s};

	hash(s->token, l.token);
	TRY(store_read(c->store, load_read, &l, e));
	if (!l.found || c->now_us >= s->ends_us ||
	    date_cmp(l.x.until, clock_date(c->now_us)) < 0)
		return err_set(e, ERR_DENIED, "token.unknown",
		    "アクセストークンが無効です",
		    "the access token is not, or no longer, valid");
	*user = (struct ward_user){
	    .roles = l.roles & l.x.roles, .until = l.x.until};
	keep(user->name, sizeof(user->name), text_z(l.x.id));
	keep(s->user, sizeof(s->user), text_z(l.x.id));
	return ERR_NONE;
}

bool client_bearer(struct text authorization, char out[SESSION_TOKEN])
{
	const struct text word = TEXT("Bearer ");
	size_t n = SESSION_TOKEN - 1;

	if (authorization.n < word.n ||
	    strncasecmp(authorization.p, word.p, word.n) != 0)
		return false;
	out[0] = '\0';
	/* One of another form is none of ours: it is looked up in vain. */
	if (authorization.n == word.n + n) {
		memcpy(out, authorization.p + word.n, n);
		out[n] = '\0';
	}
	return true;
}
