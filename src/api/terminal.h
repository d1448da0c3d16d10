/*
 * terminal.h — registered terminals: whose address `terminals` of node.yaml
 * lists, "ADDRESS" or "ADDRESS/BITS" joined by ','. An empty list admits all.
 */
#ifndef SHOKAI_API_TERMINAL_H
#define SHOKAI_API_TERMINAL_H

#include <stdbool.h>

/* Is every entry of the list one? */
bool terminal_list_good(const char *list);

/* Is that numeric address of the list? */
bool terminal_known(const char *list, const char *address);

#endif
