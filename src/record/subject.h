/*
 * subject.h — a subject (照会対象者) as the ward's arrears system hands it
 * over: subjects.csv (docs/interface.md §8), one row per 宛名番号 × 科目.
 */
#ifndef SHOKAI_RECORD_SUBJECT_H
#define SHOKAI_RECORD_SUBJECT_H

#include "base/bytes.h"
#include "base/csv.h"
#include "base/err.h"
#include "base/refusals.h"
#include "text/encoding.h"

/* X(id, name, form, max characters, mandatory, identity)
 * form: see subject.c; identity: rows of one 宛名番号 must agree in it. */
#define SUBJECT_COLUMNS(X)                                                     \
	X(ATENA, "宛名番号", DIGITS, 15, true, true)                           \
	X(PERSON, "属性(人格)", CODE_123, 1, true, true)                       \
	X(KANA, "カナ氏名", TEXT, 100, true, true)                             \
	X(KANJI, "漢字氏名", TEXT, 100, false, true)                           \
	X(ROMAN, "英字名", TEXT, 100, false, true)                             \
	X(BIRTH, "生(設立)年月日", PARTIAL_DATE, 10, true, true)               \
	X(SEX, "性別", CODE_SEX, 1, false, true)                               \
	X(POSTAL, "郵便番号", POSTAL, 8, false, true)                          \
	X(ADDRESS_CODE, "住所コード", ADDRESS_CODE, 13, false, true)           \
	X(ADDRESS, "住所", TEXT, 200, true, true)                              \
	X(ADDRESS_KANA, "カナ住所", TEXT, 200, false, true)                    \
	X(ALIAS, "通称", TEXT, 100, false, true)                               \
	X(ALIAS_KANA, "通称カナ", TEXT, 100, false, true)                      \
	X(FORMER_NAME, "旧氏", TEXT, 100, false, true)                         \
	X(FORMER_KANA, "旧氏カナ", TEXT, 100, false, true)                     \
	X(FORMER_ADDRESS1, "旧住所1", TEXT, 200, false, true)                  \
	X(FORMER_ADDRESS2, "旧住所2", TEXT, 200, false, true)                  \
	X(FORMER_ADDRESS3, "旧住所3", TEXT, 200, false, true)                  \
	X(KANA_CONFIRMED, "フリガナ確認", FLAG, 1, false, true)                \
	X(SAME_PERSON, "同一人番号", DIGITS, 15, false, true)                  \
	X(CORPORATE_NUMBER, "法人番号", CORPORATE, 13, false, true)            \
	X(KAMOKU, "科目", KAMOKU, 4, true, false)                              \
	X(ARREARS, "滞納額", YEN, 12, true, false)                             \
	X(DUNNED, "督促年月日", DATE, 10, false, false)                        \
	X(DIED, "死亡年月日", DATE, 10, false, true)                           \
	X(MEASURES, "処分状況", MEASURES, 40, false, false)                    \
	X(SHIELDED, "支援措置", FLAG, 1, false, true)                          \
	X(BANK, "金融機関コード", BANK, 4, false, false)                       \
	X(BRANCH, "支店番号", BRANCH, 3, false, false)                         \
	X(ACCOUNT_KIND, "口座種別", KIND, 1, false, false)                     \
	X(ACCOUNT, "口座番号", DIGITS, 8, false, false)                        \
	X(CUSTOMER, "顧客番号", DIGITS, 20, false, false)                      \
	X(FREE, "行政機関任意項目", TEXT, 50, false, false)

#define SUBJECT_ID_(id, name, form, max, must, identity) SUBJECT_##id,
enum subject_column { SUBJECT_COLUMNS(SUBJECT_ID_) SUBJECT_COUNT };

/* One row; each column's canonical text, empty where not known: NFC, postal
 * NNNNNNN, dates YYYY-MM-DD, 顧客番号 and the like as digits. */
struct subject {
	struct text f[SUBJECT_COUNT];
};

struct subject_info {
	const char *name;
	size_t max;
	bool must;
	bool identity;
};
extern const struct subject_info subject_info[SUBJECT_COUNT];

/* What reading one row gave. */
enum subject_read { SUBJECT_ROW, SUBJECT_REFUSED, SUBJECT_END };

struct subject_reader; /* owns its buffers */

/*
 * Reads the header through read/ctx. File refusals of docs/interface.md §12:
 * subjects.header, .encoding, .quotes, .nul, .empty, .truncated, .too_large.
 * .empty: no header; a header alone is a file without rows. name is for
 * refusals. .truncated: a last line without newline and with
 * fewer fields than the header. Names the caller's bounds in limits.
 */
CHECKED enum err_class subject_reader_new(csv_read_fn *read, void *ctx,
    enum encoding encoding, const char *name, struct subject_reader **out,
    struct err *e);

/*
 * The next row, its texts in arena a. SUBJECT_REFUSED: *e says why (record
 * level, nothing is wrong with the file); go on. Checks one row alone;
 * duplicates and conflicts between rows are the importer's to find (it
 * knows the rows of the database too): subjects.duplicate, .conflict.
 */
CHECKED enum err_class subject_reader_next(struct subject_reader *r,
    struct arena *a, enum subject_read *what, struct subject *out, long *line,
    struct err *e);

/*
 * A number for all identity columns of s, the row read last: rows of one file
 * that agree in them have the same, others have another (of 64 bits; not one
 * that somebody who wants to could not find a match for).
 */
uint64_t subject_reader_identity(
    struct subject_reader *r, const struct subject *s);

/* Lowers the bound on the file's bytes (subjects.too_large). */
void subject_reader_limit(struct subject_reader *r, size_t max);

void subject_reader_free(struct subject_reader *r);

/*
 * Do two rows of one 宛名番号 agree in all identity columns? If not, *column
 * is the first in which they differ (subjects.conflict).
 */
bool subject_same_identity(const struct subject *a, const struct subject *b,
    enum subject_column *column);

/* The header line and rows of subjects.csv, as this reader reads them. */
void subject_put_header(struct buf *out);
void subject_put(struct buf *out, const struct subject *s);

/*
 * Canonical packed form for the database: all fields, each with its length.
 * subject_unpack's texts point into in; false if in is not such a form.
 */
void subject_pack(const struct subject *s, struct buf *out);
bool subject_unpack(struct bytes in, struct subject *out);

#endif
