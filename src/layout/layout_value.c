/* layout_value.c — canonical text into the institution's form. */
#include "layout/layout_value.h"

#include "base/digest.h"
#include "text/utf8.h"

void layout_value_hold(struct layout_writing *w, const struct layout_column *c,
    const char *rule, size_t at, uint32_t bad, const char *ja, const char *en)
{
	if (w->report == NULL || w->report->held)
		return;
	w->report->held = true;
	w->report->hold = (struct layout_hold){
	    .item = (enum request_item)c->slot,
	    .rule = rule,
	    .at = at,
	    .bad = bad,
	    .ja = ja,
	    .en = en,
	};
}

/* ---- which text ---- */

static struct text from_request(
    const struct layout_writing *w, const struct layout_column *c)
{
	const signed char *from = c->from[w->person];
	struct text t = {0};

	for (int i = 0; i < LAYOUT_SOURCES_MAX && from[i] >= 0; i++) {
		t = from[i] < (int)REQUEST_COUNT
			? w->request->f[from[i]]
			: w->request->other[from[i] - (int)REQUEST_COUNT];
		if (t.n != 0)
			break;
	}
	return t;
}

/* An account's own word, or its holder's. */
static struct text from_answer(
    const struct layout_writing *w, const struct layout_column *c)
{
	if (w->account != NULL && w->account->f[c->slot].n != 0)
		return w->account->f[c->slot];
	return w->answer->f[c->slot];
}

static struct text number(struct layout_writing *w, size_t n)
{
	size_t size = 20; /* digits of 2^64 */
	char *z = arena_take(&w->l->scratch, size);
	size_t i = size;

	do
		z[--i] = (char)('0' + n % 10);
	while ((n /= 10) != 0);
	return text_trust(z + i, size - i);
}

static size_t others_of(const struct answer *x, bool collateral)
{
	size_t n = 0;

	for (size_t i = 0; i < x->other_count; i++)
		n += text_is(x->others[i].kind, "2") == collateral;
	return n;
}

static size_t transactions_of(const struct layout_writing *w)
{
	size_t n = 0;

	if (w->account != NULL)
		return w->account->transaction_count;
	for (size_t i = 0; i < w->answer->account_count; i++)
		n += w->answer->accounts[i].transaction_count;
	return n;
}

/* The three counting items say what stands below, never something else. */
static struct text counted(struct layout_writing *w, int slot)
{
	/* Rows that the form has no place for are not told of. */
	if (slot == ANSWER_STATEMENT && !w->l->answer.row[ROW_TRANSACTION].used)
		return (struct text){0};
	if (slot == ANSWER_STATEMENT)
		return number(w, transactions_of(w));
	return number(w, others_of(w->answer, slot == ANSWER_COLLATERAL));
}

static struct text item_text(
    struct layout_writing *w, const struct layout_column *c)
{
	switch (c->scope) {
	case SCOPE_REQUEST:
		return from_request(w, c);
	case SCOPE_ANSWER:
		if (c->type == ITEM_COUNT)
			return counted(w, c->slot);
		return from_answer(w, c);
	case SCOPE_TRANSACTION:
		return *layout_transaction_slot(w->transaction, c->slot);
	case SCOPE_OTHER:
		return *layout_other_slot(w->other, c->slot);
	}
	return (struct text){0};
}

/* A total, as text: never more than 15 digits of 100,000 rows each. */
static struct text total(struct layout_writing *w, int64_t n)
{
	return text_z(arena_printf(&w->l->scratch, "%lld", (long long)n));
}

static struct text body_digest(struct layout_writing *w)
{
	const struct layout_run *run = &w->l->run;
	char *z = arena_take(&w->l->scratch, DIGEST_TEXT);

	digest_hex(digest_one(BYTES(
		       w->out->p + run->body_at, run->body_end - run->body_at)),
	    z);
	return text_trust(z, DIGEST_TEXT - 1);
}

struct text layout_value_source(
    struct layout_writing *w, const struct layout_column *c)
{
	switch (c->value) {
	case VALUE_ITEM:
		return item_text(w, c);
	case VALUE_CONSTANT:
		return c->constant;
	case VALUE_FILLER:
		return (struct text){0};
	case VALUE_SUM:
		return total(w, w->l->run.sum[c->slot]);
	case VALUE_DIGEST:
		return body_digest(w);
	case VALUE_FILE_ID:
		return text_z(w->l->run.file_id);
	case VALUE_CODE:
		return text_z(w->l->code);
	case VALUE_NAME:
		return text_z(w->l->name);
	case VALUE_RECORDS:
		return number(w, w->records);
	case VALUE_ROWS:
		return number(w, w->l->run.rows);
	case VALUE_VARIANT:
		return number(w, w->variant);
	case VALUE_ACCOUNTS:
		return number(w, w->answer->account_count);
	case VALUE_TRANSACTIONS:
		return number(
		    w, w->account ? w->account->transaction_count : 0);
	case VALUE_OTHERS:
		return number(w, w->answer->other_count);
	}
	return (struct text){0};
}

/* ---- rules ---- */

/* Follows a rules list at work on one column. */
struct following {
	struct layout_writing *w;
	const struct layout_column *c;
	bool material;
	const char *rule; /* of the first material loss */
	size_t at;
	uint32_t bad;
};

static void follow(void *ctx, const struct rules_change *change)
{
	struct following *f = ctx;
	struct layout_report *r = f->w->report;
	size_t i = 0;

	if (change->loss == RULES_MATERIAL && !f->material) {
		f->material = true;
		f->rule = change->rule;
		f->at = change->at;
		f->bad = change->before.n ? utf8_next(change->before, &i) : 0;
	}
	if (r != NULL && r->note != NULL)
		r->note(r->ctx, (enum request_item)f->c->slot, change);
	else if (r != NULL && r->tally != NULL)
		r->tally(r->ctx, change->rule, change->loss, 1);
}

static void mark_loss(struct layout_writing *w, const struct layout_column *c,
    enum rules_loss loss)
{
	if (w->report == NULL || c->value != VALUE_ITEM)
		return;
	if (loss == RULES_INFORMATIONAL)
		w->report->informational |= UINT32_C(1) << c->slot;
	else if (loss == RULES_MATERIAL)
		w->report->material |= UINT32_C(1) << c->slot;
}

/* T2: a material loss only where the layout says so; else it is held. */
static bool apply_rules(struct layout_writing *w, const struct layout_column *c,
    struct text in, struct text *out)
{
	const struct rules *rules = c->rules[w->person];
	struct following f = {.w = w, .c = c};
	struct rules_report report = {.note = follow, .ctx = &f};

	*out = in;
	if (rules == NULL || in.n == 0)
		return true;
	if (!rules_apply(rules, in, &w->l->scratch, out, &report)) {
		*out = in;
		layout_value_hold(w, c, report.rule, report.at, report.bad,
		    report.ja, report.en);
		return w->report == NULL;
	}
	mark_loss(w, c, report.worst);
	if (!f.material || c->loss_allowed || w->report == NULL ||
	    w->report->allowed)
		return true;
	layout_value_hold(w, c, f.rule, f.at, f.bad,
	    "読みや字が変わる変換を、この項目は許していません",
	    "the layout does not permit this loss in this item");
	return false;
}

/* ---- maps, dates, amounts ---- */

static bool write_map(struct layout_writing *w, const struct layout_column *c,
    struct text in, struct text *out)
{
	for (size_t i = 0; i < c->map.n; i++) {
		const struct layout_pair *p = &c->map.pair[i];

		if (!text_eq(p->ours, in))
			continue;
		if (p->refused)
			break;
		*out = p->theirs;
		return true;
	}
	*out = (struct text){0};
	if (in.n == 0)
		return true;
	if (w->lost != NULL)
		(*w->lost)++;
	layout_value_hold(w, c, "map", 1, (unsigned char)in.p[0],
	    "この金融機関が受け付けない値です",
	    "the institution does not accept this value");
	return w->report == NULL;
}

static bool write_class(
    struct layout_writing *w, const struct layout_column *c, struct text *out)
{
	for (size_t i = 0; i < c->map.n; i++)
		if (c->map.pair[i].class == w->answer->class &&
		    !c->map.pair[i].refused) {
			*out = c->map.pair[i].theirs;
			return true;
		}
	if (w->lost != NULL)
		(*w->lost)++;
	*out = (struct text){0};
	return true;
}

static bool bad_date(struct layout_writing *w, const struct layout_column *c)
{
	if (w->lost != NULL)
		(*w->lost)++;
	layout_value_hold(w, c, "date", 1, 0,
	    "この日付は金融機関の書式では書けません",
	    "the institution's form has no place for this date");
	return w->report == NULL;
}

/* YYYY-MM-DD in the column's form, into the column; false if it has none. */
static bool keep_date(struct layout_writing *w, struct layout_column *c,
    struct text in, struct date d, bool second)
{
	struct buf *to = &w->l->field;

	buf_clear(to);
	if (c->era6 && (!wareki_put_era6(d, to) || to->n != 6))
		return false;
	switch (c->era6 ? WAREKI_ISO : c->date) {
	case WAREKI_YMD8:
		buf_add(to, in.p, 4);
		buf_add(to, in.p + 5, 2);
		buf_add(to, in.p + 8, 2);
		break;
	case WAREKI_SLASH:
		buf_add(to, in.p, 10);
		to->p[4] = '/';
		to->p[7] = '/';
		break;
	case WAREKI_ISO:
	case WAREKI_ERA7:
		if (!c->era6 && !wareki_put(c->date, d, to))
			return false;
		if (to->n > sizeof(c->kept[0].out))
			return false;
		break;
	}
	memcpy(c->kept[second].in, in.p, sizeof(c->kept[0].in));
	memcpy(c->kept[second].out, to->p, to->n);
	c->kept[second].n = to->n;
	return true;
}

static bool put_date(struct layout_writing *w, struct layout_column *c,
    struct text in, bool second, struct text *out)
{
	struct date d;

	*out = (struct text){0};
	if (in.n == 0)
		return true;
	if (c->era6)
		mark_loss(w, c, RULES_MATERIAL);
	if (c->era6 && !c->loss_allowed && w->report != NULL)
		return bad_date(w, c);
	if (c->kept[second].n != 0 && in.n == sizeof(c->kept[0].in) &&
	    memcmp(in.p, c->kept[second].in, in.n) == 0) {
		*out = text_trust(c->kept[second].out, c->kept[second].n);
		return true;
	}
	if (!date_parse_partial(in, &d))
		return bad_date(w, c);
	if (d.day == 0 && c->unknown != UNKNOWN_ALLOW) {
		if (c->unknown == UNKNOWN_HOLD)
			return bad_date(w, c);
		/* What was known of the date is lost with the blank. */
		mark_loss(
		    w, c, d.year == 0 ? RULES_INFORMATIONAL : RULES_MATERIAL);
		return d.year == 0 || c->loss_allowed || bad_date(w, c);
	}
	if (!keep_date(w, c, in, d, second))
		return bad_date(w, c);
	*out = text_trust(c->kept[second].out, c->kept[second].n);
	return true;
}

static bool put_period(struct layout_writing *w, struct layout_column *c,
    struct text in, struct text *out)
{
	const char *slash = in.n ? memchr(in.p, '/', in.n) : NULL;
	struct text from;
	struct text to;

	*out = (struct text){0};
	if (in.n == 0)
		return true;
	if (slash == NULL)
		return bad_date(w, c);
	from = text_trust(in.p, (size_t)(slash - in.p));
	to = text_trust(slash + 1, in.n - from.n - 1);
	if (c->part == PERIOD_FROM)
		return put_date(w, c, from, false, out);
	if (c->part == PERIOD_TO)
		return put_date(w, c, to, true, out);
	if (!put_date(w, c, from, false, &from) ||
	    !put_date(w, c, to, true, &to))
		return false;
	buf_clear(&w->l->field);
	buf_text_add(&w->l->field, from);
	buf_text_add(&w->l->field, c->join);
	buf_text_add(&w->l->field, to);
	*out = text_dup(&w->l->scratch, buf_text(&w->l->field));
	return true;
}

static struct text write_amount(
    struct layout_writing *w, const struct layout_column *c, struct text in)
{
	bool minus = in.n > 0 && in.p[0] == '-';
	size_t digits = in.n - minus;
	char *to;
	size_t n = 0;

	if (!c->commas || digits <= 3)
		return in;
	to = arena_take(&w->l->scratch, in.n + in.n / 3 + 1);
	for (size_t i = 0; i < in.n; i++) {
		if (i > minus && (in.n - i) % 3 == 0)
			to[n++] = ',';
		to[n++] = in.p[i];
	}
	return text_trust(to, n);
}

bool layout_value_write(
    struct layout_writing *w, struct layout_column *c, struct text *out)
{
	struct text in = layout_value_source(w, c);

	if (c->required && in.n == 0 && w->report != NULL) {
		layout_value_hold(w, c, "required", 0, 0,
		    "この金融機関に必要な項目がありません",
		    "the institution needs this item");
		return false;
	}
	switch (c->op) {
	case OP_TEXT:
		return apply_rules(w, c, in, out);
	case OP_CODE:
		*out = in;
		return true;
	case OP_MAP:
		return write_map(w, c, in, out);
	case OP_CLASS:
		return write_class(w, c, out);
	case OP_DATE:
		return put_date(w, c, in, false, out);
	case OP_PERIOD:
		return put_period(w, c, in, out);
	case OP_AMOUNT:
		*out = write_amount(w, c, in);
		return true;
	}
	return false;
}
