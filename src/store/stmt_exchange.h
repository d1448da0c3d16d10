/* stmt_exchange.h — statements of the exchange; see statements.h. */
#ifndef SHOKAI_STORE_STMT_EXCHANGE_H
#define SHOKAI_STORE_STMT_EXCHANGE_H

/* clang-format off */
#define STMT_EXCHANGE(X)                                                       \
	X(FACT_GET, "t",                                                       \
	  "SELECT value FROM fact WHERE name = ?1")                            \
	X(FACT_PUT, "tt",                                                      \
	  "INSERT INTO fact (name, value) VALUES (?1, ?2)"                     \
	  " ON CONFLICT (name) DO UPDATE SET value = excluded.value")          \
	X(PEER_ALL, "",                                                        \
	  "SELECT code, party, url, via, kinds, approved_from, approved_to,"   \
	  " approval, certificate FROM peer ORDER BY code")                    \
	X(PEER_PUT, "tttt" "tttt" "tib",                                       \
	  "INSERT INTO peer (code, party, url, via, fingerprint, kinds,"       \
	  " approved_from, approved_to, approval, added_us, certificate)"      \
	  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"             \
	  " ON CONFLICT (code) DO UPDATE SET party = excluded.party,"          \
	  " url = excluded.url, via = excluded.via,"                           \
	  " fingerprint = excluded.fingerprint, kinds = excluded.kinds,"       \
	  " approved_from = excluded.approved_from,"                           \
	  " approved_to = excluded.approved_to, approval = excluded.approval," \
	  " added_us = excluded.added_us, certificate = excluded.certificate") \
	X(PEER_FORMERS, "",                                                    \
	  "SELECT code, certificate FROM peer_former"                          \
	  " ORDER BY code, replaced_us DESC, fingerprint")                     \
	X(PEER_FORMER_KEEP, "tti",                                             \
	  "INSERT INTO peer_former (code, fingerprint, replaced_us,"           \
	  " certificate) SELECT code, fingerprint, ?3, certificate FROM peer"  \
	  " WHERE code = ?1 AND fingerprint <> ?2 ON CONFLICT DO NOTHING")     \
	X(PEER_FORMER_BACK, "tt",                                              \
	  "DELETE FROM peer_former WHERE code = ?1 AND fingerprint = ?2")      \
	X(PEER_FORMER_OLD, "tii",                                              \
	  "DELETE FROM peer_former WHERE code = ?1 AND (replaced_us < ?2"      \
	  " OR fingerprint NOT IN (SELECT f.fingerprint FROM peer_former f"    \
	  " WHERE f.code = ?1 ORDER BY f.replaced_us DESC, f.fingerprint"      \
	  " LIMIT ?3))")                                                       \
	X(PEER_FORMER_DROP, "t",                                               \
	  "DELETE FROM peer_former WHERE code = ?1")                           \
	X(PEER_REMOVE, "t",                                                    \
	  "DELETE FROM peer WHERE code = ?1")                                  \
	X(PEER_STAMP, "",                                                      \
	  "SELECT (SELECT count(*) FROM peer),"                                \
	  " coalesce((SELECT value FROM fact WHERE name = 'peers'), '')")      \
	X(MESSAGE_ADD, "tttt" "titt" "itii" "bB",                              \
	  "INSERT INTO message (id, kind, origin, recipient, authority, wave," \
	  " institution, file, records, digest, created_us, expires_us,"       \
	  " header, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10," \
	  " ?11, ?12, ?13, ?14) ON CONFLICT DO NOTHING")                       \
	X(MESSAGE_GET, "t",                                                    \
	  "SELECT header, payload, digest FROM message WHERE id = ?1")         \
	X(MESSAGE_HEAD, "t",                                                   \
	  "SELECT header FROM message WHERE id = ?1")                          \
	X(INBOX_GET, "t",                                                      \
	  "SELECT m.header, m.payload, m.digest FROM inbox i"                  \
	  " JOIN message m ON m.id = i.id WHERE i.id = ?1 AND i.state = 0")    \
	X(MESSAGE_KNOWN, "t",                                                  \
	  "SELECT m.digest, coalesce(i.receipt, ''), g.signed FROM message m"  \
	  " LEFT JOIN inbox i ON i.id = m.id"                                  \
	  " LEFT JOIN receipt_group g ON g.id = i.receipt WHERE m.id = ?1")    \
	X(INBOX_ADD, "ttit",                                                   \
	  "INSERT INTO inbox (id, sender, received_us, receipt)"               \
	  " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")                   \
	X(INBOX_STATE, "t",                                                    \
	  "SELECT state FROM inbox WHERE id = ?1")                             \
	X(INBOX_TAKE, "tit",                                                   \
	  "UPDATE inbox SET state = ?2, code = ?3"                             \
	  " WHERE id = ?1 AND state = 0")                                      \
	X(INBOX_MARK, "tit",                                                   \
	  "UPDATE inbox SET state = ?2, code = ?3 WHERE id = ?1")              \
	X(INBOX_WAITING, "ii",                                                 \
	  "SELECT id, seq FROM inbox WHERE state = 0 AND seq > ?1"             \
	  " ORDER BY seq LIMIT ?2")                                            \
	X(GROUP_ADD, "ttib",                                                   \
	  "INSERT INTO receipt_group (id, signer, at_us, signed)"              \
	  " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")                   \
	X(RECEIPT_GIVEN, "t",                                                  \
	  "SELECT g.signer, g.signed FROM inbox i"                             \
	  " JOIN receipt_group g ON g.id = i.receipt WHERE i.id = ?1")         \
	X(RECEIPT_GOT, "t",                                                    \
	  "SELECT g.signer, g.signed FROM outbox o"                            \
	  " JOIN receipt_group g ON g.id = o.receipt WHERE o.id = ?1"          \
	  " ORDER BY o.seq DESC LIMIT 1")                                      \
	X(OUTBOX_ADD, "ttiti",                                                 \
	  "INSERT INTO outbox (id, recipient, due_us, hub, step, queued_us)"   \
	  " VALUES (?1, ?2, ?3, ?4, ?5, ?3) ON CONFLICT DO NOTHING")           \
	X(OUTBOX_DUE, "tii",                                                   \
	  "SELECT o.seq, o.id, m.digest, m.expires_us, length(m.header),"      \
	  " length(m.payload) FROM outbox o JOIN message m ON m.id = o.id"     \
	  " WHERE o.state = 0 AND o.recipient = ?1 AND o.due_us <= ?2"         \
	  " ORDER BY o.due_us, o.seq LIMIT ?3")                                \
	X(OUTBOX_DUE_TO, "i",                                                  \
	  "SELECT p.code FROM peer p WHERE EXISTS (SELECT 1 FROM outbox o"     \
	  " WHERE o.state = 0 AND o.recipient = p.code AND o.due_us <= ?1)")   \
	X(OUTBOX_EXPIRE, "ii",                                                 \
	  "UPDATE outbox SET state = 3, done_us = ?2"                          \
	  " WHERE seq = ?1 AND state = 0")                                     \
	X(OUTBOX_AGAIN, "ii",                                                  \
	  "UPDATE outbox SET attempts = attempts + 1, due_us = ?2"             \
	  " WHERE seq = ?1 AND state = 0")                                     \
	X(OUTBOX_WAIT, "iit" "i",                                              \
	  "UPDATE outbox SET attempts = attempts + 1, due_us = ?2,"            \
	  " receipt = ?3, code = ?4 WHERE seq = ?1 AND state = 0")             \
	X(OUTBOX_DONE, "iiit" "i",                                             \
	  "UPDATE outbox SET state = ?2, done_us = ?3, receipt = ?4, code = ?5"\
	  " WHERE seq = ?1 AND state = 0")                                     \
	X(OUTBOX_GET, "i",                                                     \
	  "SELECT o.state, o.attempts, o.hub, o.step, m.header"                \
	  " FROM outbox o JOIN message m ON m.id = o.id WHERE o.seq = ?1")     \
	X(OUTBOX_ATTEMPTS, "i",                                                \
	  "SELECT attempts FROM outbox WHERE seq = ?1 AND state = 0")          \
	X(OUTBOX_RECIPIENTS, "",                                               \
	  "SELECT DISTINCT recipient FROM outbox WHERE state = 0")             \
	X(OUTBOX_LOST_SOME, "ti",                                              \
	  "SELECT o.seq FROM outbox o JOIN message m ON m.id = o.id"           \
	  " WHERE o.state = 0 AND o.recipient = ?1 AND m.expires_us < ?2"      \
	  " LIMIT 1")                                                          \
	X(OUTBOX_EXPIRE_LOST, "tii",                                           \
	  "UPDATE outbox SET state = 3, done_us = ?2 WHERE state = 0"          \
	  " AND seq IN (SELECT o.seq FROM outbox o JOIN message m"             \
	  " ON m.id = o.id WHERE o.state = 0 AND o.recipient = ?1"             \
	  " AND m.expires_us < ?2 ORDER BY o.seq LIMIT ?3)")                   \
	X(OUTBOX_FAR_SOME, "ti",                                               \
	  "SELECT seq FROM outbox WHERE state = 0 AND recipient = ?1"          \
	  " AND due_us > ?2 LIMIT 1")                                          \
	X(OUTBOX_NEARER, "tiii",                                               \
	  "UPDATE outbox SET due_us = CASE WHEN attempts > 0 OR ?4 < ?3"       \
	  " THEN ?3 WHEN due_us > ?4 THEN ?4 ELSE due_us END"                  \
	  " WHERE state = 0 AND recipient = ?1 AND due_us > ?2")               \
	X(OUTBOX_NEXT_DUE, "",                                                 \
	  "SELECT min((SELECT min(o.due_us) FROM outbox o WHERE o.state = 0"   \
	  " AND o.recipient = p.code)) FROM peer p")                           \
	X(STEP_ADD, "titt" "itii" "t",                                         \
	  "INSERT INTO step (authority, wave, file, hub, no, party, at_us,"    \
	  " inquiries, signed_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)" \
	  " ON CONFLICT DO NOTHING")                                           \
	X(STEP_TALLY, "titi" "ttiii" "i",                                      \
	  "INSERT INTO step_tally (authority, wave, hub, no, party, signed_by,"\
	  " first_us, last_us, files, inquiries)"                              \
	  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"                  \
	  " ON CONFLICT (authority, wave, hub, no) DO UPDATE SET"              \
	  " party = CASE WHEN excluded.party < step_tally.party"               \
	  " THEN excluded.party ELSE step_tally.party END,"                    \
	  " signed_by = CASE WHEN excluded.signed_by < step_tally.signed_by"   \
	  " THEN excluded.signed_by ELSE step_tally.signed_by END,"            \
	  " first_us = CASE WHEN excluded.first_us < step_tally.first_us"      \
	  " THEN excluded.first_us ELSE step_tally.first_us END,"              \
	  " last_us = CASE WHEN excluded.last_us > step_tally.last_us"         \
	  " THEN excluded.last_us ELSE step_tally.last_us END,"                \
	  " files = step_tally.files + excluded.files,"                        \
	  " inquiries = step_tally.inquiries + excluded.inquiries")            \
	X(STEP_TALLY_CLEAR, "ti",                                              \
	  "DELETE FROM step_tally WHERE authority = ?1 AND wave = ?2")         \
	X(STEP_TALLY_AGAIN, "ti",                                              \
	  "INSERT INTO step_tally (authority, wave, hub, no, party, signed_by,"\
	  " first_us, last_us, files, inquiries) SELECT ?1, ?2, hub, no,"      \
	  " min(party), min(signed_by), min(at_us), max(at_us), count(*),"     \
	  " sum(inquiries) FROM step WHERE authority = ?1 AND wave = ?2"       \
	  " GROUP BY hub, no")
/* clang-format on */

#endif
