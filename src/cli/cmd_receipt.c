/* cmd_receipt.c — `shokai receipt verify|show`: receipts outside a node. */
#include "base/clock.h"
#include "base/file.h"
#include "cli/cli.h"
#include "exchange/gate.h"
#include "exchange/receipt.h"

#include <stdio.h>

#define GROUP_MAX ((size_t)64 * 1024)

static enum err_class read_certificate(
    const char *path, struct certificate **out, struct err *e)
{
	struct buf in = {0};
	enum err_class class = file_read(path, GROUP_MAX, &in, e);

	if (class == ERR_NONE)
		class = certificate_parse(buf_bytes(&in), out, e);
	buf_fini(&in);
	return class;
}

static json_t *receipt_json(const struct receipt *r, size_t line)
{
	char time[CLOCK_TEXT];

	clock_format(r->time_us, time);
	return json_pack("{sb sI ss ss si ss ss ss ss}", "ok", 1, "line",
	    (json_int_t)line, "id", r->id, "digest", r->digest, "code", r->code,
	    "name", receipt_code_name(r->code), "time", time, "by", r->by, "to",
	    r->to);
}

/* Prints the lines asked for; false if there is none, or the signer is not
 * whom a line names as its giver. */
static bool print_lines(struct cli *c, const struct certificate *signer,
    const struct receipt *r, size_t n)
{
	const char *id = cli_value(c, "id");
	size_t printed = 0;

	for (size_t i = 0; i < n; i++)
		if (strcmp(r[i].by, certificate_code(signer)) != 0)
			return false;
	for (size_t i = 0; i < n; i++)
		if (id == NULL || strcmp(id, r[i].id) == 0) {
			cli_print(receipt_json(&r[i], i + 1));
			printed++;
		}
	return printed != 0;
}

static int verify_group(
    struct cli *c, const struct certificate *signer, struct bytes cms)
{
	struct receipt r[GATE_BATCH];
	struct buf lines = {0};
	struct err e;
	size_t n = 0;
	bool good;

	good = keys_verify(signer, cms, &lines, &e) == ERR_NONE &&
	       receipt_parse(buf_bytes(&lines), r, GATE_BATCH, &n, &e) ==
		   ERR_NONE &&
	       print_lines(c, signer, r, n);
	buf_fini(&lines);
	if (!good)
		cli_print(json_pack("{sb}", "ok", 0));
	return good ? 0 : 1;
}

static int verify(struct cli *c)
{
	const char *cert = cli_value(c, "cert");
	struct certificate *signer = NULL;
	struct buf cms = {0};
	struct err e;
	enum err_class class;
	int exit_code;

	if (cert == NULL)
		return cli_usage(c, "--cert is needed");
	class = read_certificate(cert, &signer, &e);
	if (class == ERR_NONE)
		class = file_read(c->arg[0], GROUP_MAX, &cms, &e);
	exit_code = class == ERR_NONE ? verify_group(c, signer, buf_bytes(&cms))
				      : cli_fail(c, &e);
	buf_fini(&cms);
	certificate_free(signer);
	return exit_code;
}

const struct cli_command cmd_receipt_verify = {
    .words = "receipt verify",
    .args = "FILE",
    .help = "Verifies a receipt (a signed group of them) with nothing but the "
	    "giver's certificate; prints each as one line of JSON.",
    .args_min = 1,
    .args_max = 1,
    .options = {{"cert", "FILE", "the giver's certificate (PEM or DER)"},
	{"id", "ID", "only the line of this message"}},
    .run = verify,
};

struct wanted {
	const char *id;
	enum store_statement from;
	struct buf cms;
	bool found;
};

static enum err_class find(struct store_tx *tx, void *arg, struct err *e)
{
	struct wanted *w = arg;
	struct store_rows *r;

	buf_clear(&w->cms);
	TRY(store_one(
	    tx, w->from, STORE_VALUES(store_z(w->id)), &r, &w->found, e));
	if (w->found) {
		struct bytes cms = store_get_blob(r, 1);

		buf_add(&w->cms, cms.p, cms.n);
	}
	store_rows_close(r);
	return ERR_NONE;
}

/* The receipt got for what was sent on; else the one given for what came. */
static enum err_class look_up(struct store *s, struct wanted *w, struct err *e)
{
	w->from = STMT_RECEIPT_GOT;
	TRY(store_read(s, find, w, e));
	if (w->found)
		return ERR_NONE;
	w->from = STMT_RECEIPT_GIVEN;
	TRY(store_read(s, find, w, e));
	if (w->found)
		return ERR_NONE;
	return err_set(e, ERR_INPUT, "receipt.missing",
	    "その電文の受領証はありません",
	    "there is no receipt for that message");
}

static int show(struct cli *c)
{
	const char *out = cli_value(c, "out");
	struct wanted w = {.id = c->arg[1]};
	struct store *s = NULL;
	struct node n = {0};
	struct err e;
	enum err_class class;

	if (out == NULL)
		return cli_usage(c, "--out is needed");
	class = node_load(c->arg[0], &n, &e);
	if (class == ERR_NONE)
		class = node_store(&n, &s, &e);
	if (class == ERR_NONE)
		class = look_up(s, &w, &e);
	if (class == ERR_NONE)
		class = file_put(out, buf_bytes(&w.cms), 0644, c->force, &e);
	if (class == ERR_NONE)
		cli_print(json_pack("{ss ss ss}", "id", c->arg[1], "out", out,
		    "which", w.from == STMT_RECEIPT_GOT ? "got" : "given"));
	buf_fini(&w.cms);
	store_close(s);
	node_fini(&n);
	return class == ERR_NONE ? 0 : cli_fail(c, &e);
}

const struct cli_command cmd_receipt_show = {
    .words = "receipt show",
    .args = "NODE MESSAGE-ID",
    .help = "Takes a message's receipt out of the node: the one got from the "
	    "next hop, else the one given to the sender (CMS, DER).",
    .args_min = 2,
    .args_max = 2,
    .options = {{"out", "FILE", "where it goes"}},
    .run = show,
};
