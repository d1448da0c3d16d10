/* session.c — see session.h. */
#include "api/session.h"

#include "api/guard.h"
#include "api/totp.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <unistd.h>

#define SEEN_US (30 * CLOCK_SECOND) /* written no oftener than that */
#define ONCE_US CLOCK_DAY

static void hash(const char *before, const char *token, char out[DIGEST_TEXT])
{
	const struct bytes parts[] = {
	    text_bytes(text_z(before)), text_bytes(text_z(token))};

	digest_hex(digest_of(parts, 2), out);
}

struct trying {
	struct party_context *c;
	const struct session_try *t;
	struct session *out;
	struct ward_user user;
	bool found;
	char password[160];
	struct guard guard;
	char secret[80];
	char certificate[DIGEST_TEXT]; /* that the user signs in with */
	int64_t last_step;
	int64_t step; /* of the code that was given */
};

static void keep(char *out, size_t room, struct text t)
{
	(void)snprintf(out, room, "%.*s", (int)t.n, t.p);
}

/* The password as it is kept; "" where there is none. */
static enum err_class read_password(
    struct store_tx *tx, struct trying *x, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_USER_GET, STORE_VALUES(store_z(x->t->name)), &r,
	    &found, e));
	if (found)
		keep(x->password, sizeof(x->password), store_get_text(r, 1));
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class read_totp(
    struct store_tx *tx, struct trying *x, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_DESK_TOTP_GET, STORE_VALUES(store_z(x->t->name)),
	    &r, &found, e));
	if (found) {
		keep(x->secret, sizeof(x->secret), store_get_text(r, 0));
		x->last_step = store_get_int(r, 1);
	}
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class read_certificate(
    struct store_tx *tx, struct trying *x, struct err *e)
{
	struct store_rows *r;
	bool found;

	x->certificate[0] = '\0';
	TRY(store_one(tx, STMT_DESK_CERTIFICATE_GET,
	    STORE_VALUES(store_z(x->t->name)), &r, &found, e));
	if (found)
		keep(x->certificate, sizeof(x->certificate),
		    store_get_text(r, 0));
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class try_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct trying *x = arg;

	x->password[0] = x->secret[0] = '\0';
	TRY(ward_user_get(tx, x->t->name, &x->user, &x->found, e));
	if (x->found) {
		TRY(read_password(tx, x, e));
		TRY(read_totp(tx, x, e));
		TRY(read_certificate(tx, x, e));
	}
	return guard_read(tx, x->t->name, x->found, &x->guard, e);
}

static enum err_class log_it(struct store_tx *tx, struct party_context *c,
    const char *name, const char *action, struct err *e)
{
	return audit_add(tx,
	    &(const struct audit_entry){.actor = name,
		.action = action,
		.kind = "user",
		.object = text_z(name),
		.authority = "",
		.purpose = "端末からのサインイン",
		.records = 1},
	    c->now_us, &c->random, e);
}

static enum err_class wrong_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct trying *x = arg;

	TRY(guard_failed(tx, &x->guard, x->c->now_us, e));
	return x->found ? log_it(tx, x->c, x->user.name, "refuse", e)
			: ERR_NONE;
}

static enum err_class wrong(struct trying *x, struct err *e)
{
	TRY(store_run(x->c->store, wrong_write, x, e));
	return err_set(e, ERR_DENIED, "session.wrong",
	    "利用者名、パスワードまたは確認コードが違います",
	    "wrong name, password or code");
}

static enum err_class begin_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct trying *x = arg;
	int64_t now = x->c->now_us;
	int64_t changed = 1;
	char token[DIGEST_TEXT];

	if (x->step != 0)
		TRY(store_do(tx, STMT_DESK_TOTP_USED,
		    STORE_VALUES(store_z(x->user.name), store_int(x->step)),
		    &changed, e));
	if (changed != 1) /* the same code, at the same time */
		return err_set(e, ERR_DENIED, "session.wrong",
		    "確認コードは使用済みです", "the code has been used");
	TRY(guard_passed(tx, &x->guard, e));
	TRY(STORE_DO(tx, STMT_DESK_SESSION_SWEEP, e, store_int(now)));
	TRY(STORE_DO(tx, STMT_DESK_ONCE_SWEEP, e, store_int(now - ONCE_US)));
	hash("token:", x->t->before, token);
	TRY(STORE_DO(tx, STMT_DESK_SESSION_DROP, e, store_z(token)));
	hash("token:", x->out->token, token);
	TRY(STORE_DO(tx, STMT_DESK_SESSION_ADD, e, store_z(token),
	    store_z(x->user.name), store_int(now), store_int(x->out->ends_us)));
	return log_it(tx, x->c, x->user.name, "signin", e);
}

static void make(struct trying *x)
{
	const struct random_source *random = &x->c->random;
	unsigned char token[32];

	random->fill(random->ctx, token, sizeof(token));
	bytes_hex(token, sizeof(token), x->out->token);
	hash("csrf:", x->out->token, x->out->csrf);
	keep(x->out->user, sizeof(x->out->user), text_z(x->user.name));
	x->out->ends_us = x->c->now_us + SESSION_LIFE_S * CLOCK_SECOND;
}

/* Of who signs in with a certificate, it is asked behind the password. */
static enum err_class check_certificate(const struct trying *x, struct err *e)
{
	if (x->certificate[0] == '\0' ||
	    strcmp(x->certificate, x->t->certificate) == 0)
		return ERR_NONE;
	return err_set(e, ERR_DENIED, "session.certificate",
	    "登録された証明書が要ります。登録された端末かカードで開いてください",
	    "the registered certificate is needed: use the terminal or card "
	    "that has it");
}

/* The second proof: of who has a secret, or where the node demands one. */
static enum err_class check_code(struct trying *x, struct err *e)
{
	if (x->secret[0] == '\0' && !x->c->node->totp)
		return ERR_NONE;
	if (x->secret[0] == '\0')
		return err_set(e, ERR_DENIED, "session.totp_none",
		    "確認コードの登録がありません。管理者に登録を依頼してくださ"
		    "い",
		    "this node demands a code and none is set up for you; ask "
		    "an administrator");
	if (x->t->totp[0] == '\0')
		return err_set(e, ERR_DENIED, "session.totp",
		    "確認コードを入力してください", "a code is needed");
	x->step = totp_check(
	    text_z(x->secret), x->c->now_us, text_z(x->t->totp), x->last_step);
	return x->step != 0 ? ERR_NONE : wrong(x, e);
}

enum err_class session_begin(struct party_context *c,
    const struct session_try *t, struct session *out, int64_t *wait_s,
    struct err *e)
{
	struct trying x = {.c = c, .t = t, .out = out};
	bool good;

	*wait_s = 0;
	TRY(store_read(c->store, try_read, &x, e));
	TRY(guard_check(&x.guard, c->now_us, wait_s, e));
	good = guard_verify(t->password, x.password);
	OPENSSL_cleanse(x.password, sizeof(x.password));
	if (!good || !x.found)
		return wrong(&x, e);
	TRY(ward_user_may(
	    &x.user, true, (1U << ROLE_BITS) - 1, clock_date(c->now_us), e));
	TRY(check_certificate(&x, e));
	TRY(check_code(&x, e));
	make(&x);
	return store_run(c->store, begin_write, &x, e);
}

struct loading {
	struct party_context *c;
	struct session *s;
	struct ward_user *user;
	char token[DIGEST_TEXT];
	bool found;
	int64_t seen_us;
	bool known;
};

static enum err_class load_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct loading *x = arg;
	struct store_rows *r;

	TRY(store_one(tx, STMT_DESK_SESSION_GET,
	    STORE_VALUES(store_z(x->token)), &r, &x->found, e));
	if (x->found) {
		keep(x->s->user, sizeof(x->s->user), store_get_text(r, 0));
		x->seen_us = store_get_int(r, 2);
		x->s->ends_us = store_get_int(r, 3);
	}
	store_rows_close(r);
	return x->found ? ward_user_get(tx, x->s->user, x->user, &x->known, e)
			: ERR_NONE;
}

static enum err_class seen_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct loading *x = arg;

	return STORE_DO(tx, STMT_DESK_SESSION_SEEN, e, store_z(x->token),
	    store_int(x->c->now_us));
}

enum err_class session_load(struct party_context *c, struct session *out,
    struct ward_user *user, struct err *e)
{
	struct loading x = {.c = c, .s = out, .user = user};

	hash("token:", out->token, x.token);
	if (out->token[0] != '\0')
		TRY(store_read(c->store, load_read, &x, e));
	if (!x.found)
		return err_set(e, ERR_DENIED, "session.none",
		    "サインインしてください", "sign in first");
	if (c->now_us >= out->ends_us)
		return err_set(e, ERR_DENIED, "session.ended",
		    "サインインの有効時間が終わりました。もう一度サインインして"
		    "ください",
		    "the session has ended; sign in again");
	if (c->now_us - x.seen_us > SESSION_IDLE_S * CLOCK_SECOND)
		return err_set(e, ERR_DENIED, "session.locked",
		    "操作がなかったためロックしました。パスワードで再開してくだ"
		    "さい",
		    "locked after idling; enter the password to go on");
	TRY(ward_user_may(
	    user, x.known, (1U << ROLE_BITS) - 1, clock_date(c->now_us), e));
	hash("csrf:", out->token, out->csrf);
	if (out->quiet || c->now_us - x.seen_us < SEEN_US)
		return ERR_NONE;
	return store_run(c->store, seen_write, &x, e);
}

static enum err_class end_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct loading *x = arg;

	TRY(STORE_DO(tx, STMT_DESK_SESSION_DROP, e, store_z(x->token)));
	return log_it(tx, x->c, x->s->user, "signout", e);
}

enum err_class session_end(
    struct party_context *c, const struct session *s, struct err *e)
{
	struct session copy = *s;
	struct loading x = {.c = c, .s = &copy};

	hash("token:", s->token, x.token);
	return store_run(c->store, end_write, &x, e);
}

void session_token(struct text cookie, char out[SESSION_TOKEN])
{
	const struct text name = TEXT(SESSION_COOKIE "=");
	const char *at =
	    cookie.n == 0 ? NULL : memmem(cookie.p, cookie.n, name.p, name.n);
	size_t left;

	out[0] = '\0';
	/* Another cookie's name may end alike. */
	while (at != NULL && at > cookie.p && at[-1] != ' ' && at[-1] != ';')
		at = memmem(at + 1, (size_t)(cookie.p + cookie.n - at - 1),
		    name.p, name.n);
	if (at == NULL)
		return;
	at += name.n;
	left = (size_t)(cookie.p + cookie.n - at);
	if (left < SESSION_TOKEN - 1 ||
	    (left > SESSION_TOKEN - 1 && at[SESSION_TOKEN - 1] != ';'))
		return;
	for (size_t i = 0; i < SESSION_TOKEN - 1; i++)
		if (strchr("0123456789abcdef", at[i]) == NULL || at[i] == '\0')
			return;
	memcpy(out, at, SESSION_TOKEN - 1);
	out[SESSION_TOKEN - 1] = '\0';
}

bool session_csrf(const struct session *s, struct text given)
{
	return given.n == SESSION_TOKEN - 1 && s->csrf[0] != '\0' &&
	       CRYPTO_memcmp(given.p, s->csrf, SESSION_TOKEN - 1) == 0;
}

struct passing {
	struct party_context *c;
	struct session *s;
	const char *hash;
	struct session fresh;
};

/* The other sessions end; this one goes on. */
static enum err_class pass_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct passing *x = arg;
	char token[DIGEST_TEXT];

	TRY(STORE_DO(tx, STMT_DESK_USER_PASSWORD, e, store_z(x->s->user),
	    store_z(x->hash)));
	TRY(STORE_DO(tx, STMT_DESK_SESSIONS_OF, e, store_z(x->s->user)));
	hash("token:", x->s->token, token);
	TRY(STORE_DO(tx, STMT_DESK_SESSION_ADD, e, store_z(token),
	    store_z(x->s->user), store_int(x->c->now_us),
	    store_int(x->s->ends_us)));
	return log_it(tx, x->c, x->s->user, "configure", e);
}

enum err_class session_password(struct party_context *c, struct session *s,
    const char *old, const char *new_password, struct err *e)
{
	const struct session_try t = {.name = s->user,
	    .password = old,
	    .totp = "",
	    .certificate = "",
	    .before = ""};
	struct trying x = {.c = c, .t = &t};
	char kept[160];
	struct passing p = {.c = c, .s = s, .hash = kept};

	TRY(store_read(c->store, try_read, &x, e));
	if (!x.found || c->now_us < x.guard.until_us ||
	    !ward_user_verify(text_z(old), text_z(x.password)))
		return wrong(&x, e);
	TRY(ward_user_password(text_z(new_password), &c->random, kept, e));
	return store_run(c->store, pass_write, &p, e);
}

struct securing {
	struct party_context *c;
	const char *name;
	const char *actor;
	const char *secret; /* NULL: it is the certificate */
	const char *fingerprint;
};

static enum err_class secure_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct securing *x = arg;
	struct ward_user u;
	char uid[32];
	bool found;

	TRY(ward_user_get(tx, x->name, &u, &found, e));
	if (!found)
		return err_set(e, ERR_INPUT, "user.unknown",
		    "その利用者はいません", "there is no such user");
	if (x->secret != NULL)
		TRY(STORE_DO(tx, STMT_DESK_TOTP_PUT, e, store_z(x->name),
		    store_z(x->secret)));
	else if (x->fingerprint[0] != '\0')
		TRY(STORE_DO(tx, STMT_DESK_CERTIFICATE_PUT, e, store_z(x->name),
		    store_z(x->fingerprint)));
	else
		TRY(STORE_DO(
		    tx, STMT_DESK_CERTIFICATE_DROP, e, store_z(x->name)));
	(void)snprintf(uid, sizeof(uid), "uid %ld", (long)getuid());
	return audit_add(tx,
	    &(const struct audit_entry){
		.actor = x->actor != NULL ? x->actor : uid,
		.action = "configure",
		.kind = "user",
		.object = text_z(x->name),
		.authority = "",
		.purpose =
		    x->secret != NULL ? "確認コードの登録" : "証明書の登録",
		.records = 1},
	    x->c->now_us, &x->c->random, e);
}

enum err_class session_totp(struct party_context *c, const char *name,
    const char *actor, char secret[SESSION_SECRET], struct err *e)
{
	struct securing x = {
	    .c = c, .name = name, .actor = actor, .secret = secret};

	totp_secret(&c->random, secret);
	return store_run(c->store, secure_write, &x, e);
}

enum err_class session_certificate(struct party_context *c, const char *name,
    const char *fingerprint, const char *actor, struct err *e)
{
	struct securing x = {
	    .c = c, .name = name, .actor = actor, .fingerprint = fingerprint};
	unsigned char b[DIGEST_SIZE];

	if (fingerprint[0] != '\0' &&
	    (strlen(fingerprint) != 2 * DIGEST_SIZE ||
		!bytes_unhex(text_z(fingerprint), b, sizeof(b)) ||
		fingerprint[strspn(fingerprint, "0123456789abcdef")] != '\0'))
		return err_set(e, ERR_INPUT, "user.certificate",
		    "証明書の SHA-256（16進64桁、小文字）です",
		    "the SHA-256 of the certificate, 64 hexadecimal digits in "
		    "lower case");
	return store_run(c->store, secure_write, &x, e);
}

/* Name and issuer are labels for the person: what is no letter or digit of
 * ASCII is written in percent encoding (RFC 3986 §2.1). */
char *session_totp_uri(
    struct arena *a, const struct node *n, const char *name, const char *secret)
{
	const char *label = "";

	for (const char *p = name; *p != '\0'; p++) {
		unsigned char ch = (unsigned char)*p;
		bool plain = (ch >= '0' && ch <= '9') ||
			     (ch >= 'A' && ch <= 'Z') ||
			     (ch >= 'a' && ch <= 'z');

		label = plain ? arena_printf(a, "%s%c", label, ch)
			      : arena_printf(a, "%s%%%02X", label, ch);
	}
	return arena_printf(a,
	    "otpauth://totp/shokai-%s:%s?secret=%s&issuer=shokai-%s", n->code,
	    label, secret, n->code);
}
