/* officer.c — see officer.h. */
#include "cli/officer.h"

#include "exchange/wake.h"

#include <stdio.h>
#include <stdlib.h>

enum err_class officer_open(struct cli *c, unsigned roles, bool keys,
    struct officer *out, struct err *e)
{
	*out = (struct officer){0};
	TRY(cli_node_open(c, c->arg[0], STORE_WARD,
	    CLI_NODE_PEERS | (keys ? CLI_NODE_KEYS : 0U), &out->n, e));
	if (roles == 0)
		return ERR_NONE;
	return ward_user_acting(&out->n.context, c->as, roles, &out->user, e);
}

enum err_class officer_open_asked(
    struct cli *c, unsigned roles, struct officer *out, struct err *e)
{
	*out = (struct officer){0};
	TRY(cli_node_open(c, c->arg[0], -1, CLI_NODE_PEERS, &out->n, e));
	if (out->n.node.party != STORE_WARD && out->n.node.party != STORE_UNIT)
		return cli_node_party(&out->n.node, e);
	return ward_user_acting(&out->n.context, c->as, roles, &out->user, e);
}

void officer_close(struct officer *o, bool wake)
{
	if (wake) {
		wake_send(&o->n.node);
		store_tell(o->n.store);
	}
	cli_node_close(&o->n);
}

enum err_class officer_wave(const char *z, uint32_t *out, struct err *e)
{
	if (kanri_wave_parse(text_z(z), out))
		return ERR_NONE;
	return err_set(e, ERR_INPUT, "wave.unknown",
	    "その番号の照会はありません", "there is no such wave");
}

void officer_print(const json_t *o)
{
	const char *key;
	json_t *v;

	/* jansson's iteration wants it writable; nothing is written. */
	for (void *i = json_object_iter((json_t *)(uintptr_t)o); i != NULL;
	     i = json_object_iter_next((json_t *)(uintptr_t)o, i)) {
		char *z;

		key = json_object_iter_key(i);
		v = json_object_iter_value(i);
		if (json_is_string(v)) {
			(void)printf("%-20s %s\n", key, json_string_value(v));
			continue;
		}
		z = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);
		if (z == NULL)
			abort();
		(void)printf("%-20s %s\n", key, z);
		free(z);
	}
}

int officer_end(struct cli *c, struct officer *o, enum err_class class,
    const struct err *e, bool wake)
{
	officer_close(o, wake && class == ERR_NONE);
	return class == ERR_NONE ? 0 : cli_fail(c, e);
}
