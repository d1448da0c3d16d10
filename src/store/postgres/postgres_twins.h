/*
 * postgres_twins.h — where PostgreSQL must be told otherwise.
 *
 * POSTGRES_TWINS: X(NAME, SQL), with the parameters of the statement itself.
 * POSTGRES_LARGE: X(NAME, rows): statements whose answer may be larger than
 * memory should hold; it is fetched that many rows at a time.
 * POSTGRES_APART: X(NAME): changes whose callers never give one call two rows
 * that touch the same row of a table, nor one that reads what another of them
 * writes: many are one statement. Where a key is met twice all the same, the
 * server refuses the statement.
 * POSTGRES_IMPORT: X(NAME): what a command fills in one go and others then read
 * for long: the table is vacuumed behind it.
 * POSTGRES_NEW: X(NAME): … ON CONFLICT … whose many rows are all new but for a
 * rare repeat, or none is: they are inserted without it, and with it if that
 * fails.
 */
#ifndef SHOKAI_STORE_POSTGRES_POSTGRES_TWINS_H
#define SHOKAI_STORE_POSTGRES_POSTGRES_TWINS_H

#ifdef STORE_TEST_STATEMENTS
#include "stmt_test_twins.h"
#else

/* clang-format off */
/* An exception's row for each of few halted: without LATERAL and OFFSET 0 the
 * exceptions of all waves are hashed for them. */
#define TWIN_HALTED_                                                           \
	"SELECT h.wave, h.institution, h.ordinal, h.seq, h.state, h.late,"     \
	" h.file, coalesce(x.kind, ''), coalesce(x.reason, ''),"               \
	" coalesce(x.item, ''), coalesce(x.at, 0), coalesce(x.bad, '')"        \
	" FROM halted AS h LEFT JOIN LATERAL (SELECT * FROM exception AS e"    \
	" WHERE e.authority = h.authority AND e.wave = h.wave"                 \
	" AND e.institution = h.institution AND e.ordinal = h.ordinal"         \
	" OFFSET 0) AS x ON true"

#define POSTGRES_TWINS(X)                                                      \
	X(HALTED_UNREPORTED,                                                   \
	  TWIN_HALTED_                                                         \
	  " WHERE h.authority = ?1 AND h.reported = 0 LIMIT ?2")               \
	X(HALTED_OF_FILE,                                                      \
	  TWIN_HALTED_                                                         \
	  " WHERE h.authority = ?1 AND h.file = ?2 AND h.file <> ''"           \
	  " ORDER BY h.ordinal")

#define POSTGRES_LARGE(X)                                                      \
	X(IMPORT_KEYS, 5000)                                                   \
	X(AUDIT_ROWS, 2000)                                                    \
	X(AUDIT_KNOTS, 500)                                                    \
	X(AUDIT_OF_OBJECT, 2000)                                               \
	X(RECONCILE_UNIT_FILES, 2000)                                          \
	X(RECONCILE_HUB, 2000)                                                 \
	X(RECONCILE_BANK, 2000)                                                \
	X(WARD_FILES_OF, 2000)                                                 \
	X(WARD_EXCEPTIONS_OF, 2000)                                            \
	X(WARD_ANSWERS_IN, 500)                                                \
	X(WARD_CORRECTIONS_IN, 500)

#define POSTGRES_APART(X)                                                      \
	X(WARD_SUBJECT_PUT)                                                    \
	X(WARD_CLAIM_PUT)                                                      \
	X(WARD_CLAIM_ASK)                                                      \
	X(WARD_EXCLUDE)

#define POSTGRES_IMPORT(X)                                                     \
	X(CUSTOMER_ADD)                                                        \
	X(CUSTOMER_KEY_ADD)                                                    \
	X(ACCOUNT_ADD)                                                         \
	X(DEALING_ADD)                                                         \
	X(OTHER_ADD)

#define POSTGRES_NEW(X)                                                        \
	X(UNIT_OUTCOME_ADD)                                                    \
	X(WARD_OUTCOME_ADD)                                                    \
	X(WARD_ANSWER_ADD)                                                     \
	X(WARD_SUBJECT_PUT)                                                    \
	X(WARD_CLAIM_PUT)                                                      \
	X(CUSTOMER_ADD)                                                        \
	X(CUSTOMER_KEY_ADD)                                                    \
	X(ACCOUNT_ADD)                                                         \
	X(DEALING_ADD)                                                         \
	X(OTHER_ADD)
/* clang-format on */

#endif

#endif
