/* Tests of exchange/route.h: which of two ways a delivery goes. */
#include "exchange/route.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* A way that notes what comes. */
struct way {
	int begun;
	int waited;
	bool ended; /* take gives something back */
};

static bool busy(void *ctx, const char *peer)
{
	(void)peer;
	return ((struct way *)ctx)->begun > 0;
}

static void begin(void *ctx, const struct peer *peer, struct delivery *d)
{
	(void)peer;
	(void)d;
	((struct way *)ctx)->begun++;
}

static enum transport_result take(
    void *ctx, struct delivery *d, struct buf *answer)
{
	struct way *w = ctx;

	(void)d;
	(void)answer;
	if (!w->ended)
		return TRANSPORT_NOTHING;
	w->ended = false;
	return TRANSPORT_ANSWERED;
}

static void wait_for(void *ctx, int wake_fd, int ms)
{
	(void)wake_fd;
	(void)ms;
	((struct way *)ctx)->waited++;
}

static struct transport transport_of(struct way *w)
{
	return (struct transport){w, busy, begin, take, wait_for};
}

static void goes_by_the_link_of_the_node(void **state)
{
	struct node n = {.link_count = 2,
	    .links = {{"9951", LINK_FOLDER}, {"9952", LINK_VIA_WARD}}};
	struct way client = {0}, folder = {0};
	struct route r = {&n, transport_of(&client), transport_of(&folder)};
	struct transport t = route_transport(&r);
	struct peer carried = {.code = "9951"};
	struct peer reached = {.code = "9952"};
	struct delivery d = {0};

	(void)state;
	t.begin(t.ctx, &carried, &d);
	assert_int_equal(folder.begun, 1);
	assert_int_equal(client.begun, 0);
	assert_true(t.busy(t.ctx, "9951"));
	assert_false(t.busy(t.ctx, "9952"));
	t.begin(t.ctx, &reached, &d);
	assert_int_equal(client.begun, 1);
	assert_true(t.busy(t.ctx, "9953")); /* not named: by HTTPS */
}

static void takes_from_both(void **state)
{
	struct node n = {.link_count = 0};
	struct way client = {.ended = true}, folder = {.ended = true};
	struct route r = {&n, transport_of(&client), transport_of(&folder)};
	struct transport t = route_transport(&r);
	struct delivery d = {0};
	struct buf answer = {0};

	(void)state;
	assert_int_equal(t.take(t.ctx, &d, &answer), TRANSPORT_ANSWERED);
	assert_int_equal(t.take(t.ctx, &d, &answer), TRANSPORT_ANSWERED);
	assert_int_equal(t.take(t.ctx, &d, &answer), TRANSPORT_NOTHING);
	t.wait(t.ctx, -1, 1);
	assert_int_equal(client.waited, 1);
	assert_int_equal(folder.waited, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(goes_by_the_link_of_the_node),
	    cmocka_unit_test(takes_from_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
