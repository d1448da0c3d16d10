/* states.c — see states.h. */
#include "record/states.h"

#define BIT(state) (1U << (state))
#define I(id) BIT(INQUIRY_##id)
#define W(id) BIT(WAVE_##id)
#define M(id) BIT(MESSAGE_##id)

/*
 * After it has been handed over, an inquiry may miss states: the signed
 * statuses of hub and bank travel apart from the answer, and a later one may
 * come first. It never goes back.
 */
#define I_ENDS (I(REJECTED) | I(CANCELLED) | I(EXPIRED))
#define I_FROM_REGISTERED I(REGISTERED)
#define I_FROM_CLEANSED (I(CLEANSED) | I_FROM_REGISTERED)
#define I_FROM_ANSWERED (I(ANSWERED) | I_FROM_CLEANSED)
#define I_FROM_DELIVERED (I(DELIVERED) | I_FROM_ANSWERED)
#define I_FROM_ACCEPTED (I(ACCEPTED) | I_FROM_DELIVERED)

/* Where each may move to. An empty set is a final state. */
static const unsigned inquiry_moves[] = {
    [INQUIRY_DRAFTED] = I(APPROVED) | I(CANCELLED),
    [INQUIRY_APPROVED] = I(CONVERTED) | I(HELD) | I(PAPER) | I(CANCELLED),
    [INQUIRY_CONVERTED] = I(HANDED) | I(HELD) | I(PAPER) | I(CANCELLED),
    /* By the unit before sending, at the via-ward check, or at the bank. */
    [INQUIRY_HELD] =
	I(CONVERTED) | I(HANDED) | I_FROM_ACCEPTED | I(PAPER) | I_ENDS,
    [INQUIRY_HANDED] = I_FROM_ACCEPTED | I(HELD) | I_ENDS,
    [INQUIRY_ACCEPTED] = I_FROM_DELIVERED | I(HELD) | I_ENDS,
    [INQUIRY_DELIVERED] = I_FROM_ANSWERED | I(HELD) | I_ENDS,
    [INQUIRY_ANSWERED] = I_FROM_CLEANSED | I(HELD) | I(REJECTED),
    [INQUIRY_CLEANSED] = I_FROM_REGISTERED,
    [INQUIRY_REGISTERED] = I(CLOSED),
    [INQUIRY_CLOSED] = 0,
    [INQUIRY_REJECTED] = 0,
    [INQUIRY_CANCELLED] = 0,
    /* Provisional: a first late answer replaces it. */
    [INQUIRY_EXPIRED] = I_FROM_ANSWERED | I(REJECTED),
    [INQUIRY_PAPER] = 0,
};

static const unsigned wave_moves[] = {
    [WAVE_DRAFTED] = W(SUBMITTED) | W(CANCELLED),
    [WAVE_SUBMITTED] = W(DRAFTED) | W(APPROVED) | W(CANCELLED),
    [WAVE_APPROVED] = W(SENT) | W(CANCELLED),
    [WAVE_SENT] = W(CLOSED) | W(CANCELLED),
    [WAVE_CLOSED] = 0,
    [WAVE_CANCELLED] = 0,
};

/* A receipt may be the first that is known of the sending. */
static const unsigned message_moves[] = {
    [MESSAGE_QUEUED] = M(SENT) | M(ACCEPTED) | M(REFUSED) | M(EXPIRED),
    [MESSAGE_SENT] = M(ACCEPTED) | M(REFUSED) | M(EXPIRED),
    [MESSAGE_ACCEPTED] = 0,
    [MESSAGE_REFUSED] = 0,
    [MESSAGE_EXPIRED] = 0,
};

#define STATE_NAME_(id, name) name,
static const char *const inquiry_names[] = {INQUIRY_STATES(STATE_NAME_)};
static const char *const wave_names[] = {WAVE_STATES(STATE_NAME_)};
static const char *const message_names[] = {MESSAGE_STATES(STATE_NAME_)};

struct states {
	const char *const *names;
	const unsigned *moves;
	int count;
};

static const struct states *of_kind(enum states_kind kind)
{
	static const struct states tables[] = {
	    [STATES_INQUIRY] = {inquiry_names, inquiry_moves,
		INQUIRY_STATE_COUNT},
	    [STATES_WAVE] = {wave_names, wave_moves, WAVE_STATE_COUNT},
	    [STATES_MESSAGE] = {message_names, message_moves,
		MESSAGE_STATE_COUNT},
	};

	return &tables[kind];
}

bool states_named(enum states_kind kind, struct text name, int *out)
{
	const struct states *s = of_kind(kind);

	for (int i = 0; i < s->count; i++)
		if (text_is(name, s->names[i])) {
			*out = i;
			return true;
		}
	return false;
}

const char *states_name(enum states_kind kind, int state)
{
	return of_kind(kind)->names[state];
}

bool states_may(enum states_kind kind, int from, int to)
{
	const struct states *s = of_kind(kind);

	return from >= 0 && from < s->count && to >= 0 && to < s->count &&
	       (s->moves[from] & BIT(to)) != 0;
}

bool states_final(enum states_kind kind, int state)
{
	return of_kind(kind)->moves[state] == 0;
}
