/*
 * match_form.h — names and addresses in forms that can be compared.
 */
#ifndef SHOKAI_MATCH_MATCH_FORM_H
#define SHOKAI_MATCH_MATCH_FORM_H

#include "base/bytes.h"

/* How far two names are the same, best last. */
enum match_form_name {
	MATCH_FORM_DIFFERS,
	MATCH_FORM_ORDER,  /* the given name stands first in one of them */
	MATCH_FORM_SOUND,  /* but for vowels that lengthen */
	MATCH_FORM_FOLDED, /* fold_kana_close */
	MATCH_FORM_EQUAL,
};

/* Neither may be empty. */
enum match_form_name match_form_names(struct text a, struct text b);

/* Latin names whose words are the same, in any order. */
bool match_form_romans(struct text a, struct text b);

/* Does it hold a Latin letter? */
bool match_form_is_latin(struct text t);

/* The words of a name, the first last (left) or the last first; folded. False,
 * and nothing appended, if there is only one word, or two and not left (which
 * is the same). */
bool match_form_turned(struct text name, bool left, struct buf *out);

/* The words of a name, folded and in the order of their bytes. */
void match_form_sorted(struct text name, struct buf *out);

/* An address folded, with one form of each kanji, without its prefecture. */
void match_form_address(struct text address, struct buf *out);

/* How much of a folded address reaches to the end of its block number. */
size_t match_form_block(struct text folded);

enum match_form_address {
	MATCH_FORM_ELSEWHERE,
	MATCH_FORM_SAME_BLOCK, /* one leaves out building, room or city */
	MATCH_FORM_SAME_FOLDED,
	MATCH_FORM_SAME,
};

/* Neither may be empty. */
enum match_form_address match_form_addresses(struct text a, struct text b);

#endif
