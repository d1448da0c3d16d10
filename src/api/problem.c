/* problem.c — see problem.h. */
#include "api/problem.h"

#include <stdlib.h>

/* Codes whose status is not that of their class. */
static const struct {
	const char *code;
	int status;
} special[] = {
    {"answer.gone", 409},
    {"answer.not_returned", 409},
    {"answer.unknown_file", 404},
    {"carry.unknown", 404},
    {"check.returned", 409},
    {"check.unknown", 404},
    {"client.unknown", 404},
    {"inquiry.left", 409},
    {"inquiry.not_held", 409},
    {"inquiry.not_open", 409},
    {"inquiry.not_sent", 409},
    {"inquiry.unknown", 404},
    {"layout.missing", 404},
    {"method", 405},
    {"not_found", 404},
    {"request.address", 400},
    {"request.busy", 409},
    {"request.changed", 412},
    {"request.json", 400},
    {"request.query", 400},
    {"request.too_long", 422},
    {"request.type", 415},
    {"selection.exists", 409},
    {"session.certificate", 401},
    {"session.ended", 401},
    {"session.locked", 401},
    {"session.locked_out", 429},
    {"session.none", 401},
    {"session.totp", 401},
    {"session.totp_none", 401},
    {"session.wrong", 401},
    {"subjects.not_shielded", 409},
    {"subjects.not_stopped", 409},
    {"subjects.unknown", 404},
    {"token.unknown", 401},
    {"user.exists", 409},
    {"user.unknown", 404},
    {"wave.closed", 409},
    {"wave.unknown", 404},
};

static int of_class(enum err_class class)
{
	switch (class) {
	case ERR_NONE:
		return 200;
	case ERR_INPUT:
		return 422;
	case ERR_LIMIT:
		return 413;
	case ERR_DENIED:
		return 403;
	case ERR_BUSY:
	case ERR_UNSURE:
		return 503;
	case ERR_FAULT:
		break;
	}
	return 500;
}

int problem_status(const struct err *e)
{
	for (size_t i = 0; i < sizeof(special) / sizeof(*special); i++)
		if (strcmp(e->code, special[i].code) == 0)
			return special[i].status;
	return of_class(e->class);
}

void problem_of_status(int status, struct err *e)
{
	static const struct {
		int status;
		enum err_class class;
		const char *code;
		const char *ja;
		const char *en;
	} words[] = {
	    {404, ERR_INPUT, "not_found", "そのアドレスはありません",
		"there is no such address"},
	    {405, ERR_INPUT, "method", "その操作はできません",
		"that method is not served here"},
	    {401, ERR_DENIED, "session.none", "サインインしてください",
		"sign in first"},
	    {403, ERR_DENIED, "user.role", "この操作の役割がありません",
		"this user does not have the role"},
	    {411, ERR_INPUT, "request.length", "本文の長さがありません",
		"the length of the body is missing"},
	    {413, ERR_LIMIT, "request.too_large", "本文が大きすぎます",
		"the body is too large"},
	    {415, ERR_INPUT, "request.type", "本文の種類が違います",
		"not the content type this address takes"},
	    {431, ERR_LIMIT, "request.head", "見出しが大きすぎます",
		"the head of the request is too large"},
	    {500, ERR_BUSY, "request.died",
		"処理が途中で止まりました。結果を確認してから、もう一度行ってく"
		"ださい",
		"the work was cut off; look what became of it, then try again"},
	    {503, ERR_BUSY, "request.many", "混み合っています",
		"too much at once; try again"},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (words[i].status == status) {
			err_set(e, words[i].class, words[i].code, words[i].ja,
			    words[i].en);
			return;
		}
	err_set(e, ERR_INPUT, "request.malformed", "要求の形が正しくありません",
	    "the request is not well formed");
}

static void put(json_t *o, const char *key, const char *z)
{
	if (z[0] != '\0')
		(void)json_object_set_new(o, key, json_string(z));
}

json_t *problem_json(int status, const struct err *e)
{
	json_t *where = json_object();
	json_t *o;

	put(where, "file", e->file);
	put(where, "item", e->item);
	if (e->line > 0)
		(void)json_object_set_new(where, "line", json_integer(e->line));
	if (e->column > 0)
		(void)json_object_set_new(
		    where, "column", json_integer(e->column));
	o = json_pack("{s:s,s:s,s:i,s:s,s:o,s:s,s:s}", "type", "about:blank",
	    "title", e->en, "status", status, "code", e->code, "where", where,
	    "title_ja", e->ja, "title_en", e->en);
	if (o == NULL)
		abort(); /* out of memory */
	put(o, "detail", e->detail);
	return o;
}
