/* cmd_audit.c — `shokai audit verify|heads`: the linked log. */
#include "audit/audit.h"
#include "audit/audit_knot.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/file.h"
#include "cli/cli.h"
#include "cli/cli_node.h"
#include "parties/knot.h"

#include <stdio.h>

#define HEADS_FILE_MAX ((size_t)64 * 1024 * 1024)

/* The heads a knot signs, in the command's arena; p NULL: not that
 * signer's. */
static struct text heads_of(
    struct cli *c, enum err_class verified, struct buf *content)
{
	struct text t = {NULL, 0};

	if (verified == ERR_NONE)
		t = text_dup(&c->arena, buf_text(content));
	buf_fini(content);
	return t;
}

static struct text content_of(
    struct cli *c, const struct peer *signer, struct bytes knot)
{
	struct buf content = {0};
	struct err e;

	return heads_of(c,
	    signer != NULL ? peers_verify(signer, knot, &content, &e)
			   : ERR_DENIED,
	    &content);
}

struct verifying {
	struct cli *c;
	struct cli_node *n;
	struct buf lines; /* of struct text: heads of the file */
};

static void add_line(struct verifying *v, struct text line)
{
	buf_add(&v->lines, &line, sizeof(line));
}

static enum err_class bad_line(struct err *e, const char *code, long line)
{
	err_set(e, ERR_INPUT, code,
	    "鎖の先頭の記録が読めないか、署名がこのノードのものではありません",
	    "heads that are not understood, or not signed by this node");
	return err_at(e, "heads", line, 0, NULL);
}

/* A line of `audit heads` (signed), or bare heads that somebody noted. What
 * is of other nodes is passed over. */
static enum err_class take_line(
    struct verifying *v, struct text line, long no, struct err *e)
{
	json_t *root = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, NULL);
	const char *cms = json_string_value(json_object_get(root, "cms"));
	const char *of = json_string_value(
	    json_object_get(root, cms != NULL ? "signer" : "code"));
	enum err_class class = ERR_NONE;
	struct bytes knot;
	struct text heads = line;

	if (of == NULL)
		class = bad_line(e, "audit.heads", no);
	else if (strcmp(of, v->n->node.code) == 0) {
		if (cms != NULL)
			heads = base64_decode(&v->c->arena, text_z(cms), &knot)
				    ? knot_own_heads(&v->n->context, knot)
				    : (struct text){NULL, 0};
		if (heads.p == NULL)
			class = bad_line(e, "audit.heads_signature", no);
		else
			add_line(v, text_dup(&v->c->arena, heads));
	}
	json_decref(root);
	return class;
}

static enum err_class take_file(
    struct verifying *v, const char *path, struct err *e)
{
	struct buf file = {0};
	enum err_class class = file_read(path, HEADS_FILE_MAX, &file, e);
	size_t at = 0;

	for (long no = 1; class == ERR_NONE && at < file.n; no++) {
		const char *p = (const char *)file.p + at;
		const char *end = memchr(p, '\n', file.n - at);
		size_t n = end != NULL ? (size_t)(end - p) : file.n - at;

		at += n + 1;
		if (n > 0)
			class = take_line(v, text_trust(p, n), no, e);
	}
	buf_fini(&file);
	if (class == ERR_NONE && v->lines.n == 0)
		class = err_set(e, ERR_INPUT, "audit.heads_none",
		    "このノードの記録がファイルにありません",
		    "the file holds no heads of this node");
	return class;
}

/* A node without a certificate has no knots, but a log. */
static enum err_class own_keys(
    struct cli *c, const struct node *n, struct keys **out, struct err *e)
{
	enum err_class class =
	    keys_load(node_path(n, &c->arena, "keys"), out, e);

	if (class == ERR_INPUT && strcmp(e->code, "node.no_certificate") == 0)
		return ERR_NONE;
	return class;
}

static int print_result(
    struct cli *c, const struct audit_result *r, int64_t unverified)
{
	cli_print(json_pack("{sI ss ss}", "entries", (json_int_t)r->entries,
	    "head", r->head, "first_bad", r->first_bad));
	if (unverified > 0)
		(void)fprintf(stderr,
		    c->ja ? "%ld 個の署名は今の証明書では確かめられません\n"
			  : "%ld knots cannot be verified with the present "
			    "certificate\n",
		    (long)unverified);
	return r->first_bad[0] == '\0' ? 0 : 1;
}

static int verify(struct cli *c)
{
	const char *path = cli_value(c, "heads");
	struct cli_node n = {0};
	struct keys *keys = NULL;
	struct verifying v = {.c = c, .n = &n};
	struct knot_verified found = {0};
	struct err e;
	enum err_class class = cli_node_open(c, c->arg[0], -1, 0, &n, &e);
	int exit_code;

	if (class == ERR_NONE)
		class = own_keys(c, &n.node, &keys, &e);
	n.context.keys = keys;
	if (class == ERR_NONE && path != NULL)
		class = take_file(&v, path, &e);
	if (class == ERR_NONE)
		class = knot_verify(&n.context,
		    (const struct text *)(void *)v.lines.p,
		    v.lines.n / sizeof(struct text), NULL, &found, &e);
	exit_code = class == ERR_NONE
			? print_result(c, &found.log, found.unverified)
			: cli_fail(c, &e);
	buf_fini(&v.lines);
	keys_free(keys);
	cli_node_close(&n);
	return exit_code;
}

const struct cli_command cmd_audit_verify = {
    .words = "audit verify",
    .args = "NODE",
    .help = "Recomputes the node's log and compares it with its signed heads; "
	    "first_bad names the first entry that was changed, removed, "
	    "inserted, reordered or cut off. Heads kept elsewhere (--heads) "
	    "find what was cut off at the end. Exit 1: the chain is broken.",
    .args_min = 1,
    .args_max = 1,
    .options = {{"heads", "FILE",
	"lines of `audit heads`, kept by a peer or an auditor"}},
    .run = verify,
};

struct heading {
	struct cli *c;
	struct cli_node *n;
	bool due;
	int64_t no;
	struct buf heads;
	struct buf signed_heads;
	json_t *line; /* the newest so far of the signer at hand */
};

static enum err_class read_heads(struct store_tx *tx, void *arg, struct err *e)
{
	struct heading *h = arg;
	const struct party_context *p = &h->n->context;

	buf_clear(&h->heads);
	TRY(audit_knot_due(
	    tx, p->node->code, p->now_us, 0, &h->due, &h->no, e));
	if (!h->due)
		return ERR_NONE;
	return audit_heads(tx, p->node->code, h->no, p->now_us, &h->heads, e);
}

static enum err_class put_knot(struct store_tx *tx, void *arg, struct err *e)
{
	struct heading *h = arg;
	const struct party_context *p = &h->n->context;
	bool kept; /* if not, another process has signed these heads */

	return audit_knot_put(tx, p->node->code, h->no, p->now_us,
	    buf_bytes(&h->signed_heads), &kept, e);
}

static struct text heads_by(
    const struct heading *h, const char *signer, struct bytes knot)
{
	if (strcmp(signer, h->n->node.code) == 0)
		return knot_own_heads(&h->n->context, knot);
	return content_of(h->c, peers_of(h->n->peers, signer), knot);
}

static json_t *knot_json(const struct heading *h, const struct audit_knot *k)
{
	struct arena *a = &h->c->arena;
	const char *signer = text_cstr(a, k->signer);
	struct text heads = heads_by(h, signer, k->signed_heads);
	json_t *content = heads.p != NULL ? json_loadb(heads.p, heads.n,
						JSON_REJECT_DUPLICATES, NULL)
					  : NULL;
	char at[CLOCK_TEXT];

	clock_format(k->at_us, at);
	return json_pack("{ss sI ss sb so* ss}", "signer", signer, "no",
	    (json_int_t)k->no, "at", at, "verified", content != NULL, "heads",
	    content, "cms", base64_encode(a, k->signed_heads));
}

/* Knots come by signer and number: the last of each signer is printed. */
static enum err_class newest_of_each(
    void *ctx, const struct audit_knot *k, struct err *e)
{
	struct heading *h = ctx;
	const char *signer =
	    json_string_value(json_object_get(h->line, "signer"));

	(void)e;
	if (signer != NULL && !text_is(k->signer, signer)) {
		cli_print(h->line);
		h->line = NULL;
	}
	json_decref(h->line);
	h->line = knot_json(h, k);
	return ERR_NONE;
}

static enum err_class print_heads(struct store_tx *tx, void *arg, struct err *e)
{
	return audit_knot_all(tx, newest_of_each, arg, e);
}

static enum err_class make_knot(struct heading *h, struct err *e)
{
	TRY(store_read(h->n->store, read_heads, h, e));
	if (!h->due)
		return ERR_NONE;
	TRY(keys_sign(h->n->keys, buf_bytes(&h->heads), &h->signed_heads, e));
	return store_run(h->n->store, put_knot, h, e);
}

static int heads(struct cli *c)
{
	struct cli_node n = {0};
	struct heading h = {.c = c, .n = &n};
	struct err e;
	enum err_class class = cli_node_open(
	    c, c->arg[0], -1, CLI_NODE_KEYS | CLI_NODE_PEERS, &n, &e);

	if (class == ERR_NONE)
		class = make_knot(&h, &e);
	if (class == ERR_NONE)
		class = store_read(n.store, print_heads, &h, &e);
	if (class == ERR_NONE && h.line != NULL)
		cli_print(h.line);
	else
		json_decref(h.line);
	buf_fini(&h.heads);
	buf_fini(&h.signed_heads);
	cli_node_close(&n);
	return class == ERR_NONE ? 0 : cli_fail(c, &e);
}

const struct cli_command cmd_audit_heads = {
    .words = "audit heads",
    .args = "NODE",
    .help = "Signs the heads of the node's log, if there are entries since "
	    "the last time, and prints as JSON lines its newest signed heads "
	    "and the newest that it keeps of each peer. Keep them elsewhere.",
    .args_min = 1,
    .args_max = 1,
    .run = heads,
};
