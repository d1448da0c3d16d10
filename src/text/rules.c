/* rules.c — see rules.h. The rules themselves are in rules_*.c. */
#include "text/rules.h"

#include "text/corp.h"
#include "text/kanji.h"
#include "text/rules_run.h"
#include "text/zengin.h"

#define LIST_MAX 4096
#define CUT_MAX 4096
#define DETAIL_MAX 80

#define UNICODE "Unicode 15.0, UAX #15"
#define WIDTHS                                                                 \
	"JIS X 0201, JIS X 0208; Unicode block Halfwidth and Fullwidth Forms"
#define SCRIPTS "JIS X 0208 rows 4 and 5; Unicode blocks Hiragana and Katakana"
#define BANKS "口座名義の届出: pages of 京葉銀行, 三菱UFJ銀行, きらぼし銀行"
#define ZENGIN "全銀協規定フォーマット 付録1, by public notes of it (zengin4j)"
#define CORPS "法人略語: page of 京葉銀行; jp-zengin-name"
#define ADDRESSES "geolonia/normalize-japanese-addresses"
#define KANJI                                                                  \
	"JIS X 0208:1997; JIS X 0213:2004; Microsoft code page 932 (WHATWG "   \
	"Encoding, index jis0208); MJ縮退マップ 1.2.0"
#define WAREKI "元号: 改元の詔書・政令; 太政官布告第337号 (1872)"
#define OWN "docs/interface.md §11"

/* X(rule, arguments, loss, idempotent, built, function, source) */
#define RULES(X)                                                               \
	X("nfc", "", "material", true, true, rules_unicode_nfc, UNICODE)       \
	X("ivs-strip", "", "informational", true, true, rules_unicode_ivs,     \
	    "Unicode 15.0, UTS #37")                                           \
	X("gaiji-refuse", "", "informational", true, true,                     \
	    rules_unicode_gaiji, "Unicode 15.0, Private Use Areas")            \
	X("kana-half", "", "informational", true, true, rules_width_kana_half, \
	    WIDTHS)                                                            \
	X("kana-full", "", "informational", true, true, rules_width_kana_full, \
	    WIDTHS)                                                            \
	X("latin-half", "", "informational", true, true,                       \
	    rules_width_latin_half, WIDTHS)                                    \
	X("latin-full", "", "informational", true, true,                       \
	    rules_width_latin_full, WIDTHS)                                    \
	X("digit-half", "", "informational", true, true,                       \
	    rules_width_digit_half, WIDTHS)                                    \
	X("digit-full", "", "informational", true, true,                       \
	    rules_width_digit_full, WIDTHS)                                    \
	X("sign-half", "", "informational", true, true, rules_width_sign_half, \
	    WIDTHS)                                                            \
	X("sign-full", "", "informational", true, true, rules_width_sign_full, \
	    WIDTHS)                                                            \
	X("latin-upper", "", "informational", true, true, rules_width_upper,   \
	    WIDTHS)                                                            \
	X("latin-lower", "", "informational", true, true, rules_width_lower,   \
	    WIDTHS)                                                            \
	X("to-katakana", "", "informational", true, true, rules_kana_katakana, \
	    SCRIPTS)                                                           \
	X("to-hiragana", "", "informational", true, true, rules_kana_hiragana, \
	    SCRIPTS)                                                           \
	X("kana-large", "", "material", true, true, rules_kana_large, ZENGIN)  \
	X("long", "hyphen|mark|drop", "material", true, true, rules_kana_long, \
	    ZENGIN)                                                            \
	X("long", "vowel", "material", true, true, rules_mark_vowel, SCRIPTS)  \
	X("voiced", "compose", "informational", true, true, rules_kana_voiced, \
	    SCRIPTS)                                                           \
	X("voiced", "split", "informational", true, true, rules_kana_unvoiced, \
	    SCRIPTS)                                                           \
	X("wo", "o", "material", true, true, rules_kana_wo, BANKS)             \
	X("wi", "i", "material", true, true, rules_kana_wi, BANKS)             \
	X("we", "e", "material", true, true, rules_kana_we, BANKS)             \
	X("vu", "split", "informational", true, true, rules_kana_vu_split,     \
	    ZENGIN)                                                            \
	X("vu", "b", "material", true, true, rules_kana_vu_b,                  \
	    "外来語の表記 (平成3年内閣告示第2号)")                             \
	X("ka-ke", "large", "material", true, true, rules_kana_ka_ke, BANKS)   \
	X("ka-ke", "ga", "material", true, true, rules_mark_ga, ADDRESSES)     \
	X("iteration-expand", "", "material", true, true,                      \
	    rules_mark_iteration, "くりかへし符号の使ひ方 (文部省, 1946)")     \
	X("dash-fold", "", "informational", true, true, rules_sign_dash,       \
	    ADDRESSES)                                                         \
	X("space-fold", "", "informational", true, true,                       \
	    rules_sign_space_fold, "Unicode 15.0, general category Zs")        \
	X("space", "none|half|full|one", "informational", true, true,          \
	    rules_sign_space, BANKS)                                           \
	X("dot", "drop|period|space", "informational", true, true,             \
	    rules_sign_dot, BANKS)                                             \
	X("zengin", "branch|holder|payroll|edi", "material", true, true,       \
	    rules_zengin, ZENGIN)                                              \
	X("kanji",                                                             \
	    "0208:refuse|0208:hold|0208:first|0208:geta|"                      \
	    "0213:refuse|0213:hold|0213:first|0213:geta|"                      \
	    "cp932:refuse|cp932:hold|cp932:first|cp932:geta",                  \
	    "material", true, true, rules_unicode_kanji, KANJI)                \
	X("corp", "abbrev", "informational", true, true, rules_corp_abbrev,    \
	    CORPS)                                                             \
	X("corp", "remove", "material", true, true, rules_corp_remove, CORPS)  \
	X("corp", "expand", "material", true, true, rules_corp_expand, CORPS)  \
	X("corp-office", "", "informational", true, true, rules_corp_office,   \
	    CORPS)                                                             \
	X("corp-office", "expand|remove", "material", true, true,              \
	    rules_corp_office_more, CORPS)                                     \
	X("corp-business", "", "informational", true, true,                    \
	    rules_corp_business, CORPS)                                        \
	X("corp-business", "expand|remove", "material", true, true,            \
	    rules_corp_business_more, CORPS)                                   \
	X("name-order", "family-first|given-first", "informational", true,     \
	    true, rules_form_name_order, "ICAO Doc 9303, names with a comma")  \
	X("name-middle", "keep|drop", "material", true, true,                  \
	    rules_form_name_middle, "在留カードの氏名表記 (入管法施行規則)")   \
	X("addr-fold", "", "informational", true, true, rules_form_address,    \
	    ADDRESSES)                                                         \
	X("addr-number", "kanji|arabic", "informational", true, true,          \
	    rules_address_number, ADDRESSES)                                   \
	X("addr-block", "hyphen|words", "informational", true, true,           \
	    rules_address_block, "住居表示に関する法律2条; DS-442")            \
	X("addr-oaza", "drop", "material", true, true, rules_address_oaza,     \
	    ADDRESSES)                                                         \
	X("addr-building", "drop", "material", true, true,                     \
	    rules_address_building, "DS-442: 方書 stands apart")               \
	X("date", "ymd8|slash|iso|era7|era6|letter|kanji", "material", false,  \
	    true, rules_form_date, WAREKI)                                     \
	X("postal", "plain|hyphen", "informational", true, true,               \
	    rules_form_postal, "郵便番号制 (1998)")                            \
	X("cut-bytes", "N", "material", true, true, rules_form_cut_bytes, OWN) \
	X("cut-chars", "N", "material", true, true, rules_form_cut_chars, OWN)

#define ENTRY_(rule, args, loss, idempotent, built, fn, source)                \
	{rule, args, loss, idempotent, built, source},
#define FUNCTION_(rule, args, loss, idempotent, built, fn, source) fn,

static const struct rules_entry entries[] = {RULES(ENTRY_)};
static rules_run_fn *const functions[] = {RULES(FUNCTION_)};
#define ENTRY_COUNT (sizeof(entries) / sizeof(*entries))

const struct rules_entry *rules_table(size_t *n)
{
	*n = ENTRY_COUNT;
	return entries;
}

/* The part of t before the first c, and t behind it; whole if there is none. */
static struct text split(struct text *t, char c)
{
	const char *p = t->n ? memchr(t->p, c, t->n) : NULL;
	struct text head = *t;

	if (p == NULL) {
		*t = text_trust(t->p + t->n, 0);
		return head;
	}
	head.n = (size_t)(p - t->p);
	*t = text_trust(p + 1, t->n - head.n - 1);
	return head;
}

/* "-ド-シヤ": all words but these; "+カ": these alone. */
static bool take_words(struct text t, struct rules_step *step)
{
	bool only = t.n > 0 && t.p[0] == '+';

	if (only)
		memset(step->off, 0xFF, sizeof(step->off));
	while (t.n > 0) {
		size_t n = 1;
		unsigned char k;

		if (t.p[0] != (only ? '+' : '-'))
			return false;
		while (n < t.n && t.p[n] != '+' && t.p[n] != '-')
			n++;
		if (!corp_switch(text_trust(t.p + 1, n - 1), &k))
			return false;
		if (only)
			step->off[k / 8] &= (unsigned char)~(1u << k % 8);
		else
			step->off[k / 8] |= (unsigned char)(1u << k % 8);
		t = text_trust(t.p + n, t.n - n);
	}
	return true;
}

/* What a rule may take behind its argument (docs/interface.md §11). */
static bool take_option(
    const char *rule, struct text option, struct rules_step *step)
{
	if (option.n == 0)
		return false;
	if (strncmp(rule, "corp", 4) == 0)
		return take_words(option, step);
	if (strcmp(rule, "kanji") == 0)
		return kanji_schemes(option, &step->schemes);
	if (strcmp(rule, "date") == 0)
		return date_parse(option, &step->context);
	return false;
}

static bool begins(struct text t, struct text head)
{
	return t.n > head.n && memcmp(t.p, head.p, head.n) == 0 &&
	       t.p[head.n] == ':';
}

/* Is arg one of the entry's arguments? Which, N and more, into the step. */
static bool takes(
    const struct rules_entry *entry, struct text arg, struct rules_step *step)
{
	struct text list = text_z(entry->args);
	int64_t n;

	if (strcmp(entry->args, "N") == 0) {
		if (!text_to_int(arg, CUT_MAX, &n) || n == 0)
			return false;
		step->size = (size_t)n;
		return true;
	}
	if (list.n == 0)
		return arg.n == 0 || take_option(entry->rule, arg, step);
	for (step->mode = 0; list.n > 0; step->mode++) {
		struct text one = split(&list, '|');
		size_t after = one.n + 1;

		if (text_eq(one, arg))
			return true;
		if (begins(arg, one))
			return take_option(entry->rule,
			    text_trust(arg.p + after, arg.n - after), step);
	}
	return false;
}

static enum err_class unknown(struct err *e, struct text rule, bool built)
{
	(void)err_set(e, ERR_INPUT, "layout.unknown_rule",
	    built ? "変換規則の名前か引数が正しくありません"
		  : "この変換規則はまだ使えません",
	    built ? "no rule of this name, or not this argument"
		  : "this rule is not built yet");
	if (rule.n > DETAIL_MAX) { /* the detail ends with a character */
		rule.n = DETAIL_MAX;
		while (((unsigned char)rule.p[rule.n] & 0xC0) == 0x80)
			rule.n--;
	}
	return err_detail(e, "%.*s", (int)rule.n, rule.p);
}

static const struct zengin *zengin_of(struct arena *a, int class)
{
	struct zengin *z = arena_take(a, sizeof(*z));

	zengin_init(z, (enum zengin_class) class);
	return z;
}

static enum err_class parse_one(
    struct arena *a, struct text rule, struct rules_step *step, struct err *e)
{
	struct text arg = rule;
	struct text name = split(&arg, ':');
	bool colon = name.n < rule.n;

	*step = (struct rules_step){.name = text_cstr(a, rule)};
	for (size_t i = 0; i < ENTRY_COUNT; i++) {
		if (!text_is(name, entries[i].rule) ||
		    (!colon && entries[i].args[0] != '\0') ||
		    (colon && arg.n == 0) || !takes(&entries[i], arg, step))
			continue;
		if (!entries[i].built)
			return unknown(e, rule, false);
		step->fn = functions[i];
		if (step->fn == rules_zengin)
			step->zengin = zengin_of(a, step->mode);
		if (step->fn == rules_unicode_kanji)
			step->map = kanji_map(NULL);
		return ERR_NONE;
	}
	return unknown(e, rule, true);
}

enum err_class rules_parse(
    struct arena *a, struct text list, const struct rules **out, struct err *e)
{
	struct rules *rules;

	if (list.n > LIST_MAX)
		return unknown(e, list, true);
	rules = arena_zero(a, 1, sizeof(*rules));
	for (bool more = list.n > 0; more; rules->n++) {
		size_t before = list.n;
		struct text rule = split(&list, ',');

		if (rules->n == RULES_STEPS_MAX)
			return unknown(e, rule, true);
		more = rule.n < before; /* a comma stood behind it */
		TRY(parse_one(a, rule, &rules->step[rules->n], e));
	}
	*out = rules;
	return ERR_NONE;
}

const struct rules *rules_with_map(
    struct arena *a, const struct rules *rules, const struct mj_table *map)
{
	struct rules *out = arena_take(a, sizeof(*out));

	*out = *rules;
	for (size_t i = 0; i < out->n; i++)
		if (out->step[i].map != NULL)
			out->step[i].map = map;
	return out;
}

const char *rules_name(const struct rules *rules, size_t i)
{
	return i < rules->n ? rules->step[i].name : NULL;
}

bool rules_apply(const struct rules *rules, struct text in, struct arena *a,
    struct text *out, struct rules_report *report)
{
	struct rules_report nobody = {0};

	for (size_t i = 0; i < rules->n; i++) {
		struct rules_run run = {
		    .in = in,
		    .step = &rules->step[i],
		    .a = a,
		    .report = report ? report : &nobody,
		};

		if (!run.step->fn(&run))
			return false;
		in = rules_run_end(&run);
	}
	*out = in;
	return true;
}
