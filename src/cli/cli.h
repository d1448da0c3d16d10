/*
 * cli.h — what every command shares: options, help, results, refusals.
 *
 * A command is one struct cli_command; main.c lists them all. --help and
 * --version need nothing but the table and open no node (INTERFACE §1).
 */
#ifndef SHOKAI_CLI_CLI_H
#define SHOKAI_CLI_CLI_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/refusals.h"

#include <jansson.h>

#define CLI_OPTIONS_MAX 24
#define CLI_ARGS_MAX 4096

struct cli_option {
	const char *name; /* without "--" */
	const char *arg;  /* "FILE"; NULL for a flag */
	const char *help;
};

struct cli;

struct cli_command {
	const char *words; /* "wave new", "serve" */
	const char *args;  /* "NODE WAVE", for the usage line */
	const char *help;  /* what it does, one paragraph */
	int args_min;
	int args_max; /* -1: any number, up to CLI_ARGS_MAX */
	struct cli_option options[CLI_OPTIONS_MAX];
	int (*run)(struct cli *c); /* returns the exit code */
};

struct cli {
	const struct cli_command *command;
	const char *arg[CLI_ARGS_MAX];
	int args;
	bool json;
	bool ja; /* --lang, else LANG; Japanese unless it says en */
	bool force;
	bool progress;		  /* stderr is a terminal */
	const char *as;		  /* --as USER */
	struct refusals refusals; /* to stderr, or --errors FILE */
	struct arena arena;	  /* lives as long as the command */
	const char *value[CLI_OPTIONS_MAX];
};

/* The value of an option of the command's table; a flag gives "". NULL: not
 * given. The name must be in the table (a fault if not). */
const char *cli_value(const struct cli *c, const char *name);

/* The value as an integer min…max; dflt if not given. Bad: usage error, the
 * process ends with 2. */
long cli_int(struct cli *c, const char *name, long min, long max, long dflt);

/* Prints a usage error, how to get help, and returns 2. */
int cli_usage(struct cli *c, const char *fmt, ...) PRINTF(2, 3);

/* The run of a command that is not built yet: says so, returns 2. */
int cli_not_built(struct cli *c);

/* Prints e as one refusal line and returns its exit code. */
int cli_fail(struct cli *c, const struct err *e);

/* Prints one JSON document as one line on stdout; frees j. */
void cli_print(json_t *j);

/* A result of one word: alone on a line, or {key: value} with --json. */
void cli_word(struct cli *c, const char *key, const char *value);

/* Progress: drawn on a terminal, else one line every 5 s. total 0: not
 * known. cli_progress_end finishes the line. */
void cli_progress(struct cli *c, const char *what, long done, long total);
void cli_progress_end(struct cli *c);

/* Runs the command line; the program's whole main. */
int cli_main(const struct cli_command *const *commands, int argc, char **argv);

#endif
