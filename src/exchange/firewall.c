/* firewall.c — see firewall.h. */
#include "exchange/firewall.h"

#include <inttypes.h>
#include <string.h>

/* Host and port of a peer reached directly; false: no rule for it. */
static bool target(
    const struct peer *p, int64_t now_us, struct text *host, int64_t *port)
{
	return p->via[0] == '\0' && p->url[0] != '\0' &&
	       peers_in_force(p, now_us) && peers_url(p->url, host, port);
}

/* "ip6 daddr 2001:db8::1", "ip daddr bank.example": nft wants an IPv6
 * address without brackets. */
static void put_host(struct buf *out, struct text host, const char *side)
{
	bool six = host.n > 2 && host.p[0] == '[';

	if (six) {
		host.p++;
		host.n -= 2;
	}
	buf_printf(out, "%s %s ", six ? "ip6" : "ip", side);
	buf_text_add(out, host);
}

static void put_in(struct buf *out, const struct peers *peers, const char *port,
    int64_t now_us)
{
	struct text host;
	int64_t unused;

	for (size_t i = 0; i < peers_count(peers); i++) {
		const struct peer *p = peers_at(peers, i);

		if (!target(p, now_us, &host, &unused))
			continue;
		buf_z(out, "\t\t");
		put_host(out, host, "saddr");
		buf_printf(out, " tcp dport %s accept comment \"%s\"\n", port,
		    p->code);
	}
	buf_printf(out, "\t\ttcp dport %s drop\n", port);
}

/* A name must be looked up before it can be connected to. */
static bool is_name(struct text host)
{
	for (size_t i = 0; i < host.n; i++)
		if ((host.p[i] >= 'a' && host.p[i] <= 'z') ||
		    (host.p[i] >= 'A' && host.p[i] <= 'Z'))
			return host.p[0] != '[';
	return false;
}

static void put_out(struct buf *out, const struct peers *peers, int64_t now_us)
{
	struct text host;
	int64_t port;
	bool names = false;

	for (size_t i = 0; i < peers_count(peers); i++) {
		const struct peer *p = peers_at(peers, i);

		if (!target(p, now_us, &host, &port))
			continue;
		names = names || is_name(host);
		buf_z(out, "\t\tmeta skuid $shokai_user ");
		put_host(out, host, "daddr");
		buf_printf(out,
		    " tcp dport %" PRId64 " accept comment \"%s\"\n", port,
		    p->code);
	}
	if (names)
		buf_z(out, "\t\tmeta skuid $shokai_user udp dport 53 accept "
			   "comment \"names of peers\"\n");
}

/* Rules of this table alone: what other tables of the machine allow or
 * refuse stays as it is. Answers on connections let in are let out. */
void firewall_rules(const struct peers *peers, const struct node *node,
    int64_t now_us, struct buf *out)
{
	const char *colon = strrchr(node->listen, ':');
	const char *port = colon ? colon + 1 : "0";

	buf_printf(out,
	    "#!/usr/sbin/nft -f\n"
	    "# shokai %s: from its peer table\n"
	    "define shokai_user = shokai\n\n"
	    "table inet shokai\ndelete table inet shokai\n"
	    "table inet shokai {\n\tchain gate {\n"
	    "\t\ttype filter hook input priority filter; policy accept;\n"
	    "\t\tiif lo accept\n"
	    "\t\tct state established,related accept\n",
	    node->code);
	put_in(out, peers, port, now_us);
	buf_z(out, "\t}\n\n\tchain work {\n"
		   "\t\ttype filter hook output priority filter; policy "
		   "accept;\n\t\toif lo accept\n"
		   "\t\tct state established,related accept\n");
	put_out(out, peers, now_us);
	buf_z(out, "\t\tmeta skuid $shokai_user drop\n\t}\n}\n");
}
