/*
 * node_yaml.h — reads node.yaml: one mapping of texts, and `links`, a mapping
 * of its own. Anchors, tags, unknown and repeated keys are refused, each with
 * line and column.
 */
#ifndef SHOKAI_EXCHANGE_NODE_YAML_H
#define SHOKAI_EXCHANGE_NODE_YAML_H

#include "exchange/node.h"

#define NODE_YAML_MAX ((size_t)64 * 1024) /* bytes of node.yaml */
#define NODE_NAME_MAX 64		  /* characters of a node's name */

/* Into out, whose arena takes the strings and whose path is set. */
CHECKED enum err_class node_yaml_read(
    struct bytes yaml, struct node *out, struct err *e);

/* HOST:PORT, [IPV6]:PORT; port 0…65535. */
bool node_yaml_address(struct text t);

#endif
