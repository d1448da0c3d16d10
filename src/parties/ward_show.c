/* ward_show.c — see ward_show.h. */
#include "parties/ward_show.h"

#include "base/told.h"
#include "parties/refused.h"

/* A step as the rows of table step tell it, summed over its files. */
struct done {
	char hub[NODE_CODE];
	int64_t no;
	char party[NODE_CODE];
	char signed_by[NODE_CODE];
	int64_t first_us;
	int64_t last_us;
	int64_t files;
	int64_t inquiries;
};

#define STEPS_MAX 1024

struct showing {
	struct party_context *c;
	uint32_t wave;
	struct ward_counts counts;
	struct done *done;
	size_t n;
	json_t *refused;
};

static enum err_class read_steps(
    struct store_tx *tx, struct showing *s, struct err *e)
{
	struct arena *a = s->c->arena;
	struct store_rows *r;
	enum err_class class;
	bool more;

	s->done = arena_zero(a, STEPS_MAX, sizeof(*s->done));
	s->n = 0;
	TRY(store_query(tx, STMT_WARD_STEPS,
	    STORE_VALUES(store_z(s->c->node->code), store_int(s->wave)), &r,
	    e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more &&
	       s->n < STEPS_MAX) {
		struct done *d = &s->done[s->n++];

		(void)snprintf(d->hub, NODE_CODE, "%s", ward_column(a, r, 0));
		d->no = store_get_int(r, 1);
		(void)snprintf(d->party, NODE_CODE, "%s", ward_column(a, r, 2));
		(void)snprintf(
		    d->signed_by, NODE_CODE, "%s", ward_column(a, r, 3));
		d->first_us = store_get_int(r, 4);
		d->last_us = store_get_int(r, 5);
		d->files = store_get_int(r, 6);
		d->inquiries = store_get_int(r, 7);
	}
	store_rows_close(r);
	return class;
}

/* Why inquiries are in no file. */
static json_t *reasons(const struct ward_counts *w)
{
	json_t *list = json_array();

	for (size_t i = 0; i < w->reason_count; i++) {
		const struct ward_reason *k = &w->reasons[i];

		json_array_append_new(list,
		    json_pack("{s:s,s:s,s:I,s:I}", "kind", k->kind, "reason",
			k->reason, "inquiries", (json_int_t)k->inquiries,
			"subjects", (json_int_t)k->subjects));
	}
	return list;
}

static void put_refused(void *ctx, const struct refused_row *row)
{
	const struct showing *s = ctx;

	if (row->wave == s->wave && text_is(row->authority, s->c->node->code))
		json_array_append_new(s->refused, refused_json(row));
}

static enum err_class show_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct showing *s = arg;

	TRY(ward_count_kept(tx, s->c, s->wave, &s->counts, e));
	(void)json_array_clear(s->refused);
	TRY(refused_each(tx, s->c->node, REFUSED_ALL, put_refused, s, e));
	return read_steps(tx, s, e);
}

static json_t *classes(const struct ward_tally *t)
{
	json_t *o = json_object();

	for (int i = 0; i < CLASS_COUNT; i++)
		json_object_set_new(o, answer_class_code((enum answer_class)i),
		    json_integer(t->by_class[i]));
	return o;
}

static void put_tally(json_t *o, const struct ward_tally *t)
{
	const struct {
		const char *key;
		int64_t value;
	} fields[] = {
	    {"inquiries", t->selected},
	    {"sent", t->sent},
	    {"held", t->held},
	    {"answered", t->answered},
	    {"rejected", t->rejected},
	    {"cancelled", t->cancelled},
	    {"expired", t->expired},
	    {"pending", t->pending},
	    {"excluded", t->excluded},
	    {"reused", t->reused},
	    {"paper", t->paper},
	    {"awaiting", t->awaiting},
	    {"cancelled_before", t->cancelled_before},
	    {"open", t->open},
	    {"late", t->late},
	    {"overdue", t->overdue},
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		json_object_set_new(
		    o, fields[i].key, json_integer(fields[i].value));
	json_object_set_new(o, "by_class", classes(t));
}

static json_t *by_institution(const struct ward_counts *w)
{
	json_t *list = json_array();

	for (size_t i = 0; i < w->n; i++) {
		const struct ward_institution *in = &w->institutions[i];
		json_t *o = json_pack("{s:s}", "code", in->code);

		json_object_set_new(o, "name", json_null());
		json_object_set_new(o, "hub", json_string(in->hub));
		json_object_set_new(
		    o, "link", json_string(node_link_name(in->link)));
		json_object_set_new(o, "reason", json_string(in->reason));
		put_tally(o, &w->by[i]);
		json_array_append_new(list, o);
	}
	return list;
}

static void put_names(const struct party_context *c, json_t *list)
{
	size_t i;
	json_t *o;

	json_array_foreach(list, i, o)
	{
		const char *code =
		    json_string_value(json_object_get(o, "code"));
		const struct codes_institution *k =
		    codes_institution_of(c->codes, text_z(code));
		const struct peer *p = peers_of(c->peers, code);

		/* Fictional ones are in no table: the certificate's word. */
		if (k != NULL)
			json_object_set_new(
			    o, "name", json_stringn(k->name.p, k->name.n));
		else if (p != NULL)
			json_object_set_new(o, "name", json_string(p->code));
	}
}

static const struct done *find(
    const struct showing *s, const char *hub, int64_t no)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->done[i].no == no && (strcmp(s->done[i].hub, hub) == 0 ||
					       s->done[i].hub[0] == '\0'))
			return &s->done[i];
	return NULL;
}

/* Steps before files exist count subjects: times the flow's institutions. */
static json_t *step(const struct showing *s, const char *hub,
    int64_t institutions, const struct party_step_info *info)
{
	const struct done *d = find(s, hub, info->no);
	json_t *o = json_pack("{s:i,s:s,s:s,s:s}", "no", info->no, "mark",
	    info->mark, "text", info->text, "party", info->party);
	bool all = d != NULL && d->hub[0] == '\0';

	json_object_set_new(o, "signed_by",
	    d != NULL ? json_string(d->signed_by) : json_null());
	json_object_set_new(
	    o, "first", d != NULL ? told_moment(d->first_us) : json_null());
	json_object_set_new(
	    o, "last", d != NULL ? told_moment(d->last_us) : json_null());
	json_object_set_new(o, "files", json_integer(d != NULL ? d->files : 0));
	json_object_set_new(o, "inquiries",
	    json_integer(
		d == NULL ? 0 : d->inquiries * (all ? institutions : 1)));
	return o;
}

static json_t *flow(const struct showing *s, size_t first)
{
	const struct ward_counts *w = &s->counts;
	const char *hub = w->institutions[first].hub;
	enum node_link link = w->institutions[first].link;
	int64_t institutions = 0;
	size_t n;
	const struct party_step_info *info = party_steps(link, &n);
	json_t *steps = json_array();

	for (size_t i = 0; i < w->n; i++)
		institutions += strcmp(w->institutions[i].hub, hub) == 0;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(
		    steps, step(s, hub, institutions, &info[i]));
	return json_pack("{s:s,s:s,s:o}", "hub", hub, "link",
	    node_link_name(link), "steps", steps);
}

static json_t *flows(const struct showing *s)
{
	const struct ward_counts *w = &s->counts;
	json_t *list = json_array();

	for (size_t i = 0; i < w->n; i++) {
		size_t k;

		for (k = 0; k < i; k++)
			if (strcmp(w->institutions[k].hub,
				w->institutions[i].hub) == 0)
				break;
		if (k == i)
			json_array_append_new(list, flow(s, i));
	}
	return list;
}

static json_t *head(const struct ward_wave *w)
{
	json_t *o = json_pack(
	    "{s:s,s:s,s:s}", "wave", w->id, "name", w->name, "state", w->state);
	const struct {
		const char *key;
		const char *value;
	} fields[] = {
	    {"basis", w->basis},
	    {"purpose", w->purpose},
	    {"base_date", w->base_date},
	    {"period_from", w->period_from},
	    {"period_to", w->period_to},
	    {"scope", w->scope},
	    {"deadline", w->deadline},
	    {"requester", w->requester},
	    {"charge", w->charge},
	    {"approver", w->approver},
	    {"decided_for", w->decided_for},
	    {"reason", w->reason},
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		json_object_set_new(
		    o, fields[i].key, json_string(fields[i].value));
	json_object_set_new(o, "subjects", json_integer(w->subjects));
	json_object_set_new(o, "approved",
	    w->approved_us != 0 ? told_moment(w->approved_us) : json_null());
	return o;
}

enum err_class ward_show(
    struct party_context *c, uint32_t wave, json_t **out, struct err *e)
{
	struct showing s = {.c = c, .wave = wave, .refused = json_array()};
	enum err_class class = store_read(c->store, show_read, &s, e);
	json_t *list;

	if (class != ERR_NONE) {
		json_decref(s.refused);
		return class;
	}
	*out = head(&s.counts.w);
	put_tally(*out, &s.counts.all);
	json_object_set_new(*out, "stopped", json_integer(s.counts.stopped));
	json_object_set_new(*out, "too_late", json_integer(s.counts.too_late));
	json_object_set_new(*out, "exceptions", reasons(&s.counts));
	list = by_institution(&s.counts);
	put_names(c, list);
	json_object_set_new(*out, "by_institution", list);
	json_object_set_new(*out, "refused", s.refused);
	json_object_set_new(*out, "flows", flows(&s));
	return ERR_NONE;
}

struct listing {
	struct party_context *c;
	json_t *list;
	const char *charge; /* NULL: all */
	uint32_t before;
	size_t max;
	uint32_t last;
};

static enum err_class list_one(
    struct store_tx *tx, struct listing *x, uint32_t wave, struct err *e)
{
	struct ward_institution *in;
	struct ward_wave w;
	size_t institutions;
	json_t *o;

	TRY(ward_wave_load(tx, x->c, wave, &w, e));
	TRY(ward_wave_institutions(tx, x->c, wave, &in, &institutions, e));
	o = head(&w);
	json_object_set_new(
	    o, "institutions", json_integer((json_int_t)institutions));
	json_array_append_new(x->list, o);
	return ERR_NONE;
}

static enum err_class list_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct listing *x = arg;
	uint32_t *waves;
	size_t n;

	(void)json_array_clear(x->list);
	TRY(ward_wave_list(tx, x->c, &waves, &n, e));
	for (size_t i = 0; i < n; i++)
		TRY(list_one(tx, x, waves[i], e));
	return ERR_NONE;
}

static enum err_class page_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct listing *x = arg;
	uint32_t *waves = arena_zero(x->c->arena, x->max + 1, sizeof(*waves));
	struct store_rows *r;
	enum err_class class;
	const struct store_value v[] = {store_z(x->c->node->code),
	    store_int(x->before), store_int((int64_t)x->max + 1),
	    store_z(x->charge != NULL ? x->charge : "")};
	size_t n = 0;
	bool more;

	(void)json_array_clear(x->list);
	TRY(x->charge != NULL
		? store_query(tx, STMT_WARD_WAVES_OF, v, 4, &r, e)
		: store_query(tx, STMT_WARD_WAVES_BEFORE, v, 3, &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		waves[n++] = (uint32_t)store_get_int(r, 0);
	store_rows_close(r);
	x->last = class == ERR_NONE && n > x->max ? waves[x->max - 1] : 0;
	for (size_t i = 0; class == ERR_NONE && i < n && i < x->max; i++)
		class = list_one(tx, x, waves[i], e);
	return class;
}

static enum err_class listed(
    struct listing *x, store_fn *fn, json_t **out, struct err *e)
{
	enum err_class class;

	x->list = json_array();
	class = store_read(x->c->store, fn, x, e);
	if (class == ERR_NONE)
		*out = x->list;
	else
		json_decref(x->list);
	return class;
}

enum err_class ward_show_list(
    struct party_context *c, json_t **out, struct err *e)
{
	struct listing x = {.c = c};

	return listed(&x, list_read, out, e);
}

enum err_class ward_show_page(struct party_context *c, const char *charge,
    uint32_t before, size_t n, json_t **out, uint32_t *last, struct err *e)
{
	struct listing x = {
	    .c = c, .charge = charge, .before = before, .max = n};

	TRY(listed(&x, page_read, out, e));
	*last = x.last;
	return ERR_NONE;
}
