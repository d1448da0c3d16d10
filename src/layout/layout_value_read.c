/* layout_value_read.c — the institution's field back into canonical text. */
#include "layout/layout_known.h"
#include "layout/layout_memo.h"
#include "text/utf8.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

static enum err_class refuse(const struct layout_column *c, struct err *e,
    const char *code, const char *ja, const char *en)
{
	err_set(e, ERR_INPUT, code, ja, en);
	(void)err_at(e, NULL, 0, 0, c->name.p);
	return e->class;
}

size_t layout_value_read_before_blanks(struct bytes b)
{
#if defined(__SSE2__)
	const __m128i blanks = _mm_set1_epi8(' ');

	for (; b.n >= 16; b.n -= 16) {
		__m128i last = _mm_loadu_si128((const void *)(b.p + b.n - 16));
		unsigned other =
		    ~(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(last, blanks));

		other &= 0xFFFF;
		if (other != 0)
			return b.n + 16 - (unsigned)__builtin_clz(other);
	}
#endif
	while (b.n > 0 && b.p[b.n - 1] == ' ')
		b.n--;
	return b.n;
}

struct bytes layout_value_read_trim(
    const struct layout *l, const struct layout_column *c, struct bytes field)
{
	if (l->form != FORM_FIXED)
		return field;
	/* Numbers may stand with blanks before the zeros, and a field nobody
	 * filled is blank whatever its padding. */
	if (!c->pad_left)
		field.n = layout_value_read_before_blanks(field);
	while (field.n > 0 && field.p[0] == ' ' && c->pad_left) {
		field.p++;
		field.n--;
	}
	return field;
}

#define EACH UINT64_C(0x0101010101010101)

/* A field's bytes: are some of them controls, some beyond ASCII? */
struct look {
	bool control;
	bool beyond;
};

#if defined(__SSE2__)
/* Sixteen bytes or more; the last of them once more, if some are left. */
static inline struct look look_at_many(struct bytes b)
{
	const __m128i highest = _mm_set1_epi8(0x1f);
	const __m128i delete = _mm_set1_epi8(0x7f);
	__m128i control = _mm_setzero_si128();
	__m128i beyond = _mm_setzero_si128();

	for (size_t i = 0;; i = i + 32 <= b.n ? i + 16 : b.n - 16) {
		__m128i w = _mm_loadu_si128((const void *)(b.p + i));

		control = _mm_or_si128(control,
		    _mm_or_si128(_mm_cmpeq_epi8(w, _mm_min_epu8(w, highest)),
			_mm_cmpeq_epi8(w, delete)));
		beyond = _mm_or_si128(beyond, w);
		if (i + 16 == b.n)
			break;
	}
	return (struct look){
	    _mm_movemask_epi8(control) != 0, _mm_movemask_epi8(beyond) != 0};
}
#endif

static struct look look_at(struct bytes b)
{
	uint64_t control = 0;
	uint64_t beyond = 0;
	size_t i = 0;

#if defined(__SSE2__)
	if (b.n >= 16)
		return look_at_many(b);
#endif
	for (; i + 8 <= b.n; i += 8) {
		uint64_t w;
		uint64_t low;

		memcpy(&w, b.p + i, 8);
		low = w & EACH * 0x7f;
		/* The high bit of each byte under 0x20, and of each 0x7f. */
		control |= (~(low + EACH * 0x60) | (low + EACH)) & ~w;
		beyond |= w;
	}
	for (; i < b.n; i++) {
		control |= b.p[i] < 0x20 || b.p[i] == 0x7f ? 0x80 : 0;
		beyond |= b.p[i];
	}
	return (struct look){
	    (control & EACH * 0x80) != 0, (beyond & EACH * 0x80) != 0};
}

static bool is_ascii(struct bytes b)
{
	struct look look = look_at(b);

	return !look.beyond && !look.control;
}

/* T1: the only way from a file's bytes to text. */
bool layout_value_read_plain(
    const struct layout *l, struct bytes b, struct arena *a, struct text *out)
{
	struct look look = look_at(b);
	unsigned char *to;
	size_t bad;

	if (look.control)
		return false;
	if (!look.beyond) {
		*out = text_trust((const char *)b.p, b.n);
		return true;
	}
	if (l->encoding == ENCODING_UTF8)
		return utf8_decode(b, out, &bad);
	to = arena_take(a, ENCODING_ROOM(b.n));
	*out = (struct text){.p = (const char *)to};
	return encoding_decode_at(l->encoding, b, to, &out->n);
}

static void put_digits(char *to, int n, int width)
{
	for (int i = width; i-- > 0; n /= 10)
		to[i] = (char)('0' + n % 10);
}

/* The day of the inquiry or the answer: none without era is later. */
static void keep_context(
    struct layout *l, const struct layout_column *c, struct date d)
{
	if ((c->scope == SCOPE_REQUEST && c->slot == REQUEST_BASE_DATE) ||
	    (c->scope == SCOPE_ANSWER &&
		(c->slot == ANSWER_BASE_DATE || c->slot == ANSWER_AS_OF)))
		l->run.context = d;
}

static bool get_date(struct layout *l, const struct layout_column *c,
    struct text in, struct date *d)
{
	if (!c->era6)
		return wareki_get(c->date, in, d);
	if (l->run.context.year == 0)
		(void)date_parse(text_z(l->version), &l->run.context);
	return wareki_get_era6(in, l->run.context, d);
}

static enum err_class read_date(struct layout *l, const struct layout_column *c,
    struct text in, struct arena *a, struct text *out, struct err *e)
{
	bool partial = c->scope == SCOPE_REQUEST ? c->slot == REQUEST_BIRTH
						 : c->scope == SCOPE_ANSWER &&
						       c->slot == ANSWER_BIRTH;
	char *z;
	struct date d;

	*out = (struct text){0};
	if (in.n == 0)
		return ERR_NONE;
	if (!get_date(l, c, in, &d))
		return refuse(c, e, "answer.bad_date", "日付ではありません",
		    "this is no date of the form agreed");
	if (d.year == 0 && !partial)
		return ERR_NONE;
	if (d.day == 0 && !partial)
		return refuse(c, e, "answer.bad_date", "日まで要る日付です",
		    "this date needs its day");
	keep_context(l, c, d);
	z = arena_take(a, 10);
	put_digits(z, d.year, 4);
	z[4] = '-';
	put_digits(z + 5, d.month, 2);
	z[7] = '-';
	put_digits(z + 8, d.day, 2);
	*out = text_trust(z, 10);
	return ERR_NONE;
}

struct text layout_value_read_period(
    struct arena *a, struct text from, struct text to)
{
	char *z;

	if (from.n == 0 && to.n == 0)
		return (struct text){0};
	z = arena_take(a, from.n + to.n + 1);
	if (from.n != 0)
		memcpy(z, from.p, from.n);
	z[from.n] = '/';
	if (to.n != 0)
		memcpy(z + from.n + 1, to.p, to.n);
	return text_trust(z, from.n + to.n + 1);
}

/* Where a whole period is cut in two: forms differ in length. */
static enum err_class read_period(struct layout *l,
    const struct layout_column *c, struct text in, struct arena *a,
    struct text *out, struct err *e)
{
	struct text from;
	struct text to;
	size_t half;

	if (c->part != PERIOD_WHOLE || in.n == 0)
		return read_date(l, c, in, a, out, e);
	if (in.n < c->join.n || (in.n - c->join.n) % 2 != 0 ||
	    memcmp(in.p + (in.n - c->join.n) / 2, c->join.p, c->join.n) != 0)
		return refuse(c, e, "answer.bad_date", "期間ではありません",
		    "this is no period of the form agreed");
	half = (in.n - c->join.n) / 2;
	TRY(read_date(l, c, text_trust(in.p, half), a, &from, e));
	TRY(read_date(
	    l, c, text_trust(in.p + half + c->join.n, half), a, &to, e));
	*out = layout_value_read_period(a, from, to);
	return ERR_NONE;
}

static enum err_class read_amount(const struct layout_column *c, struct text in,
    struct arena *a, struct text *out, struct err *e)
{
	char *z = arena_take(a, 32);
	size_t n = 0;
	bool minus = in.n > 0 && in.p[0] == '-';
	size_t i = minus || (in.n > 0 && in.p[0] == '+');
	size_t seen = 0;

	*out = (struct text){0};
	if (in.n == 0)
		return ERR_NONE;
	if (minus)
		z[n++] = '-';
	for (; i < in.n; i++) {
		if (in.p[i] == ',' && c->commas && seen > 0)
			continue;
		if (in.p[i] < '0' || in.p[i] > '9')
			break;
		seen++;
		if (in.p[i] == '0' && n == minus)
			continue; /* a leading zero */
		if (n - minus == 15)
			break;
		z[n++] = in.p[i];
	}
	if (i < in.n || seen == 0)
		return refuse(c, e, "answer.bad_amount", "金額ではありません",
		    "this is no amount");
	if (n == minus) {
		z[0] = '0';
		n = 1;
	}
	*out = text_trust(z, n);
	return ERR_NONE;
}

static enum err_class read_map(
    const struct layout_column *c, struct layout_reading *r, struct err *e)
{
	for (size_t i = 0; i < c->map.n; i++) {
		const struct layout_pair *p = &c->map.pair[i];

		if (p->refused || !text_eq(p->theirs, r->raw))
			continue;
		/* Several of ours may be blank: then it is not told. */
		r->value = r->raw.n == 0 && c->scope == SCOPE_REQUEST
			       ? (struct text){0}
			       : p->ours;
		r->class = p->class;
		return ERR_NONE;
	}
	r->value = (struct text){0};
	if (r->raw.n == 0 && c->op != OP_CLASS)
		return ERR_NONE;
	return refuse(c, e, "answer.unknown_code", "取決めにないコードです",
	    "a code that was not agreed");
}

/* A code without a map is one of ours, or of any value within its length. */
static enum err_class check_code(
    const struct layout_column *c, struct text in, struct err *e)
{
	const char *const *domain = layout_domain(c);

	if (in.n == 0)
		return ERR_NONE;
	if (in.n > c->max && utf8_count(in) > c->max)
		return refuse(c, e, "answer.field_too_long", "長すぎる値です",
		    "the value is too long");
	if (domain == NULL)
		return ERR_NONE;
	for (; *domain != NULL; domain++)
		if (text_is(in, *domain))
			return ERR_NONE;
	return refuse(c, e, "answer.unknown_code", "取決めにないコードです",
	    "a code that was not agreed");
}

/* A rule that refuses leaves the bank's own words: nothing an institution
 * answered is withheld. */
static struct text canonical(struct layout *l, const struct layout_column *c,
    struct text raw, struct arena *a)
{
	struct rules_report report = {0};
	struct text out;

	if (c->read == NULL ||
	    layout_memo_read(l, c->read, c->read_parted, raw, a, &out) ||
	    rules_apply(c->read, raw, a, &out, &report))
		return c->read == NULL ? raw : out;
	return raw;
}

/* A code, or a text whose words may be half-width kana, which take two
 * characters for a voiced one. */
static enum err_class check_text(
    const struct layout_column *c, struct text value, struct err *e)
{
	if (c->type == ITEM_CODE || c->type == ITEM_FLAG)
		return check_code(c, value, e);
	if (value.n > 2 * c->max && utf8_count(value) > 2 * c->max)
		return refuse(c, e, "answer.field_too_long", "長すぎる値です",
		    "the value is too long");
	return ERR_NONE;
}

/* The words of names come again and again. */
static struct layout_known *known_of(
    const struct layout *l, const struct layout_column *c)
{
	return c->op == OP_TEXT && c->read != NULL &&
		       c->read_parted == RULES_CUT_SPACE && l->memo != NULL
		   ? layout_memo_known(l->memo)
		   : NULL;
}

static enum err_class read_value(struct layout *l,
    const struct layout_column *c, struct arena *a, struct layout_reading *r,
    struct err *e)
{
	switch (c->op) {
	case OP_TEXT:
		r->value = canonical(l, c, r->raw, a);
		return check_text(c, r->value, e);
	case OP_CODE:
		r->value = r->raw;
		return check_code(c, r->value, e);
	case OP_MAP:
		return read_map(c, r, e);
	case OP_CLASS:
		return read_map(c, r, e);
	case OP_DATE:
		return read_date(l, c, r->raw, a, &r->value, e);
	case OP_PERIOD:
		return read_period(l, c, r->raw, a, &r->value, e);
	case OP_AMOUNT:
		return read_amount(c, r->raw, a, &r->value, e);
	}
	return ERR_NONE;
}

enum err_class layout_value_read(struct layout *l,
    const struct layout_column *c, struct bytes field, struct arena *a,
    struct layout_reading *out, struct err *e)
{
	struct layout_known *known;

	field = layout_value_read_trim(l, c, field);
	/* Most fields of most answers are empty: only a map reads that. */
	if (field.n == 0 && !c->required && c->op != OP_MAP &&
	    c->op != OP_CLASS) {
		out->raw = out->value = TEXT("");
		return ERR_NONE;
	}
	if (field.n > LAYOUT_FIELD_BYTES_MAX)
		return refuse(c, e, "answer.field_too_long", "長すぎる値です",
		    "the value is too long");
	known = known_of(l, c);
	if (known != NULL && layout_known_read(known, c, field, a, out))
		return check_text(c, out->value, e);
	if (!layout_value_read_plain(l, field, a, &out->raw))
		return refuse(c, e, "answer.bad_char",
		    "文字コードにない文字です",
		    "bytes that stand for no character");
	if (c->required && out->raw.n == 0)
		return refuse(c, e, "answer.missing", "必要な値がありません",
		    "a needed value is missing");
	TRY(read_value(l, c, a, out, e));
	if (known != NULL)
		layout_known_learn(known, l, c, field, out);
	return ERR_NONE;
}

bool layout_value_read_count(const struct layout *l,
    const struct layout_column *c, struct bytes field, size_t *out)
{
	int64_t v;

	field = layout_value_read_trim(l, c, field);
	if (!is_ascii(field) ||
	    !text_to_int(text_trust((const char *)field.p, field.n),
		INT64_C(999999999), &v))
		return false;
	*out = (size_t)v;
	return true;
}
