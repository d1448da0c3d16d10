/*
 * folder_manifest.h — manifest.json, the first entry of a carried ZIP: what
 * it is, from whom, to whom, and which messages it concerns. It proves
 * nothing: the signatures in the other entries do.
 */
#ifndef SHOKAI_EXCHANGE_FOLDER_MANIFEST_H
#define SHOKAI_EXCHANGE_FOLDER_MANIFEST_H

#include "exchange/gate.h"
#include "exchange/header.h"

enum folder_kind { FOLDER_MESSAGES, FOLDER_RECEIPTS };

struct folder_manifest {
	enum folder_kind kind;
	char from[NODE_CODE];
	char to[NODE_CODE];
	char id[GATE_BATCH][HEADER_ID];
	size_t count; /* 1…GATE_BATCH */
};

/* One line of JSON. */
void folder_manifest_write(const struct folder_manifest *m, struct buf *out);

/* ERR_INPUT "folder.manifest" unless it is exactly such a manifest. */
CHECKED enum err_class folder_manifest_read(
    struct bytes json, struct folder_manifest *out, struct err *e);

#endif
