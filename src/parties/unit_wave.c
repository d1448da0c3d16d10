/* unit_wave.c — see unit_wave.h. */
#include "parties/unit_wave.h"

void unit_wave_request(struct arena *a, const char *authority, int64_t wave,
    json_t *definition, struct request_wave *out)
{
	const char *basis = "";
	const char *base_date = "";
	const char *from = "";
	const char *to = "";
	const char *registrant = "";
	const char *updated = "";

	(void)json_unpack(definition, "{s?s,s?s,s?s,s?s,s?s,s?s}", "basis",
	    &basis, "base_date", &base_date, "period_from", &from, "period_to",
	    &to, "registrant", &registrant, "updated", &updated);
	*out = (struct request_wave){
	    .basis = text_z(basis),
	    .base_date = text_z(base_date),
	    .period = text_z(arena_printf(a, "%s/%s", from, to)),
	    .registrant = text_z(registrant),
	    .order_code = text_z(
		arena_printf(a, "%s-%03lld", authority, (long long)wave)),
	    .updated = text_z(updated),
	};
}
