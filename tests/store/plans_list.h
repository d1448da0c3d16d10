/*
 * plans_list.h — each statement of the list, classed by how often it runs.
 *
 * PLANS_HOT: X(NAME, PARTY, limit, "arguments"): runs for each inquiry, or
 * for each subject or customer of a wave or file. It scans no table, and
 * touches at most limit partitions of a table. Arguments, one letter each:
 *   A authority  W wave  I institution  O an ordinal, P a later, Z a new one
 *   Q a 管理番号, R a later one  F a file, G another  M 科目
 *   K 宛名番号, L a new one
 *   C customer   Y key of customer  N number  T text  B bytes  D state
 *
 * PLANS_FILE: X(NAME): for each file, message, transaction or poll.
 * PLANS_ASKED: X(NAME): by command, for a report, or once in a wave's life.
 */
#ifndef SHOKAI_TESTS_STORE_PLANS_LIST_H
#define SHOKAI_TESTS_STORE_PLANS_LIST_H

#define ONE 1
#define EACH_WAVE 99 /* one subject in all its waves: by key, one each */

/* clang-format off */
#define PLANS_HOT(X)                                                           \
	X(SNAPSHOT_ADD, UNIT, ONE, "AWZMTB")                                   \
	X(SNAPSHOT_FROM, UNIT, ONE, "AWOP")                                    \
	X(SNAPSHOT_ORDINALS, UNIT, ONE, "AWOP")                                \
	X(UNIT_EXCEPTIONS_FROM, UNIT, ONE, "AWIOP")                            \
	X(UNIT_EXCEPTIONS_PLAIN, UNIT, ONE, "AWIOP")                           \
	X(UNIT_EXCEPTION_ADD, UNIT, ONE, "AWIZDTTNT")                          \
	X(EXCEPTION_DROP, UNIT, ONE, "AWIO")                                   \
	X(UNIT_OUTCOME_ADD, UNIT, ONE, "AQNFB")                                \
	X(UNIT_OUTCOME_COUNT, UNIT, ONE, "AQRF")                               \
	X(RECONCILE_UNIT_EXPECTED, UNIT, ONE, "AWIOP")                         \
	X(RECONCILE_UNIT_OUTCOMES, UNIT, ONE, "AQRF")                          \
	X(UNIT_HELD_ADD, UNIT, ONE, "AFNQTTN")                                 \
	X(HALTED_GET, UNIT, ONE, "AWIO")                                       \
	X(HALTED_PUT, UNIT, ONE, "AWIONNDNN")                                  \
	X(HALTED_MEND, UNIT, ONE, "AWIOT")                                     \
	X(HALTED_MOVE, UNIT, ONE, "AWIODF")                                    \
	X(HALTED_IN, UNIT, ONE, "AWIOP")                                       \
	X(HALTED_OF_FILE, UNIT, ONE, "AF")                                     \
	X(HALTED_REPORTED, UNIT, ONE, "AWION")                                 \
	X(HALTED_ELSEWHERE, UNIT, ONE, "AWIOPF")                               \
	X(HALTED_MEMBERS, UNIT, ONE, "AF")                                     \
	X(UNIT_WAITING_ROWS, UNIT, ONE, "AWI")                                 \
	X(WARD_SUBJECT_GET, WARD, ONE, "AK")                                   \
	X(WARD_SUBJECT_PUT, WARD, ONE, "AKTTTNTTN")                             \
	X(DESK_SUBJECTS, WARD, ONE, "AKN")                                     \
	X(DESK_SUBJECT, WARD, ONE, "AKN")                                      \
	X(DESK_SUBJECTS_KANA, WARD, ONE, "ATTTTN")                             \
	X(DESK_SUBJECTS_KANJI, WARD, ONE, "ATTTTN")                            \
	X(DESK_ASKED, WARD, EACH_WAVE, "AK")                                   \
	X(DESK_OUTCOME, WARD, ONE, "AQ")                                       \
	X(DESK_OUTCOMES, WARD, ONE, "AQRN")                                    \
	X(DESK_OUTCOMES_CLASS, WARD, ONE, "AQRNN")                             \
	X(WARD_SUBJECT_DROP, WARD, ONE, "AL")                                  \
	X(WARD_CLAIM_GET, WARD, ONE, "AKM")                                    \
	X(WARD_CLAIM_PUT, WARD, ONE, "AKMNTB")                                 \
	X(WARD_CLAIM_DROP, WARD, ONE, "ALM")                                   \
	X(WARD_CLAIMS_OF, WARD, ONE, "AK")                                     \
	X(WARD_CLAIMS_FROM, WARD, ONE, "AKMN")                                 \
	X(WARD_IN_OPEN_WAVE, WARD, ONE, "AK")                                  \
	X(WARD_ASKED_SINCE, WARD, EACH_WAVE, "AKN")                            \
	X(WARD_STOPS_OF, WARD, ONE, "AK")                                      \
	X(WARD_STOP_ADD, WARD, ONE, "AKTN")                                    \
	X(WARD_STOP_LIFT, WARD, ONE, "AKTN")                                   \
	X(WARD_STOP_DECIDE, WARD, ONE, "AKSTN")                                \
	X(WARD_PICK_ADD, WARD, ONE, "AWLM")                                    \
	X(WARD_CHOOSE_ALL, WARD, ONE, "AKN")                                   \
	X(WARD_CHOOSE_PICKED, WARD, ONE, "AWKN")                               \
	X(WARD_SUBJECT_ASK, WARD, ONE, "AWKTZ")                                \
	X(WARD_CLAIM_ASK, WARD, ONE, "AWKMTZ")                                 \
	X(WARD_EXCLUDE, WARD, ONE, "AWDZT")                                    \
	X(WARD_EXCLUDE_RANGE, WARD, ONE, "AWDTOP")                             \
	X(WARD_EXCLUDE_RANGE_TALLY, WARD, ONE, "AWDTOP")                             \
	X(WARD_ROWS_TO_SEND, WARD, ONE, "AWOP")                                \
	X(WARD_CLAIM_TALLY, WARD, ONE, "AWOP")                                 \
	X(WARD_ASKED_TALLY, WARD, ONE, "AWOP")                                 \
	X(WARD_SHIELDED_IN, WARD, ONE, "AWOP")                                 \
	X(WARD_EXCEPTION_PUT, WARD, ONE, "AWIZDTTNT")                          \
	X(WARD_EXCEPTION_GET, WARD, ONE, "AWIO")                               \
	X(WARD_EXCEPTIONS_IN, WARD, ONE, "AWIOP")                              \
	X(WARD_FILE_OF, WARD, ONE, "AWIO")                                     \
	X(WARD_OUTCOMES_IN, WARD, ONE, "AQR")                                  \
	X(WARD_OUTCOME_ADD, WARD, ONE, "AQNFNNB")                              \
	X(WARD_OUTCOME_COMPLETE, WARD, ONE, "AQNNB")                           \
	X(WARD_OUTCOME_END, WARD, ONE, "AQ")                                   \
	X(WARD_OUTCOME_COUNTS, WARD, ONE, "AQR")                               \
	X(WARD_TALLY_END, WARD, ONE, "AQ")                                     \
	X(WARD_ANSWER_ADD, WARD, ONE, "AQB")                                   \
	X(WARD_ANSWER_PUT, WARD, ONE, "AQB")                                   \
	X(WARD_ANSWERS_IN, WARD, ONE, "AQR")                                   \
	X(WARD_ANSWER_DROP, WARD, ONE, "AQ")                                   \
	X(WARD_CORRECTIONS_IN, WARD, ONE, "AQR")                               \
	X(WARD_CORRECTION_ADD, WARD, ONE, "AQENTNBB")                          \
	X(WARD_ANSWER_REFUSED, WARD, ONE, "ATNTFN")                            \
	X(WARD_ASKED_IN, WARD, ONE, "AWOP")                                    \
	X(WARD_ASKED_GET, WARD, ONE, "AWO")                                    \
	X(WARD_ASKED_CLAIMS, WARD, ONE, "AWO")                                 \
	X(WARD_STOPPED_WAVES, WARD, ONE, "AK")                                 \
	X(WARD_HALTED_TAKE, WARD, ONE, "AWIONDNT")                             \
	X(WARD_HALTED_GET, WARD, ONE, "AWIO")                                  \
	X(WARD_HALTED_AHEAD, WARD, ONE, "AWIOP")                               \
	X(WARD_HALTED_ANSWERED, WARD, ONE, "AWIOF")                            \
	X(WARD_OUTSIDE, WARD, ONE, "AWIOPFN")                                  \
	X(HALT_HOLD, WARD, EACH_WAVE, "AKN")                                   \
	X(HALT_MOVE, WARD, ONE, "AKHN")                                        \
	X(HALT_DROP, WARD, ONE, "AWO")                                         \
	X(HALT_WITHDRAW, WARD, ONE, "AWOIN")                                   \
	X(HALT_OF, WARD, ONE, "AWOI")                                          \
	X(HALT_TOLD, WARD, ONE, "AWOIN")                                       \
	X(AUDIT_WAVES, WARD, ONE, "AK")                                        \
	X(CUSTOMER_ADD, BANK, ONE, "NCTTTTTTTTTTTTT")                          \
	X(CUSTOMER_KEY_ADD, BANK, ONE, "NYC")                                  \
	X(ACCOUNT_ADD, BANK, ONE, "NCTTMTTTTTTTT")                             \
	X(DEALING_ADD, BANK, ONE, "NTMTNTTTTTT")                               \
	X(OTHER_ADD, BANK, ONE, "NCMNTTTTT")                                   \
	X(KEY_CUSTOMERS, BANK, ONE, "NY")                                      \
	X(CUSTOMER_GET, BANK, ONE, "NC")                                       \
	X(ACCOUNT_GET, BANK, ONE, "NCTMT")                                     \
	X(DEALING_GET, BANK, ONE, "NTMTN")                                     \
	X(OTHER_GET, BANK, ONE, "NCMN")                                        \
	X(ACCOUNTS_OF, BANK, ONE, "NC")                                        \
	X(DEALINGS_OF, BANK, ONE, "NTMTTT")                                    \
	X(OTHERS_OF, BANK, ONE, "NC")                                          \
	X(LOOKUP_KNOWN, BANK, ONE, "AQR")                                      \
	X(LOOKUP_INVALID, BANK, ONE, "AQRF")                                   \
	X(LOOKUP_AGAIN, BANK, ONE, "AQFNC")                                    \
	X(LOOKUP_ADD, BANK, ONE, "AQGNC")

#define PLANS_FILE(X)                                                          \
	X(AUDIT_LAST) X(AUDIT_ADD) X(AUDIT_ADD_OBJECT) X(AUDIT_KNOT_NEWEST)    \
	X(UNIT_FILES_SINCE) X(BANK_FILES_OLD) X(PAYLOAD_DROP)                  \
	X(AUDIT_KNOT_PUT) X(IMPORT_IN_FORCE) X(IMPORT_FILTER)                  \
	X(BANK_FILE_ADD) X(BANK_FILE_GET) X(BANK_CANCEL_WAITING)               \
	X(BANK_FILE_AGAIN) X(BANK_FILE_DEADLINE) X(BANK_FILE_CANCEL) X(BANK_ANSWERS_STANDING)        \
	X(WARD_ANSWERS_GONE)                                                   \
	X(BANK_FILE_AUTHORITIES) X(BANK_FILE_UNREPORTED)                       \
	X(BANK_FILE_REPORTED) X(FACT_GET) X(FACT_PUT) X(PEER_ALL)              \
	X(PEER_FORMERS)                                                        \
	X(PEER_STAMP) X(MESSAGE_ADD) X(MESSAGE_GET) X(MESSAGE_HEAD)            \
	X(MESSAGE_REQUEST_OF) X(MESSAGE_KNOWN)                                 \
	X(INBOX_ADD) X(INBOX_STATE) X(INBOX_MARK) X(INBOX_WAITING)             \
	X(INBOX_GET) X(INBOX_TAKE)                                             \
	X(GROUP_ADD) X(RECEIPT_GIVEN) X(RECEIPT_GOT) X(OUTBOX_ADD)             \
	X(OUTBOX_DUE) X(OUTBOX_EXPIRE) X(OUTBOX_AGAIN) X(OUTBOX_WAIT)          \
	X(OUTBOX_DONE) X(OUTBOX_GET) X(OUTBOX_ATTEMPTS)                        \
	X(OUTBOX_RECIPIENTS) X(OUTBOX_LOST_SOME) X(OUTBOX_EXPIRE_LOST)         \
	X(OUTBOX_DUE_TO)                                                       \
	X(OUTBOX_FAR_SOME) X(OUTBOX_NEARER) X(OUTBOX_NEXT_DUE)                 \
	X(OUTBOX_UNTOLD) X(OUTBOX_TOLD) X(MESSAGE_ORIGIN) X(STEP_ADD) X(STEP_TALLY)          \
	X(STEP_AUTHORITIES) X(STEP_UNREPORTED) X(STEP_REPORTED)                \
	X(TASK_ADD) X(TASK_OPEN) X(TASK_GET) X(TASK_MOVE) X(TASK_AGAIN)        \
	X(HALTED_UNREPORTED) X(HALTED_AUTHORITIES) X(UNIT_POSITIONS)           \
	X(HALT_MEND) X(HALT_MENDED) X(WARD_HALTED_WAIT)                        \
	X(UNIT_WAITING) X(HALT_NEXT) X(HALT_ROWS) X(WARD_CHECK_STOPPED)        \
	X(HUB_FILE_ADD) X(HUB_FILE_GET) X(HUB_FILE_FORWARDED)                  \
	X(HUB_FILE_ANSWERED) X(HUB_FILE_CANCELLED) X(HUB_FILE_REFUSED)         \
	X(RESTORED_STATE) X(REFUSED_ADD) X(REFUSED_OURS)                       \
	X(FOLDER_CARRIED) X(FOLDER_SENT)                                       \
	X(FOLDER_RECORDS) X(SERVE_KNOWN) X(UNIT_WAVE_GET)                      \
	X(UNIT_WAVE_STOPPED) X(UNIT_PART_ADD) X(UNIT_PARTS)                    \
	X(UNIT_PART_OVERLAP) X(UNIT_PART_SAME) X(UNIT_FILE_ADD) X(UNIT_FILE_GET)                 \
	X(UNIT_FILE_COUNT) X(UNIT_FILE_RECEIVED) X(UNIT_FILE_STATE)            \
	X(UNIT_FILE_REFUSED) X(UNIT_FILE_ANSWERED) X(UNIT_FILE_AUTHORITIES)    \
	X(UNIT_FILE_UNREPORTED) X(UNIT_FILE_REPORTED) X(WARD_DRAFT_GET)        \
	X(WARD_DRAFT_NEXT) X(WARD_DRAFT_MOVE) X(WARD_WAVE_GET)                 \
	X(WARD_WAVE_OPEN) X(WARD_INSTITUTIONS) X(WARD_AWAITS) X(WARD_FILES_TO_CANCEL)         \
	X(WARD_FILE_GET) X(WARD_FILE_PUT) X(WARD_FILE_STATE)                   \
	X(WARD_FILE_RECEIVED) X(WARD_FILE_ANSWERED) X(WARD_FILES_AFTER)        \
	X(WARD_FILE_PENDING) X(WARD_FILE_OVERDUE) X(WARD_STATEMENT_PUT)        \
	X(WARD_STATEMENTS_OF) X(WARD_HUB_OF) X(WARD_INSTITUTION_OF)            \
	X(WARD_EXCEPTION_TALLY)                                  \
	X(WARD_TALLY_ADD) X(WARD_TALLY_SUM) X(WARD_CHECK_ADD)                  \
	X(WARD_CHECK_OF) X(WARD_CHECK_DECIDE) X(WARD_CARRY_ADD)                \
	X(FILE_PROOF_PUT) X(FILE_PROOF_GET) X(UNIT_HELD_OLD)

#define PLANS_ASKED(X)                                                         \
	X(RESTORED_POINT) X(RESTORED_ASK) X(RESTORED_FIRST) X(RESTORED_HEARD)  \
	X(RESTORED_LIST) X(RESTORED_WAVE) X(OUTBOX_SENT_SINCE)                 \
	X(OUTBOX_SEND_AGAIN)                                                   \
	X(AUDIT_LANES) X(AUDIT_ROWS) X(AUDIT_ORPHAN) X(AUDIT_OF_OBJECT)        \
	X(AUDIT_HASH)                                                          \
	X(AUDIT_INSTITUTIONS) X(AUDIT_FILES) X(AUDIT_KNOT_GET)                 \
	X(AUDIT_KNOTS) X(IMPORT_ADD) X(IMPORT_LAST) X(IMPORT_KEYS)             \
	X(IMPORT_DONE) X(IMPORT_REPLACED) X(IMPORT_OLD) X(IMPORT_DELETE)       \
	X(CUSTOMER_DROP) X(CUSTOMER_KEY_DROP) X(ACCOUNT_DROP)                  \
	X(DEALING_DROP) X(OTHER_DROP) X(RECONCILE_BANK) X(DROP_SNAPSHOT)       \
	X(DROP_WAVE_CLAIM) X(DROP_CLAIM_TALLY) X(DROP_STEP_TALLY) X(DROP_EXCEPTION) X(DROP_EXCEPTION_TALLY) X(DROP_OUTCOME) X(DROP_ANSWER)    \
	X(DROP_CORRECTION) X(DROP_LOOKUP) X(DROP_WAVE_SUBJECT) X(DROP_HALT)    \
	X(DROP_HALTED) X(DROP_FILE_TALLY) X(DROP_FILE_PROOF)                   \
	X(DROP_ANSWER_HELD) X(UNIT_HELD_OF) X(UNIT_HELD_LIST)                  \
	X(DROP_STATEMENT) X(DROP_FILE)                                         \
	X(DROP_HUB_FILE) X(DROP_BANK_FILE) X(DROP_STEP) X(DROP_REFUSED)        \
	X(DROP_TASK) X(DROP_UNIT_PART) X(DROP_UNIT_WAVE)                       \
	X(DROP_WAVE_INSTITUTION) X(DROP_CHECK_FILE) X(DROP_WAVE) X(PEER_PUT)   \
	X(PEER_FORMER_KEEP) X(PEER_FORMER_BACK) X(PEER_FORMER_OLD)             \
	X(PEER_FORMER_DROP)                                                    \
	X(PEER_REMOVE) X(WARD_HALTED_COUNT) X(HALT_WAVE) X(RECONCILE_HUB)      \
	X(HUB_TRAFFIC) X(REFUSED_ASKED) X(REFUSED_BANK) X(REFUSED_HUB)         \
	X(REFUSED_PARTS) X(EXCEPTIONS_OF_WAVE) X(STATUS_INBOX)                 \
	X(STATUS_OUTBOX) X(STATUS_CHECKS) X(STATUS_HELD) X(STATUS_OVERDUE)     \
	X(STATUS_RECEIPTS) X(UNIT_WAVE_ADD) X(UNIT_WAVE_CANCEL)                \
	X(RECONCILE_UNIT_FILES) X(USER_ADD) X(USER_PUT) X(USER_GET)            \
	X(USER_LIST) X(USER_LOCK) X(USER_APPOINT) X(USER_DISMISS)              \
	X(USER_APPOINTMENTS) X(WARD_STOP_LIST) X(WARD_WAVE_LAST)               \
	X(WARD_DRAFT_ADD) X(WARD_DRAFT_READY) X(WARD_DRAFT_DROP)               \
	X(WARD_PICK_DROP) X(WARD_KINDS_ALL) X(WARD_KINDS_PICKED)               \
	X(WARD_INSTITUTION_ADD) X(WARD_INSTITUTION_DROP) X(WARD_WAVE_ADD)      \
	X(WARD_WAVE_LIST) X(WARD_WAVE_MOVE) X(WARD_WAVE_SUBMIT)                \
	X(WARD_WAVE_APPROVE) X(WARD_EXCLUDE_TALLY) X(WARD_KINDS_ASKED) X(WARD_ASKED_COUNT) X(WARD_CLAIMS_DIFFER) X(WARD_STEPS_DIFFER) X(STEP_TALLY_CLEAR) X(STEP_TALLY_AGAIN)           \
	X(WARD_TASK_END) X(WARD_FILES_OF) X(WARD_FILE_SUM)                     \
	X(WARD_EXCEPTION_SUM) X(WARD_EXCEPTIONS_OF) X(WARD_EXCEPTION_TALLIES) X(WARD_STEPS)              \
	X(WARD_STEPS_OF_FILE) X(WARD_TALLIES) X(WARD_ANSWERS_REFUSED)          \
	X(WARD_CHECK_LIST) X(WARD_CARRY_LIST)                  \
	X(WARD_CARRY_GET) X(WARD_CARRY_ERASED)                                 \
	X(WARD_WAVES_BEFORE) X(DESK_SESSION_ADD) X(DESK_SESSION_GET)           \
	X(DESK_SESSION_SEEN) X(DESK_SESSION_DROP) X(DESK_SESSIONS_OF)          \
	X(DESK_SESSION_SWEEP) X(DESK_SIGNIN_GET) X(DESK_SIGNIN_FAILED)         \
	X(DESK_SIGNIN_CLEAR) X(DESK_TOTP_GET) X(DESK_TOTP_PUT)                 \
	X(DESK_TOTP_USED) X(DESK_ONCE_ADD) X(DESK_ONCE_GET) X(DESK_ONCE_DONE)  \
	X(DESK_ONCE_DROP) X(DESK_ONCE_SWEEP) X(DESK_REVEAL_PUT)                \
	X(DESK_LOG) X(DESK_LOG_OF) X(DESK_EXCEPTIONS) X(DESK_EXCEPTIONS_KIND) X(DESK_EXCEPTIONS_HELD)  \
	X(DESK_FILES_CLASS) X(DESK_CHECKS) X(DESK_MESSAGE_DIGEST)              \
	X(DESK_FILES) X(DESK_FILES_OPEN) X(UNIT_SHOW_WAVES) X(UNIT_SHOW_FILES) X(UNIT_SHOW_HELD) X(UNIT_SHOW_HOLDS) X(UNIT_SHOW_CONVERTED) X(UNIT_SHOW_CLEANSED) X(DESK_RECEIVED) X(BANK_AWAITED) X(BANK_WAITING) X(DESK_RECEIVED_ONE) X(DESK_IMPORTS) X(DESK_BACKLOG)         \
	X(DESK_SUBMITTED) X(DESK_STAMP) X(DESK_STOPS) X(DESK_STOPPED_SINCE) X(DESK_HITS) X(DESK_DOCUMENT_GET)      \
	X(DESK_DOCUMENT_ADD) X(DESK_SAMPLES) X(DESK_TAKEOUT_ADD)               \
	X(DESK_TAKEOUTS) X(DESK_WAVES_OF_USER) X(DESK_SELECTIONS)              \
	X(DESK_CLIENTS) X(DESK_CLIENT_COUNT) X(DESK_CLIENT_GET)                \
	X(DESK_CLIENT_ADD) X(DESK_CLIENT_DROP) X(DESK_TOKEN_ADD)               \
	X(DESK_TOKEN_GET) X(DESK_TOKENS_OF) X(DESK_TOKEN_SWEEP)                \
	X(DESK_CERTIFICATE_GET) X(DESK_CERTIFICATE_PUT)                        \
	X(DESK_CERTIFICATE_DROP)                                               \
	X(WARD_SHIELD_PUT) X(WARD_SHIELD_DROP) X(WARD_SHIELD_GET)              \
	X(DESK_STAMP_WARD) X(WARD_WAVES_OF) X(DESK_CHARGES_OF_USER)            \
	X(DESK_REFUSED)                                                        \
	X(WARD_CLAIM_NARROW)                                                   \
	X(DESK_SELECTION_ADD) X(DESK_SELECTION_NO) X(DESK_SELECTION_DROP)      \
	X(DESK_REVEAL_GET) X(DESK_REVEAL_SWEEP) X(DESK_USER_CHANGE)            \
	X(DESK_USER_PASSWORD)
/* clang-format on */

#endif
