/* peers_show.c — see peers_show.h. */
#include "exchange/peers_show.h"

static json_t *day(struct date d)
{
	char z[11] = "";

	if (d.year != 0)
		date_format(d, z);
	return d.year != 0 ? json_string(z) : json_null();
}

static json_t *kinds(unsigned set)
{
	json_t *list = json_array();

	for (int k = 0; k < KIND_COUNT; k++)
		if ((set >> k & 1) != 0)
			(void)json_array_append_new(list,
			    json_string(header_kind_name((enum header_kind)k)));
	return list;
}

json_t *peers_show(const struct peer *p, int64_t now_us)
{
	char fingerprint[DIGEST_TEXT];
	char end[CLOCK_TEXT];

	digest_hex(p->fingerprint, fingerprint);
	clock_format(certificate_to(p->certificate), end);
	return json_pack("{ss ss ss ss ss so so so ss ss sb sI}", "code",
	    p->code, "party", node_party_name(p->party), "url", p->url, "via",
	    p->via, "fingerprint", fingerprint, "kinds", kinds(p->kinds),
	    "approved_from", day(p->from), "approved_to", day(p->to),
	    "approval", p->approval, "certificate_to", end, "in_force",
	    peers_in_force(p, now_us), "days_left",
	    (json_int_t)peers_days_left(p, now_us));
}
