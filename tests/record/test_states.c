/* Tests of record/states.h. */
#include "record/states.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const int counts[] = {
    [STATES_INQUIRY] = INQUIRY_STATE_COUNT,
    [STATES_WAVE] = WAVE_STATE_COUNT,
    [STATES_MESSAGE] = MESSAGE_STATE_COUNT,
};
#define KINDS 3

static void refuses_to_stay(void **state)
{
	(void)state;
	for (int k = 0; k < KINDS; k++)
		for (int s = 0; s < counts[k]; s++)
			assert_false(states_may((enum states_kind)k, s, s));
}

static void refuses_what_is_no_state(void **state)
{
	int s;

	(void)state;
	for (int k = 0; k < KINDS; k++) {
		enum states_kind kind = (enum states_kind)k;

		assert_false(states_may(kind, -1, 0));
		assert_false(states_may(kind, 0, -1));
		assert_false(states_may(kind, 0, counts[k]));
		assert_false(states_may(kind, counts[k], 0));
		assert_false(states_may(kind, 0, 40));
		assert_false(states_named(kind, TEXT(""), &s));
		assert_false(states_named(kind, TEXT("Drafted"), &s));
	}
	assert_false(states_named(STATES_WAVE, TEXT("held"), &s));
}

static bool has_exit(enum states_kind kind, int from)
{
	for (int to = 0; to < counts[kind]; to++)
		if (states_may(kind, from, to))
			return true;
	return false;
}

static void final_states_have_no_exit(void **state)
{
	static const int finals[] = {
	    INQUIRY_CLOSED, INQUIRY_REJECTED, INQUIRY_CANCELLED, INQUIRY_PAPER};
	int n = 0;

	(void)state;
	for (int k = 0; k < KINDS; k++)
		for (int s = 0; s < counts[k]; s++)
			assert_int_equal(states_final((enum states_kind)k, s),
			    !has_exit((enum states_kind)k, s));
	for (int s = 0; s < INQUIRY_STATE_COUNT; s++)
		n += states_final(STATES_INQUIRY, s);
	assert_int_equal(n, sizeof(finals) / sizeof(*finals));
	for (int i = 0; i < n; i++)
		assert_true(states_final(STATES_INQUIRY, finals[i]));
}

/* The set of states that can be reached from that one, itself within. */
static unsigned reached(enum states_kind kind, int from)
{
	unsigned set = 1U << from;
	unsigned before;

	do {
		before = set;
		for (int s = 0; s < counts[kind]; s++)
			for (int to = 0; to < counts[kind]; to++)
				if ((set >> s & 1) && states_may(kind, s, to))
					set |= 1U << to;
	} while (set != before);
	return set;
}

static void every_state_is_reached_from_the_first(void **state)
{
	(void)state;
	for (int k = 0; k < KINDS; k++)
		assert_int_equal(
		    reached((enum states_kind)k, 0), (1U << counts[k]) - 1);
}

static void every_state_reaches_a_final_one(void **state)
{
	(void)state;
	for (int k = 0; k < KINDS; k++)
		for (int s = 0; s < counts[k]; s++) {
			unsigned set = reached((enum states_kind)k, s);
			bool ends = false;

			for (int to = 0; to < counts[k]; to++)
				ends |= (set >> to & 1) != 0 &&
					states_final((enum states_kind)k, to);
			assert_true(ends);
		}
}

/* Nothing leaves without approval (S4). */
static void nothing_is_handed_over_before_approval(void **state)
{
	(void)state;
	for (int to = INQUIRY_CONVERTED; to < INQUIRY_STATE_COUNT; to++)
		assert_int_equal(
		    states_may(STATES_INQUIRY, INQUIRY_DRAFTED, to),
		    to == INQUIRY_CANCELLED);
	assert_false(states_may(STATES_WAVE, WAVE_DRAFTED, WAVE_APPROVED));
	assert_false(states_may(STATES_WAVE, WAVE_SUBMITTED, WAVE_SENT));
}

static void what_was_sent_never_goes_back(void **state)
{
	(void)state;
	for (int s = INQUIRY_HANDED; s <= INQUIRY_EXPIRED; s++)
		for (int to = 0; to <= INQUIRY_CONVERTED; to++)
			assert_false(states_may(STATES_INQUIRY, s, to));
	assert_true(
	    states_may(STATES_INQUIRY, INQUIRY_HANDED, INQUIRY_ANSWERED));
	assert_false(
	    states_may(STATES_INQUIRY, INQUIRY_ANSWERED, INQUIRY_DELIVERED));
}

static void a_late_answer_replaces_expiry(void **state)
{
	(void)state;
	assert_true(
	    states_may(STATES_INQUIRY, INQUIRY_EXPIRED, INQUIRY_ANSWERED));
	assert_false(states_final(STATES_INQUIRY, INQUIRY_EXPIRED));
}

static void names_come_back(void **state)
{
	(void)state;
	for (int k = 0; k < KINDS; k++)
		for (int s = 0; s < counts[k]; s++) {
			enum states_kind kind = (enum states_kind)k;
			int back;

			assert_true(states_named(
			    kind, text_z(states_name(kind, s)), &back));
			assert_int_equal(back, s);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_to_stay),
	    cmocka_unit_test(refuses_what_is_no_state),
	    cmocka_unit_test(final_states_have_no_exit),
	    cmocka_unit_test(every_state_is_reached_from_the_first),
	    cmocka_unit_test(every_state_reaches_a_final_one),
	    cmocka_unit_test(nothing_is_handed_over_before_approval),
	    cmocka_unit_test(what_was_sent_never_goes_back),
	    cmocka_unit_test(a_late_answer_replaces_expiry),
	    cmocka_unit_test(names_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
