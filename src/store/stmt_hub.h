/* stmt_hub.h — statements of the hub; see statements.h. */
#ifndef SHOKAI_STORE_STMT_HUB_H
#define SHOKAI_STORE_STMT_HUB_H

/* clang-format off */
#define STMT_HUB(X)                                                            \
	X(HUB_FILE_ADD, "ttitii",                                              \
	  "INSERT INTO hub_file (authority, file, wave, institution, records," \
	  " received_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"                      \
	  " ON CONFLICT DO NOTHING")                                           \
	X(HUB_FILE_GET, "tt",                                                  \
	  "SELECT institution, records, answered FROM hub_file"                \
	  " WHERE authority = ?1 AND file = ?2")                               \
	X(HUB_FILE_FORWARDED, "ttti",                                          \
	  "UPDATE hub_file SET forwarded_us = ?4 WHERE authority = ?1"         \
	  " AND file = ?2 AND institution = ?3 AND forwarded_us = 0")          \
	X(HUB_FILE_ANSWERED, "tttii",                                          \
	  "UPDATE hub_file SET answered = ?4, returned_us = ?5"                \
	  " WHERE authority = ?1 AND file = ?2 AND institution = ?3"           \
	  " AND answered = 0")                                                 \
	X(HUB_FILE_CANCELLED, "ttt",                                           \
	  "UPDATE hub_file SET cancelled = records WHERE authority = ?1"       \
	  " AND file = ?2 AND institution = ?3 AND answered = 0")              \
	X(HUB_FILE_REFUSED, "tt",                                              \
	  "UPDATE hub_file SET refused = records WHERE authority = ?1"         \
	  " AND file = ?2 AND answered = 0 AND cancelled = 0")                 \
	X(RECONCILE_HUB, "",                                                   \
	  "SELECT f.file, f.records, f.answered, f.cancelled,"                 \
	  " (SELECT coalesce(max(m.records), 0) FROM message AS m"             \
	  " WHERE m.authority = f.authority AND m.file = f.file"               \
	  " AND m.kind = 'request-file' AND NOT EXISTS (SELECT 1"              \
	  " FROM inbox AS i WHERE i.id = m.id AND i.state <> 1)),"             \
	  " (SELECT coalesce(max(m.records), 0) FROM message AS m"             \
	  " WHERE m.authority = f.authority AND m.file = f.file"               \
	  " AND m.kind = 'answer-file' AND m.origin = f.institution"           \
	  " AND NOT EXISTS (SELECT 1 FROM inbox AS i WHERE i.id = m.id"        \
	  " AND i.state <> 1)),"                                               \
	  " f.refused"                                                         \
	  " FROM hub_file AS f ORDER BY f.authority, f.file")                  \
	X(HUB_TRAFFIC, "",                                                     \
	  "SELECT authority, institution, count(*), sum(records),"             \
	  " sum(answered), sum(cancelled) FROM hub_file"                       \
	  " GROUP BY authority, institution ORDER BY authority, institution")
/* clang-format on */

#endif
