/* stmt_halt.h — statements about what is held, released or withdrawn after it
 * went to the unit, at ward and unit; see statements.h. */
#ifndef SHOKAI_STORE_STMT_HALT_H
#define SHOKAI_STORE_STMT_HALT_H

/* clang-format off */
#define STMT_HALT_UNIT(X)                                                      \
	X(HALTED_GET, "titi",                                                  \
	  "SELECT no, seq, state, late, mend FROM halted WHERE authority ="    \
	  " ?1 AND wave = ?2 AND institution = ?3 AND ordinal = ?4")           \
	X(HALTED_PUT, "titiiitii",                                             \
	  "INSERT INTO halted (authority, wave, institution, ordinal,"         \
	  " no, seq, state, late, file, reported) VALUES (?1, ?2, ?3,"         \
	  " ?4, ?5, ?6, ?7, ?8, '', ?9) ON CONFLICT (authority, wave,"         \
	  " institution, ordinal) DO UPDATE SET no = excluded.no, seq"         \
	  " = excluded.seq, state = excluded.state, late ="                    \
	  " excluded.late, reported = CASE halted.reported WHEN 0 THEN"        \
	  " 0 ELSE excluded.reported END")                                     \
	X(HALTED_MEND, "titit",                                                \
	  "UPDATE halted SET mend = ?5 WHERE authority = ?1 AND wave = ?2"     \
	  " AND institution = ?3 AND ordinal = ?4")                            \
	X(HALTED_MOVE, "tititt",                                               \
	  "UPDATE halted SET state = ?5, file = ?6, seq = seq + 1,"            \
	  " reported = 0 WHERE authority = ?1 AND wave = ?2 AND"               \
	  " institution = ?3 AND ordinal = ?4 AND state = 'waiting'")          \
	X(HALTED_UNREPORTED, "ti",                                             \
	  "SELECT h.wave, h.institution, h.ordinal, h.seq, h.state,"           \
	  " h.late, h.file, coalesce(x.kind, ''), coalesce(x.reason,"          \
	  " ''), coalesce(x.item, ''), coalesce(x.at, 0),"                     \
	  " coalesce(x.bad, '') FROM halted AS h LEFT JOIN exception"          \
	  " AS x ON x.authority = h.authority AND x.wave = h.wave AND"         \
	  " x.institution = h.institution AND x.ordinal = h.ordinal"           \
	  " WHERE h.authority = ?1 AND h.reported = 0 LIMIT ?2")               \
	X(HALTED_IN, "titii",                                                  \
	  "SELECT h.wave, h.institution, h.ordinal, h.seq, h.state,"           \
	  " h.late, h.file, coalesce(x.kind, ''), coalesce(x.reason,"          \
	  " ''), coalesce(x.item, ''), coalesce(x.at, 0),"                     \
	  " coalesce(x.bad, '') FROM halted AS h LEFT JOIN exception"          \
	  " AS x ON x.authority = h.authority AND x.wave = h.wave AND"         \
	  " x.institution = h.institution AND x.ordinal = h.ordinal"           \
	  " WHERE h.authority = ?1 AND h.wave = ?2 AND h.institution ="        \
	  " ?3 AND h.ordinal >= ?4 AND h.ordinal <= ?5 AND x.ordinal"          \
	  " IS NOT NULL ORDER BY h.ordinal")                                   \
	X(HALTED_OF_FILE, "tt",                                                \
	  "SELECT h.wave, h.institution, h.ordinal, h.seq, h.state,"           \
	  " h.late, h.file, coalesce(x.kind, ''), coalesce(x.reason,"          \
	  " ''), coalesce(x.item, ''), coalesce(x.at, 0),"                     \
	  " coalesce(x.bad, '') FROM halted AS h LEFT JOIN exception"          \
	  " AS x ON x.authority = h.authority AND x.wave = h.wave AND"         \
	  " x.institution = h.institution AND x.ordinal = h.ordinal"           \
	  " WHERE h.authority = ?1 AND h.file = ?2 AND h.file <> ''"           \
	  " ORDER BY h.ordinal")                                               \
	X(HALTED_REPORTED, "titii",                                            \
	  "UPDATE halted SET reported = 1 WHERE authority = ?1 AND"            \
	  " wave = ?2 AND institution = ?3 AND ordinal = ?4 AND seq ="         \
	  " ?5")                                                               \
	X(HALTED_AUTHORITIES, "",                                              \
	  "SELECT DISTINCT authority FROM halted WHERE reported = 0")          \
	X(HALTED_ELSEWHERE, "titiit",                                          \
	  "SELECT ordinal FROM halted WHERE authority = ?1 AND wave ="         \
	  " ?2 AND institution = ?3 AND ordinal >= ?4 AND ordinal <="          \
	  " ?5 AND state = 'sent' AND file <> ?6 ORDER BY ordinal")            \
	X(HALTED_MEMBERS, "tt",                                                \
	  "SELECT ordinal FROM halted WHERE authority = ?1 AND file ="         \
	  " ?2 AND file <> '' ORDER BY ordinal")                               \
	X(EXCEPTION_DROP, "titi",                                              \
	  "DELETE FROM exception WHERE authority = ?1 AND wave = ?2"           \
	  " AND institution = ?3 AND ordinal = ?4")                            \
	X(UNIT_POSITIONS, "ti",                                                \
	  "SELECT institution, position FROM task WHERE authority ="           \
	  " ?1 AND wave = ?2 AND kind = 'convert' ORDER BY institution")       \
	X(UNIT_EXCEPTIONS_PLAIN, "titii",                                      \
	  "SELECT x.ordinal, x.kind, x.reason, x.item, x.at, x.bad"            \
	  " FROM exception AS x WHERE x.authority = ?1 AND x.wave = ?2"        \
	  " AND x.institution = ?3 AND x.ordinal >= ?4 AND x.ordinal"          \
	  " <= ?5 AND NOT EXISTS (SELECT 1 FROM halted AS h WHERE"             \
	  " h.authority = x.authority AND h.wave = x.wave AND"                 \
	  " h.institution = x.institution AND h.ordinal = x.ordinal)"          \
	  " ORDER BY x.ordinal")                                               \
	X(UNIT_WAITING, "",                                                    \
	  "SELECT DISTINCT authority, wave, institution FROM halted"           \
	  " WHERE state = 'waiting' ORDER BY authority, wave,"                 \
	  " institution")                                                      \
	X(UNIT_WAITING_ROWS, "tit",                                            \
	  "SELECT s.ordinal, s.basis, s.record, h.mend FROM halted AS h JOIN"  \
	  " snapshot AS s ON s.authority = h.authority AND s.wave ="           \
	  " h.wave AND s.ordinal = h.ordinal WHERE h.authority = ?1"           \
	  " AND h.wave = ?2 AND h.institution = ?3 AND h.state ="              \
	  " 'waiting' ORDER BY s.ordinal, s.kamoku")

#define STMT_HALT_WARD(X)                                                      \
	X(WARD_HALTED_TAKE, "titiitit",                                        \
	  "INSERT INTO halted (authority, wave, institution, ordinal,"         \
	  " no, seq, state, late, file) VALUES (?1, ?2, ?3, ?4, 0, ?5,"        \
	  " ?6, ?7, ?8) ON CONFLICT (authority, wave, institution,"            \
	  " ordinal) DO UPDATE SET seq = excluded.seq, state ="                \
	  " excluded.state, late = excluded.late, file = excluded.file"        \
	  " WHERE excluded.seq > halted.seq")                                  \
	X(WARD_HALTED_WAIT, "titi",                                            \
	  "INSERT INTO halted (authority, wave, institution, ordinal,"         \
	  " no, seq, state, late) VALUES (?1, ?2, ?3, ?4, 0, 0,"               \
	  " 'waiting', 0) ON CONFLICT (authority, wave, institution,"          \
	  " ordinal) DO UPDATE SET state = 'waiting' WHERE halted.state"       \
	  " IN ('', 'unfit')")                                                 \
	X(WARD_HALTED_GET, "titi",                                             \
	  "SELECT state, late, file FROM halted WHERE authority = ?1"          \
	  " AND wave = ?2 AND institution = ?3 AND ordinal = ?4")              \
	X(WARD_HALTED_AHEAD, "titii",                                          \
	  "SELECT ordinal FROM halted WHERE authority = ?1 AND wave ="         \
	  " ?2 AND institution = ?3 AND ordinal >= ?4 AND ordinal <="          \
	  " ?5 AND state IN ('held', 'waiting') ORDER BY ordinal")             \
	X(WARD_HALTED_ANSWERED, "titit",                                       \
	  "UPDATE halted SET state = 'sent', file = ?5 WHERE"                  \
	  " authority = ?1 AND wave = ?2 AND institution = ?3 AND"             \
	  " ordinal = ?4 AND state IN ('held', 'waiting')")                    \
	X(WARD_HALTED_COUNT, "ti",                                             \
	  "SELECT coalesce(sum(CASE WHEN state IN ('held', 'waiting')"         \
	  " THEN 1 ELSE 0 END), 0), coalesce(sum(late), 0) FROM halted"        \
	  " WHERE authority = ?1 AND wave = ?2")                               \
	X(WARD_OUTSIDE, "titiiti",                                             \
	  "SELECT ordinal FROM exception WHERE authority = ?1 AND"             \
	  " wave = ?2 AND institution = ?3 AND ordinal >= ?4 AND"              \
	  " ordinal <= ?5 UNION SELECT ordinal FROM halted WHERE"              \
	  " authority = ?1 AND wave = ?2 AND institution = ?3 AND"             \
	  " ordinal >= ?4 AND ordinal <= ?5 AND state = 'sent' AND"            \
	  " file <> ?6 UNION SELECT s.ordinal FROM wave_subject AS s"          \
	  " WHERE ?7 = 1 AND s.authority = ?1 AND s.wave = ?2 AND"             \
	  " s.ordinal >= ?4 AND s.ordinal <= ?5 AND NOT EXISTS (SELECT"        \
	  " 1 FROM halted AS h WHERE h.authority = s.authority AND"            \
	  " h.wave = s.wave AND h.institution = ?3 AND h.ordinal ="            \
	  " s.ordinal AND h.file = ?6) ORDER BY 1")                            \
	X(HALT_HOLD, "tti",                                                    \
	  "INSERT INTO halt (authority, wave, ordinal, institution,"           \
	  " act, no, told, at_us) SELECT s.authority, s.wave,"                 \
	  " s.ordinal, '', 'hold', 1, 0, ?3 FROM wave_subject AS s"            \
	  " JOIN wave AS w ON w.authority = s.authority AND w.wave ="          \
	  " s.wave WHERE s.authority = ?1 AND s.atena = ?2 AND w.state"        \
	  " IN ('approved', 'sent') AND (SELECT count(*) FROM"                 \
	  " wave_institution AS i JOIN exception AS x ON x.authority"          \
	  " = i.authority AND x.wave = i.wave AND x.institution ="             \
	  " i.institution WHERE i.authority = s.authority AND i.wave ="        \
	  " s.wave AND x.ordinal = s.ordinal AND x.reason IN"                   \
	  " ('処分状況による停止', '支援措置')) = 0 ON CONFLICT (authority, wave,"                    \
	  " ordinal, institution) DO UPDATE SET act = 'hold', no ="            \
	  " halt.no + 1, at_us = excluded.at_us WHERE halt.act ="              \
	  " 'release'")                                                        \
	X(HALT_MOVE, "ttti",                                                   \
	  "UPDATE halt SET act = ?3, no = no + 1, at_us = ?4 WHERE"            \
	  " authority = ?1 AND act = 'hold' AND institution = '' AND"          \
	  " (wave, ordinal) IN (SELECT wave, ordinal FROM wave_subject"        \
	  " WHERE authority = ?1 AND atena = ?2)")                             \
	X(HALT_WAVE, "tii",                                                    \
	  "UPDATE halt SET act = 'withdraw', no = no + 1, at_us = ?3"          \
	  " WHERE authority = ?1 AND wave = ?2 AND act = 'hold' AND"           \
	  " told > 0")                                                         \
	X(HALT_DROP, "tii",                                                    \
	  "DELETE FROM halt WHERE authority = ?1 AND wave = ?2 AND"            \
	  " ordinal = ?3 AND told = 0")                                        \
	X(HALT_WITHDRAW, "tiiti",                                              \
	  "INSERT INTO halt (authority, wave, ordinal, institution,"           \
	  " act, no, told, at_us) VALUES (?1, ?2, ?3, ?4, 'withdraw',"         \
	  " 1, 1, ?5) ON CONFLICT DO NOTHING")                                 \
	X(HALT_MEND, "tiitit",                                                 \
	  "INSERT INTO halt (authority, wave, ordinal, institution,"           \
	  " act, no, told, at_us, mend) VALUES (?1, ?2, ?3, ?4, 'release',"    \
	  " 1, 0, ?5, ?6) ON CONFLICT (authority, wave, ordinal, institution)" \
	  " DO UPDATE SET act = 'release', no = halt.no + 1, at_us ="          \
	  " excluded.at_us, mend = excluded.mend WHERE halt.act <>"            \
	  " 'withdraw'")                                                       \
	X(HALT_MENDED, "tiit",                                                 \
	  "SELECT mend FROM halt WHERE authority = ?1 AND wave = ?2"           \
	  " AND ordinal = ?3 AND institution = ?4")                            \
	X(HALT_OF, "tiit",                                                     \
	  "SELECT act, at_us, told FROM halt WHERE authority = ?1 AND"         \
	  " wave = ?2 AND ordinal = ?3 AND institution IN ('', ?4)"            \
	  " ORDER BY institution DESC")                                        \
	X(HALT_NEXT, "t",                                                      \
	  "SELECT h.wave FROM halt AS h JOIN wave AS w ON w.authority"         \
	  " = h.authority AND w.wave = h.wave WHERE h.authority = ?1"          \
	  " AND h.told < h.no AND (w.state IN ('sent', 'closed') OR (w.state =" \
	  " 'cancelled' AND h.act = 'withdraw' AND h.told > 0)) ORDER BY"      \
	  " h.wave LIMIT 1")                                                   \
	X(HALT_ROWS, "tii",                                                    \
	  "SELECT ordinal, institution, act, no, mend FROM halt WHERE"         \
	  " authority = ?1 AND wave = ?2 AND told < no ORDER BY"               \
	  " ordinal LIMIT ?3")                                                 \
	X(HALT_TOLD, "tiiti",                                                  \
	  "UPDATE halt SET told = ?5 WHERE authority = ?1 AND wave ="          \
	  " ?2 AND ordinal = ?3 AND institution = ?4 AND no = ?5")             \
	X(WARD_CHECK_STOPPED, "tt",                                            \
	  "SELECT (SELECT count(DISTINCT a.ordinal) FROM halt AS a"            \
	  " WHERE a.authority = f.authority AND a.wave = f.wave AND"           \
	  " a.ordinal >= f.first AND a.ordinal <= f.last AND"                  \
	  " a.institution IN ('', f.institution) AND a.act <>"                 \
	  " 'release' AND NOT EXISTS (SELECT 1 FROM exception AS x"            \
	  " WHERE x.authority = f.authority AND x.wave = f.wave AND"           \
	  " x.institution = f.institution AND x.ordinal = a.ordinal)"          \
	  " AND CASE f.listed WHEN 1 THEN EXISTS (SELECT 1 FROM halted"        \
	  " AS h WHERE h.authority = f.authority AND h.wave = f.wave"          \
	  " AND h.institution = f.institution AND h.ordinal ="                 \
	  " a.ordinal AND h.file = f.file) ELSE NOT EXISTS (SELECT 1"          \
	  " FROM halted AS h WHERE h.authority = f.authority AND"              \
	  " h.wave = f.wave AND h.institution = f.institution AND"             \
	  " h.ordinal = a.ordinal AND h.state = 'sent' AND h.file <>"          \
	  " f.file) END) FROM file AS f WHERE f.authority = ?1 AND"            \
	  " f.file = ?2")

#define STMT_HALT(X)                                                           \
	STMT_HALT_UNIT(X)                                                      \
	STMT_HALT_WARD(X)
/* clang-format on */

#endif
