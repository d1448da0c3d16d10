/* ward_file.c — see ward_file.h. */
#include "parties/ward_file.h"

#include "record/kanri.h"
#include "record/limits.h"

#include <stdio.h>

enum err_class ward_file_load(struct store_tx *tx, struct party_context *c,
    const char *file, struct ward_file *out, bool *found, struct err *e)
{
	struct arena *a = c->arena;
	struct store_rows *r;

	*out = (struct ward_file){0};
	TRY(store_one(tx, STMT_WARD_FILE_GET,
	    STORE_VALUES(store_z(c->node->code), store_z(file)), &r, found, e));
	if (*found)
		*out = (struct ward_file){
		    .file = arena_printf(a, "%s", file),
		    .wave = (uint32_t)store_get_int(r, 0),
		    .institution = ward_column(a, r, 1),
		    .hub = ward_column(a, r, 2),
		    .no = store_get_int(r, 3),
		    .first = store_get_int(r, 4),
		    .last = store_get_int(r, 5),
		    .records = store_get_int(r, 6),
		    .layout = ward_column(a, r, 7),
		    .state = ward_column(a, r, 8),
		    .message = ward_column(a, r, 9),
		    .as_of = ward_column(a, r, 10),
		    .sent_us = store_get_int(r, 11),
		    .received_us = store_get_int(r, 12),
		    .answered_us = store_get_int(r, 13),
		    .listed = store_get_int(r, 14) != 0,
		};
	store_rows_close(r);
	return ERR_NONE;
}

static enum err_class move(struct store_tx *tx, struct party_context *c,
    const struct ward_file *f, enum inquiry_state to, struct err *e)
{
	int from;

	if (!states_named(STATES_INQUIRY, text_z(f->state), &from) ||
	    !states_may(STATES_INQUIRY, from, (int)to))
		return ERR_NONE;
	return STORE_DO(tx, STMT_WARD_FILE_STATE, e, store_z(c->node->code),
	    store_z(f->file), store_z(states_name(STATES_INQUIRY, (int)to)));
}

enum err_class ward_file_move(struct store_tx *tx, struct party_context *c,
    const char *file, enum inquiry_state to, struct err *e)
{
	struct ward_file f;
	bool found;

	TRY(ward_file_load(tx, c, file, &f, &found, e));
	return found ? move(tx, c, &f, to, e) : ERR_NONE;
}

bool ward_file_name(const struct party_context *c, const char *file,
    uint32_t *wave, char institution[NODE_CODE], int64_t *no)
{
	struct text t = text_z(file);
	char name[24];

	/* AAAAAA-WWW-IIII-N… */
	if (t.n < 17 || t.n >= HEADER_FILE || t.p[6] != '-' || t.p[10] != '-' ||
	    t.p[15] != '-' || memcmp(t.p, c->node->code, 6) != 0 ||
	    !kanri_wave_parse(text_trust(t.p + 7, 3), wave) ||
	    !text_is_digits(text_trust(t.p + 11, 4), 4, 4) ||
	    !text_to_int(text_trust(t.p + 16, t.n - 16), INT32_MAX, no))
		return false;
	/* One name for one number: as unit_convert.c writes it. */
	(void)snprintf(name, sizeof(name), "%04lld", (long long)*no);
	if (!text_is(text_trust(t.p + 16, t.n - 16), name))
		return false;
	memcpy(institution, t.p + 11, 4);
	institution[4] = '\0';
	return true;
}

static enum err_class malformed(struct err *e, const char *file)
{
	err_set(e, ERR_INPUT, "message.malformed",
	    "当区の照会のファイルではありません",
	    "no file of one of our waves");
	return err_detail(e, "%.47s", file);
}

static enum err_class check(struct store_tx *tx, struct party_context *c,
    const struct ward_file *f, struct err *e)
{
	char institution[NODE_CODE];
	struct store_rows *r;
	uint32_t wave;
	int64_t no;
	bool found;

	if (!ward_file_name(c, f->file, &wave, institution, &no) ||
	    wave != f->wave || no != f->no ||
	    strcmp(institution, f->institution) != 0 || f->first < 1 ||
	    f->last < f->first || f->last > KANRI_ORDINAL_MAX ||
	    f->records < 0 || f->records > f->last - f->first + 1)
		return malformed(e, f->file);
	TRY(store_one(tx, STMT_WARD_INSTITUTION_OF,
	    STORE_VALUES(store_z(c->node->code), store_int(f->wave),
		store_z(f->institution)),
	    &r, &found, e));
	found = found && text_is(store_get_text(r, 0), f->hub);
	store_rows_close(r);
	return found ? ERR_NONE : malformed(e, f->file);
}

/* What a word of a peer about a file's state means here. */
static bool meaning(const char *word, enum inquiry_state *to)
{
	static const struct {
		const char *word;
		enum inquiry_state to;
	} words[] = {
	    {"received", INQUIRY_DELIVERED}, {"answered", INQUIRY_DELIVERED},
	    {"refused", INQUIRY_REJECTED}, {"cancelled", INQUIRY_CANCELLED},
	    {"approved", INQUIRY_HANDED},    /* our own check */
	    {"returned", INQUIRY_CANCELLED}, /* our own check */
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(word, words[i].word) == 0) {
			*to = words[i].to;
			return true;
		}
	return false;
}

static enum err_class apply(struct store_tx *tx, struct party_context *c,
    const char *file, const char *word, struct err *e)
{
	enum inquiry_state to;
	struct ward_file f;
	bool found;

	TRY(ward_file_load(tx, c, file, &f, &found, e));
	/* Its answers are here: nobody's word takes them back. */
	if (!found || f.answered_us != 0 || !meaning(word, &to))
		return ERR_NONE;
	if (to == INQUIRY_DELIVERED)
		TRY(STORE_DO(tx, STMT_WARD_FILE_RECEIVED, e,
		    store_z(c->node->code), store_z(file),
		    store_int(c->now_us)));
	TRY(move(tx, c, &f, to, e));
	return to == INQUIRY_REJECTED || to == INQUIRY_CANCELLED
		   ? ward_close(tx, c, f.wave, e)
		   : ERR_NONE;
}

enum err_class ward_file_said(struct store_tx *tx, struct party_context *c,
    const char *file, const char *peer, const char *state, struct err *e)
{
	struct ward_file f;
	bool found;

	TRY(ward_file_load(tx, c, file, &f, &found, e));
	TRY(STORE_DO(tx, STMT_WARD_STATEMENT_PUT, e, store_z(peer),
	    store_z(c->node->code), store_z(file), store_int(c->now_us),
	    store_z(""), store_z(state), store_int(found ? f.records : 0)));
	return apply(tx, c, file, state, e);
}

#define WORDS_MAX 16

/* Words that came before the file's own row did. */
static enum err_class apply_words(struct store_tx *tx, struct party_context *c,
    const char *file, enum store_statement st, int column, struct err *e)
{
	char *words[WORDS_MAX];
	struct store_rows *r;
	enum err_class class;
	size_t n = 0;
	bool more;

	TRY(store_query(tx, st,
	    STORE_VALUES(store_z(c->node->code), store_z(file)), &r, e));
	while ((class = store_next(r, &more, e)) == ERR_NONE && more &&
	       n < WORDS_MAX) {
		/* A check of an answer says nothing about the request. */
		if (st == STMT_WARD_CHECK_OF &&
		    !text_is(store_get_text(r, 2), "request"))
			continue;
		words[n++] = ward_column(c->arena, r, column);
	}
	store_rows_close(r);
	TRY(class);
	for (size_t i = 0; i < n; i++)
		TRY(apply(tx, c, file, words[i], e));
	return ERR_NONE;
}

enum err_class ward_file_put(struct store_tx *tx, struct party_context *c,
    const struct ward_file *f, struct err *e)
{
	int64_t changed;

	TRY(check(tx, c, f, e));
	TRY(store_do(tx, STMT_WARD_FILE_PUT,
	    STORE_VALUES(store_z(c->node->code), store_z(f->file),
		store_int(f->wave), store_z(f->institution), store_z(f->hub),
		store_int(f->no), store_int(f->first), store_int(f->last),
		store_int(f->records), store_z(f->layout), store_z(f->state),
		store_z(f->message), store_int(f->sent_us),
		store_int(f->listed)),
	    &changed, e));
	if (changed == 0)
		return ERR_NONE;
	TRY(apply_words(tx, c, f->file, STMT_WARD_CHECK_OF, 9, e));
	TRY(apply_words(tx, c, f->file, STMT_WARD_STATEMENTS_OF, 1, e));
	return ward_file_complete(tx, c, f->file, NULL, e);
}

static enum err_class count_outcomes(struct store_tx *tx,
    struct party_context *c, const char *file, int64_t *out, struct err *e)
{
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_WARD_TALLY_SUM,
	    STORE_VALUES(store_z(c->node->code), store_z(file)), &r, &found,
	    e));
	*out = found ? store_get_int(r, 0) : 0;
	store_rows_close(r);
	return ERR_NONE;
}

enum err_class ward_file_complete(struct store_tx *tx, struct party_context *c,
    const char *file, const char *as_of, struct err *e)
{
	struct ward_file f;
	int64_t outcomes;
	bool found;
	bool all;

	TRY(ward_file_load(tx, c, file, &f, &found, e));
	if (!found)
		return ERR_NONE;
	TRY(count_outcomes(tx, c, file, &outcomes, e));
	/* Without the unit's word nobody knows how many there are. */
	all = f.layout[0] != '\0' && f.records > 0 && outcomes == f.records;
	if (as_of != NULL || all)
		TRY(STORE_DO(tx, STMT_WARD_FILE_ANSWERED, e,
		    store_z(c->node->code), store_z(file),
		    store_z(as_of != NULL ? as_of : f.as_of),
		    store_int(all && f.answered_us == 0 ? c->now_us
							: f.answered_us)));
	if (!all || f.answered_us != 0)
		return ward_close(tx, c, f.wave, e);
	TRY(move(tx, c, &f, INQUIRY_REGISTERED, e));
	return ward_close(tx, c, f.wave, e);
}
