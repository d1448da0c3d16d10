/*
 * postgres_bind.c — parameters and values in PostgreSQL's binary form: an
 * integer is eight bytes, most significant first; text and bytea are their
 * bytes; an array is a head and, for each element, its length and itself
 * (array_recv, numeric_send in PostgreSQL's sources).
 */
#include "store/postgres/postgres_internal.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

static Oid type_of(char letter, bool array)
{
	switch (letter) {
	case 'i':
	case 'I':
		return array ? OID_INT8_ARRAY : OID_INT8;
	case 't':
	case 'T':
		return array ? OID_TEXT_ARRAY : OID_TEXT;
	default:
		return array ? OID_BYTEA_ARRAY : OID_BYTEA;
	}
}

void postgres_bind_types(enum store_statement st, bool many, uint32_t same,
    Oid types[STORE_PARAMETERS_MAX])
{
	const char *letters = store_statement_text(st)->parameters;

	for (size_t i = 0; letters[i] != '\0'; i++)
		types[i] = type_of(letters[i], many && (same >> i & 1) == 0);
}

uint32_t postgres_bind_same(const struct store_column *columns, size_t n)
{
	uint32_t same = 0;

	for (size_t i = 0; i < n; i++)
		same |= (uint32_t)columns[i].same << i;
	return same;
}

static void bind(
    const struct store_value *v, size_t i, struct postgres_bound *out)
{
	out->formats[i] = 1;
	switch (v->type) {
	case STORE_NULL:
		out->values[i] = NULL;
		out->lengths[i] = 0;
		return;
	case STORE_INT:
		out->ints[i] = htobe64((uint64_t)v->i);
		out->values[i] = (const char *)&out->ints[i];
		out->lengths[i] = 8;
		return;
	case STORE_TEXT:
	case STORE_BLOB:
		out->values[i] = v->n > 0 ? v->p : ""; /* NULL would be NULL */
		out->lengths[i] = (int)v->n;
		return;
	}
}

void postgres_bind_row(const struct store_column *columns, size_t n, size_t k,
    struct postgres_bound *out)
{
	out->n = (int)n;
	for (size_t i = 0; i < n; i++)
		bind(&columns[i].v[columns[i].same ? 0 : k], i, out);
}

static void put32(struct buf *b, uint32_t v)
{
	v = htobe32(v);
	buf_add(b, &v, sizeof(v));
}

static void put_element(struct buf *b, const struct store_value *v)
{
	uint64_t i;

	switch (v->type) {
	case STORE_NULL:
		put32(b, UINT32_MAX);
		return;
	case STORE_INT:
		i = htobe64((uint64_t)v->i);
		put32(b, sizeof(i));
		buf_add(b, &i, sizeof(i));
		return;
	case STORE_TEXT:
	case STORE_BLOB:
		put32(b, (uint32_t)v->n);
		buf_add(b, v->p, v->n);
		return;
	}
}

static void put_array(
    struct buf *b, char letter, const struct store_column *c, size_t rows)
{
	size_t bytes = 20;

	for (size_t k = 0; k < rows; k++)
		bytes += 12 + c->v[k].n;
	buf_room(b, bytes);
	put32(b, 1);				  /* one dimension */
	put32(b, letter >= 'A' && letter <= 'Z'); /* may hold NULL */
	put32(b, type_of(letter, false));
	put32(b, (uint32_t)rows);
	put32(b, 1); /* from 1 */
	for (size_t k = 0; k < rows; k++)
		put_element(b, &c->v[k]);
}

void postgres_bind_many(const char *letters, const struct store_column *columns,
    size_t n, size_t rows, struct buf *room, struct postgres_bound *out)
{
	size_t begins[STORE_PARAMETERS_MAX] = {0};

	out->n = (int)n;
	buf_clear(room);
	for (size_t i = 0; i < n; i++) {
		begins[i] = room->n;
		if (columns[i].same)
			bind(&columns[i].v[0], i, out);
		else
			put_array(room, letters[i], &columns[i], rows);
		if (!columns[i].same)
			out->lengths[i] = (int)(room->n - begins[i]);
	}
	for (size_t i = 0; i < n; i++)
		if (!columns[i].same) {
			out->values[i] = (const char *)room->p + begins[i];
			out->formats[i] = 1;
		}
}

static uint64_t get(const char *p, int n)
{
	uint64_t v = 0;

	for (int i = 0; i < n; i++)
		v = v << 8 | (unsigned char)p[i];
	return v;
}

/* What sum() of integers gives: digits of 10,000, and no fraction. */
static int64_t get_numeric(const char *p)
{
	int digits = (int16_t)get(p, 2);
	int weight = (int16_t)get(p + 2, 2);
	bool negative = get(p + 4, 2) == 0x4000;
	int64_t v = 0;

	for (int i = 0; i <= weight; i++) {
		v *= 10000;
		if (i < digits)
			v += (int64_t)get(p + 8 + 2 * i, 2);
	}
	return negative ? -v : v;
}

struct store_value postgres_bind_value(const PGresult *res, int row, int column)
{
	const char *p = PQgetvalue(res, row, column);
	size_t n = (size_t)PQgetlength(res, row, column);

	if (PQgetisnull(res, row, column))
		return store_null();
	switch (PQftype(res, column)) {
	case OID_INT8:
		return store_int((int64_t)get(p, 8));
	case OID_INT4:
		return store_int((int32_t)get(p, 4));
	case OID_INT2:
		return store_int((int16_t)get(p, 2));
	case OID_BOOL:
		return store_int(*p != 0);
	case OID_NUMERIC:
		return store_int(get_numeric(p));
	case OID_TEXT:
	case OID_VARCHAR:
		return store_text(text_trust(p, n));
	case OID_BYTEA:
		return store_blob(BYTES(p, n));
	default:
		abort(); /* no statement of the list gives one */
	}
}
