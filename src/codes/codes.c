/* codes.c — see codes.h. */
#include "codes/codes.h"

#include "base/digest.h"
#include "codes/table.h"

#include <codes_digest.h>
#include <stdlib.h>

/* data.S */
extern const char codes_data_basis[];
extern const uint64_t codes_data_basis_size;
extern const char codes_data_kamoku[];
extern const uint64_t codes_data_kamoku_size;
extern const char codes_data_institutions[];
extern const uint64_t codes_data_institutions_size;
extern const char codes_data_branches[];
extern const uint64_t codes_data_branches_size;
extern const char codes_data_mergers[];
extern const uint64_t codes_data_mergers_size;
extern const char codes_data_holidays[];
extern const uint64_t codes_data_holidays_size;

static const char *const scope_names[] = {
#define SCOPE_NAME_(id, name, ja) name,
    CODES_SCOPES(SCOPE_NAME_)
#undef SCOPE_NAME_
};

static const char *const scope_texts[] = {
#define SCOPE_TEXT_(id, name, ja) ja,
    CODES_SCOPES(SCOPE_TEXT_)
#undef SCOPE_TEXT_
};

const char *codes_scope_name(enum codes_scope s)
{
	return scope_names[s];
}

const char *codes_scope_ja(enum codes_scope s)
{
	return scope_texts[s];
}

bool codes_scope_named(struct text name, enum codes_scope *out)
{
	for (int i = 0; i < CODES_SCOPE_COUNT; i++)
		if (text_is(name, scope_names[i])) {
			*out = (enum codes_scope)i;
			return true;
		}
	return false;
}

static bool span(struct text from, struct text to, struct codes_span *out)
{
	*out = (struct codes_span){0};
	if (from.n != 0 && !date_parse(from, &out->from))
		return false;
	if (to.n != 0 && !date_parse(to, &out->to))
		return false;
	return from.n == 0 || to.n == 0 || date_cmp(out->from, out->to) <= 0;
}

static bool flag(struct text t, bool *out)
{
	*out = text_is(t, "1");
	return *out || text_is(t, "0");
}

static bool take_basis(const struct text *cell, void *row)
{
	struct codes_basis *b = row;
	int64_t years;

	b->code = cell[0];
	b->kamoku = cell[1];
	b->text = cell[2];
	if (b->code.n == 0 || b->text.n == 0 ||
	    !span(cell[3], cell[4], &b->span) ||
	    !codes_scope_named(cell[5], &b->scope) ||
	    !text_to_int(cell[6], 100, &years) || !flag(cell[7], &b->consent))
		return false;
	b->years = (int)years;
	return flag(cell[8], &b->verify);
}

static bool take_kamoku(const struct text *cell, void *row)
{
	struct codes_kamoku *k = row;

	k->code = cell[0];
	k->name = cell[1];
	k->tax = text_is(cell[4], "tax");
	k->basis = cell[5];
	return k->code.n != 0 && k->name.n != 0 && k->basis.n != 0 &&
	       span(cell[2], cell[3], &k->span) &&
	       (k->tax || text_is(cell[4], "ryo"));
}

static bool take_institution(const struct text *cell, void *row)
{
	struct codes_institution *i = row;

	i->code = cell[0];
	i->name = cell[1];
	i->kana = cell[2];
	return text_is_digits(i->code, 4, 4) && i->name.n != 0 &&
	       i->kana.n != 0;
}

static bool take_holiday(const struct text *cell, void *row)
{
	struct codes_holiday *h = row;

	h->name = cell[1];
	return date_parse(cell[0], &h->date) && h->name.n != 0;
}

static bool take_merger(const struct text *cell, void *row)
{
	struct codes_merger *m = row;

	m->old = cell[0];
	m->name = cell[1];
	m->successor = cell[3];
	return text_is_digits(m->old, 4, 4) && m->name.n != 0 &&
	       date_parse(cell[2], &m->from) &&
	       text_is_digits(m->successor, 4, 4) &&
	       text_cmp(m->old, m->successor) != 0 && flag(cell[4], &m->verify);
}

static const struct table_form merger_form = {"mergers.tsv",
    "old\tname\tfrom\tsuccessor\tverify", 5, sizeof(struct codes_merger),
    take_merger};
static const struct table_form basis_form = {"basis.tsv",
    "code\tkamoku\ttext\tfrom\tto\tscope\tyears\tconsent\tverify\tsource", 10,
    sizeof(struct codes_basis), take_basis};
static const struct table_form kamoku_form = {"kamoku.tsv",
    "code\tname\tfrom\tto\tkind\tbasis", 6, sizeof(struct codes_kamoku),
    take_kamoku};
static const struct table_form institution_form = {"zengin-institutions.tsv",
    "code\tname\tkana", 3, sizeof(struct codes_institution), take_institution};
static const struct table_form holiday_form = {"holidays.tsv",
    "date\tname\tkind", 3, sizeof(struct codes_holiday), take_holiday};

/* The lookups rely on the order. */
static bool in_order(const struct codes *c)
{
	for (size_t i = 1; i < c->institution_count; i++)
		if (text_cmp(c->institutions[i - 1].code,
			c->institutions[i].code) >= 0)
			return false;
	for (size_t i = 1; i < c->holiday_count; i++)
		if (date_cmp(c->holidays[i - 1].date, c->holidays[i].date) >= 0)
			return false;
	return true;
}

/* The first 16 digits of the SHA-256 of the tables: that of those compiled in
 * is known. */
static const char *version_of(struct arena *a, const struct codes_source *from)
{
	const struct text t[] = {from->basis, from->kamoku, from->institutions,
	    from->holidays, from->mergers, from->branches};
	struct bytes part[sizeof(t) / sizeof(*t)];
	struct codes_source ours;
	char hex[DIGEST_TEXT];

	codes_compiled(&ours);
	if (memcmp(from, &ours, sizeof(ours)) == 0)
		return CODES_DIGEST;
	for (size_t i = 0; i < sizeof(t) / sizeof(*t); i++)
		part[i] = text_bytes(t[i]);
	digest_hex(digest_of(part, sizeof(t) / sizeof(*t)), hex);
	return arena_printf(a, "%.16s", hex);
}

enum err_class codes_load_from(struct arena *a, const struct codes_source *from,
    const struct codes **out, struct err *e)
{
	struct codes *c = arena_zero(a, 1, sizeof(*c));
	void *rows;

	c->version = version_of(a, from);
	TRY(table_read(a, &basis_form, from->basis, &rows, &c->base_count, e));
	c->bases = rows;
	TRY(table_read(
	    a, &kamoku_form, from->kamoku, &rows, &c->kamoku_count, e));
	c->kamokus = rows;
	TRY(table_read(a, &institution_form, from->institutions, &rows,
	    &c->institution_count, e));
	c->institutions = rows;
	TRY(table_read(
	    a, &holiday_form, from->holidays, &rows, &c->holiday_count, e));
	c->holidays = rows;
	if (from->mergers.n != 0)
		TRY(table_read(a, &merger_form, from->mergers, &rows,
		    &c->merger_count, e));
	c->mergers = rows;
	c->branches = from->branches;
	if (!in_order(c))
		return err_set(e, ERR_INPUT, "codes.table",
		    "コード表が番号順ではありません",
		    "a code table is not in order");
	*out = c;
	return ERR_NONE;
}

void codes_compiled(struct codes_source *out)
{
	*out = (struct codes_source){
	    .basis = text_trust(codes_data_basis, codes_data_basis_size),
	    .kamoku = text_trust(codes_data_kamoku, codes_data_kamoku_size),
	    .institutions = text_trust(
		codes_data_institutions, codes_data_institutions_size),
	    .holidays =
		text_trust(codes_data_holidays, codes_data_holidays_size),
	    .mergers = text_trust(codes_data_mergers, codes_data_mergers_size),
	    .branches =
		text_trust(codes_data_branches, codes_data_branches_size),
	};
}

enum err_class codes_load(
    struct arena *a, const struct codes **out, struct err *e)
{
	struct codes_source ours;

	codes_compiled(&ours);
	if (codes_load_from(a, &ours, out, e) != ERR_NONE)
		e->class = ERR_FAULT;
	else
		return ERR_NONE;
	return e->class;
}

static bool in_force(const struct codes_span *s, struct date day)
{
	return (s->from.year == 0 || date_cmp(s->from, day) <= 0) &&
	       (s->to.year == 0 || date_cmp(day, s->to) <= 0);
}

const struct codes_basis *codes_basis_on(
    const struct codes *c, struct text code, struct date day)
{
	for (size_t i = 0; i < c->base_count; i++)
		if (text_eq(c->bases[i].code, code) &&
		    in_force(&c->bases[i].span, day))
			return &c->bases[i];
	return NULL;
}

const struct codes_kamoku *codes_kamoku_on(
    const struct codes *c, struct text code, struct date day)
{
	for (size_t i = 0; i < c->kamoku_count; i++)
		if (text_eq(c->kamokus[i].code, code) &&
		    in_force(&c->kamokus[i].span, day))
			return &c->kamokus[i];
	return NULL;
}

bool codes_kamoku_known(const struct codes *c, struct text code)
{
	for (size_t i = 0; i < c->kamoku_count; i++)
		if (text_eq(c->kamokus[i].code, code))
			return true;
	return false;
}

bool codes_basis_serves(const struct codes_basis *b, struct text kamoku)
{
	struct text rest = b->kamoku;

	while (rest.n != 0) {
		const char *bar = memchr(rest.p, '|', rest.n);
		size_t n = bar == NULL ? rest.n : (size_t)(bar - rest.p);

		if (text_eq(text_trust(rest.p, n), kamoku))
			return true;
		n += bar != NULL;
		rest = text_trust(rest.p + n, rest.n - n);
	}
	return false;
}

bool codes_basis_allows(const struct codes_basis *b, enum codes_scope scope,
    struct date from, struct date to)
{
	struct date latest = from;

	/* 29 February begins a period that ends on 1 March. */
	latest.year += b->years;
	return scope <= b->scope && date_cmp(from, to) <= 0 &&
	       date_cmp(to, latest) <= 0;
}

const struct codes_institution *codes_institution_of(
    const struct codes *c, struct text code)
{
	size_t lo = 0;
	size_t hi = c->institution_count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int order = text_cmp(c->institutions[mid].code, code);

		if (order == 0)
			return &c->institutions[mid];
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}
