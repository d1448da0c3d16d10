/*
 * terminal.h — registered terminals: whose address or certificate `terminals`
 * of node.yaml lists, "ADDRESS", "ADDRESS/BITS" or "sha256:" and the 64
 * hexadecimal digits of the certificate's fingerprint, joined by ','. An empty
 * list admits all.
 */
#ifndef SHOKAI_API_TERMINAL_H
#define SHOKAI_API_TERMINAL_H

#include "base/digest.h"

#include <stdbool.h>

/* Is every entry of the list one? */
bool terminal_list_good(const char *list);

/* Is that numeric address of the list, or the certificate that was shown
 * (NULL: none)? */
bool terminal_known(
    const char *list, const char *address, const struct digest *certificate);

/* Does the list name a certificate: are terminals to be asked for theirs? */
bool terminal_certificates(const char *list);

#endif
