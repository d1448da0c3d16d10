/* main.c — the list of all commands. */
#include "cli/cli.h"
#include "cli/commands.h"

#include <stddef.h>

int main(int argc, char **argv)
{
	static const struct cli_command *const commands[] = {
#define COMMAND_LIST_(name) &name,
	    COMMANDS(COMMAND_LIST_)
#undef COMMAND_LIST_
		NULL,
	};

	return cli_main(commands, argc, argv);
}
