/* stmt_test.h — the statements of the driver's own tests. */
#ifndef SHOKAI_TESTS_STMT_TEST_H
#define SHOKAI_TESTS_STMT_TEST_H

/* clang-format off */
#define STORE_STATEMENTS(X)                                                    \
	X(FACT_ADD, "tt", "INSERT INTO fact (name, value) VALUES (?1, ?2)")    \
	X(FACT_ADD_ONCE, "tt",                                                 \
	  "INSERT INTO fact (name, value) VALUES (?1, ?2)"                     \
	  " ON CONFLICT DO NOTHING")                                           \
	X(FACT_PUT, "tt",                                                      \
	  "INSERT INTO fact (name, value) VALUES (?1, ?2)"                     \
	  " ON CONFLICT (name) DO UPDATE SET value = excluded.value")          \
	X(FACT_PUT_APART, "tt",                                                \
	  "INSERT INTO fact (name, value) VALUES (?1, ?2)"                     \
	  " ON CONFLICT (name) DO UPDATE SET value = excluded.value")          \
	X(FACT_COPY_APART, "tt",                                               \
	  "INSERT INTO fact (name, value) SELECT ?2, value FROM fact"          \
	  " WHERE name = ?1 ON CONFLICT DO NOTHING")                           \
	X(FACT_RETURN, "tt",                                                   \
	  "INSERT INTO fact (name, value) VALUES (?1, ?2) RETURNING name")     \
	X(FACT_GET, "t", "SELECT value, typeof(value) FROM fact"               \
	  " WHERE name = ?1")                                                  \
	X(FACT_LIKE, "t", "SELECT name FROM fact WHERE value = ?1"             \
	  " ORDER BY name")                                                    \
	X(FACT_COUNT, "", "SELECT count(*) FROM fact")                         \
	X(FACT_WRONG, "tt", "SELECT value FROM fact WHERE name = ?1")          \
	X(MESSAGE_ADD, "tibB",                                                 \
	  "INSERT INTO message (id, kind, origin, recipient, authority, wave," \
	  " institution, file, records, digest, created_us, expires_us,"       \
	  " header, payload) VALUES (?1, 'status', 'a', 'b', '131041', 1, '',"  \
	  " '', 0, '', 0, ?2, ?3, ?4)")                                        \
	X(MESSAGE_GET, "t",                                                    \
	  "SELECT id, expires_us, header, payload FROM message WHERE id = ?1") \
	X(OUTBOX_ADD, "t",                                                     \
	  "INSERT INTO outbox (id, recipient, due_us, queued_us)"              \
	  " VALUES (?1, 'b', 0, 0)")                                           \
	X(LOOKUP_ADD, "tttit",                                                 \
	  "INSERT INTO lookup (authority, inquiry, file, class, customer)"     \
	  " VALUES (?1, ?2, ?3, ?4, ?5)")                                      \
	X(HUB_ONLY, "", "SELECT count(*) FROM hub_file")
/* clang-format on */

#endif
