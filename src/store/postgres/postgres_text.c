/*
 * postgres_text.c — SQL of the list as PostgreSQL takes it.
 *
 * ?N becomes $N, whose type the list's letter tells when it is prepared. The
 * name "user" is a word of PostgreSQL's own and is quoted; CROSS JOIN … ON,
 * which tells SQLite the order of its loops, is a JOIN here. A change or a
 * query of many rows stands over unnest of the columns, derived from the text
 * for one row:
 *
 *   INSERT INTO t (a, b) VALUES (?1, ?2) …
 *   INSERT INTO t (a, b) SELECT u.p1, $2 FROM (SELECT unnest($1) AS p1) AS u …
 *
 *   INSERT INTO t (a, b) SELECT c, ?2 FROM s WHERE d = ?1 …
 *   INSERT INTO t (a, b) SELECT q.* FROM (SELECT unnest($1) AS p1) AS u
 *     CROSS JOIN LATERAL (SELECT c, $2 FROM s WHERE d = u.p1) AS q …
 */
#include "store/postgres/postgres_internal.h"

#include "store/postgres/postgres_twins.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const char *postgres_text_of(enum store_statement st)
{
#define TWIN_(name, sql) {STMT_##name, sql},
	static const struct {
		enum store_statement st;
		const char *sql;
	} twins[] = {POSTGRES_TWINS(TWIN_){STMT_COUNT, NULL}};
#undef TWIN_

	for (size_t i = 0; twins[i].sql != NULL; i++)
		if (twins[i].st == st)
			return twins[i].sql;
	return store_statement_text(st)->sql;
}

int postgres_text_large(enum store_statement st)
{
#define LARGE_(name, rows) {STMT_##name, rows},
	static const struct postgres_large large[] = {
	    POSTGRES_LARGE(LARGE_){STMT_COUNT, 0}};
#undef LARGE_

	for (size_t i = 0; large[i].rows != 0; i++)
		if (large[i].st == st)
			return large[i].rows;
	return 0;
}

bool postgres_text_reads(enum store_statement st)
{
	const char *sql = postgres_text_of(st);

	return strncmp(sql, "SELECT ", 7) == 0 || strncmp(sql, "WITH ", 5) == 0;
}

size_t postgres_text_parameters(enum store_statement st)
{
	const char *sql = postgres_text_of(st);
	size_t most = 0;
	bool quoted = false;

	for (; *sql != '\0'; sql++) {
		quoted ^= *sql == '\'';
		if (*sql == '?' && !quoted) {
			size_t n = strtoul(sql + 1, NULL, 10);

			most = n > most ? n : most;
		}
	}
	return most;
}

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool word_is(const char *p, size_t n, const char *word)
{
	return strlen(word) == n && memcmp(p, word, n) == 0;
}

/* A parameter; of many rows it is a column of u, unless it is the same. */
static const char *put_parameter(
    struct buf *out, const char *p, bool many, uint32_t same)
{
	char *end;
	unsigned long n = strtoul(p + 1, &end, 10);

	if (many && (same >> (n - 1) & 1) == 0)
		buf_printf(out, "u.p%lu", n);
	else
		buf_printf(out, "$%lu", n);
	return end;
}

static const char *put_word(struct buf *out, const char *p, const char *end)
{
	size_t n = 0;

	while (p + n < end && in_word(p[n]))
		n++;
	if (word_is(p, n, "user"))
		buf_z(out, "\"user\"");
	else if (!word_is(p, n, "CROSS"))
		buf_add(out, p, n);
	return p + n;
}

static void put(
    struct buf *out, const char *p, const char *end, bool many, uint32_t same)
{
	while (p < end) {
		if (*p == '\'' || *p == '"') {
			const char *q = strchr(p + 1, *p);

			q = q != NULL ? q + 1 : end;
			buf_add(out, p, (size_t)(q - p));
			p = q;
		} else if (*p == '?') {
			p = put_parameter(out, p, many, same);
		} else if (in_word(*p)) {
			p = put_word(out, p, end);
		} else {
			buf_byte(out, (unsigned char)*p++);
		}
	}
}

/* "(SELECT unnest($1) AS p1, unnest($3) AS p3) AS u": in the list of what is
 * selected nothing is kept, as it is of a function in FROM. k: also the number
 * of the row. False: no column differs from row to row. */
static bool put_unnest(struct buf *out, size_t n, uint32_t same, bool k)
{
	const char *comma = "";

	buf_z(out, "(SELECT ");
	for (size_t i = 0; i < n; i++)
		if ((same >> i & 1) == 0) {
			if (k)
				buf_printf(out,
				    "generate_subscripts($%zu, 1) AS k, ",
				    i + 1);
			k = false;
			buf_printf(
			    out, "%sunnest($%zu) AS p%zu", comma, i + 1, i + 1);
			comma = ", ";
		}
	buf_z(out, ") AS u");
	return *comma != '\0';
}

static char *finish(struct buf *out)
{
	buf_byte(out, '\0');
	return (char *)out->p;
}

char *postgres_text_one(enum store_statement st)
{
	const char *sql = postgres_text_of(st);
	struct buf out = {0};

	put(&out, sql, sql + strlen(sql), false, 0);
	return finish(&out);
}

/* The parenthesis that closes the one at p. */
static const char *closing(const char *p)
{
	bool quoted = false;
	int depth = 0;

	for (; *p != '\0'; p++) {
		quoted ^= *p == '\'';
		if (quoted)
			continue;
		depth += (*p == '(') - (*p == ')');
		if (depth == 0)
			return p;
	}
	return NULL;
}

static bool is_apart(enum store_statement st)
{
#define APART_(name) STMT_##name,
	static const enum store_statement apart[] = {
	    POSTGRES_APART(APART_) STMT_COUNT};
#undef APART_

	for (size_t i = 0; apart[i] != STMT_COUNT; i++)
		if (apart[i] == st)
			return true;
	return false;
}

/* May what stands behind the rows stand behind many of them? A row that came
 * earlier in the same call is not seen by those behind it. */
static bool serves_many(enum store_statement st, const char *tail)
{
	if (*tail == '\0' || strcmp(tail, " ON CONFLICT DO NOTHING") == 0)
		return true;
	return strchr(tail, '?') == NULL && is_apart(st);
}

/* "SELECT … FROM unnest(…) AS u (…)", and behind it the tail. */
static char *each_values(struct buf *out, enum store_statement st,
    const char *open, const char *close, uint32_t same)
{
	bool differs;

	buf_z(out, " SELECT ");
	put(out, open + 1, close, true, same);
	buf_z(out, " FROM ");
	differs = put_unnest(
	    out, strlen(store_statement_text(st)->parameters), same, false);
	buf_z(out, close + 1);
	if (differs)
		return finish(out);
	buf_fini(out);
	return NULL;
}

static char *each_selected(struct buf *out, enum store_statement st,
    const char *select, const char *tail, uint32_t same)
{
	bool differs;

	buf_z(out, " SELECT q.* FROM ");
	differs = put_unnest(
	    out, strlen(store_statement_text(st)->parameters), same, false);
	buf_z(out, " CROSS JOIN LATERAL (");
	put(out, select + 1, tail, true, same);
	buf_printf(out, ") AS q%s", tail);
	if (differs)
		return finish(out);
	buf_fini(out);
	return NULL;
}

static char *each_of_many(enum store_statement st, uint32_t same)
{
	static const char values[] = " VALUES (";
	const char *sql = postgres_text_of(st);
	const char *at = strstr(sql, values);
	const char *open = at != NULL ? at + sizeof(values) - 2 : NULL;
	const char *close = open != NULL ? closing(open) : NULL;
	const char *select = strstr(sql, " SELECT ");
	const char *tail = strstr(sql, " ON CONFLICT ");
	struct buf out = {0};

	if (strncmp(sql, "INSERT INTO ", 12) != 0)
		return NULL;
	if (close != NULL && serves_many(st, close + 1)) {
		put(&out, sql, at, false, 0);
		return each_values(&out, st, open, close, same);
	}
	if (tail == NULL)
		tail = sql + strlen(sql);
	if (at != NULL || select == NULL || !is_apart(st) ||
	    !serves_many(st, tail))
		return NULL;
	put(&out, sql, select, false, 0);
	return each_selected(&out, st, select, tail, same);
}

static bool is_new(enum store_statement st)
{
#define NEW_(name) STMT_##name,
	static const enum store_statement list[] = {
	    POSTGRES_NEW(NEW_) STMT_COUNT};
#undef NEW_

	for (size_t i = 0; list[i] != STMT_COUNT; i++)
		if (list[i] == st)
			return true;
	return false;
}

char *postgres_text_each(enum store_statement st, uint32_t same, bool fresh)
{
	char *sql;
	char *tail;

	if (!fresh)
		return each_of_many(st, same);
	sql = is_new(st) ? each_of_many(st, same) : NULL;
	tail = sql != NULL ? strstr(sql, " ON CONFLICT ") : NULL;
	if (tail != NULL) {
		*tail = '\0';
		return sql;
	}
	free(sql);
	return NULL;
}

/* OFFSET 0 keeps the query from being merged into a join, which could give
 * the rows in another order than that of the inputs. */
char *postgres_text_query(enum store_statement st, uint32_t same)
{
	const char *sql = postgres_text_of(st);
	struct buf out = {0};

	buf_z(&out, "SELECT u.k, q.* FROM ");
	if (!put_unnest(&out, strlen(store_statement_text(st)->parameters),
		same, true)) {
		buf_fini(&out);
		return NULL;
	}
	buf_z(&out, " CROSS JOIN LATERAL (");
	put(&out, sql, sql + strlen(sql), true, same);
	buf_z(&out, " OFFSET 0) AS q");
	return finish(&out);
}
