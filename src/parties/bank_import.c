/*
 * bank_import.c — customers, accounts, transactions and others from the
 * bank's own systems (docs/interface.md §10), row by row, in bounded
 * transactions, beside what is in force; then in force in one transaction.
 * Killed on the way, the rows of an unfinished import are cleared next time.
 */
#include "parties/bank.h"

#include "match/match_filter.h"
#include "record/limits.h"
#include "text/utf8.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define BATCH 5000 /* rows in one transaction */
#define COLUMNS_MAX 16

enum form {
	FORM_TEXT,    /* any text */
	FORM_DIGITS,  /* 1 to max digits */
	FORM_CODE,    /* exactly max digits, or empty */
	FORM_PARTIAL, /* a date with unknown parts, or empty */
	FORM_DATE,    /* a day, or empty */
	FORM_AMOUNT,  /* an integer, or empty */
	FORM_INT,     /* an integer column of the database */
	FORM_SKIP,    /* checked as text, not kept */
};

struct column {
	const char *name;
	enum form form;
	size_t max;
	bool must;
};

struct table {
	const char *file;
	enum store_statement add;
	size_t n;
	struct column column[COLUMNS_MAX];
};

static const struct table tables[] = {
    {"customers.csv", STMT_CUSTOMER_ADD, 14,
	{{"顧客番号", FORM_DIGITS, 20, true},
	    {"属性(人格)", FORM_CODE, 1, true},
	    {"カナ氏名", FORM_TEXT, 100, true},
	    {"漢字氏名", FORM_TEXT, 100, false},
	    {"英字名", FORM_TEXT, 100, false},
	    {"生(設立)年月日", FORM_PARTIAL, 10, false},
	    {"性別", FORM_CODE, 1, false}, {"郵便番号", FORM_CODE, 7, false},
	    {"住所", FORM_TEXT, 200, false},
	    {"旧カナ氏名", FORM_TEXT, 100, false},
	    {"旧住所", FORM_TEXT, 200, false},
	    {"電話番号", FORM_TEXT, 20, false},
	    {"勤務先", FORM_TEXT, 100, false}, {"状態", FORM_CODE, 1, true}}},
    {"accounts.csv", STMT_ACCOUNT_ADD, 12,
	{{"顧客番号", FORM_DIGITS, 20, true}, {"名義順", FORM_DIGITS, 2, true},
	    {"店番", FORM_CODE, 3, true}, {"口座種別", FORM_CODE, 1, true},
	    {"口座番号", FORM_CODE, 7, true}, {"残高", FORM_AMOUNT, 16, false},
	    {"満期日", FORM_DATE, 10, false},
	    {"最終取引日", FORM_DATE, 10, false},
	    {"開設日", FORM_DATE, 10, false}, {"状態", FORM_CODE, 1, true},
	    {"給与振込有無", FORM_CODE, 1, false},
	    {"年金振込有無", FORM_CODE, 1, false}}},
    {"transactions.csv", STMT_DEALING_ADD, 11,
	{{"金融機関コード", FORM_SKIP, 4, false}, {"店番", FORM_CODE, 3, true},
	    {"口座種別", FORM_CODE, 1, true}, {"口座番号", FORM_CODE, 7, true},
	    {"連番", FORM_INT, 9, true}, {"取引日", FORM_DATE, 10, true},
	    {"起算日", FORM_DATE, 10, false}, {"出金", FORM_AMOUNT, 16, false},
	    {"入金", FORM_AMOUNT, 16, false}, {"残高", FORM_AMOUNT, 16, false},
	    {"摘要", FORM_TEXT, 100, false}}},
    {"others.csv", STMT_OTHER_ADD, 8,
	{{"顧客番号", FORM_DIGITS, 20, true}, {"種類", FORM_CODE, 1, true},
	    {"連番", FORM_INT, 9, true}, {"名称", FORM_TEXT, 100, false},
	    {"金額", FORM_AMOUNT, 16, false}, {"口数", FORM_AMOUNT, 16, false},
	    {"日付", FORM_DATE, 10, false}, {"摘要", FORM_TEXT, 100, false}}},
};
#define TABLES (sizeof(tables) / sizeof(*tables))
#define CUSTOMERS 0

/* How a row that is there already is found: by these values of the row; its
 * columns come back in the row's order. */
static const struct {
	enum store_statement get;
	size_t n;
	size_t key[4];
} known[TABLES] = {
    {STMT_CUSTOMER_GET, 1, {0}},
    {STMT_ACCOUNT_GET, 4, {0, 2, 3, 4}},
    {STMT_DEALING_GET, 4, {0, 1, 2, 3}},
    {STMT_OTHER_GET, 3, {0, 1, 2}},
};

struct customer_key {
	struct text key;
	struct store_value customer;
};

struct loading {
	struct party_context *c;
	struct bank_import *i;
	int64_t seq; /* the import's */
	const struct table *table;
	struct csv csv;
	int order[CSV_FIELDS_MAX]; /* of the file's column, in the table */
	size_t width;		   /* columns of the file */
	/* The batch. */
	struct arena arena;
	struct store_value *v[COLUMNS_MAX];
	long *line;
	size_t rows;
	struct customer_key *key;
	size_t keys;
	int64_t kept[TABLES];
	/* Of all keys, made when they are all there. */
	size_t all_keys;
	struct buf filter;
};

static enum err_class refuse(struct loading *l, enum err_class class,
    const char *code, const char *ja, const char *en, struct err *e)
{
	err_set(e, class, code, ja, en);
	(void)snprintf(e->file, sizeof(e->file), "%s", l->table->file);
	e->line = l->csv.line;
	return class;
}

static enum err_class bad(struct loading *l, size_t column, const char *code,
    const char *ja, const char *en, struct err *e)
{
	err_set(e, ERR_INPUT, code, ja, en);
	return err_at(e, l->table->file, l->csv.line, (long)column + 1,
	    l->table->column[l->order[column]].name);
}

static bool amount(struct text t)
{
	size_t sign = t.n > 0 && t.p[0] == '-';

	return text_is_digits(text_trust(t.p + sign, t.n - sign), 1, 15);
}

/* The codes of one digit that docs/interface.md §9 and §10 know. */
static const struct {
	const char *name;
	const char *digits;
} codes[] = {
    {"属性(人格)", "123"},
    {"性別", "0129"},
    {"口座種別", "123456789"},
    {"種類", "1234569"},
    {"状態", "01234"},
    {"給与振込有無", "01"},
    {"年金振込有無", "01"},
};

static bool known_code(const struct column *c, struct text t)
{
	if (!text_is_digits(t, c->max, c->max))
		return false;
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (strcmp(codes[i].name, c->name) == 0)
			return strchr(codes[i].digits, t.p[0]) != NULL;
	return true;
}

/* The code of what is wrong with a field, or NULL. */
static const char *check(const struct column *c, struct text t)
{
	struct date d;

	if (t.n == 0)
		return c->must ? "customers.missing" : NULL;
	if (utf8_count(t) > c->max)
		return "customers.field_too_long";
	switch (c->form) {
	case FORM_TEXT:
	case FORM_SKIP:
		return NULL;
	case FORM_DIGITS:
	case FORM_INT:
		return text_is_digits(t, 1, c->max) ? NULL
						    : "customers.unknown_code";
	case FORM_CODE:
		return known_code(c, t) ? NULL
		       : strcmp(c->name, "口座種別") == 0
			   ? "customers.unknown_kind"
			   : "customers.unknown_code";
	case FORM_PARTIAL:
		return date_parse_partial(t, &d) ? NULL : "customers.bad_date";
	case FORM_DATE:
		return date_parse(t, &d) ? NULL : "customers.bad_date";
	case FORM_AMOUNT:
		return amount(t) ? NULL : "customers.unknown_code";
	}
	return NULL;
}

/* The marks of UTF-16, or names that are no UTF-8. */
static bool wrong_encoding(const struct loading *l)
{
	const struct bytes first = l->csv.field[0];
	struct text t;
	size_t bad;

	if (first.n >= 2 && (memcmp(first.p, "\xFF\xFE", 2) == 0 ||
				memcmp(first.p, "\xFE\xFF", 2) == 0))
		return true;
	for (size_t i = 0; i < l->csv.fields; i++)
		if (!utf8_decode(l->csv.field[i], &t, &bad))
			return true;
	return false;
}

static enum err_class take_header(struct loading *l, struct err *e)
{
	const struct table *t = l->table;
	bool seen[COLUMNS_MAX] = {false};
	bool more;

	TRY(csv_next(&l->csv, &more, e));
	if (!more)
		return refuse(l, ERR_INPUT, "customers.empty",
		    "ファイルが空です", "the file is empty", e);
	if (l->csv.field[0].n >= 3 &&
	    memcmp(l->csv.field[0].p, "\xEF\xBB\xBF", 3) == 0)
		l->csv.field[0] =
		    BYTES(l->csv.field[0].p + 3, l->csv.field[0].n - 3);
	if (wrong_encoding(l))
		return refuse(l, ERR_INPUT, "customers.encoding",
		    "文字コードがUTF-8ではありません", "the file is not UTF-8",
		    e);
	l->width = l->csv.fields;
	for (size_t i = 0; i < l->width; i++) {
		l->order[i] = -1;
		for (size_t k = 0; k < t->n; k++)
			if (!seen[k] &&
			    bytes_eq(l->csv.field[i],
				text_bytes(text_z(t->column[k].name)))) {
				l->order[i] = (int)k;
				seen[k] = true;
				break;
			}
		if (l->order[i] < 0)
			return refuse(l, ERR_INPUT, "customers.header",
			    "知らない列か、重複した列があります",
			    "an unknown or a repeated column", e);
	}
	if (l->width != t->n)
		return refuse(l, ERR_INPUT, "customers.header",
		    "足りない列があります", "a column is missing", e);
	return ERR_NONE;
}

static enum err_class take_row(struct loading *l, struct err *e)
{
	struct text field[COLUMNS_MAX];
	size_t n = 0;

	if (l->csv.nul)
		return bad(l, 0, "customers.nul", "NULが含まれています",
		    "a NUL stands in it", e);
	if (l->csv.fields != l->width)
		return bad(l, 0, "customers.header",
		    "項目の数が見出しと一致しません",
		    "not as many fields as the header", e);
	for (size_t i = 0; i < l->width; i++) {
		size_t at;
		const char *code;
		struct text *f = &field[l->order[i]];

		if (!utf8_decode(l->csv.field[i], f, &at))
			return bad(l, i, "customers.bad_utf8_char",
			    "文字が正しくありません", "not valid UTF-8", e);
		code = check(&l->table->column[l->order[i]], *f);
		if (code != NULL)
			return bad(l, i, code, "値が正しくありません",
			    "the value is not right", e);
	}
	for (size_t k = 0; k < l->table->n; k++) {
		int64_t number = 0;

		if (l->table->column[k].form == FORM_SKIP)
			continue;
		if (l->table->column[k].form == FORM_INT) {
			(void)text_to_int(field[k], INT64_MAX, &number);
			l->v[n++][l->rows] = store_int(number);
		} else {
			l->v[n++][l->rows] =
			    store_text(text_dup(&l->arena, field[k]));
		}
	}
	l->line[l->rows++] = l->csv.line;
	return ERR_NONE;
}

static struct text value_text(struct store_value v)
{
	return text_trust(v.p, v.n);
}

static int by_key(const void *a, const void *b)
{
	const struct customer_key *x = a;
	const struct customer_key *y = b;

	return text_cmp(x->key, y->key);
}

/* The keys under which the customers of the batch are found, in the order of
 * their index. */
static void make_keys(struct loading *l)
{
	l->keys = 0;
	l->key = arena_take(&l->arena, l->rows * MATCH_KEYS * sizeof(*l->key));
	for (size_t i = 0; i < l->rows; i++) {
		const struct match_person p = {
		    .person = value_text(l->v[1][i]),
		    .kana = value_text(l->v[2][i]),
		    .kanji = value_text(l->v[3][i]),
		    .roman = value_text(l->v[4][i]),
		    .birth = value_text(l->v[5][i]),
		    .sex = value_text(l->v[6][i]),
		    .address = value_text(l->v[8][i]),
		    .former_kana = value_text(l->v[9][i]),
		    .former_address = value_text(l->v[10][i]),
		};
		struct text keys[MATCH_KEYS];
		size_t n = match_keys(&l->arena, &p, false, keys);

		for (size_t k = 0; k < n; k++) {
			l->key[l->keys++] =
			    (struct customer_key){keys[k], l->v[0][i]};
			l->i->index_bytes +=
			    (int64_t)(keys[k].n + l->v[0][i].n);
		}
	}
	l->all_keys += l->keys;
	qsort(l->key, l->keys, sizeof(*l->key), by_key);
}

static enum err_class write_keys(
    struct store_tx *tx, struct loading *l, struct err *e)
{
	struct store_value import = store_int(l->seq);
	struct store_value *key =
	    arena_take(&l->arena, (l->keys + 1) * sizeof(*key));
	struct store_value *customer =
	    arena_take(&l->arena, (l->keys + 1) * sizeof(*customer));
	const struct store_column columns[] = {
	    {.same = true, .v = &import}, {.v = key}, {.v = customer}};

	for (size_t i = 0; i < l->keys; i++) {
		key[i] = store_text(l->key[i].key);
		customer[i] = l->key[i].customer;
	}
	return store_each(
	    tx, STMT_CUSTOMER_KEY_ADD, columns, 3, l->keys, NULL, e);
}

static enum err_class batch_write(struct store_tx *tx, void *arg, struct err *e)
{
	struct loading *l = arg;
	struct store_value import = store_int(l->seq);
	struct store_column columns[COLUMNS_MAX + 1] = {
	    {.same = true, .v = &import}};
	size_t n = 1;
	int64_t added;

	for (size_t k = 0; k < l->table->n; k++)
		if (l->table->column[k].form != FORM_SKIP) {
			columns[n].v = l->v[n - 1];
			n++;
		}
	TRY(store_each(tx, l->table->add, columns, n, l->rows, &added, e));
	l->kept[l->table - tables] += added;
	return l->table == &tables[CUSTOMERS] ? write_keys(tx, l, e) : ERR_NONE;
}

static void begin_batch(struct loading *l)
{
	arena_reset(&l->arena);
	l->rows = 0;
	l->line = arena_take(&l->arena, BATCH * sizeof(*l->line));
	for (size_t k = 0; k < COLUMNS_MAX; k++)
		l->v[k] = arena_take(&l->arena, BATCH * sizeof(**l->v));
}

static void refuse_row(struct loading *l, long line, bool conflict)
{
	struct err why;

	if (conflict)
		err_set(&why, ERR_INPUT, "customers.conflict",
		    "同じ番号の行と内容が食い違っています",
		    "a row with the same key says something else");
	else
		err_set(&why, ERR_INPUT, "customers.duplicate",
		    "同じ番号の行が重複しています",
		    "a row with the same key is there already");
	(void)err_at(&why, l->table->file, line, 0, NULL);
	l->i->refused++;
	refusals_add(l->i->refusals, &why);
}

/* Does the row that was kept under this one's key say the same? */
static enum err_class same_row(struct store_tx *tx, struct loading *l,
    size_t row, bool *same, struct err *e)
{
	size_t at = (size_t)(l->table - tables);
	struct store_value key[5] = {store_int(l->seq)};
	struct store_rows *r;
	bool found;
	size_t n = 0;

	for (size_t k = 0; k < known[at].n; k++)
		key[k + 1] = l->v[known[at].key[k]][row];
	TRY(store_one(tx, known[at].get, key, known[at].n + 1, &r, &found, e));
	*same = found;
	for (size_t k = 0; k < l->table->n; k++) {
		enum form form = l->table->column[k].form;

		if (form == FORM_SKIP)
			continue;
		if (form == FORM_INT)
			*same =
			    *same && store_get_int(r, (int)n) == l->v[n][row].i;
		else
			*same = *same && text_eq(store_get_text(r, (int)n),
					     value_text(l->v[n][row]));
		n++;
	}
	store_rows_close(r);
	return ERR_NONE;
}

struct repeats {
	struct loading *l;
	bool *conflict; /* by row */
	int64_t conflicts;
};

static enum err_class find_conflicts(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct repeats *x = arg;

	x->conflicts = 0;
	for (size_t i = 0; i < x->l->rows; i++) {
		bool same;

		TRY(same_row(tx, x->l, i, &same, e));
		x->conflict[i] = !same;
		x->conflicts += !same;
	}
	return ERR_NONE;
}

/* Rows whose key was there already were not written: those that say the same
 * as what was kept are repeats, the others conflict with it. */
static enum err_class refuse_repeats(
    struct loading *l, int64_t twice, struct err *e)
{
	struct repeats x = {.l = l};

	x.conflict = arena_zero(&l->arena, l->rows, sizeof(*x.conflict));
	TRY(store_read(l->c->store, find_conflicts, &x, e));
	for (size_t i = 0; i < l->rows; i++)
		if (x.conflict[i])
			refuse_row(l, l->line[i], true);
	for (twice -= x.conflicts; twice > 0; twice--)
		refuse_row(l, 0, false);
	return ERR_NONE;
}

static enum err_class flush(struct loading *l, struct err *e)
{
	int64_t before = l->kept[l->table - tables];
	int64_t twice;

	if (l->rows == 0)
		return ERR_NONE;
	if (l->table == &tables[CUSTOMERS])
		make_keys(l);
	TRY(store_run(l->c->store, batch_write, l, e));
	/* A row whose key is there already was not written. */
	twice = (int64_t)l->rows - (l->kept[l->table - tables] - before);
	l->i->accepted += (int64_t)l->rows - twice;
	if (twice > 0)
		TRY(refuse_repeats(l, twice, e));
	if (l->i->progress != NULL)
		l->i->progress(l->i->ctx, l->i->accepted);
	begin_batch(l);
	return ERR_NONE;
}

/* csv.h's own refusals, under the names of customers.*. */
static enum err_class rename_code(struct loading *l, struct err *e)
{
	if (strcmp(e->code, "csv.quotes") == 0)
		e->code = "customers.quotes";
	else if (strcmp(e->code, "csv.too_long") == 0)
		e->code = "customers.too_large";
	(void)snprintf(e->file, sizeof(e->file), "%s", l->table->file);
	return e->class;
}

static enum err_class load_rows(struct loading *l, struct err *e)
{
	bool more;

	TRY(take_header(l, e));
	begin_batch(l);
	for (;;) {
		struct err why;

		TRY(csv_next(&l->csv, &more, e));
		if (!more)
			return flush(l, e);
		if (l->csv.blank)
			continue;
		if (l->csv.fields < l->width && csv_cut_off(&l->csv))
			return refuse(l, ERR_INPUT, "customers.truncated",
			    "ファイルが途中で切れています",
			    "the file ends within a record", e);
		if (take_row(l, &why) != ERR_NONE) {
			l->i->refused++;
			refusals_add(l->i->refusals, &why);
		}
		if (l->rows == BATCH)
			TRY(flush(l, e));
	}
}

static enum err_class load_table(
    struct loading *l, const struct table *table, struct err *e)
{
	char path[4096];
	enum err_class class;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", l->i->dir, table->file);
	l->table = table;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		err_set(e, ERR_INPUT, "file.missing", "ファイルがありません",
		    "no such file");
		return err_detail(e, "%s", table->file);
	}
	csv_init(&l->csv, csv_read_fd, &fd, LIMIT_LINE, LIMIT_FIELD);
	class = load_rows(l, e);
	if (class == ERR_INPUT || class == ERR_LIMIT)
		class = rename_code(l, e);
	csv_fini(&l->csv);
	(void)close(fd);
	return class;
}

static enum err_class import_begin(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct loading *l = arg;
	struct store_rows *r;
	bool found;

	TRY(STORE_DO(tx, STMT_IMPORT_ADD, e, store_z(l->i->as_of),
	    store_int(l->c->now_us)));
	TRY(store_one(tx, STMT_IMPORT_LAST, NULL, 0, &r, &found, e));
	l->seq = store_get_int(r, 0);
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class make_filter(struct store_tx *tx, void *arg, struct err *e)
{
	struct loading *l = arg;
	size_t n = match_filter_size(l->all_keys);
	struct store_rows *r;
	enum err_class class;
	bool more;

	buf_clear(&l->filter);
	buf_room(&l->filter, n);
	memset(l->filter.p, 0, n);
	l->filter.n = n;
	TRY(store_query(
	    tx, STMT_IMPORT_KEYS, STORE_VALUES(store_int(l->seq)), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		match_filter_add(l->filter.p, n, store_get_text(r, 0));
	store_rows_close(r);
	return class;
}

static enum err_class import_end(struct store_tx *tx, void *arg, struct err *e)
{
	const struct loading *l = arg;

	TRY(STORE_DO(tx, STMT_IMPORT_DONE, e, store_int(l->seq),
	    store_int(l->kept[0]), store_int(l->kept[1]), store_int(l->kept[2]),
	    store_int(l->kept[3]), store_blob(buf_bytes(&l->filter))));
	TRY(STORE_DO(tx, STMT_IMPORT_REPLACED, e, store_int(l->seq)));
	return audit_add(tx,
	    &(const struct audit_entry){.actor = "import",
		.action = "import",
		.kind = "customers",
		.object = text_z(l->i->as_of),
		.authority = "",
		.purpose = "顧客データの取込",
		.records = l->i->accepted},
	    l->c->now_us, &l->c->random, e);
}

struct dropping {
	int64_t seq; /* 0: nothing is left to drop */
};

/* One bounded step of clearing what is no longer in force. */
static enum err_class drop_some(struct store_tx *tx, void *arg, struct err *e)
{
	static const enum store_statement drops[] = {STMT_CUSTOMER_DROP,
	    STMT_CUSTOMER_KEY_DROP, STMT_ACCOUNT_DROP, STMT_DEALING_DROP,
	    STMT_OTHER_DROP, STMT_IMPORT_DELETE};
	struct dropping *d = arg;
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_IMPORT_OLD, NULL, 0, &r, &found, e));
	d->seq = found ? store_get_int(r, 0) : 0;
	store_rows_close(r);
	for (size_t i = 0; found && i < sizeof(drops) / sizeof(*drops); i++) {
		int64_t dropped;

		TRY(store_do(tx, drops[i], STORE_VALUES(store_int(d->seq)),
		    &dropped, e));
		if (dropped > 0)
			return ERR_NONE;
	}
	return ERR_NONE;
}

static enum err_class drop_old(struct party_context *c, struct err *e)
{
	struct dropping d = {.seq = 1};

	while (d.seq != 0)
		TRY(store_run(c->store, drop_some, &d, e));
	return ERR_NONE;
}

static enum err_class load_all(struct loading *l, struct err *e)
{
	int64_t all;

	TRY(store_run(l->c->store, import_begin, l, e));
	for (size_t k = 0; k < TABLES; k++)
		TRY(load_table(l, &tables[k], e));
	all = l->i->accepted + l->i->refused;
	if (l->i->refused * 100 > all * l->i->max_error_percent)
		return err_set(e, ERR_INPUT, "customers.error_share",
		    "誤りの割合が上限を超えています。何も取り込みません",
		    "too large a share of bad rows: nothing was imported");
	TRY(store_read(l->c->store, make_filter, l, e));
	return store_run(l->c->store, import_end, l, e);
}

enum err_class bank_import(
    struct party_context *c, struct bank_import *i, struct err *e)
{
	struct loading l = {.c = c, .i = i};
	struct err dropping;
	enum err_class class;

	TRY(drop_old(c, e)); /* what an import that was killed left */
	class = load_all(&l, e);
	arena_fini(&l.arena);
	buf_fini(&l.filter);
	if (class == ERR_NONE)
		return drop_old(c, e);
	/* Refused whole: nothing of it stays. */
	if (drop_old(c, &dropping) != ERR_NONE)
		*e = dropping;
	return class;
}
