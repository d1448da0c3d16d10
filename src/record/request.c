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

void request_fill(const struct subject *s, const struct request_wave *w,
    const char *institution, const char *kanri, struct request *out)
{
	bool own = text_is(s->f[SUBJECT_BANK], institution);
	const struct text none = TEXT("");

	*out = (struct request){
	    .f =
		{
		    [REQUEST_PERSON] = s->f[SUBJECT_PERSON],
		    [REQUEST_ORDER_CODE] = w->order_code,
		    [REQUEST_BASIS] = w->basis,
		    [REQUEST_BIRTH] = s->f[SUBJECT_BIRTH],
		    [REQUEST_KANA] = s->f[SUBJECT_KANA],
		    [REQUEST_ADDRESS] = s->f[SUBJECT_ADDRESS],
		    [REQUEST_ADDRESS_CODE] = s->f[SUBJECT_ADDRESS_CODE],
		    [REQUEST_SEX] = s->f[SUBJECT_SEX],
		    [REQUEST_ADDRESS_KANA] = s->f[SUBJECT_ADDRESS_KANA],
		    [REQUEST_ROMAN] = s->f[SUBJECT_ROMAN],
		    [REQUEST_KANJI] = s->f[SUBJECT_KANJI],
		    [REQUEST_POSTAL] = s->f[SUBJECT_POSTAL],
		    [REQUEST_BASE_DATE] = w->base_date,
		    [REQUEST_LINK] = text_z(kanri),
		    [REQUEST_BRANCH] = own ? s->f[SUBJECT_BRANCH] : none,
		    [REQUEST_INQUIRY] = text_z(kanri),
		    [REQUEST_CUSTOMER] = own ? s->f[SUBJECT_CUSTOMER] : none,
		    [REQUEST_REGISTRANT] = w->registrant,
		    [REQUEST_ACCOUNT_KIND] =
			own ? s->f[SUBJECT_ACCOUNT_KIND] : none,
		    [REQUEST_UPDATED] = w->updated,
		    [REQUEST_ACCOUNT] = own ? s->f[SUBJECT_ACCOUNT] : none,
		    [REQUEST_FREE] = s->f[SUBJECT_FREE],
		    [REQUEST_PERIOD] = w->period,
		},
	    .other = {
#define OTHER_(id, name, column) [REQUEST_OTHER_##id] = s->f[SUBJECT_##column],
		REQUEST_OTHERS(OTHER_)
#undef OTHER_
	    }};
	if (!text_is(s->f[SUBJECT_KANA_CONFIRMED], "1"))
		out->other[REQUEST_OTHER_CONFIRMED_KANA] = none;
}
