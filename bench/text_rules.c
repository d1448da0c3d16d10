/*
 * text_rules.c — the speed of every text rule, and of hostile texts.
 *
 * text_rules NAMES LINES: MB/s of each rule on kana names, or on kanji names
 * and addresses, whichever it is for. text_rules --hostile: CPU of a text of
 * 1 MB over that of 100 kB, the worst of all rules and texts; exit 1 over 12.
 */
#include "bench.h"
#include "text/rules.h"

#ifndef SMALL
#define SMALL 100000
#endif
#define LARGE (10 * SMALL)
#define NEED 12.0
#define GOAL 10.6  /* measured again above it: 10, and what caches add */
#define QUICK 0.03 /* seconds of LARGE that are too short for a ratio */
#define SLOW 0.25  /* seconds of SMALL that no rule may take */
#define ROUNDS 12  /* at most, while the ratio is over GOAL */
#define TEXTS (sizeof(texts) / sizeof(*texts))

/* Repeated until the text is long enough; "A|B": a half of each. */
static const char *const texts[] = {"゛", "\u0323\u0301", "ー", "-", "　",
    "カブシキ|ガイシャ", "(カ", "㈱", "大|字", "二丁目", "1-", "の", "佐々",
    "ウ゛", "、", "A ", "葛\U000E0100", "㐄", "レン|ゴウカイ", "営業所",
    "ホウジン", "カブシキガイシャ", "ｼｬｶｲ", "株式会社", "(カ ", "一", "一-",
    "字", "村字", "大", "大大字|字", "ヶ市", "番", "号", "1の", "一二三四五六",
    "北海道", "昭和", "ア・", "S,", "シヤカイホケンロウムシ"};

struct run {
	const struct rules *rules;
	struct arena arena;
	struct text in; /* the whole, or lines of it */
	bool lines;
	size_t refused;
};

static void apply(struct run *r, struct text in)
{
	struct rules_report report = {0};
	struct text out;

	if (!rules_apply(r->rules, in, &r->arena, &out, &report))
		r->refused++;
	arena_reset(&r->arena);
}

static void run_rule(void *ctx)
{
	struct run *r = ctx;

	r->refused = 0;
	if (!r->lines) {
		apply(r, r->in);
		return;
	}
	for (size_t i = 0; i < r->in.n;) {
		const char *end = memchr(r->in.p + i, '\n', r->in.n - i);
		size_t n = end ? (size_t)(end - (r->in.p + i)) : r->in.n - i;

		apply(r, text_trust(r->in.p + i, n));
		i += n + 1;
	}
}

static void fill(const char *z, size_t n, struct buf *out)
{
	const char *bar = strchr(z, '|');
	size_t first = bar ? (size_t)(bar - z) : strlen(z);

	buf_clear(out);
	while (out->n < (bar ? n / 2 : n))
		buf_add(out, z, first);
	while (out->n < n)
		buf_z(out, bar + 1);
}

/* CPU seconds of the rule on n bytes of the text. */
static double seconds(struct run *r, const char *z, size_t n, struct buf *b)
{
	double begun;

	fill(z, n, b);
	r->in = buf_text(b);
	begun = bench_cpu();
	run_rule(r);
	return bench_cpu() - begun;
}

static double least(double a, double b)
{
	return a < b ? a : b;
}

/* CPU of SMALL, over as long a time as LARGE takes: ten in a row. */
static double small_seconds(struct run *r, const char *z, struct buf *b)
{
	double sum = 0;

	for (int k = 0; k < 10; k++)
		sum += seconds(r, z, SMALL, b);
	return sum / 10;
}

/* CPU of LARGE over that of SMALL, 0 if it is too short to tell. The least of
 * each of several rounds: a machine may have been busy in one of them. Where
 * SMALL alone is slow, LARGE is not run: the bench ends whatever a rule does.
 */
static double ratio_of(
    struct run *r, const char *z, struct buf *b, double *large)
{
	double small = seconds(r, z, SMALL, b);

	*large = 1e9;
	if (small > SLOW) {
		*large = small * LARGE / SMALL; /* at the least */
		return LARGE;
	}
	for (int k = 0; k < ROUNDS; k++) {
		*large = least(*large, seconds(r, z, LARGE, b));
		if (*large < QUICK)
			return 0;
		small = least(small, small_seconds(r, z, b));
		if (*large / small <= GOAL)
			break;
	}
	return *large / small;
}

struct worst {
	double ratio;
	double slowest; /* seconds of LARGE */
	char where[160];
	char slow[160];
};

static void hostile(struct run *r, const char *name, struct worst *w)
{
	struct buf b = {0};

	for (size_t k = 0; k < TEXTS; k++) {
		double large;
		double ratio = ratio_of(r, texts[k], &b, &large);

		if (ratio > NEED)
			(void)fprintf(stderr, "%s on '%s': %.1f (%.3f s)\n",
			    name, texts[k], ratio, large);
		if (large > w->slowest) {
			w->slowest = large;
			(void)snprintf(w->slow, sizeof(w->slow), "%s on %s",
			    name, texts[k]);
		}
		if (ratio <= w->ratio)
			continue;
		w->ratio = ratio;
		(void)snprintf(
		    w->where, sizeof(w->where), "%s on %s", name, texts[k]);
	}
	buf_fini(&b);
}

/* Calls fn for each rule with each of its arguments. */
static void each(
    struct run *r, void (*fn)(struct run *, const char *, void *), void *ctx)
{
	size_t n;
	const struct rules_entry *table = rules_table(&n);

	for (size_t i = 0; i < n; i++) {
		const char *arg = table[i].args;

		for (;;) {
			size_t length = strcspn(arg, "|");
			bool number = strcmp(arg, "N") == 0;
			struct arena a = {0};
			char name[64];
			struct err e;

			(void)snprintf(name, sizeof(name), "%s%s%.*s",
			    table[i].rule, length ? ":" : "",
			    number ? 2 : (int)length, number ? "20" : arg);
			bench_need(rules_parse(&a, text_z(name), &r->rules,
				       &e) == ERR_NONE,
			    name);
			fn(r, name, ctx);
			arena_fini(&a);
			if (arg[length] == '\0')
				break;
			arg += length + 1;
		}
	}
}

static void one_hostile(struct run *r, const char *name, void *ctx)
{
	r->lines = false;
	hostile(r, name, ctx);
}

struct files {
	struct buf names;
	struct buf lines;
	struct buf dates;
	struct buf postals;
};

static void one_speed(struct run *r, const char *name, void *ctx)
{
	struct files *f = ctx;
	bench_fn *const fn = run_rule;
	double speed;

	r->lines = true;
	r->in = buf_text(&f->lines);
	if (strncmp(name, "zengin", 6) == 0)
		r->in = buf_text(&f->names);
	if (strncmp(name, "date", 4) == 0)
		r->in = buf_text(&f->dates);
	if (strncmp(name, "postal", 6) == 0)
		r->in = buf_text(&f->postals);
	bench_speeds(&fn, 1, r, r->in.n, &speed);
	(void)printf("{\"rule\":\"%s\",\"mb_s\":%.1f,\"refused\":%zu}\n", name,
	    speed, r->refused);
}

int main(int argc, char **argv)
{
	struct run r = {0};
	struct files f = {0};
	struct worst w = {0};

	if (argc == 2 && strcmp(argv[1], "--hostile") == 0) {
		each(&r, one_hostile, &w);
		(void)printf("{\"ratio\":%.2f,\"where\":\"%s\","
			     "\"slowest_s\":%.3f,\"slowest\":\"%s\","
			     "\"texts\":%zu}\n",
		    w.ratio, w.where, w.slowest, w.slow, TEXTS);
		(void)printf(
		    "%d passed, %d failed\n", w.ratio <= NEED, w.ratio > NEED);
		return w.ratio <= NEED ? 0 : 1;
	}
	bench_need(argc == 3, "usage: text_rules NAMES LINES | --hostile");
	bench_read(argv[1], &f.names);
	bench_read(argv[2], &f.lines);
	fill("2026-06-15\n5080615\n昭和64年1月7日\n", SMALL, &f.dates);
	fill("1600022\n160-0022\n", SMALL, &f.postals);
	each(&r, one_speed, &f);
	return 0;
}
