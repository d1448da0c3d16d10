/*
 * cli_node.h — a node opened by a command: its folder, its database, its
 * time, and what a party function wants to be given.
 */
#ifndef SHOKAI_CLI_CLI_NODE_H
#define SHOKAI_CLI_CLI_NODE_H

#include "cli/cli.h"
#include "parties/layouts.h"
#include "parties/party.h"

struct cli_node {
	struct node node;
	struct store *store;
	struct keys *keys;   /* NULL unless CLI_NODE_KEYS */
	struct peers *peers; /* NULL unless CLI_NODE_PEERS */
	struct layouts *layouts;
	struct party_context
	    context; /* all of the above; arena: the command's */
};

enum cli_node_want {
	CLI_NODE_KEYS = 1,
	CLI_NODE_PEERS = 2,
};

/* Opens path; party_wanted: as of enum store_party, or -1 for any. A node of
 * another party is ERR_DENIED "node.party". Close it whatever is returned. */
CHECKED enum err_class cli_node_open(struct cli *c, const char *path,
    int party_wanted, unsigned want, struct cli_node *out, struct err *e);
/* ERR_DENIED "node.party", which names the node's. */
CHECKED enum err_class cli_node_party(const struct node *node, struct err *e);
void cli_node_close(struct cli_node *n);

/* Brings path's database to this program's schema. */
CHECKED enum err_class cli_node_upgrade(const char *path, struct err *e);

#endif
