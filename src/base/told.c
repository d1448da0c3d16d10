/* told.c — see told.h. */
#include "base/told.h"

#include "base/clock.h"

json_t *told_text(struct text t)
{
	json_t *j = json_stringn(t.p != NULL ? t.p : "", t.n);

	return j != NULL ? j : json_null(); /* no UTF-8: T1 knows none */
}

json_t *told_moment(int64_t us)
{
	char z[CLOCK_TEXT];

	if (us == 0)
		return json_null();
	clock_format(us, z);
	return json_string(z);
}

json_t *told_date(struct date d)
{
	char z[11];

	date_format(d, z);
	return json_string(z);
}
