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

/* "sha256:…" */
static bool parse_certificate(struct text t, struct digest *out)
{
	const struct text word = TEXT("sha256:");

	return t.n == word.n + 2 * DIGEST_SIZE &&
	       memcmp(t.p, word.p, word.n) == 0 &&
	       bytes_unhex(
		   text_trust(t.p + word.n, t.n - word.n), out->b, DIGEST_SIZE);
}

/* What is looked for, and what of it was found. */
struct looking {
	const struct net *one;		  /* or NULL */
	const struct digest *certificate; /* or NULL */
	bool found;
	bool certificates; /* the list names some */
};

/* Goes over the list: false if an entry is none. */
static bool walk(const char *list, struct looking *x)
{
	const char *p = list;

	while (*p != '\0') {
		size_t n = strcspn(p, ",");
		struct digest d;
		struct net net;

		if (parse_certificate(text_trust(p, n), &d)) {
			x->certificates = true;
			x->found =
			    x->found || (x->certificate != NULL &&
					    digest_eq(d, *x->certificate));
		} else if (parse(text_trust(p, n), &net)) {
			x->found = x->found ||
				   (x->one != NULL && within(&net, x->one));
		} else {
			return false;
		}
		p += n;
		p += *p == ',';
	}
	return true;
}

bool terminal_list_good(const char *list)
{
	struct looking x = {.found = false};

	return walk(list, &x);
}

bool terminal_known(
    const char *list, const char *address, const struct digest *certificate)
{
	struct net one;
	struct looking x = {.certificate = certificate};

	if (list[0] == '\0')
		return true;
	if (parse(text_z(address), &one))
		x.one = &one;
	return walk(list, &x) && x.found;
}

bool terminal_certificates(const char *list)
{
	struct looking x = {.found = false};

	return walk(list, &x) && x.certificates;
}
