/* export.c — see export.h. */
#include "record/export.h"

#include "base/csv.h"
#include "base/file.h"
#include "record/kanri.h"
#include "record/xlsx.h"
#include "text/encoding.h"
#include "text/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define FILES 3
#define FOLDER_MODE 0700
#define FILE_MODE 0600

enum which { ANSWERS, TRANSACTIONS, OTHERS };

static const char *const file_names[FILES] = {
    "answers.csv", "transactions.csv", "others.csv"};

#define PIECE ((size_t)256 * 1024) /* bytes written together */
#define FLUSHED 32		   /* of these, brought to the disk together */

/* One of the three files. */
struct table {
	struct file file;
	char *path;
	bool done;	 /* its name exists and is ours */
	struct buf rows; /* made and not written yet */
	size_t pieces;	 /* written */
	size_t row;	 /* where the one at hand begins in them */
	long line;	 /* of that, from 1; of CP932 alone, which tells it */
	bool begun;	 /* the row has a cell */
};

struct export
{
	struct table table[FILES];
	enum export_encoding encoding;
	bool raw;
	bool plain; /* a cell's bytes are its text's, and no book has it too */
	char *made; /* the folder, if it was not there */
	struct refusals *lost;
	struct xlsx *book; /* or NULL */
	struct buf cell;
	struct buf safe;
	struct kanri_run run;	  /* of the 管理番号 */
	struct kanri last;	  /* the parts of the one before … */
	char last_of[KANRI_HEAD]; /* … as it begins */
};

/* What stands in all rows of one answer. */
struct context {
	struct text atena;
	struct text class;
	int correction;
	struct text kanri;
	struct text institution;
	const struct answer *answer; /* NULL: none yet */
};

static bool is_number(struct text t)
{
	size_t i = t.n > 0 && (t.p[0] == '+' || t.p[0] == '-');
	bool point = false;

	if (i == t.n || t.p[i] == '.' || t.p[t.n - 1] == '.')
		return false;
	for (; i < t.n; i++) {
		if (t.p[i] == '.' && !point)
			point = true;
		else if (t.p[i] < '0' || t.p[i] > '9')
			return false;
	}
	return true;
}

static bool begins_formula(char c)
{
	switch (c) {
	case '=':
	case '+':
	case '-':
	case '@':
	case '\t':
	case '\r':
		return true;
	default:
		return false;
	}
}

static bool is_formula(struct text t)
{
	return begins_formula(t.p[0]) && !is_number(t);
}

/* T2: what CP932 lacks becomes 〓, and is told. */
static void geta(struct export *x, const struct table *t, uint32_t c,
    const char *file, const char *item)
{
	struct err e;

	err_set(&e, ERR_INPUT, "export.geta", "CP932 にない文字を〓にしました",
	    "a character that CP932 lacks became 〓");
	(void)err_at(&e, file, t->line, 0, item);
	(void)err_detail(&e, "U+%04X", (unsigned)c);
	if (x->lost != NULL)
		refusals_add(x->lost, &e);
}

static void encode(struct export *x, const struct table *t, struct text in,
    const char *file, const char *item)
{
	const struct text mark = TEXT("〓");
	size_t bad_at;
	uint32_t bad;

	buf_clear(&x->cell);
	while (!encoding_encode(ENCODING_CP932, in, &x->cell, &bad_at, &bad)) {
		size_t end = bad_at;
		size_t before = x->cell.n;
		size_t at;
		uint32_t c;

		(void)utf8_next(in, &end);
		/* What stands before it, and the mark, can be encoded. */
		if (!encoding_encode(ENCODING_CP932, text_trust(in.p, bad_at),
			&x->cell, &at, &c) ||
		    !encoding_encode(ENCODING_CP932, mark, &x->cell, &at, &c))
			x->cell.n = before;
		geta(x, t, bad, file, item);
		in = text_trust(in.p + end, in.n - end);
	}
}

/* Money and numbers of shares: to be added up, not read as codes (T4). */
static bool is_amount(const char *item)
{
	static const char *const names[] = {
	    "出金", "入金", "残高", "金額", "口数"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(item, names[i]) == 0)
			return true;
	for (int i = 0; i < ANSWER_COUNT; i++)
		if (item_answer[i].type == ITEM_AMOUNT &&
		    strcmp(item, item_answer[i].name) == 0)
			return true;
	return false;
}

#if defined(__SSE2__)
/* Which of them are quotes, commas, CR or LF. */
static inline __m128i to_be_quoted(__m128i b)
{
	return _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(b, _mm_set1_epi8('"')),
				_mm_cmpeq_epi8(b, _mm_set1_epi8(','))),
	    _mm_or_si128(_mm_cmpeq_epi8(b, _mm_set1_epi8('\r')),
		_mm_cmpeq_epi8(b, _mm_set1_epi8('\n'))));
}

/* Copies at least four bytes in pieces, the last over part of the one before
 * it; true if none of them is to be quoted. */
static inline bool copy_pieces(unsigned char *to, struct text in)
{
	__m128i found = _mm_setzero_si128();
	__m128i b;

	for (size_t i = 0; i + 16 < in.n; i += 16) {
		b = _mm_loadu_si128((const void *)(in.p + i));
		_mm_storeu_si128((void *)(to + i), b);
		found = _mm_or_si128(found, to_be_quoted(b));
	}
	if (in.n >= 16) {
		b = _mm_loadu_si128((const void *)(in.p + in.n - 16));
		_mm_storeu_si128((void *)(to + in.n - 16), b);
	} else if (in.n >= 8) {
		__m128i head = _mm_loadu_si64(in.p);
		__m128i tail = _mm_loadu_si64(in.p + in.n - 8);

		_mm_storeu_si64(to, head);
		_mm_storeu_si64(to + in.n - 8, tail);
		b = _mm_unpacklo_epi64(head, tail);
	} else {
		__m128i head = _mm_loadu_si32(in.p);
		__m128i tail = _mm_loadu_si32(in.p + in.n - 4);

		_mm_storeu_si32(to, head);
		_mm_storeu_si32(to + in.n - 4, tail);
		b = _mm_unpacklo_epi32(head, tail);
		b = _mm_unpacklo_epi64(b, b);
	}
	found = _mm_or_si128(found, to_be_quoted(b));
	return _mm_movemask_epi8(found) == 0;
}
#endif

/* Copies in; true if none of its bytes is to be quoted. */
static inline bool copy(unsigned char *to, struct text in)
{
	bool good = true;

#if defined(__SSE2__)
	if (in.n >= 4)
		return copy_pieces(to, in);
#endif
	for (size_t i = 0; i < in.n; i++) {
		char c = in.p[i];

		good &= c != '"' && c != ',' && c != '\r' && c != '\n';
		to[i] = (unsigned char)c;
	}
	return good;
}

/* Writes the cell at to as nearly all are, in the very bytes of its text; false
 * if it is none of these. */
static inline bool put_plain(
    const struct export *x, unsigned char *to, struct text in)
{
	return x->plain && in.n != 0 && !begins_formula(in.p[0]) &&
	       copy(to, in);
}

/* Adds such a cell; false, and nothing is added, if it is none. */
static inline bool add_plain(struct export *x, struct table *t, struct text in)
{
	buf_room(&t->rows, in.n + 1);
	t->rows.p[t->rows.n] = ',';
	if (!put_plain(x, t->rows.p + t->rows.n + t->begun, in))
		return false;
	t->rows.n += t->begun + in.n;
	t->begun = true;
	return true;
}

/* Adds a cell to the row at hand; item is for what is told of it. */
static void cell(
    struct export *x, enum which w, struct text in, const char *item)
{
	struct table *t = &x->table[w];

	if (add_plain(x, t, in))
		return;
	if (x->book != NULL)
		xlsx_cell(x->book, w, in, in.n != 0 && is_amount(item));
	if (in.n == 0) { /* most are empty */
		if (t->begun)
			buf_byte(&t->rows, ',');
		t->begun = true;
		return;
	}
	if (is_formula(in)) {
		buf_clear(&x->safe);
		buf_byte(&x->safe, '\'');
		buf_text_add(&x->safe, in);
		in = buf_text(&x->safe);
	}
	/* CP932 keeps the bytes of '"', ',', CR and LF to themselves. */
	if (x->encoding == EXPORT_CP932) {
		encode(x, t, in, file_names[w], item);
		in = buf_text(&x->cell);
	}
	csv_put(&t->rows, in, !t->begun);
	t->begun = true;
}

/* The digits of n, perhaps at the end of z. */
static struct text decimal(size_t n, char z[24])
{
	static const char digits[] = "0123456789";
	size_t i = 24;

	if (n < 10)
		return text_trust(digits + n, 1);
	do
		z[--i] = digits[n % 10];
	while ((n /= 10) != 0);
	return text_trust(z + i, 24 - i);
}

static void cell_number(struct export *x, enum which w, size_t n)
{
	char z[24];

	cell(x, w, decimal(n, z), "");
}

static enum err_class write_rows(struct table *t, struct err *e)
{
	TRY(file_write(&t->file, buf_bytes(&t->rows), e));
	buf_clear(&t->rows);
	/* On its way to the disk while the next are made. */
	return ++t->pieces % FLUSHED == 0 ? file_flush(&t->file, e) : ERR_NONE;
}

/* The physical lines of the row at hand. */
static long lines_of(const struct table *t)
{
	long n = 0;

	for (size_t i = t->row; i < t->rows.n; i++)
		n += t->rows.p[i] == '\n';
	return n;
}

static enum err_class end_row(struct export *x, enum which w, struct err *e)
{
	struct table *t = &x->table[w];

	csv_end(&t->rows);
	if (x->encoding == EXPORT_CP932)
		t->line += lines_of(t);
	if (t->rows.n >= PIECE)
		TRY(write_rows(t, e));
	t->row = t->rows.n;
	t->begun = false;
	if (x->book != NULL)
		xlsx_end_row(x->book, w);
	return ERR_NONE;
}

static enum err_class header(struct export *x, enum which w,
    const char *const *names, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		cell(x, w, text_z(names[i]), names[i]);
	return end_row(x, w, e);
}

static enum err_class answers_header(struct export *x, struct err *e)
{
	static const char *const keys[] = {
	    "宛名番号", "回答分類", "訂正番号", "口座連番"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		cell(x, ANSWERS, text_z(keys[i]), keys[i]);
	for (int i = 0; i < ANSWER_COUNT; i++) {
		const char *name = item_answer[i].name;
		char raw[128];

		cell(x, ANSWERS, text_z(name), name);
		(void)snprintf(raw, sizeof(raw), "原:%s", name);
		if (x->raw)
			cell(x, ANSWERS, text_z(raw), name);
	}
	return end_row(x, ANSWERS, e);
}

static enum err_class headers(struct export *x, struct err *e)
{
	static const char *const transactions[] = {"管理番号", "金融機関コード",
	    "店番", "口座種別", "口座番号", "連番", "取引日", "起算日", "出金",
	    "入金", "残高", "摘要"};
	static const char *const others[] = {"管理番号", "金融機関コード",
	    "種類", "連番", "名称", "金額", "口数", "日付", "摘要"};

	if (x->encoding == EXPORT_UTF8_BOM)
		for (int i = 0; i < FILES; i++)
			buf_z(&x->table[i].rows, "\xEF\xBB\xBF");
	TRY(answers_header(x, e));
	TRY(header(x, TRANSACTIONS, transactions,
	    sizeof(transactions) / sizeof(*transactions), e));
	return header(x, OTHERS, others, sizeof(others) / sizeof(*others), e);
}

static enum err_class make_folder(
    struct export *x, const char *dir, struct err *e)
{
	if (mkdir(dir, FOLDER_MODE) == 0) {
		x->made = arena_xmalloc(strlen(dir) + 1);
		(void)strcpy(x->made, dir);
		return ERR_NONE;
	}
	return errno == EEXIST ? ERR_NONE : err_errno(e, dir);
}

static enum err_class begin_book(
    struct export *x, const struct export_order *o, struct err *e)
{
	static const char *const sheets[FILES] = {
	    "answers", "transactions", "others"};
	size_t n = strlen(o->dir) + sizeof("/answers.xlsx");
	char *path = arena_xmalloc(n);
	enum err_class class;

	(void)snprintf(path, n, "%s/answers.xlsx", o->dir);
	class = xlsx_open(path, o->dir, o->force, sheets, FILES, &x->book, e);
	free(path);
	return class;
}

static enum err_class begin(
    struct export *x, const struct export_order *o, struct err *e)
{
	const char *dir = o->dir;

	TRY(make_folder(x, dir, e));
	for (int i = 0; i < FILES; i++) {
		size_t n = strlen(dir) + strlen(file_names[i]) + 2;
		struct table *t = &x->table[i];

		t->line = 1;
		t->path = arena_xmalloc(n);
		(void)snprintf(t->path, n, "%s/%s", dir, file_names[i]);
		TRY(file_create(&t->file, t->path, FILE_MODE, o->force, e));
	}
	if (o->xlsx)
		TRY(begin_book(x, o, e));
	x->plain = o->encoding != EXPORT_CP932 && !o->xlsx;
	return headers(x, e);
}

bool export_encoding_named(const char *name, enum export_encoding *out)
{
	static const char *const names[] = {
	    [EXPORT_UTF8] = "utf-8",
	    [EXPORT_UTF8_BOM] = "utf-8-bom",
	    [EXPORT_CP932] = "cp932",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(name, names[i]) == 0) {
			*out = (enum export_encoding)i;
			return true;
		}
	return false;
}

enum err_class export_open(
    const struct export_order *order, struct export **out, struct err *e)
{
	struct export *x = arena_xmalloc(sizeof(*x));
	enum err_class c;

	*x = (struct export){.encoding = order->encoding,
	    .raw = order->raw,
	    .lost = order->lost};
	for (int i = 0; i < FILES; i++)
		x->table[i].file.fd = -1;
	c = begin(x, order, e);
	if (c != ERR_NONE) {
		export_abandon(x);
		return c;
	}
	*out = x;
	return ERR_NONE;
}

static struct text first_of(struct text a, struct text b)
{
	return a.n != 0 ? a : b;
}

/* Rows of others.csv of 担保, or of all else: each is counted once. */
static size_t others_of(const struct answer *x, bool collateral)
{
	size_t n = 0;

	for (size_t i = 0; i < x->other_count; i++)
		n += text_is(x->others[i].kind, "2") == collateral;
	return n;
}

/* The number of rows below for a COUNT item; empty if nothing was answered. */
static struct text count_of(const struct context *c,
    const struct answer_account *account, enum answer_item item, char z[24])
{
	size_t n;

	if (c->answer == NULL || !answer_class_is_answered(c->answer->class))
		return TEXT("");
	if (item == ANSWER_STATEMENT)
		n = account == NULL ? 0 : account->transaction_count;
	else
		n = others_of(c->answer, item == ANSWER_COLLATERAL);
	return decimal(n, z);
}

static struct text value_of(const struct context *c,
    const struct answer_account *account, enum answer_item item, char z[24])
{
	struct text t = TEXT("");

	if (item_answer[item].type == ITEM_COUNT)
		return count_of(c, account, item, z);
	if (account != NULL)
		t = account->f[item];
	if (c->answer != NULL)
		t = first_of(t, c->answer->f[item]);
	if (item == ANSWER_INQUIRY)
		return first_of(t, c->kanri);
	if (item == ANSWER_BANK_CODE)
		return first_of(t, c->institution);
	return t;
}

/*
 * As the bank wrote it. Where nothing was kept beside the value, the bank
 * wrote the value itself; but a count is ours, and an item that is not the
 * bank's to fill was not written by it.
 */
static struct text raw_of(const struct context *c,
    const struct answer_account *account, enum answer_item item)
{
	bool own = item_answer[item].source == ITEM_OF_BANK &&
		   item_answer[item].type != ITEM_COUNT;

	if (account != NULL && account->raw[item].n != 0)
		return account->raw[item];
	if (account != NULL && account->f[item].n != 0)
		return own ? account->f[item] : TEXT("");
	if (c->answer == NULL)
		return TEXT("");
	return first_of(
	    c->answer->raw[item], own ? c->answer->f[item] : TEXT(""));
}

#define BIT(item) (UINT64_C(1) << (item))

/* Items that have a value where the answer has none. */
#define NEVER_EMPTY                                                            \
	(BIT(ANSWER_INQUIRY) | BIT(ANSWER_BANK_CODE) | BIT(ANSWER_STATEMENT) | \
	    BIT(ANSWER_COLLATERAL) | BIT(ANSWER_OTHERS))
_Static_assert(ANSWER_COUNT <= 64, "a bit for each item");

#if defined(__SSE2__)
_Static_assert(offsetof(struct text, n) == 8 && sizeof(struct text) == 16,
    "a length is the second half of a text");

/* Of two texts. */
static inline __m128 lengths_of(const struct text *f)
{
	return _mm_castsi128_ps(
	    _mm_unpackhi_epi64(_mm_loadu_si128((const void *)f),
		_mm_loadu_si128((const void *)(f + 1))));
}
#endif

/* A bit for each item that is not empty. */
static uint64_t told_in(const struct text *f)
{
	uint64_t told = 0;
	int i = 0;

#if defined(__SSE2__)
	for (; i + 4 <= (int)ANSWER_COUNT; i += 4) {
		/* The lower halves of the lengths: none is so long. */
		__m128 n = _mm_shuffle_ps(lengths_of(f + i),
		    lengths_of(f + i + 2), _MM_SHUFFLE(2, 0, 2, 0));
		__m128i none =
		    _mm_cmpeq_epi32(_mm_castps_si128(n), _mm_setzero_si128());
		int empty = _mm_movemask_ps(_mm_castsi128_ps(none));

		told |= (uint64_t)(empty ^ 0xF) << i;
	}
#endif
	for (; i < (int)ANSWER_COUNT; i++)
		told |= (uint64_t)(f[i].n != 0) << i;
	return told;
}

/* The cells of n empty items and the comma before the next, with room for
 * that; of a row that is begun. */
static inline unsigned char *put_empty(struct buf *row, size_t n, size_t next)
{
	buf_room(row, ANSWER_COUNT + 1 + next);
	memset(row->p + row->n, ',', ANSWER_COUNT + 1);
	row->n += n;
	return row->p + row->n + 1;
}

/* The items' cells where nothing is told of one and nothing stands beside it:
 * as cell writes them. Most are empty. */
static void plain_cells(struct export *x, const struct context *c,
    const struct answer_account *account)
{
	static const struct text none[ANSWER_COUNT];
	const struct text *own = account != NULL ? account->f : none;
	const struct text *all = c->answer != NULL ? c->answer->f : none;
	struct buf *row = &x->table[ANSWERS].rows;
	uint64_t told =
	    NEVER_EMPTY | told_in(all) | (account != NULL ? told_in(own) : 0);
	int begun = 0;

	for (; told != 0; told &= told - 1) {
		int i = __builtin_ctzll(told);
		char z[24];
		struct text in =
		    NEVER_EMPTY & BIT(i)
			? value_of(c, account, (enum answer_item)i, z)
			: first_of(own[i], all[i]);
		unsigned char *to = put_empty(row, (size_t)(i - begun), in.n);

		if (put_plain(x, to, in))
			row->n += 1 + in.n;
		else
			cell(x, ANSWERS, in, item_answer[i].name);
		begun = i + 1;
	}
	(void)put_empty(row, (size_t)(ANSWER_COUNT - begun), 0);
}

/* The cells before the items. */
static void keys_of_row(
    struct export *x, const struct context *c, size_t number)
{
	struct table *t = &x->table[ANSWERS];
	char z[2][24];
	const struct text correction = decimal((size_t)c->correction, z[0]);
	const struct text account = decimal(number, z[1]);

	if (!add_plain(x, t, c->atena))
		cell(x, ANSWERS, c->atena, "宛名番号");
	if (!add_plain(x, t, c->class))
		cell(x, ANSWERS, c->class, "回答分類");
	if (!add_plain(x, t, correction))
		cell(x, ANSWERS, correction, "");
	if (!add_plain(x, t, account))
		cell(x, ANSWERS, account, "");
}

static enum err_class answer_row(struct export *x, const struct context *c,
    const struct answer_account *account, size_t number, struct err *e)
{
	keys_of_row(x, c, number);
	if (!x->raw && x->book == NULL) {
		plain_cells(x, c, account);
		return end_row(x, ANSWERS, e);
	}
	for (int i = 0; i < ANSWER_COUNT; i++) {
		enum answer_item item = (enum answer_item)i;
		char z[24];

		cell(x, ANSWERS, value_of(c, account, item, z),
		    item_answer[i].name);
		if (x->raw)
			cell(x, ANSWERS, raw_of(c, account, item),
			    item_answer[i].name);
	}
	return end_row(x, ANSWERS, e);
}

static enum err_class transaction_rows(struct export *x,
    const struct context *c, const struct answer_account *account,
    struct err *e)
{
	static const enum answer_item keys[] = {ANSWER_INQUIRY,
	    ANSWER_BANK_CODE, ANSWER_BRANCH, ANSWER_ACCOUNT_KIND,
	    ANSWER_ACCOUNT};
	const enum which w = TRANSACTIONS;
	char z[24];

	for (size_t i = 0; i < account->transaction_count; i++) {
		const struct answer_transaction *t = &account->transactions[i];

		for (size_t k = 0; k < sizeof(keys) / sizeof(*keys); k++)
			cell(x, w, value_of(c, account, keys[k], z),
			    item_answer[keys[k]].name);
		cell_number(x, w, i + 1);
		cell(x, w, t->date, "取引日");
		cell(x, w, t->value_date, "起算日");
		cell(x, w, t->out, "出金");
		cell(x, w, t->in, "入金");
		cell(x, w, t->balance, "残高");
		cell(x, w, t->note, "摘要");
		TRY(end_row(x, w, e));
	}
	return ERR_NONE;
}

static enum err_class other_rows(
    struct export *x, const struct context *c, struct err *e)
{
	const enum which w = OTHERS;
	char z[24];

	for (size_t i = 0; i < c->answer->other_count; i++) {
		const struct answer_other *o = &c->answer->others[i];

		cell(x, w, value_of(c, NULL, ANSWER_INQUIRY, z), "管理番号");
		cell(x, w, value_of(c, NULL, ANSWER_BANK_CODE, z),
		    "金融機関コード");
		cell(x, w, o->kind, "種類");
		cell_number(x, w, i + 1);
		cell(x, w, o->name, "名称");
		cell(x, w, o->amount, "金額");
		cell(x, w, o->units, "口数");
		cell(x, w, o->date, "日付");
		cell(x, w, o->note, "摘要");
		TRY(end_row(x, w, e));
	}
	return ERR_NONE;
}

static enum err_class rows(
    struct export *x, const struct context *c, struct err *e)
{
	const struct answer *answer = c->answer;

	if (answer == NULL || answer->account_count == 0)
		TRY(answer_row(x, c, NULL, 0, e));
	if (answer == NULL)
		return ERR_NONE;
	for (size_t i = 0; i < answer->account_count; i++)
		TRY(answer_row(x, c, &answer->accounts[i], i + 1, e));
	/* Their rows do not tell a correction from the final answer. */
	if (c->correction != 0)
		return ERR_NONE;
	for (size_t i = 0; i < answer->account_count; i++)
		TRY(transaction_rows(x, c, &answer->accounts[i], e));
	return other_rows(x, c, e);
}

/* The institution that a 管理番号 names; empty if it is none. Most that follow
 * one another are alike up to the ordinal. */
static struct text institution_of(struct export *x, struct text kanri)
{
	if (!kanri_run_is(&x->run, kanri))
		return TEXT("");
	if (memcmp(x->last_of, kanri.p, KANRI_HEAD) != 0) {
		(void)kanri_parse(kanri, &x->last);
		memcpy(x->last_of, kanri.p, KANRI_HEAD);
	}
	return text_z(x->last.institution);
}

enum err_class export_answer(struct export *x, struct text atena,
    int correction, const char *kanri, const struct answer *answer,
    const char *pending, struct err *e)
{
	enum answer_class class;
	struct context c = {
	    .atena = atena,
	    .class = TEXT(""),
	    .correction = correction,
	    .kanri = text_z(kanri),
	    .answer = answer,
	};

	if (answer != NULL)
		c.class = text_z(answer_class_ja(answer->class));
	else if (answer_class_named(text_z(pending), &class))
		c.class = text_z(answer_class_ja(class));
	c.institution = institution_of(x, c.kanri);
	return rows(x, &c, e);
}

enum err_class export_close(struct export *x, struct err *e)
{
	struct xlsx *book = x->book;
	enum err_class c = ERR_NONE;

	x->book = NULL;
	if (book != NULL)
		c = xlsx_close(book, e);
	/* answers.csv last: where it stands, the others do. */
	for (int i = FILES - 1; i >= 0 && c == ERR_NONE; i--) {
		c = write_rows(&x->table[i], e);
		if (c == ERR_NONE)
			c = file_commit(&x->table[i].file, e);
		x->table[i].done = c == ERR_NONE;
	}
	if (c == ERR_NONE) {
		for (int i = 0; i < FILES; i++)
			x->table[i].done = false;
		free(x->made);
		x->made = NULL;
	}
	export_abandon(x);
	return c;
}

void export_abandon(struct export *x)
{
	if (x == NULL)
		return;
	for (int i = 0; i < FILES; i++) {
		struct table *t = &x->table[i];

		file_abandon(&t->file);
		if (t->done)
			(void)unlink(t->path);
		free(t->path);
		buf_fini(&t->rows);
	}
	xlsx_abandon(x->book);
	if (x->made != NULL)
		(void)rmdir(x->made);
	free(x->made);
	buf_fini(&x->cell);
	buf_fini(&x->safe);
	free(x);
}
