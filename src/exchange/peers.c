/* peers.c — see peers.h. */
#include "exchange/peers.h"

#include "base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define APPROVAL_MAX 800 /* bytes of the ground in words */

struct peers {
	struct peer *peer; /* by code, ascending */
	size_t count;
	struct arena arena;
};

static enum err_class refused(struct err *e, const char *code, const char *ja,
    const char *en, const char *what)
{
	err_set(e, ERR_INPUT, code, ja, en);
	return err_detail(e, "%s", what);
}

bool peers_kinds(struct text list, unsigned *kinds)
{
	*kinds = 0;
	while (list.n != 0) {
		const char *comma = memchr(list.p, ',', list.n);
		size_t n = comma ? (size_t)(comma - list.p) : list.n;
		enum header_kind k;

		if (!header_kind_named(text_trust(list.p, n), &k) ||
		    (comma != NULL && n + 1 == list.n))
			return false;
		*kinds |= 1u << k;
		n += comma != NULL;
		list.p += n;
		list.n -= n;
	}
	return true;
}

static void put_code(char out[NODE_CODE], struct text t)
{
	(void)snprintf(out, NODE_CODE, "%.*s", (int)t.n, t.p);
}

static bool read_date(struct text t, struct date *out)
{
	*out = (struct date){0};
	return t.n == 0 || date_parse(t, out);
}

static enum err_class damaged(struct err *e, const char *code)
{
	err_set(e, ERR_FAULT, "store.damaged", "接続先の表の内容が壊れています",
	    "the peer table holds what nobody wrote there");
	return err_detail(e, "%s", code);
}

static enum err_class read_peer(
    struct store_rows *r, struct arena *a, struct peer *p, struct err *e)
{
	*p = (struct peer){
	    .url = text_cstr(a, store_get_text(r, 2)),
	    .approval = text_cstr(a, store_get_text(r, 7)),
	};
	put_code(p->code, store_get_text(r, 0));
	put_code(p->via, store_get_text(r, 3));
	if (!node_party_named(store_get_text(r, 1), &p->party) ||
	    !peers_kinds(store_get_text(r, 4), &p->kinds) ||
	    !read_date(store_get_text(r, 5), &p->from) ||
	    !read_date(store_get_text(r, 6), &p->to) ||
	    certificate_parse(store_get_blob(r, 8), &p->certificate, e) !=
		ERR_NONE)
		return damaged(e, p->code);
	p->fingerprint = certificate_fingerprint(p->certificate);
	return ERR_NONE;
}

static enum err_class read_all(
    struct store_rows *r, struct peers *p, struct err *e)
{
	size_t room = 0;
	bool more;

	for (;;) {
		TRY(store_next(r, &more, e));
		if (!more)
			return ERR_NONE;
		if (p->count == room) {
			room = room ? room * 2 : 16;
			p->peer =
			    arena_xrealloc(p->peer, room * sizeof(*p->peer));
		}
		p->peer[p->count] = (struct peer){0};
		p->count++;
		TRY(read_peer(r, &p->arena, &p->peer[p->count - 1], e));
	}
}

static struct peer *find(struct peers *p, const char *code);

/* The newest of each peer come first. */
static enum err_class read_formers(
    struct store_rows *r, struct peers *p, struct err *e)
{
	bool more;

	for (;;) {
		struct certificate *c;
		struct peer *of;
		char code[NODE_CODE];

		TRY(store_next(r, &more, e));
		if (!more)
			return ERR_NONE;
		put_code(code, store_get_text(r, 0));
		of = find(p, code);
		if (of == NULL || of->former_count == PEERS_FORMER)
			continue;
		if (certificate_parse(store_get_blob(r, 1), &c, e) != ERR_NONE)
			return damaged(e, code);
		of->former[of->former_count++] = c;
	}
}

static enum err_class load(struct store_tx *tx, struct peers *p, struct err *e)
{
	struct store_rows *r;
	enum err_class c;

	TRY(store_query(tx, STMT_PEER_ALL, NULL, 0, &r, e));
	c = read_all(r, p, e);
	store_rows_close(r);
	TRY(c);
	TRY(store_query(tx, STMT_PEER_FORMERS, NULL, 0, &r, e));
	c = read_formers(r, p, e);
	store_rows_close(r);
	return c;
}

enum err_class peers_load(
    struct store_tx *tx, struct peers **out, struct err *e)
{
	struct peers *p = arena_xmalloc(sizeof(*p));
	enum err_class c;

	*out = NULL;
	*p = (struct peers){0};
	c = load(tx, p, e);
	if (c != ERR_NONE) {
		peers_free(p);
		return c;
	}
	*out = p;
	return ERR_NONE;
}

void peers_free(struct peers *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->count; i++) {
		certificate_free(p->peer[i].certificate);
		for (size_t k = 0; k < p->peer[i].former_count; k++)
			certificate_free(p->peer[i].former[k]);
	}
	free(p->peer);
	arena_fini(&p->arena);
	free(p);
}

size_t peers_count(const struct peers *p)
{
	return p->count;
}

const struct peer *peers_at(const struct peers *p, size_t i)
{
	return &p->peer[i];
}

static int by_code(const void *code, const void *peer)
{
	return strcmp(code, ((const struct peer *)peer)->code);
}

static struct peer *find(struct peers *p, const char *code)
{
	if (p->count == 0)
		return NULL;
	return bsearch(code, p->peer, p->count, sizeof(*p->peer), by_code);
}

const struct peer *peers_of(const struct peers *p, const char *code)
{
	if (p->count == 0)
		return NULL;
	return bsearch(code, p->peer, p->count, sizeof(*p->peer), by_code);
}

/* The i-th: the present one first; NULL past the last. */
static const struct certificate *ith(const struct peer *p, size_t i)
{
	if (i == 0)
		return p->certificate;
	return i <= p->former_count ? p->former[i - 1] : NULL;
}

const struct peer *peers_of_certificate(
    const struct peers *p, struct digest fingerprint)
{
	const struct certificate *c;

	for (size_t i = 0; i < p->count; i++)
		for (size_t k = 0; (c = ith(&p->peer[i], k)) != NULL; k++)
			if (digest_eq(certificate_fingerprint(c), fingerprint))
				return &p->peer[i];
	return NULL;
}

/* The table may name a circle of vias: a path is no longer than the table. */
const struct peer *peers_next_hop(const struct peers *p, const char *code)
{
	const struct peer *at = peers_of(p, code);

	for (size_t i = 0; at != NULL && at->via[0] != '\0'; i++) {
		if (i == p->count)
			return NULL;
		at = peers_of(p, at->via);
	}
	return at;
}

const char *peers_hub_of(const struct peers *p, const char *institution)
{
	const struct peer *at = peers_of(p, institution);

	for (size_t i = 0; at != NULL && i < p->count; i++) {
		at = at->via[0] != '\0' ? peers_of(p, at->via) : NULL;
		if (at != NULL && at->party == STORE_HUB)
			return at->code;
	}
	return "";
}

static bool in_period(const struct peer *p, int64_t now_us)
{
	struct date today = clock_date(now_us);

	return (p->from.year == 0 || date_cmp(p->from, today) <= 0) &&
	       (p->to.year == 0 || date_cmp(today, p->to) <= 0);
}

size_t peers_pins(
    const struct peer *p, int64_t now_us, struct digest out[PEERS_PINS])
{
	bool approved = in_period(p, now_us);
	const struct certificate *c;
	size_t n = 0;

	for (size_t i = 0; approved && (c = ith(p, i)) != NULL; i++)
		if (certificate_from(c) <= now_us &&
		    now_us <= certificate_to(c))
			out[n++] = certificate_fingerprint(c);
	return n;
}

bool peers_pinned(
    const struct peer *p, struct digest fingerprint, int64_t now_us)
{
	struct digest pin[PEERS_PINS];
	size_t n = peers_pins(p, now_us, pin);

	for (size_t i = 0; i < n; i++)
		if (digest_eq(pin[i], fingerprint))
			return true;
	return false;
}

bool peers_in_force(const struct peer *p, int64_t now_us)
{
	struct digest pin[PEERS_PINS];

	return peers_pins(p, now_us, pin) > 0;
}

enum err_class peers_verify(
    const struct peer *p, struct bytes cms, struct buf *content, struct err *e)
{
	const struct certificate *c;

	for (size_t i = 1; (c = ith(p, i)) != NULL; i++)
		if (keys_names(c, cms))
			return keys_verify(c, cms, content, e);
	return keys_verify(p->certificate, cms, content, e);
}

bool peers_names(const struct peer *p, struct bytes cms)
{
	const struct certificate *c;

	for (size_t i = 0; (c = ith(p, i)) != NULL; i++)
		if (keys_names(c, cms))
			return true;
	return false;
}

bool peers_name(const struct peers *p, struct bytes cms)
{
	for (size_t i = 0; i < p->count; i++)
		if (peers_names(&p->peer[i], cms))
			return true;
	return false;
}

int64_t peers_days_left(const struct peer *p, int64_t now_us)
{
	int64_t today = date_days(clock_date(now_us));
	int64_t end = date_days(clock_date(certificate_to(p->certificate)));

	if (p->to.year != 0 && date_days(p->to) < end)
		end = date_days(p->to);
	return end - today;
}

static bool is_host(const char *p, size_t n)
{
	if (n > 2 && p[0] == '[' && p[n - 1] == ']') {
		p++;
		n -= 2;
		return strspn(p, "0123456789abcdefABCDEF:.") == n;
	}
	for (size_t i = 0; i < n; i++)
		if (!((p[i] >= '0' && p[i] <= '9') ||
			(p[i] >= 'a' && p[i] <= 'z') ||
			(p[i] >= 'A' && p[i] <= 'Z') || p[i] == '-' ||
			p[i] == '.'))
			return false;
	return n > 0 && p[0] != '-' && p[0] != '.';
}

bool peers_url(const char *url, struct text *host, int64_t *port)
{
	static const char scheme[] = "https://";
	const char *p = url + sizeof(scheme) - 1;
	const char *colon;
	size_t n;

	if (strncmp(url, scheme, sizeof(scheme) - 1) != 0 || strlen(url) > 255)
		return false;
	n = strcspn(p, "/");
	if (p[n] == '/' && p[n + 1] != '\0')
		return false; /* nothing behind HOST:PORT but one slash */
	colon = memrchr(p, ':', n);
	if (colon != NULL && memchr(colon, ']', n - (size_t)(colon - p)))
		colon = NULL; /* a colon of an IPv6 address */
	*port = 443;
	if (colon != NULL) {
		struct text digits =
		    text_trust(colon + 1, (size_t)(p + n - (colon + 1)));

		if (!text_to_int(digits, 65535, port) || *port == 0)
			return false;
		n = (size_t)(colon - p);
	}
	*host = text_trust(p, n);
	return is_host(p, n);
}

static enum err_class check_period(const struct peer_new *p, struct err *e)
{
	struct date from;
	struct date to;

	if (!read_date(text_z(p->from), &from) ||
	    !read_date(text_z(p->to), &to) ||
	    strlen(p->approval) > APPROVAL_MAX ||
	    (from.year != 0 && to.year != 0 && date_cmp(from, to) > 0))
		return refused(e, "peer.period",
		    "結合期間は FROM/TO（YYYY-MM-DD）で示します",
		    "the approved period is FROM/TO, each YYYY-MM-DD", p->code);
	return ERR_NONE;
}

static enum err_class check(const struct peer_new *p, struct err *e)
{
	struct text host;
	unsigned kinds;
	int64_t port;

	if (!header_is_code(text_z(p->code)))
		return refused(e, "peer.code",
		    "コードは半角英数字とハイフン、16文字までです",
		    "a code is 1 to 16 of 0-9 A-Z a-z and -", p->code);
	if (strcmp(certificate_code(p->certificate), p->code) != 0)
		return refused(e, "peer.certificate",
		    "証明書のCNがコードと違います",
		    "the certificate's CN is another code",
		    certificate_code(p->certificate));
	if (p->url[0] != '\0' && !peers_url(p->url, &host, &port))
		return refused(e, "peer.url",
		    "URLは https://HOST:PORT の形です",
		    "a URL is https://HOST:PORT", p->url);
	if (p->via[0] != '\0' &&
	    (!header_is_code(text_z(p->via)) || strcmp(p->via, p->code) == 0))
		return refused(e, "peer.via",
		    "経由先のコードが正しくありません",
		    "via is no other peer's code", p->via);
	if (!peers_kinds(text_z(p->kinds), &kinds))
		return refused(e, "peer.kinds", "電文の種類が正しくありません",
		    "no such kind of message", p->kinds);
	return check_period(p, e);
}

/* Who keeps the table in memory sees by the stamp that it has changed. */
static enum err_class touch(struct store_tx *tx, struct err *e)
{
	struct store_rows *r;
	bool found;
	int64_t n = 0;
	char z[24];

	TRY(store_one(
	    tx, STMT_FACT_GET, STORE_VALUES(store_z("peers")), &r, &found, e));
	if (found && !text_to_int(store_get_text(r, 0), INT64_MAX - 1, &n))
		n = 0;
	store_rows_close(r);
	(void)snprintf(z, sizeof(z), "%" PRId64, n + 1);
	return STORE_DO(tx, STMT_FACT_PUT, e, store_z("peers"), store_z(z));
}

enum err_class peers_stamp(
    struct store_tx *tx, char out[PEERS_STAMP], struct err *e)
{
	struct store_rows *r;
	struct text counter;
	bool found;

	TRY(store_one(tx, STMT_PEER_STAMP, NULL, 0, &r, &found, e));
	counter = found ? store_get_text(r, 1) : TEXT("");
	(void)snprintf(out, PEERS_STAMP, "%" PRId64 ":%.*s",
	    found ? store_get_int(r, 0) : 0, (int)counter.n, counter.p);
	store_rows_close(r);
	return ERR_NONE;
}

/* The certificate that this one replaces stays beside it. */
static enum err_class keep_former(struct store_tx *tx, const struct peer_new *p,
    const char *fingerprint, int64_t now_us, struct err *e)
{
	if (p->only)
		return STORE_DO(tx, STMT_PEER_FORMER_DROP, e, store_z(p->code));
	TRY(STORE_DO(tx, STMT_PEER_FORMER_KEEP, e, store_z(p->code),
	    store_z(fingerprint), store_int(now_us)));
	TRY(STORE_DO(tx, STMT_PEER_FORMER_BACK, e, store_z(p->code),
	    store_z(fingerprint)));
	return STORE_DO(tx, STMT_PEER_FORMER_OLD, e, store_z(p->code),
	    store_int(now_us - PEERS_FORMER_DAYS * CLOCK_DAY),
	    store_int(PEERS_FORMER));
}

enum err_class peers_put(struct store_tx *tx, const struct peer_new *p,
    int64_t now_us, struct err *e)
{
	char fingerprint[DIGEST_TEXT];

	TRY(check(p, e));
	digest_hex(certificate_fingerprint(p->certificate), fingerprint);
	TRY(keep_former(tx, p, fingerprint, now_us, e));
	TRY(STORE_DO(tx, STMT_PEER_PUT, e, store_z(p->code),
	    store_z(node_party_name(p->party)), store_z(p->url),
	    store_z(p->via), store_z(fingerprint), store_z(p->kinds),
	    store_z(p->from), store_z(p->to), store_z(p->approval),
	    store_int(now_us), store_blob(certificate_der(p->certificate))));
	return touch(tx, e);
}

enum err_class peers_remove(
    struct store_tx *tx, const char *code, bool *was, struct err *e)
{
	int64_t changed = 0;

	TRY(store_do(
	    tx, STMT_PEER_REMOVE, STORE_VALUES(store_z(code)), &changed, e));
	TRY(STORE_DO(tx, STMT_PEER_FORMER_DROP, e, store_z(code)));
	*was = changed != 0;
	return *was ? touch(tx, e) : ERR_NONE;
}
