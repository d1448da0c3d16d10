/* fold.c — see fold.h. Addresses are in fold_address.c. */
#include "text/fold.h"

#include "text/corp.h"
#include "text/kana.h"
#include "text/utf8.h"
#include "text/variants.h"

#define VU 0x30F4u

static uint32_t half_ascii(uint32_t c)
{
	if (c > 0xFF00 && c < 0xFF5F)
		c -= 0xFEE0;
	return c >= 'a' && c <= 'z' ? c - 32 : c;
}

/* Spaces, dots, dashes, quotes, parentheses, marks that stand alone. */
static bool is_separator(uint32_t c)
{
	if (c < 0x80)
		return !((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'));
	return c == 0x3000 || c == 0x00A0 || c == 0x00B7 || c == 0x30FB ||
	       kana_is_long(c) || kana_mark(c) != KANA_NO_MARK ||
	       (c >= 0x2010 && c <= 0x2027) || c == 0x2212 || c == 0x3001 ||
	       c == 0x3002 || c == 0x300C || c == 0x300D;
}

/* ヴ and the vowel behind it, which *i then passes, as a kana of the バ row. */
static uint32_t fold_vu(struct text t, size_t *i)
{
	size_t next = *i;
	uint32_t c = next < t.n ? kana_next_plain(t, &next) : 0;
	uint32_t row;

	switch (c) {
	case 0x30A2: /* ア */
		row = 0x30D0;
		break;
	case 0x30A4: /* イ */
		row = 0x30D3;
		break;
	case 0x30A8: /* エ */
		row = 0x30D9;
		break;
	case 0x30AA: /* オ */
		row = 0x30DC;
		break;
	case 0x30E6: /* ユ: ヴュ as ビュ; the ユ stays */
		return 0x30D3;
	default:
		return 0x30D6;
	}
	*i = next;
	return row;
}

/* Kana that sound alike today: 現代仮名遣い (昭和61年内閣告示第1号). */
static uint32_t same_sound(uint32_t c)
{
	switch (c) {
	case 0x30F2: /* ヲ */
		return 0x30AA;
	case 0x30F0: /* ヰ */
		return 0x30A4;
	case 0x30F1: /* ヱ */
		return 0x30A8;
	case 0x30C2: /* ヂ */
		return 0x30B8;
	case 0x30C5: /* ヅ */
		return 0x30BA;
	default:
		return c;
	}
}

/* Does vowel c only lengthen the row before (オオ, サトウ, ケイコ)? */
static bool lengthens(uint32_t c, char before)
{
	switch (c) {
	case 0x30A2:
		return before == 'a';
	case 0x30A4:
		return before == 'i' || before == 'e';
	case 0x30A6:
		return before == 'u' || before == 'o';
	case 0x30A8:
		return before == 'e';
	case 0x30AA:
		return before == 'o';
	default:
		return false;
	}
}

static void fold_name(struct text in, bool vowels, struct buf *out)
{
	struct text t = corp_strip(in);
	char before = '\0'; /* the vowel of the kana before */

	buf_room(out, t.n);
	for (size_t i = 0; i < t.n;) {
		uint32_t c = half_ascii(kana_next_plain(t, &i));

		if (is_separator(c))
			continue;
		c = c == VU ? fold_vu(t, &i) : same_sound(c);
		if (!vowels && lengthens(c, before))
			continue;
		utf8_put(out, c);
		before = kana_vowel(c);
	}
}

void fold_kana(struct text in, struct buf *out)
{
	fold_name(in, false, out);
}

void fold_kana_close(struct text in, struct buf *out)
{
	fold_name(in, true, out);
}

void fold_kanji(struct text in, struct buf *out)
{
	struct text t = corp_strip(in);
	uint32_t before = 0;

	buf_room(out, t.n);
	for (size_t i = 0; i < t.n;) {
		uint32_t c = half_ascii(utf8_next(t, &i));
		bool selector = (c >= 0xFE00 && c <= 0xFE0F) ||
				(c >= 0xE0100 && c <= 0xE01EF);

		if (selector || is_separator(c))
			continue;
		if (c == 0x3005 && before != 0) /* 々 */
			c = before;
		c = variants_of(c);
		utf8_put(out, c);
		before = c;
	}
}
