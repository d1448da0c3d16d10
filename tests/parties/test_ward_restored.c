/* A node that was put back to an older copy: what its neighbours send again,
 * and who may ask for it (restored.h). The simulator runs whole waves. */
#include "ward_say.h"

#include "parties/restored.h"

static void ask(struct say *s, struct fixture_node *from,
    struct fixture_node *hop, int64_t point_us)
{
	struct header h = say_header(s, KIND_STATUS);
	struct content content = {0};
	char point[CLOCK_TEXT];

	clock_format(point_us, point);
	content.meta = json_pack("{s:s}", "restored", point);
	h.file[0] = h.institution[0] = h.hub[0] = h.authority[0] = '\0';
	h.wave = 0;
	office_say(&s->o, from, hop, &h, &content, &s->state, s->code);
}

static int64_t queued(struct say *s)
{
	return say_count(s, "SELECT count(*) FROM outbox AS o JOIN message AS m"
			    " ON m.id = o.id WHERE o.recipient = 'U001' AND"
			    " o.state = 0 AND m.kind = 'subjects'");
}

static void only_a_neighbour_may_ask(void **state)
{
	struct say s;

	(void)state;
	say_open(&s, LINK_DIRECT);
	fixture_sql(s.o.ward, "UPDATE outbox SET state = 1, done_us = 1");
	ask(&s, s.o.bank, s.o.unit, 0);
	assert_int_equal(s.state, INBOX_REFUSED);
	assert_string_equal(s.code, "message.not_allowed");
	assert_int_equal(queued(&s), 0);
	office_close(&s.o);
}

static void what_was_accepted_since_the_copy_is_sent_again(void **state)
{
	struct say s;
	char sql[100];
	int64_t now;

	(void)state;
	say_open(&s, LINK_DIRECT);
	now = s.o.f.now_us;
	(void)snprintf(sql, sizeof(sql),
	    "UPDATE outbox SET state = 1, done_us = %lld", (long long)now);
	fixture_sql(s.o.ward, sql);
	assert_int_equal(queued(&s), 0);
	ask(&s, s.o.unit, s.o.unit, now + RESTORED_SKEW + 1);
	assert_int_equal(s.state, INBOX_DONE);
	assert_int_equal(queued(&s), 0);
	ask(&s, s.o.unit, s.o.unit, now + RESTORED_SKEW);
	assert_int_equal(s.state, INBOX_DONE);
	assert_int_equal(queued(&s), 1);
	/* It is answered with how many, and with the highest wave known. */
	assert_int_equal(
	    say_count(&s, "SELECT count(*) FROM message WHERE kind = 'status'"
			  " AND authority = '' AND recipient = 'U001' AND"
			  " origin = '" OFFICE_WARD "'"),
	    2);
	office_close(&s.o);
}

static uint32_t draft(struct say *s)
{
	struct ward_order order = office_order();
	uint32_t wave = 0;

	(void)!ward_draft_new(s->o.c, &order, &s->o.officer, &wave, &s->o.e);
	return wave;
}

static void nothing_new_before_all_have_answered(void **state)
{
	struct say s;
	size_t asked;

	(void)state;
	say_open(&s, LINK_DIRECT);
	assert_int_equal(restored_ask(s.o.c, &asked, &s.o.e), ERR_NONE);
	assert_int_equal(asked, 1); /* the others are behind the unit */
	assert_int_equal(draft(&s), 0);
	assert_string_equal(s.o.e.code, "node.restored");
	assert_int_equal(
	    restored_without(s.o.c, OFFICE_BANK, &s.o.e), ERR_INPUT);
	assert_int_equal(
	    restored_without(s.o.c, OFFICE_UNIT, &s.o.e), ERR_NONE);
	assert_int_equal(draft(&s), 2);
	office_close(&s.o);
}

/* Numbers that the copy does not know may be in use; a peer that lies about
 * them does not use them all up. */
static void the_next_wave_is_behind_those_that_were_lost(void **state)
{
	struct say s;

	(void)state;
	say_open(&s, LINK_DIRECT);
	fixture_sql(s.o.ward,
	    "INSERT INTO restored (peer, point_us, asked_us, heard_us, wave)"
	    " VALUES ('U001', 1, 1, 1, 7)");
	assert_int_equal(draft(&s), 8);
	fixture_sql(s.o.ward, "UPDATE restored SET wave = 46655");
	assert_int_equal(draft(&s), 1009);
	office_close(&s.o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_a_neighbour_may_ask),
	    cmocka_unit_test(what_was_accepted_since_the_copy_is_sent_again),
	    cmocka_unit_test(nothing_new_before_all_have_answered),
	    cmocka_unit_test(the_next_wave_is_behind_those_that_were_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
