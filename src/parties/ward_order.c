/* ward_order.c — see ward_order.h. */
#include "parties/ward_order.h"

#include "base/clock.h"
#include "record/limits.h"

#include <stdlib.h>

struct kinds {
	struct text code[ORDER_KINDS];
	const struct codes_basis *basis[ORDER_KINDS]; /* NULL: none serves it */
	size_t n;
};

static enum err_class check_texts(const struct ward_order *o, struct err *e)
{
	if (!ward_text_good(o->name, 1, LIMIT_TEXT))
		return err_set(e, ERR_INPUT, "wave.name",
		    "名称は1から200文字です", "a name has 1 to 200 characters");
	if (!ward_text_good(o->purpose, 1, LIMIT_TEXT))
		return err_set(e, ERR_INPUT, "wave.purpose",
		    "利用目的は1から200文字です",
		    "a purpose has 1 to 200 characters");
	if (!ward_text_good(o->reason, 1, LIMIT_TEXT))
		return err_set(e, ERR_INPUT, "wave.reason",
		    "照会先を選んだ理由が必要です",
		    "the reason for the institutions is missing");
	return ERR_NONE;
}

static bool dates_good(const struct ward_order *o, struct date days[4])
{
	return date_parse(text_z(o->base_date), &days[0]) &&
	       date_parse(text_z(o->period_from), &days[1]) &&
	       date_parse(text_z(o->period_to), &days[2]) &&
	       date_parse(text_z(o->deadline), &days[3]) &&
	       date_cmp(days[1], days[2]) <= 0;
}

/* The named basis codes, each in force today. */
static enum err_class bases_of(struct party_context *c, const char *list,
    const struct codes_basis **out, size_t *n, struct err *e)
{
	struct date today = clock_date(c->now_us);

	for (*n = 0; *list != '\0';) {
		size_t length = strcspn(list, ",");
		const struct codes_basis *b =
		    codes_basis_on(c->codes, text_trust(list, length), today);

		if (b == NULL || *n == LIMIT_WAVE_BASES) {
			err_set(e, ERR_DENIED, "wave.basis",
			    "有効な根拠法令ではありません",
			    "no legal basis in force");
			return err_detail(e, "%.*s", (int)length, list);
		}
		out[(*n)++] = b;
		list += length + (list[length] == ',');
	}
	return *n > 0 ? ERR_NONE
		      : err_set(e, ERR_DENIED, "wave.basis",
			    "根拠法令がありません", "no legal basis is given");
}

static enum err_class check_bases(const struct ward_order *o,
    const struct date days[4], const struct codes_basis **bases, size_t *n,
    struct err *e)
{
	enum codes_scope scope;
	size_t allowed = 0;

	if (!codes_scope_named(text_z(o->scope), &scope))
		return err_set(e, ERR_INPUT, "wave.scope",
		    "照会の範囲は existence, balance, detail です",
		    "the scope is existence, balance or detail");
	for (size_t i = 0; i < *n; i++) {
		/* No record of a person's consent is kept: not to be used. */
		if (bases[i]->consent) {
			err_set(e, ERR_DENIED, "wave.basis",
			    "本人の同意を要する根拠法令です",
			    "this basis needs the person's consent");
			return err_detail(
			    e, "%.*s", (int)bases[i]->code.n, bases[i]->code.p);
		}
		if (codes_basis_allows(bases[i], scope, days[1], days[2]))
			bases[allowed++] = bases[i];
	}
	*n = allowed;
	return allowed > 0 ? ERR_NONE
			   : err_set(e, ERR_DENIED, "wave.scope",
				 "根拠法令がこの範囲または期間を許しません",
				 "no basis allows this scope or period");
}

static enum err_class add_kind(struct party_context *c,
    const struct ward_order *o, struct kinds *k, struct text kamoku)
{
	if (o->claim_kind[0] != '\0' && !text_is(kamoku, o->claim_kind))
		return ERR_NONE;
	for (size_t i = 0; i < k->n; i++)
		if (text_eq(k->code[i], kamoku))
			return ERR_NONE;
	if (k->n < ORDER_KINDS)
		k->code[k->n++] = text_dup(c->arena, kamoku);
	return ERR_NONE;
}

struct reading {
	struct party_context *c;
	const struct ward_order *order;
	struct kinds *kinds;
};

/* The 科目 of one picked subject; ERR_INPUT if there is no such claim. */
static enum err_class kinds_of_pick(struct store_tx *tx, struct reading *x,
    const struct ward_pick *p, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;
	bool any = false;

	TRY(store_query(tx, STMT_WARD_CLAIMS_OF,
	    STORE_VALUES(store_z(x->c->node->code), store_text(p->atena)), &r,
	    e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more) {
		struct text kamoku = store_get_text(r, 0);

		if (p->kamoku.n > 0 && !text_eq(p->kamoku, kamoku))
			continue;
		any = true;
		(void)add_kind(x->c, x->order, x->kinds, kamoku);
	}
	store_rows_close(r);
	if (class != ERR_NONE || any)
		return class;
	err_set(e, ERR_INPUT, "wave.unknown_subject",
	    "台帳にない宛名番号または科目です",
	    "no such subject or claim is kept");
	return err_at(e, NULL, p->line, 0, "宛名番号");
}

static enum err_class read_kinds(struct store_tx *tx, void *arg, struct err *e)
{
	struct reading *x = arg;
	struct store_rows *r;
	enum err_class class;
	bool more;

	x->kinds->n = 0;
	if (x->order->listed) {
		for (size_t i = 0; i < x->order->pick_count; i++)
			TRY(kinds_of_pick(tx, x, &x->order->picks[i], e));
		return ERR_NONE;
	}
	TRY(store_query(tx, STMT_WARD_KINDS_ALL,
	    STORE_VALUES(store_z(x->c->node->code)), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		(void)add_kind(x->c, x->order, x->kinds, store_get_text(r, 0));
	store_rows_close(r);
	return class;
}

/* Which basis serves which 科目; the first of the list that does. */
static enum err_class match_kinds(struct kinds *k,
    const struct codes_basis *const *bases, size_t n, struct err *e)
{
	size_t served = 0;

	for (size_t i = 0; i < k->n; i++) {
		k->basis[i] = NULL;
		for (size_t b = 0; b < n && k->basis[i] == NULL; b++)
			if (codes_basis_serves(bases[b], k->code[i]))
				k->basis[i] = bases[b];
		served += k->basis[i] != NULL;
	}
	if (k->n == 0)
		return err_set(e, ERR_INPUT, "wave.empty",
		    "対象者が一人もいません", "it would ask about nobody");
	return served > 0 ? ERR_NONE
			  : err_set(e, ERR_DENIED, "wave.basis",
				"選んだ科目に使える根拠法令がありません",
				"no basis serves the chosen claims");
}

enum err_class ward_order_appointed(struct party_context *c,
    const struct ward_user *officer, const struct text *kamoku, size_t n,
    struct err *e)
{
	struct date today = clock_date(c->now_us);

	for (size_t i = 0; i < n; i++) {
		if (ward_user_appointed(officer, kamoku[i], today) != NULL)
			continue;
		err_set(e, ERR_DENIED, "wave.approver",
		    "この科目の徴税吏員・徴収職員ではありません",
		    "no appointment in force for this 科目");
		return err_detail(e, "科目%.*s", (int)kamoku[i].n, kamoku[i].p);
	}
	return ERR_NONE;
}

static enum err_class appointed(struct party_context *c,
    const struct ward_user *officer, const struct kinds *k, struct err *e)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->basis[i] != NULL)
			TRY(ward_order_appointed(
			    c, officer, &k->code[i], 1, e));
	return ERR_NONE;
}

static enum err_class add_institution(struct party_context *c,
    struct order_checked *out, const char *code, struct err *e)
{
	const struct peer *p = peers_of(c->peers, code);
	struct order_institution *in =
	    &out->institutions[out->institution_count];
	const char *hub = p != NULL && p->party == STORE_BANK
			      ? peers_hub_of(c->peers, code)
			      : "";

	for (size_t i = 0; i < out->institution_count; i++)
		if (strcmp(out->institutions[i].code, code) == 0)
			return ERR_NONE;
	if (hub[0] == '\0' || !text_is_digits(text_z(code), 4, 4) ||
	    out->institution_count == LIMIT_WAVE_INSTITUTIONS) {
		err_set(e, ERR_INPUT, "wave.institution",
		    "照会できる金融機関ではありません",
		    "no institution that can be asked");
		return err_detail(e, "%.16s", code);
	}
	(void)snprintf(in->code, sizeof(in->code), "%s", code);
	(void)snprintf(in->hub, sizeof(in->hub), "%s", hub);
	in->link = node_link_of(c->node, hub);
	out->institution_count++;
	return ERR_NONE;
}

static enum err_class all_institutions(
    struct party_context *c, struct order_checked *out, struct err *e)
{
	for (size_t i = 0; i < peers_count(c->peers); i++) {
		const struct peer *p = peers_at(c->peers, i);

		if (p->party == STORE_BANK)
			TRY(add_institution(c, out, p->code, e));
	}
	return ERR_NONE;
}

static enum err_class check_institutions(struct party_context *c,
    const struct ward_order *o, struct order_checked *out, struct err *e)
{
	const char *list = o->institutions;
	size_t max = strlen(list) + peers_count(c->peers) + 1;

	if (max > LIMIT_WAVE_INSTITUTIONS + 1)
		max = LIMIT_WAVE_INSTITUTIONS + 1;
	out->institutions =
	    arena_zero(c->arena, max, sizeof(*out->institutions));
	if (strcmp(list, "all") == 0) {
		TRY(all_institutions(c, out, e));
		list = "";
	}
	while (*list != '\0') {
		size_t length = strcspn(list, ",");

		TRY(add_institution(
		    c, out, arena_copy(c->arena, list, length), e));
		list += length + (list[length] == ',');
	}
	return out->institution_count > 0
		   ? ERR_NONE
		   : err_set(e, ERR_INPUT, "wave.institution",
			 "照会先がありません", "no institution to ask");
}

/* The first day on which an inquiry is younger than min_age days; "": any
 * age will do. */
static const char *asked_since(struct party_context *c, int64_t min_age)
{
	char day[11] = "";

	if (min_age > 0)
		date_format(date_of_days(
				date_days(clock_date(c->now_us)) - min_age + 1),
		    day);
	return arena_printf(c->arena, "%s", day);
}

static json_t *define(struct party_context *c, const struct ward_order *o,
    const struct ward_user *officer, const struct kinds *k)
{
	json_t *kinds = json_object();

	for (size_t i = 0; i < k->n; i++)
		if (k->basis[i] != NULL)
			json_object_setn_new(kinds, k->code[i].p, k->code[i].n,
			    json_stringn(
				k->basis[i]->code.p, k->basis[i]->code.n));
	return json_pack(
	    "{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:s,s:s,s:s,s:o}", "name",
	    o->name, "basis", o->basis, "purpose", o->purpose, "base_date",
	    o->base_date, "period_from", o->period_from, "period_to",
	    o->period_to, "scope", o->scope, "deadline", o->deadline,
	    "claim_kind", o->claim_kind, "min_amount",
	    (json_int_t)o->min_amount, "asked_since",
	    asked_since(c, o->min_age), "reask", o->reask, "requester",
	    officer->name, "kinds", kinds);
}

enum err_class ward_order_check(struct party_context *c,
    const struct ward_order *o, const struct ward_user *officer,
    struct order_checked *out, struct err *e)
{
	const struct codes_basis *bases[LIMIT_WAVE_BASES];
	struct kinds k = {0};
	struct reading x = {.c = c, .order = o, .kinds = &k};
	struct date days[4];
	size_t n;

	*out = (struct order_checked){0};
	TRY(check_texts(o, e));
	if (o->claim_kind[0] != '\0' &&
	    !codes_kamoku_known(c->codes, text_z(o->claim_kind)))
		return err_set(e, ERR_INPUT, "wave.kind",
		    "知られていない科目です", "no such 科目");
	if (!dates_good(o, days))
		return err_set(e, ERR_INPUT, "wave.date",
		    "日付は YYYY-MM-DD、期間は 開始日/終了日 です",
		    "a date is YYYY-MM-DD, a period FROM/TO");
	TRY(bases_of(c, o->basis, bases, &n, e));
	TRY(check_bases(o, days, bases, &n, e));
	TRY(check_institutions(c, o, out, e));
	TRY(store_read(c->store, read_kinds, &x, e));
	TRY(match_kinds(&k, bases, n, e));
	TRY(appointed(c, officer, &k, e));
	out->definition = define(c, o, officer, &k);
	if (out->definition == NULL)
		abort();
	return ERR_NONE;
}
