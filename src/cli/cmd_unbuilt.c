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
