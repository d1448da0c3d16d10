/* stmt_ward.h — statements of the ward, and of users (every party has some);
 * see statements.h.
 *
 * "Is there one?" of each row is a count: PostgreSQL hashes an EXISTS, and
 * walks the whole of a table that grows for it. */
#ifndef SHOKAI_STORE_STMT_WARD_H
#define SHOKAI_STORE_STMT_WARD_H

/* clang-format off */
#define STMT_WARD_USERS(X)                                                     \
	X(USER_ADD, "ttttii",                                                  \
	  "INSERT INTO user (name, roles, password, until, locked, added_us)"  \
	  " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")                                  \
	X(USER_PUT, "tttt",                                                    \
	  "UPDATE user SET roles = ?2, password = ?3, until = ?4, locked = 0"  \
	  " WHERE name = ?1")                                                  \
	X(USER_GET, "t",                                                       \
	  "SELECT roles, password, until, locked FROM user WHERE name = ?1")   \
	X(USER_LIST, "",                                                       \
	  "SELECT name, roles, until, locked, password <> '' FROM user"        \
	  " ORDER BY name")                                                    \
	X(USER_LOCK, "t",                                                      \
	  "UPDATE user SET locked = 1 WHERE name = ?1 AND locked = 0")         \
	X(USER_APPOINT, "ttttt",                                               \
	  "INSERT INTO appointment (user, number, valid_from, valid_to, kinds)"\
	  " VALUES (?1, ?2, ?3, ?4, ?5)")                                      \
	X(USER_DISMISS, "t", "DELETE FROM appointment WHERE user = ?1")        \
	X(USER_APPOINTMENTS, "t",                                              \
	  "SELECT number, valid_from, valid_to, kinds FROM appointment"        \
	  " WHERE user = ?1 ORDER BY number")

#define STMT_WARD_SUBJECTS(X)                                                  \
	X(WARD_SUBJECT_GET, "tt",                                              \
	  "SELECT kana, kanji, birth, shielded FROM subject"                   \
	  " WHERE authority = ?1 AND atena = ?2")                              \
	X(WARD_SUBJECT_PUT, "tttttitti",                                       \
	  "INSERT INTO subject (authority, atena, kana, kanji, birth,"         \
	  " shielded, kana_key, kanji_key, updated_us)"                        \
	  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"                       \
	  " ON CONFLICT (authority, atena) DO UPDATE SET kana = excluded.kana,"\
	  " kanji = excluded.kanji, birth = excluded.birth,"                   \
	  " shielded = excluded.shielded, kana_key = excluded.kana_key,"       \
	  " kanji_key = excluded.kanji_key, updated_us = excluded.updated_us") \
	X(WARD_SUBJECT_DROP, "tt",                                             \
	  "DELETE FROM subject WHERE authority = ?1 AND atena = ?2 AND NOT"    \
	  " EXISTS (SELECT 1 FROM claim WHERE authority = ?1 AND atena = ?2)") \
	X(WARD_CLAIM_GET, "ttt",                                               \
	  "SELECT record FROM claim WHERE authority = ?1 AND atena = ?2"       \
	  " AND kamoku = ?3")                                                  \
	X(WARD_CLAIM_PUT, "tttitb",                                            \
	  "INSERT INTO claim (authority, atena, kamoku, arrears, measures,"    \
	  " record) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"                           \
	  " ON CONFLICT (authority, atena, kamoku) DO UPDATE SET"              \
	  " arrears = excluded.arrears, measures = excluded.measures,"         \
	  " record = excluded.record")                                         \
	X(WARD_CLAIM_DROP, "ttt",                                              \
	  "DELETE FROM claim WHERE authority = ?1 AND atena = ?2"              \
	  " AND kamoku = ?3")                                                  \
	X(WARD_CLAIMS_OF, "tt",                                                \
	  "SELECT kamoku, measures, record FROM claim WHERE authority = ?1"    \
	  " AND atena = ?2 ORDER BY kamoku")                                   \
	X(WARD_CLAIMS_FROM, "ttti",                                            \
	  "SELECT atena, kamoku FROM claim WHERE authority = ?1"               \
	  " AND (atena, kamoku) > (?2, ?3) ORDER BY atena, kamoku LIMIT ?4")   \
	X(WARD_IN_OPEN_WAVE, "tt",                                             \
	  "SELECT 1 FROM wave_subject s JOIN wave w ON"                        \
	  " w.authority = s.authority AND w.wave = s.wave"                     \
	  " WHERE s.authority = ?1 AND s.atena = ?2"                           \
	  " AND w.state NOT IN ('closed', 'cancelled') LIMIT 1")               \
	X(WARD_ASKED_SINCE, "tti",                                             \
	  "SELECT 1 FROM wave_subject s JOIN wave w ON"                        \
	  " w.authority = s.authority AND w.wave = s.wave"                     \
	  " WHERE s.authority = ?1 AND s.atena = ?2 AND w.approved_us >= ?3"   \
	  " AND w.state <> 'cancelled' AND EXISTS (SELECT 1 FROM wave_claim k" \
	  " WHERE k.authority = s.authority AND k.wave = s.wave"               \
	  " AND k.ordinal = s.ordinal) LIMIT 1")                               \
	X(WARD_STOPS_OF, "tt",                                                 \
	  "SELECT reason, at_us, decision FROM stop WHERE authority = ?1"      \
	  " AND atena = ?2 AND decision <> 'lifted'")                          \
	X(WARD_STOP_ADD, "ttti",                                               \
	  "INSERT INTO stop (authority, atena, reason, at_us)"                 \
	  " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")                   \
	X(WARD_STOP_LIFT, "ttti",                                              \
	  "UPDATE stop SET decision = 'lifted', decided_by = 'import',"        \
	  " decided_us = ?4 WHERE authority = ?1 AND atena = ?2"               \
	  " AND reason = ?3 AND decision <> 'lifted'")                         \
	X(WARD_STOP_DECIDE, "tttti",                                           \
	  "UPDATE stop SET decision = ?3, decided_by = ?4, decided_us = ?5"    \
	  " WHERE authority = ?1 AND atena = ?2 AND decision <> 'lifted'"      \
	  " AND decision <> ?3")                                               \
	X(WARD_STOP_LIST, "ttti",                                              \
	  "SELECT atena, reason, at_us FROM stop WHERE authority = ?1"         \
	  " AND (atena, reason) > (?2, ?3) AND decision = ''"                  \
	  " ORDER BY atena, reason LIMIT ?4")

#define STMT_WARD_DRAFTS(X)                                                    \
	X(WARD_WAVE_LAST, "t",                                                 \
	  "SELECT coalesce(max(wave), 0), (SELECT coalesce(max(r.wave), 0)"    \
	  " FROM restored r) FROM (SELECT wave FROM wave"                      \
	  " WHERE authority = ?1 UNION ALL SELECT wave FROM draft"             \
	  " WHERE authority = ?1) AS numbers")                                 \
	X(WARD_DRAFT_ADD, "titi",                                              \
	  "INSERT INTO draft (authority, wave, definition, listed)"            \
	  " VALUES (?1, ?2, ?3, ?4)")                                          \
	X(WARD_DRAFT_GET, "ti",                                                \
	  "SELECT definition, listed, ready, after, ordinal FROM draft"        \
	  " WHERE authority = ?1 AND wave = ?2")                               \
	X(WARD_DRAFT_NEXT, "t",                                                \
	  "SELECT wave FROM draft WHERE authority = ?1 AND ready = 1"          \
	  " ORDER BY wave LIMIT 1")                                            \
	X(WARD_DRAFT_READY, "ti",                                              \
	  "UPDATE draft SET ready = 1 WHERE authority = ?1 AND wave = ?2")     \
	X(WARD_DRAFT_MOVE, "titti",                                            \
	  "UPDATE draft SET after = ?4, ordinal = ?5 WHERE authority = ?1"     \
	  " AND wave = ?2 AND after = ?3 AND ready = 1")                       \
	X(WARD_DRAFT_DROP, "ti",                                               \
	  "DELETE FROM draft WHERE authority = ?1 AND wave = ?2")              \
	X(WARD_PICK_ADD, "titt",                                               \
	  "INSERT INTO pick (authority, wave, atena, kamoku)"                  \
	  " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")                   \
	X(WARD_PICK_DROP, "ti",                                                \
	  "DELETE FROM pick WHERE authority = ?1 AND wave = ?2")               \
	X(WARD_CHOOSE_ALL, "tti",                                              \
	  "SELECT c.atena, c.kamoku, c.arrears, s.shielded, (SELECT count(*)"  \
	  " FROM stop WHERE authority = c.authority AND atena = c.atena"       \
	  " AND decision IN ('', 'drop')) > 0 FROM claim c CROSS JOIN subject"\
	  " s ON s.authority = c.authority AND s.atena = c.atena"              \
	  " WHERE c.authority = ?1 AND c.atena > ?2 AND s.atena > ?2"          \
	  " ORDER BY c.atena, c.kamoku LIMIT ?3")                              \
	X(WARD_CHOOSE_PICKED, "titi",                                          \
	  "SELECT c.atena, c.kamoku, c.arrears, s.shielded, (SELECT count(*)"  \
	  " FROM stop WHERE authority = c.authority AND atena = c.atena"       \
	  " AND decision IN ('', 'drop')) > 0 FROM pick p JOIN claim c ON"     \
	  " c.authority = p.authority AND c.atena = p.atena"                   \
	  " AND (p.kamoku = '' OR p.kamoku = c.kamoku)"                        \
	  " JOIN subject s ON s.authority = c.authority AND s.atena = c.atena" \
	  " WHERE p.authority = ?1 AND p.wave = ?2 AND p.atena > ?3"           \
	  " AND c.atena > ?3 AND s.atena > ?3"                                 \
	  " ORDER BY p.atena, c.kamoku LIMIT ?4")                              \
	X(WARD_SHIELD_PUT, "ttt" "ti",                                         \
	  "INSERT INTO shield (authority, atena, address, who, at_us)"         \
	  " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (authority, atena)"        \
	  " DO UPDATE SET address = excluded.address, who = excluded.who,"     \
	  " at_us = excluded.at_us")                                           \
	X(WARD_SHIELD_DROP, "tt",                                              \
	  "DELETE FROM shield WHERE authority = ?1 AND atena = ?2")            \
	X(WARD_SHIELD_GET, "tt",                                               \
	  "SELECT h.address FROM shield h JOIN subject s"                      \
	  " ON s.authority = h.authority AND s.atena = h.atena"                \
	  " WHERE h.authority = ?1 AND h.atena = ?2"                           \
	  " AND s.shielded <> 0 AND h.at_us >= s.updated_us")                  \
	X(WARD_SHIELDED_IN, "tiii",                                            \
	  "SELECT w.ordinal, w.atena, (SELECT count(*) FROM halt"              \
	  " WHERE authority = w.authority AND wave = w.wave"                   \
	  " AND ordinal = w.ordinal AND institution = '' AND told > 0)"        \
	  " FROM wave_subject w WHERE w.authority = ?1 AND w.wave = ?2"        \
	  " AND w.ordinal > ?3 AND w.ordinal <= ?4 AND (SELECT s.shielded"     \
	  " FROM subject s WHERE s.authority = w.authority"                    \
	  " AND s.atena = w.atena) <> 0"                                       \
	  " AND (SELECT count(*) FROM wave_claim WHERE"                        \
	  " authority = w.authority AND wave = w.wave"                         \
	  " AND ordinal = w.ordinal) > 0 ORDER BY w.ordinal")                  \
	X(WARD_CLAIM_NARROW, "tiitb",                                          \
	  "UPDATE wave_claim SET record = ?5 WHERE authority = ?1"             \
	  " AND wave = ?2 AND ordinal = ?3 AND kamoku = ?4")                   \
	X(WARD_KINDS_ALL, "t",                                                 \
	  "WITH RECURSIVE k (kamoku) AS (SELECT min(kamoku) FROM claim"        \
	  " WHERE authority = ?1 UNION ALL SELECT (SELECT min(c.kamoku)"       \
	  " FROM claim c WHERE c.authority = ?1 AND c.kamoku > k.kamoku)"      \
	  " FROM k WHERE k.kamoku IS NOT NULL)"                                \
	  " SELECT kamoku FROM k WHERE kamoku IS NOT NULL")                    \
	X(WARD_KINDS_PICKED, "ti",                                             \
	  "SELECT DISTINCT c.kamoku FROM pick p JOIN claim c ON"               \
	  " c.authority = p.authority AND c.atena = p.atena"                   \
	  " AND (p.kamoku = '' OR p.kamoku = c.kamoku)"                        \
	  " WHERE p.authority = ?1 AND p.wave = ?2")                           \
	X(WARD_INSTITUTION_ADD, "tittt" "t",                                   \
	  "INSERT INTO wave_institution (authority, wave, institution, hub,"   \
	  " link, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")                    \
	X(WARD_INSTITUTION_DROP, "ti",                                         \
	  "DELETE FROM wave_institution WHERE authority = ?1 AND wave = ?2")   \
	X(WARD_SUBJECT_ASK, "titt" "i",                                        \
	  "INSERT INTO wave_subject (authority, wave, ordinal, atena, reask)"  \
	  " VALUES (?1, ?2, ?5, ?3, ?4)")                                      \
	X(WARD_CLAIM_ASK, "tittt" "i",                                         \
	  "INSERT INTO wave_claim (authority, wave, ordinal, kamoku, basis,"   \
	  " record) SELECT ?1, ?2, ?6, kamoku, ?5, record FROM claim"          \
	  " WHERE authority = ?1 AND atena = ?3 AND kamoku = ?4")              \
	X(WARD_EXCLUDE, "titi" "t",                                            \
	  "INSERT INTO exception (authority, wave, institution, ordinal, kind,"\
	  " reason) SELECT ?1, ?2, institution, ?4, ?3, ?5"                    \
	  " FROM wave_institution WHERE authority = ?1 AND wave = ?2"          \
	  " ON CONFLICT DO NOTHING")                                           \
	X(WARD_WAVE_ADD, "tittt" "ttttt" "ttii",                               \
	  "INSERT INTO wave (authority, wave, name, basis, purpose, base_date,"\
	  " period_from, period_to, scope, deadline, state, drafter,"          \
	  " requester, requested_us, subjects) VALUES (?1, ?2, ?3, ?4, ?5, ?6,"\
	  " ?7, ?8, ?9, ?10, ?11, ?12, ?12, ?13, ?14)")

#define STMT_WARD_WAVES(X)                                                     \
	X(WARD_WAVE_GET, "ti",                                                 \
	  "SELECT name, basis, purpose, base_date, period_from, period_to,"    \
	  " scope, deadline, state, drafter, requester, requested_us,"         \
	  " approver, approved_us, reason, subjects, approval_digest,"         \
	  " approval, decided_for, decided_reason, CASE charge WHEN ''"        \
	  " THEN requester ELSE charge END FROM wave"                          \
	  " WHERE authority = ?1 AND wave = ?2")                               \
	X(WARD_WAVE_LIST, "t",                                                 \
	  "SELECT wave FROM wave WHERE authority = ?1 ORDER BY wave")          \
	X(WARD_WAVES_BEFORE, "tii",                                            \
	  "SELECT wave FROM wave WHERE authority = ?1 AND wave < ?2"           \
	  " ORDER BY wave DESC LIMIT ?3")                                      \
	X(WARD_WAVES_OF, "tiit",                                               \
	  "SELECT wave FROM wave WHERE authority = ?1 AND wave < ?2"           \
	  " AND CASE charge WHEN '' THEN requester ELSE charge END = ?4"       \
	  " AND state NOT IN ('closed', 'cancelled')"                          \
	  " ORDER BY wave DESC LIMIT ?3")                                      \
	X(WARD_WAVE_OPEN, "t",                                                 \
	  "SELECT wave, deadline, subjects FROM wave WHERE authority = ?1"     \
	  " AND state = 'sent' ORDER BY wave")                                 \
	X(WARD_WAVE_MOVE, "titt" "t",                                          \
	  "UPDATE wave SET state = ?4, reason = ?5 WHERE authority = ?1"       \
	  " AND wave = ?2 AND state = ?3")                                     \
	X(WARD_WAVE_SUBMIT, "titi",                                            \
	  "UPDATE wave SET state = 'submitted', requester = ?3,"               \
	  " requested_us = ?4, reason = '', charge = '' WHERE authority = ?1"  \
	  " AND wave = ?2 AND state = 'drafted'")                              \
	X(WARD_WAVE_APPROVE, "titit" "btt",                                    \
	  "UPDATE wave SET state = 'approved', approver = ?3,"                 \
	  " approved_us = ?4, approval_digest = ?5, approval = ?6,"            \
	  " decided_for = ?7, decided_reason = ?8"                             \
	  " WHERE authority = ?1 AND wave = ?2 AND state = 'submitted'")       \
	X(WARD_INSTITUTIONS, "ti",                                             \
	  "SELECT institution, hub, link, reason FROM wave_institution"        \
	  " WHERE authority = ?1 AND wave = ?2 ORDER BY institution")          \
	X(WARD_KINDS_ASKED, "ti",                                              \
	  "SELECT kamoku, basis, n FROM claim_tally WHERE authority = ?1"      \
	  " AND wave = ?2 AND kamoku <> '' ORDER BY kamoku, basis")            \
	X(WARD_ASKED_COUNT, "ti",                                              \
	  "SELECT coalesce(sum(n), 0) FROM claim_tally WHERE authority = ?1"   \
	  " AND wave = ?2 AND kamoku = ''")                                    \
	X(WARD_CLAIM_TALLY, "tiii",                                            \
	  "INSERT INTO claim_tally (authority, wave, kamoku, basis, n)"        \
	  " SELECT ?1, ?2, kamoku, basis, count(*) FROM wave_claim"            \
	  " WHERE authority = ?1 AND wave = ?2 AND ordinal > ?3"               \
	  " AND ordinal <= ?4 GROUP BY kamoku, basis"                          \
	  " ON CONFLICT (authority, wave, kamoku, basis)"                      \
	  " DO UPDATE SET n = claim_tally.n + excluded.n")                     \
	X(WARD_ASKED_TALLY, "tiii",                                            \
	  "INSERT INTO claim_tally (authority, wave, kamoku, basis, n)"        \
	  " SELECT ?1, ?2, '', '', count(DISTINCT ordinal) FROM wave_claim"    \
	  " WHERE authority = ?1 AND wave = ?2 AND ordinal > ?3"               \
	  " AND ordinal <= ?4 ON CONFLICT (authority, wave, kamoku, basis)"    \
	  " DO UPDATE SET n = claim_tally.n + excluded.n")                     \
	X(WARD_CLAIMS_DIFFER, "ti",                                            \
	  "SELECT count(*) FROM (SELECT kamoku, basis, count(*) AS n"          \
	  " FROM wave_claim WHERE authority = ?1 AND wave = ?2"                \
	  " GROUP BY kamoku, basis UNION ALL"                                  \
	  " SELECT '', '', count(DISTINCT ordinal) FROM wave_claim"            \
	  " WHERE authority = ?1 AND wave = ?2) AS r FULL JOIN"                \
	  " (SELECT kamoku, basis, n FROM claim_tally WHERE authority = ?1"    \
	  " AND wave = ?2) AS t ON t.kamoku = r.kamoku AND t.basis = r.basis"  \
	  " WHERE coalesce(t.n, 0) <> coalesce(r.n, 0)")                       \
	X(WARD_ROWS_TO_SEND, "tiii",                                           \
	  "SELECT c.ordinal, c.basis, c.record, (SELECT count(*) FROM stop"    \
	  " WHERE authority = s.authority AND atena = s.atena"                 \
	  " AND decision IN ('', 'drop')) > 0 AND (SELECT count(*) FROM halt"  \
	  " WHERE authority = s.authority AND wave = s.wave"                   \
	  " AND ordinal = s.ordinal AND institution = '' AND told > 0) = 0"    \
	  " FROM wave_claim c JOIN wave_subject"                               \
	  " s ON s.authority = c.authority AND s.wave = c.wave"                \
	  " AND s.ordinal = c.ordinal WHERE c.authority = ?1 AND c.wave = ?2"  \
	  " AND c.ordinal > ?3 AND c.ordinal <= ?4"                            \
	  " ORDER BY c.ordinal, c.kamoku")                                     \
	X(WARD_TASK_END, "tit",                                                \
	  "UPDATE task SET state = 1 WHERE authority = ?1 AND wave = ?2"       \
	  " AND kind = ?3 AND state = 0")                                      \
	X(WARD_EXCLUDE_RANGE, "titt" "ii",                                     \
	  "INSERT INTO exception (authority, wave, institution, ordinal, kind,"\
	  " reason) SELECT ?1, ?2, i.institution, s.ordinal, ?3, ?4"           \
	  " FROM wave_subject s JOIN wave_institution i ON"                    \
	  " i.authority = s.authority AND i.wave = s.wave"                     \
	  " WHERE s.authority = ?1 AND s.wave = ?2 AND s.ordinal > ?5"         \
	  " AND s.ordinal <= ?6 ON CONFLICT DO NOTHING")                       \
	X(WARD_AWAITS, "t",                                                    \
	  "SELECT (SELECT count(*) FROM task WHERE state = 0 AND kind IN"      \
	  " ('send', 'resend', 'cancel-unit', 'cancel')), (SELECT count(*)"    \
	  " FROM wave WHERE authority = ?1 AND state = 'cancelled')")          \
	X(WARD_FILES_TO_CANCEL, "ti",                                          \
	  "SELECT f.file, f.wave, f.institution, f.hub, f.records, w.reason,"  \
	  " i.link FROM wave w CROSS JOIN wave_institution i"                  \
	  " ON i.authority = w.authority AND i.wave = w.wave"                  \
	  " CROSS JOIN file f ON f.authority = i.authority"                    \
	  " AND f.wave = i.wave AND f.institution = i.institution"             \
	  " WHERE w.authority = ?1 AND w.state = 'cancelled'"                  \
	  " AND f.message <> '' AND f.answered_us = 0"                         \
	  " AND f.state NOT IN ('cancelled', 'rejected', 'expired')"           \
	  " AND NOT EXISTS (SELECT 1 FROM message m WHERE"                     \
	  " m.authority = f.authority AND m.file = f.file"                     \
	  /* Answers that did not stand are asked back once more. */           \
	  " AND m.kind = 'cancel' AND m.created_us >= (SELECT"                 \
	  " coalesce(max(r.at_us), 0) FROM refused r WHERE"                    \
	  " r.authority = f.authority AND r.file = f.file"                     \
	  " AND r.kind = 'answer-file'))"                                      \
	  /* What our officer has not let go is with no bank to be asked. */   \
	  " AND (i.link <> 'via-ward' OR f.received_us > 0 OR EXISTS (SELECT"  \
	  " 1 FROM check_file k WHERE k.authority = f.authority"               \
	  " AND k.file = f.file AND k.direction = 'request'"                   \
	  " AND k.state <> 'returned')) ORDER BY f.file LIMIT ?2")

#define STMT_WARD_FILES(X)                                                     \
	X(WARD_ANSWERS_GONE, "tt",                                             \
	  "SELECT DISTINCT message FROM refused WHERE authority = ?1"          \
	  " AND file = ?2 AND kind = 'answer-file' ORDER BY message LIMIT 64") \
	X(WARD_FILE_GET, "tt",                                                 \
	  "SELECT wave, institution, hub, no, first, last, records, layout,"   \
	  " state, message, as_of, sent_us, received_us, answered_us, listed"  \
	  " FROM file WHERE authority = ?1 AND file = ?2")                     \
	X(WARD_FILE_PUT, "ttitti" "iiitt" "tii",                               \
	  "INSERT INTO file (authority, file, wave, institution, hub, no,"     \
	  " first, last, records, layout, state, message, sent_us, listed)"    \
	  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"   \
	  " ?14)"                                                              \
	  " ON CONFLICT (authority, file) DO UPDATE SET first = excluded.first,"\
	  " last = excluded.last, records = excluded.records,"                 \
	  " layout = excluded.layout, message = excluded.message,"             \
	  " sent_us = excluded.sent_us, listed = excluded.listed"              \
	  " WHERE file.layout = '' AND excluded.layout <> ''")                 \
	X(WARD_FILE_STATE, "ttt",                                              \
	  "UPDATE file SET state = ?3 WHERE authority = ?1 AND file = ?2")     \
	X(WARD_FILE_RECEIVED, "tti",                                           \
	  "UPDATE file SET received_us = ?3 WHERE authority = ?1"              \
	  " AND file = ?2 AND received_us = 0")                                \
	X(WARD_FILE_ANSWERED, "ttti",                                          \
	  "UPDATE file SET as_of = ?3, answered_us = ?4 WHERE authority = ?1"  \
	  " AND file = ?2")                                                    \
	X(WARD_FILES_OF, "ti",                                                   \
	  "SELECT file, institution, hub, no, first, last, records, state,"    \
	  " message, received_us, answered_us, layout, as_of, sent_us, listed" \
	  " FROM file WHERE authority = ?1 AND wave = ?2"                      \
	  " ORDER BY institution, no")                                         \
	X(WARD_FILES_AFTER, "titii",                                           \
	  "SELECT file, institution, no, state, message FROM file"             \
	  " WHERE authority = ?1 AND wave = ?2"                                \
	  " AND (institution, no) > (?3, ?4) ORDER BY institution, no LIMIT ?5")\
	X(WARD_FILE_OF, "titi",                                                \
	  "SELECT f.file, f.state, f.layout, f.received_us, f.answered_us,"    \
	  " f.message FROM file AS f LEFT JOIN halted AS h ON"                 \
	  " h.authority = f.authority AND h.wave = f.wave"                     \
	  " AND h.institution = f.institution AND h.ordinal = ?4"              \
	  " AND h.state = 'sent' WHERE f.authority = ?1 AND f.wave = ?2"       \
	  " AND f.institution = ?3 AND f.first <= ?4 AND f.last >= ?4"         \
	  " AND ((h.file IS NULL AND f.listed = 0) OR h.file = f.file)")                                   \
	X(WARD_FILE_PENDING, "ti",                                             \
	  "SELECT file FROM file WHERE authority = ?1 AND wave = ?2"           \
	  " AND message <> '' AND answered_us = 0 AND state NOT IN"            \
	  " ('rejected', 'cancelled', 'expired') LIMIT 1")                     \
	X(WARD_FILE_OVERDUE, "ti",                                             \
	  "SELECT file FROM file WHERE authority = ?1 AND wave = ?2"           \
	  " AND message <> '' AND answered_us = 0 AND state NOT IN"            \
	  " ('converted', 'rejected', 'cancelled', 'expired')"                 \
	  " ORDER BY institution, no LIMIT 500")                               \
	X(WARD_FILE_SUM, "ti",                                                 \
	  "SELECT coalesce(sum(records), 0) FROM file WHERE authority = ?1"    \
	  " AND wave = ?2")                                                    \
	X(WARD_EXCEPTION_SUM, "ti",                                            \
	  "SELECT count(*) FROM exception WHERE authority = ?1 AND wave = ?2") \
	X(WARD_EXCEPTIONS_OF, "ti",                                            \
	  "SELECT institution, kind, reason, ordinal FROM exception"           \
	  " WHERE authority = ?1 AND wave = ?2")                               \
	X(WARD_EXCEPTION_PUT, "titi" "tttit",                                  \
	  "INSERT INTO exception (authority, wave, institution, ordinal, kind,"\
	  " reason, item, at, bad) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"\
	  " ON CONFLICT DO NOTHING")                                           \
	X(WARD_EXCEPTION_TALLIES, "ti",                                        \
	  "SELECT institution, kind, reason, n FROM exception_tally"           \
	  " WHERE authority = ?1 AND wave = ?2")                               \
	X(WARD_EXCEPTION_TALLY, "titt" "ti",                                   \
	  "INSERT INTO exception_tally (authority, wave, institution, kind,"   \
	  " reason, n) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"                        \
	  " ON CONFLICT (authority, wave, institution, kind, reason)"          \
	  " DO UPDATE SET n = exception_tally.n + excluded.n")                 \
	X(WARD_EXCLUDE_TALLY, "titt" "i",                                      \
	  "INSERT INTO exception_tally (authority, wave, institution, kind,"   \
	  " reason, n) SELECT ?1, ?2, institution, ?3, ?4, ?5"                 \
	  " FROM wave_institution WHERE authority = ?1 AND wave = ?2"          \
	  " ON CONFLICT (authority, wave, institution, kind, reason)"          \
	  " DO UPDATE SET n = exception_tally.n + excluded.n")                 \
	X(WARD_EXCLUDE_RANGE_TALLY, "titt" "ii",                               \
	  "INSERT INTO exception_tally (authority, wave, institution, kind,"   \
	  " reason, n) SELECT ?1, ?2, i.institution, ?3, ?4, (SELECT count(*)" \
	  " FROM wave_subject s WHERE s.authority = ?1 AND s.wave = ?2"        \
	  " AND s.ordinal > ?5 AND s.ordinal <= ?6) - (SELECT count(*)"        \
	  " FROM exception x WHERE x.authority = ?1 AND x.wave = ?2"           \
	  " AND x.institution = i.institution AND x.ordinal > ?5"              \
	  " AND x.ordinal <= ?6) FROM wave_institution i"                      \
	  " WHERE i.authority = ?1 AND i.wave = ?2"                            \
	  " ON CONFLICT (authority, wave, institution, kind, reason)"          \
	  " DO UPDATE SET n = exception_tally.n + excluded.n")                 \
	X(WARD_EXCEPTION_GET, "titi",                                          \
	  "SELECT kind, reason, item, at, bad FROM exception"                  \
	  " WHERE authority = ?1 AND wave = ?2 AND institution = ?3"           \
	  " AND ordinal = ?4")                                                 \
	X(WARD_EXCEPTIONS_IN, "titii",                                         \
	  "SELECT ordinal FROM exception WHERE authority = ?1 AND wave = ?2"   \
	  " AND institution = ?3 AND ordinal >= ?4 AND ordinal <= ?5"          \
	  " ORDER BY ordinal")                                                 \
	X(WARD_STATEMENT_PUT, "tttit" "ti",                                    \
	  "INSERT INTO statement (peer, authority, file, at_us, message,"      \
	  " state, records) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"               \
	  " ON CONFLICT (peer, authority, file) DO UPDATE SET"                 \
	  " at_us = excluded.at_us, message = excluded.message,"               \
	  " state = excluded.state, records = excluded.records"                \
	  " WHERE excluded.at_us >= statement.at_us")                          \
	X(WARD_STATEMENTS_OF, "tt",                                            \
	  "SELECT peer, state, records, at_us FROM statement"                  \
	  " WHERE authority = ?1 AND file = ?2 ORDER BY at_us")                \
	X(WARD_STEPS, "ti",                                                    \
	  "SELECT hub, no, party, signed_by, first_us, last_us, files,"        \
	  " inquiries FROM step_tally WHERE authority = ?1 AND wave = ?2"      \
	  " ORDER BY hub, no")                                                 \
	X(WARD_STEPS_DIFFER, "ti",                                             \
	  "SELECT count(*) FROM (SELECT hub, no, count(*) AS n,"               \
	  " sum(inquiries) AS asked, min(at_us) AS first, max(at_us) AS last"  \
	  " FROM step WHERE authority = ?1 AND wave = ?2 GROUP BY hub, no)"    \
	  " AS r FULL JOIN (SELECT hub, no, files, inquiries, first_us,"       \
	  " last_us FROM step_tally WHERE authority = ?1 AND wave = ?2) AS t"  \
	  " ON t.hub = r.hub AND t.no = r.no"                                  \
	  " WHERE coalesce(t.files, 0) <> coalesce(r.n, 0)"                    \
	  " OR t.inquiries <> r.asked OR t.first_us <> r.first"                \
	  " OR t.last_us <> r.last")                                           \
	X(WARD_STEPS_OF_FILE, "tit",                                           \
	  "SELECT no, party, at_us, signed_by, inquiries FROM step"            \
	  " WHERE authority = ?1 AND wave = ?2 AND file = ?3 ORDER BY no")     \
	X(WARD_HUB_OF, "tit",                                                  \
	  "SELECT link FROM wave_institution WHERE authority = ?1"             \
	  " AND wave = ?2 AND hub = ?3 LIMIT 1")                               \
	X(WARD_INSTITUTION_OF, "tit",                                          \
	  "SELECT hub, link FROM wave_institution WHERE authority = ?1"        \
	  " AND wave = ?2 AND institution = ?3")

#define STMT_WARD_ANSWERS(X)                                                   \
	X(WARD_OUTCOMES_IN, "ttt",                                             \
	  "SELECT inquiry, class, file, late, open, digest FROM outcome"       \
	  " WHERE authority = ?1 AND inquiry >= ?2 AND inquiry <= ?3"          \
	  " ORDER BY inquiry")                                                 \
	X(WARD_OUTCOME_ADD, "ttitii" "b",                                      \
	  "INSERT INTO outcome (authority, inquiry, class, file, late, open,"  \
	  " digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"                       \
	  " ON CONFLICT DO NOTHING")                                           \
	X(WARD_OUTCOME_COMPLETE, "ttii" "b",                                   \
	  "UPDATE outcome SET class = ?3, open = ?4, digest = ?5"              \
	  " WHERE authority = ?1 AND inquiry = ?2 AND open = 1")               \
	X(WARD_OUTCOME_END, "tt",                                              \
	  "UPDATE outcome SET open = 0 WHERE authority = ?1 AND inquiry = ?2"  \
	  " AND open = 1")                                                     \
	X(WARD_TALLY_ADD, "ttii" "ii",                                         \
	  "INSERT INTO file_tally (authority, file, class, n, late, open)"     \
	  " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"                                   \
	  " ON CONFLICT (authority, file, class) DO UPDATE SET"                \
	  " n = file_tally.n + excluded.n,"                                    \
	  " late = file_tally.late + excluded.late,"                           \
	  " open = file_tally.open + excluded.open")                           \
	X(WARD_TALLY_END, "tt",                                                \
	  "UPDATE file_tally SET open = open - 1 WHERE authority = ?1"         \
	  " AND (file, class) = (SELECT file, class FROM outcome"              \
	  " WHERE authority = ?1 AND inquiry = ?2)")                           \
	X(WARD_TALLY_SUM, "tt",                                                \
	  "SELECT coalesce(sum(n), 0) FROM file_tally WHERE authority = ?1"    \
	  " AND file = ?2")                                                    \
	X(WARD_TALLIES, "ttt",                                                 \
	  "SELECT file, class, late, open, n FROM file_tally"                  \
	  " WHERE authority = ?1 AND file >= ?2 AND file <= ?3")               \
	X(WARD_OUTCOME_COUNTS, "ttt",                                          \
	  "SELECT file, class, sum(late), sum(open), count(*) FROM outcome"    \
	  " WHERE authority = ?1 AND inquiry >= ?2 AND inquiry <= ?3"          \
	  " GROUP BY file, class")                                             \
	X(WARD_ANSWER_ADD, "ttb",                                              \
	  "INSERT INTO answer (authority, inquiry, record)"                    \
	  " VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")                       \
	X(WARD_ANSWER_PUT, "ttb",                                              \
	  "INSERT INTO answer (authority, inquiry, record)"                    \
	  " VALUES (?1, ?2, ?3) ON CONFLICT (authority, inquiry) DO UPDATE"    \
	  " SET record = excluded.record")                                     \
	X(WARD_ANSWERS_IN, "ttt",                                              \
	  "SELECT inquiry, record FROM answer WHERE authority = ?1"            \
	  " AND inquiry >= ?2 AND inquiry <= ?3 ORDER BY inquiry")             \
	X(WARD_ANSWER_DROP, "tt",                                              \
	  "DELETE FROM answer WHERE authority = ?1 AND inquiry = ?2")          \
	X(WARD_CORRECTIONS_IN, "ttt",                                          \
	  "SELECT inquiry, no, kind, class, at_us, record, digest"             \
	  " FROM correction WHERE authority = ?1 AND inquiry >= ?2"            \
	  " AND inquiry <= ?3 ORDER BY inquiry, no")                           \
	X(WARD_CORRECTION_ADD, "tttit" "ibb",                                  \
	  "INSERT INTO correction (authority, inquiry, no, kind, class, digest,"\
	  " message, at_us, record) SELECT ?1, ?2, coalesce(max(no), 0) + 1,"  \
	  " ?3, ?4, ?7, ?5, ?6, ?8 FROM correction"                            \
	  " WHERE authority = ?1 AND inquiry = ?2")                            \
	X(WARD_ANSWER_REFUSED, "ttitt" "i",                                    \
	  "INSERT INTO answer_refused (authority, message, no, code, file,"    \
	  " at_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING")    \
	X(WARD_ANSWERS_REFUSED, "tt",                                          \
	  "SELECT message, no, code FROM answer_refused WHERE authority = ?1"  \
	  " AND file = ?2 ORDER BY message, no")                               \
	X(WARD_ASKED_IN, "tiii",                                               \
	  "SELECT ordinal, atena FROM wave_subject WHERE authority = ?1"       \
	  " AND wave = ?2 AND ordinal >= ?3 AND ordinal <= ?4"                 \
	  " ORDER BY ordinal")                                                 \
	X(WARD_ASKED_GET, "tii",                                               \
	  "SELECT atena, reask FROM wave_subject WHERE authority = ?1"         \
	  " AND wave = ?2 AND ordinal = ?3")                                   \
	X(WARD_ASKED_CLAIMS, "tii",                                            \
	  "SELECT kamoku, basis, record FROM wave_claim WHERE authority = ?1"  \
	  " AND wave = ?2 AND ordinal = ?3 ORDER BY kamoku")                   \
	X(WARD_STOPPED_WAVES, "tt",                                            \
	  "SELECT s.wave, s.ordinal FROM wave_subject s JOIN wave w ON"        \
	  " w.authority = s.authority AND w.wave = s.wave"                     \
	  " WHERE s.authority = ?1 AND s.atena = ?2"                           \
	  " AND w.state IN ('approved', 'sent')")

#define STMT_WARD_CHECKS(X)                                                    \
	X(WARD_CHECK_ADD, "ttti" "tttii",                                      \
	  "INSERT INTO check_file (authority, message, direction, wave, hub,"  \
	  " institution, file, records, arrived_us)"                           \
	  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")                      \
	X(WARD_CHECK_LIST, "tt",                                               \
	  "SELECT seq, message, direction, wave, hub, institution, file,"      \
	  " records, arrived_us, state, officer, decided_us, reason"           \
	  " FROM check_file WHERE authority = ?1 AND state = ?2 ORDER BY seq") \
	X(WARD_CHECK_OF, "tt",                                                 \
	  "SELECT seq, message, direction, wave, hub, institution, file,"      \
	  " records, arrived_us, state, officer, decided_us, reason"           \
	  " FROM check_file WHERE authority = ?1 AND file = ?2 ORDER BY seq")  \
	X(WARD_CHECK_DECIDE, "ittit",                                          \
	  "UPDATE check_file SET state = ?2, officer = ?3, decided_us = ?4,"   \
	  " reason = ?5 WHERE seq = ?1 AND state = 'waiting'")                 \
	X(WARD_CARRY_LIST, "",                                                 \
	  "SELECT seq, at_us, direction, hub, name, who, messages, records,"   \
	  " digest, erased_us FROM carry ORDER BY seq")                        \
	X(WARD_CARRY_GET, "i", "SELECT seq FROM carry WHERE seq = ?1")         \
	X(WARD_CARRY_ERASED, "ii",                                             \
	  "UPDATE carry SET erased_us = ?2 WHERE seq = ?1 AND erased_us = 0")  \
	X(WARD_CARRY_ADD, "itttt" "iit",                                       \
	  "INSERT INTO carry (at_us, direction, hub, name, who, messages,"     \
	  " records, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")

#define STMT_WARD(X)                                                           \
	STMT_WARD_USERS(X)                                                     \
	STMT_WARD_SUBJECTS(X)                                                  \
	STMT_WARD_DRAFTS(X)                                                    \
	STMT_WARD_WAVES(X)                                                     \
	STMT_WARD_FILES(X)                                                     \
	STMT_WARD_ANSWERS(X)                                                   \
	STMT_WARD_CHECKS(X)
/* clang-format on */

#endif
