/* synth_rates.c — see synth_rates.h. */
#include "synth/synth_rates.h"

#include "base/bytes.h"

#include <jansson.h>

/* Persons whose name has a small kana without being made so (measured over
 * the tables: 10 of 100), and what a hard case adds to the share of hits. */
#define NATURAL 104000
#define HARDER 1700000

#define P (1u << SYNTH_PERSON)
#define F (1u << SYNTH_FOREIGNER)
#define C (1u << SYNTH_CORPORATION)
#define PF (P | F)
#define PFC (P | F | C)

struct info {
	enum synth_group group;
	unsigned who;
	uint32_t value;
};

static const struct info info[SYNTH_CASE_COUNT] = {
#define INFO_(id, name, ppm, group, who) {SYNTH_GROUP_##group, (who), (ppm)},
    SYNTH_CASES(INFO_)
#undef INFO_
};

const char *const synth_rates_case_name[SYNTH_CASE_COUNT] = {
#define NAME_(id, name, ppm, group, who) (name),
    SYNTH_CASES(NAME_)
#undef NAME_
};

const char *const synth_rates_share_name[SYNTH_SHARE_COUNT] = {
#define NAME_(id, name, value, least, most) (name),
    SYNTH_SHARES(NAME_)
#undef NAME_
};

struct bounds {
	uint32_t value;
	uint32_t least;
	uint32_t most;
};

static const struct bounds bounds[SYNTH_SHARE_COUNT] = {
#define BOUNDS_(id, name, value, least, most) {(value), (least), (most)},
    SYNTH_SHARES(BOUNDS_)
#undef BOUNDS_
};

void synth_rates_default(struct synth_rates *out)
{
	for (int i = 0; i < SYNTH_CASE_COUNT; i++)
		out->cases[i] = info[i].value;
	for (int i = 0; i < SYNTH_SHARE_COUNT; i++)
		out->share[i] = bounds[i].value;
}

static enum err_class refuse(struct err *e, const char *what)
{
	err_set(e, ERR_INPUT, "synth.rates",
	    "割合のファイルが正しくありません（JSON、名前、値、合計）",
	    "the rates are wrong: JSON, a name, a value, or a sum");
	return err_detail(e, "%s", what);
}

/* The place of name in rates, with its bounds; NULL if unknown. */
static uint32_t *find(
    struct synth_rates *rates, const char *name, struct bounds *b)
{
	for (int i = 0; i < SYNTH_CASE_COUNT; i++)
		if (strcmp(synth_rates_case_name[i], name) == 0) {
			*b = (struct bounds){0, 0, SYNTH_PPM};
			return &rates->cases[i];
		}
	for (int i = 0; i < SYNTH_SHARE_COUNT; i++)
		if (strcmp(synth_rates_share_name[i], name) == 0) {
			*b = bounds[i];
			return &rates->share[i];
		}
	return NULL;
}

static enum err_class take(
    struct synth_rates *rates, json_t *object, struct err *e)
{
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value)
	{
		struct bounds b;
		uint32_t *at = find(rates, name, &b);
		double v;

		if (at == NULL || !json_is_number(value))
			return refuse(e, name);
		v = json_number_value(value) * SYNTH_PPM + 0.5;
		if (!(v >= b.least && v < (double)b.most + 1))
			return refuse(e, name);
		*at = (uint32_t)v;
	}
	return ERR_NONE;
}

/* The threshold of one case for subjects of that kind, so that its share of
 * all subjects is the stated one. compatible: the share of who can have it. */
static uint32_t kind_share(const struct synth_rates *rates, unsigned who)
{
	uint32_t share[3] = {0};
	uint32_t all = 0;

	for (int i = 0; i < SYNTH_CASE_COUNT; i++)
		if (info[i].group == SYNTH_GROUP_KIND)
			share[info[i].who == C ? SYNTH_CORPORATION
					       : SYNTH_FOREIGNER] +=
			    rates->cases[i];
	share[SYNTH_PERSON] =
	    SYNTH_PPM - share[SYNTH_FOREIGNER] - share[SYNTH_CORPORATION];
	for (unsigned k = 0; k < 3; k++)
		if (who & (1u << k))
			all += share[k];
	return all;
}

static uint32_t threshold(const struct synth_rates *rates, int i)
{
	uint32_t all;

	if (info[i].group == SYNTH_GROUP_KIND || rates->cases[i] == 0)
		return rates->cases[i];
	all = kind_share(rates, info[i].who);
	if (all <= rates->cases[i])
		return SYNTH_PPM;
	return (uint32_t)((uint64_t)rates->cases[i] * SYNTH_PPM / all);
}

static enum err_class check(const struct synth_rates *rates, struct err *e)
{
	for (int g = 0; g < SYNTH_GROUPS; g++) {
		uint64_t sum = 0;
		int last = 0;

		/* The kinds' sum is looked at first: kind_share needs it. */
		for (int i = 0; i < SYNTH_CASE_COUNT; i++)
			if ((int)info[i].group == g) {
				sum += threshold(rates, i);
				last = i;
			}
		if (sum > SYNTH_PPM)
			return refuse(e, synth_rates_case_name[last]);
	}
	return ERR_NONE;
}

enum err_class synth_rates_read(
    const char *path, struct synth_rates *rates, struct err *e)
{
	json_error_t where;
	json_t *object = json_load_file(path, JSON_REJECT_DUPLICATES, &where);
	enum err_class c;

	if (!json_is_object(object)) {
		json_decref(object);
		return refuse(e, path);
	}
	c = take(rates, object, e);
	json_decref(object);
	return c != ERR_NONE ? c : check(rates, e);
}

/* The case of group g that number u falls to; SYNTH_CASE_COUNT: none. */
static int draw(const struct synth_rates *rates, enum synth_group g,
    unsigned kind, uint32_t u)
{
	uint64_t sum = 0;

	for (int i = 0; i < SYNTH_CASE_COUNT; i++) {
		if (info[i].group != g || !(info[i].who & kind))
			continue;
		sum += threshold(rates, i);
		if (u < sum)
			return i;
	}
	return SYNTH_CASE_COUNT;
}

uint32_t synth_rates_plant(const struct synth_rates *rates, uint64_t seed,
    uint32_t i, enum synth_kind *kind)
{
	uint32_t bits = 0;
	unsigned can = PFC;

	*kind = SYNTH_PERSON;
	for (int g = 0; g < SYNTH_GROUPS; g++) {
		uint64_t key =
		    synth_rng_key(seed, SYNTH_STREAM_GROUP, (uint64_t)g, 0);
		int found = draw(rates, (enum synth_group)g, can,
		    synth_rng_spread(key, 200, i));

		if (found != SYNTH_CASE_COUNT) {
			bits |= UINT32_C(1) << found;
			if (g == SYNTH_GROUP_KIND)
				*kind = info[found].who == C ? SYNTH_CORPORATION
							     : SYNTH_FOREIGNER;
		}
		can = 1u << *kind;
	}
	return bits;
}

uint32_t synth_rates_hit(const struct synth_rates *rates, bool hard)
{
	uint64_t mean = rates->share[SYNTH_SHARE_HIT];
	uint64_t easy = SYNTH_PPM - NATURAL;
	uint64_t more = mean * HARDER / SYNTH_PPM;
	uint64_t share;

	for (int g = 0; g < SYNTH_GROUPS; g++) {
		uint64_t sum = 0;

		for (int i = 0; i < SYNTH_CASE_COUNT; i++)
			if ((int)info[i].group == g)
				sum += rates->cases[i];
		easy = easy * (SYNTH_PPM - sum) / SYNTH_PPM;
	}
	share = SYNTH_PPM - easy;
	if (more > SYNTH_PPM || share * more / SYNTH_PPM >= mean)
		return (uint32_t)mean;
	if (hard)
		return (uint32_t)more;
	return (uint32_t)((mean * SYNTH_PPM - share * more) / easy);
}
