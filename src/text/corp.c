/* corp.c — see corp.h. */
#include "text/corp.h"

#include "text/kana.h"
#include "text/utf8.h"

/* Words are in the form of plain_next: large, full-width, composed kana. Lists
 * of them are in the order of their bytes: longest() looks for the first. */
struct word {
	const char *word;
	const char *abbrev;
};

static const struct word words[] = {
    {"(医)", "イ"},
    {"(同)", "ド"},
    {"(名)", "メ"},
    {"(学)", "ガク"},
    {"(宗)", "シユウ"},
    {"(有)", "ユ"},
    {"(株)", "カ"},
    {"(社)", "シヤ"},
    {"(福)", "フク"},
    {"(財)", "ザイ"},
    {"(資)", "シ"},
    {"NPO法人", "トクヒ"},
    {"イツパンザイダンホウジン", "ザイ"},
    {"イツパンシヤダンホウジン", "シヤ"},
    {"イリヨウホウジン", "イ"},
    {"イリヨウホウジンザイダン", "イ"},
    {"イリヨウホウジンシヤダン", "イ"},
    {"カブシキカイシヤ", "カ"},
    {"カブシキガイシヤ", "カ"},
    {"カンリクミアイホウジン", "カンリ"},
    {"ガツコウホウジン", "ガク"},
    {"ギヨウセイシヨシホウジン", "ギヨ"},
    {"コウエキザイダンホウジン", "ザイ"},
    {"コウエキシヤダンホウジン", "シヤ"},
    {"コウセイホゴホウジン", "ホゴ"},
    {"コウリツダイガクホウジン", "ダイ"},
    {"コクリツダイガクホウジン", "ダイ"},
    {"ゴウシカイシヤ", "シ"},
    {"ゴウシガイシヤ", "シ"},
    {"ゴウドウカイシヤ", "ド"},
    {"ゴウドウガイシヤ", "ド"},
    {"ゴウメイカイシヤ", "メ"},
    {"ゴウメイガイシヤ", "メ"},
    {"ザイダンホウジン", "ザイ"},
    {"シホウシヨシホウジン", "シホウ"},
    {"シヤカイイリヨウホウジン", "イ"},
    {"シヤカイフクシホウジン", "フク"},
    {"シヤカイホケンロウムシホウジン", "ロウム"},
    {"シヤダンホウジン", "シヤ"},
    {"シユウキヨウホウジン", "シユウ"},
    {"ゼイリシホウジン", "ゼイ"},
    {"ソウゴガイシヤ", "ソ"},
    {"チホウドクリツギヨウセイホウジン", "チドク"},
    {"チユウカンホウジン", "チユウ"},
    {"トクテイヒエイリカツドウホウジン", "トクヒ"},
    {"ドクリツギヨウセイホウジン", "ドク"},
    {"ノウジクミアイホウジン", "ノウ"},
    {"ベンゴシホウジン", "ベン"},
    {"ユウゲンカイシヤ", "ユ"},
    {"ユウゲンガイシヤ", "ユ"},
    {"㈱", "カ"},
    {"㈲", "ユ"},
    {"㈳", "シヤ"},
    {"㈴", "メ"},
    {"㈶", "ザイ"},
    {"㈻", "ガク"},
    {"㈾", "シ"},
    {"一般社団法人", "シヤ"},
    {"一般財団法人", "ザイ"},
    {"中間法人", "チユウ"},
    {"公益社団法人", "シヤ"},
    {"公益財団法人", "ザイ"},
    {"公立大学法人", "ダイ"},
    {"医療法人", "イ"},
    {"医療法人社団", "イ"},
    {"医療法人財団", "イ"},
    {"司法書士法人", "シホウ"},
    {"合同会社", "ド"},
    {"合名会社", "メ"},
    {"合資会社", "シ"},
    {"国立大学法人", "ダイ"},
    {"地方独立行政法人", "チドク"},
    {"学校法人", "ガク"},
    {"宗教法人", "シユウ"},
    {"弁護士法人", "ベン"},
    {"更生保護法人", "ホゴ"},
    {"有限会社", "ユ"},
    {"株式会社", "カ"},
    {"特定非営利活動法人", "トクヒ"},
    {"独立行政法人", "ドク"},
    {"相互会社", "ソ"},
    {"社会保険労務士法人", "ロウム"},
    {"社会医療法人", "イ"},
    {"社会福祉法人", "フク"},
    {"社団法人", "シヤ"},
    {"税理士法人", "ゼイ"},
    {"管理組合法人", "カンリ"},
    {"行政書士法人", "ギヨ"},
    {"財団法人", "ザイ"},
    {"農事組合法人", "ノウ"},
};
#define WORD_COUNT (sizeof(words) / sizeof(*words))

/* In full, as names are written in kanji and in kana, by abbreviation. */
static const struct full {
	const char *abbrev;
	const char *kanji;
	const char *kana;
	bool certain; /* the abbreviation stands for this kind alone */
} fulls[] = {
    {"カ", "株式会社", "カブシキガイシャ", true},
    {"ユ", "有限会社", "ユウゲンガイシャ", true},
    {"メ", "合名会社", "ゴウメイガイシャ", true},
    {"シ", "合資会社", "ゴウシガイシャ", true},
    {"ド", "合同会社", "ゴウドウガイシャ", true},
    {"イ", "医療法人", "イリョウホウジン", false},
    {"ザイ", "財団法人", "ザイダンホウジン", false},
    {"シヤ", "社団法人", "シャダンホウジン", false},
    {"シユウ", "宗教法人", "シュウキョウホウジン", true},
    {"ガク", "学校法人", "ガッコウホウジン", true},
    {"フク", "社会福祉法人", "シャカイフクシホウジン", true},
    {"ソ", "相互会社", "ソウゴガイシャ", true},
    {"ホゴ", "更生保護法人", "コウセイホゴホウジン", true},
    {"トクヒ", "特定非営利活動法人", "トクテイヒエイリカツドウホウジン", true},
    {"ドク", "独立行政法人", "ドクリツギョウセイホウジン", true},
    {"チドク", "地方独立行政法人", "チホウドクリツギョウセイホウジン", true},
    {"チユウ", "中間法人", "チュウカンホウジン", true},
    {"ベン", "弁護士法人", "ベンゴシホウジン", true},
    {"ギヨ", "行政書士法人", "ギョウセイショシホウジン", true},
    {"シホウ", "司法書士法人", "シホウショシホウジン", true},
    {"ゼイ", "税理士法人", "ゼイリシホウジン", true},
    {"ロウム", "社会保険労務士法人", "シャカイホケンロウムシホウジン", true},
    {"ダイ", "国立大学法人", "コクリツダイガクホウジン", false},
    {"ノウ", "農事組合法人", "ノウジクミアイホウジン", true},
    {"カンリ", "管理組合法人", "カンリクミアイホウジン", true},
};
#define FULL_COUNT (sizeof(fulls) / sizeof(*fulls))

/* 所 is read ショ or ジョ: not certain. */
static const struct full office_fulls[] = {
    {"エイ", "営業所", "エイギョウショ", false},
    {"シユツ", "出張所", "シュッチョウジョ", false},
};

static const struct full business_fulls[] = {
    {"レン", "連合会", "レンゴウカイ", true},
    {"キヨウサイ", "共済組合", "キョウサイクミアイ", true},
    {"キヨウクミ", "協同組合", "キョウドウクミアイ", true},
    {"セイメイ", "生命保険", "セイメイホケン", true},
    {"カイジヨウ", "海上火災保険", "カイジョウカサイホケン", true},
    {"カサイ", "火災海上保険", "カサイカイジョウホケン", true},
    {"ケンポ", "健康保険組合", "ケンコウホケンクミアイ", true},
    {"コクホ", "国民健康保険組合", "コクミンケンコウホケンクミアイ", true},
    {"コクホレン", "国民健康保険団体連合会",
	"コクミンケンコウホケンダンタイレンゴウカイ", true},
    {"シヤホ", "社会保険診療報酬支払基金",
	"シャカイホケンシンリョウホウシュウシハライキキン", true},
    {"コウネン", "厚生年金基金", "コウセイネンキンキキン", true},
    {"セイキヨウ", "生活協同組合", "セイカツキョウドウクミアイ", true},
    {"ノウキヨウレン", "農業協同組合連合会",
	"ノウギョウキョウドウクミアイレンゴウカイ", true},
    {"ギヨレン", "漁業協同組合連合会",
	"ギョギョウキョウドウクミアイレンゴウカイ", true},
    {"キヨウサイレン", "共済農業協同組合連合会",
	"キョウサイノウギョウキョウドウクミアイレンゴウカイ", true},
    {"ロウクミ", "労働組合", "ロウドウクミアイ", true},
    {"シヤキヨウ", "社会福祉協議会", "シャカイフクシキョウギカイ", true},
    {"シヨクハンキヨウ", "食糧販売協同組合",
	"ショクリョウハンバイキョウドウクミアイ", true},
};

/* 営業所 and 出張所: DOMAIN §5.4. */
static const struct word offices[] = {
    {"エイギヨウシヨ", "エイ"},
    {"エイギヨウジヨ", "エイ"},
    {"シユツチヨウシヨ", "シユツ"},
    {"シユツチヨウジヨ", "シユツ"},
    {"出張所", "シユツ"},
    {"営業所", "エイ"},
};
#define OFFICE_COUNT (sizeof(offices) / sizeof(*offices))

/* 事業略語, written without parentheses: DOMAIN §5.4. */
static const struct word businesses[] = {
    {"カイジヨウカサイホケン", "カイジヨウ"},
    {"カサイカイジヨウホケン", "カサイ"},
    {"キヨウサイクミアイ", "キヨウサイ"},
    {"キヨウサイノウギヨウキヨウドウクミアイレンゴウカイ", "キヨウサイレン"},
    {"キヨウドウクミアイ", "キヨウクミ"},
    {"ギヨギヨウキヨウドウクミアイレンゴウカイ", "ギヨレン"},
    {"ケンコウホケンクミアイ", "ケンポ"},
    {"コウセイネンキンキキン", "コウネン"},
    {"コクミンケンコウホケンクミアイ", "コクホ"},
    {"コクミンケンコウホケンダンタイレンゴウカイ", "コクホレン"},
    {"シヤカイフクシキヨウギカイ", "シヤキヨウ"},
    {"シヤカイホケンシンリヨウホウシユウシハライキキン", "シヤホ"},
    {"シヨクリヨウハンバイキヨウドウクミアイ", "シヨクハンキヨウ"},
    {"セイカツキヨウドウクミアイ", "セイキヨウ"},
    {"セイメイホケン", "セイメイ"},
    {"ノウギヨウキヨウドウクミアイレンゴウカイ", "ノウキヨウレン"},
    {"レンゴウカイ", "レン"},
    {"ロウドウクミアイ", "ロウクミ"},
    {"健康保険組合", "ケンポ"},
    {"共済組合", "キヨウサイ"},
    {"共済農業協同組合連合会", "キヨウサイレン"},
    {"労働組合", "ロウクミ"},
    {"協同組合", "キヨウクミ"},
    {"厚生年金基金", "コウネン"},
    {"国民健康保険団体連合会", "コクホレン"},
    {"国民健康保険組合", "コクホ"},
    {"海上火災保険", "カイジヨウ"},
    {"漁業協同組合連合会", "ギヨレン"},
    {"火災海上保険", "カサイ"},
    {"生命保険", "セイメイ"},
    {"生活協同組合", "セイキヨウ"},
    {"社会保険診療報酬支払基金", "シヤホ"},
    {"社会福祉協議会", "シヤキヨウ"},
    {"農業協同組合連合会", "ノウキヨウレン"},
    {"連合会", "レン"},
    {"食糧販売協同組合", "シヨクハンキヨウ"},
};
#define BUSINESS_COUNT (sizeof(businesses) / sizeof(*businesses))

static uint32_t plain_next(struct text t, size_t *i)
{
	uint32_t c = kana_next_plain(t, i);

	if (c > 0xFF00 && c < 0xFF5F)
		return c - 0xFEE0;
	return c;
}

static bool is_space(uint32_t c)
{
	return c == ' ' || c == 0x3000;
}

/* Does t go on with z at i? The offset behind it, or 0. */
static size_t goes_on(struct text t, size_t i, const char *z)
{
	struct text word = text_z(z);

	for (size_t k = 0; k < word.n;) {
		if (i >= t.n || plain_next(t, &i) != utf8_next(word, &k))
			return 0;
	}
	return i;
}

/* As strncmp, of the few bytes of one character. */
static inline int compare(const char *z, const char *begin, size_t n)
{
	int differ = 0;

	for (size_t i = 0; i < n && differ == 0; i++)
		differ = (unsigned char)z[i] - (unsigned char)begin[i];
	return differ;
}

/*
 * Can a word begin with c, n bytes before the end? Nearly every call ends
 * here: the shortest word of kana, ゴウシガイシヤ, has seven of three bytes.
 */
static bool may_begin(uint32_t c, size_t n)
{
	if (c < 0x80)
		return c == '(' || c == 'N';
	return !kana_is(c) || n >= 21;
}

/* The first of the words that begin with these n bytes, if any does. */
static size_t first_with(
    const struct word *list, size_t count, const char *begin, size_t n)
{
	size_t from = 0;

	while (from < count) {
		size_t middle = from + (count - from) / 2;

		if (compare(list[middle].word, begin, n) < 0)
			from = middle + 1;
		else
			count = middle;
	}
	return from;
}

/* The longest of n words at *i, as corp_word. */
static const char *longest(
    const struct word *list, size_t count, struct text t, size_t *i)
{
	const char *found = NULL;
	size_t first_end = *i;
	size_t end = 0;
	char begin[4];
	size_t n;

	if (*i >= t.n)
		return NULL;
	n = utf8_write(plain_next(t, &first_end), begin);
	for (size_t w = first_with(list, count, begin, n);
	     w < count && compare(list[w].word, begin, n) == 0; w++) {
		size_t to = goes_on(t, first_end, list[w].word + n);

		if (to > end) {
			end = to;
			found = list[w].abbrev;
		}
	}
	if (found != NULL)
		*i = end;
	return found;
}

const char *corp_word(struct text t, size_t *i)
{
	size_t next = *i;

	if (*i >= t.n || !may_begin(plain_next(t, &next), t.n - *i))
		return NULL;
	return longest(words, WORD_COUNT, t, i);
}

const char *corp_office(struct text t, size_t *i)
{
	return longest(offices, OFFICE_COUNT, t, i);
}

const char *corp_business(struct text t, size_t *i)
{
	return longest(businesses, BUSINESS_COUNT, t, i);
}

static const struct full *full_in(
    const struct full *list, size_t n, const char *abbrev)
{
	for (size_t k = 0; k < n; k++)
		if (strcmp(list[k].abbrev, abbrev) == 0)
			return &list[k];
	return NULL;
}

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

const char *corp_full(const char *abbrev, bool kanji, bool *certain)
{
	const struct full *f = full_in(fulls, COUNT(fulls), abbrev);

	if (f == NULL)
		f = full_in(office_fulls, COUNT(office_fulls), abbrev);
	if (f == NULL)
		f = full_in(business_fulls, COUNT(business_fulls), abbrev);
	*certain = f->certain;
	return kanji ? f->kanji : f->kana;
}

/* The words that can be switched, over all three kinds. */
static const char *switchable(size_t k)
{
	if (k < FULL_COUNT)
		return fulls[k].abbrev;
	k -= FULL_COUNT;
	if (k < OFFICE_COUNT)
		return offices[k].abbrev;
	k -= OFFICE_COUNT;
	return k < BUSINESS_COUNT ? businesses[k].abbrev : NULL;
}

bool corp_switch(struct text abbrev, unsigned char *which)
{
	const char *z;

	for (size_t k = 0; (z = switchable(k)) != NULL; k++)
		if (text_is(abbrev, z)) {
			*which = (unsigned char)k;
			return true;
		}
	return false;
}

static size_t skip_spaces(struct text t, size_t i)
{
	while (i < t.n) {
		size_t next = i;

		if (!is_space(utf8_next(t, &next)))
			break;
		i = next;
	}
	return i;
}

const char *corp_short(struct text t, size_t *i, bool head)
{
	bool open = goes_on(t, *i, "(") != 0;
	size_t start = open ? goes_on(t, *i, "(") : *i;
	size_t next;
	size_t n;
	char begin[4];

	if (!open && !head)
		return NULL;
	next = start;
	if (start >= t.n)
		return NULL;
	n = utf8_write(plain_next(t, &next), begin);
	for (size_t k = 0; k < FULL_COUNT; k++) {
		const char *abbrev = fulls[k].abbrev;
		size_t to;
		size_t closed;

		if (strncmp(abbrev, begin, n) != 0)
			continue;
		to = goes_on(t, start, abbrev);
		closed = to ? goes_on(t, to, ")") : 0;
		if (to == 0 ||
		    (closed == 0 && (!open || skip_spaces(t, to) < t.n)))
			continue;
		*i = closed ? closed : to;
		return abbrev;
	}
	return NULL;
}

const char *corp_office_short(struct text t, size_t *i, bool head)
{
	if (head || goes_on(t, *i, "(") == 0)
		return NULL;
	for (size_t k = 0; k < COUNT(office_fulls); k++) {
		const char *abbrev = office_fulls[k].abbrev;
		size_t to = goes_on(t, goes_on(t, *i, "("), abbrev);
		size_t closed = to ? goes_on(t, to, ")") : 0;

		if (to == 0 || (closed == 0 && skip_spaces(t, to) < t.n))
			continue;
		*i = closed ? closed : to;
		return abbrev;
	}
	return NULL;
}

const char *corp_business_short(struct text t, size_t *i, bool head)
{
	for (size_t k = 0; k < COUNT(business_fulls) && !head; k++) {
		const char *abbrev = business_fulls[k].abbrev;
		size_t to = goes_on(t, *i, abbrev);

		if (to == 0 || skip_spaces(t, to) < t.n)
			continue;
		*i = to;
		return abbrev;
	}
	return NULL;
}

/* A branch office at the end: (エイ 営業所, (シユツ 出張所. */
static size_t office(struct text t, size_t i)
{
	static const char *const shorts[] = {"(エイ", "(シユツ"};

	for (size_t k = 0; k < sizeof(shorts) / sizeof(*shorts); k++) {
		size_t to = goes_on(t, i, shorts[k]);

		if (to != 0 && goes_on(t, to, ")") != 0)
			to = goes_on(t, to, ")");
		if (to != 0 && skip_spaces(t, to) == t.n)
			return to;
	}
	return 0;
}

/* Where the word, abbreviation or office begins that ends t; t.n if none. */
static size_t tail(struct text t)
{
	for (size_t i = 0; i < t.n; (void)utf8_next(t, &i)) {
		size_t end = i;
		/* Office and abbreviation begin with a parenthesis. */
		bool open = goes_on(t, i, "(") != 0;

		if (open && office(t, i) != 0)
			return i;
		if ((corp_word(t, &end) != NULL ||
			(open && corp_short(t, &end, false) != NULL)) &&
		    end == t.n)
			return i;
	}
	return t.n;
}

static struct text trim(struct text t)
{
	size_t from = skip_spaces(t, 0);

	t = text_trust(t.p + from, t.n - from);
	while (t.n > 0) {
		size_t at;

		if (!is_space(utf8_before(t, t.n, &at)))
			break;
		t.n = at;
	}
	return t;
}

/* イ or ウ, in any script and width: E3 82 A4 … */
static bool is_i_or_u(const unsigned char *p)
{
	return memcmp(p, "イ", 3) == 0 || memcmp(p, "ウ", 3) == 0 ||
	       memcmp(p, "ｲ", 3) == 0 || memcmp(p, "ｳ", 3) == 0 ||
	       memcmp(p, "い", 3) == 0 || memcmp(p, "う", 3) == 0;
}

/*
 * Abbreviations and (株) have a parenthesis, words in kanji 社 or 人, ㈱ and
 * its like lie in 3230–3243, and words in kana have ガイシヤ or ホウジン. A
 * person's name seldom gets past here.
 */
bool corp_any(struct text t)
{
	const unsigned char *p = (const unsigned char *)t.p;

	for (size_t i = 0; i < t.n; i++) {
		if (p[i] == '(' || p[i] == ')')
			return true;
		if (p[i] < 0xE0 || p[i] >= 0xF0)
			continue;
		if (memcmp(p + i, "社", 3) == 0 ||
		    memcmp(p + i, "人", 3) == 0 ||
		    memcmp(p + i, "（", 3) == 0 ||
		    memcmp(p + i, "）", 3) == 0 ||
		    (p[i] == 0xE3 && p[i + 1] == 0x88))
			return true;
		if (i >= 3 &&
		    (memcmp(p + i, "シ", 3) == 0 ||
			memcmp(p + i, "ジ", 3) == 0 ||
			memcmp(p + i, "ｼ", 3) == 0 ||
			memcmp(p + i, "し", 3) == 0 ||
			memcmp(p + i, "じ", 3) == 0) &&
		    is_i_or_u(p + i - 3))
			return true;
		i += 2;
	}
	return false;
}

struct text corp_strip(struct text t)
{
	if (!corp_any(t))
		return t;
	for (;;) {
		size_t from = 0;
		struct text rest;

		t = trim(t);
		rest = t;
		if (corp_word(t, &from) != NULL ||
		    corp_short(t, &from, true) != NULL)
			rest = trim(text_trust(t.p + from, t.n - from));
		else
			rest.n = tail(t);
		if (rest.n == t.n || trim(rest).n == 0)
			return t;
		t = rest;
	}
}
