/*
 * statements.h — the fixed list of statements, by who uses them.
 *
 * X(NAME, "parameters", SQL): one letter per parameter, i integer, t text,
 * b blob, in capitals where it may be NULL. SQL that serves both databases;
 * where they must differ a twin stands in the driver's folder.
 */
#ifndef SHOKAI_STORE_STATEMENTS_H
#define SHOKAI_STORE_STATEMENTS_H

#ifdef STORE_TEST_STATEMENTS
/* The driver's own tests bring a list of their own. */
#include "stmt_test.h"
#else

#include "store/stmt_audit.h"
#include "store/stmt_bank.h"
#include "store/stmt_desk.h"
#include "store/stmt_drop.h"
#include "store/stmt_exchange.h"
#include "store/stmt_halt.h"
#include "store/stmt_hub.h"
#include "store/stmt_party.h"
#include "store/stmt_refused.h"
#include "store/stmt_restored.h"
#include "store/stmt_serve.h"
#include "store/stmt_unit.h"
#include "store/stmt_ward.h"

#define STORE_STATEMENTS(X)                                                    \
	STMT_EXCHANGE(X)                                                       \
	STMT_AUDIT(X)                                                          \
	STMT_PARTY(X)                                                          \
	STMT_REFUSED(X)                                                        \
	STMT_RESTORED(X)                                                       \
	STMT_SERVE(X)                                                          \
	STMT_WARD(X)                                                           \
	STMT_UNIT(X)                                                           \
	STMT_HUB(X)                                                            \
	STMT_HALT(X)                                                           \
	STMT_BANK(X)                                                           \
	STMT_DESK(X)                                                           \
	STMT_DROP(X)
#endif

#define STORE_STATEMENT_(name, parameters, sql) STMT_##name,
enum store_statement { STORE_STATEMENTS(STORE_STATEMENT_) STMT_COUNT };

#endif
