/* call_subject.c — the ward's subjects: listed, searched, shown, revealed. */
#include "api/calls.h"
#include "parties/ward_person.h"
#include "parties/ward_shield.h"

#include <stdio.h>

#define REVEAL_US (900 * CLOCK_SECOND)

static enum err_class give_page(
    struct call *c, struct ward_person_page *p, struct err *e)
{
	const char *parts[2];

	TRY(call_cursor_parts(c, parts, 2, e));
	p->after_key = parts[0];
	p->after = parts[1];
	p->max = call_limit(c);
	p->officer = &c->user;
	TRY(ward_person_list(c->c, p, e));
	parts[0] = p->next_key;
	parts[1] = p->next;
	call_list(
	    c, p->items, p->next != NULL ? call_cursor(c, parts, 2) : NULL);
	return ERR_NONE;
}

enum err_class call_subjects(struct call *c, struct err *e)
{
	struct ward_person_page p = {.by = PERSON_ALL, .text = ""};

	return give_page(c, &p, e);
}

enum err_class call_subject_search(struct call *c, struct err *e)
{
	static const struct {
		const char *name;
		enum ward_person_by by;
	} ways[] = {
	    {"atena", PERSON_ATENA},
	    {"kana", PERSON_KANA},
	    {"kanji", PERSON_KANJI},
	};
	struct ward_person_page p = {.text = call_text(c->body, "text")};
	const char *by = call_text(c->body, "by");

	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (strcmp(by, ways[i].name) == 0)
			p.by = ways[i].by;
	if (p.by != PERSON_ALL && p.text[0] != '\0')
		return give_page(c, &p, e);
	return call_bad_value(e, p.by == PERSON_ALL ? "by" : "text");
}

struct revealing {
	struct call *c;
	const char *atena;
	char token[DIGEST_TEXT];
	int64_t until_us;
};

static void session_digest(struct call *c, char out[DIGEST_TEXT])
{
	digest_hex(digest_one(text_bytes(text_z(c->session.token))), out);
}

static enum err_class reveal_read(struct store_tx *tx, void *arg, struct err *e)
{
	struct revealing *x = arg;
	struct store_rows *r;
	bool found;

	TRY(store_one(tx, STMT_DESK_REVEAL_GET,
	    STORE_VALUES(store_z(x->token), store_z(x->atena)), &r, &found, e));
	if (found)
		x->until_us = store_get_int(r, 0);
	store_rows_close(r);
	return ERR_NONE;
}

enum err_class call_subject_masked(
    struct call *c, const char *atena, bool *masked, struct err *e)
{
	struct revealing x = {.c = c, .atena = atena};
	enum err_class class = ward_person_shielded(c->c, atena, masked, e);

	if (class == ERR_INPUT) {
		*masked = false;
		return ERR_NONE;
	}
	TRY(class);
	session_digest(c, x.token);
	TRY(store_read(c->c->store, reveal_read, &x, e));
	*masked = *masked && c->c->now_us >= x.until_us;
	return ERR_NONE;
}

enum err_class call_subject(struct call *c, struct err *e)
{
	bool masked;

	TRY(call_subject_masked(c, c->param[0], &masked, e));
	return ward_person_show(
	    c->c, c->param[0], masked, &c->user, &c->out, e);
}

enum err_class call_subject_report(struct call *c, struct err *e)
{
	bool masked;

	TRY(call_subject_masked(c, c->param[0], &masked, e));
	return ward_person_report(
	    c->c, c->param[0], masked, &c->user, &c->out, e);
}

static enum err_class reveal_write(
    struct store_tx *tx, void *arg, struct err *e)
{
	struct revealing *x = arg;
	int64_t now = x->c->c->now_us;

	TRY(STORE_DO(tx, STMT_DESK_REVEAL_SWEEP, e, store_int(now)));
	TRY(STORE_DO(tx, STMT_DESK_REVEAL_PUT, e, store_z(x->token),
	    store_z(x->c->param[0]), store_int(now + REVEAL_US)));
	return ward_log(tx, x->c->c,
	    &(const struct ward_act){.actor = x->c->user.name,
		.action = "reveal",
		.kind = "subject",
		.object = x->c->param[0],
		.purpose = arena_printf(x->c->c->arena, "支援措置の表示: %s",
		    call_text(x->c->body, "reason")),
		.records = 1},
	    e);
}

enum err_class call_subject_reveal(struct call *c, struct err *e)
{
	struct revealing x = {.c = c};
	bool shielded;

	TRY(ward_person_shielded(c->c, c->param[0], &shielded, e));
	if (!ward_text_good(call_text(c->body, "reason"), 1, 200)) {
		err_set(e, ERR_INPUT, "request.bad_value",
		    "理由を入力してください", "a reason is needed");
		return err_at(e, NULL, 0, 0, "reason");
	}
	session_digest(c, x.token);
	return shielded ? store_run(c->c->store, reveal_write, &x, e)
			: ERR_NONE;
}

enum err_class call_subject_address(struct call *c, struct err *e)
{
	const struct ward_shield x = {.atena = c->param[0],
	    .address = call_text(c->body, "address"),
	    .reason = call_text(c->body, "reason"),
	    .officer = &c->user};

	if (!ward_text_good(x.reason, 1, 200))
		return call_bad_value(e, "reason");
	return ward_shield_choose(c->c, &x, e);
}
