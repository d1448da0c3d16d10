/* stmt_refused.h — statements of contents refused whole; see statements.h. */
#ifndef SHOKAI_STORE_STMT_REFUSED_H
#define SHOKAI_STORE_STMT_REFUSED_H

/* Of each: is a good one still waited for? Those behind a place, all or (?5 is
 * 0) the open ones. */
/* clang-format off */
#define STMT_REFUSED_COLUMNS_                                                  \
	"SELECT * FROM (SELECT r.at_us, r.authority, r.wave, r.kind,"          \
	" r.institution, r.file, r.party, r.code, r.message, r.reason, CASE"
#define STMT_REFUSED_NO_PART_                                                  \
	" NOT EXISTS (SELECT 1 FROM step AS s WHERE s.authority = r.authority" \
	" AND s.wave = r.wave AND s.hub = '' AND s.file = r.file"
#define STMT_REFUSED_FROM_                                                     \
	" THEN 1 ELSE 0 END AS waited FROM refused AS r"                       \
	" WHERE (r.at_us, r.authority, r.message, r.party)"                    \
	" > (?1, ?2, ?3, ?4)) AS x WHERE ?5 <> 0 OR waited <> 0"               \
	" ORDER BY at_us, authority, message, party LIMIT ?6"

#define STMT_REFUSED(X)                                                        \
	X(REFUSED_ADD, "ttttitttit",                                           \
	  "INSERT INTO refused (authority, message, party, kind, wave,"        \
	  " institution, file, code, at_us, reason)"                           \
	  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"                  \
	  " ON CONFLICT DO NOTHING")                                           \
	X(REFUSED_ASKED, "itttiii",                                             \
	  STMT_REFUSED_COLUMNS_                                                \
	  " WHEN r.kind = 'subjects' AND" STMT_REFUSED_NO_PART_                \
	  " AND s.no = ?7) THEN 1"                                             \
	  " WHEN r.kind = 'answer-file' AND EXISTS (SELECT 1 FROM file AS f"   \
	  " WHERE f.authority = r.authority AND f.file = r.file"               \
	  " AND f.answered_us = 0"                                             \
	  " AND f.state NOT IN ('cancelled', 'rejected'))"                     \
	  STMT_REFUSED_FROM_)                                                  \
	X(REFUSED_BANK, "itttiit",                                             \
	  STMT_REFUSED_COLUMNS_                                                \
	  " WHEN r.kind = 'answer-file' AND NOT EXISTS (SELECT 1"              \
	  " FROM message AS m WHERE m.authority = r.authority"                 \
	  " AND m.file = r.file AND m.kind = r.kind AND m.origin = ?7"         \
	  " AND m.created_us > r.at_us)"                                       \
	  STMT_REFUSED_FROM_)                                                  \
	X(REFUSED_HUB, "itttii",                                               \
	  STMT_REFUSED_COLUMNS_                                                \
	  " WHEN r.kind = 'answer-file' AND EXISTS (SELECT 1"                  \
	  " FROM hub_file AS f WHERE f.authority = r.authority"                \
	  " AND f.file = r.file AND f.answered = 0 AND f.cancelled = 0"        \
	  " AND f.refused = 0)"                                                \
	  STMT_REFUSED_FROM_)                                                  \
	X(REFUSED_PARTS, "tii",                                                \
	  "SELECT DISTINCT r.file FROM refused AS r WHERE r.authority = ?1"    \
	  " AND r.wave = ?2 AND r.kind = 'subjects' AND" STMT_REFUSED_NO_PART_ \
	  " AND s.no = ?3) AND NOT EXISTS (SELECT 1 FROM message AS m"         \
	  " WHERE m.authority = r.authority AND m.file = r.file"               \
	  " AND m.kind = r.kind AND m.wave = r.wave"                           \
	  " AND m.created_us > r.at_us) ORDER BY r.file")                      \
	X(REFUSED_OURS, "t",                                                   \
	  "SELECT authority, origin, kind, wave, institution, file"            \
	  " FROM message WHERE id = ?1")                                       \
	X(EXCEPTIONS_OF_WAVE, "it",                                            \
	  "SELECT authority, institution, ordinal, kind, reason, item, at, bad"\
	  " FROM exception WHERE wave = ?1 AND (?2 = '' OR kind = ?2)"         \
	  " ORDER BY authority, institution, ordinal")                         \
	X(TASK_AGAIN, "tittii",                                                \
	  "INSERT INTO task (authority, wave, kind, institution, position,"    \
	  " total) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"                            \
	  " ON CONFLICT (authority, wave, kind, institution) DO UPDATE SET"    \
	  " position = excluded.position, total = excluded.total, state = 0")
/* clang-format on */

#endif
