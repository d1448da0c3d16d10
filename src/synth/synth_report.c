/* synth_report.c — rates.json: see synth.h. */
#include "synth/synth.h"

/* part of whole as a decimal of six digits, rounded down. */
static void put_share(struct buf *out, uint64_t part, uint64_t whole)
{
	uint64_t ppm = whole == 0 ? 0 : part * SYNTH_PPM / whole;

	buf_printf(out, "%llu.%06llu", (unsigned long long)(ppm / SYNTH_PPM),
	    (unsigned long long)(ppm % SYNTH_PPM));
}

static void put_case(struct buf *out, const struct synth_options *o,
    const struct synth_summary *s, int c)
{
	buf_printf(out, "    \"%s\": {\"stated\": ", synth_rates_case_name[c]);
	put_share(out, o->rates.cases[c], SYNTH_PPM);
	buf_printf(out, ", \"subjects\": %u, \"share\": ", s->cases[c]);
	put_share(out, s->cases[c], o->subjects);
	buf_printf(out, ", \"shown\": %u, \"shown_share\": ", s->shown[c]);
	put_share(out, s->shown[c], o->subjects);
	buf_printf(out, "}%s\n", c + 1 < SYNTH_CASE_COUNT ? "," : "");
}

static void put_rate(struct buf *out, const struct synth_options *o,
    enum synth_share share, uint64_t part, uint64_t whole)
{
	buf_printf(
	    out, "    \"%s\": {\"stated\": ", synth_rates_share_name[share]);
	put_share(out, o->rates.share[share], SYNTH_PPM);
	buf_z(out, ", \"counted\": ");
	put_share(out, part, whole);
	buf_printf(out, "}%s\n", share + 1 < SYNTH_SHARE_COUNT ? "," : "");
}

static void put_rates(struct buf *out, const struct synth_options *o,
    const struct synth_counts *n)
{
	put_rate(out, o, SYNTH_SHARE_HIT, n->hits,
	    (uint64_t)o->subjects * o->institutions);
	put_rate(out, o, SYNTH_SHARE_ACCOUNTS, n->accounts, n->hits);
	put_rate(
	    out, o, SYNTH_SHARE_TRANSACTIONS, n->transactions, n->accounts);
	put_rate(out, o, SYNTH_SHARE_OTHERS, n->with_others, n->hits);
	put_rate(
	    out, o, SYNTH_SHARE_CUSTOMERS, n->customers - n->hits, n->hits);
}

static void put_any(struct buf *out, const struct synth_options *o,
    const struct synth_summary *s)
{
	buf_printf(out, "  \"any\": {\"subjects\": %u, \"share\": ", s->any);
	put_share(out, s->any, o->subjects);
	buf_printf(out, ", \"shown\": %u, \"shown_share\": ", s->any_shown);
	put_share(out, s->any_shown, o->subjects);
	buf_z(out, "},\n");
}

void synth_report_put(const struct synth_options *o,
    const struct synth_summary *s, struct buf *out)
{
	buf_printf(out,
	    "{\n  \"seed\": %llu,\n  \"subjects\": %u,\n"
	    "  \"subject_rows\": %u,\n  \"institutions\": %u,\n"
	    "  \"hits\": %llu,\n  \"accounts\": %llu,\n"
	    "  \"transactions\": %llu,\n  \"customers\": %llu,\n",
	    (unsigned long long)o->seed, o->subjects, s->rows, o->institutions,
	    (unsigned long long)s->counts.hits,
	    (unsigned long long)s->counts.accounts,
	    (unsigned long long)s->counts.transactions,
	    (unsigned long long)s->counts.customers);
	buf_z(out, "  \"rates\": {\n");
	put_rates(out, o, &s->counts);
	buf_z(out, "  },\n");
	put_any(out, o, s);
	buf_z(out, "  \"cases\": {\n");
	for (int c = 0; c < SYNTH_CASE_COUNT; c++)
		put_case(out, o, s, c);
	buf_z(out, "  }\n}\n");
}
