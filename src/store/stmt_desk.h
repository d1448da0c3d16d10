/* stmt_desk.h — statements of the desk: sessions, sign-in, changes done once;
 * see statements.h. */
#ifndef SHOKAI_STORE_STMT_DESK_H
#define SHOKAI_STORE_STMT_DESK_H

/* clang-format off */
#define STMT_DESK(X)                                                           \
	X(DESK_SESSION_ADD, "ttii",                                            \
	  "INSERT INTO desk_session (token, user_name, began_us, seen_us,"     \
	  " ends_us) VALUES (?1, ?2, ?3, ?3, ?4)")                             \
	X(DESK_SESSION_GET, "t",                                               \
	  "SELECT user_name, began_us, seen_us, ends_us FROM desk_session"     \
	  " WHERE token = ?1")                                                 \
	X(DESK_SESSION_SEEN, "ti",                                             \
	  "UPDATE desk_session SET seen_us = ?2 WHERE token = ?1"              \
	  " AND seen_us < ?2")                                                 \
	X(DESK_SESSION_DROP, "t",                                              \
	  "DELETE FROM desk_session WHERE token = ?1")                         \
	X(DESK_SESSIONS_OF, "t",                                               \
	  "DELETE FROM desk_session WHERE user_name = ?1")                     \
	X(DESK_SESSION_SWEEP, "i",                                             \
	  "DELETE FROM desk_session WHERE ends_us < ?1")                       \
	X(DESK_SIGNIN_GET, "t",                                                \
	  "SELECT failures, until_us FROM desk_signin WHERE name = ?1")        \
	X(DESK_SIGNIN_FAILED, "ti",                                            \
	  "INSERT INTO desk_signin (name, failures, until_us)"                 \
	  " VALUES (?1, 1, ?2) ON CONFLICT (name) DO UPDATE SET"               \
	  " failures = desk_signin.failures + 1, until_us = excluded.until_us")\
	X(DESK_SIGNIN_CLEAR, "t", "DELETE FROM desk_signin WHERE name = ?1")   \
	X(DESK_TOTP_GET, "t",                                                  \
	  "SELECT secret, last_step FROM desk_totp WHERE user_name = ?1")      \
	X(DESK_TOTP_PUT, "tt",                                                 \
	  "INSERT INTO desk_totp (user_name, secret, last_step)"               \
	  " VALUES (?1, ?2, 0) ON CONFLICT (user_name) DO UPDATE SET"          \
	  " secret = excluded.secret, last_step = 0")                          \
	X(DESK_TOTP_USED, "ti",                                                \
	  "UPDATE desk_totp SET last_step = ?2 WHERE user_name = ?1"           \
	  " AND last_step < ?2")                                               \
	X(DESK_CERTIFICATE_GET, "t",                                           \
	  "SELECT fingerprint FROM desk_certificate WHERE user_name = ?1")     \
	X(DESK_CERTIFICATE_PUT, "tt",                                          \
	  "INSERT INTO desk_certificate (user_name, fingerprint)"              \
	  " VALUES (?1, ?2) ON CONFLICT (user_name) DO UPDATE SET"             \
	  " fingerprint = excluded.fingerprint")                               \
	X(DESK_CERTIFICATE_DROP, "t",                                          \
	  "DELETE FROM desk_certificate WHERE user_name = ?1")                 \
	X(DESK_ONCE_ADD, "ttti",                                               \
	  "INSERT INTO desk_once (user_name, idem, request, at_us, status,"    \
	  " answer) VALUES (?1, ?2, ?3, ?4, 0, '') ON CONFLICT DO NOTHING")    \
	X(DESK_ONCE_GET, "tt",                                                 \
	  "SELECT request, at_us, status, answer FROM desk_once"               \
	  " WHERE user_name = ?1 AND idem = ?2")                               \
	X(DESK_ONCE_DONE, "ttit",                                              \
	  "UPDATE desk_once SET status = ?3, answer = ?4"                      \
	  " WHERE user_name = ?1 AND idem = ?2")                               \
	X(DESK_ONCE_DROP, "tt",                                                \
	  "DELETE FROM desk_once WHERE user_name = ?1 AND idem = ?2")          \
	X(DESK_ONCE_SWEEP, "i", "DELETE FROM desk_once WHERE at_us < ?1")      \
	X(DESK_REVEAL_PUT, "tti",                                              \
	  "INSERT INTO desk_reveal (token, atena, until_us)"                   \
	  " VALUES (?1, ?2, ?3) ON CONFLICT (token, atena) DO UPDATE SET"      \
	  " until_us = excluded.until_us")                                     \
	X(DESK_REVEAL_GET, "tt",                                               \
	  "SELECT until_us FROM desk_reveal WHERE token = ?1 AND atena = ?2")  \
	X(DESK_REVEAL_SWEEP, "i",                                              \
	  "DELETE FROM desk_reveal WHERE until_us < ?1")                       \
	X(DESK_SUBJECTS, "tti",                                                \
	  "SELECT atena, kana, kanji, birth, shielded, updated_us, atena"      \
	  " FROM subject WHERE authority = ?1 AND atena > ?2"                  \
	  " ORDER BY atena LIMIT ?3")                                          \
	X(DESK_SUBJECT, "tti",                                                 \
	  "SELECT atena, kana, kanji, birth, shielded, updated_us, atena"      \
	  " FROM subject WHERE authority = ?1 AND atena = ?2 LIMIT ?3")        \
	X(DESK_SUBJECTS_KANA, "ttttti",                                        \
	  "SELECT atena, kana, kanji, birth, shielded, updated_us, kana_key"   \
	  " FROM subject WHERE authority = ?1 AND kana_key >= ?2"              \
	  " AND kana_key < ?3 AND (kana_key, atena) > (?4, ?5)"                \
	  " ORDER BY kana_key, atena LIMIT ?6")                                \
	X(DESK_SUBJECTS_KANJI, "ttttti",                                       \
	  "SELECT atena, kana, kanji, birth, shielded, updated_us, kanji_key"  \
	  " FROM subject WHERE authority = ?1 AND kanji_key >= ?2"             \
	  " AND kanji_key < ?3 AND (kanji_key, atena) > (?4, ?5)"              \
	  " ORDER BY kanji_key, atena LIMIT ?6")                               \
	X(DESK_ASKED, "tt",                                                    \
	  "SELECT s.wave, s.ordinal, s.reask, w.name, w.state, i.institution," \
	  " i.hub FROM wave_subject s CROSS JOIN wave w ON"                    \
	  " w.authority = s.authority AND w.wave = s.wave"                     \
	  " CROSS JOIN wave_institution i ON i.authority = s.authority"        \
	  " AND i.wave = s.wave WHERE s.authority = ?1 AND s.atena = ?2"       \
	  " ORDER BY s.wave DESC, i.institution LIMIT 2000")                   \
	X(DESK_OUTCOME, "tt",                                                  \
	  "SELECT class, late, open, file FROM outcome WHERE authority = ?1"   \
	  " AND inquiry = ?2")                                                 \
	X(DESK_LOG, "iii",                                                     \
	  "SELECT l.lane, l.seq, l.at_us, l.actor, l.action, l.records,"       \
	  " o.kind, o.object, o.authority, o.purpose FROM log l"               \
	  " LEFT JOIN log_object o ON o.lane = l.lane AND o.seq = l.seq"       \
	  " WHERE l.lane = ?1 AND l.seq < ?2 ORDER BY l.seq DESC LIMIT ?3")    \
	X(DESK_LOG_OF, "ttiii",                                                \
	  "SELECT l.lane, l.seq, l.at_us, l.actor, l.action, l.records,"       \
	  " o.kind, o.object, o.authority, o.purpose FROM log_object o"        \
	  " JOIN log l ON l.lane = o.lane AND l.seq = o.seq"                   \
	  " WHERE o.kind = ?1 AND o.object = ?2"                               \
	  " AND (o.lane, o.seq) > (?3, ?4) ORDER BY o.lane, o.seq LIMIT ?5")   \
	X(DESK_EXCEPTIONS, "tititi",                                                   \
	  "SELECT authority, institution, ordinal, kind, reason, item, at, bad" \
	  " FROM exception WHERE authority = ?1 AND wave = ?2"                 \
	  " AND (institution, ordinal) > (?3, ?4) AND institution <= ?5"       \
	  " ORDER BY institution, ordinal LIMIT ?6")                           \
	X(DESK_EXCEPTIONS_KIND, "tititti",                                     \
	  "SELECT x.authority, x.institution, x.ordinal, x.kind, x.reason,"    \
	  " x.item, x.at, x.bad FROM exception x"                              \
	  " WHERE x.authority = ?1 AND x.wave = ?2"                            \
	  " AND (x.institution, x.ordinal) > (?3, ?4)"                         \
	  " AND x.institution <= ?5 AND x.institution IN (SELECT t.institution" \
	  " FROM exception_tally t WHERE t.authority = ?1 AND t.wave = ?2"     \
	  " AND t.kind = ?6 AND t.n > 0) AND x.kind = ?6"                      \
	  " ORDER BY x.institution, x.ordinal LIMIT ?7")                       \
	X(DESK_EXCEPTIONS_HELD, "titi" "ti",                                   \
	  "SELECT authority, institution, ordinal, kind, reason, item, at, bad"\
	  " FROM exception WHERE authority = ?1 AND wave = ?2"                 \
	  " AND (institution, ordinal) > (?3, ?4) AND institution <= ?5"       \
	  " AND kind = 'held' ORDER BY institution, ordinal LIMIT ?6")         \
	X(DESK_OUTCOMES, "ttti",                                               \
	  "SELECT inquiry, class, late, open, file FROM outcome"               \
	  " WHERE authority = ?1 AND inquiry > ?2 AND inquiry <= ?3"           \
	  " ORDER BY inquiry LIMIT ?4")                                        \
	X(DESK_OUTCOMES_CLASS, "tttii",                                        \
	  "SELECT inquiry, class, late, open, file FROM outcome"               \
	  " WHERE authority = ?1 AND inquiry > ?2 AND inquiry <= ?3"           \
	  " AND class = ?4 ORDER BY inquiry LIMIT ?5")                         \
	X(DESK_FILES_CLASS, "tittii",                                          \
	  "SELECT f.file, f.institution, f.first, f.last FROM file f"          \
	  " CROSS JOIN file_tally t ON t.authority = f.authority"              \
	  " AND t.file = f.file AND t.class = ?5"                              \
	  " WHERE f.authority = ?1 AND f.wave = ?2 AND f.institution >= ?3"    \
	  " AND f.institution <= ?4 AND t.n > 0"                               \
	  " ORDER BY f.institution, f.no LIMIT ?6")                            \
	X(DESK_CHECKS, "ttii",                                                 \
	  "SELECT seq, message, direction, wave, hub, institution, file,"      \
	  " records, arrived_us, state, officer, decided_us, reason"           \
	  " FROM check_file WHERE authority = ?1 AND state = ?2 AND seq > ?3"  \
	  " ORDER BY seq LIMIT ?4")                                            \
	X(DESK_MESSAGE_DIGEST, "t",                                            \
	  "SELECT digest FROM message WHERE id = ?1")                          \
	X(DESK_FILES, "tti",                                                   \
	  "SELECT authority, file, wave, institution, hub, records, state,"    \
	  " sent_us, received_us, answered_us, layout FROM file"               \
	  " WHERE (authority, file) > (?1, ?2) AND message <> ''"              \
	  " ORDER BY authority, file LIMIT ?3")                                \
	X(DESK_FILES_OPEN, "tti",                                              \
	  "SELECT authority, file, wave, institution, hub, records, state,"    \
	  " sent_us, received_us, answered_us, layout FROM file"               \
	  " WHERE (authority, file) > (?1, ?2) AND message <> ''"              \
	  " AND answered_us = 0 AND state NOT IN ('cancelled', 'rejected',"    \
	  " 'expired') ORDER BY authority, file LIMIT ?3")                     \
	X(UNIT_SHOW_WAVES, "",                                                 \
	  "SELECT authority, count(*) FROM unit_wave GROUP BY authority"       \
	  " ORDER BY authority")                                               \
	X(UNIT_SHOW_FILES, "",                                                 \
	  "SELECT authority, count(*), sum(records), sum(CASE WHEN"            \
	  " received_us = 0 AND state = 'converted' THEN 1 ELSE 0 END)"        \
	  " FROM file WHERE message <> '' GROUP BY authority")                 \
	X(UNIT_SHOW_HELD, "",                                                  \
	  "SELECT authority, count(*) FROM exception WHERE kind = 'held'"      \
	  " GROUP BY authority")                                               \
	X(UNIT_SHOW_HOLDS, "titi" "tii",                                       \
	  "SELECT authority, wave, institution, ordinal, reason, item, at, bad" \
	  " FROM exception WHERE kind = 'held'"                                \
	  " AND (authority, wave, institution, ordinal) > (?1, ?2, ?3, ?4)"    \
	  " AND authority <= ?5 AND (?6 = 0 OR wave = ?6)"                     \
	  " ORDER BY authority, wave, institution, ordinal LIMIT ?7")          \
	X(UNIT_SHOW_CONVERTED, "i",                                            \
	  "SELECT (sent_us - ?1) / 86400000000 AS day, sum(records) FROM file" \
	  " WHERE message <> '' AND sent_us >= ?1 GROUP BY day")               \
	X(UNIT_SHOW_CLEANSED, "i",                                             \
	  "SELECT (answered_us - ?1) / 86400000000 AS day, sum(records)"       \
	  " FROM file WHERE answered_us > 0 AND answered_us >= ?1"             \
	  " GROUP BY day")                                                     \
	X(DESK_RECEIVED, "tti",                                                \
	  "SELECT authority, file, wave, records, state, unit, hub,"           \
	  " received_us, answered_us, answered, rejected, as_of, message,"      \
	  " deadline FROM bank_file WHERE (authority, file) > (?1, ?2)"                 \
	  " ORDER BY authority, file LIMIT ?3")                                \
	X(DESK_RECEIVED_ONE, "tt",                                             \
	  "SELECT authority, file, wave, records, state, unit, hub,"           \
	  " received_us, answered_us, answered, rejected, as_of, message,"      \
	  " deadline FROM bank_file WHERE authority = ?1 AND file = ?2")                \
	X(DESK_IMPORTS, "ii",                                                  \
	  "SELECT seq, state, as_of, at_us, customers, accounts, transactions,"\
	  " others FROM import WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2")     \
	X(DESK_BACKLOG, "",                                                    \
	  "SELECT recipient, count(*), min(queued_us) FROM outbox"             \
	  " WHERE state = 0 GROUP BY recipient ORDER BY recipient")            \
	X(DESK_SUBMITTED, "t",                                                 \
	  "SELECT count(*) FROM wave WHERE authority = ?1"                     \
	  " AND state = 'submitted'")                                          \
	X(DESK_STOPS, "t",                                                     \
	  "SELECT count(*) FROM stop WHERE authority = ?1 AND decision = ''")  \
	X(DESK_STOPPED_SINCE, "ti",                                            \
	  "SELECT count(DISTINCT atena) FROM stop WHERE authority = ?1"        \
	  " AND at_us >= ?2")                                                  \
	X(DESK_HITS, "ti",                                                     \
	  "SELECT coalesce(sum(t.n), 0) FROM file f CROSS JOIN file_tally t"   \
	  " ON t.authority = f.authority AND t.file = f.file"                  \
	  " WHERE f.authority = ?1 AND t.class = 0 AND f.answered_us >= ?2"    \
	  " AND f.answered_us > 0")                                            \
	X(DESK_DOCUMENT_GET, "ti",                                             \
	  "SELECT year, no, given_us FROM document WHERE authority = ?1"       \
	  " AND wave = ?2")                                                    \
	X(DESK_DOCUMENT_ADD, "tiii",                                           \
	  "INSERT INTO document (authority, year, no, wave, given_us)"         \
	  " SELECT ?1, ?2, coalesce(max(no), 0) + 1, ?3, ?4 FROM document"     \
	  " WHERE authority = ?1 AND year = ?2 ON CONFLICT DO NOTHING")        \
	X(DESK_SAMPLES, "tii",                                                 \
	  "SELECT s.ordinal, s.atena, b.kana, b.kanji, b.shielded"             \
	  " FROM wave_subject s LEFT JOIN subject b"                           \
	  " ON b.authority = s.authority AND b.atena = s.atena"                \
	  " WHERE s.authority = ?1 AND s.wave = ?2 AND s.ordinal = ?3")        \
	X(DESK_TAKEOUT_ADD, "titttttit",                                       \
	  "INSERT INTO takeout (authority, at_us, who, what, kind, object,"    \
	  " purpose, records, digest)"                                         \
	  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")                      \
	X(DESK_TAKEOUTS, "tii",                                                \
	  "SELECT seq, at_us, who, what, kind, object, purpose, records,"      \
	  " digest FROM takeout WHERE authority = ?1 AND seq < ?2"             \
	  " ORDER BY seq DESC LIMIT ?3")                                       \
	X(DESK_SELECTIONS, "t",                                                \
	  "SELECT seq, name, claim_kind, min_amount, min_age, who, at_us"      \
	  " FROM selection WHERE authority = ?1 ORDER BY name")                \
	X(DESK_SELECTION_ADD, "tttiiti",                                       \
	  "INSERT INTO selection (authority, name, claim_kind, min_amount,"    \
	  " min_age, who, at_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"          \
	  " ON CONFLICT DO NOTHING")                                           \
	X(DESK_SELECTION_NO, "tt",                                             \
	  "SELECT seq FROM selection WHERE authority = ?1 AND name = ?2")      \
	X(DESK_SELECTION_DROP, "ti",                                           \
	  "DELETE FROM selection WHERE authority = ?1 AND seq = ?2")           \
	X(DESK_CLIENTS, "",                                                    \
	  "SELECT id, name, roles, until, who, at_us FROM desk_client"         \
	  " ORDER BY id")                                                      \
	X(DESK_CLIENT_COUNT, "", "SELECT count(*) FROM desk_client")           \
	X(DESK_CLIENT_GET, "t",                                                \
	  "SELECT id, name, roles, until, who, at_us, secret FROM desk_client" \
	  " WHERE id = ?1")                                                    \
	X(DESK_CLIENT_ADD, "ttttt" "ti",                                       \
	  "INSERT INTO desk_client (id, name, roles, secret, until, who,"      \
	  " at_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")                       \
	X(DESK_CLIENT_DROP, "t", "DELETE FROM desk_client WHERE id = ?1")      \
	X(DESK_TOKEN_ADD, "ttti",                                              \
	  "INSERT INTO desk_token (token, client, roles, ends_us)"             \
	  " VALUES (?1, ?2, ?3, ?4)")                                          \
	X(DESK_TOKEN_GET, "t",                                                 \
	  "SELECT c.id, c.name, c.roles, c.until, c.who, c.at_us, t.ends_us,"  \
	  " t.roles FROM desk_token t JOIN desk_client c ON c.id = t.client"   \
	  " WHERE t.token = ?1")                                               \
	X(DESK_TOKENS_OF, "t", "DELETE FROM desk_token WHERE client = ?1")     \
	X(DESK_TOKEN_SWEEP, "i", "DELETE FROM desk_token WHERE ends_us < ?1")  \
	X(DESK_WAVES_OF_USER, "tt",                                            \
	  "UPDATE wave SET requester = ?2, charge = '' WHERE state = 'drafted'"\
	  " AND CASE charge WHEN '' THEN requester ELSE charge END = ?1")      \
	X(DESK_CHARGES_OF_USER, "tt",                                          \
	  "UPDATE wave SET charge = ?2 WHERE state NOT IN ('drafted',"         \
	  " 'closed', 'cancelled') AND CASE charge WHEN '' THEN requester"     \
	  " ELSE charge END = ?1")                                             \
	X(DESK_REFUSED, "",                                                    \
	  "SELECT code, authority, institution, party, count(*), min(at_us),"  \
	  " max(at_us) FROM refused GROUP BY code, authority, institution,"    \
	  " party ORDER BY code, authority, institution, party")               \
	X(DESK_STAMP, "",                                                      \
	  "SELECT (SELECT coalesce(max(seq), 0) FROM inbox),"                  \
	  " (SELECT coalesce(max(seq), 0) FROM outbox),"                       \
	  " (SELECT count(*) FROM inbox WHERE state = 0),"                     \
	  " (SELECT count(*) FROM outbox WHERE state = 0)")                    \
	X(DESK_STAMP_WARD, "t",                                                \
	  "SELECT (SELECT count(*) FROM wave WHERE authority = ?1"             \
	  " AND state = 'submitted'), (SELECT coalesce(max(wave), 0)"          \
	  " FROM wave WHERE authority = ?1), (SELECT count(*) FROM draft"      \
	  " WHERE authority = ?1)")                                            \
	X(DESK_USER_CHANGE, "ttti",                                            \
	  "UPDATE user SET roles = ?2, until = ?3, locked = ?4"                \
	  " WHERE name = ?1")                                                  \
	X(DESK_USER_PASSWORD, "tt",                                            \
	  "UPDATE user SET password = ?2 WHERE name = ?1")
/* clang-format on */

#endif
