/*
 * commands.h — every command of the program, in the order of --help. One file
 * cmd_FAMILY.c defines the commands of one family.
 */
#ifndef SHOKAI_CLI_COMMANDS_H
#define SHOKAI_CLI_COMMANDS_H

#include "cli/cli.h"

/* X(variable of type struct cli_command), one to a line */
/* clang-format off */
#define COMMANDS(X)                                                            \
	X(cmd_node_init)                                                       \
	X(cmd_node_cert)                                                       \
	X(cmd_node_check)                                                      \
	X(cmd_node_restored)                                                   \
	X(cmd_node_upgrade)                                                    \
	X(cmd_node_migrate)                                                    \
	X(cmd_ca_init)                                                         \
	X(cmd_ca_sign)                                                         \
	X(cmd_ca_revoke)                                                       \
	X(cmd_peer_add)                                                        \
	X(cmd_peer_list)                                                       \
	X(cmd_peer_remove)                                                     \
	X(cmd_peer_firewall)                                                   \
	X(cmd_serve)                                                           \
	X(cmd_status)                                                          \
	X(cmd_refusals)                                                        \
	X(cmd_traffic)                                                         \
	X(cmd_receipt_verify)                                                  \
	X(cmd_receipt_show)                                                    \
	X(cmd_user_add)                                                        \
	X(cmd_user_list)                                                       \
	X(cmd_user_lock)                                                       \
	X(cmd_user_totp)                                                       \
	X(cmd_reconcile)                                                       \
	X(cmd_backup)                                                          \
	X(cmd_restore)                                                         \
	X(cmd_subjects_import)                                                 \
	X(cmd_subjects_stops)                                                  \
	X(cmd_subjects_decide)                                                 \
	X(cmd_wave_new)                                                        \
	X(cmd_wave_submit)                                                     \
	X(cmd_wave_approve)                                                    \
	X(cmd_wave_return)                                                     \
	X(cmd_wave_cancel)                                                     \
	X(cmd_wave_resend)                                                     \
	X(cmd_wave_drop)                                                       \
	X(cmd_wave_list)                                                       \
	X(cmd_wave_show)                                                       \
	X(cmd_inquiry_show)                                                    \
	X(cmd_inquiry_withdraw)                                                \
	X(cmd_inquiry_reask)                                                   \
	X(cmd_inquiry_end)                                                     \
	X(cmd_check_list)                                                      \
	X(cmd_check_show)                                                      \
	X(cmd_check_approve)                                                   \
	X(cmd_check_return)                                                    \
	X(cmd_exceptions_list)                                                 \
	X(cmd_exceptions_mend)                                                 \
	X(cmd_exceptions_release)                                              \
	X(cmd_carry_list)                                                      \
	X(cmd_carry_erased)                                                    \
	X(cmd_answers_held)                                                    \
	X(cmd_answers_export)                                                  \
	X(cmd_api_routes)                                                      \
	X(cmd_answer_again)                                                    \
	X(cmd_customers_import)                                                \
	X(cmd_layout_check)                                                    \
	X(cmd_layout_test)                                                     \
	X(cmd_layout_show)                                                     \
	X(cmd_layout_install)                                                  \
	X(cmd_layout_list)                                                     \
	X(cmd_layout_diff)                                                     \
	X(cmd_convert)                                                         \
	X(cmd_cleanse)                                                         \
	X(cmd_match)                                                           \
	X(cmd_text)                                                            \
	X(cmd_code_check)                                                      \
	X(cmd_code_show)                                                       \
	X(cmd_code_import)                                                     \
	X(cmd_synth)                                                           \
	X(cmd_audit_verify)                                                    \
	X(cmd_audit_heads)                                                     \
	X(cmd_audit_who)                                                       \
	X(cmd_audit_analyze)
/* clang-format on */

#define COMMAND_EXTERN_(name) extern const struct cli_command name;
COMMANDS(COMMAND_EXTERN_)
#undef COMMAND_EXTERN_

#endif
