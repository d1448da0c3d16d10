/* synth_subject.c — see synth_subject.h. */
#include "synth/synth_subject.h"

#include "base/csv.h"

#include <stdio.h>

/* The columns written, in this order (docs/interface.md §8). */
static const char *const columns[] = {"宛名番号", "属性(人格)", "カナ氏名",
    "漢字氏名", "英字名", "生(設立)年月日", "性別", "郵便番号", "住所コード",
    "住所", "通称", "通称カナ", "旧氏", "旧氏カナ", "旧住所1", "フリガナ確認",
    "法人番号", "科目", "滞納額", "督促年月日", "死亡年月日", "処分状況",
    "支援措置", "金融機関コード", "支店番号", "口座種別", "口座番号",
    "顧客番号", "行政機関任意項目"};

struct date synth_subject_day(struct synth_rng *r, int years_min, int years_max)
{
	int64_t today = date_days(SYNTH_TODAY);
	uint32_t span = (uint32_t)(years_max - years_min) * 365 + 1;

	return date_of_days(
	    today - (int64_t)years_min * 365 - synth_rng_below(r, span));
}

struct date synth_subject_birth(struct synth_rng *r, enum synth_kind kind)
{
	uint32_t x = synth_rng_below(r, 100);

	if (kind == SYNTH_CORPORATION)
		return synth_subject_day(r, 1, 75);
	if (x < 30)
		return synth_subject_day(r, 18, 40);
	if (x < 80 || kind == SYNTH_FOREIGNER)
		return synth_subject_day(r, 30, 65);
	return synth_subject_day(r, 60, 95);
}

void synth_subject_address(const struct synth_tables *t, bool ward,
    struct synth_rng *r, struct synth_address *out)
{
	const struct synth_place *p =
	    ward ? synth_tables_ward_place(t, r) : synth_tables_place(t, r);

	/* One draw a statement: the order within an initialiser is not told. */
	*out = (struct synth_address){
	    .postal = p->postal,
	    .prefecture = p->prefecture,
	    .municipality = p->municipality,
	    .town = p->town,
	};
	out->chome = synth_rng_between(r, 1, 8);
	out->ban = synth_rng_between(r, 1, 40);
	out->go = synth_rng_between(r, 1, 25);
	if (synth_rng_chance(r, 550000))
		out->building = synth_rng_between(r, 1, 6);
	out->room = synth_rng_between(r, 1, 9) * 100;
	out->room += synth_rng_between(r, 1, 12);
	/* A 町 mostly has no 丁目. */
	if (p->town.n >= 3 && memcmp(p->town.p + p->town.n - 3, "町", 3) == 0)
		out->chome = 0;
}

static void make_address(const struct synth_tables *t, uint32_t planted,
    struct synth_rng *r, struct synth_subject *out)
{
	synth_subject_address(t, synth_rng_chance(r, 930000), r, &out->address);
	out->has_moved = synth_rng_chance(r, 200000);
	out->moved_known = synth_rng_chance(r, 900000);
	if (planted & SYNTH_BIT(MOVED))
		out->has_moved = true;
	synth_subject_address(
	    t, synth_rng_chance(r, 400000), r, &out->former_address);
}

static void make_dead(
    uint32_t planted, struct synth_rng *r, struct synth_subject *out)
{
	uint32_t how = synth_rng_below(r, 4);

	out->died =
	    date_of_days(date_days(SYNTH_TODAY) - 1 - synth_rng_below(r, 700));
	if (!(planted & SYNTH_BIT(DEAD)))
		return;
	out->dead_at_ward = how >= 2;
	out->dead_at_bank = how <= 2;
}

/* Another family name, also to the ear. */
static void make_former(const struct synth_tables *t, struct arena *a,
    struct synth_rng *r, struct synth_subject *out)
{
	do
		synth_name_draw(t, a, SYNTH_PERSON, 0, r, &out->former);
	while (text_eq(out->former.family_kana, out->name.family_kana));
	out->former.given = out->name.given;
	out->former.given_kana = out->name.given_kana;
}

void synth_subject_make(const struct synth_tables *t,
    const struct synth_rates *rates, uint64_t seed, uint32_t i, struct arena *a,
    struct synth_subject *out)
{
	struct synth_rng r = synth_rng_of(seed, SYNTH_STREAM_SUBJECT, i, 0);
	enum synth_kind kind;
	uint32_t planted = synth_rates_plant(rates, seed, i, &kind);

	*out = (struct synth_subject){.index = i, .planted = planted};
	synth_name_draw(t, a, kind, planted, &r, &out->name);
	out->birth = synth_subject_birth(&r, kind);
	out->month_unknown = synth_rng_chance(&r, 300000);
	out->sex = kind == SYNTH_CORPORATION ? 9 : synth_rng_between(&r, 1, 2);
	make_address(t, planted, &r, out);
	make_dead(planted, &r, out);
	out->has_former = synth_rng_chance(&r, 20000) && kind == SYNTH_PERSON;
	out->former_known = synth_rng_chance(&r, 700000);
	if (planted & SYNTH_BIT(FORMER_NAME))
		out->has_former = true;
	if (out->has_former)
		make_former(t, a, &r, out);
	out->has_alias =
	    kind == SYNTH_FOREIGNER && synth_rng_chance(&r, 250000);
	if (out->has_alias)
		synth_name_draw(t, a, SYNTH_PERSON, 0, &r, &out->alias);
	out->cases = planted | synth_name_cases(t, &out->name);
}

void synth_subject_number(uint64_t seed, uint32_t i, char out[11])
{
	uint64_t key = synth_rng_key(seed, SYNTH_STREAM_ATENA, 0, 0);

	(void)snprintf(
	    out, 11, "%010u", synth_rng_permute(key, UINT32_C(1000000000), i));
}

/*
 * 法人番号 (法人番号の指定等に関する省令2条): a check digit before 12 digits.
 * Numbers of registered companies begin with the code of a registry office;
 * these begin with 9999, which we know of no office to have.
 */
static void corporate_number(uint64_t seed, uint32_t i, char out[14])
{
	uint64_t key = synth_rng_key(seed, SYNTH_STREAM_CORPORATE, 0, 0);
	unsigned sum = 0;

	(void)snprintf(out, 14, "09999%08u",
	    synth_rng_permute(key, UINT32_C(100000000), i));
	for (int at = 12; at >= 1; at--)
		sum += (unsigned)(out[at] - '0') * (at % 2 == 0 ? 1 : 2);
	out[0] = (char)('0' + 9 - sum % 9);
}

/* The wanted claim if there are some left, else another. */
static char take(uint32_t left[3], char wanted)
{
	static const char order[] = {'1', '2', '3'};

	for (size_t i = 0; i < 3 && left[wanted - '1'] == 0; i++)
		wanted = order[i];
	left[wanted - '1']--;
	return wanted;
}

void synth_subject_claims(uint64_t seed, uint32_t first,
    const bool corporation[], uint32_t n, char out[SYNTH_BLOCK])
{
	uint64_t key =
	    synth_rng_key(seed, SYNTH_STREAM_KAMOKU, first / SYNTH_BLOCK, 0);
	uint32_t left[3] = {0};

	for (uint32_t i = 0; i < n; i++) {
		uint32_t x = synth_rng_permute(key, SYNTH_BLOCK, i);

		out[i] = x < 30 ? '1' : x < 33 ? '2' : '3';
		left[out[i] - '1']++;
	}
	/* Corporations choose first: half of theirs are of cars. */
	for (uint32_t i = 0; i < n; i++)
		if (corporation[i])
			out[i] = take(left, i % 2 == 0 ? '2' : '1');
	for (uint32_t i = 0; i < n; i++)
		if (!corporation[i])
			out[i] = take(left, out[i]);
}

static uint32_t arrears(struct synth_rng *r)
{
	uint32_t x = synth_rng_below(r, 1000);

	if (x < 450)
		return 1000 + synth_rng_below(r, 290) * 100;
	if (x < 800)
		return 30000 + synth_rng_below(r, 1200) * 100;
	if (x < 950)
		return 150000 + synth_rng_below(r, 3500) * 100;
	if (x < 995)
		return 500000 + synth_rng_below(r, 25000) * 100;
	return 3000000 + synth_rng_below(r, 170000) * 100;
}

static void put_z(struct buf *out, const char *z)
{
	csv_put(out, text_z(z), false);
}

static void put_date(struct buf *out, struct date d)
{
	char z[11];

	date_format(d, z);
	put_z(out, z);
}

static void put_scratch(struct buf *out, struct buf *scratch)
{
	csv_put(out, buf_text(scratch), false);
	buf_clear(scratch);
}

static void put_birth(struct buf *out, const struct synth_subject *s)
{
	struct date d = s->birth;

	if (s->planted & SYNTH_BIT(UNKNOWN_DAY)) {
		d.day = 0;
		d.month = s->month_unknown ? 0 : d.month;
	}
	put_date(out, d);
}

static void put_names(
    struct buf *out, const struct synth_subject *s, struct buf *scratch)
{
	const struct synth_style *ward = synth_spell_style(0);

	(void)synth_name_kana(ward, &s->name, scratch);
	put_scratch(out, scratch);
	(void)synth_name_kanji(ward, &s->name, scratch);
	put_scratch(out, scratch);
	synth_name_latin(ward, &s->name, scratch);
	put_scratch(out, scratch);
}

static void put_address(
    struct buf *out, const struct synth_address *a, struct buf *scratch)
{
	(void)synth_spell_address(synth_spell_style(0), a, scratch);
	put_scratch(out, scratch);
}

static void put_alias(
    struct buf *out, const struct synth_subject *s, struct buf *scratch)
{
	const struct synth_style *ward = synth_spell_style(0);

	if (s->has_alias)
		(void)synth_name_kanji(ward, &s->alias, scratch);
	put_scratch(out, scratch);
	if (s->has_alias)
		(void)synth_name_kana(ward, &s->alias, scratch);
	put_scratch(out, scratch);
}

/* The columns that the rows of one subject share. */
static void put_identity(
    struct buf *out, uint64_t seed, const struct synth_subject *s)
{
	static const char *const person[] = {"1", "1", "2"};
	struct buf scratch = {0};
	bool former = s->has_former && s->former_known;
	bool ward = text_is(s->address.municipality, "新宿区");
	char number[14];

	synth_subject_number(seed, s->index, number);
	csv_put(out, text_z(number), true);
	put_z(out, person[s->name.kind]);
	put_names(out, s, &scratch);
	put_birth(out, s);
	put_z(out, s->sex == 9 ? "9" : s->sex == 1 ? "1" : "2");
	csv_put(out, s->address.postal, false);
	put_z(out, ward ? "131041" : "");
	put_address(out, &s->address, &scratch);
	put_alias(out, s, &scratch);
	csv_put(out, former ? s->former.family : TEXT(""), false);
	csv_put(out, former ? s->former.family_kana : TEXT(""), false);
	if (s->has_moved && s->moved_known)
		put_address(out, &s->former_address, &scratch);
	else
		put_z(out, "");
	put_z(
	    out, s->name.kind == SYNTH_PERSON && s->index % 7 != 0 ? "1" : "0");
	if (s->name.kind == SYNTH_CORPORATION)
		corporate_number(seed, s->index, number);
	put_z(out, s->name.kind == SYNTH_CORPORATION ? number : "");
	buf_fini(&scratch);
}

static const char *measure(struct synth_rng *r)
{
	static const char *const measures[] = {
	    "分納", "猶予", "停止", "分納|猶予", "破産"};

	if (!synth_rng_chance(r, 15000))
		return "";
	return measures[synth_rng_below(r, 5)];
}

static void put_known(struct buf *out, const struct synth_known *k)
{
	char kind[2] = {k != NULL ? k->kind : '\0', '\0'};

	put_z(out, k != NULL ? k->bank : "");
	put_z(out, k != NULL ? k->branch : "");
	put_z(out, kind);
	put_z(out, k != NULL ? k->account : "");
	put_z(out, k != NULL ? k->customer : "");
}

static void put_row(struct buf *out, struct bytes identity,
    const struct synth_subject *s, char claim, struct synth_rng *r,
    const struct synth_known *known)
{
	char code[2] = {claim, '\0'};
	char amount[16];
	const char *state = measure(r);

	(void)snprintf(amount, sizeof(amount), "%u", arrears(r));
	buf_add(out, identity.p, identity.n);
	put_z(out, code);
	put_z(out, amount);
	put_date(out, date_of_days(date_days(SYNTH_TODAY) - 20 -
				   synth_rng_below(r, 1400)));
	if (s->dead_at_ward)
		put_date(out, s->died);
	else
		put_z(out, "");
	put_z(out, state);
	put_z(out, s->planted & SYNTH_BIT(SHIELDED) ? "1" : "");
	put_known(out, known);
	put_z(out, synth_rng_chance(r, 300000) ? "架空のデータ" : "");
	csv_end(out);
}

void synth_subject_header(struct buf *out)
{
	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++)
		csv_put(out, text_z(columns[i]), i == 0);
	csv_end(out);
}

static char second_claim(const struct synth_subject *s, char first)
{
	if (s->name.kind == SYNTH_CORPORATION)
		return first == '1' ? '2' : '1';
	return first == '1' ? '3' : '1';
}

void synth_subject_rows(uint64_t seed, const struct synth_subject *s,
    char claim, const struct synth_known *known, struct buf *out)
{
	struct synth_rng r =
	    synth_rng_of(seed, SYNTH_STREAM_CLAIM, s->index, 0);
	struct buf identity = {0};

	put_identity(&identity, seed, s);
	put_row(out, buf_bytes(&identity), s, claim, &r, known);
	if (s->planted & SYNTH_BIT(TWO_CLAIMS))
		put_row(out, buf_bytes(&identity), s, second_claim(s, claim),
		    &r, NULL);
	buf_fini(&identity);
}
