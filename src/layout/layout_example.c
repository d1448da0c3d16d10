/* layout_example.c — see layout_example.h. */
#include "layout/layout_example.h"

#include "layout/layout_internal.h"
#include "layout/layout_yaml.h"

#include <stdio.h>
#include <stdlib.h>

#define RECORDS_MAX 32
#define KEYS_REQUEST " example about file_id records held bytes "
#define KEYS_ANSWER " example about file_id records refused writes bytes "

struct example {
	struct layout *l;
	const char *name;
	struct arena arena;
	struct arena got; /* what was read back */
	const struct layout_node *root;
	const char *file_id;
	struct buf due;
	struct buf made;
	size_t n;
	struct request request[RECORDS_MAX];
	struct answer answer[RECORDS_MAX];
	/* While the bytes are read back: */
	size_t next;
	const struct layout_node *refused;
	struct err *e;
};

static enum err_class unreadable(const struct example *x,
    const struct layout_node *n, struct err *e, const char *detail)
{
	err_set(e, ERR_INPUT, "layout.syntax", "例の書き方が違います",
	    "this is not how an example is written");
	(void)err_at(e, x->name, n ? n->line : 1, n ? n->column : 1, NULL);
	e->level = ERR_FILE;
	return err_detail(e, "%s", detail);
}

static enum err_class differs(
    const struct example *x, struct err *e, const char *ja, const char *en)
{
	err_set(e, ERR_INPUT, "layout.example", ja, en);
	(void)err_at(e, x->name, x->root->line, 1, NULL);
	e->level = ERR_FILE;
	return e->class;
}

/* ---- reading the example ---- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Pairs of hexadecimal digits; blanks, and # to the end of a line, are not
 * read. */
static bool take_bytes(struct text t, struct buf *out)
{
	for (size_t i = 0; i < t.n; i++) {
		int high = hex_digit(t.p[i]);
		int low;

		if (t.p[i] == '#') {
			while (i + 1 < t.n && t.p[i + 1] != '\n')
				i++;
			continue;
		}
		if (t.p[i] == ' ' || t.p[i] == '\n' || t.p[i] == '\t')
			continue;
		low = i + 1 < t.n ? hex_digit(t.p[i + 1]) : -1;
		if (high < 0 || low < 0)
			return false;
		buf_byte(out, (unsigned char)(high * 16 + low));
		i++;
	}
	return true;
}

static enum err_class take_request(struct example *x,
    const struct layout_node *n, struct request *r, struct err *e)
{
	for (n = n->child; n != NULL; n = n->next) {
		int slot = item_request_named(n->key);
		int other = request_other_named(n->key);

		if ((slot < 0 && other < 0) || n->kind != NODE_SCALAR)
			return unreadable(x, n, e, "a request item");
		if (slot >= 0)
			r->f[slot] = n->text;
		else
			r->other[other] = n->text;
	}
	return ERR_NONE;
}

static enum err_class take_items(struct example *x, const struct layout_node *n,
    struct text *f, struct err *e)
{
	int slot = item_answer_named(n->key);

	if (slot < 0 || n->kind != NODE_SCALAR)
		return unreadable(x, n, e, "an answer item");
	f[slot] = n->text;
	return ERR_NONE;
}

static enum err_class take_transactions(struct example *x,
    const struct layout_node *n, struct answer_account *account, struct err *e)
{
	static const char *const names[] = {
#define NAME_(id, member, ja, type) ja,
	    LAYOUT_TRANSACTION_FIELDS(NAME_)};

	for (n = n->child; n != NULL; n = n->next) {
		struct answer_transaction *t =
		    answer_add_transaction(&x->arena, account);

		*t = (struct answer_transaction){0};
		for (int i = 0; i < (int)TFIELD_COUNT; i++) {
			const struct layout_node *c =
			    layout_yaml_get(n, names[i]);

			if (c != NULL)
				*layout_transaction_slot(t, i) = c->text;
		}
		if (n->kind != NODE_MAP)
			return unreadable(x, n, e, "取引日 出金 入金 残高 …");
	}
	return ERR_NONE;
}

static enum err_class take_others(struct example *x,
    const struct layout_node *n, struct answer *answer, struct err *e)
{
	static const char *const names[] = {LAYOUT_OTHER_FIELDS(NAME_)};
#undef NAME_

	for (n = n->child; n != NULL; n = n->next) {
		struct answer_other *o = answer_add_other(&x->arena, answer);

		*o = (struct answer_other){0};
		for (int i = 0; i < (int)OFIELD_COUNT; i++) {
			const struct layout_node *c =
			    layout_yaml_get(n, names[i]);

			if (c != NULL)
				*layout_other_slot(o, i) = c->text;
		}
		if (n->kind != NODE_MAP)
			return unreadable(x, n, e, "種類 名称 金額 …");
	}
	return ERR_NONE;
}

static enum err_class take_accounts(struct example *x,
    const struct layout_node *n, struct answer *answer, struct err *e)
{
	for (n = n->child; n != NULL; n = n->next) {
		struct answer_account *a =
		    answer_add_account(&x->arena, answer);

		for (const struct layout_node *c = n->child; c; c = c->next)
			if (text_is(c->key, "transactions"))
				TRY(take_transactions(x, c, a, e));
			else
				TRY(take_items(x, c, a->f, e));
	}
	return ERR_NONE;
}

static enum err_class take_answer(struct example *x,
    const struct layout_node *n, struct answer *answer, struct err *e)
{
	const struct layout_node *class = layout_yaml_get(n, "class");

	if (class == NULL || !answer_class_named(class->text, &answer->class))
		return unreadable(x, n, e, "class: found, none, review …");
	for (n = n->child; n != NULL; n = n->next) {
		if (text_is(n->key, "class"))
			continue;
		if (text_is(n->key, "accounts"))
			TRY(take_accounts(x, n, answer, e));
		else if (text_is(n->key, "others"))
			TRY(take_others(x, n, answer, e));
		else
			TRY(take_items(x, n, answer->f, e));
	}
	return ERR_NONE;
}

static enum err_class take_records(
    struct example *x, bool is_request, struct err *e)
{
	const struct layout_node *n = layout_yaml_get(x->root, "records");

	if (n == NULL || n->kind != NODE_LIST || n->count > RECORDS_MAX)
		return unreadable(x, n, e, "records: a list of at most 32");
	for (n = n->child; n != NULL; n = n->next, x->n++) {
		if (n->kind != NODE_MAP)
			return unreadable(x, n, e, "a record: items");
		if (is_request)
			TRY(take_request(x, n, &x->request[x->n], e));
		else
			TRY(take_answer(x, n, &x->answer[x->n], e));
	}
	return ERR_NONE;
}

static enum err_class take_root(
    struct example *x, bool *is_request, struct err *e)
{
	const struct layout_node *kind = layout_yaml_get(x->root, "example");
	const struct layout_node *id = layout_yaml_get(x->root, "file_id");
	const struct layout_node *bytes = layout_yaml_get(x->root, "bytes");

	if (kind == NULL ||
	    (!text_is(kind->text, "request") && !text_is(kind->text, "answer")))
		return unreadable(x, kind, e, "example: request or answer");
	*is_request = text_is(kind->text, "request");
	for (const struct layout_node *n = x->root->child; n; n = n->next) {
		const char *known = *is_request ? KEYS_REQUEST : KEYS_ANSWER;
		const char *word = arena_printf(&x->arena, " %s ", n->key.p);

		if (strstr(known, word) == NULL)
			return unreadable(x, n, e, known);
	}
	x->file_id = id != NULL ? id->text.p : "";
	if (id == NULL || id->text.n > LAYOUT_FILE_ID_MAX)
		return unreadable(x, id, e, "file_id: at most 24 characters");
	if (bytes == NULL || !take_bytes(bytes->text, &x->due))
		return unreadable(x, bytes, e, "bytes: hexadecimal pairs");
	return take_records(x, *is_request, e);
}

/* ---- comparing ---- */

/* Where the two part, with a few bytes of each. */
static enum err_class compare_bytes(const struct example *x, struct err *e)
{
	size_t at = 0;
	char due[33];
	char made[33];
	size_t n;

	while (at < x->due.n && at < x->made.n && x->due.p[at] == x->made.p[at])
		at++;
	if (at == x->due.n && at == x->made.n)
		return ERR_NONE;
	n = x->due.n - at < 16 ? x->due.n - at : 16;
	bytes_hex(x->due.p + at, n, due);
	n = x->made.n - at < 16 ? x->made.n - at : 16;
	bytes_hex(x->made.p + at, n, made);
	(void)differs(x, e, "作ったバイト列が例と違います",
	    "the bytes made are not those of the example");
	return err_detail(
	    e, "from byte %zu: due %s, made %s", at + 1, due, made);
}

static enum err_class compare_items(const struct example *x,
    const struct text *due, const struct text *got, struct err *e)
{
	for (int i = 0; i < (int)ANSWER_COUNT; i++) {
		if (text_eq(due[i], got[i]))
			continue;
		(void)differs(x, e, "読んだ値が例と違います",
		    "a value read is not that of the example");
		return err_detail(e,
		    "record %zu, %s: due \"%.*s\", read "
		    "\"%.*s\"",
		    x->next, item_answer[i].name, (int)due[i].n,
		    due[i].n ? due[i].p : "", (int)got[i].n,
		    got[i].n ? got[i].p : "");
	}
	return ERR_NONE;
}

static enum err_class compare_slots(
    const struct example *x, bool same, const char *what, struct err *e)
{
	if (same)
		return ERR_NONE;
	(void)differs(x, e, "読んだ値が例と違います",
	    "a value read is not that of the example");
	return err_detail(e, "record %zu: %s", x->next, what);
}

static bool same_transactions(
    const struct answer_account *a, const struct answer_account *b)
{
	if (a->transaction_count != b->transaction_count)
		return false;
	for (size_t i = 0; i < a->transaction_count; i++)
		for (int k = 0; k < (int)TFIELD_COUNT; k++)
			if (!text_eq(*layout_transaction_slot(
					 &a->transactions[i], k),
				*layout_transaction_slot(
				    &b->transactions[i], k)))
				return false;
	return true;
}

static bool same_others(const struct answer *a, const struct answer *b)
{
	if (a->other_count != b->other_count)
		return false;
	for (size_t i = 0; i < a->other_count; i++)
		for (int k = 0; k < (int)OFIELD_COUNT; k++)
			if (!text_eq(*layout_other_slot(&a->others[i], k),
				*layout_other_slot(&b->others[i], k)))
				return false;
	return true;
}

static enum err_class compare_answer(const struct example *x,
    const struct answer *due, const struct answer *got, struct err *e)
{
	TRY(compare_slots(x, due->class == got->class, "class", e));
	TRY(compare_items(x, due->f, got->f, e));
	TRY(compare_slots(
	    x, due->account_count == got->account_count, "accounts", e));
	for (size_t i = 0; i < due->account_count; i++) {
		TRY(compare_items(
		    x, due->accounts[i].f, got->accounts[i].f, e));
		TRY(compare_slots(x,
		    same_transactions(&due->accounts[i], &got->accounts[i]),
		    "transactions", e));
	}
	return compare_slots(x, same_others(due, got), "others", e);
}

/* ---- requests ---- */

static const struct layout_node *held_as(const struct example *x, size_t record)
{
	const struct layout_node *n = layout_yaml_get(x->root, "held");
	char z[24];

	(void)snprintf(z, sizeof(z), "%zu", record);
	for (n = n ? n->child : NULL; n != NULL; n = n->next) {
		const struct layout_node *r = layout_yaml_get(n, "record");

		if (r != NULL && text_is(r->text, z))
			return n;
	}
	return NULL;
}

static enum err_class compare_hold(const struct example *x,
    const struct layout_node *due, const struct layout_report *report,
    size_t record, struct err *e)
{
	const struct layout_node *item = layout_yaml_get(due, "item");
	const struct layout_node *rule = layout_yaml_get(due, "rule");
	const char *got_item = item_request[report->hold.item].name;

	if (due == NULL && !report->held)
		return ERR_NONE;
	if (due != NULL && report->held && item != NULL && rule != NULL &&
	    item_request_named(item->text) == (int)report->hold.item &&
	    text_is(rule->text, report->hold.rule))
		return ERR_NONE;
	(void)differs(x, e, "保留が例と違います",
	    "what is held is not what the example says");
	if (!report->held)
		return err_detail(e, "record %zu: not held", record);
	return err_detail(e, "record %zu: held for %s by %s", record, got_item,
	    report->hold.rule);
}

static enum err_class read_back(
    void *ctx, const struct request *r, long line, struct err *e)
{
	struct example *x = ctx;

	(void)line;
	while (x->next < x->n && held_as(x, x->next + 1) != NULL)
		x->next++;
	if (x->next < x->n && text_eq(x->request[x->next].f[REQUEST_INQUIRY],
				  r->f[REQUEST_INQUIRY])) {
		x->next++;
		return ERR_NONE;
	}
	return differs(x, e, "金融機関の側で読み戻せません",
	    "the bank's side does not read it back");
}

static void read_bad(void *ctx, const struct err *why, struct text kanri)
{
	struct example *x = ctx;

	(void)kanri;
	if (x->e->class != ERR_NONE)
		return;
	(void)differs(x, x->e, "金融機関の側で読み戻せません",
	    "the bank's side does not read it back");
	(void)err_detail(x->e, "%s %s", why->code, why->item);
}

static enum err_class run_request(struct example *x, struct err *e)
{
	struct layout_sink sink = {
	    .ctx = x, .request = read_back, .bad = read_bad};
	struct err bad = {0};
	size_t written = 0;
	size_t records;

	layout_begin_requests(x->l, x->file_id, &x->made);
	for (size_t i = 0; i < x->n; i++) {
		struct layout_report report = {0};

		layout_put_request(x->l, &x->request[i], &x->made, &report);
		TRY(compare_hold(x, held_as(x, i + 1), &report, i + 1, e));
		written += !report.held;
	}
	layout_end_requests(x->l, written, &x->made);
	TRY(compare_bytes(x, e));
	x->e = &bad;
	TRY(layout_read(x->l, buf_bytes(&x->due), &x->got, &sink, &records, e));
	if (bad.class != ERR_NONE)
		*e = bad;
	return bad.class;
}

/* ---- answers ---- */

static enum err_class read_answer(
    void *ctx, const struct answer *got, long line, struct err *e)
{
	struct example *x = ctx;

	(void)line;
	x->next++;
	if (x->next > x->n)
		return differs(x, e, "例より多くの回答があります",
		    "more answers than the example has");
	return compare_answer(x, &x->answer[x->next - 1], got, e);
}

static void read_refused(void *ctx, const struct err *why, struct text kanri)
{
	struct example *x = ctx;
	const struct layout_node *code = layout_yaml_get(x->refused, "code");

	(void)kanri;
	if (code != NULL && text_is(code->text, why->code)) {
		x->refused = x->refused->next;
		return;
	}
	if (x->e->class != ERR_NONE)
		return;
	(void)differs(x, x->e, "例にない拒否です",
	    "a refusal that the example does not have");
	(void)err_detail(
	    x->e, "line %ld: %s %s", why->line, why->code, why->item);
}

static enum err_class run_answer(struct example *x, struct err *e)
{
	const struct layout_node *refused = layout_yaml_get(x->root, "refused");
	const struct layout_node *writes = layout_yaml_get(x->root, "writes");
	struct layout_sink sink = {
	    .ctx = x, .answer = read_answer, .bad = read_refused};
	struct err bad = {0};
	size_t records;
	size_t lost = 0;

	x->e = &bad;
	x->refused = refused ? refused->child : NULL;
	TRY(layout_read(x->l, buf_bytes(&x->due), &x->got, &sink, &records, e));
	if (bad.class != ERR_NONE) {
		*e = bad;
		return bad.class;
	}
	if (x->next != x->n || x->refused != NULL)
		return differs(x, e, "例より少ない回答です",
		    "fewer answers or refusals than the example has");
	if (writes != NULL && text_is(writes->text, "false"))
		return ERR_NONE;
	layout_begin_answers(x->l, x->file_id, &x->made);
	for (size_t i = 0; i < x->n; i++)
		layout_put_answer(x->l, &x->answer[i], &x->made, &lost);
	layout_end_answers(x->l, x->n, &x->made);
	return compare_bytes(x, e);
}

enum err_class layout_example_run(
    struct layout *l, struct bytes yaml, const char *name, struct err *e)
{
	struct example *x = arena_xmalloc(sizeof(*x));
	struct layout_node *root;
	enum err_class class;
	bool is_request = false;

	memset(x, 0, sizeof(*x));
	x->l = l;
	x->name = name;
	class = layout_yaml_parse(yaml, name, &x->arena, &root, e);
	if (class == ERR_NONE) {
		x->root = root;
		class = take_root(x, &is_request, e);
	}
	if (class == ERR_NONE)
		class = is_request ? run_request(x, e) : run_answer(x, e);
	buf_fini(&x->due);
	buf_fini(&x->made);
	arena_fini(&x->got);
	arena_fini(&x->arena);
	free(x);
	return class;
}
