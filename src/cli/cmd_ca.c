/* cmd_ca.c — `shokai ca init|sign|revoke`: the demonstration authority. */
#include "base/clock.h"
#include "base/file.h"
#include "cli/cli.h"
#include "exchange/ca.h"

#define FILE_MAX ((size_t)64 * 1024)

static int done(struct cli *c, const char *key, const char *value)
{
	cli_word(c, key, value);
	return 0;
}

static int init(struct cli *c)
{
	struct err e;

	if (ca_init(c->arg[0], clock_machine(), &e) != ERR_NONE)
		return cli_fail(c, &e);
	return done(c, "ca", c->arg[0]);
}

const struct cli_command cmd_ca_init = {
    .words = "ca init",
    .args = "DIR",
    .help = "Makes a demonstration authority. Every certificate it signs "
	    "carries O=" CA_ORGANISATION ".",
    .args_min = 1,
    .args_max = 1,
    .run = init,
};

/* "a,b" into wish; the strings live in the command's arena. */
static bool take_hosts(struct cli *c, struct ca_wish *wish)
{
	const char *z = cli_value(c, "host");

	while (z != NULL && *z != '\0') {
		size_t n = strcspn(z, ",");

		if (wish->hosts == CA_HOSTS)
			return false;
		wish->host[wish->hosts++] = arena_copy(&c->arena, z, n);
		z += n + (z[n] == ',');
	}
	return true;
}

static bool take_from(const struct cli *c, struct ca_wish *wish)
{
	const char *z = cli_value(c, "from");
	struct date d;

	/* A day back: the clocks of two machines differ. */
	wish->from_us = clock_machine() - CLOCK_DAY;
	if (z == NULL)
		return true;
	if (!date_parse(text_z(z), &d))
		return false;
	wish->from_us = clock_of_date(d);
	return true;
}

static int sign(struct cli *c)
{
	const char *out = cli_value(c, "out");
	struct ca_wish wish = {0};
	struct buf csr = {0};
	struct buf pem = {0};
	struct err e;
	enum err_class class;

	if (out == NULL)
		return cli_usage(c, "--out is needed");
	wish.days = (int)cli_int(c, "days", 1, 3650, CA_DAYS);
	if (!take_hosts(c, &wish))
		return cli_usage(c, "--host takes at most %d", CA_HOSTS);
	if (!take_from(c, &wish))
		return cli_usage(c, "--from takes YYYY-MM-DD");
	class = file_read(c->arg[1], FILE_MAX, &csr, &e);
	if (class == ERR_NONE)
		class = ca_sign(c->arg[0], buf_bytes(&csr), &wish, &pem, &e);
	if (class == ERR_NONE)
		class = file_put(out, buf_bytes(&pem), 0644, c->force, &e);
	buf_fini(&csr);
	buf_fini(&pem);
	return class == ERR_NONE ? done(c, "certificate", out)
				 : cli_fail(c, &e);
}

const struct cli_command cmd_ca_sign = {
    .words = "ca sign",
    .args = "DIR CSR",
    .help = "Signs a node's certificate request. The certificate says that it "
	    "is not for production.",
    .args_min = 2,
    .args_max = 2,
    .options = {{"out", "FILE", "where the certificate goes (PEM)"},
	{"days", "N", "how long it is good [730]"},
	{"from", "D", "its first day; yesterday if not given"},
	{"host", "NAME,…", "more names or addresses beside localhost"}},
    .run = sign,
};

static int revoke(struct cli *c)
{
	struct buf cert = {0};
	struct err e;
	enum err_class class = file_read(c->arg[1], FILE_MAX, &cert, &e);

	if (class == ERR_NONE)
		class =
		    ca_revoke(c->arg[0], buf_bytes(&cert), clock_machine(), &e);
	buf_fini(&cert);
	if (class != ERR_NONE)
		return cli_fail(c, &e);
	return done(c, "crl", arena_printf(&c->arena, "%s/ca.crl", c->arg[0]));
}

const struct cli_command cmd_ca_revoke = {
    .words = "ca revoke",
    .args = "DIR CERT",
    .help = "Adds a certificate to DIR/ca.crl. Peers pin certificates: each "
	    "of them must also run shokai peer remove.",
    .args_min = 2,
    .args_max = 2,
    .run = revoke,
};
