/* layout_check.c — see layout_check.h. */
#include "layout/layout_check.h"

#include "base/digest.h"
#include "layout/layout_markup.h"
#include "record/limits.h"
#include "text/utf8.h"

#include <stdio.h>

/* 合計金額 of a trailer (全銀協規定フォーマット, 総合振込); an amount may be of
 * any width: one that is wider is left blank (layout_put.c). */
#define SUM_BYTES 12
#define ROWS_BYTES 9
#define BELOW_BYTES 6 /* a count of rows below one record */

struct checking {
	struct layout_find *f;
	struct layout *l;
	const struct layout_part *part;
	bool is_request;
};

static void finding(const struct checking *x, const struct layout_column *c,
    const char *code, const char *ja, const char *en, const char *detail)
{
	layout_find_add(x->f, c->line, c->place, code, ja, en, detail);
}

static void row_finding(const struct checking *x, const struct layout_row *row,
    const char *code, const char *ja, const char *en, const char *detail)
{
	layout_find_add(x->f, row->line, row->place, code, ja, en, detail);
}

/* ---- what fits ---- */

static void too_narrow(const struct checking *x, const struct layout_column *c,
    size_t needs, const char *what)
{
	char detail[96];

	if (c->width == 0 || c->width >= needs)
		return;
	(void)snprintf(detail, sizeof(detail), "%s: width %zu, needs %zu", what,
	    c->width, needs);
	finding(x, c, "layout.never_fits", "値がこの幅に収まりません",
	    "the value does not fit this width", detail);
}

static void not_encodable(const struct checking *x,
    const struct layout_column *c, const char *ja, const char *en)
{
	finding(
	    x, c, "layout.never_fits", ja, en, encoding_name(x->l->encoding));
}

static void check_literal(const struct checking *x,
    const struct layout_column *c, struct text t, const char *what)
{
	size_t n = encoding_width(x->l->encoding, t);

	if (n == SIZE_MAX)
		not_encodable(x, c, "この文字コードでは書けない値です",
		    "the encoding cannot carry this value");
	else
		too_narrow(x, c, n, what);
}

static size_t date_bytes(enum wareki_form form)
{
	switch (form) {
	case WAREKI_YMD8:
		return 8;
	case WAREKI_SLASH:
	case WAREKI_ISO:
		return 10;
	case WAREKI_ERA7:
		return 7;
	}
	return 10;
}

static size_t digits(size_t n)
{
	size_t d = 1;

	while (n >= 10) {
		n /= 10;
		d++;
	}
	return d;
}

/* Is the item one of those that are written in kanji? */
static bool is_kanji(const struct checking *x, int slot)
{
	if (x->is_request)
		return slot == REQUEST_KANJI || slot == REQUEST_ADDRESS ||
		       slot == REQUEST_REGISTRANT;
	return slot == ANSWER_KANJI || slot == ANSWER_ADDRESS ||
	       slot == ANSWER_BANK_NAME || slot == ANSWER_BRANCH_NAME;
}

/*
 * The single-byte set has no kanji, and no reading is guessed from them; it
 * has kana in half width only (DOMAIN §5.1).
 */
static void check_zengin(
    const struct checking *x, const struct layout_column *c)
{
	const char *rules = c->rules_text[1];

	if (x->l->encoding != ENCODING_ZENGIN || c->value != VALUE_ITEM ||
	    c->op != OP_TEXT)
		return;
	if ((c->scope == SCOPE_ANSWER && is_kanji(x, c->slot)) ||
	    (c->scope == SCOPE_REQUEST && is_kanji(x, c->from[1][0])))
		not_encodable(x, c, "一バイト文字では漢字を送れません",
		    "a single-byte set carries no kanji");
	else if (c->type == ITEM_KANA &&
		 (rules == NULL || (strstr(rules, "kana-half") == NULL &&
				       strstr(rules, "zengin:") == NULL)))
		not_encodable(x, c, "半角カナにする規則が要ります",
		    "a rule must make the kana half-width");
}

/* What the bank wrote is kept in the item as it stands. */
static void check_class_fits(const struct checking *x,
    const struct layout_column *c, const struct layout_pair *pair)
{
	char detail[96];
	size_t n = utf8_count(pair->theirs);

	if (n <= c->max)
		return;
	(void)snprintf(detail, sizeof(detail),
	    "%.*s: %zu characters, at most %zu", (int)pair->ours.n,
	    pair->ours.p, n, c->max);
	finding(x, c, "layout.never_fits", "この項目より長い区分です",
	    "longer than the item", detail);
}

static void check_map_fits(
    const struct checking *x, const struct layout_column *c)
{
	for (size_t i = 0; i < c->map.n; i++)
		if (!c->map.pair[i].refused)
			check_literal(
			    x, c, c->map.pair[i].theirs, c->map.pair[i].ours.p);
	for (size_t i = 0; i < c->map.n && c->op == OP_CLASS; i++)
		if (!c->map.pair[i].refused)
			check_class_fits(x, c, &c->map.pair[i]);
}

static size_t code_needs(
    const struct checking *x, const struct layout_column *c)
{
	if (!x->is_request)
		return c->max;
	/* Of a request's codes these two always have their full length. */
	if (c->slot == REQUEST_INQUIRY || c->slot == REQUEST_POSTAL)
		return c->max;
	return 1;
}

static void check_item_fits(
    const struct checking *x, const struct layout_column *c)
{
	size_t one = c->era6 ? 6 : date_bytes(c->date);

	switch (c->op) {
	case OP_TEXT:
		check_zengin(x, c);
		break;
	case OP_CODE:
		too_narrow(x, c, code_needs(x, c), c->name.p);
		break;
	case OP_MAP:
	case OP_CLASS:
		check_map_fits(x, c);
		break;
	case OP_DATE:
		too_narrow(x, c, one, c->name.p);
		break;
	case OP_PERIOD:
		too_narrow(x, c,
		    c->part == PERIOD_WHOLE ? 2 * one + c->join.n : one,
		    c->name.p);
		break;
	case OP_AMOUNT:
		if (c->type == ITEM_COUNT)
			too_narrow(x, c, BELOW_BYTES, c->name.p);
		break;
	}
}

static void check_fits(const struct checking *x, const struct layout_column *c)
{
	switch (c->value) {
	case VALUE_ITEM:
		check_item_fits(x, c);
		break;
	case VALUE_CONSTANT:
		check_literal(x, c, c->constant, "constant");
		break;
	case VALUE_FILLER:
		break;
	case VALUE_SUM:
		too_narrow(x, c, SUM_BYTES, "sum");
		break;
	case VALUE_DIGEST:
		too_narrow(x, c, DIGEST_TEXT - 1, "digest");
		break;
	case VALUE_FILE_ID:
		too_narrow(x, c, LAYOUT_FILE_ID_MAX, "file-id");
		break;
	case VALUE_CODE:
		too_narrow(x, c, 4, "institution");
		break;
	case VALUE_NAME:
		check_literal(x, c, text_z(x->l->name), "institution-name");
		break;
	case VALUE_RECORDS:
		too_narrow(x, c,
		    x->part->per_account
			? digits(LAYOUT_RECORDS_MAX * LIMIT_ANSWER_ACCOUNTS)
			: digits(x->l->records_per_file),
		    "records");
		break;
	case VALUE_ROWS:
		too_narrow(x, c,
		    x->is_request ? digits(x->l->records_per_file) : ROWS_BYTES,
		    "rows");
		break;
	case VALUE_VARIANT:
		too_narrow(x, c, x->is_request ? 1 : BELOW_BYTES, "variant");
		break;
	case VALUE_ACCOUNTS:
	case VALUE_TRANSACTIONS:
	case VALUE_OTHERS:
		too_narrow(x, c, BELOW_BYTES, c->name.p);
		break;
	}
}

/* ---- which value stands where ---- */

static bool belongs(const struct checking *x, const struct layout_column *c,
    enum layout_row_kind kind)
{
	bool frame = kind == ROW_HEADER || kind == ROW_TRAILER;

	switch (c->value) {
	case VALUE_ITEM:
		return !frame;
	case VALUE_CONSTANT:
	case VALUE_FILLER:
	case VALUE_FILE_ID:
	case VALUE_CODE:
	case VALUE_NAME:
		return true;
	case VALUE_SUM:
		return !x->is_request && kind == ROW_TRAILER;
	case VALUE_DIGEST:
		return kind == ROW_TRAILER;
	case VALUE_RECORDS:
	case VALUE_ROWS:
		return frame;
	case VALUE_VARIANT:
		return kind == ROW_DETAIL;
	case VALUE_ACCOUNTS:
	case VALUE_OTHERS:
		return !x->is_request && kind == ROW_DETAIL &&
		       !x->part->per_account;
	case VALUE_TRANSACTIONS:
		return !x->is_request &&
		       kind ==
			   (x->part->per_account ? ROW_DETAIL : ROW_ACCOUNT);
	}
	return false;
}

static bool same_item(
    const struct layout_column *a, const struct layout_column *b)
{
	return a->value == VALUE_ITEM && b->value == VALUE_ITEM &&
	       a->scope == b->scope && a->slot == b->slot && a->part == b->part;
}

static void check_twice(const struct checking *x, const struct layout_row *row,
    size_t at, bool names)
{
	const struct layout_column *c = &row->column[at];

	for (size_t i = 0; i < at; i++) {
		if (same_item(&row->column[i], c))
			finding(x, c, "layout.overlap",
			    "同じ項目が二列にあります",
			    "two columns hold the same item", c->name.p);
		else if (names && text_eq(row->column[i].name, c->name))
			finding(x, c, "layout.overlap",
			    "同じ名前の列が二つあります",
			    "two columns have the same name", c->name.p);
	}
}

/* A count in the header is filled in at the end: its width must be known. */
static void check_counted(const struct checking *x,
    const struct layout_column *c, enum layout_row_kind kind)
{
	if (kind == ROW_HEADER && c->width == 0 &&
	    (c->value == VALUE_RECORDS || c->value == VALUE_ROWS))
		finding(x, c, "layout.syntax", "ヘッダの件数には幅が要ります",
		    "a count in the header needs a width", "width: DIGITS");
}

/* Names that an XML element cannot have. */
static void check_name(
    const struct checking *x, struct text name, long line, long place)
{
	if (x->l->form == FORM_XML && !layout_markup_is_name(name))
		layout_find_add(x->f, line, place, "layout.syntax",
		    "XMLの要素名にできない名前です",
		    "no XML element can have this name",
		    "name: letters, kana, kanji, digits, _ - .");
}

/* The trailer's sums: which columns they add up. */
static void find_sum(
    const struct checking *x, struct layout_part *part, struct layout_column *c)
{
	struct layout_row *row = &part->row[c->sum_of];

	for (size_t i = 0; i < row->n; i++) {
		struct layout_column *of = &row->column[i];

		if (of->type != ITEM_AMOUNT || of->value != VALUE_ITEM ||
		    !item_name_eq(c->sum_item, layout_item_name(of)))
			continue;
		if (of->sum < 0 && part->sums < LAYOUT_SUMS_MAX)
			of->sum = part->sums++;
		if (of->sum < 0)
			break;
		c->slot = of->sum;
		row->summed = true;
		return;
	}
	finding(x, c, "layout.syntax", "合計する金額の列がありません",
	    "there is no column of that amount to add up",
	    "sum: 残高, of: account; at most 4");
}

static void find_sums(const struct checking *x, struct layout_part *part)
{
	struct layout_row *row = &part->row[ROW_TRAILER];

	for (size_t i = 0; i < row->n; i++) {
		if (row->column[i].value == VALUE_SUM)
			find_sum(x, part, &row->column[i]);
		part->digest |= row->column[i].value == VALUE_DIGEST;
	}
}

static void check_columns(const struct checking *x,
    const struct layout_row *row, enum layout_row_kind kind)
{
	bool markup = x->l->form == FORM_JSONL || x->l->form == FORM_XML;
	bool names = markup || (x->part->names && kind == ROW_DETAIL);

	for (size_t i = 0; i < row->n; i++) {
		const struct layout_column *c = &row->column[i];

		if (!belongs(x, c, kind))
			finding(x, c, "layout.syntax",
			    "この種類のレコードには置けない値です",
			    "this record cannot hold that value", c->name.p);
		check_counted(x, c, kind);
		check_fits(x, c);
		check_name(x, c->name, c->line, c->place);
		check_twice(x, row, i, names);
	}
}

/* ---- fixed records ---- */

static void place_columns(const struct checking *x, struct layout_row *row)
{
	size_t at = row->mark.n;
	char detail[64];

	for (size_t i = 0; i < row->n; i++) {
		struct layout_column *c = &row->column[i];

		if (c->at == 0) {
			c->at = at;
		} else if (--c->at < at) {
			(void)snprintf(
			    detail, sizeof(detail), "at %zu is free", at + 1);
			finding(x, c, "layout.overlap",
			    "前の列と重なっています",
			    "it overlaps the column before", detail);
		}
		at = c->at + c->width;
	}
	if (row->length == 0)
		row->length = at;
	if (at > row->length || at > LAYOUT_ROW_BYTES_MAX) {
		(void)snprintf(detail, sizeof(detail), "%zu bytes of %zu", at,
		    row->length);
		row_finding(x, row, "layout.overlap",
		    "列がレコードの長さを超えています",
		    "the columns reach over the record's end", detail);
	}
}

static void check_lengths(const struct checking *x)
{
	size_t length = x->part->row[ROW_DETAIL].length;

	for (int k = 0; k < ROW_COUNT; k++) {
		const struct layout_row *row = &x->part->row[k];

		if (row->used && row->length != length)
			row_finding(x, row, "layout.overlap",
			    "改行なしのレコードは同じ長さが要ります",
			    "records without newline must be of one length",
			    "length: BYTES");
	}
}

/* ---- records told apart ---- */

static void check_marks(const struct checking *x)
{
	const struct layout_row *rows = x->part->row;
	int used = 0;

	for (int k = 0; k < ROW_COUNT; k++)
		used += rows[k].used;
	for (int k = 0; k < ROW_COUNT; k++) {
		if (!rows[k].used)
			continue;
		check_name(x, rows[k].tag, rows[k].line, rows[k].place);
		if (used > 1 && rows[k].mark.n == 0 && x->l->form != FORM_XML)
			row_finding(x, &rows[k], "layout.syntax",
			    "種類の違うレコードには区分が要ります",
			    "records of several kinds need a mark",
			    "mark: \"1\"");
		for (int i = 0; i < k; i++) {
			bool same = bytes_eq(rows[i].mark, rows[k].mark);

			if (rows[i].used && rows[k].mark.n != 0 &&
			    (same || (x->l->form == FORM_FIXED &&
					 rows[i].mark.n != rows[k].mark.n)))
				row_finding(x, &rows[k], "layout.overlap",
				    "レコード区分が区別できません",
				    "the marks of records cannot be told apart",
				    layout_row_key[i]);
		}
	}
}

static bool has_item(const struct layout_row *row, int slot)
{
	for (size_t i = 0; i < row->n; i++)
		if (row->column[i].value == VALUE_ITEM &&
		    row->column[i].slot == slot)
			return true;
	return false;
}

/* The widest scope that the bases it is asked on allow (S4). */
static enum codes_scope widest(const struct layout *l, const struct codes *c)
{
	enum codes_scope scope = CODES_SCOPE_EXISTENCE;

	for (size_t i = 0; i < l->basis_n; i++)
		for (size_t k = 0; k < c->base_count; k++)
			if (text_eq(c->bases[k].code, l->basis[i]) &&
			    c->bases[k].scope > scope)
				scope = c->bases[k].scope;
	return scope;
}

/* What is asked for is within what the basis allows (S4). */
static void check_basis(struct layout_find *f, struct layout *l)
{
	struct checking x = {.f = f, .l = l, .part = &l->answer};
	const struct codes *codes;
	enum codes_scope scope;
	struct err e;

	if (l->basis_n == 0 || codes_load(&l->arena, &codes, &e) != ERR_NONE)
		return;
	scope = widest(l, codes);
	for (int k = 0; k < ROW_COUNT; k++)
		for (size_t i = 0; i < x.part->row[k].n; i++) {
			const struct layout_column *c =
			    &x.part->row[k].column[i];
			bool within =
			    c->scope == SCOPE_ANSWER
				? item_in_scope(
				      (enum answer_item)c->slot, scope)
				: scope == CODES_SCOPE_DETAIL;

			if (c->value == VALUE_ITEM && !within)
				finding(&x, c, "layout.basis",
				    "この根拠法令では求められない項目です",
				    "the legal bases do not allow this item",
				    codes_scope_name(scope));
		}
}

/* A detail for each account has the account's number, and no rows of
 * accounts below it. */
static void check_per_account(const struct checking *x)
{
	const struct layout_part *part = x->part;

	if (!part->per_account)
		return;
	if (part->row[ROW_ACCOUNT].used)
		row_finding(x, &part->row[ROW_ACCOUNT], "layout.overlap",
		    "per: accountでは口座の行は置けません",
		    "with per: account there are no rows of accounts",
		    "per: inquiry");
	if (!has_item(&part->row[ROW_DETAIL], ANSWER_ACCOUNT))
		row_finding(x, &part->row[ROW_DETAIL], "layout.syntax",
		    "口座番号の列が要ります", "a column 口座番号 is needed",
		    "item: 口座番号");
}

static void check_needed(const struct checking *x)
{
	const struct layout_row *detail = &x->part->row[ROW_DETAIL];

	if (!has_item(detail,
		x->is_request ? (int)REQUEST_INQUIRY : (int)ANSWER_INQUIRY))
		row_finding(x, detail, "layout.syntax",
		    "管理番号の列が要ります", "a column 管理番号 is needed",
		    "item: 管理番号");
	if (x->is_request)
		return;
	if (!has_item(detail, ANSWER_ANSWER_KIND))
		row_finding(x, detail, "layout.map_incomplete",
		    "回答区分の列が要ります", "a column 回答区分 is needed",
		    "item: 回答区分");
	check_per_account(x);
	if (x->part->row[ROW_TRANSACTION].used && !x->part->per_account &&
	    !x->part->row[ROW_ACCOUNT].used)
		row_finding(x, &x->part->row[ROW_TRANSACTION], "layout.syntax",
		    "取引明細には口座のレコードが要ります",
		    "transactions need records of accounts", "account:");
}

static bool put_name(const struct checking *x, struct text name, struct buf *b)
{
	bool quoted = x->l->quote == QUOTE_ALWAYS;
	uint32_t bad;
	size_t at;

	if (memchr(name.p, '"', name.n) != NULL ||
	    memchr(name.p, x->l->delimiter, name.n) != NULL)
		return false;
	if (b->n != 0)
		buf_byte(b, (unsigned char)x->l->delimiter);
	if (quoted)
		buf_byte(b, '"');
	if (!encoding_encode(x->l->encoding, name, b, &at, &bad))
		return false;
	if (quoted)
		buf_byte(b, '"');
	return true;
}

/* The line of names, encoded once. */
static void make_names(const struct checking *x, struct layout_part *part)
{
	const struct layout_row *row = &part->row[ROW_DETAIL];
	struct buf b = {0};

	if (row->mark.n != 0 && !put_name(x, TEXT("レコード区分"), &b))
		row_finding(x, row, "layout.never_fits", "列の名前が書けません",
		    "a column's name cannot be written",
		    encoding_name(x->l->encoding));
	for (size_t i = 0; i < row->n; i++)
		if (!put_name(x, row->column[i].name, &b))
			not_encodable(x, &row->column[i],
			    "列の名前が書けません",
			    "the column's name cannot be written");
	part->names_line = bytes_dup(&x->l->arena, buf_bytes(&b));
	buf_fini(&b);
}

static void check_part(struct layout_find *f, struct layout *l, bool is_request,
    struct layout_part *part)
{
	struct checking x = {
	    .f = f, .l = l, .part = part, .is_request = is_request};

	check_marks(&x);
	check_needed(&x);
	for (int k = 0; k < ROW_COUNT; k++) {
		if (!part->row[k].used)
			continue;
		check_columns(&x, &part->row[k], (enum layout_row_kind)k);
		if (l->form == FORM_FIXED)
			place_columns(&x, &part->row[k]);
	}
	if (l->form == FORM_FIXED && l->newline == NEWLINE_NONE)
		check_lengths(&x);
	find_sums(&x, part);
	layout_markup_prepare(l, part);
	check_name(&x, part->root, part->row[ROW_DETAIL].line,
	    part->row[ROW_DETAIL].place);
	if (part->names && l->form != FORM_CSV)
		row_finding(&x, &part->row[ROW_DETAIL], "layout.syntax",
		    "列名の行はCSVだけです", "a line of names is for CSV",
		    "names: false");
	else if (part->names)
		make_names(&x, part);
}

void layout_check_all(struct layout_find *f, struct layout *l)
{
	check_part(f, l, true, &l->request);
	check_part(f, l, false, &l->answer);
	check_basis(f, l);
}
