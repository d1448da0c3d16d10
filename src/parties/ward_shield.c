/* ward_shield.c — see ward_shield.h. */
#include "parties/ward_shield.h"

#include "parties/ward_halt.h"
#include "parties/ward_items.h"
#include "parties/ward_user.h"
#include "record/subject.h"

static const enum subject_column addresses[] = {SUBJECT_ADDRESS,
    SUBJECT_FORMER_ADDRESS1, SUBJECT_FORMER_ADDRESS2, SUBJECT_FORMER_ADDRESS3};
#define ADDRESSES (sizeof(addresses) / sizeof(*addresses))

static bool column_named(const char *name, enum subject_column *out)
{
	for (size_t i = 0; i < ADDRESSES; i++)
		if (strcmp(name, subject_info[addresses[i]].name) == 0) {
			*out = addresses[i];
			return true;
		}
	return false;
}

/* --- the choice --- */

struct choosing {
	struct party_context *c;
	const struct ward_shield *x;
};

static enum err_class is_shielded(struct store_tx *tx, struct party_context *c,
    struct text atena, bool *found, bool *shielded, struct err *e)
{
	struct store_rows *r;

	TRY(store_one(tx, STMT_WARD_SUBJECT_GET,
	    STORE_VALUES(store_z(c->node->code), store_text(atena)), &r, found,
	    e));
	*shielded = *found && store_get_int(r, 3) != 0;
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class check_shielded(
    struct store_tx *tx, const struct choosing *g, struct err *e)
{
	bool shielded;
	bool found;

	TRY(is_shielded(tx, g->c, text_z(g->x->atena), &found, &shielded, e));
	if (!found)
		return err_set(e, ERR_INPUT, "subjects.unknown",
		    "その宛名番号の対象者はいません",
		    "no such subject is kept");
	return shielded ? ERR_NONE
			: err_set(e, ERR_DENIED, "subjects.not_shielded",
			      "支援措置の対象者ではありません",
			      "this person is not shielded");
}

/* Is there something in that column? */
static enum err_class check_address(
    struct store_tx *tx, const struct choosing *g, struct err *e)
{
	enum subject_column column;
	struct store_rows *r;
	struct subject s;
	enum err_class class;
	bool there = false;
	bool more;

	if (column_named(g->x->address, &column)) {
		TRY(store_query(tx, STMT_WARD_CLAIMS_OF,
		    STORE_VALUES(
			store_z(g->c->node->code), store_z(g->x->atena)),
		    &r, e));
		while ((class = store_next(r, &more, e)) == ERR_NONE && more)
			there = there ||
				(subject_unpack(store_get_blob(r, 2), &s) &&
				    s.f[column].n > 0);
		store_rows_close(r);
		TRY(class);
	}
	return there ? ERR_NONE
		     : err_set(e, ERR_INPUT, "subjects.no_address",
			   "台帳にない住所です", "no such address is kept");
}

static enum err_class choose_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	const struct choosing *g = arg;
	const struct store_value authority = store_z(g->c->node->code);
	const struct store_value atena = store_z(g->x->atena);

	TRY(check_shielded(tx, g, e));
	if (g->x->address[0] == '\0') {
		TRY(STORE_DO(tx, STMT_WARD_SHIELD_DROP, e, authority, atena));
	} else {
		TRY(check_address(tx, g, e));
		TRY(STORE_DO(tx, STMT_WARD_SHIELD_PUT, e, authority, atena,
		    store_z(g->x->address), store_z(g->x->officer->name),
		    store_int(g->c->now_us)));
		TRY(ward_halt_end(tx, g->c, text_z(g->x->atena), false, e));
	}
	return ward_log(tx, g->c,
	    &(const struct ward_act){.actor = g->x->officer->name,
		.action = "change",
		.kind = "subject",
		.object = g->x->atena,
		.purpose = arena_printf(
		    g->c->arena, "支援措置の住所の判断: %s", g->x->reason),
		.records = 1},
	    e);
}

enum err_class ward_shield_choose(
    struct party_context *c, const struct ward_shield *x, struct err *e)
{
	struct choosing g = {.c = c, .x = x};

	return store_run(c->store, choose_write, &g, e);
}

enum err_class ward_shield_of(struct store_tx *tx, struct party_context *c,
    const char *atena, const char **out, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_WARD_SHIELD_GET,
	    STORE_VALUES(store_z(c->node->code), store_z(atena)), &r, &found,
	    e));
	*out = found ? ward_column(c->arena, r, 0) : "";
	store_rows_close(r);
	return ERR_NONE;
}

enum err_class ward_shield_waits(struct store_tx *tx, struct party_context *c,
    struct text atena, bool *waits, struct err *e)
{
	const char *address = "";
	bool found;

	TRY(is_shielded(tx, c, atena, &found, waits, e));
	if (*waits)
		TRY(ward_shield_of(
		    tx, c, text_cstr(c->arena, atena), &address, e));
	*waits = *waits && address[0] == '\0';
	return ERR_NONE;
}

/* --- what is asked --- */

/* Where s lives, as of says it, by the chosen column alone. True: that is
 * another word than s had. */
static bool narrow(
    struct subject *s, const struct subject *of, enum subject_column column)
{
	static const enum subject_column of_current[] = {
	    SUBJECT_POSTAL, SUBJECT_ADDRESS_CODE, SUBJECT_ADDRESS_KANA};
	struct subject n = *s;
	bool other = false;

	for (size_t i = 0; i < ADDRESSES; i++)
		n.f[addresses[i]] = TEXT("");
	n.f[SUBJECT_ADDRESS] = of->f[column];
	for (size_t i = 0; i < sizeof(of_current) / sizeof(*of_current); i++)
		n.f[of_current[i]] =
		    column == SUBJECT_ADDRESS ? of->f[of_current[i]] : TEXT("");
	for (int i = 0; i < SUBJECT_COUNT; i++)
		other = other || !text_eq(n.f[i], s->f[i]);
	*s = n;
	return other;
}

static enum err_class keep_narrow(struct store_tx *tx, struct party_context *c,
    uint32_t wave, int64_t ordinal, const struct subject *s, struct err *e)
{
	struct buf packed = {0};
	enum err_class class;

	subject_pack(s, &packed);
	class = STORE_DO(tx, STMT_WARD_CLAIM_NARROW, e, store_z(c->node->code),
	    store_int(wave), store_int(ordinal),
	    store_text(s->f[SUBJECT_KAMOKU]), store_blob(buf_bytes(&packed)));
	buf_fini(&packed);
	return class;
}

enum err_class ward_shield_narrow(struct store_tx *tx, struct party_context *c,
    uint32_t wave, int64_t ordinal, const char *address, struct err *e)
{
	struct ward_items_claims *claims =
	    arena_zero(c->arena, 1, sizeof(*claims));
	enum subject_column column;

	if (!column_named(address, &column))
		return err_set(e, ERR_FAULT, "fault",
		    "住所の列が正しくありません", "no column of an address");
	TRY(ward_items_claims(tx, c, wave, ordinal, claims, e));
	for (size_t i = 0; i < claims->n; i++) {
		const struct subject of = claims->claim[i];

		(void)narrow(&claims->claim[i], &of, column);
		TRY(keep_narrow(tx, c, wave, ordinal, &claims->claim[i], e));
	}
	return ERR_NONE;
}

/* --- before a wave goes --- */

enum err_class ward_shield_in(struct store_tx *tx, struct party_context *c,
    uint32_t wave, int64_t from, int64_t to, struct ward_shielded *out,
    size_t *n, struct err *e)
{
	struct store_rows *r;
	enum err_class class;
	bool more;

	*n = 0;
	TRY(store_query(tx, STMT_WARD_SHIELDED_IN,
	    STORE_VALUES(store_z(c->node->code), store_int(wave),
		store_int(from), store_int(to)),
	    &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more)
		out[(*n)++] = (struct ward_shielded){
		    .ordinal = store_get_int(r, 0),
		    .atena = ward_column(c->arena, r, 1),
		    .gone = store_get_int(r, 2) != 0,
		};
	store_rows_close(r);
	for (size_t i = 0; class == ERR_NONE && i < *n; i++)
		class = ward_shield_of(tx, c, out[i].atena, &out[i].address, e);
	return class;
}

/* The person as the ledger has them now. */
static enum err_class ledger(struct store_tx *tx, struct party_context *c,
    const char *atena, struct subject *out, bool *found, struct err *e)
{
	struct store_rows *r;
	struct bytes kept;

	TRY(store_one(tx, STMT_WARD_CLAIMS_OF,
	    STORE_VALUES(store_z(c->node->code), store_z(atena)), &r, found,
	    e));
	if (*found) {
		kept = bytes_dup(c->arena, store_get_blob(r, 2));
		*found = subject_unpack(kept, out);
	}
	store_rows_close(r);
	return ERR_NONE;
}

enum err_class ward_shield_fit(struct store_tx *tx, struct party_context *c,
    uint32_t wave, const struct ward_shielded *x, struct err *e)
{
	struct ward_items_claims *claims =
	    arena_zero(c->arena, 1, sizeof(*claims));
	enum subject_column column;
	struct subject of;
	bool found;

	if (!column_named(x->address, &column))
		return ERR_NONE;
	TRY(ledger(tx, c, x->atena, &of, &found, e));
	TRY(ward_items_claims(tx, c, wave, x->ordinal, claims, e));
	for (size_t i = 0; found && i < claims->n; i++)
		if (narrow(&claims->claim[i], &of, column))
			TRY(keep_narrow(
			    tx, c, wave, x->ordinal, &claims->claim[i], e));
	return ERR_NONE;
}
