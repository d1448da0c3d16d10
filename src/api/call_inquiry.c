/* call_inquiry.c — inquiries: held ones, answers, one of them and what an
 * officer decides about it. */
#include "api/calls.h"
#include "parties/books.h"
#include "parties/ward_answers.h"
#include "parties/ward_compare.h"
#include "parties/ward_inquiry.h"
#include "parties/ward_person.h"
#include "record/answer.h"

#include <stdio.h>

enum err_class call_inquiry_exceptions(struct call *c, struct err *e)
{
	struct books_page page = {
	    .institution = call_text(c->query, "institution"),
	    .kind = call_text(c->query, "kind"),
	    .max = call_limit(c),
	};
	const char *parts[2];

	TRY(call_wave_id(c, &page.wave, e));
	TRY(call_cursor_parts(c, parts, 2, e));
	page.after = parts[0];
	if (parts[0][0] != '\0' &&
	    !text_to_int(text_z(parts[1]), INT64_MAX, &page.ordinal))
		return call_not_found(e);
	TRY(books_exceptions_page(c->c, &page, e));
	parts[0] = page.next_institution;
	parts[1] = arena_printf(c->c->arena, "%lld", (long long)page.next);
	call_list(
	    c, page.items, page.next != 0 ? call_cursor(c, parts, 2) : NULL);
	return ERR_NONE;
}

enum err_class call_inquiry_answers(struct call *c, struct err *e)
{
	const char *class = call_text(c->query, "class");
	struct ward_answers_page page = {
	    .institution = call_text(c->query, "institution"),
	    .class = -1,
	    .max = call_limit(c),
	    .officer = &c->user,
	};

	TRY(call_wave_id(c, &page.wave, e));
	TRY(call_cursor_parts(c, &page.after, 1, e));
	for (int i = 0; i < CLASS_COUNT; i++)
		if (strcmp(class, answer_class_code((enum answer_class)i)) == 0)
			page.class = i;
	if (class[0] != '\0' && page.class < 0)
		return call_bad_value(e, "class");
	TRY(ward_answers_list(c->c, &page, e));
	call_list(c, page.items,
	    page.next != NULL ? call_cursor(c, &page.next, 1) : NULL);
	return ERR_NONE;
}

enum err_class call_inquiry_results(struct call *c, struct err *e)
{
	struct ward_answers_results page = {
	    .max = call_limit(c), .officer = &c->user};

	TRY(call_wave_id(c, &page.wave, e));
	TRY(call_cursor_number(c, UINT32_MAX, &page.after, e));
	TRY(ward_answers_by_subject(c->c, &page, e));
	call_list_number(c, page.items, page.next);
	return ERR_NONE;
}

enum err_class call_inquiry_comparison(struct call *c, struct err *e)
{
	struct ward_compare page = {
	    .institution = call_text(c->query, "institution"),
	    .changed = call_bool(c->query, "changed"),
	    .loss = call_text(c->query, "loss"),
	    .rule = call_text(c->query, "rule"),
	    .max = call_limit(c),
	    .officer = &c->user,
	};

	TRY(call_wave_id(c, &page.wave, e));
	TRY(call_cursor_number(c, UINT32_MAX, &page.after, e));
	if (page.loss[0] != '\0' && strcmp(page.loss, "material") != 0 &&
	    strcmp(page.loss, "informational") != 0)
		return call_bad_value(e, "loss");
	TRY(ward_compare(c->c, &page, e));
	call_list_number(c, page.items, page.next);
	return ERR_NONE;
}

/* Of a shielded person only what tells nothing of who or where they are. */
static void mask(json_t *o)
{
	static const char *const hidden[] = {
	    "subject", "items", "answer", "corrections", "raw", "halt"};

	for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++)
		(void)json_object_del(o, hidden[i]);
}

enum err_class call_inquiry(struct call *c, struct err *e)
{
	bool masked;

	TRY(ward_inquiry_show(c->c, text_z(c->param[0]), &c->user, &c->out, e));
	TRY(call_subject_masked(c, call_text(c->out, "atena"), &masked, e));
	if (masked)
		mask(c->out);
	(void)json_object_set_new(c->out, "masked", json_boolean(masked));
	return ERR_NONE;
}

static const char *reason(const struct call *c)
{
	return call_text(c->body, "reason");
}

enum err_class call_inquiry_mend(struct call *c, struct err *e)
{
	c->wake = true;
	return ward_inquiry_mend(c->c, text_z(c->param[0]), &c->user,
	    call_text(c->body, "item"), call_text(c->body, "value"), reason(c),
	    e);
}

enum err_class call_inquiry_release(struct call *c, struct err *e)
{
	c->wake = true;
	return ward_inquiry_mend(
	    c->c, text_z(c->param[0]), &c->user, NULL, NULL, reason(c), e);
}

enum err_class call_inquiry_withdraw(struct call *c, struct err *e)
{
	c->wake = true;
	return ward_inquiry_withdraw(
	    c->c, text_z(c->param[0]), &c->user, reason(c), e);
}

enum err_class call_inquiry_end(struct call *c, struct err *e)
{
	return ward_inquiry_end(
	    c->c, text_z(c->param[0]), &c->user, reason(c), e);
}

enum err_class call_inquiry_reask(struct call *c, struct err *e)
{
	uint32_t wave;
	char id[4];

	TRY(ward_inquiry_reask(c->c, text_z(c->param[0]), &c->user, &wave, e));
	(void)kanri_wave_format(wave, id);
	c->out = json_pack("{s:s}", "wave", id);
	c->status = 201;
	return ERR_NONE;
}
