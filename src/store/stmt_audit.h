/* stmt_audit.h — statements of audit; see statements.h. */
#ifndef SHOKAI_STORE_STMT_AUDIT_H
#define SHOKAI_STORE_STMT_AUDIT_H

/*
 * AUDIT_LANES: the lanes there are, by a walk that touches one row of each.
 * AUDIT_ROWS: the rows behind (lane, seq), in their order.
 * AUDIT_WAVES, AUDIT_INSTITUTIONS, AUDIT_FILES: what holds a subject; the
 * ward alone has these tables.
 */
/* clang-format off */
#define STMT_AUDIT(X)                                                          \
	X(AUDIT_LAST, "i",                                                     \
	  "SELECT seq, hash, at_us FROM log WHERE lane = ?1"                   \
	  " ORDER BY seq DESC LIMIT 1")                                        \
	X(AUDIT_HASH, "ii",                                                    \
	  "SELECT hash FROM log WHERE lane = ?1 AND seq = ?2")                 \
	X(AUDIT_ADD, "iiittibb",                                               \
	  "INSERT INTO log (lane, seq, at_us, actor, action, records, object," \
	  " hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")                    \
	X(AUDIT_ADD_OBJECT, "iittttb",                                         \
	  "INSERT INTO log_object (lane, seq, kind, object, authority,"        \
	  " purpose, salt) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")               \
	X(AUDIT_LANES, "",                                                     \
	  "WITH RECURSIVE lanes (lane) AS (SELECT min(lane) FROM log"          \
	  " UNION ALL SELECT (SELECT min(lane) FROM log"                       \
	  " WHERE lane > lanes.lane) FROM lanes WHERE lanes.lane IS NOT NULL)" \
	  " SELECT lane FROM lanes WHERE lane IS NOT NULL")                    \
	X(AUDIT_ROWS, "ii",                                                    \
	  "SELECT l.lane, l.seq, l.at_us, l.actor, l.action, l.records,"       \
	  " l.object, l.hash, o.kind, o.object, o.authority, o.purpose,"       \
	  " o.salt FROM log l LEFT JOIN log_object o"                          \
	  " ON o.lane = l.lane AND o.seq = l.seq"                              \
	  " WHERE (l.lane, l.seq) > (?1, ?2) ORDER BY l.lane, l.seq")          \
	X(AUDIT_ORPHAN, "",                                                    \
	  "SELECT o.lane, o.seq FROM log_object o WHERE NOT EXISTS"            \
	  " (SELECT 1 FROM log l WHERE l.lane = o.lane AND l.seq = o.seq)"     \
	  " ORDER BY o.lane, o.seq LIMIT 1")                                   \
	X(AUDIT_OF_OBJECT, "tttiii",                                           \
	  "SELECT l.lane, l.seq, l.at_us, l.actor, l.action, o.kind,"          \
	  " o.object, o.purpose FROM log_object o CROSS JOIN log l"            \
	  " ON l.lane = o.lane AND l.seq = o.seq"                              \
	  " WHERE o.kind = ?1 AND o.object = ?2"                               \
	  " AND (o.authority = ?3 OR ?3 = '') AND o.lane = ?4 AND o.seq < ?5"  \
	  " ORDER BY o.seq DESC LIMIT ?6")                                     \
	X(AUDIT_WAVES, "tt",                                                   \
	  "SELECT authority, wave, ordinal FROM wave_subject"                  \
	  " WHERE authority = ?1 AND atena = ?2")                              \
	X(AUDIT_INSTITUTIONS, "ti",                                            \
	  "SELECT institution FROM wave_institution"                           \
	  " WHERE authority = ?1 AND wave = ?2")                               \
	X(AUDIT_FILES, "tt",                                                   \
	  "SELECT f.file FROM wave_subject s JOIN file f"                      \
	  " ON f.authority = s.authority AND f.wave = s.wave"                  \
	  " AND s.ordinal BETWEEN f.first AND f.last"                          \
	  " WHERE s.authority = ?1 AND s.atena = ?2 AND f.records > 0"         \
	  " AND NOT EXISTS (SELECT 1 FROM exception x"                         \
	  " WHERE x.authority = s.authority AND x.wave = s.wave"               \
	  " AND x.institution = f.institution AND x.ordinal = s.ordinal)")     \
	X(AUDIT_KNOT_NEWEST, "t",                                              \
	  "SELECT no, at_us, signed FROM knot WHERE signer = ?1"               \
	  " ORDER BY no DESC LIMIT 1")                                         \
	X(AUDIT_KNOT_PUT, "tiib",                                              \
	  "INSERT INTO knot (signer, no, at_us, signed)"                       \
	  " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")                   \
	X(AUDIT_KNOT_GET, "ti",                                                \
	  "SELECT signed FROM knot WHERE signer = ?1 AND no = ?2")             \
	X(AUDIT_KNOTS, "",                                                     \
	  "SELECT signer, no, at_us, signed FROM knot ORDER BY signer, no")
/* clang-format on */

#endif
