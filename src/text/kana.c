/* kana.c — see kana.h. */
#include "text/kana.h"

#include "text/utf8.h"

#define HIRAGANA_SHIFT 0x60u
#define FULL_FIRST 0x30A1u /* ァ */
#define FULL_LAST 0x30FAu  /* ヺ */
#define HALF_FIRST 0xFF61u
#define HALF_LAST 0xFF9Fu

struct kana {
	uint16_t half; /* of the base; 0: none */
	uint16_t base;
	uint16_t large;
	unsigned char mark;
	char vowel;
};

/* ァ U+30A1 … ヺ U+30FA */
static const struct kana letters[] = {
    {0xFF67, 0x30A1, 0x30A2, KANA_NO_MARK, 'a'}, /* ァ */
    {0xFF71, 0x30A2, 0x30A2, KANA_NO_MARK, 'a'}, /* ア */
    {0xFF68, 0x30A3, 0x30A4, KANA_NO_MARK, 'i'}, /* ィ */
    {0xFF72, 0x30A4, 0x30A4, KANA_NO_MARK, 'i'}, /* イ */
    {0xFF69, 0x30A5, 0x30A6, KANA_NO_MARK, 'u'}, /* ゥ */
    {0xFF73, 0x30A6, 0x30A6, KANA_NO_MARK, 'u'}, /* ウ */
    {0xFF6A, 0x30A7, 0x30A8, KANA_NO_MARK, 'e'}, /* ェ */
    {0xFF74, 0x30A8, 0x30A8, KANA_NO_MARK, 'e'}, /* エ */
    {0xFF6B, 0x30A9, 0x30AA, KANA_NO_MARK, 'o'}, /* ォ */
    {0xFF75, 0x30AA, 0x30AA, KANA_NO_MARK, 'o'}, /* オ */
    {0xFF76, 0x30AB, 0x30AB, KANA_NO_MARK, 'a'}, /* カ */
    {0xFF76, 0x30AB, 0x30AC, KANA_VOICED, 'a'},	 /* ガ */
    {0xFF77, 0x30AD, 0x30AD, KANA_NO_MARK, 'i'}, /* キ */
    {0xFF77, 0x30AD, 0x30AE, KANA_VOICED, 'i'},	 /* ギ */
    {0xFF78, 0x30AF, 0x30AF, KANA_NO_MARK, 'u'}, /* ク */
    {0xFF78, 0x30AF, 0x30B0, KANA_VOICED, 'u'},	 /* グ */
    {0xFF79, 0x30B1, 0x30B1, KANA_NO_MARK, 'e'}, /* ケ */
    {0xFF79, 0x30B1, 0x30B2, KANA_VOICED, 'e'},	 /* ゲ */
    {0xFF7A, 0x30B3, 0x30B3, KANA_NO_MARK, 'o'}, /* コ */
    {0xFF7A, 0x30B3, 0x30B4, KANA_VOICED, 'o'},	 /* ゴ */
    {0xFF7B, 0x30B5, 0x30B5, KANA_NO_MARK, 'a'}, /* サ */
    {0xFF7B, 0x30B5, 0x30B6, KANA_VOICED, 'a'},	 /* ザ */
    {0xFF7C, 0x30B7, 0x30B7, KANA_NO_MARK, 'i'}, /* シ */
    {0xFF7C, 0x30B7, 0x30B8, KANA_VOICED, 'i'},	 /* ジ */
    {0xFF7D, 0x30B9, 0x30B9, KANA_NO_MARK, 'u'}, /* ス */
    {0xFF7D, 0x30B9, 0x30BA, KANA_VOICED, 'u'},	 /* ズ */
    {0xFF7E, 0x30BB, 0x30BB, KANA_NO_MARK, 'e'}, /* セ */
    {0xFF7E, 0x30BB, 0x30BC, KANA_VOICED, 'e'},	 /* ゼ */
    {0xFF7F, 0x30BD, 0x30BD, KANA_NO_MARK, 'o'}, /* ソ */
    {0xFF7F, 0x30BD, 0x30BE, KANA_VOICED, 'o'},	 /* ゾ */
    {0xFF80, 0x30BF, 0x30BF, KANA_NO_MARK, 'a'}, /* タ */
    {0xFF80, 0x30BF, 0x30C0, KANA_VOICED, 'a'},	 /* ダ */
    {0xFF81, 0x30C1, 0x30C1, KANA_NO_MARK, 'i'}, /* チ */
    {0xFF81, 0x30C1, 0x30C2, KANA_VOICED, 'i'},	 /* ヂ */
    {0xFF6F, 0x30C3, 0x30C4, KANA_NO_MARK, 'u'}, /* ッ */
    {0xFF82, 0x30C4, 0x30C4, KANA_NO_MARK, 'u'}, /* ツ */
    {0xFF82, 0x30C4, 0x30C5, KANA_VOICED, 'u'},	 /* ヅ */
    {0xFF83, 0x30C6, 0x30C6, KANA_NO_MARK, 'e'}, /* テ */
    {0xFF83, 0x30C6, 0x30C7, KANA_VOICED, 'e'},	 /* デ */
    {0xFF84, 0x30C8, 0x30C8, KANA_NO_MARK, 'o'}, /* ト */
    {0xFF84, 0x30C8, 0x30C9, KANA_VOICED, 'o'},	 /* ド */
    {0xFF85, 0x30CA, 0x30CA, KANA_NO_MARK, 'a'}, /* ナ */
    {0xFF86, 0x30CB, 0x30CB, KANA_NO_MARK, 'i'}, /* ニ */
    {0xFF87, 0x30CC, 0x30CC, KANA_NO_MARK, 'u'}, /* ヌ */
    {0xFF88, 0x30CD, 0x30CD, KANA_NO_MARK, 'e'}, /* ネ */
    {0xFF89, 0x30CE, 0x30CE, KANA_NO_MARK, 'o'}, /* ノ */
    {0xFF8A, 0x30CF, 0x30CF, KANA_NO_MARK, 'a'}, /* ハ */
    {0xFF8A, 0x30CF, 0x30D0, KANA_VOICED, 'a'},	 /* バ */
    {0xFF8A, 0x30CF, 0x30D1, KANA_SEMI, 'a'},	 /* パ */
    {0xFF8B, 0x30D2, 0x30D2, KANA_NO_MARK, 'i'}, /* ヒ */
    {0xFF8B, 0x30D2, 0x30D3, KANA_VOICED, 'i'},	 /* ビ */
    {0xFF8B, 0x30D2, 0x30D4, KANA_SEMI, 'i'},	 /* ピ */
    {0xFF8C, 0x30D5, 0x30D5, KANA_NO_MARK, 'u'}, /* フ */
    {0xFF8C, 0x30D5, 0x30D6, KANA_VOICED, 'u'},	 /* ブ */
    {0xFF8C, 0x30D5, 0x30D7, KANA_SEMI, 'u'},	 /* プ */
    {0xFF8D, 0x30D8, 0x30D8, KANA_NO_MARK, 'e'}, /* ヘ */
    {0xFF8D, 0x30D8, 0x30D9, KANA_VOICED, 'e'},	 /* ベ */
    {0xFF8D, 0x30D8, 0x30DA, KANA_SEMI, 'e'},	 /* ペ */
    {0xFF8E, 0x30DB, 0x30DB, KANA_NO_MARK, 'o'}, /* ホ */
    {0xFF8E, 0x30DB, 0x30DC, KANA_VOICED, 'o'},	 /* ボ */
    {0xFF8E, 0x30DB, 0x30DD, KANA_SEMI, 'o'},	 /* ポ */
    {0xFF8F, 0x30DE, 0x30DE, KANA_NO_MARK, 'a'}, /* マ */
    {0xFF90, 0x30DF, 0x30DF, KANA_NO_MARK, 'i'}, /* ミ */
    {0xFF91, 0x30E0, 0x30E0, KANA_NO_MARK, 'u'}, /* ム */
    {0xFF92, 0x30E1, 0x30E1, KANA_NO_MARK, 'e'}, /* メ */
    {0xFF93, 0x30E2, 0x30E2, KANA_NO_MARK, 'o'}, /* モ */
    {0xFF6C, 0x30E3, 0x30E4, KANA_NO_MARK, 'a'}, /* ャ */
    {0xFF94, 0x30E4, 0x30E4, KANA_NO_MARK, 'a'}, /* ヤ */
    {0xFF6D, 0x30E5, 0x30E6, KANA_NO_MARK, 'u'}, /* ュ */
    {0xFF95, 0x30E6, 0x30E6, KANA_NO_MARK, 'u'}, /* ユ */
    {0xFF6E, 0x30E7, 0x30E8, KANA_NO_MARK, 'o'}, /* ョ */
    {0xFF96, 0x30E8, 0x30E8, KANA_NO_MARK, 'o'}, /* ヨ */
    {0xFF97, 0x30E9, 0x30E9, KANA_NO_MARK, 'a'}, /* ラ */
    {0xFF98, 0x30EA, 0x30EA, KANA_NO_MARK, 'i'}, /* リ */
    {0xFF99, 0x30EB, 0x30EB, KANA_NO_MARK, 'u'}, /* ル */
    {0xFF9A, 0x30EC, 0x30EC, KANA_NO_MARK, 'e'}, /* レ */
    {0xFF9B, 0x30ED, 0x30ED, KANA_NO_MARK, 'o'}, /* ロ */
    {0x0000, 0x30EE, 0x30EF, KANA_NO_MARK, 'a'}, /* ヮ */
    {0xFF9C, 0x30EF, 0x30EF, KANA_NO_MARK, 'a'}, /* ワ */
    {0x0000, 0x30F0, 0x30F0, KANA_NO_MARK, 'i'}, /* ヰ */
    {0x0000, 0x30F1, 0x30F1, KANA_NO_MARK, 'e'}, /* ヱ */
    {0xFF66, 0x30F2, 0x30F2, KANA_NO_MARK, 'o'}, /* ヲ */
    {0xFF9D, 0x30F3, 0x30F3, KANA_NO_MARK, 0},	 /* ン */
    {0xFF73, 0x30A6, 0x30F4, KANA_VOICED, 'u'},	 /* ヴ */
    {0x0000, 0x30F5, 0x30AB, KANA_NO_MARK, 'a'}, /* ヵ */
    {0x0000, 0x30F6, 0x30B1, KANA_NO_MARK, 'e'}, /* ヶ */
    {0x0000, 0x30EF, 0x30F7, KANA_VOICED, 'a'},	 /* ヷ */
    {0x0000, 0x30F0, 0x30F8, KANA_VOICED, 'i'},	 /* ヸ */
    {0x0000, 0x30F1, 0x30F9, KANA_VOICED, 'e'},	 /* ヹ */
    {0x0000, 0x30F2, 0x30FA, KANA_VOICED, 'o'},	 /* ヺ */
};
static const uint16_t full[] = {0x3002, 0x300C, 0x300D, 0x3001, 0x30FB, 0x30F2,
    0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9, 0x30E3, 0x30E5, 0x30E7, 0x30C3,
    0x30FC, 0x30A2, 0x30A4, 0x30A6, 0x30A8, 0x30AA, 0x30AB, 0x30AD, 0x30AF,
    0x30B1, 0x30B3, 0x30B5, 0x30B7, 0x30B9, 0x30BB, 0x30BD, 0x30BF, 0x30C1,
    0x30C4, 0x30C6, 0x30C8, 0x30CA, 0x30CB, 0x30CC, 0x30CD, 0x30CE, 0x30CF,
    0x30D2, 0x30D5, 0x30D8, 0x30DB, 0x30DE, 0x30DF, 0x30E0, 0x30E1, 0x30E2,
    0x30E4, 0x30E6, 0x30E8, 0x30E9, 0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF,
    0x30F3, 0x309B, 0x309C};

static const struct kana *letter(uint32_t c)
{
	if (c < FULL_FIRST || c > FULL_LAST)
		return NULL;
	return &letters[c - FULL_FIRST];
}

bool kana_is_half(uint32_t c)
{
	return c >= 0xFF66 && c <= HALF_LAST;
}

bool kana_is(uint32_t c)
{
	return (c >= FULL_FIRST && c <= FULL_LAST) ||
	       (c >= 0x3041 && c <= 0x3096) ||
	       (c >= 0xFF66 && c <= 0xFF9D && c != KANA_LONG_HALF) ||
	       (c >= 0x31F0 && c <= 0x31FF);
}

enum kana_mark kana_mark(uint32_t c)
{
	if (c == 0x309B || c == 0x3099 || c == 0xFF9E)
		return KANA_VOICED;
	if (c == 0x309C || c == 0x309A || c == 0xFF9F)
		return KANA_SEMI;
	return KANA_NO_MARK;
}

uint32_t kana_katakana(uint32_t c)
{
	if ((c >= 0x3041 && c <= 0x3096) || c == 0x309D || c == 0x309E)
		return c + HIRAGANA_SHIFT;
	return c;
}

uint32_t kana_hiragana(uint32_t c)
{
	if ((c >= 0x30A1 && c <= 0x30F6) || c == 0x30FD || c == 0x30FE)
		return c - HIRAGANA_SHIFT;
	return c;
}

uint32_t kana_large(uint32_t c)
{
	/* ㇰ–ㇿ: クシストヌハヒフヘホムラリルレロ */
	static const uint16_t ainu[] = {0x30AF, 0x30B7, 0x30B9, 0x30C8, 0x30CC,
	    0x30CF, 0x30D2, 0x30D5, 0x30D8, 0x30DB, 0x30E0, 0x30E9, 0x30EA,
	    0x30EB, 0x30EC, 0x30ED};
	/* ｧ–ｯ: ｱｲｳｴｵﾔﾕﾖﾂ */
	static const uint16_t half[] = {0xFF71, 0xFF72, 0xFF73, 0xFF74, 0xFF75,
	    0xFF94, 0xFF95, 0xFF96, 0xFF82};

	if (c >= FULL_FIRST && c <= FULL_LAST)
		return c == 0x30F5 || c == 0x30F6 ? c : letter(c)->large;
	if (c >= 0x3041 && c <= 0x3094)
		return letter(c + HIRAGANA_SHIFT)->large - HIRAGANA_SHIFT;
	if (c >= 0xFF67 && c <= 0xFF6F)
		return half[c - 0xFF67];
	if (c >= 0x31F0 && c <= 0x31FF)
		return ainu[c - 0x31F0];
	return c;
}

uint32_t kana_full(uint32_t c)
{
	return c >= HALF_FIRST && c <= HALF_LAST ? full[c - HALF_FIRST] : c;
}

/* The half-width form of a sign in the table full, or 0. */
static uint32_t half_sign(uint32_t c)
{
	switch (c) {
	case 0x3002:
		return 0xFF61;
	case 0x300C:
		return 0xFF62;
	case 0x300D:
		return 0xFF63;
	case 0x3001:
		return 0xFF64;
	case 0x30FB:
		return 0xFF65;
	case KANA_LONG:
		return KANA_LONG_HALF;
	case 0x309B:
	case 0x3099:
		return 0xFF9E;
	case 0x309C:
	case 0x309A:
		return 0xFF9F;
	default:
		return 0;
	}
}

size_t kana_half(uint32_t c, uint32_t out[2])
{
	const struct kana *k = letter(c);

	out[0] = k ? k->half : half_sign(c);
	if (out[0] == 0)
		return 0;
	if (k == NULL || k->mark == KANA_NO_MARK)
		return 1;
	out[1] = k->mark == KANA_VOICED ? 0xFF9E : 0xFF9F;
	return 2;
}

uint32_t kana_compose(uint32_t base, enum kana_mark mark)
{
	uint32_t shift = base < FULL_FIRST ? HIRAGANA_SHIFT : 0;
	uint32_t c = base + shift;
	const struct kana *k;

	if (mark == KANA_NO_MARK || letter(c) == NULL ||
	    (shift && (c > 0x30F3 || base < 0x3041)))
		return 0;
	if (c == 0x30A6 && mark == KANA_VOICED)
		return 0x30F4 - shift;
	if (c >= 0x30EF && c <= 0x30F2 && mark == KANA_VOICED && !shift)
		return c + 8; /* ワヰヱヲ: ヷヸヹヺ */
	k = letter(c + mark);
	return k && k->base == c && k->mark == mark ? c + mark - shift : 0;
}

uint32_t kana_base(uint32_t c, enum kana_mark *mark)
{
	uint32_t shift = c < FULL_FIRST ? HIRAGANA_SHIFT : 0;
	const struct kana *k = letter(c + shift);

	*mark = KANA_NO_MARK;
	if (k == NULL || (shift && c > 0x3096))
		return c;
	*mark = (enum kana_mark)k->mark;
	return k->base - shift;
}

char kana_vowel(uint32_t c)
{
	const struct kana *k = letter(c);

	return k ? k->vowel : '\0';
}

uint32_t kana_next_plain(struct text t, size_t *i)
{
	uint32_t c = kana_large(kana_katakana(kana_full(utf8_next(t, i))));
	uint32_t composed;
	size_t next = *i;

	if (c == 0x30F5 || c == 0x30F6) /* ヵ ヶ */
		return letter(c)->large;
	if (c < FULL_FIRST || c > FULL_LAST || next >= t.n)
		return c;
	composed = kana_compose(c, kana_mark(utf8_next(t, &next)));
	if (composed == 0)
		return c;
	*i = next;
	return composed;
}
