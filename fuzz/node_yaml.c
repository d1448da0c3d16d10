/* node_yaml.c — node.yaml. */
#include "exchange/node_yaml.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct node node = {0};
	struct err e;
	enum err_class class;

	node.path = arena_printf(&node.arena, "node");
	class = node_yaml_read(BYTES(p, n), &node, &e);
	fuzz_no_fault(class, &e);
	if (class == ERR_NONE)
		fuzz_require(node.code[0] != '\0' && node.db != NULL &&
			     node.link_count <= NODE_LINKS);
	arena_fini(&node.arena);
	return 0;
}
