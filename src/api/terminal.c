/* terminal.c — see terminal.h. */
#include "api/terminal.h"

#include "base/bytes.h"

#include <arpa/inet.h>
#include <stdio.h>

struct net {
	int family;
	unsigned char at[16];
	int64_t bits;
};

static bool parse(struct text t, struct net *out)
{
	const char *slash = t.n ? memchr(t.p, '/', t.n) : NULL;
	size_t n = slash != NULL ? (size_t)(slash - t.p) : t.n;
	char z[64];

	if (n >= sizeof(z))
		return false;
	memcpy(z, t.p, n);
	z[n] = '\0';
	out->family = memchr(z, ':', n) != NULL ? AF_INET6 : AF_INET;
	out->bits = out->family == AF_INET6 ? 128 : 32;
	if (slash != NULL && !text_to_int(text_trust(slash + 1, t.n - n - 1),
				 out->bits, &out->bits))
		return false;
	return inet_pton(out->family, z, out->at) == 1;
}

static bool within(const struct net *net, const struct net *one)
{
	size_t bytes = (size_t)net->bits / 8;
	int rest = (int)(net->bits % 8);

	if (net->family != one->family || memcmp(net->at, one->at, bytes) != 0)
		return false;
	return rest == 0 ||
	       (net->at[bytes] ^ one->at[bytes]) >> (8 - rest) == 0;
}

/* Goes over the list: false if an entry is none; *found: one holds it. */
static bool walk(const char *list, const struct net *one, bool *found)
{
	const char *p = list;

	while (*p != '\0') {
		size_t n = strcspn(p, ",");
		struct net net;

		if (!parse(text_trust(p, n), &net))
			return false;
		*found = *found || (one != NULL && within(&net, one));
		p += n;
		p += *p == ',';
	}
	return true;
}

bool terminal_list_good(const char *list)
{
	bool found = false;

	return walk(list, NULL, &found);
}

bool terminal_known(const char *list, const char *address)
{
	struct net one;
	bool found = false;

	if (list[0] == '\0')
		return true;
	return parse(text_z(address), &one) && walk(list, &one, &found) &&
	       found;
}
