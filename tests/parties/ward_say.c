#include "ward_say.h"

void say_open(struct say *s, enum node_link link)
{
	struct ward_order order = office_order();

	office_open(&s->o, link);
	office_subjects(&s->o, SUBJECTS);
	s->wave = office_wave(&s->o, &order);
	office_work(&s->o);
}

struct header say_header(const struct say *s, enum header_kind kind)
{
	struct header h = {.kind = kind, .wave = s->wave};

	memcpy(h.to, OFFICE_WARD, sizeof(OFFICE_WARD));
	memcpy(h.authority, OFFICE_WARD, sizeof(OFFICE_WARD));
	memcpy(h.institution, OFFICE_BANK, sizeof(OFFICE_BANK));
	memcpy(h.hub, OFFICE_HUB, sizeof(OFFICE_HUB));
	memcpy(h.file, FILE_1, sizeof(FILE_1));
	return h;
}

void say_file(struct say *s)
{
	struct header h = say_header(s, KIND_STATUS);
	struct content content = {0};

	h.file[0] = h.institution[0] = h.hub[0] = '\0';
	content.meta = json_pack(
	    "{s:[],s:[{s:s,s:i,s:s,s:s,s:i,s:i,s:i,s:i,s:s,s:s,s:s,s:s,"
	    "s:[{s:i,s:s,s:s,s:s,s:i,s:s}]}]}",
	    "steps", "files", "file", FILE_1, "wave", (int)s->wave,
	    "institution", OFFICE_BANK, "hub", OFFICE_HUB, "no", 1, "first", 1,
	    "last", SUBJECTS, "records", SUBJECTS - 1, "layout", "2025-04-01",
	    "state", "converted", "message", "00112233", "at",
	    "2026-09-21T10:00:00.000000+09:00", "exceptions", "ordinal", 4,
	    "kind", "held", "reason", "kanji:cp932", "item", "漢字氏名", "at",
	    1, "bad", "U+20BB7");
	assert_non_null(content.meta);
	office_say(
	    &s->o, s->o.unit, s->o.unit, &h, &content, &s->state, s->code);
	assert_int_equal(s->state, INBOX_DONE);
}

void say_number(uint32_t wave, uint32_t ordinal, char out[KANRI_TEXT])
{
	const struct kanri k = {.authority = OFFICE_WARD,
	    .institution = OFFICE_BANK,
	    .wave = wave,
	    .ordinal = ordinal};

	assert_true(kanri_format(&k, out));
}

void say_put(struct buf *out, uint32_t wave, uint32_t ordinal,
    enum answer_class class, const char *balance)
{
	struct answer_account account = {0};
	struct answer x = {.class = class};
	char number[KANRI_TEXT];

	say_number(wave, ordinal, number);
	for (int i = 0; i < ANSWER_COUNT; i++)
		x.f[i] = x.raw[i] = TEXT("");
	x.f[ANSWER_INQUIRY] = text_z(number);
	account.transactions = NULL;
	account.transaction_count = 0;
	if (balance != NULL) {
		account.f[ANSWER_BALANCE] = text_z(balance);
		x.accounts = &account;
		x.account_count = 1;
	}
	answer_pack(&x, out);
}

void say_answers_as(struct say *s, struct fixture_node *from, struct header *h,
    struct buf *answers)
{
	struct content content = {.meta = json_pack("{s:s,s:i}", "as_of",
				      "2026-09-01", "refused", 0)};

	content_add(&content, "answers", buf_bytes(answers));
	office_say(&s->o, from, s->o.unit, h, &content, &s->state, s->code);
	buf_fini(answers);
	*answers = (struct buf){0};
}

void say_answers(struct say *s, struct buf *answers, int64_t records)
{
	struct header h = say_header(s, KIND_ANSWER_FILE);

	h.records = records;
	say_answers_as(s, s->o.unit, &h, answers);
}

void say_answer(struct say *s, uint32_t ordinal, enum answer_class class,
    const char *balance)
{
	struct buf b = {0};

	say_put(&b, s->wave, ordinal, class, balance);
	say_answers(s, &b, 1);
	assert_int_equal(s->state, INBOX_DONE);
}

int64_t say_count(struct say *s, const char *sql)
{
	return fixture_count(s->o.ward, sql);
}

void say_status(struct say *s, struct fixture_node *from,
    struct fixture_node *hop, json_t *meta)
{
	struct header h = say_header(s, KIND_STATUS);
	struct content content = {.meta = meta};

	h.file[0] = h.institution[0] = h.hub[0] = '\0';
	assert_non_null(meta);
	office_say(&s->o, from, hop, &h, &content, &s->state, s->code);
	assert_int_equal(s->state, INBOX_DONE);
}

json_t *say_step(const struct say *s, const char *file, const char *hub, int no)
{
	return json_pack("{s:[{s:i,s:s,s:s,s:i,s:s,s:i}],s:[]}", "steps",
	    "wave", (int)s->wave, "file", file, "hub", hub, "no", no, "at",
	    "2026-09-21T10:00:00.000000+09:00", "inquiries", 9, "files");
}
