/* stmt_drop.h — what deletes a wave (waves_drop); see statements.h. */
#ifndef SHOKAI_STORE_STMT_DROP_H
#define SHOKAI_STORE_STMT_DROP_H

/*
 * By wave: ?1 authority, ?2 wave. By inquiry and by file: ?2 and ?3 bound
 * the texts that begin with authority and wave. So many rows at a time as fit
 * one transaction. Where the table is partitioned PostgreSQL drops the
 * wave's partition instead (postgres_partition.h).
 */
/* clang-format off */
#define STMT_DROP_WAVE_(table, key)                                            \
	"DELETE FROM " table " WHERE authority = ?1 AND wave = ?2"             \
	" AND (" key ") IN (SELECT " key " FROM " table                        \
	" WHERE authority = ?1 AND wave = ?2 LIMIT 5000)"
#define STMT_DROP_TEXT_(table, key)                                            \
	"DELETE FROM " table " WHERE authority = ?1 AND " key " IN (SELECT "   \
	key " FROM " table " WHERE authority = ?1 AND " key " >= ?2"           \
	" AND " key " < ?3 LIMIT 5000)"

#define STMT_DROP(X)                                                           \
	X(DROP_SNAPSHOT, "ti",                                                 \
	  STMT_DROP_WAVE_("snapshot", "ordinal, kamoku"))                      \
	X(DROP_WAVE_CLAIM, "ti",                                               \
	  STMT_DROP_WAVE_("wave_claim", "ordinal, kamoku"))                    \
	X(DROP_CLAIM_TALLY, "ti",                                              \
	  STMT_DROP_WAVE_("claim_tally", "kamoku, basis"))                     \
	X(DROP_STEP_TALLY, "ti", STMT_DROP_WAVE_("step_tally", "hub, no"))     \
	X(DROP_EXCEPTION, "ti",                                                \
	  STMT_DROP_WAVE_("exception", "institution, ordinal"))                \
	X(DROP_EXCEPTION_TALLY, "ti",                                          \
	  STMT_DROP_WAVE_("exception_tally", "institution, kind, reason"))     \
	X(DROP_OUTCOME, "ttt", STMT_DROP_TEXT_("outcome", "inquiry"))          \
	X(DROP_ANSWER, "ttt", STMT_DROP_TEXT_("answer", "inquiry"))            \
	X(DROP_CORRECTION, "ttt", STMT_DROP_TEXT_("correction", "inquiry"))    \
	X(DROP_LOOKUP, "ttt", STMT_DROP_TEXT_("lookup", "inquiry"))            \
	X(DROP_WAVE_SUBJECT, "ti",                                             \
	  STMT_DROP_WAVE_("wave_subject", "ordinal"))                          \
	X(DROP_HALT, "ti",                                                     \
	  STMT_DROP_WAVE_("halt", "ordinal, institution"))                     \
	X(DROP_HALTED, "ti",                                                   \
	  STMT_DROP_WAVE_("halted", "institution, ordinal"))                   \
	X(DROP_FILE_TALLY, "ttt", STMT_DROP_TEXT_("file_tally", "file"))       \
	X(DROP_FILE_PROOF, "ttt", STMT_DROP_TEXT_("file_proof", "file"))       \
	X(DROP_ANSWER_HELD, "ttt", STMT_DROP_TEXT_("answer_held", "file"))     \
	X(DROP_STATEMENT, "ttt", STMT_DROP_TEXT_("statement", "file"))         \
	X(DROP_FILE, "ti", STMT_DROP_WAVE_("file", "institution, no"))         \
	X(DROP_HUB_FILE, "ti", STMT_DROP_WAVE_("hub_file", "file"))            \
	X(DROP_BANK_FILE, "ti", STMT_DROP_WAVE_("bank_file", "file"))          \
	X(DROP_STEP, "ti", STMT_DROP_WAVE_("step", "hub, file, no"))           \
	X(DROP_REFUSED, "ti", STMT_DROP_WAVE_("refused", "message, party"))    \
	X(DROP_TASK, "ti", STMT_DROP_WAVE_("task", "kind, institution"))       \
	X(DROP_UNIT_PART, "ti", STMT_DROP_WAVE_("unit_part", "part"))          \
	X(DROP_UNIT_WAVE, "ti",                                                \
	  "DELETE FROM unit_wave WHERE authority = ?1 AND wave = ?2")          \
	X(DROP_WAVE_INSTITUTION, "ti",                                         \
	  STMT_DROP_WAVE_("wave_institution", "institution"))                  \
	X(DROP_CHECK_FILE, "ti", STMT_DROP_WAVE_("check_file", "seq"))         \
	X(DROP_WAVE, "ti",                                                     \
	  "DELETE FROM wave WHERE authority = ?1 AND wave = ?2")
/* clang-format on */

#endif
