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
	X(cmd_ca_init)                                                         \
	X(cmd_ca_sign)                                                         \
	X(cmd_ca_revoke)                                                       \
	X(cmd_peer_add)                                                        \
	X(cmd_peer_list)                                                       \
	X(cmd_peer_remove)                                                     \
	X(cmd_peer_firewall)                                                   \
	X(cmd_receipt_verify)                                                  \
	X(cmd_receipt_show)                                                    \
	X(cmd_customers_import)                                                \
	X(cmd_layout_check)                                                    \
	X(cmd_layout_test)                                                     \
	X(cmd_layout_show)                                                     \
	X(cmd_layout_install)                                                  \
	X(cmd_layout_list)                                                     \
	X(cmd_convert)                                                         \
	X(cmd_cleanse)                                                         \
	X(cmd_text)                                                            \
	X(cmd_code_check)                                                      \
	X(cmd_code_show)                                                       \
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
