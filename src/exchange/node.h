/*
 * node.h — a node's folder: node.yaml, keys, certificate, database.
 *
 * NODE/node.yaml        party, code, name, listen, desk, db, links, options
 * NODE/keys/node.key    P-256 private key, 0600
 * NODE/keys/node.crt, ca.crt, folder-password
 * NODE/node.csr         certificate request made by `node init`
 * NODE/clock            the test clock, if node.yaml says test_clock: true
 * NODE/shokai.db        the embedded database
 * NODE/run/             sockets and the lock of the running serve
 * NODE/layouts/CODE/YYYY-MM-DD.yaml   installed layouts (unit, bank)
 * NODE/folder/{out,in}/HUB/           link: folder
 */
#ifndef SHOKAI_EXCHANGE_NODE_H
#define SHOKAI_EXCHANGE_NODE_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "store/store.h"

#define NODE_CODE 17 /* [0-9A-Za-z-]{1,16} and NUL */
#define NODE_LINKS 64
#define NODE_BATCH_NICE 15 /* unless node.yaml says otherwise */

enum node_link { LINK_DIRECT, LINK_VIA_WARD, LINK_FOLDER };

struct node {
	char *path;
	enum store_party party;
	char code[NODE_CODE];
	char *name;
	char *listen; /* "127.0.0.1:9443" */
	char *desk;
	char *db; /* URL for store_open */
	bool test_clock;
	char *service_from;    /* hub: "00:00" */
	char *service_to;      /* hub: "24:00" */
	char *calendar;	       /* hub: "none", "office" or "bank" */
	int expire_after_days; /* ward: expiry after the deadline */
	size_t window; /* unit: files in flight per authority and institution */
	int batch_nice; /* serve: how far gate and work stand behind the desk */
	bool hours_ignored; /* unit: sends at any hour, whatever layouts say */
	bool totp;	    /* desk: a code beside the password is demanded */
	char *terminals;    /* desk: who may reach it; "" : anybody */
	bool certificates;  /* desk: terminals are asked for one */
	/* One line per hub: `links: {HUB: direct|via-ward|folder}` (ward, unit)
	 */
	struct {
		char hub[NODE_CODE];
		enum node_link link;
	} links[NODE_LINKS];
	size_t link_count;
	struct arena arena; /* owns the strings */
};

/* Reads NODE/node.yaml with all bounds; errors name file, line and column:
 * ERR_INPUT "node.syntax", "node.unknown_key", "node.repeated_key",
 * "node.bad_value", "node.missing_key". A relative path in `db: sqlite:PATH`
 * is taken from the node's folder. */
CHECKED enum err_class node_load(
    const char *path, struct node *out, struct err *e);
void node_fini(struct node *n);

/* Writes an empty node (docs/interface.md §3 `node init`); ERR_INPUT
 * "node.not_empty" if the folder exists and is not empty. Where it fails, what
 * it has written is away again; but for ERR_UNSURE. listen, desk, db:
 * NULL for 127.0.0.1:9443, 127.0.0.1:9444, sqlite:shokai.db in the folder. */
struct node_init {
	enum store_party party;
	const char *code;
	const char *name;
	const char *listen;
	const char *desk;
	const char *db;
};
CHECKED enum err_class node_create(
    const char *path, const struct node_init *init, struct err *e);

/* Makes the folder; *made false: it was there, empty. ERR_INPUT
 * "node.not_empty", "node.folder" (its parent is missing). */
CHECKED enum err_class node_folder(const char *path, bool *made, struct err *e);

/* Installs the node's certificate and its authority's (`node cert`): ERR_INPUT
 * "node.bad_certificate" unless it is the node's code and key, signed by that
 * authority. One that is there already is replaced. */
CHECKED enum err_class node_install(const struct node *n,
    struct bytes certificate, struct bytes authority, struct err *e);

const char *node_party_name(enum store_party p); /* "ward" … */
bool node_party_named(struct text name, enum store_party *out);
const char *node_link_name(enum node_link l);

bool node_link_named(struct text name, enum node_link *out);

/* The link to a hub; LINK_DIRECT if node.yaml does not name it. */
enum node_link node_link_of(const struct node *n, const char *hub);

/* A path below the node's folder, in a. */
char *node_path(const struct node *n, struct arena *a, const char *below);

/* The node's time (its test clock, if it has one). */
CHECKED enum err_class node_now(
    const struct node *n, int64_t *now_us, struct err *e);

/* The embedded database's file; NULL: it is a server's. */
const char *node_database_file(const struct node *n);

/* Opens the node's database. */
CHECKED enum err_class node_store(
    const struct node *n, struct store **out, struct err *e);

#endif
