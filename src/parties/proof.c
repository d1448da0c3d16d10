/* proof.c — see proof.h. */
#include "parties/proof.h"

#include "base/digest.h"

static void put_u32(struct buf *out, uint32_t n)
{
	for (int k = 0; k < 4; k++)
		buf_byte(out, (unsigned char)(n >> (8 * k)));
}

static uint32_t get_u32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

struct proof proof_of(const struct layout_report *report, struct bytes record)
{
	struct proof p = {
	    .informational = report->informational,
	    .material = report->material,
	};
	struct digest d = digest_one(record);

	memcpy(p.digest, d.b, PROOF_DIGEST);
	return p;
}

void proof_pack(struct buf *out, const struct proof *p)
{
	put_u32(out, p->ordinal);
	put_u32(out, p->informational);
	put_u32(out, p->material);
	buf_add(out, p->digest, PROOF_DIGEST);
}

bool proof_good(
    struct bytes packed, int64_t records, int64_t first, int64_t last)
{
	int64_t before = first - 1;

	if (records < 0 || packed.n / PROOF_ROW != (size_t)records ||
	    packed.n % PROOF_ROW != 0)
		return false;
	for (size_t i = 0; i < packed.n; i += PROOF_ROW) {
		int64_t ordinal = get_u32(packed.p + i);

		if (ordinal <= before || ordinal > last)
			return false;
		before = ordinal;
	}
	return true;
}

bool proof_find(struct bytes packed, int64_t ordinal, struct proof *out)
{
	size_t lo = 0;
	size_t hi = packed.n / PROOF_ROW;
	const unsigned char *p;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (get_u32(packed.p + mid * PROOF_ROW) < ordinal)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == packed.n / PROOF_ROW)
		return false;
	p = packed.p + lo * PROOF_ROW;
	*out = (struct proof){
	    .ordinal = get_u32(p),
	    .informational = get_u32(p + 4),
	    .material = get_u32(p + 8),
	};
	memcpy(out->digest, p + 12, PROOF_DIGEST);
	return out->ordinal == ordinal;
}

bool proof_same(const struct proof *a, const struct proof *b)
{
	return a->informational == b->informational &&
	       a->material == b->material &&
	       memcmp(a->digest, b->digest, PROOF_DIGEST) == 0;
}

enum err_class proof_put(struct store_tx *tx, const char *authority,
    const char *file, const char *tables, struct bytes packed, struct err *e)
{
	return STORE_DO(tx, STMT_FILE_PROOF_PUT, e, store_z(authority),
	    store_z(file), store_z(tables), store_blob(packed));
}

enum err_class proof_tell(struct store_tx *tx, const char *authority,
    json_t *file, struct buf *out, struct err *e)
{
	const char *name = json_string_value(json_object_get(file, "file"));
	struct store_rows *r;
	struct text tables;
	struct bytes packed;
	bool found;

	TRY(store_one(tx, STMT_FILE_PROOF_GET,
	    STORE_VALUES(store_z(authority), store_z(name)), &r, &found, e));
	if (found) {
		tables = store_get_text(r, 0);
		packed = store_get_blob(r, 1);
		buf_add(out, packed.p, packed.n);
		json_object_set_new(
		    file, "tables", json_stringn(tables.p, tables.n));
		json_object_set_new(
		    file, "proof", json_integer((json_int_t)packed.n));
	}
	store_rows_close(r);
	return ERR_NONE;
}
