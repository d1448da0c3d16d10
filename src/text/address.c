/* address.c — see address.h. */
#include "text/address.h"

#include "text/kana.h"
#include "text/utf8.h"

/* The names of prefectures, of 1947 and after (地方自治法). */
static const char *const prefectures[] = {"北海道", "青森県", "岩手県",
    "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県", "群馬県",
    "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県", "石川県",
    "福井県", "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県",
    "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県",
    "島根県", "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県",
    "高知県", "福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県",
    "鹿児島県", "沖縄県"};

/* Cities with wards (地方自治法252条の19). */
static const char *const designated[] = {"札幌市", "仙台市", "さいたま市",
    "千葉市", "横浜市", "川崎市", "相模原市", "新潟市", "静岡市", "浜松市",
    "名古屋市", "京都市", "大阪市", "堺市", "神戸市", "岡山市", "広島市",
    "北九州市", "福岡市", "熊本市"};

/* Names that hold 市 町 村 区 郡 before their end. */
static const char *const whole[] = {"四日市市", "廿日市市", "野々市市",
    "市川市", "市原市", "市川三郷町", "町田市", "大町市", "十日町市", "村上市",
    "村山市", "東村山市", "武蔵村山市", "羽村市", "田村市", "大村市", "郡山市",
    "郡上市", "蒲郡市", "大和郡山市", "小郡市"};

/* The same within a 郡. */
static const char *const in_county[] = {"余市町", "市川町", "市川三郷町",
    "市貝町", "上市町", "下市町", "町田町", "大町町", "村田町", "玉村町",
    "中村町", "東村", "十市町", "大村町"};

/* 郡 that hold one of the letters themselves. */
static const char *const counties[] = {"余市郡", "高市郡", "芳賀郡"};

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static bool starts(struct text t, size_t i, const char *z)
{
	size_t n = strlen(z);

	return i <= t.n && t.n - i >= n && memcmp(t.p + i, z, n) == 0;
}

/* Bytes of the name of the list that stands at i, or 0. */
static size_t listed(
    struct text t, size_t i, const char *const *list, size_t count)
{
	for (size_t k = 0; k < count; k++)
		if (starts(t, i, list[k]))
			return strlen(list[k]);
	return 0;
}

static size_t spaces(struct text t, size_t i)
{
	while (i < t.n) {
		size_t next = i;
		uint32_t c = utf8_next(t, &next);

		if (c != ' ' && c != 0x3000)
			break;
		i = next;
	}
	return i;
}

int address_digit(uint32_t c)
{
	if (c >= '0' && c <= '9')
		return (int)(c - '0');
	if (c >= 0xFF10 && c <= 0xFF19)
		return (int)(c - 0xFF10);
	return -1;
}

/* 0–9 of 〇一…九; 10, 100, 1000, 10000 of 十百千万; -1. */
static int numeral(uint32_t c)
{
	static const struct {
		uint32_t c;
		int v;
	} numerals[] = {{0x3007, 0}, {0x4E00, 1}, {0x4E8C, 2}, {0x4E09, 3},
	    {0x56DB, 4}, {0x4E94, 5}, {0x516D, 6}, {0x4E03, 7}, {0x516B, 8},
	    {0x4E5D, 9}, {0x5341, 10}, {0x767E, 100}, {0x5343, 1000},
	    {0x4E07, 10000}};

	for (size_t k = 0; k < COUNT(numerals); k++)
		if (numerals[k].c == c)
			return numerals[k].v;
	return -1;
}

/* 〇一…九 of positional writing: 一〇五. */
static int positional(const int *v, int n)
{
	int total = 0;

	for (int k = 0; k < n; k++) {
		if (v[k] > 9)
			return -1;
		total = total * 10 + v[k];
	}
	return n <= 5 ? total : -1;
}

/* 二万三千百五: each unit under the one before, at most one digit before it. */
static int with_units(const int *v, int n)
{
	int total = 0;
	int digit = -1;
	int last = 100000;

	for (int k = 0; k < n; k++) {
		if (v[k] == 0 || (v[k] < 10 && digit >= 0))
			return -1;
		if (v[k] < 10) {
			digit = v[k];
			continue;
		}
		if (v[k] >= last)
			return -1;
		last = v[k];
		total += (digit < 0 ? 1 : digit) * v[k];
		digit = -1;
	}
	return total + (digit < 0 ? 0 : digit);
}

#define NUMERALS_MAX 9 /* 九万九千九百九十九 */

int address_numerals(struct text t, size_t *i)
{
	int v[NUMERALS_MAX];
	size_t to = *i;
	size_t before;
	int value;
	int n = 0;

	while (to < t.n) {
		size_t next = to;
		int one = numeral(utf8_next(t, &next));

		if (one < 0)
			break;
		if (n == NUMERALS_MAX)
			return -1;
		/* The rest of a number is none. */
		if (n == 0 && to > 0 &&
		    numeral(utf8_before(t, to, &before)) >= 0)
			return -1;
		v[n++] = one;
		to = next;
	}
	if (n == 0)
		return -1;
	value = positional(v, n);
	if (value < 0)
		value = with_units(v, n);
	if (value >= 0)
		*i = to;
	return value;
}

void address_put_numerals(int v, struct buf *out)
{
	static const char *const digits[] = {
	    "〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
	static const struct {
		int v;
		const char *z;
	} places[] = {{10000, "万"}, {1000, "千"}, {100, "百"}, {10, "十"}};

	if (v == 0)
		buf_z(out, digits[0]);
	for (size_t k = 0; k < COUNT(places); k++) {
		int d = v / places[k].v;

		if (d > 1 || (d == 1 && places[k].v == 10000))
			buf_z(out, digits[d]);
		if (d > 0)
			buf_z(out, places[k].z);
		v %= places[k].v;
	}
	if (v > 0)
		buf_z(out, digits[v]);
}

/* 三番町 and 一番丁 are names of quarters, no blocks. */
static bool is_block(struct text t, size_t i)
{
	return starts(t, i, "番") && !starts(t, i, "番町") &&
	       !starts(t, i, "番丁") && !starts(t, i, "番館") &&
	       !starts(t, i, "番街");
}

size_t address_unit(struct text t, size_t i)
{
	if (starts(t, i, "丁目"))
		return sizeof("丁目") - 1;
	if (starts(t, i, "番地"))
		return sizeof("番地") - 1;
	if (is_block(t, i))
		return sizeof("番") - 1;
	if (starts(t, i, "号室"))
		return sizeof("号室") - 1;
	if (starts(t, i, "号") && !starts(t, i, "号棟") &&
	    !starts(t, i, "号館") && !starts(t, i, "号線"))
		return sizeof("号") - 1;
	return 0;
}

size_t address_units(struct text t, size_t i)
{
	size_t n;

	while ((n = address_unit(t, i)) > 0)
		i += n;
	return i;
}

size_t address_joint(struct text t, size_t i)
{
	if (starts(t, i, "の") || starts(t, i, "ノ") || starts(t, i, "之"))
		return 3;
	return 0;
}

size_t address_dash(struct text t, size_t i)
{
	static const char *const dashes[] = {"-", "－", "﹣", "−", "‐", "⁃",
	    "‑", "‒", "–", "—", "﹘", "―", "⎯", "⏤", "ー", "ｰ", "─", "━"};

	return listed(t, i, dashes, COUNT(dashes));
}

/* Behind the digits at i; i itself if there are none. */
static size_t digits_end(struct text t, size_t i)
{
	while (i < t.n) {
		size_t next = i;

		if (address_digit(utf8_next(t, &next)) < 0)
			break;
		i = next;
	}
	return i;
}

/* Behind the number at i: digits, or numerals before a unit (within a block
 * also before a dash, の or the end). i itself if there is none. */
static size_t number_end(struct text t, size_t i, bool within)
{
	size_t to = digits_end(t, i);

	if (to > i || i >= t.n || (unsigned char)t.p[i] < 0xE3)
		return to;
	if (address_numerals(t, &to) < 0)
		return i;
	if (address_unit(t, to) > 0 ||
	    (within && (to == t.n || address_joint(t, to) > 0 ||
			   address_dash(t, to) > 0)))
		return to;
	return i;
}

/* Behind what joins two numbers of a block: units, の, a dash. */
static size_t link_end(struct text t, size_t i)
{
	size_t to = address_units(t, i);
	size_t joint = address_joint(t, to);

	if (joint == 0)
		joint = address_dash(t, to);
	if (joint > 0 && number_end(t, to + joint, true) > to + joint)
		return to + joint;
	return to;
}

/* 号 ends a block: what follows is a room. */
static bool ends(struct text t, size_t i)
{
	return starts(t, i, "号") && address_unit(t, i) > 0 &&
	       !starts(t, i, "号室");
}

bool address_block(struct text t, size_t *from, size_t *to)
{
	size_t i = *from;
	size_t end;

	while (i < t.n && number_end(t, i, false) == i)
		(void)utf8_next(t, &i);
	if (i >= t.n)
		return false;
	*from = i;
	for (;;) {
		bool last;

		end = number_end(t, i, true);
		last = ends(t, end);
		i = link_end(t, end);
		if (last || i == end || number_end(t, i, true) == i)
			break;
	}
	*to = i;
	return true;
}

/* Offset behind the first of the letters within limit characters; 0. */
static size_t behind(
    struct text t, size_t from, const char *const *letters, size_t count)
{
	size_t i = from;

	for (int k = 0; k < 7 && i < t.n; k++) {
		size_t n = k > 0 ? listed(t, i, letters, count) : 0;

		if (n > 0)
			return i + n;
		(void)utf8_next(t, &i);
	}
	return 0;
}

/* The town or village of a 郡 that ends at from. */
static size_t of_county(struct text t, size_t from)
{
	static const char *const letters[] = {"町", "村"};
	size_t n = listed(t, from, in_county, COUNT(in_county));

	return n ? from + n : behind(t, from, letters, COUNT(letters));
}

/* Offset behind the municipality at from; from if it cannot be told. */
static size_t municipality_end(struct text t, size_t from, bool known)
{
	static const char *const first[] = {"市", "区", "郡"};
	static const char *const ward[] = {"区"};
	static const char *const small[] = {"町", "村"};
	size_t n = listed(t, from, whole, COUNT(whole));
	size_t county = listed(t, from, counties, COUNT(counties));
	size_t to;

	if (n > 0)
		return from + n;
	n = listed(t, from, designated, COUNT(designated));
	if (n > 0) {
		to = behind(t, from + n, ward, 1);
		return to ? to : from + n;
	}
	to = county ? from + county : behind(t, from, first, COUNT(first));
	if (to > 0 && starts(t, to - 3, "郡")) {
		size_t town = of_county(t, to);

		return town ? town : from;
	}
	if (to == 0 && known)
		to = behind(t, from, small, COUNT(small));
	return to ? to : from;
}

static struct text part(struct text t, size_t from, size_t to)
{
	return text_trust(t.p + from, to - from);
}

/* Are they one letter in an address? ヶ ケ が, and themselves. */
static bool alike(uint32_t a, uint32_t b)
{
	bool ga = a == 0x30F6 || a == 0x30B1 || a == 0x304C;

	return a == b || (ga && (b == 0x30F6 || b == 0x30B1 || b == 0x304C));
}

/* Offset behind all of name at i; 0 if it is not there. */
static size_t same(struct text t, size_t i, struct text name)
{
	size_t k = 0;

	if (name.n == 0)
		return 0;
	while (k < name.n) {
		if (i >= t.n || !alike(utf8_next(t, &i), utf8_next(name, &k)))
			return 0;
	}
	return i;
}

/* Prefecture and municipality at the head; the offset behind them. */
static size_t head(struct text in, struct address_parts *out)
{
	size_t i = spaces(in, 0);
	size_t n = listed(in, i, prefectures, COUNT(prefectures));
	size_t from;

	out->prefecture = part(in, i, i + n);
	from = spaces(in, i + n);
	i = municipality_end(in, from, n > 0);
	out->municipality = part(in, from, i);
	return i;
}

/* What the postal code knows; the offset behind the town, 0: not that one. */
static size_t by_postal(
    struct text in, struct text postal, struct address_parts *out)
{
	struct address_parts p = {0};
	size_t town = head(postal, &p);
	struct text name = part(postal, town, postal.n);
	size_t i = spaces(in, 0);
	size_t to = same(in, i, p.prefecture);
	size_t end;

	p.filled = to == 0;
	if (to > 0) {
		p.prefecture = part(in, i, to);
		i = spaces(in, to);
	}
	to = same(in, i, p.municipality);
	p.filled = p.filled || to == 0;
	if (to > 0) {
		p.municipality = part(in, i, to);
		i = to;
	}
	i = spaces(in, i);
	end = same(in, i, name);
	if (end == 0)
		return 0;
	*out = p;
	out->town = part(in, i, end);
	return end;
}

void address_split(
    struct text in, struct text postal, struct address_parts *out)
{
	size_t i;
	size_t from;
	size_t to;

	*out = (struct address_parts){0};
	i = postal.n ? by_postal(in, postal, out) : 0;
	if (i == 0)
		i = head(in, out);
	i = spaces(in, i);
	from = i;
	if (!address_block(in, &from, &to)) {
		if (out->town.n == 0)
			out->town = part(in, i, in.n);
		else
			out->building = part(in, i, in.n);
		return;
	}
	/* Behind the postal code's town, its quarters: 大字東 字西 1. */
	if (out->town.n > 0)
		i = (size_t)(out->town.p - in.p);
	out->town = part(in, i, from);
	while (out->town.n > 0 && out->town.p[out->town.n - 1] == ' ')
		out->town.n--;
	out->block = part(in, from, to);
	out->building = part(in, spaces(in, to), in.n);
}
