/* stmt_unit.h — statements of the unit; see statements.h. */
#ifndef SHOKAI_STORE_STMT_UNIT_H
#define SHOKAI_STORE_STMT_UNIT_H

/* clang-format off */
#define STMT_UNIT(X)                                                           \
	X(UNIT_WAVE_ADD, "tiiittb",                                            \
	  "INSERT INTO unit_wave (authority, wave, parts, subjects,"           \
	  " definition, approval_digest, approval)"                            \
	  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING")       \
	X(UNIT_WAVE_GET, "ti",                                                 \
	  "SELECT parts, subjects, cancelled, definition, approval_digest,"    \
	  " approval FROM unit_wave WHERE authority = ?1 AND wave = ?2")       \
	X(UNIT_WAVE_STOPPED, "ti",                                             \
	  "SELECT 1 FROM unit_wave WHERE authority = ?1 AND wave = ?2"         \
	  " AND cancelled = 1")                                                \
	X(UNIT_WAVE_CANCEL, "tii",                                             \
	  "UPDATE unit_wave SET cancelled ="                                   \
	  " CASE WHEN cancelled > ?3 THEN cancelled ELSE ?3 END"               \
	  " WHERE authority = ?1 AND wave = ?2")                               \
	X(UNIT_PART_ADD, "tiiii",                                              \
	  "INSERT INTO unit_part (authority, wave, part, first, last)"         \
	  " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING")               \
	X(UNIT_PARTS, "ti",                                                    \
	  "SELECT part, first, last FROM unit_part WHERE authority = ?1"       \
	  " AND wave = ?2 ORDER BY part")                                      \
	X(UNIT_PART_SAME, "tiiii" "tt",                                        \
	  "SELECT 1 FROM unit_part AS p JOIN unit_wave AS w"                   \
	  " ON w.authority = p.authority AND w.wave = p.wave"                  \
	  " WHERE p.authority = ?1 AND p.wave = ?2 AND p.part = ?3"            \
	  " AND p.first = ?4 AND p.last = ?5 AND w.approval_digest = ?6"       \
	  " AND w.definition = ?7")                                            \
	X(UNIT_PART_OVERLAP, "tiiii",                                          \
	  "SELECT part FROM unit_part WHERE authority = ?1 AND wave = ?2"      \
	  " AND part <> ?3 AND first <= ?5 AND last >= ?4 LIMIT 1")            \
	X(SNAPSHOT_ADD, "tiittb",                                              \
	  "INSERT INTO snapshot (authority, wave, ordinal, kamoku, basis,"     \
	  " record) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")                          \
	X(SNAPSHOT_FROM, "tiii",                                               \
	  "SELECT ordinal, basis, record FROM snapshot WHERE authority = ?1"   \
	  " AND wave = ?2 AND ordinal > ?3 AND ordinal <= ?4"                  \
	  " ORDER BY ordinal, kamoku")                                         \
	X(SNAPSHOT_ORDINALS, "tiii",                                           \
	  "SELECT ordinal FROM snapshot WHERE authority = ?1 AND wave = ?2"    \
	  " AND ordinal >= ?3 AND ordinal <= ?4")                              \
	X(UNIT_EXCEPTIONS_FROM, "titii",                                       \
	  "SELECT ordinal, kind, reason, item, at, bad FROM exception"         \
	  " WHERE authority = ?1 AND wave = ?2 AND institution = ?3"           \
	  " AND ordinal >= ?4 AND ordinal <= ?5 ORDER BY ordinal")             \
	X(UNIT_EXCEPTION_ADD, "titi" "ttt" "it",                               \
	  "INSERT INTO exception (authority, wave, institution, ordinal, kind,"\
	  " reason, item, at, bad) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"\
	  " ON CONFLICT DO NOTHING")                                           \
	X(UNIT_FILE_ADD, "ttitti" "iii" "ttti" "i",                            \
	  "INSERT INTO file (authority, file, wave, institution, hub, no,"     \
	  " first, last, records, layout, state, message, sent_us, listed)"    \
	  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"   \
	  " ?14)")  \
	X(UNIT_FILE_GET, "tt",                                                 \
	  "SELECT wave, institution, hub, first, last, records, layout, state,"\
	  " message, answered_us, listed FROM file"                            \
	  " WHERE authority = ?1 AND file = ?2")                               \
	X(UNIT_FILE_COUNT, "tit",                                              \
	  "SELECT (SELECT coalesce(max(no), 0) FROM file WHERE authority = ?1" \
	  " AND wave = ?2 AND institution = ?3), count(*),"                    \
	  " coalesce(sum(records), 0) FROM file WHERE authority = ?1"          \
	  " AND wave = ?2 AND institution = ?3 AND received_us = 0"            \
	  " AND message <> '' AND state = 'converted'")                        \
	X(UNIT_FILES_SINCE, "ti",                                              \
	  "SELECT count(*) FROM file WHERE institution = ?1"                   \
	  " AND sent_us >= ?2 AND message <> ''")                              \
	X(UNIT_FILE_RECEIVED, "ttti",                                          \
	  "UPDATE file SET received_us = ?4, state ="                          \
	  " CASE state WHEN 'converted' THEN 'delivered' ELSE state END"       \
	  " WHERE authority = ?1 AND file = ?2 AND institution = ?3"           \
	  " AND received_us = 0")                                              \
	X(UNIT_FILE_STATE, "tttt",                                             \
	  "UPDATE file SET state = ?4 WHERE authority = ?1 AND file = ?2"      \
	  " AND (institution = ?3 OR hub = ?3 OR authority = ?3)"              \
	  " AND state IN ('converted', 'delivered')")                          \
	X(UNIT_FILE_REFUSED, "tt",                                             \
	  "UPDATE file SET state = 'rejected' WHERE authority = ?1"            \
	  " AND file = ?2 AND state = 'converted'")                            \
	X(UNIT_FILE_ANSWERED, "tti" "t",                                       \
	  "UPDATE file SET answered_us = ?3, as_of = ?4, state = 'cleansed'"   \
	  " WHERE authority = ?1 AND file = ?2")                               \
	X(UNIT_FILE_AUTHORITIES, "",                                           \
	  "SELECT DISTINCT authority FROM file WHERE reported = 0")            \
	X(UNIT_FILE_UNREPORTED, "ti",                                          \
	  "SELECT file, wave, institution, hub, no, first, last, records,"     \
	  " layout, state, message, sent_us, listed FROM file"                 \
	  " WHERE authority = ?1 AND reported = 0 LIMIT ?2")                   \
	X(UNIT_FILE_REPORTED, "tt",                                            \
	  "UPDATE file SET reported = 1 WHERE authority = ?1 AND file = ?2")   \
	X(UNIT_OUTCOME_ADD, "ttitb",                                           \
	  "INSERT INTO outcome (authority, inquiry, class, file, digest)"      \
	  " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING")               \
	X(UNIT_HELD_ADD, "ttittti",                                            \
	  "INSERT INTO answer_held (authority, file, line, inquiry, code,"     \
	  " item, at_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"                  \
	  " ON CONFLICT DO NOTHING")                                           \
	X(UNIT_HELD_OLD, "tt",                                                 \
	  "DELETE FROM answer_held WHERE authority = ?1 AND file = ?2")        \
	X(UNIT_HELD_OF, "tt",                                                  \
	  "SELECT file, line, code, item, at_us FROM answer_held AS h"         \
	  " WHERE authority = ?1 AND inquiry = ?2 AND NOT EXISTS (SELECT 1"    \
	  " FROM outcome AS o WHERE o.authority = h.authority"                 \
	  " AND o.inquiry = h.inquiry) ORDER BY file, line")                   \
	X(UNIT_HELD_LIST, "",                                                  \
	  "SELECT h.authority, h.file, h.line, h.inquiry, h.code, h.item,"     \
	  " h.at_us FROM answer_held AS h JOIN file AS f ON"                   \
	  " f.authority = h.authority AND f.file = h.file"                     \
	  " WHERE f.answered_us = 0 AND NOT EXISTS (SELECT 1 FROM outcome"     \
	  " AS o WHERE o.authority = h.authority AND o.inquiry = h.inquiry)"   \
	  " ORDER BY h.authority, h.file, h.line")                             \
	X(RECONCILE_UNIT_FILES, "",                                            \
	  "SELECT authority, file, wave, institution, first, last, records,"   \
	  " state, message, answered_us, listed FROM file"                     \
	  " ORDER BY authority, wave, institution, no")                        \
	X(RECONCILE_UNIT_EXPECTED, "titii",                                    \
	  "SELECT count(DISTINCT s.ordinal) FROM snapshot AS s"                \
	  " LEFT JOIN exception AS x ON x.authority = s.authority"             \
	  " AND x.wave = s.wave AND x.institution = ?3"                        \
	  " AND x.ordinal = s.ordinal WHERE s.authority = ?1 AND s.wave = ?2"  \
	  " AND s.ordinal >= ?4 AND s.ordinal <= ?5 AND x.ordinal IS NULL"     \
	  " AND NOT EXISTS (SELECT 1 FROM halted AS h WHERE"                   \
	  " h.authority = s.authority AND h.wave = s.wave"                     \
	  " AND h.institution = ?3 AND h.ordinal = s.ordinal"                  \
	  " AND h.state = 'sent')")                                            \
	X(RECONCILE_UNIT_OUTCOMES, "tttt",                                     \
	  "SELECT class, count(*) FROM outcome WHERE authority = ?1"           \
	  " AND inquiry >= ?2 AND inquiry <= ?3 AND file = ?4 GROUP BY class") \
	X(UNIT_OUTCOME_COUNT, "tt" "tt",                                       \
	  "SELECT count(*) FROM outcome WHERE authority = ?1"                  \
	  " AND inquiry >= ?2 AND inquiry <= ?3 AND file = ?4")
/* clang-format on */

#endif
