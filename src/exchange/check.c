/* check.c — see check.h. */
#include "exchange/check.h"

#include "base/clock.h"
#include "exchange/keys.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct checking {
	const struct node *node;
	const struct peers *peers;
	int64_t now_us;
	void (*each)(void *ctx, const struct check_finding *f);
	void *ctx;
};

static void tell(const struct checking *c, struct check_finding f)
{
	if (f.detail == NULL)
		f.detail = "";
	c->each(c->ctx, &f);
}

static void check_dates(const struct checking *c, const struct certificate *own)
{
	int64_t end = certificate_to(own);
	char day[11];

	date_format(clock_date(end), day);
	if (c->now_us < certificate_from(own) || end < c->now_us)
		tell(c, (struct check_finding){"certificate", true,
			    "証明書の有効期間の外です",
			    "outside the certificate's dates", day});
	else if (end - c->now_us < PEERS_WARN_DAYS * CLOCK_DAY)
		tell(c, (struct check_finding){"certificate", false,
			    "証明書の期限が近づいています",
			    "the certificate ends soon", day});
}

static enum err_class check_certificate(const struct checking *c, struct err *e)
{
	struct arena a = {0};
	struct keys *keys = NULL;
	enum err_class class =
	    keys_load(node_path(c->node, &a, "keys"), &keys, e);

	arena_fini(&a);
	if (class == ERR_INPUT) {
		tell(c, (struct check_finding){
			    "certificate", true, e->ja, e->en, e->detail});
		return ERR_NONE;
	}
	if (class == ERR_NONE)
		check_dates(c, keys_certificate(keys));
	keys_free(keys);
	return class;
}

static void check_period(const struct checking *c, const struct peer *p)
{
	int64_t left = peers_days_left(p, c->now_us);
	char detail[64];

	(void)snprintf(detail, sizeof(detail), "%s %" PRId64, p->code, left);
	if (!peers_in_force(p, c->now_us))
		tell(c, (struct check_finding){"peer", true,
			    "結合期間か証明書の期限の外です",
			    "outside the approved period or the "
			    "certificate's dates",
			    detail});
	else if (left < PEERS_WARN_DAYS)
		tell(
		    c, (struct check_finding){"peer", false,
			   "結合期間か証明書の期限が近づいています（残り日数）",
			   "the approved period or the certificate ends "
			   "soon (days left)",
			   detail});
}

static void check_way(const struct checking *c, const struct peer *p)
{
	if (peers_next_hop(c->peers, p->code) == NULL)
		tell(c, (struct check_finding){"peer", true,
			    "経由先が接続先の表にありません",
			    "via leads to no peer of the table", p->code});
	else if (p->via[0] == '\0' && p->url[0] == '\0' &&
		 node_link_of(c->node, p->code) != LINK_FOLDER)
		tell(
		    c, (struct check_finding){"peer", true,
			   "URLも経由先もなく、folder のリンクでもありません",
			   "neither URL nor via, and no folder link", p->code});
}

static void check_peers(const struct checking *c)
{
	if (peers_count(c->peers) == 0)
		tell(c, (struct check_finding){"peers", true,
			    "接続先がまだありません（peer add で加えます）",
			    "no peers yet; add them with peer add", NULL});
	for (size_t i = 0; i < peers_count(c->peers); i++) {
		check_period(c, peers_at(c->peers, i));
		check_way(c, peers_at(c->peers, i));
	}
	for (size_t i = 0; i < c->node->link_count; i++)
		if (peers_of(c->peers, c->node->links[i].hub) == NULL)
			tell(c, (struct check_finding){"links", true,
				    "links の相手が接続先の表にありません",
				    "links names one that is no peer",
				    c->node->links[i].hub});
}

static bool holds_yaml(const char *path)
{
	DIR *d = opendir(path);
	const struct dirent *entry;
	bool yes = false;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		size_t n = strlen(entry->d_name);

		yes = yes ||
		      (n > 5 && strcmp(entry->d_name + n - 5, ".yaml") == 0);
	}
	if (d != NULL)
		(void)closedir(d);
	return yes;
}

static bool any_layout(const char *path, struct arena *a)
{
	DIR *d = opendir(path);
	const struct dirent *entry;
	bool yes = false;

	while (d != NULL && !yes && (entry = readdir(d)) != NULL)
		if (entry->d_name[0] != '.')
			yes = holds_yaml(
			    arena_printf(a, "%s/%s", path, entry->d_name));
	if (d != NULL)
		(void)closedir(d);
	return yes;
}

static void check_layouts(const struct checking *c)
{
	struct arena a = {0};
	bool needs =
	    c->node->party == STORE_UNIT || c->node->party == STORE_BANK;

	if (needs && !any_layout(node_path(c->node, &a, "layouts"), &a))
		tell(c,
		    (struct check_finding){"layouts", true,
			"レイアウトがありません（layout install で入れます）",
			"no layouts; install them with layout install", NULL});
	arena_fini(&a);
}

enum err_class check_node(const struct node *n, const struct peers *peers,
    int64_t now_us, void (*each)(void *ctx, const struct check_finding *f),
    void *ctx, struct err *e)
{
	struct checking c = {n, peers, now_us, each, ctx};

	TRY(check_certificate(&c, e));
	check_peers(&c);
	check_layouts(&c);
	return ERR_NONE;
}
