/*
 * layout_show.c — the specification sheet a bank is asked to confirm: what
 * the layout does, in words, drawn from the compiled layout itself.
 */
#include "layout/layout_internal.h"
#include "layout/layout_show_column.h"

#include <stdio.h>

struct sheet {
	const struct layout *l;
	struct buf *out;
	bool ja;
};

static const char *say(const struct sheet *s, const char *ja, const char *en)
{
	return s->ja ? ja : en;
}

static void fact(
    const struct sheet *s, const char *ja, const char *en, const char *value)
{
	buf_printf(s->out, "- %s: %s\n", say(s, ja, en), value);
}

static const char *form_words(const struct sheet *s)
{
	switch (s->l->form) {
	case FORM_CSV:
		break;
	case FORM_FIXED:
		return say(s, "固定長", "fixed length");
	case FORM_JSONL:
		return say(s, "JSON Lines（1行に1オブジェクト）",
		    "JSON Lines, an object a line");
	case FORM_XML:
		return say(s, "XML（1件に1要素）", "XML, an element a row");
	}
	switch (s->l->quote) {
	case QUOTE_MINIMAL:
		return say(s, "CSV（引用符は要るときだけ）",
		    "CSV, quotes where needed");
	case QUOTE_ALWAYS:
		return say(s, "CSV（すべて引用符で囲む）", "CSV, all quoted");
	case QUOTE_NEVER:
		return say(s, "CSV（引用符なし）", "CSV, never quoted");
	}
	return "";
}

static const char *delimiter_words(const struct sheet *s)
{
	switch (s->l->delimiter) {
	case ',':
		return say(s, "カンマ", "comma");
	case ';':
		return say(s, "セミコロン", "semicolon");
	default:
		return say(s, "タブ", "tab");
	}
}

static const char *encoding_words(const struct sheet *s)
{
	if (s->l->encoding == ENCODING_CP932)
		return say(s, "CP932（Windowsの日本語）", "cp932");
	if (s->l->encoding == ENCODING_ZENGIN)
		return say(s, "全銀の一バイト文字（JIS X 0201のカナ）",
		    "zengin, the single-byte set of JIS X 0201");
	return say(s, "UTF-8", "utf-8");
}

static const char *newline_words(const struct sheet *s)
{
	switch (s->l->newline) {
	case NEWLINE_CRLF:
		return "CRLF";
	case NEWLINE_LF:
		return "LF";
	case NEWLINE_NONE:
		return say(s, "なし", "none");
	}
	return "";
}

static void show_list(const struct sheet *s, const char *ja, const char *en,
    const struct text *t, size_t n)
{
	if (n == 0)
		return;
	buf_printf(s->out, "- %s:", say(s, ja, en));
	for (size_t i = 0; i < n; i++)
		buf_printf(s->out, " %s", t[i].p);
	buf_z(s->out, "\n");
}

/* In full (S4): a clerk does not know our codes. */
static void show_bases(const struct sheet *s)
{
	struct arena a = {0};
	const struct codes *codes;
	struct err e;
	bool known = codes_load(&a, &codes, &e) == ERR_NONE;

	if (s->l->basis_n != 0)
		buf_printf(s->out, "- %s:\n",
		    say(s, "受け付ける根拠法令", "legal bases"));
	for (size_t i = 0; i < s->l->basis_n; i++) {
		buf_z(s->out, "  - ");
		buf_text_add(s->out, s->l->basis[i]);
		for (size_t k = 0; known && k < codes->base_count; k++) {
			if (!text_eq(codes->bases[k].code, s->l->basis[i]))
				continue;
			buf_byte(s->out, ' ');
			buf_text_add(s->out, codes->bases[k].text);
		}
		buf_z(s->out, "\n");
	}
	arena_fini(&a);
}

static void number(
    const struct sheet *s, const char *ja, const char *en, size_t n)
{
	char z[24];

	(void)snprintf(z, sizeof(z), "%zu", n);
	if (n != 0)
		fact(s, ja, en, z);
}

static void show_persons(const struct sheet *s)
{
	static const char *const ja[] = {"個人", "法人", "その他"};
	static const char *const en[] = {"persons", "corporations", "others"};

	buf_printf(s->out, "- %s:", say(s, "受け付ける属性", "accepts"));
	for (int p = 1; p < LAYOUT_PERSONS; p++)
		if (s->l->persons[p])
			buf_printf(s->out, " %s", say(s, ja[p - 1], en[p - 1]));
	buf_z(s->out, "\n");
}

static void show_hours(const struct sheet *s)
{
	const struct layout_schedule *h = &s->l->schedule;
	const char *days = h->business_days ? say(s, "平日", "business days")
					    : say(s, "毎日", "every day");

	buf_printf(s->out, "- %s: %s %02d:%02d–%02d:%02d\n",
	    say(s, "受付時間", "takes files"), days, h->from / 60, h->from % 60,
	    h->to / 60, h->to % 60);
	number(s, "1日のファイル数（最大）", "files per day, at most",
	    h->files_per_day);
	if (h->cutoff < 24 * 60)
		buf_printf(s->out, "- %s: %02d:%02d\n",
		    say(s, "当日扱いの締切", "counts as that day's until"),
		    h->cutoff / 60, h->cutoff % 60);
}

static void show_fan_out(const struct sheet *s)
{
	const struct layout *l = s->l;

	if (l->fan_n == 0)
		return;
	buf_printf(s->out, "- %s:",
	    say(s, "別の氏名・住所でも照会する", "asked once more under"));
	for (int i = 0; i < l->fan_n; i++)
		buf_printf(s->out, " %s",
		    layout_source_name((int)REQUEST_COUNT + l->fan[i]));
	buf_printf(s->out, "%s %zu\n",
	    say(s, "、1照会のレコードは最大",
		", records of an inquiry at most"),
	    l->fan_max);
}

/* What the institution accepts, and when. */
static void show_terms(const struct sheet *s)
{
	const struct layout *l = s->l;

	show_persons(s);
	show_bases(s);
	show_list(
	    s, "受け付ける団体", "authorities", l->authority, l->authority_n);
	number(
	    s, "照会対象期間の上限（年）", "longest period, years", l->years);
	show_hours(s);
	show_fan_out(s);
	number(s, "保存日数", "retention, days", l->retention_days);
	fact(s, "書面での照会", "falls back to paper",
	    l->paper ? say(s, "あり", "yes") : say(s, "なし", "no"));
	fact(s, "取引明細", "statements",
	    l->answer.row[ROW_TRANSACTION].used ? say(s, "あり", "yes")
						: say(s, "なし", "no"));
	if (l->answer.per_account)
		fact(s, "回答", "answers",
		    say(s, "口座ごとに1レコード", "a record for each account"));
}

static void show_hubs(const struct sheet *s)
{
	buf_printf(s->out, "- %s:", say(s, "経路", "hub"));
	if (layout_hub(s->l, 0) == NULL)
		buf_z(
		    s->out, say(s, " 接続先の表による", " by the peer table"));
	for (size_t i = 0; layout_hub(s->l, i) != NULL; i++)
		buf_printf(
		    s->out, "%s %s", i > 0 ? "," : "", layout_hub(s->l, i));
	buf_z(s->out, "\n");
}

static void show_facts(const struct sheet *s)
{
	const struct layout *l = s->l;
	char n[24];

	buf_printf(s->out, "# %s — %s (%s)\n\n",
	    say(s, "電子照会ファイル仕様書", "Specification of inquiry files"),
	    l->name, l->code);
	fact(s, "適用開始日", "valid from", l->version);
	show_hubs(s);
	fact(s, "文字コード", "encoding", encoding_words(s));
	fact(s, "形式", "form", form_words(s));
	if (l->form == FORM_CSV)
		fact(s, "区切り", "delimiter", delimiter_words(s));
	if (l->form == FORM_FIXED)
		fact(s, "詰め方", "padding",
		    say(s,
			"数は右に詰めて前を0で、ほかは左に詰めて後ろを空白で埋める（書き方の欄に別にあるものを除く）",
			"numbers with zeros in front, all else with blanks "
			"behind, unless said otherwise"));
	fact(s, "改行", "newline", newline_words(s));
	(void)snprintf(n, sizeof(n), "%zu", l->records_per_file);
	fact(s, "1ファイルの件数（最大）", "records per file, at most", n);
	fact(s, "照会ファイル名", "request file name", l->file_name);
	fact(s, "住所を検索に使う", "address used for lookup",
	    l->uses_address ? say(s, "はい", "yes") : say(s, "いいえ", "no"));
	fact(s, "性別を検索に使う", "sex used for lookup",
	    l->uses_sex ? say(s, "はい", "yes") : say(s, "いいえ", "no"));
	show_terms(s);
}

static void show_row(
    const struct sheet *s, const struct layout_row *row, const char *name)
{
	buf_printf(s->out, "\n### %s", name);
	if (row->mark.n != 0)
		buf_printf(s->out, " — %s \"%s\"",
		    say(s, "レコード区分", "mark"), row->mark_text.p);
	if (s->l->form == FORM_FIXED)
		buf_printf(s->out, " — %zu %s", row->length,
		    say(s, "バイト", "bytes"));
	buf_printf(s->out, "\n\n| %s | %s | ", say(s, "項番", "no"),
	    say(s, "項目", "column"));
	if (s->l->form == FORM_FIXED)
		buf_printf(s->out, "%s | ", say(s, "位置", "at"));
	buf_printf(s->out, "%s | %s | %s |\n", say(s, "バイト", "bytes"),
	    say(s, "必須", "must"), say(s, "書き方", "rules"));
	buf_z(s->out, s->l->form == FORM_FIXED ? "|--:|---|--:|--:|:-:|---|\n"
					       : "|--:|---|--:|:-:|---|\n");
	for (size_t i = 0; i < row->n; i++)
		layout_show_column(s->l, &row->column[i], i + 1, s->ja, s->out);
}

static void show_part(
    const struct sheet *s, const struct layout_part *part, const char *title)
{
	static const struct {
		const char *ja;
		const char *en;
	} names[ROW_COUNT] = {
#define WORDS_(id, key, ja, en) {ja, en},
	    LAYOUT_ROWS(WORDS_)
#undef WORDS_
	};

	buf_printf(s->out, "\n## %s\n", title);
	if (part->names)
		buf_printf(s->out, "\n%s\n",
		    say(s, "先頭に項目名の行がある。",
			"A line of column names comes first."));
	for (int k = 0; k < ROW_COUNT; k++)
		if (part->row[k].used)
			show_row(
			    s, &part->row[k], say(s, names[k].ja, names[k].en));
}

void layout_show(const struct layout *l, const char *lang, struct buf *out)
{
	struct sheet s = {.l = l, .out = out, .ja = strcmp(lang, "en") != 0};

	show_facts(&s);
	show_part(&s, &l->request, say(&s, "照会ファイル", "Request file"));
	show_part(&s, &l->answer, say(&s, "回答ファイル", "Answer file"));
}
