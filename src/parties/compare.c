/* compare.c — see compare.h. */
#include "parties/compare.h"

#include "record/kanri.h"
#include "record/request.h"
#include "record/subject.h"

#include <stdio.h>

struct comparing {
	struct compare *x;
	struct request_wave wave;
	uint32_t ordinal;
	char atena[32]; /* of the row before */
	struct text subject;
};

static void tell(void *ctx, const struct layout_difference *d)
{
	const struct comparing *k = ctx;

	k->x->tell(k->x->ctx, k->subject, d);
}

/* The wave that both are asked in: any, for only their difference counts. */
static enum err_class set_wave(struct comparing *k, const struct codes *codes,
    struct arena *a, struct err *e)
{
	struct compare *x = k->x;
	const char *basis = x->basis;
	const char *base = x->base_date;
	const char *period = x->period;
	struct date day;
	char z[11];

	if (base == NULL)
		base = layout_version(x->after);
	if (!date_parse(text_z(base), &day)) {
		err_set(e, ERR_INPUT, "wave.scope", "調査基準日が違います",
		    "not a base date");
		return err_detail(e, "%s", base);
	}
	date_format(date_of_days(date_days(day) - 364), z);
	if (period == NULL)
		period = arena_printf(a, "%s/%s", z, base);
	for (size_t i = 0; basis == NULL && i < codes->base_count; i++)
		if (codes_basis_on(codes, codes->bases[i].code, day) != NULL &&
		    layout_accepts_basis(x->after, codes->bases[i].code))
			basis = text_cstr(a, codes->bases[i].code);
	k->wave = (struct request_wave){
	    .basis = text_z(basis ? basis : ""),
	    .base_date = text_z(base),
	    .period = text_z(period),
	    .registrant = TEXT("照会担当"),
	    .order_code = TEXT("000000-001"),
	    .updated = text_z(base),
	};
	return ERR_NONE;
}

/* Rows of one 宛名番号 agree in all that is sent, but for its account. */
static bool is_repeated(struct comparing *k, const struct subject *s)
{
	struct text atena = s->f[SUBJECT_ATENA];
	bool same = text_is(atena, k->atena) && s->f[SUBJECT_BANK].n == 0;

	(void)snprintf(k->atena, sizeof(k->atena), "%.*s", (int)atena.n,
	    atena.n ? atena.p : "");
	return same;
}

static void compare(struct comparing *k, const struct subject *s)
{
	const char *institution = layout_institution(k->x->after);
	struct kanri number = {.authority = "000000", .wave = 1};
	char z[KANRI_TEXT];
	struct request r;

	if (is_repeated(k, s))
		return;
	(void)snprintf(
	    number.institution, sizeof(number.institution), "%s", institution);
	number.ordinal = ++k->ordinal;
	if (!kanri_format(&number, z))
		number.ordinal = k->ordinal = 1;
	request_fill(s, &k->wave, institution, z, &r);
	k->subject = s->f[SUBJECT_ATENA];
	k->x->subjects++;
	(void)layout_diff_request(k->x->before, k->x->after, &r, tell, k);
}

static enum err_class read_rows(
    struct comparing *k, struct subject_reader *reader, struct err *e)
{
	struct arena a = {0};
	enum err_class class;

	for (;;) {
		enum subject_read what;
		struct subject s;
		struct err why;
		long line;

		arena_reset(&a);
		class = subject_reader_next(reader, &a, &what, &s, &line, &why);
		if (class != ERR_NONE) {
			*e = why;
			break;
		}
		if (what == SUBJECT_END)
			break;
		if (what == SUBJECT_REFUSED)
			k->x->refuse(k->x->ctx, &why);
		else
			compare(k, &s);
	}
	arena_fini(&a);
	return class;
}

enum err_class compare_layouts(struct compare *x, const struct codes *codes,
    struct arena *a, struct err *e)
{
	struct comparing k = {.x = x};
	struct subject_reader *reader;
	enum err_class class;

	TRY(set_wave(&k, codes, a, e));
	x->subjects = 0;
	(void)layout_diff_form(x->before, x->after, tell, &k);
	if (x->read == NULL)
		return ERR_NONE;
	TRY(subject_reader_new(
	    x->read, x->from, ENCODING_UTF8, x->name, &reader, e));
	class = read_rows(&k, reader, e);
	subject_reader_free(reader);
	return class;
}
