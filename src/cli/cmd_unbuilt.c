/* cmd_unbuilt.c — commands that have their names and options
 * (docs/interface.md), but are not built yet. */
#include "cli/commands.h"

/* Any arguments: the answer is the same. */
#define UNBUILT .args_min = 0, .args_max = -1, .run = cli_not_built

const struct cli_command cmd_node_migrate = {
    .words = "node migrate",
    .args = "NODE",
    .help = "Moves a node's database. Not built yet.",
    .options = {{"to", "URL", "the new database"}},
    UNBUILT,
};

const struct cli_command cmd_backup = {
    .words = "backup",
    .args = "NODE",
    .help = "Writes an encrypted copy of a node while it serves. Not built "
	    "yet.",
    .options = {{"out", "FILE", "where it goes"},
	{"key-file", "FILE", "the key it is encrypted with"},
	{"passphrase-file", "FILE", "or the passphrase"}},
    UNBUILT,
};

const struct cli_command cmd_restore = {
    .words = "restore",
    .args = "FILE",
    .help = "Makes a node from a backup. Not built yet.",
    .options = {{"to", "NODE", "an empty folder"},
	{"key-file", "FILE", "the key it is encrypted with"},
	{"passphrase-file", "FILE", "or the passphrase"}},
    UNBUILT,
};

const struct cli_command cmd_audit_analyze = {
    .words = "audit analyze",
    .args = "NODE",
    .help = "Analyses who has accessed what. Not built yet.",
    .options = {{"from", "D", "first day"}, {"to", "D", "last day"}},
    UNBUILT,
};

const struct cli_command cmd_match = {
    .words = "match",
    .args = "",
    .help = "Compares subjects with customers, with grade and reasons. Not "
	    "built yet.",
    .options = {{"subjects", "FILE", "subjects.csv"},
	{"customers", "FILE", "customers.csv"},
	{"rules", "FILE", "how they are compared"}},
    UNBUILT,
};
