/*
 * layout_yaml.h — a YAML document as a tree that knows where each word
 * stands, within bounds: file ≤ 256 KiB, depth ≤ 8, no aliases, no tags, one
 * document. Every scalar is text (T4: 0001 stays 0001).
 */
#ifndef SHOKAI_LAYOUT_LAYOUT_YAML_H
#define SHOKAI_LAYOUT_LAYOUT_YAML_H

#include "base/bytes.h"
#include "base/err.h"

#define LAYOUT_YAML_BYTES_MAX ((size_t)256 * 1024)
#define LAYOUT_YAML_DEPTH_MAX 8

enum layout_node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct layout_node {
	enum layout_node_kind kind;
	struct text key;  /* in a map: this child's key */
	struct text text; /* of a scalar */
	bool null;	  /* a plain ~, null, or nothing */
	long line;	  /* of the key in a map, else of the node; from 1 */
	long column;
	size_t count; /* of children */
	struct layout_node *child;
	struct layout_node *next;
};

/*
 * Parses into a. ERR_INPUT or ERR_LIMIT "layout.syntax" with line and column;
 * name is for messages. A key given twice in a map is refused.
 */
CHECKED enum err_class layout_yaml_parse(struct bytes in, const char *name,
    struct arena *a, struct layout_node **out, struct err *e);

/* The child of that key, or NULL; also if n is NULL or no map. */
const struct layout_node *layout_yaml_get(
    const struct layout_node *n, const char *key);

#endif
