/* match_form.c — see match_form.h. */
#include "match/match_form.h"

#include "text/fold.h"
#include "text/utf8.h"
#include "text/variants.h"

#include <stdlib.h>

#define WORDS_MAX 16

/* Between the words of a name: spaces and middle dots. */
static bool parts_words(uint32_t c)
{
	return c == ' ' || c == 0x3000 || c == 0x30FB || c == 0xFF65 ||
	       c == 0x00B7 || c == ',' || c == 0xFF0C;
}

/* The words of a name; the last takes all that is left. */
static size_t words_of(struct text name, struct text words[WORDS_MAX])
{
	size_t n = 0;
	size_t start = 0;

	for (size_t i = 0; i <= name.n && n < WORDS_MAX - 1;) {
		size_t from = i;
		bool end = i == name.n;

		if (end)
			i++;
		else if (!parts_words(utf8_next(name, &i)))
			continue;
		if (from > start)
			words[n++] = text_trust(name.p + start, from - start);
		start = i;
	}
	if (start < name.n)
		words[n++] = text_trust(name.p + start, name.n - start);
	return n;
}

bool match_form_turned(struct text name, bool left, struct buf *out)
{
	struct text words[WORDS_MAX];
	size_t n = words_of(name, words);
	struct buf turned = {0};

	/* Two words are turned one way. */
	if (n < 2 || (n == 2 && !left))
		return false;
	for (size_t i = 0; i < n; i++) {
		buf_text_add(&turned, words[(i + (left ? 1 : n - 1)) % n]);
		buf_byte(&turned, ' ');
	}
	fold_kana(buf_text(&turned), out);
	buf_fini(&turned);
	return true;
}

static int by_bytes(const void *a, const void *b)
{
	return text_cmp(*(const struct text *)a, *(const struct text *)b);
}

void match_form_sorted(struct text name, struct buf *out)
{
	struct text words[WORDS_MAX];
	size_t n = words_of(name, words);
	struct buf folded = {0};
	size_t at[WORDS_MAX + 1] = {0};

	for (size_t i = 0; i < n; i++) {
		fold_kana(words[i], &folded);
		at[i + 1] = folded.n;
	}
	for (size_t i = 0; i < n; i++)
		words[i] = text_trust(
		    (const char *)folded.p + at[i], at[i + 1] - at[i]);
	qsort(words, n, sizeof(*words), by_bytes);
	for (size_t i = 0; i < n; i++)
		buf_text_add(out, words[i]);
	buf_fini(&folded);
}

bool match_form_is_latin(struct text t)
{
	for (size_t i = 0; i < t.n;) {
		uint32_t c = utf8_next(t, &i);

		if (c > 0xFF00 && c < 0xFF5F)
			c -= 0xFEE0;
		if ((c | 32) >= 'a' && (c | 32) <= 'z')
			return true;
	}
	return false;
}

typedef void fold_fn(struct text in, struct buf *out);

static bool same_by(fold_fn *fold, struct text a, struct text b)
{
	struct buf x = {0};
	struct buf y = {0};
	bool same;

	fold(a, &x);
	fold(b, &y);
	same = x.n > 0 && bytes_eq(buf_bytes(&x), buf_bytes(&y));
	buf_fini(&x);
	buf_fini(&y);
	return same;
}

/* Is a with its words turned the same as b? */
static bool same_turned(struct text a, struct text b)
{
	struct buf x = {0};
	struct buf y = {0};
	bool same = false;

	fold_kana(b, &y);
	for (int left = 0; left < 2 && !same; left++) {
		buf_clear(&x);
		if (match_form_turned(a, left != 0, &x))
			same = bytes_eq(buf_bytes(&x), buf_bytes(&y));
	}
	buf_fini(&x);
	buf_fini(&y);
	return same;
}

enum match_form_name match_form_names(struct text a, struct text b)
{
	if (text_eq(a, b))
		return MATCH_FORM_EQUAL;
	if (same_by(fold_kana_close, a, b))
		return MATCH_FORM_FOLDED;
	if (same_by(fold_kana, a, b))
		return MATCH_FORM_SOUND;
	if (same_turned(a, b) || same_turned(b, a))
		return MATCH_FORM_ORDER;
	return MATCH_FORM_DIFFERS;
}

bool match_form_romans(struct text a, struct text b)
{
	return same_by(match_form_sorted, a, b);
}

/* Bytes of the prefecture that t begins with: 都道府県, 県 after two or three
 * characters, or 0. */
static size_t prefecture(struct text t)
{
	static const char *const others[] = {
	    "北海道", "東京都", "京都府", "大阪府"};
	size_t at = utf8_offset(t, 2);

	for (size_t k = 0; k < sizeof(others) / sizeof(*others); k++)
		if (t.n > 9 && memcmp(t.p, others[k], 9) == 0)
			return 9;
	for (int k = 2; k <= 3 && at < t.n; k++)
		if (utf8_next(t, &at) == 0x770C) /* 県 */
			return at;
	return 0;
}

void match_form_address(struct text address, struct buf *out)
{
	struct buf folded = {0};
	struct text t;

	fold_address(address, &folded);
	t = buf_text(&folded);
	if (t.n > 0)
		for (size_t i = prefecture(t); i < t.n;)
			utf8_put(out, variants_of(utf8_next(t, &i)));
	buf_fini(&folded);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

size_t match_form_block(struct text folded)
{
	size_t i = 0;
	int numbers = 0;

	while (i < folded.n && !is_digit(folded.p[i]))
		i++;
	while (i < folded.n && numbers < 3) {
		while (i < folded.n && is_digit(folded.p[i]))
			i++;
		numbers++;
		if (numbers == 3 || i + 1 >= folded.n || folded.p[i] != '-' ||
		    !is_digit(folded.p[i + 1]))
			break;
		i++;
	}
	return i;
}

/* 市 区 郡 町 村: what follows is a quarter of its own. */
static bool ends_municipality(struct text t)
{
	size_t at;
	uint32_t c = t.n > 0 ? utf8_before(t, t.n, &at) : 0;

	return c == 0x5E02 || c == 0x533A || c == 0x90E1 || c == 0x753A ||
	       c == 0x6751;
}

/* Does the longer go on with no more than a building, or begin with no more
 * than a city? Both are folded. */
static bool same_block(struct text shorter, struct text longer)
{
	size_t block = match_form_block(longer);
	struct text tail;

	if (shorter.n > longer.n || shorter.n < 6 ||
	    !is_digit(shorter.p[match_form_block(shorter) - 1]))
		return false;
	if (memcmp(longer.p, shorter.p, shorter.n) == 0)
		return shorter.n == block ||
		       (shorter.n > block && !is_digit(longer.p[shorter.n]));
	tail = text_trust(longer.p + longer.n - shorter.n, shorter.n);
	return text_eq(tail, shorter) && !is_digit(shorter.p[0]) &&
	       ends_municipality(text_trust(longer.p, longer.n - shorter.n));
}

enum match_form_address match_form_addresses(struct text a, struct text b)
{
	struct buf x = {0};
	struct buf y = {0};
	enum match_form_address how = MATCH_FORM_ELSEWHERE;

	if (text_eq(a, b))
		return MATCH_FORM_SAME;
	match_form_address(a, &x);
	match_form_address(b, &y);
	if (x.n > 0 && y.n > 0) {
		struct text s = buf_text(x.n < y.n ? &x : &y);
		struct text l = buf_text(x.n < y.n ? &y : &x);

		if (text_eq(s, l))
			how = MATCH_FORM_SAME_FOLDED;
		else if (same_block(s, l))
			how = MATCH_FORM_SAME_BLOCK;
	}
	buf_fini(&x);
	buf_fini(&y);
	return how;
}
