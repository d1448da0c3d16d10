/* stmt_serve.h — statements of the folder link, the processes and status; see
 * statements.h. */
#ifndef SHOKAI_STORE_STMT_SERVE_H
#define SHOKAI_STORE_STMT_SERVE_H

/* clang-format off */
#define STMT_SERVE(X)                                                          \
	X(FOLDER_CARRIED, "iii",                                               \
	  "UPDATE outbox SET attempts = attempts + 1, due_us = ?2"             \
	  " WHERE seq = ?1 AND state = 0 AND due_us <= ?3")                    \
	X(FOLDER_SENT, "tt",                                                   \
	  "SELECT o.seq, m.digest FROM outbox o JOIN message m ON m.id = o.id" \
	  " WHERE o.id = ?1 AND o.recipient = ?2 AND o.state = 0")             \
	X(FOLDER_RECORDS, "t",                                                 \
	  "SELECT records FROM message WHERE id = ?1")                         \
	X(SERVE_KNOWN, "t",                                                    \
	  "SELECT 1 FROM peer WHERE fingerprint = ?1 UNION ALL"                \
	  " SELECT 1 FROM peer_former WHERE fingerprint = ?1")                 \
	X(STATUS_INBOX, "",                                                    \
	  "SELECT count(*), coalesce(min(received_us), 0) FROM inbox"          \
	  " WHERE state = 0")                                                  \
	X(STATUS_OUTBOX, "",                                                   \
	  "SELECT count(*), coalesce(min(queued_us), 0) FROM outbox"           \
	  " WHERE state = 0")                                                  \
	X(STATUS_CHECKS, "",                                                   \
	  "SELECT count(*) FROM check_file WHERE state = 'waiting'")           \
	X(STATUS_HELD, "",                                                     \
	  "SELECT count(*) FROM exception WHERE kind = 'held'")                \
	X(STATUS_OVERDUE, "t",                                                 \
	  "SELECT coalesce(sum(f.records), 0) FROM file f JOIN wave w"         \
	  " ON w.authority = f.authority AND w.wave = f.wave"                  \
	  " WHERE f.answered_us = 0 AND f.message <> ''"                       \
	  " AND f.state NOT IN ('cancelled', 'rejected')"                      \
	  " AND w.deadline < ?1")                                              \
	X(STATUS_RECEIPTS, "",                                                 \
	  "SELECT code, at_us FROM (SELECT code, (SELECT max(at_us)"           \
	  " FROM receipt_group WHERE signer = code) AS at_us FROM peer)"       \
	  " AS p WHERE at_us IS NOT NULL")
/* clang-format on */

#endif
