/* Tests of synth/synth_spell.h and synth_name.h: one name, six spellings. */
#include "synth/synth_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define T(z) text_z(z)

static void is(struct buf *b, const char *expected)
{
	buf_byte(b, '\0');
	assert_string_equal((const char *)b->p, expected);
	buf_clear(b);
}

static void kana(unsigned k, const char *in, const char *expected)
{
	struct buf b = {0};

	(void)synth_spell_kana(synth_spell_style(k), T(in), &b);
	is(&b, expected);
	buf_fini(&b);
}

static void kanji(unsigned k, const char *in, const char *expected)
{
	struct buf b = {0};

	(void)synth_spell_kanji(synth_spell_style(k), T(in), &b);
	is(&b, expected);
	buf_fini(&b);
}

static void writes_kana_by_the_banks_rule(void **state)
{
	(void)state;
	kana(0, "ジョー", "ジョー");
	kana(1, "ジョーヲガッパ", "ｼﾞﾖ-ｵｶﾞﾂﾊﾟ");
	kana(2, "ジョー", "ジョー");
	kana(3, "ジョー", "ｼﾞﾖ-");
	kana(4, "ジョー", "ジヨ");
	kana(5, "ジョー", "ｼﾞｮｰ");
	kana(6, "ジョー", "ジヨ－");
	kana(7, "ジョー", "ｼﾞﾖ-"); /* as institution 1 */
}

static void writes_vu_by_the_banks_rule(void **state)
{
	(void)state;
	kana(1, "ヴァン", "ｳﾞｱﾝ");
	kana(2, "ヴァンヴ", "バンブ");
	kana(5, "ヴィ", "ｳﾞｨ");
	kana(6, "ヴェヴォ", "ベボ");
}

static void writes_every_half_width_kana(void **state)
{
	(void)state;
	kana(5,
	    "ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾ"
	    "タダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポ"
	    "マミムメモャヤュユョヨラリルレロワヲンヴ",
	    "ｧｱｨｲｩｳｪｴｫｵｶｶﾞｷｷﾞｸｸﾞｹｹﾞｺｺﾞｻｻﾞｼｼﾞｽｽﾞｾｾﾞｿｿﾞ"
	    "ﾀﾀﾞﾁﾁﾞｯﾂﾂﾞﾃﾃﾞﾄﾄﾞﾅﾆﾇﾈﾉﾊﾊﾞﾊﾟﾋﾋﾞﾋﾟﾌﾌﾞﾌﾟﾍﾍﾞﾍﾟﾎﾎﾞﾎﾟ"
	    "ﾏﾐﾑﾒﾓｬﾔｭﾕｮﾖﾗﾘﾙﾚﾛﾜｦﾝｳﾞ");
}

static void writes_kanji_within_the_banks_set(void **state)
{
	(void)state;
	kanji(0, "𠮷髙齋", "𠮷髙齋");
	kanji(1, "𠮷髙齋", "吉高齋");
	kanji(2, "𠮷髙齋", "吉髙齋");
	kanji(3, "𠮷髙齋", "〓高齋");
	kanji(4, "𠮷髙齋", "吉高斎");
	kanji(4, "市ケ谷", "市が谷");
	kanji(2, "市ケ谷ケイ", "市ヶ谷ケイ");
}

static void writes_addresses_each_otherwise(void **state)
{
	const struct synth_address a = {.prefecture = T("東京都"),
	    .municipality = T("新宿区"),
	    .town = T("西新宿"),
	    .chome = 2,
	    .ban = 8,
	    .go = 1,
	    .building = 1,
	    .room = 103};
	static const char *const expected[] = {
	    "東京都新宿区西新宿２丁目８番１号　コーポ若葉１０３号",
	    "東京都新宿区西新宿2-8-1 コーポ若葉103",
	    "東京都新宿区西新宿二丁目8番1号 コーポ若葉103",
	    "新宿区西新宿２－８－１　コーポ若葉１０３号",
	    "東京都新宿区西新宿2丁目8番1号", "新宿区西新宿2-8-1 コーポ若葉103",
	    "東京都新宿区西新宿２丁目８－１　コーポ若葉１０３号"};
	struct buf b = {0};

	(void)state;
	for (unsigned k = 0; k <= 6; k++) {
		(void)synth_spell_address(synth_spell_style(k), &a, &b);
		is(&b, expected[k]);
	}
	buf_fini(&b);
}

static void knows_long_vowels_of_given_names(void **state)
{
	struct arena a = {0};
	struct text t = T("サチコ");

	(void)state;
	assert_true(text_is(synth_spell_lengthen(&a, T("コウジ")), "コージ"));
	assert_true(
	    text_is(synth_spell_lengthen(&a, T("ショウタ")), "ショータ"));
	assert_ptr_equal(synth_spell_lengthen(&a, t).p, t.p);
	arena_fini(&a);
}

static void abbreviates_corporations(void **state)
{
	struct synth_tables tables;
	struct arena a = {0};
	struct synth_rng r = {4};
	struct synth_name n;
	struct buf b = {0};
	struct err e;

	(void)state;
	assert_int_equal(synth_tables_load(&a, &tables, &e), ERR_NONE);
	do
		synth_name_draw(&tables, &a, SYNTH_CORPORATION,
		    SYNTH_BIT(CORPORATION_BACK), &r, &n);
	while (n.front);
	n.family_kana = T("ヤマダ");
	n.given_kana = T("ショウジ");
	(void)synth_name_kana(synth_spell_style(1), &n, &b);
	assert_memory_equal(b.p, "ﾔﾏﾀﾞｼﾖｳｼﾞ(", strlen("ﾔﾏﾀﾞｼﾖｳｼﾞ("));
	buf_clear(&b);
	n.front = true;
	(void)synth_name_kana(synth_spell_style(1), &n, &b);
	assert_memory_equal(b.p + b.n - strlen(")ﾔﾏﾀﾞｼﾖｳｼﾞ"), ")ﾔﾏﾀﾞｼﾖｳｼﾞ",
	    strlen(")ﾔﾏﾀﾞｼﾖｳｼﾞ"));
	buf_fini(&b);
	arena_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(writes_kana_by_the_banks_rule),
	    cmocka_unit_test(writes_vu_by_the_banks_rule),
	    cmocka_unit_test(writes_every_half_width_kana),
	    cmocka_unit_test(writes_kanji_within_the_banks_set),
	    cmocka_unit_test(writes_addresses_each_otherwise),
	    cmocka_unit_test(knows_long_vowels_of_given_names),
	    cmocka_unit_test(abbreviates_corporations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
