/* cli_node.c — see cli_node.h. */
#include "cli/cli_node.h"

#include "base/random.h"

static enum err_class load_peers(struct store_tx *tx, void *arg, struct err *e)
{
	struct cli_node *n = arg;

	return peers_load(tx, &n->peers, e);
}

enum err_class cli_node_party(const struct node *node, struct err *e)
{
	err_set(e, ERR_DENIED, "node.party", "このノードではできません",
	    "this command is not for a node of this party");
	return err_detail(e, "%s", node_party_name(node->party));
}

enum err_class cli_node_open(struct cli *c, const char *path, int party_wanted,
    unsigned want, struct cli_node *out, struct err *e)
{
	struct node *node = &out->node;

	*out = (struct cli_node){0};
	TRY(node_load(path, node, e));
	if (party_wanted >= 0 && (int)node->party != party_wanted)
		return cli_node_party(node, e);
	TRY(node_now(node, &out->context.now_us, e));
	TRY(node_store(node, &out->store, e));
	TRY(codes_load(&c->arena, &out->context.codes, e));
	if (want & CLI_NODE_KEYS)
		TRY(keys_load(
		    node_path(node, &c->arena, "keys"), &out->keys, e));
	if (want & CLI_NODE_PEERS)
		TRY(store_read(out->store, load_peers, out, e));
	out->layouts = layouts_new(node_path(node, &c->arena, "layouts"));
	out->context.node = node;
	out->context.keys = out->keys;
	out->context.peers = out->peers;
	out->context.layouts = out->layouts;
	out->context.store = out->store;
	out->context.random = (struct random_source){.fill = random_fill};
	out->context.arena = &c->arena;
	return ERR_NONE;
}

void cli_node_close(struct cli_node *n)
{
	layouts_free(n->layouts);
	peers_free(n->peers);
	keys_free(n->keys);
	store_close(n->store);
	node_fini(&n->node);
	*n = (struct cli_node){0};
}

enum err_class cli_node_upgrade(const char *path, struct err *e)
{
	struct node n = {0};
	struct store *s = NULL;
	enum err_class class = node_load(path, &n, e);

	if (class == ERR_NONE)
		class = store_open(n.db, n.party, STORE_MIGRATE, &s, e);
	store_close(s);
	node_fini(&n);
	return class;
}
