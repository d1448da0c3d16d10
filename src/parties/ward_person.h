/*
 * ward_person.h — the ward's subjects as officers see them: listed, searched,
 * shown with claims and everything that was asked about them.
 *
 * A shielded person (支援措置) is masked unless a caller says otherwise. Every
 * person that is given out is in the linked log before (S3), by its 宛名番号.
 */
#ifndef SHOKAI_PARTIES_WARD_PERSON_H
#define SHOKAI_PARTIES_WARD_PERSON_H

#include "parties/ward.h"

#include <jansson.h>

#define WARD_PERSON_MASK "＊＊＊"

enum ward_person_by { PERSON_ALL, PERSON_ATENA, PERSON_KANA, PERSON_KANJI };

/* One page of a list. after_key, after: the last of the page before, or "". */
struct ward_person_page {
	enum ward_person_by by;
	const char *text; /* what is searched: 宛名番号, or the beginning of a
			     name in whatever spelling */
	const char *after_key;
	const char *after;
	size_t max;
	const struct ward_user *officer;
	/* Results; next_key and next are NULL on the last page: */
	json_t *items;
	const char *next_key;
	const char *next;
};
CHECKED enum err_class ward_person_list(
    struct party_context *c, struct ward_person_page *page, struct err *e);

/* Claims, stops, inquiries of one. ERR_INPUT "subjects.unknown". */
CHECKED enum err_class ward_person_show(struct party_context *c,
    const char *atena, bool masked, const struct ward_user *officer,
    json_t **out, struct err *e);

/* The same with each inquiry's answer (ward_view.h) beside it, for the
 * 財産調査票; of a masked person none. */
CHECKED enum err_class ward_person_report(struct party_context *c,
    const char *atena, bool masked, const struct ward_user *officer,
    json_t **out, struct err *e);

/* Is that person shielded? ERR_INPUT "subjects.unknown". */
CHECKED enum err_class ward_person_shielded(
    struct party_context *c, const char *atena, bool *out, struct err *e);

/* Who has read or changed it, and when (audit_who, one page of it), at any
 * party; to ask is to read, and logged so. *out: a list of {at, actor, action,
 * kind, object, purpose}. */
CHECKED enum err_class ward_person_who(struct party_context *c,
    struct audit_who *page, const char *atena, const char *actor, json_t **out,
    struct err *e);

/* The same, all of it, oldest first. */
CHECKED enum err_class ward_person_who_all(struct party_context *c,
    const char *atena, const char *actor, json_t **out, struct err *e);

#endif
