/* status.c — see status.h. */
#include "parties/status.h"

#include "parties/bank.h"
#include "parties/knot.h"
#include "parties/unit.h"
#include "parties/unit_halt.h"

#define AUTHORITIES_MAX 256
#define EXPIRES_DAYS 30

struct authorities {
	char code[AUTHORITIES_MAX][NODE_CODE];
	size_t n;
};

static enum err_class add_authorities(struct store_tx *tx,
    enum store_statement st, struct authorities *a, struct err *e)
{
	struct store_rows *r;
	bool more;

	TRY(store_query(tx, st, NULL, 0, &r, e));
	for (;;) {
		struct text t;
		size_t i;
		enum err_class c = store_next(r, &more, e);

		if (c != ERR_NONE || !more) {
			store_rows_close(r);
			return c;
		}
		t = store_get_text(r, 0);
		for (i = 0; i < a->n; i++)
			if (text_is(t, a->code[i]))
				break;
		if (i < a->n || a->n == AUTHORITIES_MAX || t.n >= NODE_CODE)
			continue;
		memcpy(a->code[a->n], t.p, t.n);
		a->code[a->n++][t.n] = '\0';
	}
}

struct reading {
	struct party_context *c;
	struct authorities authorities;
	const char *authority;
	json_t *steps;
	json_t *files;
	json_t *halted;
	struct buf proofs;
};

static enum err_class read_authorities(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct reading *r = arg;

	TRY(add_authorities(tx, STMT_STEP_AUTHORITIES, &r->authorities, e));
	switch (r->c->node->party) {
	case STORE_UNIT:
		TRY(add_authorities(
		    tx, STMT_HALTED_AUTHORITIES, &r->authorities, e));
		return add_authorities(
		    tx, STMT_UNIT_FILE_AUTHORITIES, &r->authorities, e);
	case STORE_BANK:
		return add_authorities(
		    tx, STMT_BANK_FILE_AUTHORITIES, &r->authorities, e);
	case STORE_WARD:
	case STORE_HUB:
		return ERR_NONE;
	}
	return ERR_NONE;
}

static enum err_class read_steps(
    struct store_tx *tx, struct reading *r, struct err *e)
{
	struct store_rows *rows;
	bool more;

	TRY(store_query(tx, STMT_STEP_UNREPORTED,
	    STORE_VALUES(store_z(r->authority), store_int(STATUS_STEPS)), &rows,
	    e));
	for (;;) {
		enum err_class c = store_next(rows, &more, e);
		char at[CLOCK_TEXT];
		struct text hub;
		struct text file;

		if (c != ERR_NONE || !more) {
			store_rows_close(rows);
			return c;
		}
		hub = store_get_text(rows, 1);
		file = store_get_text(rows, 2);
		clock_format(store_get_int(rows, 4), at);
		json_array_append_new(r->steps,
		    json_pack("{s:I,s:s%,s:s%,s:I,s:s,s:I}", "wave",
			(json_int_t)store_get_int(rows, 0), "hub", hub.p, hub.n,
			"file", file.p, file.n, "no",
			(json_int_t)store_get_int(rows, 3), "at", at,
			"inquiries", (json_int_t)store_get_int(rows, 5)));
	}
}

static enum err_class read_one(struct store_tx *tx, void *arg, struct err *e)
{
	struct reading *r = arg;

	TRY(read_steps(tx, r, e));
	switch (r->c->node->party) {
	case STORE_UNIT:
		TRY(unit_halt_words(
		    tx, r->authority, UNIT_HALT_WORDS, r->halted, e));
		return unit_status_files(
		    tx, r->authority, STATUS_FILES, r->files, &r->proofs, e);
	case STORE_BANK:
		return bank_status_files(
		    tx, r->authority, STATUS_FILES, r->files, e);
	case STORE_WARD:
	case STORE_HUB:
		return ERR_NONE;
	}
	return ERR_NONE;
}

void status_header(
    struct header *h, const char *authority, const char *to, int64_t now_us)
{
	*h = (struct header){.kind = KIND_STATUS, .reader_count = 1};
	(void)snprintf(h->authority, sizeof(h->authority), "%s", authority);
	(void)snprintf(h->to, sizeof(h->to), "%s", to);
	(void)snprintf(h->readers[0], sizeof(h->readers[0]), "%s", to);
	h->expires_us = now_us + EXPIRES_DAYS * CLOCK_DAY;
}

enum err_class status_of_file(struct party_context *c,
    const struct header *about, const char *to, const char *state,
    struct party_sending *out, struct err *e)
{
	struct content content = {0};
	struct header h;
	enum err_class class;

	status_header(&h, about->authority, to, c->now_us);
	h.wave = about->wave;
	h.link = about->link;
	memcpy(h.institution, about->institution, NODE_CODE);
	memcpy(h.hub, about->hub, NODE_CODE);
	memcpy(h.file, about->file, HEADER_FILE);
	/* The hub counts by the header: no record of this file is left. */
	h.records = strcmp(state, "cancelled") == 0 ? 0 : about->records;
	content.meta = json_pack("{s:[],s:[{s:s,s:I,s:s,s:s}]}", "steps",
	    "files", "file", about->file, "wave", (json_int_t)about->wave,
	    "institution", about->institution, "state", state);
	class = party_make(c, &h, &content, out, e);
	content_fini(&content);
	return class;
}

struct writing {
	struct reading *r;
	const struct party_sending *sending;
};

static enum err_class mark_files(
    struct store_tx *tx, struct reading *r, struct err *e)
{
	enum store_statement st = r->c->node->party == STORE_UNIT
				      ? STMT_UNIT_FILE_REPORTED
				      : STMT_BANK_FILE_REPORTED;
	size_t i;
	json_t *f;

	json_array_foreach(r->files, i, f)
	{
		const char *file =
		    json_string_value(json_object_get(f, "file"));

		TRY(STORE_DO(tx, st, e, store_z(r->authority), store_z(file)));
	}
	return ERR_NONE;
}

static enum err_class write_one(struct store_tx *tx, void *arg, struct err *e)
{
	struct writing *w = arg;
	size_t i;
	json_t *s;

	json_array_foreach(w->r->steps, i, s)
	{
		json_int_t wave = 0;
		json_int_t no = 0;
		const char *hub = "";
		const char *file = "";

		(void)json_unpack(s, "{s:I,s:s,s:s,s:I}", "wave", &wave, "hub",
		    &hub, "file", &file, "no", &no);
		TRY(STORE_DO(tx, STMT_STEP_REPORTED, e,
		    store_z(w->r->authority), store_int(wave), store_z(hub),
		    store_z(file), store_int(no)));
	}
	TRY(mark_files(tx, w->r, e));
	TRY(unit_halt_told(tx, w->r->authority, w->r->halted, e));
	return party_send(tx, w->sending, w->r->c->now_us, e);
}

static enum err_class report(
    struct party_context *c, struct reading *r, struct err *e)
{
	struct party_sending sending;
	struct writing w = {.r = r, .sending = &sending};
	struct header h;
	struct content content = {0};
	enum err_class class;

	status_header(&h, r->authority, r->authority, c->now_us);
	content.meta = json_pack("{s:O,s:O,s:O}", "steps", r->steps, "files",
	    r->files, "halted", r->halted);
	if (r->proofs.n > 0)
		content_add(&content, "proofs", buf_bytes(&r->proofs));
	class = party_make(c, &h, &content, &sending, e);
	content_fini(&content);
	TRY(class);
	return store_run(c->store, write_one, &w, e);
}

enum err_class status_send(struct party_context *c, struct err *e)
{
	struct reading r = {.c = c};
	enum err_class class;

	if (c->node->party == STORE_WARD)
		return ERR_NONE; /* the ward reports to nobody */
	class = store_read(c->store, read_authorities, &r, e);
	for (size_t i = 0; class == ERR_NONE && i < r.authorities.n; i++) {
		r.authority = r.authorities.code[i];
		r.steps = json_array();
		r.files = json_array();
		r.halted = json_array();
		buf_clear(&r.proofs);
		class = store_read(c->store, read_one, &r, e);
		if (class == ERR_NONE && json_array_size(r.steps) +
						 json_array_size(r.files) +
						 json_array_size(r.halted) >
					     0)
			class = report(c, &r, e);
		json_decref(r.steps);
		json_decref(r.files);
		json_decref(r.halted);
	}
	buf_fini(&r.proofs);
	return class;
}
