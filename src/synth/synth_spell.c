/* synth_spell.c — see synth_spell.h. */
#include "synth/synth_spell.h"

#define KANA_FIRST 0x30a1u /* ァ */
#define KANA_LAST 0x30f6u  /* ヶ */
#define VU 0x30f4u
#define LONG_MARK 0x30fcu

static const struct synth_style ward_style = {
    .separator = " ",
    .dot = "・",
    .cp932 = true,
    .blocks = SYNTH_BLOCKS_WARD,
    .prefecture = true,
    .building = true,
    .sex = true,
};

static const struct synth_style bank_style[6] = {
    {.half = true,
	.large = true,
	.lengthen = SYNTH_HYPHEN,
	.separator = " ",
	.dot = ".",
	.abbreviate = true,
	.missing = SYNTH_REDUCE,
	.ke = "ケ",
	.blocks = SYNTH_BLOCKS_HYPHEN,
	.prefecture = true,
	.building = true,
	.sex = true},
    {.ba = true,
	.lengthen = SYNTH_MARK,
	.separator = "　",
	.dot = "　",
	.given_first = true,
	.cp932 = true,
	.missing = SYNTH_REDUCE,
	.ke = "ヶ",
	.blocks = SYNTH_BLOCKS_KANJI,
	.prefecture = true,
	.building = true,
	.sex = true},
    {.half = true,
	.large = true,
	.ba = true,
	.lengthen = SYNTH_HYPHEN,
	.separator = "",
	.dot = "",
	.abbreviate = true,
	.given_first = true,
	.missing = SYNTH_GETA,
	.ke = "ケ",
	.blocks = SYNTH_BLOCKS_WIDE,
	.building = true,
	.sex = true},
    {.large = true,
	.ba = true,
	.lengthen = SYNTH_DROP,
	.separator = "　",
	.dot = "　",
	.modern = true,
	.missing = SYNTH_REDUCE,
	.ke = "が",
	.blocks = SYNTH_BLOCKS_NARROW,
	.prefecture = true},
    {.half = true,
	.lengthen = SYNTH_MARK,
	.separator = " ",
	.dot = " ",
	.abbreviate = true,
	.given_first = true,
	.missing = SYNTH_GETA,
	.ke = "ヶ",
	.blocks = SYNTH_BLOCKS_HYPHEN,
	.building = true,
	.sex = true},
    {.large = true,
	.ba = true,
	.lengthen = SYNTH_HYPHEN,
	.separator = "",
	.dot = "．",
	.modern = true,
	.missing = SYNTH_BLANK,
	.ke = "ケ",
	.blocks = SYNTH_BLOCKS_MIXED,
	.prefecture = true,
	.building = true},
};

const struct synth_style *synth_spell_style(unsigned k)
{
	return k == 0 ? &ward_style : &bank_style[(k - 1) % 6];
}

/* The next code point of t, which is valid UTF-8; t is shortened. */
static uint32_t next(struct text *t)
{
	const unsigned char *p = (const unsigned char *)t->p;
	uint32_t c = p[0];
	size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;

	if (n > 1)
		c &= 0x7fu >> n;
	for (size_t i = 1; i < n; i++)
		c = (c << 6) | (p[i] & 0x3fu);
	t->p += n;
	t->n -= n;
	return c;
}

static void put(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_byte(out, (unsigned char)c);
		return;
	}
	if (c >= 0x10000) {
		buf_byte(out, (unsigned char)(0xf0 | (c >> 18)));
		buf_byte(out, (unsigned char)(0x80 | ((c >> 12) & 0x3f)));
	} else if (c >= 0x800) {
		buf_byte(out, (unsigned char)(0xe0 | (c >> 12)));
	} else {
		buf_byte(out, (unsigned char)(0xc0 | (c >> 6)));
	}
	if (c >= 0x800)
		buf_byte(out, (unsigned char)(0x80 | ((c >> 6) & 0x3f)));
	buf_byte(out, (unsigned char)(0x80 | (c & 0x3f)));
}

static bool is_kana(uint32_t c)
{
	return c >= KANA_FIRST && c <= KANA_LAST;
}

static bool is_kanji(uint32_t c)
{
	return (c >= 0x3400 && c <= 0x9fff) || c == 0x3005 ||
	       (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff);
}

/* The large kana of a small one; c itself if it is none. */
static uint32_t large_of(uint32_t c)
{
	switch (c) {
	case 0x30f5: /* ヵ */
		return 0x30ab;
	case 0x30f6: /* ヶ */
		return 0x30b1;
	case 0x30a1: /* ァィゥェォ */
	case 0x30a3:
	case 0x30a5:
	case 0x30a7:
	case 0x30a9:
	case 0x30c3: /* ッ */
	case 0x30e3: /* ャュョ */
	case 0x30e5:
	case 0x30e7:
	case 0x30ee: /* ヮ */
		return c + 1;
	default:
		return c;
	}
}

/* ヰヱヲ, which names of account holders do not have (DOMAIN §5.3). */
static uint32_t plain_of(uint32_t c)
{
	switch (c) {
	case 0x30f0:
		return 0x30a4;
	case 0x30f1:
		return 0x30a8;
	case 0x30f2:
		return 0x30aa;
	default:
		return c;
	}
}

static void put_half(struct buf *out, uint32_t c)
{
	/* JIS X 0201 from ァ on, voicing marks as characters of their own. */
	static const char *const table[] = {"ｧ", "ｱ", "ｨ", "ｲ", "ｩ", "ｳ", "ｪ",
	    "ｴ", "ｫ", "ｵ", "ｶ", "ｶﾞ", "ｷ", "ｷﾞ", "ｸ", "ｸﾞ", "ｹ", "ｹﾞ", "ｺ",
	    "ｺﾞ", "ｻ", "ｻﾞ", "ｼ", "ｼﾞ", "ｽ", "ｽﾞ", "ｾ", "ｾﾞ", "ｿ", "ｿﾞ", "ﾀ",
	    "ﾀﾞ", "ﾁ", "ﾁﾞ", "ｯ", "ﾂ", "ﾂﾞ", "ﾃ", "ﾃﾞ", "ﾄ", "ﾄﾞ", "ﾅ", "ﾆ",
	    "ﾇ", "ﾈ", "ﾉ", "ﾊ", "ﾊﾞ", "ﾊﾟ", "ﾋ", "ﾋﾞ", "ﾋﾟ", "ﾌ", "ﾌﾞ", "ﾌﾟ",
	    "ﾍ", "ﾍﾞ", "ﾍﾟ", "ﾎ", "ﾎﾞ", "ﾎﾟ", "ﾏ", "ﾐ", "ﾑ", "ﾒ", "ﾓ", "ｬ", "ﾔ",
	    "ｭ", "ﾕ", "ｮ", "ﾖ", "ﾗ", "ﾘ", "ﾙ", "ﾚ", "ﾛ", "ﾜ", "ﾜ", "ｲ", "ｴ",
	    "ｦ", "ﾝ", "ｳﾞ", "ｶ", "ｹ"};

	_Static_assert(
	    sizeof(table) / sizeof(*table) == KANA_LAST - KANA_FIRST + 1,
	    "one for each kana");
	if (is_kana(c))
		buf_z(out, table[c - KANA_FIRST]);
	else if (c == LONG_MARK)
		buf_z(out, "ｰ");
	else
		put(out, c);
}

/* ヴ and the small vowel behind it, if any: バビブベボ. */
static uint32_t ba_of(struct text *rest)
{
	struct text t = *rest;
	uint32_t vowel = t.n == 0 ? 0 : next(&t);

	switch (vowel) {
	case 0x30a1:
		*rest = t;
		return 0x30d0;
	case 0x30a3:
		*rest = t;
		return 0x30d3;
	case 0x30a7:
		*rest = t;
		return 0x30d9;
	case 0x30a9:
		*rest = t;
		return 0x30dc;
	default:
		return 0x30d6;
	}
}

static void put_long(const struct synth_style *s, struct buf *out)
{
	switch (s->lengthen) {
	case SYNTH_MARK:
		buf_z(out, s->half ? "ｰ" : "ー");
		break;
	case SYNTH_HYPHEN:
		buf_z(out, s->half ? "-" : "－");
		break;
	case SYNTH_DROP:
		break;
	}
}

unsigned synth_spell_kana(
    const struct synth_style *s, struct text in, struct buf *out)
{
	unsigned changed = 0;

	while (in.n > 0) {
		uint32_t c = next(&in);
		uint32_t as = c;

		if (c == LONG_MARK) {
			put_long(s, out);
			if (s->lengthen != SYNTH_MARK)
				changed |= SYNTH_SPELL_LONG;
			continue;
		}
		if (c == 0x30fb) { /* ・ */
			buf_z(out, s->dot);
			continue;
		}
		if (c == VU && (s->ba || s->half))
			changed |= SYNTH_SPELL_VU;
		if (c == VU && s->ba)
			as = ba_of(&in);
		else if (s->large)
			as = plain_of(large_of(c));
		if (as != c && c != VU && plain_of(c) == c)
			changed |= SYNTH_SPELL_SMALL;
		if (s->half)
			put_half(out, as);
		else
			put(out, as);
	}
	return changed;
}

/* Pairs of the SKK dictionaries above; 𠮷: Unihan, kSemanticVariant. */
struct pair {
	uint32_t plain;
	uint32_t variant;
	enum synth_variant kind;
};

static const struct pair pairs[] = {
    {0x6589, 0x9f4a, SYNTH_IN_0208},  /* 斉 齊 */
    {0x658e, 0x9f4b, SYNTH_IN_0208},  /* 斎 齋 */
    {0x8fba, 0x908a, SYNTH_IN_0208},  /* 辺 邊 */
    {0x6ca2, 0x6fa4, SYNTH_IN_0208},  /* 沢 澤 */
    {0x5e83, 0x5ee3, SYNTH_IN_0208},  /* 広 廣 */
    {0x6d5c, 0x6ff1, SYNTH_IN_0208},  /* 浜 濱 */
    {0x685c, 0x6afb, SYNTH_IN_0208},  /* 桜 櫻 */
    {0x56fd, 0x570b, SYNTH_IN_0208},  /* 国 國 */
    {0x7adc, 0x9f8d, SYNTH_IN_0208},  /* 竜 龍 */
    {0x5bcc, 0x51a8, SYNTH_IN_0208},  /* 富 冨 */
    {0x5cf6, 0x5d8b, SYNTH_IN_0208},  /* 島 嶋 */
    {0x771f, 0x771e, SYNTH_IN_0208},  /* 真 眞 */
    {0x6075, 0x60e0, SYNTH_IN_0208},  /* 恵 惠 */
    {0x9ad8, 0x9ad9, SYNTH_IN_CP932}, /* 高 髙 */
    {0x5d0e, 0xfa11, SYNTH_IN_CP932}, /* 崎 﨑 */
    {0x5fb3, 0x5fb7, SYNTH_IN_CP932}, /* 徳 德 */
    {0x702c, 0x7028, SYNTH_IN_CP932}, /* 瀬 瀨 */
    {0x5897, 0x589e, SYNTH_IN_CP932}, /* 増 增 */
    {0x9ed2, 0x9ed1, SYNTH_IN_CP932}, /* 黒 黑 */
    {0x6e05, 0x6df8, SYNTH_IN_CP932}, /* 清 淸 */
    {0x67f3, 0x6801, SYNTH_IN_CP932}, /* 柳 栁 */
    {0x6851, 0x6852, SYNTH_IN_CP932}, /* 桑 桒 */
    {0x5409, 0x20bb7, SYNTH_OUTSIDE}, /* 吉 𠮷 */
    {0x6a4b, 0x2363a, SYNTH_OUTSIDE}, /* 橋 𣘺 */
    {0x5d0e, 0x2550e, SYNTH_OUTSIDE}, /* 崎 𥔎 */
    {0x571f, 0x2123d, SYNTH_OUTSIDE}, /* 土 𡈽 */
    {0x4e08, 0x2000b, SYNTH_OUTSIDE}, /* 丈 𠀋 */
    {0x559c, 0x3402, SYNTH_OUTSIDE},  /* 喜 㐂 */
    {0x677e, 0x67d7, SYNTH_OUTSIDE},  /* 松 柗 */
};
#define PAIRS (sizeof(pairs) / sizeof(*pairs))

static const struct pair *pair_of(uint32_t variant)
{
	for (size_t i = 0; i < PAIRS; i++)
		if (pairs[i].variant == variant)
			return &pairs[i];
	return NULL;
}

/* One kanji that is a variant of another. */
static unsigned put_variant(
    const struct synth_style *s, const struct pair *p, struct buf *out)
{
	switch (p->kind) {
	case SYNTH_IN_0208:
		put(out, s->modern ? p->plain : p->variant);
		return s->modern ? SYNTH_SPELL_VARIANT : 0;
	case SYNTH_IN_CP932:
		put(out, s->cp932 ? p->variant : p->plain);
		return 0;
	case SYNTH_OUTSIDE:
		if (s->missing == SYNTH_GETA)
			buf_z(out, "〓");
		else
			put(out, p->plain);
		return s->missing == SYNTH_BLANK ? SYNTH_SPELL_MISSING : 0;
	}
	return 0;
}

/* ケ or ヶ between two kanji. */
static bool is_ke(uint32_t before, uint32_t c, struct text rest)
{
	return (c == 0x30b1 || c == 0x30f6) && is_kanji(before) && rest.n > 0 &&
	       is_kanji(next(&rest));
}

unsigned synth_spell_kanji(
    const struct synth_style *s, struct text in, struct buf *out)
{
	unsigned changed = 0;
	uint32_t before = 0;

	while (in.n > 0) {
		const char *start = in.p;
		uint32_t c = next(&in);
		const struct pair *p = pair_of(c);

		if (s->ke != NULL && is_ke(before, c, in)) {
			size_t n = (size_t)(in.p - start);

			buf_z(out, s->ke);
			if (strncmp(s->ke, start, n) != 0)
				changed |= SYNTH_SPELL_KE;
		} else if (p != NULL && s->ke != NULL) {
			changed |= put_variant(s, p, out);
		} else {
			buf_add(out, start, (size_t)(in.p - start));
		}
		before = c;
	}
	return changed;
}

static const char *const kanji_digit[] = {
    "〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};

static void put_number(struct buf *out, int n, bool wide)
{
	char digits[12];
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	for (; at < sizeof(digits); at++)
		if (wide)
			put(out, 0xff10u + (uint32_t)(digits[at] - '0'));
		else
			buf_byte(out, (unsigned char)digits[at]);
}

static void put_words(struct buf *out, const struct synth_address *a, bool wide)
{
	put_number(out, a->ban, wide);
	buf_z(out, "番");
	put_number(out, a->go, wide);
	buf_z(out, "号");
}

static void put_chome(struct buf *out, const struct synth_address *a, bool wide)
{
	if (a->chome == 0)
		return;
	put_number(out, a->chome, wide);
	buf_z(out, "丁目");
}

static void put_hyphens(
    struct buf *out, const struct synth_address *a, bool chome, bool wide)
{
	const char *hyphen = wide ? "－" : "-";

	if (chome && a->chome != 0) {
		put_number(out, a->chome, wide);
		buf_z(out, hyphen);
	}
	put_number(out, a->ban, wide);
	buf_z(out, hyphen);
	put_number(out, a->go, wide);
}

static void put_blocks(
    struct buf *out, const struct synth_address *a, enum synth_blocks blocks)
{
	switch (blocks) {
	case SYNTH_BLOCKS_WARD:
		put_chome(out, a, true);
		put_words(out, a, true);
		break;
	case SYNTH_BLOCKS_HYPHEN:
		put_hyphens(out, a, true, false);
		break;
	case SYNTH_BLOCKS_KANJI:
		if (a->chome != 0) {
			buf_z(out, kanji_digit[a->chome]);
			buf_z(out, "丁目");
		}
		put_words(out, a, false);
		break;
	case SYNTH_BLOCKS_WIDE:
		put_hyphens(out, a, true, true);
		break;
	case SYNTH_BLOCKS_NARROW:
		put_chome(out, a, false);
		put_words(out, a, false);
		break;
	case SYNTH_BLOCKS_MIXED:
		put_chome(out, a, true);
		put_hyphens(out, a, false, true);
		break;
	}
}

static void put_building(
    const struct synth_style *s, const struct synth_address *a, struct buf *out)
{
	static const char *const names[] = {"コーポ若葉", "メゾン青空",
	    "第二みどり荘", "ハイツ桜", "サンライズ富士", "ヴィラ中央"};
	size_t n = sizeof(names) / sizeof(*names);
	bool wide = s->blocks == SYNTH_BLOCKS_WARD ||
		    s->blocks == SYNTH_BLOCKS_WIDE ||
		    s->blocks == SYNTH_BLOCKS_MIXED;

	if (a->building == 0 || !s->building)
		return;
	buf_z(out, wide ? "　" : " ");
	buf_z(out, names[(size_t)(a->building - 1) % n]);
	put_number(out, a->room, wide);
	if (wide)
		buf_z(out, "号");
}

unsigned synth_spell_address(const struct synth_style *s,
    const struct synth_address *address, struct buf *out)
{
	unsigned changed;

	if (s->prefecture)
		buf_text_add(out, address->prefecture);
	buf_text_add(out, address->municipality);
	changed = synth_spell_kanji(s, address->town, out);
	put_blocks(out, address, s->blocks);
	put_building(s, address, out);
	return changed & SYNTH_SPELL_KE;
}

static uint32_t variant_of(uint32_t c, enum synth_variant kind)
{
	for (size_t i = 0; i < PAIRS; i++) {
		if (pairs[i].kind != kind)
			continue;
		if (pairs[i].plain == c)
			return pairs[i].variant;
		if (kind == SYNTH_IN_0208 && pairs[i].variant == c)
			return pairs[i].plain;
	}
	return c;
}

struct text synth_spell_variant(
    struct arena *a, struct text in, enum synth_variant kind)
{
	struct text rest = in;
	struct buf out = {0};
	struct text made;

	while (rest.n > 0) {
		size_t at = in.n - rest.n;
		uint32_t c = next(&rest);
		uint32_t as = variant_of(c, kind);

		if (as == c)
			continue;
		buf_add(&out, in.p, at);
		put(&out, as);
		buf_text_add(&out, rest);
		made = text_dup(a, buf_text(&out));
		buf_fini(&out);
		return made;
	}
	return in;
}

/* The vowel of each kana from ァ to ヴ; '-' for ッ and ン. */
static char vowel_of(uint32_t c)
{
	static const char vowels[] = "aaiiuueeoo"
				     "aaiiuueeoo"
				     "aaiiuueeoo"
				     "aaii-uueeoo"
				     "aiueo"
				     "aaaiiiuuueeeooo"
				     "aiueo"
				     "aauuoo"
				     "aiueo"
				     "aaieo-u";

	_Static_assert(
	    sizeof(vowels) - 1 == VU - KANA_FIRST + 1, "one for each kana");
	return c >= KANA_FIRST && c <= VU ? vowels[c - KANA_FIRST] : '-';
}

struct text synth_spell_lengthen(struct arena *a, struct text in)
{
	struct text rest = in;
	char vowel = '-';
	char *p;

	for (int i = 0; i < 3 && rest.n > 0; i++) {
		size_t at = in.n - rest.n;
		uint32_t c = next(&rest);

		if (c == 0x30a6 && (vowel == 'o' || vowel == 'u')) {
			/* ウ and ー are both three bytes. */
			p = arena_copy(a, in.p, in.n);
			memcpy(p + at, "ー", 3);
			return text_trust(p, in.n);
		}
		vowel = vowel_of(c);
	}
	return in;
}

bool synth_spell_has(struct text t, const char *set)
{
	while (t.n > 0) {
		const char *start = t.p;
		size_t n;

		(void)next(&t);
		n = (size_t)(t.p - start);
		for (const char *z = set; *z != '\0'; z++)
			if (strncmp(z, start, n) == 0)
				return true;
	}
	return false;
}

bool synth_spell_has_small(struct text kana)
{
	while (kana.n > 0) {
		uint32_t c = next(&kana);

		if (large_of(c) != c)
			return true;
	}
	return false;
}

bool synth_spell_has_ke(struct text kanji)
{
	uint32_t before = 0;

	while (kanji.n > 0) {
		uint32_t c = next(&kanji);

		if (is_ke(before, c, kanji))
			return true;
		before = c;
	}
	return false;
}
