/*
 * tls_fixture.h — what the tests of server and client share: identities in
 * temporary folders, a server in a process of its own, a plain TLS client.
 */
#ifndef SHOKAI_TESTS_TLS_FIXTURE_H
#define SHOKAI_TESTS_TLS_FIXTURE_H

#include "base/digest.h"
#include "exchange/server.h"

#include <openssl/ssl.h>
#include <sys/types.h>

/* A new P-256 key and a certificate signed by itself in folder/node.key and
 * folder/node.crt; gives the certificate's fingerprint. */
struct digest fixture_identity(const char *folder, const char *name);

/* A folder that is removed by fixture_remove. */
char *fixture_folder(void);
void fixture_remove(char *folder);

/* What the server's process and the test both see. */
struct fixture_shared {
	volatile int handled; /* requests that reached the handler */
	volatile int asked;   /* questions to the peer table */
	volatile bool known;  /* the client is in the peer table */
	volatile size_t body; /* bytes of the last body */
	volatile int status;  /* what the handler answers; 0: nothing */
	volatile int connections;
	/* The handler answers with that much of a file (byte k is k % 251),
	 * said to be a bit longer where it is cut; 0: with what it got. */
	volatile size_t file;
	volatile bool cut;
};

struct fixture {
	char *server_keys;
	char *client_keys;
	struct digest server;
	struct digest client;
	struct fixture_shared *shared;
	struct server_limits limits;
	char address[80];
	int port;
	pid_t pid;
};

/* setup and teardown of cmocka; *state is a struct fixture. The server
 * starts with fixture_serve. */
int fixture_setup(void **state);
int fixture_teardown(void **state);
void fixture_serve(struct fixture *f);

/* A client of the fixture's server: sockets time out after 5 s. */
struct fixture_client {
	int fd;
	SSL_CTX *ctx;
	SSL *ssl;
};

/* keys NULL: no certificate. False: the handshake failed on this side. */
bool fixture_connect(struct fixture *f, const char *keys, int version,
    SSL_SESSION *session, struct fixture_client *c);
void fixture_close(struct fixture_client *c);
int fixture_socket(struct fixture *f);

/* Sends it; false if that failed. */
bool fixture_send(struct fixture_client *c, const char *bytes, size_t n);

/* Reads up to the end of one answer; its status, or 0: closed without one. */
int fixture_status(struct fixture_client *c, struct buf *answer);

/* Waits up to 3 s for a thing the server's process does. */
bool fixture_until(volatile int *value, int wanted);

#endif
