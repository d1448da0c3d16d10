/*
 * states.h — the states of an inquiry, a wave and a message as tables of
 * allowed moves (docs/interface.md §5). A move not in a table is a fault.
 */
#ifndef SHOKAI_RECORD_STATES_H
#define SHOKAI_RECORD_STATES_H

#include "base/bytes.h"

#define INQUIRY_STATES(X)                                                      \
	X(DRAFTED, "drafted")                                                  \
	X(APPROVED, "approved")                                                \
	X(CONVERTED, "converted")                                              \
	X(HELD, "held")                                                        \
	X(HANDED, "handed")                                                    \
	X(ACCEPTED, "accepted")                                                \
	X(DELIVERED, "delivered")                                              \
	X(ANSWERED, "answered")                                                \
	X(CLEANSED, "cleansed")                                                \
	X(REGISTERED, "registered")                                            \
	X(CLOSED, "closed")                                                    \
	X(REJECTED, "rejected")                                                \
	X(CANCELLED, "cancelled")                                              \
	X(EXPIRED, "expired")                                                  \
	X(PAPER, "paper")

#define WAVE_STATES(X)                                                         \
	X(DRAFTED, "drafted")                                                  \
	X(SUBMITTED, "submitted")                                              \
	X(APPROVED, "approved")                                                \
	X(SENT, "sent")                                                        \
	X(CLOSED, "closed")                                                    \
	X(CANCELLED, "cancelled")

#define MESSAGE_STATES(X)                                                      \
	X(QUEUED, "queued")                                                    \
	X(SENT, "sent")                                                        \
	X(ACCEPTED, "accepted")                                                \
	X(REFUSED, "refused")                                                  \
	X(EXPIRED, "expired")

#define INQUIRY_STATE_(id, name) INQUIRY_##id,
#define WAVE_STATE_(id, name) WAVE_##id,
#define MESSAGE_STATE_(id, name) MESSAGE_##id,
enum inquiry_state { INQUIRY_STATES(INQUIRY_STATE_) INQUIRY_STATE_COUNT };
enum wave_state { WAVE_STATES(WAVE_STATE_) WAVE_STATE_COUNT };
enum message_state { MESSAGE_STATES(MESSAGE_STATE_) MESSAGE_STATE_COUNT };

enum states_kind { STATES_INQUIRY, STATES_WAVE, STATES_MESSAGE };

bool states_named(enum states_kind kind, struct text name, int *out);
const char *states_name(enum states_kind kind, int state);

/* May it move so? A state does not move to itself. */
bool states_may(enum states_kind kind, int from, int to);

/* No move leads out of it. */
bool states_final(enum states_kind kind, int state);

#endif
