/*
 * unit_subjects.c — a part of a wave arrives: the ward's signed approval is
 * proved (S4), the rows are kept as the ward sent them, and a conversion
 * task is opened for each institution.
 */
#include "parties/unit.h"

#include "record/kanri.h"
#include "record/limits.h"
#include "record/subject.h"
#include "text/utf8.h"

#include <stdlib.h>

#define INSTITUTIONS_MAX 4000

struct subjects {
	struct party_context *c;
	const struct message *m;
	struct content content;
	char *definition; /* JSON text */
	int64_t total;	  /* ordinals of the wave */
	int64_t first;
	int64_t last;
	struct store_value *ordinal;
	struct store_value *kamoku;
	struct store_value *basis;
	struct store_value *record;
	size_t rows;
};

static enum err_class malformed(struct err *e, const char *what)
{
	err_set(e, ERR_INPUT, "message.malformed",
	    "照会対象者データの形式が正しくありません",
	    "the set of subjects is not of its form");
	return err_detail(e, "%s", what);
}

static bool take_u32(struct bytes *in, uint32_t *out)
{
	if (in->n < 4)
		return false;
	*out = (uint32_t)in->p[0] | (uint32_t)in->p[1] << 8 |
	       (uint32_t)in->p[2] << 16 | (uint32_t)in->p[3] << 24;
	in->p += 4;
	in->n -= 4;
	return true;
}

static bool take_block(struct bytes *in, struct bytes *out)
{
	uint32_t n;

	if (!take_u32(in, &n) || n > in->n)
		return false;
	*out = BYTES(in->p, n);
	in->p += n;
	in->n -= n;
	return true;
}

/* Rows ascend by ordinal, then by 科目: none stands twice. */
static bool follows(
    const struct subjects *s, uint32_t ordinal, struct text kamoku)
{
	const struct store_value *before;

	if (s->rows == 0)
		return true;
	before = &s->kamoku[s->rows - 1];
	return ordinal > s->ordinal[s->rows - 1].i ||
	       (ordinal == s->ordinal[s->rows - 1].i &&
		   text_cmp(kamoku, text_trust(before->p, before->n)) > 0);
}

/* One row: ordinal, subject_pack, basis codes. */
static bool take_row(struct subjects *s, struct bytes *in)
{
	uint32_t ordinal;
	struct bytes record;
	struct bytes basis;
	struct subject row;
	struct text codes;
	size_t bad;

	if (!take_u32(in, &ordinal) || !take_block(in, &record) ||
	    !take_block(in, &basis) || basis.n > LIMIT_FIELD ||
	    !utf8_decode(basis, &codes, &bad) || ordinal < s->first ||
	    ordinal > s->last || !subject_unpack(record, &row) ||
	    !follows(s, ordinal, row.f[SUBJECT_KAMOKU]))
		return false;
	s->ordinal[s->rows] = store_int(ordinal);
	s->kamoku[s->rows] = store_text(row.f[SUBJECT_KAMOKU]);
	s->basis[s->rows] = store_text(codes);
	s->record[s->rows++] = store_blob(record);
	return true;
}

static enum err_class take_rows(struct subjects *s, struct err *e)
{
	struct bytes in = content_part(&s->content, "subjects");
	/* A row takes at least 12 bytes: bounds the arrays before they are
	 * taken (F1). A subject has at most a few claims. */
	size_t max = in.n / 12;

	if (max > (size_t)LIMIT_MESSAGE_RECORDS * 8)
		max = (size_t)LIMIT_MESSAGE_RECORDS * 8;
	s->ordinal = arena_zero(s->c->arena, max, sizeof(*s->ordinal));
	s->kamoku = arena_zero(s->c->arena, max, sizeof(*s->kamoku));
	s->basis = arena_zero(s->c->arena, max, sizeof(*s->basis));
	s->record = arena_zero(s->c->arena, max, sizeof(*s->record));
	while (in.n > 0)
		if (s->rows == max || !take_row(s, &in))
			return malformed(e, "subjects");
	return ERR_NONE;
}

/* Every institution that is to be asked, and how much. */
static enum err_class cover_definition(
    const struct subjects *s, struct bytes document, struct err *e)
{
	const json_t *definition =
	    json_object_get(s->content.meta, "definition");
	const char *scope =
	    json_string_value(json_object_get(definition, "scope"));
	size_t i;
	const json_t *x;

	TRY(party_approved(document, &s->m->h, NULL, scope, e));
	json_array_foreach(json_object_get(definition, "institutions"), i, x)
	{
		const char *code =
		    json_string_value(json_object_get(x, "code"));

		TRY(party_approved(document, &s->m->h, code, scope, e));
	}
	return ERR_NONE;
}

/* S4: the approval is the ward's own, and the one the header names. */
static enum err_class prove_approval(struct subjects *s, struct err *e)
{
	struct bytes cms = content_part(&s->content, "approval");
	const struct peer *ward = peers_of(s->c->peers, s->m->h.origin);
	struct buf document = {0};
	char digest[DIGEST_TEXT];
	enum err_class class;

	if (ward == NULL || ward->party != STORE_WARD ||
	    strcmp(ward->code, s->m->h.authority) != 0)
		return err_set(e, ERR_DENIED, "message.not_allowed",
		    "対象者データは当該自治体からのみ受け付けます",
		    "subjects come from their own ward alone");
	/* E7: their steps are of every flow. */
	if (s->m->h.hub[0] != '\0')
		return err_set(e, ERR_DENIED, "message.not_allowed",
		    "対象者データは特定のハブのものではありません",
		    "subjects belong to no hub");
	digest_hex(digest_one(cms), digest);
	if (strcmp(digest, s->m->h.approval) != 0)
		return err_set(e, ERR_DENIED, "message.bad_signature",
		    "決裁書が見出しと一致しません",
		    "the approval is not the one the header names");
	class = party_verify(s->c->peers, ward, cms, &document, e);
	if (class == ERR_NONE)
		class = cover_definition(s, buf_bytes(&document), e);
	buf_fini(&document);
	return class;
}

static enum err_class read_meta(struct subjects *s, struct err *e)
{
	const json_t *meta = s->content.meta;
	const json_t *definition = json_object_get(meta, "definition");
	json_int_t first = 0;
	json_int_t last = 0;
	json_int_t total = 0;
	char *z;

	if (json_unpack(json_object_get(meta, "definition"), "{s:I}",
		"subjects", &total) != 0 ||
	    json_integer_value(json_object_get(meta, "first")) <= 0)
		return malformed(e, "definition");
	first = json_integer_value(json_object_get(meta, "first"));
	last = json_integer_value(json_object_get(meta, "last"));
	if (last < first || total < last || total > KANRI_ORDINAL_MAX ||
	    s->m->h.parts < 1 || s->m->h.part < 1 ||
	    s->m->h.part > s->m->h.parts || s->m->h.wave == 0 ||
	    json_array_size(json_object_get(definition, "institutions")) >
		INSTITUTIONS_MAX)
		return malformed(e, "part");
	s->first = first;
	s->last = last;
	s->total = total;
	z = json_dumps(definition, JSON_COMPACT | JSON_SORT_KEYS);
	if (z == NULL)
		return malformed(e, "definition");
	s->definition = arena_copy(s->c->arena, z, strlen(z));
	free(z);
	return ERR_NONE;
}

static enum err_class open_tasks(
    struct store_tx *tx, struct subjects *s, struct err *e)
{
	const json_t *list = json_object_get(
	    json_object_get(s->content.meta, "definition"), "institutions");
	size_t i;
	const json_t *x;

	json_array_foreach(list, i, x)
	{
		const char *code =
		    json_string_value(json_object_get(x, "code"));

		if (code == NULL || peers_of(s->c->peers, code) == NULL) {
			err_set(e, ERR_INPUT, "message.unknown_recipient",
			    "知らない金融機関があります",
			    "an institution is not known here");
			return err_detail(e, "%s", code ? code : "");
		}
		TRY(STORE_DO(tx, STMT_TASK_ADD, e, store_z(s->m->h.authority),
		    store_int(s->m->h.wave), store_z("convert"), store_z(code),
		    store_int(0), store_int(s->total)));
	}
	return ERR_NONE;
}

/* No two parts share an ordinal. */
static enum err_class check_range(
    struct store_tx *tx, const struct subjects *s, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_UNIT_PART_OVERLAP,
	    STORE_VALUES(store_z(s->m->h.authority), store_int(s->m->h.wave),
		store_int(s->m->h.part), store_int(s->first),
		store_int(s->last)),
	    &r, &found, e));
	store_rows_close(r);
	return found ? malformed(e, "overlap") : ERR_NONE;
}

static enum err_class keep_rows(
    struct store_tx *tx, struct subjects *s, struct err *e)
{
	struct store_value authority = store_z(s->m->h.authority);
	struct store_value wave = store_int(s->m->h.wave);
	const struct store_column columns[] = {
	    {.same = true, .v = &authority},
	    {.same = true, .v = &wave},
	    {.v = s->ordinal},
	    {.v = s->kamoku},
	    {.v = s->basis},
	    {.v = s->record},
	};

	return store_each(tx, STMT_SNAPSHOT_ADD, columns,
	    sizeof(columns) / sizeof(*columns), s->rows, NULL, e);
}

/* A ward that was restored sends what it lost again, under another id: the
 * same part under the same approval is here. */
static enum err_class repeated(
    struct store_tx *tx, const struct subjects *s, struct err *e)
{
	const struct header *h = &s->m->h;
	struct store_rows *r;
	bool same;

	TRY(store_one(tx, STMT_UNIT_PART_SAME,
	    STORE_VALUES(store_z(h->authority), store_int(h->wave),
		store_int(h->part), store_int(s->first), store_int(s->last),
		store_z(h->approval), store_z(s->definition)),
	    &r, &same, e));
	store_rows_close(r);
	return same ? ERR_NONE
		    : err_set(e, ERR_INPUT, "message.duplicate",
			  "この分割はすでに受信しています",
			  "this part of the wave is here already");
}

static enum err_class subjects_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct subjects *s = arg;
	const struct header *h = &s->m->h;
	char wave[4] = "";
	int64_t added;

	(void)kanri_wave_format(h->wave, wave);
	TRY(party_take(tx, s->m, e));
	TRY(STORE_DO(tx, STMT_UNIT_WAVE_ADD, e, store_z(h->authority),
	    store_int(h->wave), store_int(h->parts), store_int(s->total),
	    store_z(s->definition), store_z(h->approval),
	    store_blob(content_part(&s->content, "approval"))));
	TRY(store_do(tx, STMT_UNIT_PART_ADD,
	    STORE_VALUES(store_z(h->authority), store_int(h->wave),
		store_int(h->part), store_int(s->first), store_int(s->last)),
	    &added, e));
	if (added == 0)
		return repeated(tx, s, e);
	TRY(check_range(tx, s, e));
	TRY(keep_rows(tx, s, e));
	TRY(open_tasks(tx, s, e));
	TRY(party_step(tx, s->c, h,
	    party_step_no(LINK_DIRECT, DEED_SUBJECTS_IN), h->records, e));
	return audit_add(tx,
	    &(const struct audit_entry){.actor = "work",
		.action = "receive",
		.kind = "wave",
		.object = text_z(wave),
		.authority = h->authority,
		.purpose = "照会対象者データの受信",
		.records = h->records},
	    s->c->now_us, &s->c->random, e);
}

enum err_class unit_subjects(
    struct party_context *c, const struct message *m, struct err *e)
{
	struct subjects s = {.c = c, .m = m};
	enum err_class class;
	char key[PARTY_KEY];

	TRY(message_open(c->keys, m, c->arena, &s.content, e));
	class = prove_approval(&s, e);
	if (class == ERR_NONE)
		class = read_meta(&s, e);
	if (class == ERR_NONE)
		class = take_rows(&s, e);
	if (class == ERR_NONE)
		class = store_run_key(c->store,
		    party_key(m->h.authority, m->h.wave, "", key),
		    subjects_write, &s, e);
	content_fini(&s.content);
	return class;
}
