/* Tests of the reader of record/subject.h: refusals first. */
#include "record/limits.h"
#include "record/subject.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define HEADER                                                                 \
	"宛名番号,属性(人格),カナ氏名,漢字氏名,生(設立)年月日,住所,科目,滞納額"
#define ROW "12345,1,カクウ タロウ,架空 太郎,1980-01-31,架空市西1-2,1,5000"

/* One row read, or why not. */
struct got {
	enum err_class class; /* of the file */
	enum subject_read what;
	struct subject s;
	struct err e;
	long line;
};

static long trickle(void *ctx, void *p, size_t n)
{
	return csv_read_bytes(ctx, p, n > 1 ? 1 : n);
}

/* Reads up to the first refusal, or the last row. */
static struct got read_with(
    csv_read_fn *fn, struct arena *a, struct bytes in, enum encoding enc)
{
	struct got g = {.what = SUBJECT_END};
	struct subject_reader *r = NULL;

	g.class = subject_reader_new(fn, &in, enc, "s.csv", &r, &g.e);
	while (g.class == ERR_NONE) {
		enum subject_read what;
		struct subject s;
		long line;

		g.class = subject_reader_next(r, a, &what, &s, &line, &g.e);
		if (g.class != ERR_NONE || what == SUBJECT_END)
			break;
		g.what = what;
		g.line = line;
		if (what == SUBJECT_REFUSED)
			break;
		g.s = s;
	}
	subject_reader_free(r);
	return g;
}

static struct got read_bytes(struct arena *a, const char *p, size_t n)
{
	return read_with(csv_read_bytes, a, BYTES(p, n), ENCODING_UTF8);
}

static void expect_file(const char *p, size_t n, const char *code, long line)
{
	struct arena a = {0};
	struct got g = read_bytes(&a, p, n);

	assert_int_not_equal(g.class, ERR_NONE);
	assert_string_equal(g.e.code, code);
	assert_int_equal(g.e.level, ERR_FILE);
	assert_string_equal(g.e.file, "s.csv");
	assert_int_equal(g.e.line, line);
	arena_fini(&a);
}

#define EXPECT_FILE(z, code, line)                                             \
	expect_file("" z, sizeof(z) - 1, "subjects." code, line)

static void refuses_files_without_rows_or_header(void **state)
{
	(void)state;
	EXPECT_FILE("", "empty", 1);
	EXPECT_FILE("\xEF\xBB\xBF", "empty", 1);
	EXPECT_FILE("\r\n\r\n", "empty", 1);
	EXPECT_FILE(ROW "\n", "header", 1);
}

static void refuses_wrong_headers(void **state)
{
	(void)state;
	EXPECT_FILE("宛名番号\n", "header", 1);
	EXPECT_FILE(HEADER ",滞納額\n", "header", 1);
	EXPECT_FILE(HEADER ",属性（人格）\n", "header", 1);
	EXPECT_FILE(HEADER ",知らない列\n", "header", 1);
	EXPECT_FILE(HEADER ",\n", "header", 1);
	EXPECT_FILE(HEADER ", 性別\n", "header", 1);
	EXPECT_FILE(
	    "宛名番号,属性(人格),カナ氏名,生(設立)年月日,住所,科目,滞納額\n",
	    "header", 1);
}

static void refuses_each_column_of_the_system(void **state)
{
	static const char *const names[] = {"依頼コード", "根拠法令",
	    "調査基準日", "システム連携情報", "管理番号", "登録者", "更新日",
	    "照会対象期間"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct arena a = {0};
		struct got g;
		char z[512];

		(void)snprintf(z, sizeof(z), HEADER ",%s\n", names[i]);
		g = read_bytes(&a, z, strlen(z));
		assert_int_equal(g.class, ERR_INPUT);
		assert_string_equal(g.e.code, "subjects.header");
		assert_string_equal(g.e.item, names[i]);
		assert_int_equal(g.e.column, 9);
		arena_fini(&a);
	}
}

/* S5: a file without a header has a person where the names should be. */
static void repeats_nothing_of_a_wrong_header(void **state)
{
	struct arena a = {0};
	struct got g = read_bytes(&a, ROW "\n", sizeof(ROW));

	(void)state;
	assert_string_equal(g.e.item, "");
	assert_string_equal(g.e.detail, "");
	arena_fini(&a);
}

static void refuses_other_encodings(void **state)
{
	struct arena a = {0};
	struct got g;

	(void)state;
	/* 宛名番号 in CP932 */
	EXPECT_FILE("\x88\xB6\x96\xBC\x94\xD4\x8D\x86\n", "encoding", 1);
	EXPECT_FILE("\xFE\xFF[\x9B", "encoding", 1);
	EXPECT_FILE("\xFF\xFE\x9B[", "encoding", 1);
	g = read_with(csv_read_bytes, &a,
	    BYTES("\xEF\xBB\xBF" HEADER "\n", sizeof(HEADER) + 3),
	    ENCODING_CP932);
	assert_string_equal(g.e.code, "subjects.encoding");
	g = read_with(csv_read_bytes, &a, BYTES(HEADER "\n", sizeof(HEADER)),
	    ENCODING_CP932);
	assert_string_equal(g.e.code, "subjects.encoding");
	assert_int_equal(g.e.line, 1);
	arena_fini(&a);
}

static void refuses_open_and_stray_quotes(void **state)
{
	(void)state;
	EXPECT_FILE(HEADER "\n" ROW "\n\"123,1", "quotes", 3);
	EXPECT_FILE(HEADER "\n" ROW "\n1\"2\"3,1\n", "quotes", 3);
	EXPECT_FILE("\"宛名番号", "quotes", 1);
}

static void refuses_nul(void **state)
{
	(void)state;
	EXPECT_FILE(HEADER "\n" ROW "\n12\0"
			   "345,1\n",
	    "nul", 3);
	EXPECT_FILE("宛\0\n", "nul", 1);
}

static void refuses_truncated_files(void **state)
{
	(void)state;
	EXPECT_FILE(HEADER "\n" ROW "\n12345,1,カク", "truncated", 3);
}

static void refuses_long_lines(void **state)
{
	struct buf b = {0};

	(void)state;
	buf_z(&b, HEADER "\n");
	for (size_t i = 0; i <= LIMIT_LINE; i++)
		buf_byte(&b, '1');
	expect_file((char *)b.p, b.n, "subjects.too_large", 2);
	buf_fini(&b);
}

/* A file without an end. */
static long endless(void *ctx, void *p, size_t n)
{
	static const char start[] = HEADER "\n";
	bool *begun = ctx;

	memset(p, '\n', n);
	if (!*begun && n >= sizeof(start))
		memcpy(p, start, sizeof(start) - 1);
	*begun = true;
	return (long)n;
}

static void refuses_files_over_the_bound(void **state)
{
	struct arena a = {0};
	struct subject_reader *r;
	enum subject_read what;
	struct subject s;
	struct err e = {0};
	bool begun = false;
	long line;

	(void)state;
	assert_true(LIMIT_SUBJECTS_FILE == (size_t)1 << 31);
	assert_int_equal(
	    subject_reader_new(endless, &begun, ENCODING_UTF8, "s.csv", &r, &e),
	    ERR_NONE);
	subject_reader_limit(r, (size_t)1 << 20);
	assert_int_equal(
	    subject_reader_next(r, &a, &what, &s, &line, &e), ERR_LIMIT);
	assert_string_equal(e.code, "subjects.too_large");
	assert_int_equal(e.level, ERR_FILE);
	subject_reader_free(r);
	arena_fini(&a);
}

static long failing(void *ctx, void *p, size_t n)
{
	(void)ctx;
	(void)p;
	(void)n;
	errno = EIO;
	return -1;
}

static void tells_a_fault_of_the_machine(void **state)
{
	struct subject_reader *r;
	struct err e = {0};

	(void)state;
	assert_int_equal(
	    subject_reader_new(failing, NULL, ENCODING_UTF8, "s.csv", &r, &e),
	    ERR_FAULT);
}

/* Replaces one value in a good row and reads it. */
struct change {
	const char *column;
	const char *value;
	const char *code; /* NULL: accepted */
	const char *canonical;
};

static struct got read_change(struct arena *a, const struct change *c)
{
	static const char *const names[] = {"宛名番号", "属性(人格)",
	    "カナ氏名", "漢字氏名", "生(設立)年月日", "住所", "科目", "滞納額"};
	static const char *const values[] = {"12345", "1", "カクウ タロウ",
	    "架空 太郎", "1980-01-31", "架空市西1-2", "1", "5000"};
	struct buf b = {0};
	struct got g;
	bool known = false;

	for (int line = 0; line < 2; line++) {
		const char *const *cell = line == 0 ? names : values;

		known = false;
		for (size_t i = 0; i < 8; i++) {
			bool hit = strcmp(names[i], c->column) == 0;

			known = known || hit;
			csv_put(&b, text_z(hit && line ? c->value : cell[i]),
			    i == 0);
		}
		if (!known)
			csv_put(&b, text_z(line ? c->value : c->column), false);
		csv_end(&b);
	}
	g = read_with(csv_read_bytes, a, buf_bytes(&b), ENCODING_UTF8);
	assert_int_equal(g.class, ERR_NONE);
	buf_fini(&b);
	return g;
}

static struct text value_named(const struct subject *s, const char *name)
{
	for (int i = 0; i < SUBJECT_COUNT; i++)
		if (strcmp(subject_info[i].name, name) == 0)
			return s->f[i];
	fail();
	return TEXT("");
}

static void expect_changes(const struct change *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct arena a = {0};
		struct got g = read_change(&a, &c[i]);
		char code[64];

		assert_int_equal(g.line, 2);
		if (c[i].code == NULL) {
			assert_int_equal(g.what, SUBJECT_ROW);
			assert_true(text_is(value_named(&g.s, c[i].column),
			    c[i].canonical ? c[i].canonical : c[i].value));
		} else {
			(void)snprintf(
			    code, sizeof(code), "subjects.%s", c[i].code);
			assert_int_equal(g.what, SUBJECT_REFUSED);
			assert_string_equal(g.e.code, code);
			assert_string_equal(g.e.item, c[i].column);
			assert_int_equal(g.e.level, ERR_RECORD);
			assert_int_equal(g.e.line, 2);
			assert_true(g.e.column >= 1 && g.e.column <= 9);
		}
		arena_fini(&a);
	}
}

#define EXPECT_CHANGES(c) expect_changes(c, sizeof(c) / sizeof(*(c)))

static void refuses_missing_values(void **state)
{
	static const struct change c[] = {
	    {"宛名番号", "", "missing", NULL},
	    {"属性(人格)", "", "missing", NULL},
	    {"カナ氏名", "", "missing", NULL},
	    {"漢字氏名", "", "missing", NULL},
	    {"生(設立)年月日", "", "missing", NULL},
	    {"住所", "", "missing", NULL},
	    {"科目", "", "missing", NULL},
	    {"滞納額", "", "missing", NULL},
	};

	(void)state;
	EXPECT_CHANGES(c);
}

static void refuses_unknown_codes(void **state)
{
	static const struct change c[] = {
	    {"宛名番号", "12a45", "unknown_code", NULL},
	    {"宛名番号", "１２３", "unknown_code", NULL},
	    {"属性(人格)", "4", "unknown_code", NULL},
	    {"属性(人格)", "0", "unknown_code", NULL},
	    {"性別", "3", "unknown_code", NULL},
	    {"性別", "男", "unknown_code", NULL},
	    {"郵便番号", "160-002", "unknown_code", NULL},
	    {"郵便番号", "16000234", "unknown_code", NULL},
	    {"住所コード", "131040", "unknown_code", NULL},
	    {"住所コード", "13104", "unknown_code", NULL},
	    {"フリガナ確認", "2", "unknown_code", NULL},
	    {"法人番号", "7000012050003", "unknown_code", NULL},
	    {"科目", "4", "unknown_code", NULL},
	    {"科目", "01", "unknown_code", NULL},
	    {"滞納額", "-1", "unknown_code", NULL},
	    {"滞納額", "1,000", "unknown_code", NULL},
	    {"滞納額", "5.0", "unknown_code", NULL},
	    {"処分状況", "納付", "unknown_code", NULL},
	    {"処分状況", "分納|", "unknown_code", NULL},
	    {"処分状況", "|", "unknown_code", NULL},
	    {"支援措置", "○", "unknown_code", NULL},
	    {"金融機関コード", "960", "unknown_code", NULL},
	    {"支店番号", "01", "unknown_code", NULL},
	    {"口座種別", "0", "unknown_code", NULL},
	    {"口座番号", "1234-567", "unknown_code", NULL},
	    {"顧客番号", "A1", "unknown_code", NULL},
	    {"同一人番号", "x", "unknown_code", NULL},
	};

	(void)state;
	EXPECT_CHANGES(c);
}

static void refuses_days_that_were_not(void **state)
{
	static const struct change c[] = {
	    {"生(設立)年月日", "1980-02-30", "bad_date", NULL},
	    {"生(設立)年月日", "1980-13-00", "bad_date", NULL},
	    {"生(設立)年月日", "1980-00-05", "bad_date", NULL},
	    {"生(設立)年月日", "1872-12-31", "bad_date", NULL},
	    {"生(設立)年月日", "1980/01/31", "bad_date", NULL},
	    {"生(設立)年月日", "S550131", "bad_date", NULL},
	    {"督促年月日", "2025-00-00", "bad_date", NULL},
	    {"死亡年月日", "2025-02-29", "bad_date", NULL},
	};

	(void)state;
	EXPECT_CHANGES(c);
}

static void refuses_long_fields(void **state)
{
	char digits[32];
	char kana[4096];
	struct change c[] = {
	    {"宛名番号", digits, "field_too_long", NULL},
	    {"口座番号", "123456789", "field_too_long", NULL},
	    {"顧客番号", "123456789012345678901", "field_too_long", NULL},
	    {"滞納額", "1000000000000", "field_too_long", NULL},
	    {"カナ氏名", kana, "field_too_long", NULL},
	    {"漢字氏名", kana, "field_too_long", NULL},
	    {"行政機関任意項目", kana, "field_too_long", NULL},
	};

	(void)state;
	memset(digits, '1', 16);
	digits[16] = '\0';
	kana[0] = '\0';
	for (int i = 0; i < 101; i++)
		(void)strcat(kana, "ア");
	EXPECT_CHANGES(c);
}

/* A field over 4,096 bytes, whatever its column. */
static void refuses_fields_over_the_bound(void **state)
{
	struct change c = {"住所", NULL, "field_too_long", NULL};
	char *z = malloc(LIMIT_FIELD + 2);

	(void)state;
	assert_non_null(z);
	memset(z, 'a', LIMIT_FIELD + 1);
	z[LIMIT_FIELD + 1] = '\0';
	c.value = z;
	expect_changes(&c, 1);
	free(z);
}

static void refuses_unreadable_and_hidden_characters(void **state)
{
	static const struct change c[] = {
	    {"カナ氏名", "カク\xE3\x82", "bad_utf8_char", NULL},
	    {"カナ氏名", "\xC0\xAF", "bad_utf8_char", NULL},
	    {"漢字氏名", "\xED\xA0\x80", "bad_utf8_char", NULL},
	    {"漢字氏名", "架空\xE2\x80\x8B", "bad_utf8_char", NULL},
	    {"漢字氏名", "\xEF\xBB\xBF架空", "bad_utf8_char", NULL},
	    {"住所", "架空市\t1", "bad_utf8_char", NULL},
	    {"住所", "架空市\r\n1", "bad_utf8_char", NULL},
	    {"住所",
		"架空市\xE2\x80\xAE"
		"1",
		"bad_utf8_char", NULL},
	    {"宛名番号", "12\xFF", "bad_utf8_char", NULL},
	};

	(void)state;
	EXPECT_CHANGES(c);
}

static void refuses_rows_of_another_width_alone(void **state)
{
	static const char z[] = HEADER "\n" ROW ",1\n" ROW "\n12,1\n" ROW "\n";
	struct bytes in = BYTES(z, sizeof(z) - 1);
	struct arena a = {0};
	struct subject_reader *r;
	struct err e = {0};
	int rows = 0;
	int refused = 0;

	(void)state;
	assert_int_equal(subject_reader_new(csv_read_bytes, &in, ENCODING_UTF8,
			     "s.csv", &r, &e),
	    ERR_NONE);
	for (;;) {
		enum subject_read what;
		struct subject s;
		long line;

		assert_int_equal(
		    subject_reader_next(r, &a, &what, &s, &line, &e), ERR_NONE);
		if (what == SUBJECT_END)
			break;
		rows += what == SUBJECT_ROW;
		refused += what == SUBJECT_REFUSED;
		if (what == SUBJECT_REFUSED)
			assert_string_equal(e.code, "subjects.missing");
	}
	assert_int_equal(rows, 2);
	assert_int_equal(refused, 2);
	subject_reader_free(r);
	arena_fini(&a);
}

static void accepts_and_makes_canonical(void **state)
{
	static const struct change c[] = {
	    {"宛名番号", "000000000000012", NULL, NULL},
	    {"生(設立)年月日", "1980-01-00", NULL, NULL},
	    {"生(設立)年月日", "1980-00-00", NULL, NULL},
	    {"生(設立)年月日", "0000-00-00", NULL, NULL},
	    {"郵便番号", "160-0023", NULL, "1600023"},
	    {"郵便番号", "1600023", NULL, NULL},
	    {"住所コード", "131041", NULL, NULL},
	    {"住所コード", "1310160002002", NULL, NULL},
	    {"法人番号", "7000012050002", NULL, NULL},
	    {"滞納額", "0", NULL, NULL},
	    {"滞納額", "000120", NULL, "120"},
	    {"滞納額", "999999999999", NULL, NULL},
	    {"処分状況", "分納|猶予", NULL, NULL},
	    {"処分状況", "破産", NULL, NULL},
	    {"カナ氏名", "カ\xE3\x82\x99ク タロウ", NULL, "ガク タロウ"},
	    {"漢字氏名", "髙﨑 𠮷野", NULL, NULL},
	    {"住所", "架空市\"西\",1-2", NULL, NULL},
	    {"性別", "9", NULL, NULL},
	    {"口座番号", "12345678", NULL, NULL},
	    {"顧客番号", "00000000000000000001", NULL, NULL},
	    {"行政機関任意項目", "=1+1", NULL, NULL},
	};

	(void)state;
	EXPECT_CHANGES(c);
}

static void a_roman_name_stands_for_a_kanji_name(void **state)
{
	static const char z[] =
	    "宛名番号,属性(人格),カナ氏名,英字名,生(設立)年月日,住所,科目,滞納額\n"
	    "1,1,カクウ,KAKU TARO,1980-01-31,架空市,3,1\n";
	struct arena a = {0};
	struct got g = read_bytes(&a, z, sizeof(z) - 1);

	(void)state;
	assert_int_equal(g.class, ERR_NONE);
	assert_int_equal(g.what, SUBJECT_ROW);
	assert_true(text_is(g.s.f[SUBJECT_ROMAN], "KAKU TARO"));
	assert_int_equal(g.s.f[SUBJECT_KANJI].n, 0);
	arena_fini(&a);
}

static void expect_good(csv_read_fn *fn, const char *z, size_t n)
{
	struct arena a = {0};
	struct got g = read_with(fn, &a, BYTES(z, n), ENCODING_UTF8);

	assert_int_equal(g.class, ERR_NONE);
	assert_int_equal(g.what, SUBJECT_ROW);
	assert_true(text_is(g.s.f[SUBJECT_ATENA], "12345"));
	assert_true(text_is(g.s.f[SUBJECT_KANJI], "架空 太郎"));
	assert_true(text_is(g.s.f[SUBJECT_ARREARS], "5000"));
	assert_int_equal(g.s.f[SUBJECT_BANK].n, 0);
	arena_fini(&a);
}

static void reads_marks_newlines_widths_and_any_order(void **state)
{
	static const char *const files[] = {
	    HEADER "\n" ROW "\n",
	    HEADER "\r\n" ROW "\r\n\r\n",
	    "\xEF\xBB\xBF" HEADER "\n" ROW,
	    "\xEF\xBB\xBF\"宛名番号\",属性（人格）,カナ氏名,漢字氏名,"
	    "生（設立）年月日,住所,科目,滞納額\n" ROW "\n",
	    "滞納額,旧住所２,科目,住所,漢字氏名,生(設立)年月日,カナ氏名,"
	    "属性(人格),宛名番号\n5000,,1,架空市,架空 太郎,1980-01-31,カクウ,"
	    "1,12345\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		expect_good(csv_read_bytes, files[i], strlen(files[i]));
		expect_good(trickle, files[i], strlen(files[i]));
	}
}

static void reads_cp932(void **state)
{
	static const char z[] = HEADER "\n1,2,ｶｸｳ ﾀﾛｳ,髙﨑①～－,"
				       "1980-01-31,ソ表能市,2,7\n";
	struct arena a = {0};
	struct buf b = {0};
	struct got g;
	size_t at;
	uint32_t bad;

	(void)state;
	assert_true(encoding_encode(ENCODING_CP932, text_z(z), &b, &at, &bad));
	g = read_with(csv_read_bytes, &a, buf_bytes(&b), ENCODING_CP932);
	assert_int_equal(g.class, ERR_NONE);
	assert_int_equal(g.what, SUBJECT_ROW);
	assert_true(text_is(g.s.f[SUBJECT_KANA], "ｶｸｳ ﾀﾛｳ"));
	assert_true(text_is(g.s.f[SUBJECT_KANJI], "髙﨑①～－"));
	assert_true(text_is(g.s.f[SUBJECT_ADDRESS], "ソ表能市"));
	/* A byte that stands for nothing refuses its record alone. */
	buf_z(&b, "1,2,\x85\x7F,a,1980-01-31,b,2,7\n");
	g = read_with(csv_read_bytes, &a, buf_bytes(&b), ENCODING_CP932);
	assert_int_equal(g.class, ERR_NONE);
	assert_int_equal(g.what, SUBJECT_REFUSED);
	assert_string_equal(g.e.code, "subjects.bad_utf8_char");
	assert_int_equal(g.e.line, 3);
	buf_fini(&b);
	arena_fini(&a);
}

static void counts_physical_lines(void **state)
{
	static const char z[] =
	    HEADER "\n\n" ROW "\n1,1,a,b,1980-01-31,\"x\ny\",1,1\n";
	struct arena a = {0};
	struct got g = read_bytes(&a, z, sizeof(z) - 1);

	(void)state;
	assert_int_equal(g.what, SUBJECT_REFUSED);
	assert_int_equal(g.e.line, 4);
	assert_int_equal(g.e.column, 6);
	arena_fini(&a);
}

static void a_header_alone_is_a_file_without_rows(void **state)
{
	struct arena a = {0};
	struct got g = read_bytes(&a, HEADER "\n", sizeof(HEADER));

	(void)state;
	assert_int_equal(g.class, ERR_NONE);
	assert_int_equal(g.what, SUBJECT_END);
	arena_fini(&a);
}

static void written_rows_come_back(void **state)
{
	struct arena a = {0};
	struct got g =
	    read_bytes(&a, HEADER "\n" ROW "\n", sizeof(HEADER) + sizeof(ROW));
	struct subject s = g.s;
	struct buf b = {0};

	(void)state;
	s.f[SUBJECT_MEASURES] = TEXT("分納|停止");
	s.f[SUBJECT_FORMER_ADDRESS3] = TEXT("架空\"市\",3");
	subject_put_header(&b);
	subject_put(&b, &s);
	g = read_with(csv_read_bytes, &a, buf_bytes(&b), ENCODING_UTF8);
	assert_int_equal(g.what, SUBJECT_ROW);
	for (int i = 0; i < SUBJECT_COUNT; i++)
		assert_true(text_eq(s.f[i], g.s.f[i]));
	buf_fini(&b);
	arena_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_files_without_rows_or_header),
	    cmocka_unit_test(refuses_wrong_headers),
	    cmocka_unit_test(refuses_each_column_of_the_system),
	    cmocka_unit_test(repeats_nothing_of_a_wrong_header),
	    cmocka_unit_test(refuses_other_encodings),
	    cmocka_unit_test(refuses_open_and_stray_quotes),
	    cmocka_unit_test(refuses_nul),
	    cmocka_unit_test(refuses_truncated_files),
	    cmocka_unit_test(refuses_long_lines),
	    cmocka_unit_test(refuses_files_over_the_bound),
	    cmocka_unit_test(tells_a_fault_of_the_machine),
	    cmocka_unit_test(refuses_missing_values),
	    cmocka_unit_test(refuses_unknown_codes),
	    cmocka_unit_test(refuses_days_that_were_not),
	    cmocka_unit_test(refuses_long_fields),
	    cmocka_unit_test(refuses_fields_over_the_bound),
	    cmocka_unit_test(refuses_unreadable_and_hidden_characters),
	    cmocka_unit_test(refuses_rows_of_another_width_alone),
	    cmocka_unit_test(accepts_and_makes_canonical),
	    cmocka_unit_test(a_roman_name_stands_for_a_kanji_name),
	    cmocka_unit_test(reads_marks_newlines_widths_and_any_order),
	    cmocka_unit_test(reads_cp932),
	    cmocka_unit_test(counts_physical_lines),
	    cmocka_unit_test(a_header_alone_is_a_file_without_rows),
	    cmocka_unit_test(written_rows_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
