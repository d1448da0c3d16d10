/*
 * ward_user.h — users and appointments: who may act on a node, and for which
 * 科目. Every party has users; appointments are a ward's and a unit's.
 */
#ifndef SHOKAI_PARTIES_WARD_USER_H
#define SHOKAI_PARTIES_WARD_USER_H

#include "parties/party.h"

#define WARD_USER_NAME 65
#define WARD_USER_APPOINTMENTS 16

/* docs/interface.md §3. X(id, name) */
#define WARD_USER_ROLES(X)                                                     \
	X(ADMIN, "admin")                                                      \
	X(AUDITOR, "auditor")                                                  \
	X(OFFICER, "officer")                                                  \
	X(APPROVER, "approver")                                                \
	X(CLERK, "clerk") X(INSPECTOR, "inspector") X(OPERATOR, "operator")
#define WARD_USER_ROLE_BIT_(id, name) ROLE_BIT_##id,
#define WARD_USER_ROLE_(id, name) ROLE_##id = 1U << ROLE_BIT_##id,
enum ward_user_role_bit { WARD_USER_ROLES(WARD_USER_ROLE_BIT_) ROLE_BITS };
enum ward_user_role { WARD_USER_ROLES(WARD_USER_ROLE_) };

/* 徴税吏員証 / 徴収職員証: number, days in force, 科目 it covers. */
struct ward_appointment {
	char number[64];
	struct date from;
	struct date to;
	char kinds[64]; /* "1,2,3" */
};

struct ward_user {
	char name[WARD_USER_NAME];
	unsigned roles; /* of enum ward_user_role */
	struct date until;
	bool locked;
	struct ward_appointment appointments[WARD_USER_APPOINTMENTS];
	size_t appointment_count;
};

/* "officer,approver" → bits. ERR_INPUT "user.role": unknown, or no role of
 * that party. */
CHECKED enum err_class ward_user_roles(
    enum store_party party, struct text list, unsigned *out, struct err *e);

/* "NUMBER:FROM/TO:KINDS", several joined by ';'. ERR_INPUT
 * "user.appointment". */
CHECKED enum err_class ward_user_appointment(const struct codes *codes,
    struct text list, struct ward_user *u, struct err *e);

/* The next 31 March, that day itself included. */
struct date ward_user_year_end(struct date today);

/*
 * Adds the user (replace: or changes an existing one). password: "" none, else
 * at least 8 characters, kept as scrypt. ERR_INPUT "user.exists",
 * "user.name", "user.password". Logged; actor: who does it, NULL the owner of
 * the node's folder.
 */
struct ward_user_order {
	const struct ward_user *u;
	struct text password;
	bool replace;
	const char *actor;
};
CHECKED enum err_class ward_user_add(struct party_context *c,
    const struct ward_user_order *order, struct err *e);

/* ERR_INPUT "user.unknown". A locked user stays as he is. */
CHECKED enum err_class ward_user_lock(struct party_context *c, const char *name,
    const char *actor, struct err *e);

/* Roles, last day, lock and appointments of u, who is there; the password
 * stays. ERR_INPUT "user.unknown". Logged. */
CHECKED enum err_class ward_user_change(struct party_context *c,
    const struct ward_user *u, const char *actor, struct err *e);

/* ward_user_hash of a password of a good length, else ERR_INPUT
 * "user.password". */
CHECKED enum err_class ward_user_password(struct text password,
    const struct random_source *random, char out[160], struct err *e);

/* "officer,approver" of role bits. */
#define WARD_USER_ROLES_TEXT 96
void ward_user_roles_text(unsigned roles, char out[WARD_USER_ROLES_TEXT]);
const char *ward_user_role_name(enum ward_user_role_bit bit);

CHECKED enum err_class ward_user_get(struct store_tx *tx, const char *name,
    struct ward_user *out, bool *found, struct err *e);

/* Scrypt (RFC 7914) as "scrypt$N$r$p$SALT$KEY", hexadecimal. */
CHECKED enum err_class ward_user_hash(struct text password,
    const struct random_source *random, char out[160], struct err *e);
bool ward_user_verify(struct text password, struct text kept);

/*
 * The acting officer of a command line (--as): the process must run as the
 * owner of the node's folder; the user must be there, not locked, in force
 * today, and have one of roles. All refusals are ERR_DENIED: user.owner,
 * user.unknown, user.locked, user.expired, user.role.
 */
CHECKED enum err_class ward_user_acting(struct party_context *c,
    const char *name, unsigned roles, struct ward_user *out, struct err *e);

/* The same without the folder: for the desk, whose sessions have signed in. */
CHECKED enum err_class ward_user_may(const struct ward_user *u, bool found,
    unsigned roles, struct date today, struct err *e);

/* The appointment in force on that day for that 科目, or NULL. */
const struct ward_appointment *ward_user_appointed(
    const struct ward_user *u, struct text kamoku, struct date day);

#endif
