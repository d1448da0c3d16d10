/*
 * layout_internal.h — a compiled layout, as the files of this folder share
 * it. Flat arrays: a record is one list of columns, a column one small
 * program. Nothing outside src/layout includes this.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_INTERNAL_H
#define SHOKAI_LAYOUT_LAYOUT_INTERNAL_H

#include "layout/layout.h"
#include "text/encoding.h"
#include "text/rules_parts.h"
#include "text/wareki.h"

#define LAYOUT_COLUMNS_MAX 128
#define LAYOUT_MARK_MAX 8
#define LAYOUT_NAME_MAX 60 /* characters of a name */
#define LAYOUT_ROW_BYTES_MAX 65536
#define LAYOUT_FIELD_BYTES_MAX 4096
#define LAYOUT_SOURCES_MAX 3
#define LAYOUT_FAN_MAX 8 /* records of one inquiry */
#define LAYOUT_AUTHORITIES_MAX 64
#define LAYOUT_HUBS_MAX 4
#define LAYOUT_PERSONS 4 /* 属性 1…3; 0 stands for none of them */
#define LAYOUT_PAIRS_MAX 64
#define LAYOUT_SUMS_MAX 4
#define LAYOUT_AMOUNT_MAX INT64_C(999999999999999) /* 15 digits */

/* JSON Lines: an object a row. XML: an element a row, below one root. */
enum layout_form { FORM_CSV, FORM_FIXED, FORM_JSONL, FORM_XML };
enum layout_newline { NEWLINE_CRLF, NEWLINE_LF, NEWLINE_NONE };
enum layout_quote { QUOTE_MINIMAL, QUOTE_ALWAYS, QUOTE_NEVER };

/* The kinds of record a file has. Requests have no rows below a detail. */
#define LAYOUT_ROWS(X)                                                         \
	X(HEADER, "header", "ヘッダ", "header")                                \
	X(DETAIL, "detail", "データ", "detail")                                \
	X(ACCOUNT, "account", "口座", "account")                               \
	X(TRANSACTION, "transaction", "取引明細", "transaction")               \
	X(OTHER, "other", "その他取引", "other dealing")                       \
	X(TRAILER, "trailer", "トレーラ", "trailer")
#define LAYOUT_ROW_(id, key, ja, en) ROW_##id,
enum layout_row_kind { LAYOUT_ROWS(LAYOUT_ROW_) ROW_COUNT };

/* Where a column's value comes from, if not from an item. */
#define LAYOUT_VALUES(X)                                                       \
	X(FILE_ID, "file-id", "ファイル番号", "the file's id")                 \
	X(CODE, "institution", "金融機関コード", "the institution's code")     \
	X(NAME, "institution-name", "金融機関名", "the institution's name")    \
	X(RECORDS, "records", "データ件数", "how many details")                \
	X(ROWS, "rows", "行数", "how many rows between header and trailer")    \
	X(DIGEST, "digest", "ダイジェスト", "SHA-256 of those rows' bytes")    \
	X(VARIANT, "variant", "照会内連番",                                    \
	    "which of an inquiry's records, from 1")                           \
	X(ACCOUNTS, "accounts", "口座数", "accounts of this answer")           \
	X(TRANSACTIONS, "transactions", "明細数",                              \
	    "transactions of this account")                                    \
	X(OTHERS, "others", "その他取引数", "other dealings of this answer")
#define LAYOUT_VALUE_(id, key, ja, en) VALUE_##id,
enum layout_value {
	VALUE_ITEM,
	VALUE_CONSTANT,
	VALUE_FILLER,
	VALUE_SUM, /* of a column, over the file */
	LAYOUT_VALUES(LAYOUT_VALUE_)
};

/* How a value is written. */
enum layout_op {
	OP_TEXT,   /* rules, then the encoding */
	OP_CODE,   /* as it is */
	OP_MAP,	   /* by the map */
	OP_CLASS,  /* 回答区分: the answer's class, by the map */
	OP_DATE,   /* by the date form */
	OP_PERIOD, /* two dates */
	OP_AMOUNT, /* a whole number, may be negative */
};

/* Which struct a slot counts in. */
enum layout_scope {
	SCOPE_REQUEST,	   /* request.f */
	SCOPE_ANSWER,	   /* answer.f, or the account's over it */
	SCOPE_TRANSACTION, /* enum layout_transaction_field */
	SCOPE_OTHER,	   /* enum layout_other_field */
};

/* The fields of a transaction and of another dealing (INTERFACE §9). */
#define LAYOUT_TRANSACTION_FIELDS(X)                                           \
	X(DATE, date, "取引日", DATE)                                          \
	X(VALUE_DATE, value_date, "起算日", DATE)                              \
	X(OUT, out, "出金", AMOUNT)                                            \
	X(IN, in, "入金", AMOUNT)                                              \
	X(BALANCE, balance, "残高", AMOUNT)                                    \
	X(NOTE, note, "摘要", TEXT)
#define LAYOUT_OTHER_FIELDS(X)                                                 \
	X(KIND, kind, "種類", CODE)                                            \
	X(NAME, name, "名称", TEXT)                                            \
	X(AMOUNT, amount, "金額", AMOUNT)                                      \
	X(UNITS, units, "口数", AMOUNT)                                        \
	X(DATE, date, "日付", DATE)                                            \
	X(NOTE, note, "摘要", TEXT)
#define LAYOUT_TFIELD_(id, member, ja, type) TFIELD_##id,
#define LAYOUT_OFIELD_(id, member, ja, type) OFIELD_##id,
enum layout_transaction_field {
	LAYOUT_TRANSACTION_FIELDS(LAYOUT_TFIELD_) TFIELD_COUNT
};
enum layout_other_field { LAYOUT_OTHER_FIELDS(LAYOUT_OFIELD_) OFIELD_COUNT };

/* One code of ours and what the institution writes for it. */
struct layout_pair {
	struct text ours;
	struct text theirs;
	bool written; /* the one that is written; others are only read */
	bool refused; /* the institution has no such code: the record is held */
	enum answer_class class;
};

struct layout_map {
	struct layout_pair *pair;
	size_t n;
};

enum layout_unknown { UNKNOWN_ALLOW, UNKNOWN_BLANK, UNKNOWN_HOLD };
enum layout_part_of { PERIOD_WHOLE, PERIOD_FROM, PERIOD_TO };

struct layout_column {
	struct text name;
	enum layout_value value;
	enum layout_op op;
	enum layout_scope scope;
	int slot;
	enum item_type type;
	size_t max; /* the item's, in characters */
	struct text constant;
	/* The items the value is taken from, by 属性, first one given; from
	 * REQUEST_COUNT on they are enum request_other. */
	signed char from[LAYOUT_PERSONS][LAYOUT_SOURCES_MAX];
	const struct rules *rules[LAYOUT_PERSONS];
	const char *rules_text[LAYOUT_PERSONS]; /* as written, or NULL */
	enum rules_cut parted[LAYOUT_PERSONS];
	/* With a memo, of each list; else NULL. */
	struct layout_tally *tally[LAYOUT_PERSONS];
	/* With a memo, of lists that are cut at spaces; else NULL. */
	struct layout_chars *chars[LAYOUT_PERSONS];
	const struct rules *read; /* on decoding; NULL: none */
	enum rules_cut read_parted;
	const char *read_text;
	struct layout_map map;
	enum wareki_form date;
	bool era6; /* YYMMDD without its era: written, the era is lost */
	enum layout_unknown unknown;
	enum layout_part_of part;
	struct text join; /* between a period's two dates */
	size_t at;	  /* fixed: byte offset in the record, from 0 */
	size_t width;	  /* bytes; CSV: at most, 0 for no bound */
	unsigned char pad;
	bool pad_left;
	struct bytes open; /* JSON, XML: what stands before and after it */
	struct bytes close;
	int sum;		     /* kept in layout_run.sum; -1: none */
	struct text sum_item;	     /* of VALUE_SUM: which item, and in */
	enum layout_row_kind sum_of; /* which kind of row */
	bool required;
	bool loss_allowed;
	bool cut;
	bool blank; /* what cannot be written is left out */
	bool commas;
	long line; /* where it stands in the rule file */
	long place;
	/* The dates written last, of a period both: a wave's dates are the
	 * same in each record. */
	struct {
		char in[10];
		char out[10];
		size_t n; /* of out; 0: nothing kept */
	} kept[2];
};

struct layout_row {
	bool used;
	struct bytes mark; /* encoded; n 0: none */
	struct text mark_text;
	struct layout_column *column;
	size_t n;
	struct text tag;   /* XML: the element's name */
	struct bytes open; /* JSON, XML: what begins and ends a row */
	struct bytes close;
	bool summed;   /* a column of it has a sum */
	size_t length; /* fixed: bytes of a record */
	long line;
	long place;
};

struct layout_part {
	bool marked;
	bool names;		 /* CSV: a line of column names comes first */
	struct bytes names_line; /* encoded, without newline */
	struct text root;	 /* XML */
	bool digest;		 /* the trailer tells a digest */
	bool per_account;	 /* a detail for each account */
	bool grouped;		 /* an inquiry may have several details */
	int sums;
	struct layout_row row[ROW_COUNT];
};

/* What a file being written or read needs to remember. */
struct layout_run {
	char file_id[LAYOUT_FILE_ID_MAX + 1];
	size_t rows;	   /* between header and trailer */
	size_t extra;	   /* details beyond one for each inquiry */
	size_t records_at; /* a count in the header, to be filled in */
	size_t rows_at;
	size_t body_at; /* where the rows after the header begin */
	size_t body_end;
	int64_t sum[LAYOUT_SUMS_MAX];
	struct date context; /* no date without era is later than this */
	const struct layout_column *records_column;
	const struct layout_column *rows_column;
};

struct layout {
	struct arena arena;   /* everything below */
	struct arena scratch; /* one record's */
	struct buf field;     /* one field's bytes */
	const char *code;
	const char *name;
	char version[11];
	const char *hub[LAYOUT_HUBS_MAX]; /* as preferred; NULL: no more */
	enum encoding encoding;
	enum layout_newline newline;
	enum layout_form form;
	enum layout_quote quote;
	char delimiter;
	size_t records_per_file;
	const char *file_name; /* template */
	bool uses_address;
	bool uses_sex;
	struct text *basis; /* accepted; n 0: all */
	size_t basis_n;
	struct text *authority; /* accepted; n 0: all */
	size_t authority_n;
	bool persons[LAYOUT_PERSONS]; /* accepted 属性 */
	size_t years;		      /* the longest period; 0: any */
	int fan[REQUEST_OTHER_COUNT]; /* asked under these too, in order */
	int fan_n;
	size_t fan_max; /* records of one inquiry, at most */
	struct layout_schedule schedule;
	size_t retention_days;
	bool paper; /* what cannot be asked is asked on paper */
	struct layout_part request;
	struct layout_part answer;
	struct layout_run run;
	const struct mj_table *map; /* of its text rules */
	struct layout_memo *memo;   /* not owned; NULL: none */
	bool tables;		    /* made for the first memo */
	struct layout_plan *plan;   /* of details, with the memo; NULL: none */
	/* Of answers' details, with the memo; NULL: none. */
	struct layout_reader *reader;
	/* Shown each field of a request as it was written, without padding. */
	void (*see)(void *ctx, const struct layout_column *c, size_t variant,
	    struct bytes field);
	void *see_ctx;
};

extern const char *const layout_row_key[ROW_COUNT];

/* The slot's text within a transaction or another dealing. */
struct text *layout_transaction_slot(struct answer_transaction *t, int slot);
struct text *layout_other_slot(struct answer_other *o, int slot);

/* 属性 as an index of the tables by person; 0 if it is none. */
int layout_person(struct text t);

/* The published name of the item that a column of items holds. */
const char *layout_item_name(const struct layout_column *c);

/* Are n bytes the same? Most are few, and all at hand. */
static inline bool layout_same(const void *a, const void *b, size_t n)
{
	const char *p = a;
	const char *q = b;
	uint64_t differ = 0;
	uint64_t v;
	uint64_t w;

	if (n < sizeof(v))
		return n == 0 || memcmp(p, q, n) == 0;
	for (size_t i = 0;; i += sizeof(v)) {
		if (i + sizeof(v) > n)
			i = n - sizeof(v);
		memcpy(&v, p + i, sizeof(v));
		memcpy(&w, q + i, sizeof(w));
		differ |= v ^ w;
		if (i + sizeof(v) == n)
			return differ == 0;
	}
}

/* Adds to a sum, which stays at the greatest number it can be. */
void layout_add(int64_t *sum, int64_t n);

/* The class or code domain of a column's item: our codes, in order; NULL if
 * any code is one. */
const char *const *layout_domain(const struct layout_column *c);

#endif
