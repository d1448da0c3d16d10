/* stmt_restored.h — statements of a node that was restored; see statements.h.
 */
#ifndef SHOKAI_STORE_STMT_RESTORED_H
#define SHOKAI_STORE_STMT_RESTORED_H

/* clang-format off */
#define STMT_RESTORED(X)                                                       \
	X(RESTORED_POINT, "",                                                  \
	  "SELECT coalesce(max(at_us), 0) FROM log")                           \
	X(RESTORED_ASK, "tii",                                                 \
	  "INSERT INTO restored (peer, point_us, asked_us)"                    \
	  " VALUES (?1, ?2, ?3) ON CONFLICT (peer) DO UPDATE SET"              \
	  " point_us = excluded.point_us, asked_us = excluded.asked_us,"       \
	  " heard_us = 0, again = 0")                                          \
	X(RESTORED_FIRST, "t",                                                 \
	  "UPDATE outbox SET due_us = 0 WHERE id = ?1 AND state = 0")          \
	X(RESTORED_HEARD, "tiii",                                              \
	  "UPDATE restored SET heard_us = ?2, again = ?3, wave = ?4"           \
	  " WHERE peer = ?1")                                                  \
	X(RESTORED_STATE, "",                                                  \
	  "SELECT coalesce(max(r.asked_us), 0), (SELECT count(*) FROM"         \
	  " restored w JOIN peer p ON p.code = w.peer WHERE w.heard_us = 0)"   \
	  " FROM restored r")                                                  \
	X(RESTORED_LIST, "",                                                   \
	  "SELECT peer, point_us, asked_us, heard_us, again FROM restored"     \
	  " ORDER BY peer")                                                    \
	X(RESTORED_WAVE, "t",                                                  \
	  "SELECT coalesce(max(wave), 0) FROM message WHERE authority = ?1")   \
	X(OUTBOX_SENT_SINCE, "ti",                                             \
	  "SELECT count(*) FROM outbox o JOIN message m ON m.id = o.id"        \
	  " WHERE o.recipient = ?1 AND o.state = 1 AND o.done_us >= ?2"        \
	  " AND m.payload IS NOT NULL")                                        \
	X(OUTBOX_SEND_AGAIN, "tiii",                                           \
	  "UPDATE outbox SET state = 0, attempts = 0, due_us = ?3, code = 0,"  \
	  " receipt = '' WHERE state = 1 AND seq IN (SELECT o.seq FROM"        \
	  " outbox o JOIN message m ON m.id = o.id WHERE o.recipient = ?1"     \
	  " AND o.state = 1 AND o.done_us >= ?2 AND m.payload IS NOT NULL"     \
	  " ORDER BY o.seq LIMIT ?4)")
/* clang-format on */

#endif
