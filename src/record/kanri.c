/* kanri.c — see kanri.h. */
#include "record/kanri.h"

#include "base/base36.h"

#define AUTHORITY 4
#define WAVE 3
#define INSTITUTION 3
#define ORDINAL 5
#define CHECK (AUTHORITY + WAVE + INSTITUTION + ORDINAL)
_Static_assert(CHECK + 1 == KANRI_SIZE, "docs/interface.md §8");
_Static_assert(CHECK - ORDINAL == KANRI_HEAD, "docs/interface.md §8");

bool kanri_format(const struct kanri *k, char out[KANRI_TEXT])
{
	int64_t authority;
	int64_t institution;
	char *p = out;

	if (strlen(k->authority) != 6 || strlen(k->institution) != 4 ||
	    !text_to_int(text_z(k->authority), 999999, &authority) ||
	    !text_to_int(text_z(k->institution), 9999, &institution) ||
	    k->wave < 1 || k->wave > KANRI_WAVE_MAX || k->ordinal < 1 ||
	    k->ordinal > KANRI_ORDINAL_MAX)
		return false;
	(void)base36_put((uint64_t)authority, AUTHORITY, p);
	(void)base36_put(k->wave, WAVE, p += AUTHORITY);
	(void)base36_put((uint64_t)institution, INSTITUTION, p += WAVE);
	(void)base36_put(k->ordinal, ORDINAL, p + INSTITUTION);
	out[CHECK] = base36_check(out, CHECK);
	out[KANRI_SIZE] = '\0';
	return true;
}

bool kanri_series_begin(const struct kanri *k, struct kanri_series *s)
{
	struct kanri first = *k;

	first.ordinal = 1;
	if (!kanri_format(&first, s->text))
		return false;
	s->sum = base36_sum(BASE36_SUM, s->text, CHECK - ORDINAL);
	s->head = UINT32_MAX;
	for (int d = 0; d < 36; d++)
		(void)base36_put((uint64_t)d, 1, &s->digit[d]);
	for (int i = 1; i < 36 + 36; i++) {
		int sum = i < 36 ? i : 36;

		s->check[i] =
		    base36_check_of(base36_sum(sum, &s->digit[i - sum], 1));
	}
	return true;
}

bool kanri_series_put(
    struct kanri_series *s, uint32_t ordinal, char out[KANRI_TEXT])
{
	char *own = s->text + CHECK - ORDINAL;
	uint32_t last = ordinal % 36;

	if (ordinal < 1 || ordinal > KANRI_ORDINAL_MAX)
		return false;
	/* One after another, 36 have all but their last digit alike. */
	if (ordinal / 36 != s->head) {
		s->head = ordinal / 36;
		(void)base36_put(s->head, ORDINAL - 1, own);
		s->head_sum = (uint32_t)base36_sum(s->sum, own, ORDINAL - 1);
	}
	memcpy(out, s->text, KANRI_TEXT);
	out[CHECK - 1] = s->digit[last];
	out[CHECK] = s->check[s->head_sum + last];
	return true;
}

struct parts {
	uint64_t authority;
	uint64_t wave;
	uint64_t institution;
	uint64_t ordinal;
};

static bool part(struct text t, struct parts *out)
{
	const char *p = t.p;

	if (t.n != KANRI_SIZE || base36_check(p, CHECK) != p[CHECK] ||
	    !base36_get(text_trust(p, AUTHORITY), &out->authority) ||
	    !base36_get(text_trust(p += AUTHORITY, WAVE), &out->wave) ||
	    !base36_get(
		text_trust(p += WAVE, INSTITUTION), &out->institution) ||
	    !base36_get(text_trust(p + INSTITUTION, ORDINAL), &out->ordinal))
		return false;
	return out->authority <= 999999 && out->institution <= 9999 &&
	       out->wave != 0 && out->ordinal != 0;
}

bool kanri_is(struct text t)
{
	struct parts p;

	return part(t, &p);
}

bool kanri_run_is(struct kanri_run *run, struct text t)
{
	static const char none[] = "00000";
	const char *own = t.p + KANRI_HEAD;
	int sum;

	if (t.n != KANRI_SIZE)
		return false;
	if (run->sum == 0 || memcmp(run->head, t.p, KANRI_HEAD) != 0) {
		if (!kanri_is(t))
			return false;
		memcpy(run->head, t.p, KANRI_HEAD);
		run->sum = base36_sum(BASE36_SUM, t.p, KANRI_HEAD);
		return true;
	}
	sum = base36_sum(run->sum, own, ORDINAL);
	return sum >= 0 && base36_check_of(sum) == t.p[CHECK] &&
	       memcmp(own, none, ORDINAL) != 0;
}

bool kanri_parse(struct text t, struct kanri *out)
{
	struct parts p;

	if (!part(t, &p))
		return false;
	*out = (struct kanri){
	    .wave = (uint32_t)p.wave,
	    .ordinal = (uint32_t)p.ordinal,
	};
	text_put_digits(p.authority, 6, out->authority);
	text_put_digits(p.institution, 4, out->institution);
	return true;
}

bool kanri_wave_format(uint32_t wave, char out[4])
{
	if (wave < 1 || wave > KANRI_WAVE_MAX)
		return false;
	(void)base36_put(wave, WAVE, out);
	out[WAVE] = '\0';
	return true;
}

bool kanri_wave_parse(struct text t, uint32_t *out)
{
	uint64_t v;

	if (t.n != WAVE || !base36_get(t, &v) || v == 0)
		return false;
	*out = (uint32_t)v;
	return true;
}
