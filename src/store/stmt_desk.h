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
	  " i.hub FROM wave_subject s JOIN wave w ON"                          \
	  " w.authority = s.authority AND w.wave = s.wave"                     \
	  " JOIN wave_institution i ON i.authority = s.authority"              \
	  " AND i.wave = s.wave WHERE s.authority = ?1 AND s.atena = ?2"       \
	  " ORDER BY s.wave DESC, i.institution LIMIT 2000")                   \
	X(DESK_OUTCOME, "tt",                                                  \
	  "SELECT class, late, open, file FROM outcome WHERE authority = ?1"   \
	  " AND inquiry = ?2")                                                 \
	X(DESK_USER_CHANGE, "ttti",                                            \
	  "UPDATE user SET roles = ?2, until = ?3, locked = ?4"                \
	  " WHERE name = ?1")                                                  \
	X(DESK_USER_PASSWORD, "tt",                                            \
	  "UPDATE user SET password = ?2 WHERE name = ?1")
/* clang-format on */

#endif
