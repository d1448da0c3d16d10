/* synth_name.c — see synth_name.h. */
#include "synth/synth_name.h"

/* Words and abbreviations: DOMAIN §5.4 (京葉銀行, 全銀協). */
struct synth_corporate_word {
	const char *kanji;
	const char *kana;
	const char *abbreviation;
};

struct synth_office {
	const char *place_kanji;
	const char *place_kana;
	const char *kind_kanji;
	const char *kind_kana;
	const char *abbreviation;
};

struct trade {
	const char *kanji;
	const char *kana;
};

static const struct synth_corporate_word words[] = {
    {"株式会社", "カブシキガイシャ", "カ"},
    {"有限会社", "ユウゲンガイシャ", "ユ"},
    {"合同会社", "ゴウドウガイシャ", "ド"},
    {"医療法人", "イリョウホウジン", "イ"},
    {"一般社団法人", "イッパンシャダンホウジン", "シヤ"},
};

static const struct synth_office offices[] = {
    {"新宿", "シンジュク", "営業所", "エイギョウショ", "エイ"},
    {"新宿", "シンジュク", "出張所", "シュッチョウショ", "シユツ"},
    {"西新宿", "ニシシンジュク", "営業所", "エイギョウショ", "エイ"},
    {"高田馬場", "タカダノババ", "営業所", "エイギョウショ", "エイ"},
    {"大久保", "オオクボ", "出張所", "シュッチョウショ", "シユツ"},
    {"四谷", "ヨツヤ", "営業所", "エイギョウショ", "エイ"},
    {"神楽坂", "カグラザカ", "出張所", "シュッチョウショ", "シユツ"},
};

static const struct trade trades[] = {
    {"商事", "ショウジ"},
    {"工務店", "コウムテン"},
    {"運輸", "ウンユ"},
    {"食品", "ショクヒン"},
    {"企画", "キカク"},
    {"製作所", "セイサクショ"},
    {"不動産", "フドウサン"},
    {"設計", "セッケイ"},
    {"印刷", "インサツ"},
    {"電機", "デンキ"},
    {"サービス", "サービス"},
    {"システム", "システム"},
    {"興業", "コウギョウ"},
    {"建設", "ケンセツ"},
    {"ヴィレッジ", "ヴィレッジ"},
    {"フーズ", "フーズ"},
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Companies, or bodies that are none: those have trades of their own and bear
 * their word in front. */
static const struct trade surgeries[] = {
    {"医院", "イイン"}, {"クリニック", "クリニック"}};
static const struct trade societies[] = {
    {"記念会", "キネンカイ"}, {"振興会", "シンコウカイ"}};

static void draw_word(bool company, struct synth_rng *r, struct synth_name *out)
{
	uint32_t x = synth_rng_below(r, company ? 94 : 100);
	const struct trade *trade = &trades[synth_rng_below(r, COUNT(trades))];

	out->word = &words[x < 70   ? 0
			   : x < 82 ? 1
			   : x < 94 ? 2
			   : x < 97 ? 3
				    : 4];
	if (x >= 94) {
		trade = x < 97 ? &surgeries[x % 2] : &societies[x % 2];
		out->front = true;
	}
	out->given = text_z(trade->kanji);
	out->given_kana = text_z(trade->kana);
}

static void draw_corporation(const struct synth_tables *t, uint32_t planted,
    struct synth_rng *r, struct synth_name *out)
{
	const struct synth_entry *core =
	    synth_tables_draw(t, SYNTH_FAMILY_ANY, r);
	const struct synth_office *office =
	    &offices[synth_rng_below(r, COUNT(offices))];
	bool front = synth_rng_chance(r, 600000);

	if (planted & SYNTH_BIT(CORPORATION_FRONT))
		front = true;
	if (planted & SYNTH_BIT(CORPORATION_BACK))
		front = false;
	*out = (struct synth_name){
	    .kind = SYNTH_CORPORATION,
	    .family = core->kanji,
	    .family_kana = core->kana,
	    .office = planted & SYNTH_BIT(BRANCH_OFFICE) ? office : NULL,
	    .front = front,
	};
	draw_word(planted & SYNTH_BIT(CORPORATION_BACK), r, out);
}

static void draw_foreigner(const struct synth_tables *t, uint32_t planted,
    struct synth_rng *r, struct synth_name *out)
{
	const struct synth_entry *family =
	    synth_tables_draw(t, SYNTH_LATIN_FAMILY, r);
	const struct synth_entry *given = synth_tables_draw(t,
	    planted & SYNTH_BIT(VU) ? SYNTH_LATIN_GIVEN_VU : SYNTH_LATIN_GIVEN,
	    r);

	*out = (struct synth_name){
	    .kind = SYNTH_FOREIGNER,
	    .family = family->kanji,
	    .family_kana = family->kana,
	    .given = given->kanji,
	    .given_kana = given->kana,
	};
}

static enum synth_pool_name family_pool(uint32_t planted)
{
	if (planted & SYNTH_BIT(KE))
		return SYNTH_FAMILY_KE;
	if (planted & SYNTH_BIT(OUTSIDE_0208))
		return SYNTH_FAMILY_CP932;
	if (planted & SYNTH_BIT(OUTSIDE_CP932))
		return SYNTH_FAMILY_OUTSIDE;
	if (planted & SYNTH_BIT(KANJI_VARIANT))
		return SYNTH_FAMILY_0208;
	if (planted & SYNTH_BIT(COMMON_NAME))
		return SYNTH_FAMILY_COMMON;
	return SYNTH_FAMILY_ANY;
}

static enum synth_pool_name given_pool(uint32_t planted)
{
	if (planted & SYNTH_BIT(LONG_VOWEL))
		return SYNTH_GIVEN_LONG;
	if (planted & SYNTH_BIT(COMMON_NAME))
		return SYNTH_GIVEN_COMMON;
	if (planted & SYNTH_BIT(SMALL_KANA))
		return SYNTH_GIVEN_SMALL;
	return SYNTH_GIVEN_ANY;
}

static void draw_person(const struct synth_tables *t, struct arena *a,
    uint32_t planted, struct synth_rng *r, struct synth_name *out)
{
	const struct synth_entry *family =
	    synth_tables_draw(t, family_pool(planted), r);
	const struct synth_entry *given =
	    synth_tables_draw(t, given_pool(planted), r);

	*out = (struct synth_name){
	    .kind = SYNTH_PERSON,
	    .family = family->kanji,
	    .family_kana = family->kana,
	    .given = given->kanji,
	    .given_kana = given->kana,
	};
	if (planted & SYNTH_BIT(OUTSIDE_0208))
		out->family =
		    synth_spell_variant(a, family->kanji, SYNTH_IN_CP932);
	if (planted & SYNTH_BIT(OUTSIDE_CP932))
		out->family =
		    synth_spell_variant(a, family->kanji, SYNTH_OUTSIDE);
	if (planted & SYNTH_BIT(LONG_VOWEL))
		out->given_kana = synth_spell_lengthen(a, given->kana);
}

void synth_name_draw(const struct synth_tables *t, struct arena *a,
    enum synth_kind kind, uint32_t planted, struct synth_rng *r,
    struct synth_name *out)
{
	switch (kind) {
	case SYNTH_PERSON:
		draw_person(t, a, planted, r, out);
		break;
	case SYNTH_FOREIGNER:
		draw_foreigner(t, planted, r, out);
		break;
	case SYNTH_CORPORATION:
		draw_corporation(t, planted, r, out);
		break;
	}
}

static struct text otherwise(
    const struct synth_entry *entry, uint32_t n, struct text latin)
{
	for (uint32_t i = 0; i < n; i++)
		if (text_eq(entry[i].kanji, latin))
			return entry[i].other;
	return latin;
}

/* ー of a person's given name is the vowel ウ (synth_spell_lengthen). */
static struct text usual_vowel(struct arena *a, struct text kana)
{
	char *p = arena_copy(a, kana.p, kana.n);

	for (size_t i = 0; i + 3 <= kana.n; i += 3)
		if (memcmp(p + i, "ー", 3) == 0)
			memcpy(p + i, "ウ", 3);
	return text_trust(p, kana.n);
}

void synth_name_told(const struct synth_tables *t, struct arena *a,
    const struct synth_name *name, uint32_t planted, struct synth_name *out)
{
	*out = *name;
	if (planted & SYNTH_BIT(KANJI_VARIANT))
		out->family =
		    synth_spell_variant(a, name->family, SYNTH_IN_0208);
	if (planted & SYNTH_BIT(LONG_VOWEL))
		out->given_kana = usual_vowel(a, name->given_kana);
	if (planted & SYNTH_BIT(ROMAN)) {
		out->family_kana =
		    otherwise(t->latin_family, t->latin_families, name->family);
		out->given_kana =
		    otherwise(t->latin_given, t->latin_givens, name->given);
	}
	if (planted & SYNTH_BIT(NAME_ORDER))
		out->given_first = true;
}

void synth_name_sibling(const struct synth_tables *t,
    const struct synth_name *name, struct synth_rng *r, struct synth_name *out)
{
	*out = *name;
	for (int i = 0; i < 60; i++) {
		const struct synth_entry *given =
		    synth_tables_draw(t, SYNTH_GIVEN_ANY, r);

		if (text_eq(given->kana, name->given_kana))
			continue;
		out->given = given->kanji;
		out->given_kana = given->kana;
		/* The first kana, three bytes, is the same. */
		if (memcmp(given->kana.p, name->given_kana.p, 3) == 0)
			return;
	}
}

static unsigned corporate_kana(
    const struct synth_style *s, const struct synth_name *n, struct buf *out)
{
	struct text word =
	    text_z(s->abbreviate ? n->word->abbreviation : n->word->kana);
	unsigned changed = 0;

	if (n->front) {
		changed |= synth_spell_kana(s, word, out);
		buf_z(out, s->abbreviate ? ")" : "");
	}
	changed |= synth_spell_kana(s, n->family_kana, out);
	changed |= synth_spell_kana(s, n->given_kana, out);
	if (!n->front) {
		buf_z(out, s->abbreviate ? "(" : "");
		changed |= synth_spell_kana(s, word, out);
		if (s->abbreviate && n->office != NULL)
			buf_z(out, ")");
	}
	if (n->office == NULL)
		return changed;
	buf_z(out, s->abbreviate ? "" : s->separator);
	changed |= synth_spell_kana(s, text_z(n->office->place_kana), out);
	buf_z(out, s->abbreviate ? "(" : "");
	return changed | synth_spell_kana(s,
			     text_z(s->abbreviate ? n->office->abbreviation
						  : n->office->kind_kana),
			     out);
}

unsigned synth_name_kana(
    const struct synth_style *s, const struct synth_name *name, struct buf *out)
{
	bool turned = name->given_first ||
		      (s->given_first && name->kind == SYNTH_FOREIGNER);
	unsigned changed;

	if (name->kind == SYNTH_CORPORATION)
		return corporate_kana(s, name, out);
	changed = synth_spell_kana(
	    s, turned ? name->given_kana : name->family_kana, out);
	buf_z(out, s->separator);
	return changed |
	       synth_spell_kana(
		   s, turned ? name->family_kana : name->given_kana, out);
}

unsigned synth_name_kanji(
    const struct synth_style *s, const struct synth_name *name, struct buf *out)
{
	size_t start = out->n;
	unsigned changed;

	if (name->kind == SYNTH_FOREIGNER)
		return 0;
	if (name->kind == SYNTH_CORPORATION && name->front)
		buf_z(out, name->word->kanji);
	changed = synth_spell_kanji(s, name->family, out);
	if (name->kind == SYNTH_PERSON)
		buf_z(out, s->separator);
	changed |= synth_spell_kanji(s, name->given, out);
	if (name->kind == SYNTH_CORPORATION && !name->front)
		buf_z(out, name->word->kanji);
	if (name->office != NULL) {
		buf_z(out, s->separator);
		buf_z(out, name->office->place_kanji);
		buf_z(out, name->office->kind_kanji);
	}
	if (changed & SYNTH_SPELL_MISSING)
		out->n = start;
	return changed;
}

void synth_name_latin(
    const struct synth_style *s, const struct synth_name *name, struct buf *out)
{
	bool turned = name->given_first || s->given_first;

	if (name->kind != SYNTH_FOREIGNER)
		return;
	buf_text_add(out, turned ? name->given : name->family);
	buf_byte(out, ' ');
	buf_text_add(out, turned ? name->family : name->given);
}

static bool is_common(
    const struct synth_tables *t, const struct synth_name *name)
{
	const struct synth_pool *f = &t->pool[SYNTH_FAMILY_COMMON];
	const struct synth_pool *g = &t->pool[SYNTH_GIVEN_COMMON];
	bool family = false;
	bool given = false;

	for (uint32_t i = 0; i < f->n; i++)
		family |= text_eq(f->entry[f->index[i]].kanji, name->family);
	for (uint32_t i = 0; i < g->n; i++)
		given |= text_eq(g->entry[g->index[i]].kanji, name->given);
	return family && given;
}

uint32_t synth_name_cases(
    const struct synth_tables *t, const struct synth_name *name)
{
	uint32_t bits = 0;

	if (name->kind == SYNTH_PERSON && is_common(t, name))
		bits |= SYNTH_BIT(COMMON_NAME);
	if (synth_spell_has_small(name->family_kana) ||
	    synth_spell_has_small(name->given_kana))
		bits |= SYNTH_BIT(SMALL_KANA);
	if (synth_spell_has(name->family_kana, "ー") ||
	    synth_spell_has(name->given_kana, "ー"))
		bits |= SYNTH_BIT(LONG_VOWEL);
	if (synth_spell_has(name->family_kana, "ヴ") ||
	    synth_spell_has(name->given_kana, "ヴ"))
		bits |= SYNTH_BIT(VU);
	if (name->kind == SYNTH_CORPORATION)
		bits |= name->front ? SYNTH_BIT(CORPORATION_FRONT)
				    : SYNTH_BIT(CORPORATION_BACK);
	if (name->office != NULL)
		bits |= SYNTH_BIT(BRANCH_OFFICE);
	return bits;
}
