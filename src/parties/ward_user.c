/* ward_user.c — see ward_user.h. */
#include "parties/ward_user.h"

#include "base/clock.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* RFC 7914 §2; 32 MiB for each try. */
#define SCRYPT_N 32768
#define SCRYPT_R 8
#define SCRYPT_P 1
#define SCRYPT_MEMORY ((uint64_t)64 << 20)
#define SALT 16
#define KEY 32
#define PASSWORD_MIN 8
#define PASSWORD_MAX 256

static const char *const role_names[] = {
#define ROLE_NAME_(id, name) name,
    WARD_USER_ROLES(ROLE_NAME_)
#undef ROLE_NAME_
};

static unsigned roles_of(enum store_party party)
{
	unsigned everywhere = ROLE_ADMIN | ROLE_AUDITOR;

	switch (party) {
	case STORE_WARD:
	case STORE_UNIT:
		return everywhere | ROLE_OFFICER | ROLE_APPROVER;
	case STORE_BANK:
		return everywhere | ROLE_CLERK | ROLE_INSPECTOR;
	case STORE_HUB:
		return everywhere | ROLE_OPERATOR;
	}
	return everywhere;
}

/* Takes what stands before the next sep off rest. */
static struct text take(struct text *rest, char sep)
{
	const char *p = rest->n ? memchr(rest->p, sep, rest->n) : NULL;
	struct text t = *rest;

	if (p == NULL) {
		*rest = text_trust("", 0);
		return t;
	}
	t.n = (size_t)(p - rest->p);
	*rest = text_trust(p + 1, rest->n - t.n - 1);
	return t;
}

static unsigned role_named(struct text name)
{
	for (unsigned i = 0; i < ROLE_BITS; i++)
		if (text_is(name, role_names[i]))
			return 1U << i;
	return 0;
}

enum err_class ward_user_roles(
    enum store_party party, struct text list, unsigned *out, struct err *e)
{
	unsigned roles = 0;

	while (list.n > 0) {
		unsigned role = role_named(take(&list, ','));

		if (role == 0 || (role & roles_of(party)) == 0)
			return err_set(e, ERR_INPUT, "user.role",
			    "この種類のノードにない役割です",
			    "no such role at this kind of node");
		roles |= role;
	}
	*out = roles;
	return roles != 0 ? ERR_NONE
			  : err_set(e, ERR_INPUT, "user.role",
				"役割が指定されていません", "no role is given");
}

static bool copy(char *out, size_t room, struct text t)
{
	if (t.n >= room)
		return false;
	memcpy(out, t.p, t.n);
	out[t.n] = '\0';
	return true;
}

static bool kinds_known(const struct codes *codes, struct text kinds)
{
	if (kinds.n == 0)
		return false;
	while (kinds.n > 0)
		if (!codes_kamoku_known(codes, take(&kinds, ',')))
			return false;
	return true;
}

static bool take_appointment(
    const struct codes *codes, struct text one, struct ward_appointment *out)
{
	struct text number = take(&one, ':');
	struct text from = take(&one, '/');
	struct text to = take(&one, ':');

	return number.n > 0 && copy(out->number, sizeof(out->number), number) &&
	       date_parse(from, &out->from) && date_parse(to, &out->to) &&
	       date_cmp(out->from, out->to) <= 0 && kinds_known(codes, one) &&
	       copy(out->kinds, sizeof(out->kinds), one);
}

enum err_class ward_user_appointment(const struct codes *codes,
    struct text list, struct ward_user *u, struct err *e)
{
	while (list.n > 0) {
		if (u->appointment_count == WARD_USER_APPOINTMENTS ||
		    !take_appointment(codes, take(&list, ';'),
			&u->appointments[u->appointment_count]))
			return err_set(e, ERR_INPUT, "user.appointment",
			    "証票は「番号:開始日/終了日:科目,…」の形です",
			    "an appointment is NUMBER:FROM/TO:KINDS");
		u->appointment_count++;
	}
	return ERR_NONE;
}

struct date ward_user_year_end(struct date today)
{
	/* The fiscal year ends on 31 March (地方自治法208条1項). */
	return (struct date){today.year + (today.month > 3), 3, 31};
}

static bool derive(
    struct text password, const unsigned char *salt, unsigned char *key)
{
	return EVP_PBE_scrypt(password.p, password.n, salt, SALT, SCRYPT_N,
		   SCRYPT_R, SCRYPT_P, SCRYPT_MEMORY, key, KEY) == 1;
}

enum err_class ward_user_hash(struct text password,
    const struct random_source *random, char out[160], struct err *e)
{
	unsigned char salt[SALT];
	unsigned char key[KEY];
	char salt_hex[2 * SALT + 1];
	char key_hex[2 * KEY + 1];

	random->fill(random->ctx, salt, sizeof(salt));
	if (!derive(password, salt, key))
		return err_set(e, ERR_FAULT, "fault", "暗号処理の失敗です",
		    "scrypt failed");
	bytes_hex(salt, SALT, salt_hex);
	bytes_hex(key, KEY, key_hex);
	OPENSSL_cleanse(key, sizeof(key));
	(void)snprintf(out, 160, "scrypt$%d$%d$%d$%s$%s", SCRYPT_N, SCRYPT_R,
	    SCRYPT_P, salt_hex, key_hex);
	return ERR_NONE;
}

bool ward_user_verify(struct text password, struct text kept)
{
	unsigned char salt[SALT];
	unsigned char want[KEY];
	unsigned char key[KEY];
	char prefix[32];
	struct text head;
	bool same;

	(void)snprintf(prefix, sizeof(prefix), "scrypt$%d$%d$%d$", SCRYPT_N,
	    SCRYPT_R, SCRYPT_P);
	head = text_z(prefix);
	if (password.n > PASSWORD_MAX ||
	    kept.n != head.n + 2 * SALT + 1 + 2 * KEY ||
	    memcmp(kept.p, head.p, head.n) != 0 ||
	    !bytes_unhex(text_trust(kept.p + head.n, 2 * SALT), salt, SALT) ||
	    !bytes_unhex(text_trust(kept.p + head.n + 2 * SALT + 1, 2 * KEY),
		want, KEY) ||
	    !derive(password, salt, key))
		return false;
	same = CRYPTO_memcmp(key, want, KEY) == 0;
	OPENSSL_cleanse(key, sizeof(key));
	return same;
}

const char *ward_user_role_name(enum ward_user_role_bit bit)
{
	return role_names[bit];
}

void ward_user_roles_text(unsigned roles, char out[WARD_USER_ROLES_TEXT])
{
	size_t n = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < ROLE_BITS; i++)
		if (roles & 1U << i)
			n += (size_t)snprintf(out + n, WARD_USER_ROLES_TEXT - n,
			    "%s%s", n ? "," : "", role_names[i]);
}

struct adding {
	struct party_context *c;
	const struct ward_user *u;
	const char *hash;
	bool replace;
	const char *actor;
};

static enum err_class put_appointments(
    struct store_tx *tx, const struct ward_user *u, struct err *e)
{
	TRY(STORE_DO(tx, STMT_USER_DISMISS, e, store_z(u->name)));
	for (size_t i = 0; i < u->appointment_count; i++) {
		const struct ward_appointment *a = &u->appointments[i];
		char from[11];
		char to[11];

		date_format(a->from, from);
		date_format(a->to, to);
		TRY(STORE_DO(tx, STMT_USER_APPOINT, e, store_z(u->name),
		    store_z(a->number), store_z(from), store_z(to),
		    store_z(a->kinds)));
	}
	return ERR_NONE;
}

/* actor NULL: whoever runs this program, the owner of the node's folder. */
static enum err_class add_log(struct store_tx *tx, struct party_context *c,
    const struct adding *x, const char *purpose, struct err *e)
{
	char uid[32];

	(void)snprintf(uid, sizeof(uid), "uid %ld", (long)getuid());
	return audit_add(tx,
	    &(const struct audit_entry){
		.actor = x->actor != NULL ? x->actor : uid,
		.action = "configure",
		.kind = "user",
		.object = text_z(x->u->name),
		.authority = "",
		.purpose = purpose,
		.records = 1},
	    c->now_us, &c->random, e);
}

static enum err_class add_write(struct store_tx *tx, void *arg, struct err *e)
{
	const struct adding *x = arg;
	const struct ward_user *u = x->u;
	struct ward_user old;
	char roles[WARD_USER_ROLES_TEXT];
	char until[11];
	bool found;

	ward_user_roles_text(u->roles, roles);
	date_format(u->until, until);
	TRY(ward_user_get(tx, u->name, &old, &found, e));
	if (found && !x->replace)
		return err_set(e, ERR_INPUT, "user.exists",
		    "その利用者はすでにいます", "there is such a user already");
	if (found)
		TRY(STORE_DO(tx, STMT_USER_PUT, e, store_z(u->name),
		    store_z(roles), store_z(x->hash), store_z(until)));
	else
		TRY(STORE_DO(tx, STMT_USER_ADD, e, store_z(u->name),
		    store_z(roles), store_z(x->hash), store_z(until),
		    store_int(0), store_int(x->c->now_us)));
	TRY(put_appointments(tx, u, e));
	return add_log(tx, x->c, x, "利用者の登録", e);
}

static bool name_good(struct text name)
{
	const struct text client = TEXT("client-"); /* of other systems */

	if (name.n == 0 || name.n >= WARD_USER_NAME)
		return false;
	if (name.n >= client.n && memcmp(name.p, client.p, client.n) == 0)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		unsigned char ch = (unsigned char)name.p[i];

		if (ch <= ' ' || ch == 0x7f || ch == ',' || ch == '/')
			return false;
	}
	return true;
}

enum err_class ward_user_password(struct text password,
    const struct random_source *random, char out[160], struct err *e)
{
	if (password.n < PASSWORD_MIN || password.n > PASSWORD_MAX)
		return err_set(e, ERR_INPUT, "user.password",
		    "パスワードは8から256文字です",
		    "a password has 8 to 256 bytes");
	return ward_user_hash(password, random, out, e);
}

enum err_class ward_user_add(
    struct party_context *c, const struct ward_user_order *order, struct err *e)
{
	char hash[160] = "";
	struct adding x = {.c = c,
	    .u = order->u,
	    .hash = hash,
	    .replace = order->replace,
	    .actor = order->actor};

	if (!name_good(text_z(order->u->name)))
		return err_set(e, ERR_INPUT, "user.name",
		    "利用者名は空白を含まない64バイトまでです",
		    "a user's name is up to 64 bytes without blanks");
	if (order->password.n > 0)
		TRY(ward_user_password(order->password, &c->random, hash, e));
	return store_run(c->store, add_write, &x, e);
}

static enum err_class unknown(struct err *e, enum err_class class)
{
	return err_set(e, class, "user.unknown", "その利用者はいません",
	    "there is no such user");
}

static enum err_class lock_write(struct store_tx *tx, void *arg, struct err *e)
{
	const struct adding *x = arg;
	struct ward_user u;
	bool found;

	TRY(ward_user_get(tx, x->u->name, &u, &found, e));
	if (!found)
		return unknown(e, ERR_INPUT);
	if (u.locked)
		return ERR_NONE;
	TRY(STORE_DO(tx, STMT_USER_LOCK, e, store_z(x->u->name)));
	TRY(STORE_DO(tx, STMT_DESK_SESSIONS_OF, e, store_z(x->u->name)));
	return add_log(tx, x->c, x, "利用者の停止", e);
}

enum err_class ward_user_lock(
    struct party_context *c, const char *name, const char *actor, struct err *e)
{
	struct ward_user u = {0};
	struct adding x = {.c = c, .u = &u, .actor = actor};

	if (!copy(u.name, sizeof(u.name), text_z(name)))
		return unknown(e, ERR_INPUT);
	return store_run(c->store, lock_write, &x, e);
}

static enum err_class change_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct adding *x = arg;
	char roles[WARD_USER_ROLES_TEXT];
	char until[11];
	int64_t changed;

	ward_user_roles_text(x->u->roles, roles);
	date_format(x->u->until, until);
	TRY(store_do(tx, STMT_DESK_USER_CHANGE,
	    STORE_VALUES(store_z(x->u->name), store_z(roles), store_z(until),
		store_int(x->u->locked)),
	    &changed, e));
	if (changed == 0)
		return unknown(e, ERR_INPUT);
	TRY(put_appointments(tx, x->u, e));
	if (x->u->locked)
		TRY(STORE_DO(
		    tx, STMT_DESK_SESSIONS_OF, e, store_z(x->u->name)));
	return add_log(tx, x->c, x, "利用者の変更", e);
}

enum err_class ward_user_change(struct party_context *c,
    const struct ward_user *u, const char *actor, struct err *e)
{
	struct adding x = {.c = c, .u = u, .actor = actor};

	return store_run(c->store, change_write, &x, e);
}

static enum err_class get_appointments(
    struct store_tx *tx, struct ward_user *u, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	TRY(store_query(
	    tx, STMT_USER_APPOINTMENTS, STORE_VALUES(store_z(u->name)), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more &&
	       u->appointment_count < WARD_USER_APPOINTMENTS) {
		struct ward_appointment *a =
		    &u->appointments[u->appointment_count];

		if (copy(a->number, sizeof(a->number), store_get_text(r, 0)) &&
		    date_parse(store_get_text(r, 1), &a->from) &&
		    date_parse(store_get_text(r, 2), &a->to) &&
		    copy(a->kinds, sizeof(a->kinds), store_get_text(r, 3)))
			u->appointment_count++;
	}
	store_rows_close(r);
	return class;
}

enum err_class ward_user_get(struct store_tx *tx, const char *name,
    struct ward_user *out, bool *found, struct err *e)
{
	struct store_rows *r;
	struct text roles;

	*out = (struct ward_user){0};
	TRY(store_one(
	    tx, STMT_USER_GET, STORE_VALUES(store_z(name)), &r, found, e));
	if (!*found) {
		store_rows_close(r);
		return ERR_NONE;
	}
	(void)copy(out->name, sizeof(out->name), text_z(name));
	roles = store_get_text(r, 0);
	while (roles.n > 0)
		out->roles |= role_named(take(&roles, ','));
	(void)date_parse(store_get_text(r, 2), &out->until);
	out->locked = store_get_int(r, 3) != 0;
	store_rows_close(r);
	return get_appointments(tx, out, e);
}

enum err_class ward_user_may(const struct ward_user *u, bool found,
    unsigned roles, struct date today, struct err *e)
{
	if (!found)
		return unknown(e, ERR_DENIED);
	if (u->locked)
		return err_set(e, ERR_DENIED, "user.locked",
		    "停止された利用者です", "this user is locked");
	if (date_cmp(today, u->until) > 0)
		return err_set(e, ERR_DENIED, "user.expired",
		    "利用者の有効期限が過ぎています",
		    "this user's account has ended");
	if ((u->roles & roles) == 0)
		return err_set(e, ERR_DENIED, "user.role",
		    "この操作の役割がありません",
		    "this user does not have the role");
	return ERR_NONE;
}

struct getting {
	const char *name;
	struct ward_user *out;
	bool found;
};

static enum err_class get_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct getting *g = arg;

	return ward_user_get(tx, g->name, g->out, &g->found, e);
}

enum err_class ward_user_acting(struct party_context *c, const char *name,
    unsigned roles, struct ward_user *out, struct err *e)
{
	struct getting g = {.name = name ? name : "", .out = out};
	struct stat st;

	if (stat(c->node->path, &st) != 0)
		return err_errno(e, "stat");
	if (st.st_uid != geteuid())
		return err_set(e, ERR_DENIED, "user.owner",
		    "--as はノードのフォルダの所有者だけが使えます",
		    "--as is only for the owner of the node's folder");
	TRY(store_read(c->store, get_read, &g, e));
	return ward_user_may(out, g.found, roles, clock_date(c->now_us), e);
}

static bool covers(const char *kinds, struct text kamoku)
{
	struct text rest = text_z(kinds);

	while (rest.n > 0)
		if (text_eq(take(&rest, ','), kamoku))
			return true;
	return false;
}

const struct ward_appointment *ward_user_appointed(
    const struct ward_user *u, struct text kamoku, struct date day)
{
	for (size_t i = 0; i < u->appointment_count; i++) {
		const struct ward_appointment *a = &u->appointments[i];

		if (date_cmp(day, a->from) >= 0 && date_cmp(day, a->to) <= 0 &&
		    covers(a->kinds, kamoku))
			return a;
	}
	return NULL;
}
