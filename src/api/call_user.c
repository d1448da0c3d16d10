/* call_user.c — users, roles, appointments; staff that is transferred. */
#include "api/calls.h"
#include "base/clock.h"

#include <stdio.h>

#define USERS_MAX 2000

json_t *call_user_roles(unsigned roles)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < ROLE_BITS; i++)
		if ((roles & 1U << i) != 0)
			(void)json_array_append_new(
			    list, json_string(ward_user_role_name(
				      (enum ward_user_role_bit)i)));
	return list;
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
			"from", told_date(a->from), "to", told_date(a->to),
			"kinds", kinds_json(a->kinds), "days_left",
			(json_int_t)(date_days(a->to) - date_days(today))));
	}
	return list;
}

json_t *call_user_json(const struct ward_user *u, struct date today)
{
	return json_pack("{s:s,s:o,s:o,s:b,s:I,s:o}", "name", u->name, "roles",
	    call_user_roles(u->roles), "until", told_date(u->until), "locked",
	    u->locked, "days_left",
	    (json_int_t)(date_days(u->until) - date_days(today)),
	    "appointments", appointments_json(u, today));
}

struct reading {
	struct call *c;
	const char *name; /* of one, or NULL */
	char (*names)[WARD_USER_NAME];
	size_t n;
	json_t *items;
	struct ward_user one;
	bool found;
};

static enum err_class names_read(
    struct store_tx *tx, struct reading *x, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	x->n = 0;
	TRY(store_query(tx, STMT_USER_LIST, NULL, 0, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more &&
	       x->n < USERS_MAX) {
		struct text t = store_get_text(r, 0);

		(void)snprintf(
		    x->names[x->n++], WARD_USER_NAME, "%.*s", (int)t.n, t.p);
	}
	store_rows_close(r);
	return class;
}

static enum err_class users_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct reading *x = arg;
	struct date today = clock_date(x->c->c->now_us);
	bool found;

	(void)json_array_clear(x->items);
	TRY(names_read(tx, x, e));
	for (size_t i = 0; i < x->n; i++) {
		struct ward_user u;

		TRY(ward_user_get(tx, x->names[i], &u, &found, e));
		if (found)
			(void)json_array_append_new(
			    x->items, call_user_json(&u, today));
	}
	return ERR_NONE;
}

enum err_class call_users(struct call *c, struct err *e)
{
	struct reading x = {.c = c, .items = json_array()};
	enum err_class class;

	x.names = arena_zero(c->c->arena, USERS_MAX, sizeof(*x.names));
	class = store_read(c->c->store, users_read, &x, e);
	if (class == ERR_NONE)
		call_list(c, x.items, NULL);
	else
		json_decref(x.items);
	return class;
}

static enum err_class one_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct reading *x = arg;

	return ward_user_get(tx, x->name, &x->one, &x->found, e);
}

static enum err_class get_user(struct call *c, struct reading *x, struct err *e)
{
	*x = (struct reading){.c = c, .name = c->param[0]};
	TRY(store_read(c->c->store, one_read, x, e));
	if (x->found)
		return ERR_NONE;
	return err_set(e, ERR_INPUT, "user.unknown", "その利用者はいません",
	    "there is no such user");
}

static void put_user(struct call *c, const struct ward_user *u)
{
	c->out = call_user_json(u, clock_date(c->c->now_us));
}

enum err_class call_user(struct call *c, struct err *e)
{
	struct reading x;

	TRY(get_user(c, &x, e));
	put_user(c, &x.one);
	return ERR_NONE;
}

/* A list of texts as one, joined. */
static const char *joined(struct call *c, const json_t *list, char sep)
{
	const char *all = "";
	size_t i;
	json_t *one;

	json_array_foreach(list, i, one)
	{
		const char *z = json_string_value(one);
		char between[2] = {i > 0 ? sep : '\0', '\0'};

		all = arena_printf(
		    c->c->arena, "%s%s%s", all, between, z != NULL ? z : "?");
	}
	return all;
}

/* [{number, from, to, kinds}] as ward_user_appointment reads them. */
static enum err_class take_appointments(
    struct call *c, struct ward_user *u, struct err *e)
{
	const json_t *list = json_object_get(c->body, "appointments");
	const char *all = "";
	size_t i;
	json_t *one;

	if (!json_is_array(list))
		return ERR_NONE;
	json_array_foreach(list, i, one)
	{
		all = arena_printf(c->c->arena, "%s%s%s:%s/%s:%s", all,
		    i > 0 ? ";" : "", call_text(one, "number"),
		    call_text(one, "from"), call_text(one, "to"),
		    joined(c, json_object_get(one, "kinds"), ','));
	}
	u->appointment_count = 0;
	return ward_user_appointment(c->c->codes, text_z(all), u, e);
}

enum err_class call_user_take_roles(
    struct call *c, unsigned *roles, struct err *e)
{
	return ward_user_roles(c->c->node->party,
	    text_z(joined(c, json_object_get(c->body, "roles"), ',')), roles,
	    e);
}

static enum err_class take_user(
    struct call *c, struct ward_user *u, struct err *e)
{
	const json_t *roles = json_object_get(c->body, "roles");
	const char *until = call_text(c->body, "until");

	if (roles != NULL)
		TRY(call_user_take_roles(c, &u->roles, e));
	if (until[0] != '\0')
		(void)date_parse(text_z(until), &u->until);
	return take_appointments(c, u, e);
}

enum err_class call_user_new(struct call *c, struct err *e)
{
	struct ward_user u = {0};

	(void)snprintf(
	    u.name, sizeof(u.name), "%s", call_text(c->body, "name"));
	u.until = ward_user_year_end(clock_date(c->c->now_us));
	TRY(take_user(c, &u, e));
	TRY(ward_user_add(c->c,
	    &(const struct ward_user_order){.u = &u,
		.password = text_z(call_text(c->body, "password")),
		.actor = c->user.name},
	    e));
	put_user(c, &u);
	c->status = 201;
	return ERR_NONE;
}

enum err_class call_user_change(struct call *c, struct err *e)
{
	struct reading x;

	TRY(get_user(c, &x, e));
	TRY(take_user(c, &x.one, e));
	TRY(ward_user_change(c->c, &x.one, c->user.name, e));
	put_user(c, &x.one);
	return ERR_NONE;
}

enum err_class call_user_lock(struct call *c, struct err *e)
{
	struct reading x;

	TRY(ward_user_lock(c->c, c->param[0], c->user.name, e));
	TRY(get_user(c, &x, e));
	put_user(c, &x.one);
	return ERR_NONE;
}

enum err_class call_user_unlock(struct call *c, struct err *e)
{
	struct reading x;

	TRY(get_user(c, &x, e));
	x.one.locked = false;
	TRY(ward_user_change(c->c, &x.one, c->user.name, e));
	put_user(c, &x.one);
	return ERR_NONE;
}

/* The account, and the appointments that are named anew, to the end of the
 * next fiscal year. */
enum err_class call_user_renew(struct call *c, struct err *e)
{
	struct date today = clock_date(c->c->now_us);
	struct reading x;
	struct date end;

	TRY(get_user(c, &x, e));
	end = ward_user_year_end(
	    date_cmp(x.one.until, today) > 0 ? x.one.until : today);
	if (date_cmp(end, x.one.until) == 0)
		end.year++;
	x.one.until = end;
	TRY(take_user(c, &x.one, e));
	TRY(ward_user_change(c->c, &x.one, c->user.name, e));
	put_user(c, &x.one);
	return ERR_NONE;
}

enum err_class call_user_certificate(struct call *c, struct err *e)
{
	return session_certificate(c->c, c->param[0],
	    call_text(c->body, "fingerprint"), c->user.name, e);
}

enum err_class call_user_totp(struct call *c, struct err *e)
{
	char secret[SESSION_SECRET];

	TRY(session_totp(c->c, c->param[0], c->user.name, secret, e));
	c->out = json_pack("{s:s,s:s}", "secret", secret, "uri",
	    session_totp_uri(c->c->arena, c->c->node, c->param[0], secret));
	return ERR_NONE;
}

struct transferring {
	struct call *c;
	const char *from;
	const char *to;
	int64_t waves;	 /* drafted: another asks */
	int64_t charges; /* others: another looks after them */
};

static enum err_class transfer_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct transferring *x = arg;
	struct ward_user to;
	bool found;

	TRY(ward_user_get(tx, x->to, &to, &found, e));
	TRY(ward_user_may(
	    &to, found, ROLE_OFFICER, clock_date(x->c->c->now_us), e));
	TRY(store_do(tx, STMT_DESK_WAVES_OF_USER,
	    STORE_VALUES(store_z(x->from), store_z(x->to)), &x->waves, e));
	TRY(store_do(tx, STMT_DESK_CHARGES_OF_USER,
	    STORE_VALUES(store_z(x->from), store_z(x->to)), &x->charges, e));
	return audit_add(tx,
	    &(const struct audit_entry){.actor = x->c->user.name,
		.action = "change",
		.kind = "user",
		.object = text_z(x->from),
		.authority = x->c->c->node->code,
		.purpose = arena_printf(x->c->c->arena, "異動（%s へ）: %s",
		    x->to, call_text(x->c->body, "reason")),
		.records = x->waves + x->charges},
	    x->c->c->now_us, &x->c->c->random, e);
}

enum err_class call_user_transfer(struct call *c, struct err *e)
{
	struct transferring x = {.c = c,
	    .from = call_text(c->body, "from"),
	    .to = call_text(c->body, "to")};

	TRY(store_run(c->c->store, transfer_write, &x, e));
	c->out = json_pack("{s:I,s:I}", "waves", (json_int_t)x.waves, "charges",
	    (json_int_t)x.charges);
	return ERR_NONE;
}
