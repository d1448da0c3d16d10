/* stmt_bank.h — statements of the bank; see statements.h. */
#ifndef SHOKAI_STORE_STMT_BANK_H
#define SHOKAI_STORE_STMT_BANK_H

/* clang-format off */
#define STMT_BANK(X)                                                           \
	X(IMPORT_ADD, "ti",                                                    \
	  "INSERT INTO import (as_of, at_us, customers, accounts,"             \
	  " transactions, others) VALUES (?1, ?2, 0, 0, 0, 0)")                \
	X(IMPORT_LAST, "",                                                     \
	  "SELECT max(seq) FROM import")                                       \
	X(IMPORT_IN_FORCE, "",                                                 \
	  "SELECT seq, as_of, at_us FROM import WHERE state = 1"               \
	  " ORDER BY seq DESC LIMIT 1")                                        \
	X(IMPORT_KEYS, "i",                                                    \
	  "SELECT key FROM customer_key WHERE import = ?1")                    \
	X(IMPORT_FILTER, "i",                                                  \
	  "SELECT filter FROM import WHERE seq = ?1")                          \
	X(IMPORT_DONE, "iiiiib",                                               \
	  "UPDATE import SET state = 1, customers = ?2, accounts = ?3,"        \
	  " transactions = ?4, others = ?5, filter = ?6"                       \
	  " WHERE seq = ?1 AND state = 0")                                     \
	X(IMPORT_REPLACED, "i",                                                \
	  "UPDATE import SET state = 2 WHERE seq < ?1 AND state <> 2")         \
	X(IMPORT_OLD, "",                                                      \
	  "SELECT seq FROM import WHERE state <> 1 ORDER BY seq LIMIT 1")      \
	X(IMPORT_DELETE, "i", "DELETE FROM import WHERE seq = ?1")             \
	X(CUSTOMER_ADD, "itttttttttttttt",                                     \
	  "INSERT INTO customer VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"   \
	  " ?10, ?11, ?12, ?13, ?14, ?15) ON CONFLICT DO NOTHING")             \
	X(CUSTOMER_KEY_ADD, "itt",                                             \
	  "INSERT INTO customer_key VALUES (?1, ?2, ?3)"                       \
	  " ON CONFLICT DO NOTHING")                                           \
	X(ACCOUNT_ADD, "itttttttttttt",                                           \
	  "INSERT INTO account (import, customer, holder, branch, kind,"       \
	  " account, balance, maturity, last_dealing, opened, state, salary,"  \
	  " pension) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"\
	  " ?13) ON CONFLICT DO NOTHING")                                     \
	X(DEALING_ADD, "itttitttttt",                                          \
	  "INSERT INTO dealing (import, branch, kind, account, seq, date,"     \
	  " value_date, paid_out, paid_in, balance, note) VALUES (?1, ?2, ?3," \
	  " ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO NOTHING")         \
	X(OTHER_ADD, "ittittttt",                                              \
	  "INSERT INTO other (import, customer, kind, seq, name, amount,"      \
	  " units, date, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"    \
	  " ON CONFLICT DO NOTHING")                                           \
	X(CUSTOMER_DROP, "i",                                                  \
	  "DELETE FROM customer WHERE import = ?1 AND number IN (SELECT number"\
	  " FROM customer WHERE import = ?1 LIMIT 5000)")                      \
	X(CUSTOMER_KEY_DROP, "i",                                              \
	  "DELETE FROM customer_key WHERE import = ?1 AND (key, customer) IN"  \
	  " (SELECT key, customer FROM customer_key WHERE import = ?1"         \
	  " LIMIT 5000)")                                                      \
	X(ACCOUNT_DROP, "i",                                                   \
	  "DELETE FROM account WHERE import = ?1 AND customer IN (SELECT"      \
	  " customer FROM account WHERE import = ?1 LIMIT 5000)")              \
	X(DEALING_DROP, "i",                                                   \
	  "DELETE FROM dealing WHERE import = ?1 AND (branch, kind, account,"  \
	  " seq) IN (SELECT branch, kind, account, seq FROM dealing"           \
	  " WHERE import = ?1 LIMIT 5000)")                                    \
	X(OTHER_DROP, "i",                                                     \
	  "DELETE FROM other WHERE import = ?1 AND customer IN (SELECT"        \
	  " customer FROM other WHERE import = ?1 LIMIT 5000)")                \
	X(KEY_CUSTOMERS, "it",                                                 \
	  "SELECT customer FROM customer_key WHERE import = ?1 AND key = ?2"   \
	  " LIMIT 50")                                                         \
	X(CUSTOMER_GET, "it",                                                  \
	  "SELECT number, person, kana, kanji, roman, birth, sex, postal,"     \
	  " address, former_kana, former_address, phone, employer, state"      \
	  " FROM customer WHERE import = ?1 AND number = ?2")                  \
	X(ACCOUNT_GET, "itttt",                                                \
	  "SELECT customer, holder, branch, kind, account, balance, maturity," \
	  " last_dealing, opened, state, salary, pension FROM account"         \
	  " WHERE import = ?1 AND customer = ?2 AND branch = ?3 AND kind = ?4" \
	  " AND account = ?5")                                                 \
	X(DEALING_GET, "ittti",                                                \
	  "SELECT branch, kind, account, seq, date, value_date, paid_out,"     \
	  " paid_in, balance, note FROM dealing WHERE import = ?1"             \
	  " AND branch = ?2 AND kind = ?3 AND account = ?4 AND seq = ?5")      \
	X(OTHER_GET, "itti",                                                   \
	  "SELECT customer, kind, seq, name, amount, units, date, note"        \
	  " FROM other WHERE import = ?1 AND customer = ?2 AND kind = ?3"      \
	  " AND seq = ?4")                                                     \
	X(ACCOUNTS_OF, "it",                                                   \
	  "SELECT branch, kind, account, balance, maturity, last_dealing,"     \
	  " state, salary, pension, holder FROM account"                       \
	  " WHERE import = ?1 AND customer = ?2 ORDER BY branch, kind,"        \
	  " account")                                                          \
	X(DEALINGS_OF, "ittttt",                                               \
	  "SELECT date, value_date, paid_out, paid_in, balance, note"          \
	  " FROM dealing WHERE import = ?1 AND branch = ?2 AND kind = ?3"      \
	  " AND account = ?4 AND date >= ?5 AND date <= ?6"                     \
	  " ORDER BY seq LIMIT 100000")                                        \
	X(OTHERS_OF, "it",                                                     \
	  "SELECT kind, name, amount, units, date, note FROM other"            \
	  " WHERE import = ?1 AND customer = ?2 ORDER BY kind, seq"            \
	  " LIMIT 10000")                                                      \
	X(BANK_FILE_ADD, "ttitttttiiiiit" "i",                                 \
	  "INSERT INTO bank_file (authority, file, wave, message, hub, link,"  \
	  " unit, state, records, received_us, answered_us, answered,"         \
	  " rejected, as_of, reported) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"\
	  " ?9, ?10, ?11, ?12, ?13, ?14, ?15) ON CONFLICT DO NOTHING")         \
	X(BANK_FILE_DEADLINE, "ttt",                                           \
	  "UPDATE bank_file SET deadline = ?3 WHERE authority = ?1"            \
	  " AND file = ?2")                                                    \
	X(BANK_AWAITED, "ti",                                                  \
	  "SELECT b.authority, b.file, b.wave, b.records, 'returned',"         \
	  " b.received_us, b.deadline FROM bank_file AS b"                     \
	  " WHERE (b.authority, b.file) IN (SELECT r.authority, r.file"        \
	  " FROM refused AS r WHERE r.kind = 'answer-file' AND NOT EXISTS"     \
	  " (SELECT 1 FROM message AS m WHERE m.authority = r.authority"       \
	  " AND m.file = r.file AND m.kind = r.kind AND m.origin = ?1"         \
	  " AND m.created_us > r.at_us)) AND b.state = 'answered'"             \
	  " ORDER BY b.deadline, b.authority, b.file LIMIT ?2")                \
	X(BANK_WAITING, "i",                                                   \
	  "SELECT m.authority, m.file, m.wave, m.records, 'received',"         \
	  " i.received_us, '' FROM inbox AS i JOIN message AS m"               \
	  " ON m.id = i.id WHERE i.state = 0 AND m.kind = 'request-file'"      \
	  " ORDER BY i.seq LIMIT ?1")                                          \
	X(BANK_FILES_OLD, "ii",                                                \
	  "SELECT b.message FROM bank_file AS b JOIN message AS m ON m.id ="   \
	  " b.message WHERE b.state <> 'received' AND b.received_us < ?1"      \
	  " AND m.payload IS NOT NULL LIMIT ?2")                               \
	X(PAYLOAD_DROP, "t", "UPDATE message SET payload = NULL WHERE id = ?1") \
	X(BANK_FILE_GET, "tt",                                                 \
	  "SELECT state, records, wave, unit, message FROM bank_file"          \
	  " WHERE authority = ?1 AND file = ?2")                               \
	X(BANK_FILE_AGAIN, "ttiiit",                                           \
	  "UPDATE bank_file SET answered_us = ?3, answered = ?4,"              \
	  " rejected = ?5, as_of = ?6, reported = 0 WHERE authority = ?1"      \
	  " AND file = ?2 AND state = 'answered'")                             \
	X(BANK_FILE_CANCEL, "tt",                                              \
	  "UPDATE bank_file SET state = 'cancelled' WHERE authority = ?1"      \
	  " AND file = ?2 AND state = 'answered'")                             \
	X(BANK_ANSWERS_STANDING, "ttt",                                        \
	  "SELECT m.id FROM message AS m WHERE m.authority = ?1"               \
	  " AND m.file = ?2 AND m.origin = ?3 AND m.kind = 'answer-file'"      \
	  " AND NOT EXISTS (SELECT 1 FROM refused AS r WHERE"                  \
	  " r.authority = m.authority AND r.message = m.id)")                  \
	X(BANK_CANCEL_WAITING, "ttt",                                          \
	  "SELECT m.id FROM inbox AS i JOIN message AS m ON m.id = i.id"       \
	  " WHERE i.state = 0 AND m.kind = 'cancel' AND m.authority = ?1"      \
	  " AND m.file = ?2 AND m.origin = ?3 LIMIT 1")                        \
	X(BANK_FILE_AUTHORITIES, "",                                           \
	  "SELECT DISTINCT authority FROM bank_file WHERE reported = 0")       \
	X(BANK_FILE_UNREPORTED, "ti",                                          \
	  "SELECT file, wave, hub, records, state, as_of FROM bank_file"       \
	  " WHERE authority = ?1 AND reported = 0 LIMIT ?2")                   \
	X(BANK_FILE_REPORTED, "tt",                                            \
	  "UPDATE bank_file SET reported = 1 WHERE authority = ?1"             \
	  " AND file = ?2")                                                    \
	X(RECONCILE_BANK, "",                                                  \
	  "SELECT f.file, f.wave, f.records, f.state, f.answered,"             \
	  " coalesce(l.n, 0), coalesce(l.rejected, 0), coalesce(d.n, 0),"      \
	  " f.authority"                                                       \
	  " FROM bank_file AS f"                                               \
	  " LEFT JOIN (SELECT authority, file, count(*) AS n,"                 \
	  " sum(CAST(class IN (5, 6) AS INTEGER)) AS rejected FROM lookup"     \
	  " GROUP BY authority, file) AS l"                                    \
	  " ON l.authority = f.authority AND l.file = f.file"                  \
	  " LEFT JOIN (SELECT authority, max(file) AS file, count(*) AS n"     \
	  " FROM lookup GROUP BY authority, inquiry HAVING count(*) > 1) AS d" \
	  " ON d.authority = f.authority AND d.file = f.file"                  \
	  " ORDER BY f.authority, f.wave, f.file")                             \
	X(LOOKUP_KNOWN, "ttt",                                                 \
	  "SELECT inquiry FROM lookup WHERE authority = ?1"                    \
	  " AND inquiry >= ?2 AND inquiry <= ?3")                              \
	X(LOOKUP_INVALID, "tttt",                                              \
	  "SELECT inquiry FROM lookup WHERE authority = ?1"                    \
	  " AND inquiry >= ?2 AND inquiry <= ?3 AND file = ?4 AND class = 5")  \
	X(LOOKUP_AGAIN, "tttit",                                               \
	  "UPDATE lookup SET class = ?4, customer = ?5 WHERE authority = ?1"   \
	  " AND inquiry = ?2 AND file = ?3")                                   \
	X(LOOKUP_ADD, "tttit",                                                 \
	  "INSERT INTO lookup (authority, inquiry, file, class, customer)"     \
	  " VALUES (?1, ?2, ?3, ?4, ?5)")
/* clang-format on */

#endif
