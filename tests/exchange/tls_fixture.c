/* tls_fixture.c — see tls_fixture.h. */
#include "tls_fixture.h"

#include "exchange/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ftw.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void write_pem(const char *folder, EVP_PKEY *key, X509 *x)
{
	char path[512];
	FILE *out;

	(void)snprintf(path, sizeof(path), "%s/node.key", folder);
	out = fopen(path, "we");
	assert_non_null(out);
	assert_int_equal(
	    PEM_write_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL), 1);
	assert_int_equal(fclose(out), 0);
	(void)snprintf(path, sizeof(path), "%s/node.crt", folder);
	out = fopen(path, "we");
	assert_non_null(out);
	assert_int_equal(PEM_write_X509(out, x), 1);
	assert_int_equal(fclose(out), 0);
}

struct digest fixture_identity(const char *folder, const char *name)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	X509_NAME *subject = X509_get_subject_name(x);
	struct digest fingerprint;
	unsigned n;

	assert_int_equal(X509_set_version(x, 2), 1);
	assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(x), 1), 1);
	assert_non_null(X509_gmtime_adj(X509_getm_notBefore(x), -3600));
	assert_non_null(X509_gmtime_adj(X509_getm_notAfter(x), 86400));
	assert_int_equal(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
			     (const unsigned char *)name, -1, -1, 0),
	    1);
	assert_int_equal(X509_set_issuer_name(x, subject), 1);
	assert_int_equal(X509_set_pubkey(x, key), 1);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	assert_int_equal(X509_digest(x, EVP_sha256(), fingerprint.b, &n), 1);
	write_pem(folder, key, x);
	X509_free(x);
	EVP_PKEY_free(key);
	return fingerprint;
}

char *fixture_folder(void)
{
	const char *dir = getenv("TMPDIR");
	char name[200];
	char *made;

	(void)snprintf(name, sizeof(name), "%s/shokai-test-XXXXXX",
	    dir != NULL ? dir : "/tmp");
	made = mkdtemp(name);
	assert_non_null(made);
	return strdup(made);
}

static int unlink_one(
    const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

void fixture_remove(char *folder)
{
	if (folder != NULL)
		(void)nftw(folder, unlink_one, 16, FTW_DEPTH | FTW_PHYS);
	free(folder);
}

int fixture_setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	(void)signal(SIGPIPE, SIG_IGN);
	f->server_keys = fixture_folder();
	f->client_keys = fixture_folder();
	f->server = fixture_identity(f->server_keys, "9951");
	f->client = fixture_identity(f->client_keys, "131041");
	f->shared = mmap(NULL, sizeof(*f->shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	f->shared->known = true;
	f->shared->status = 200;
	f->limits = (struct server_limits){.body_max = 1000};
	*state = f;
	return 0;
}

int fixture_teardown(void **state)
{
	struct fixture *f = *state;

	if (f->pid > 0) {
		(void)kill(f->pid, SIGKILL);
		(void)waitpid(f->pid, NULL, 0);
	}
	(void)munmap(f->shared, sizeof(*f->shared));
	fixture_remove(f->server_keys);
	fixture_remove(f->client_keys);
	free(f);
	return 0;
}

static bool known(void *ctx, struct digest fingerprint)
{
	struct fixture *f = ctx;

	f->shared->asked++;
	return f->shared->known && digest_eq(fingerprint, f->client);
}

static int make_file(size_t n)
{
	FILE *f = tmpfile();
	int fd;

	for (size_t i = 0; i < n; i++)
		(void)putc((int)(i % 251), f);
	(void)fflush(f);
	fd = dup(fileno(f));
	(void)fclose(f);
	return fd;
}

static void handle(void *ctx, const struct server_request *request,
    struct server_answer *answer)
{
	struct fixture *f = ctx;

	f->shared->handled++;
	f->shared->body = request->body.n;
	answer->status = f->shared->status;
	answer->type = "application/octet-stream";
	if (f->shared->file > 0) { /* from its third byte on */
		answer->filed = true;
		answer->file = make_file(f->shared->file + 2);
		answer->file_at = 2;
		answer->file_size = f->shared->file + (f->shared->cut ? 9 : 0);
		return;
	}
	buf_add(&answer->body, request->body.p, request->body.n);
}

static void tick(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg; /* it only wakes the loop */
}

static void run(struct fixture *f, int fd)
{
	static const struct server_route routes[] = {
	    {"POST", "/v1/messages", "application/octet-stream"},
	    {NULL, NULL, NULL},
	};
	struct server_config config = {
	    .process = "test",
	    .keys = f->server_keys,
	    .known = known,
	    .routes = routes,
	    .handle = handle,
	    .ctx = f,
	    .limits = f->limits,
	};
	struct event_base *base = event_base_new();
	struct timeval often = {.tv_usec = 10000};
	struct server *s;
	struct event *often_event;
	struct err e;

	if (server_new(&config, base, fd, &s, &e) != ERR_NONE)
		_exit(1);
	often_event = event_new(base, -1, EV_PERSIST, tick, NULL);
	(void)event_add(often_event, &often);
	for (;;) {
		(void)event_base_loop(base, EVLOOP_ONCE);
		f->shared->connections = server_connections(s);
	}
}

void fixture_serve(struct fixture *f)
{
	struct err e;
	int fd;

	assert_int_equal(
	    listen_open("127.0.0.1:0", &fd, f->address, &e), ERR_NONE);
	f->port = atoi(strrchr(f->address, ':') + 1);
	f->pid = fork();
	assert_true(f->pid >= 0);
	if (f->pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(1);
		run(f, fd);
	}
	(void)close(fd);
}

int fixture_socket(struct fixture *f)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)f->port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct timeval t = {.tv_sec = 5};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t)), 0);
	assert_int_equal(
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t)), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

bool fixture_connect(struct fixture *f, const char *keys, int version,
    SSL_SESSION *session, struct fixture_client *c)
{
	char path[512];

	c->ctx = SSL_CTX_new(TLS_client_method());
	if (version != 0)
		(void)SSL_CTX_set_max_proto_version(c->ctx, version);
	if (keys != NULL) {
		(void)snprintf(path, sizeof(path), "%s/node.crt", keys);
		assert_int_equal(SSL_CTX_use_certificate_file(
				     c->ctx, path, SSL_FILETYPE_PEM),
		    1);
		(void)snprintf(path, sizeof(path), "%s/node.key", keys);
		assert_int_equal(
		    SSL_CTX_use_PrivateKey_file(c->ctx, path, SSL_FILETYPE_PEM),
		    1);
	}
	c->fd = fixture_socket(f);
	c->ssl = SSL_new(c->ctx);
	(void)SSL_set_fd(c->ssl, c->fd);
	if (session != NULL)
		(void)SSL_set_session(c->ssl, session);
	return SSL_connect(c->ssl) == 1;
}

void fixture_close(struct fixture_client *c)
{
	SSL_free(c->ssl);
	SSL_CTX_free(c->ctx);
	(void)close(c->fd);
}

bool fixture_send(struct fixture_client *c, const char *bytes, size_t n)
{
	return SSL_write(c->ssl, bytes, (int)n) == (int)n;
}

/* The whole answer is there: head and as many bytes as it says. */
static bool whole(const struct buf *b)
{
	const char *head = (const char *)b->p;
	const char *end;
	const char *length;

	if (head == NULL || (end = memmem(head, b->n, "\r\n\r\n", 4)) == NULL)
		return false;
	length = memmem(head, (size_t)(end - head), "Content-Length: ", 16);
	return length == NULL ||
	       b->n >= (size_t)(end - head) + 4 + (size_t)atol(length + 16);
}

int fixture_status(struct fixture_client *c, struct buf *answer)
{
	unsigned char byte;
	int status = 0;

	buf_clear(answer);
	while (!whole(answer)) {
		if (SSL_read(c->ssl, &byte, 1) != 1)
			break;
		buf_byte(answer, byte);
	}
	buf_byte(answer, '\0');
	if (whole(answer))
		(void)sscanf((const char *)answer->p, "HTTP/1.1 %d", &status);
	answer->n--;
	return status;
}

bool fixture_until(volatile int *value, int wanted)
{
	for (int i = 0; i < 300; i++) {
		if (*value == wanted)
			return true;
		(void)usleep(10000);
	}
	return false;
}
