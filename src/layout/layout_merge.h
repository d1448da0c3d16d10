/*
 * layout_merge.h — several answer records of one inquiry as one answer: an
 * institution that was asked under several names, or that writes a record for
 * each account, answers in several records.
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_MERGE_H
#define SHOKAI_LAYOUT_LAYOUT_MERGE_H

#include "base/err.h"
#include "record/answer.h"

/*
 * Moves what a record says of its account (the items of struct
 * answer_account) from the holder into an account of its own; nothing if it
 * names none.
 */
void layout_merge_account(struct arena *a, struct answer *x);

/*
 * Adds more to whole; texts and arrays live in a. The same account twice is
 * one account, two accounts are two; an account whose holder is written in
 * another way keeps that beside it. The class that leaves most to do stands:
 * review, partial, found, paper, refused, invalid, none. ERR_INPUT
 * answer.repeated: the two contradict each other; whole is then of no use.
 */
CHECKED enum err_class layout_merge(struct arena *a, struct answer *whole,
    const struct answer *more, struct err *e);

#endif
