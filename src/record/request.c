/* request.c — see request.h. */
#include "record/request.h"

int request_other_named(struct text name)
{
	static const char *const names[] = {
#define NAME_(id, name, column) name,
	    REQUEST_OTHERS(NAME_)
#undef NAME_
	};

	for (int i = 0; i < (int)REQUEST_OTHER_COUNT; i++)
		if (item_name_eq(name, names[i]))
			return i;
	return -1;
}

/* The known account, which goes to its own institution alone. */
static void fill_account(
    const struct subject *s, const char *institution, struct request *out)
{
	const struct text none = TEXT("");
	bool own = s->f[SUBJECT_BANK].n != 0 &&
		   text_is(s->f[SUBJECT_BANK], institution);

	out->f[REQUEST_BRANCH] = own ? s->f[SUBJECT_BRANCH] : none;
	out->f[REQUEST_ACCOUNT_KIND] = own ? s->f[SUBJECT_ACCOUNT_KIND] : none;
	out->f[REQUEST_ACCOUNT] = own ? s->f[SUBJECT_ACCOUNT] : none;
	out->f[REQUEST_CUSTOMER] = own ? s->f[SUBJECT_CUSTOMER] : none;
}

static void fill_wave(
    const struct request_wave *w, const char *kanri, struct request *out)
{
	out->f[REQUEST_ORDER_CODE] = w->order_code;
	out->f[REQUEST_BASIS] = w->basis;
	out->f[REQUEST_BASE_DATE] = w->base_date;
	out->f[REQUEST_REGISTRANT] = w->registrant;
	out->f[REQUEST_UPDATED] = w->updated;
	out->f[REQUEST_PERIOD] = w->period;
	out->f[REQUEST_INQUIRY] = text_z(kanri);
	out->f[REQUEST_LINK] = out->f[REQUEST_INQUIRY];
}

void request_fill(const struct subject *s, const struct request_wave *w,
    const char *institution, const char *kanri, struct request *out)
{
	out->f[REQUEST_PERSON] = s->f[SUBJECT_PERSON];
	out->f[REQUEST_BIRTH] = s->f[SUBJECT_BIRTH];
	out->f[REQUEST_KANA] = s->f[SUBJECT_KANA];
	out->f[REQUEST_ADDRESS] = s->f[SUBJECT_ADDRESS];
	out->f[REQUEST_ADDRESS_CODE] = s->f[SUBJECT_ADDRESS_CODE];
	out->f[REQUEST_SEX] = s->f[SUBJECT_SEX];
	out->f[REQUEST_ADDRESS_KANA] = s->f[SUBJECT_ADDRESS_KANA];
	out->f[REQUEST_ROMAN] = s->f[SUBJECT_ROMAN];
	out->f[REQUEST_KANJI] = s->f[SUBJECT_KANJI];
	out->f[REQUEST_POSTAL] = s->f[SUBJECT_POSTAL];
	out->f[REQUEST_FREE] = s->f[SUBJECT_FREE];
	fill_account(s, institution, out);
	fill_wave(w, kanri, out);
#define OTHER_(id, name, column)                                               \
	out->other[REQUEST_OTHER_##id] = s->f[SUBJECT_##column];
	REQUEST_OTHERS(OTHER_)
#undef OTHER_
	if (!text_is(s->f[SUBJECT_KANA_CONFIRMED], "1"))
		out->other[REQUEST_OTHER_CONFIRMED_KANA] = TEXT("");
	out->also = NULL;
}
