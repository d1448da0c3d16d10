/* stmt_party.h — statements all parties share; see statements.h. */
#ifndef SHOKAI_STORE_STMT_PARTY_H
#define SHOKAI_STORE_STMT_PARTY_H

/* clang-format off */
#define STMT_PARTY(X)                                                          \
	X(STEP_AUTHORITIES, "",                                                \
	  "SELECT DISTINCT authority FROM step WHERE reported = 0")            \
	X(STEP_UNREPORTED, "ti",                                               \
	  "SELECT wave, hub, file, no, at_us, inquiries FROM step"             \
	  " WHERE authority = ?1 AND reported = 0 LIMIT ?2")                   \
	X(STEP_REPORTED, "titti",                                              \
	  "UPDATE step SET reported = 1 WHERE authority = ?1 AND wave = ?2"    \
	  " AND hub = ?3 AND file = ?4 AND no = ?5")                           \
	X(TASK_ADD, "tittii",                                                  \
	  "INSERT INTO task (authority, wave, kind, institution, position,"    \
	  " total) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING")    \
	X(TASK_OPEN, "t",                                                      \
	  "SELECT authority, wave, institution, position, total FROM task"     \
	  " WHERE kind = ?1 AND state = 0 ORDER BY position, institution")     \
	X(TASK_GET, "titt",                                                    \
	  "SELECT position, total, state FROM task WHERE authority = ?1"       \
	  " AND wave = ?2 AND kind = ?3 AND institution = ?4")                 \
	X(TASK_MOVE, "titti" "ii",                                             \
	  "UPDATE task SET position = ?6, state = ?7 WHERE authority = ?1"     \
	  " AND wave = ?2 AND kind = ?3 AND institution = ?4"                  \
	  " AND position = ?5 AND state = 0")                                  \
	X(FILE_PROOF_PUT, "tttb",                                              \
	  "INSERT INTO file_proof (authority, file, tables, inquiries)"        \
	  " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (authority, file)"             \
	  " DO UPDATE SET tables = excluded.tables,"                           \
	  " inquiries = excluded.inquiries")                                   \
	X(FILE_PROOF_GET, "tt",                                                \
	  "SELECT tables, inquiries FROM file_proof"                           \
	  " WHERE authority = ?1 AND file = ?2")                               \
	X(OUTBOX_UNTOLD, "",                                                   \
	  "SELECT seq, id, code FROM outbox WHERE state >= 2 AND told = 0"     \
	  " ORDER BY seq LIMIT 1")                                             \
	X(OUTBOX_TOLD, "i",                                                    \
	  "UPDATE outbox SET told = 1 WHERE seq = ?1 AND told = 0")            \
	X(MESSAGE_ORIGIN, "t",                                                 \
	  "SELECT origin, kind, file FROM message WHERE id = ?1")              \
	X(MESSAGE_REQUEST_OF, "ttt",                                           \
	  "SELECT m.header FROM message AS m WHERE m.authority = ?1"           \
	  " AND m.file = ?2 AND m.institution = ?3"                            \
	  " AND m.kind = 'request-file' AND NOT EXISTS (SELECT 1"              \
	  " FROM inbox AS i WHERE i.id = m.id AND i.state <> 1)"               \
	  " ORDER BY m.created_us LIMIT 1")
/* clang-format on */

#endif
