/* backup_file.c — see backup_file.h. */
#include "parties/backup_file.h"

#include "base/file.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zstd.h>

#define MAGIC "shokaiB1"
#define PIECE ((size_t)1024 * 1024) /* of what is packed */
#define TAG 16
#define SEALED_MAX (ZSTD_COMPRESSBOUND(PIECE) + TAG)
#define DATA_MAX ((size_t)128 * 1024) /* of one "D" */
#define LEVEL 1
#define KEY 32
#define SALT 32
#define CHECK 16
/* OWASP Password Storage Cheat Sheet: N = 2^17, r = 8, p = 1 for scrypt. */
#define SCRYPT_LOG2N 17
#define SCRYPT_LOG2N_MAX 20
#define SCRYPT_R 8

struct head {
	unsigned char magic[8];
	unsigned char kind;
	unsigned char log2n;
	unsigned char zero[6];
	unsigned char salt[SALT];
	unsigned char check[CHECK];
};
_Static_assert(sizeof(struct head) == 64, "as the header says");
enum { OF_KEY_FILE = 1, OF_PASSPHRASE = 2 };

static enum err_class bad_key(const char *ja, const char *en, struct err *e)
{
	return err_set(e, ERR_INPUT, "backup.key", ja, en);
}

static enum err_class damaged(struct err *e)
{
	return err_set(e, ERR_INPUT, "backup.damaged",
	    "バックアップが壊れているか、途中までしかありません",
	    "the backup is damaged or cut short");
}

static enum err_class no_cipher(struct err *e)
{
	return err_set(e, ERR_FAULT, "backup.cipher",
	    "暗号ライブラリの障害です", "a fault of the cipher library");
}

/* ---- the key ---- */

static enum err_class first_line(struct bytes *secret, struct err *e)
{
	const unsigned char *end = memchr(secret->p, '\n', secret->n);

	if (end != NULL)
		secret->n = (size_t)(end - secret->p);
	if (secret->n > 0 && secret->p[secret->n - 1] == '\r')
		secret->n--;
	return secret->n >= 12 && secret->n <= 1024
		   ? ERR_NONE
		   : bad_key("パスフレーズは12バイト以上、1,024バイト"
			     "までです",
			 "a passphrase has 12 to 1,024 bytes", e);
}

enum err_class backup_file_secret(const char *path, bool passphrase,
    struct arena *a, struct backup_secret *out, struct err *e)
{
	struct buf b = {0};
	enum err_class c = file_read(path, 4096, &b, e);

	out->passphrase = passphrase;
	out->secret = bytes_dup(a, buf_bytes(&b));
	if (b.n > 0)
		OPENSSL_cleanse(b.p, b.n);
	buf_fini(&b);
	if (c != ERR_NONE && c != ERR_FAULT)
		c = bad_key("鍵のファイルがないか、大きすぎます",
		    "the key file is missing or too large", e);
	if (c != ERR_NONE)
		return c;
	if (passphrase)
		return first_line(&out->secret, e);
	return out->secret.n >= KEY
		   ? ERR_NONE
		   : bad_key("鍵のファイルは32バイト以上、4,096バイトまでです",
			 "a key file has 32 to 4,096 bytes", e);
}

static bool by_hkdf(
    const struct head *h, struct bytes secret, unsigned char out[KEY + CHECK])
{
	static char sha[] = "SHA256";
	static char info[] = "shokai backup 1";
	unsigned char salt[SALT];
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
	unsigned char *key = OPENSSL_memdup(secret.p, secret.n);
	OSSL_PARAM p[] = {OSSL_PARAM_utf8_string(OSSL_KDF_PARAM_DIGEST, sha, 6),
	    OSSL_PARAM_octet_string(OSSL_KDF_PARAM_KEY, key, secret.n),
	    OSSL_PARAM_octet_string(OSSL_KDF_PARAM_SALT, salt, SALT),
	    OSSL_PARAM_octet_string(
		OSSL_KDF_PARAM_INFO, info, sizeof(info) - 1),
	    OSSL_PARAM_END};
	bool ok;

	memcpy(salt, h->salt, SALT);
	ok = key != NULL && EVP_KDF_derive(ctx, out, KEY + CHECK, p) == 1;
	OPENSSL_clear_free(key, secret.n);
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return ok;
}

static bool by_scrypt(
    const struct head *h, struct bytes secret, unsigned char out[KEY + CHECK])
{
	uint64_t n = UINT64_C(1) << h->log2n;

	return EVP_PBE_scrypt((const char *)secret.p, secret.n, h->salt, SALT,
		   n, SCRYPT_R, 1, 256 * n * SCRYPT_R, out, KEY + CHECK) == 1;
}

/* The key and the check of this head. */
static enum err_class derive(const struct head *h,
    const struct backup_secret *s, unsigned char out[KEY + CHECK],
    struct err *e)
{
	if (s->passphrase ? by_scrypt(h, s->secret, out)
			  : by_hkdf(h, s->secret, out))
		return ERR_NONE;
	return no_cipher(e);
}

/* ---- pieces ---- */

/* What both directions have: the cipher with its key, and where it stands. */
struct sealing {
	struct head head;
	EVP_CIPHER_CTX *cipher;
	uint64_t no;
	struct buf plain;
	struct buf packed; /* of SEALED_MAX */
};

static void sealing_fini(struct sealing *s)
{
	EVP_CIPHER_CTX_free(s->cipher); /* clears the key */
	if (s->plain.p != NULL)
		OPENSSL_cleanse(s->plain.p, s->plain.room);
	buf_fini(&s->plain);
	buf_fini(&s->packed);
}

static enum err_class sealing_begin(
    struct sealing *s, bool write, const unsigned char key[KEY], struct err *e)
{
	s->cipher = EVP_CIPHER_CTX_new();
	buf_room(&s->packed, SEALED_MAX);
	buf_room(&s->plain, PIECE);
	if (s->cipher != NULL && EVP_CipherInit_ex(s->cipher, EVP_aes_256_gcm(),
				     NULL, key, NULL, write) == 1)
		return ERR_NONE;
	return no_cipher(e);
}

/* The cipher at the beginning of the next piece. */
static bool next_piece(struct sealing *s, bool last)
{
	unsigned char nonce[12] = {0};
	int n;

	for (int i = 0; i < 8; i++)
		nonce[i] = (unsigned char)(s->no >> (56 - 8 * i));
	nonce[11] = last;
	s->no++;
	return EVP_CipherInit_ex(s->cipher, NULL, NULL, NULL, nonce, -1) == 1 &&
	       EVP_CipherUpdate(s->cipher, NULL, &n,
		   (const unsigned char *)&s->head, sizeof(s->head)) == 1;
}

static void put_4(unsigned char *p, size_t n)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(n >> (24 - 8 * i));
}

static size_t get_4(const unsigned char *p)
{
	return (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 |
	       p[3];
}

/* ---- writing ---- */

struct backup_out {
	struct sealing s;
	struct file file; /* fd -1: standard output */
	ZSTD_CCtx *zstd;
};

static enum err_class emit(struct backup_out *o, struct bytes b, struct err *e)
{
	return o->file.fd >= 0 ? file_write(&o->file, b, e)
			       : file_write_all(STDOUT_FILENO, b, "stdout", e);
}

static enum err_class seal(struct backup_out *o, bool last, struct err *e)
{
	struct sealing *s = &o->s;
	unsigned char length[4];
	unsigned char *p = s->packed.p;
	size_t n = ZSTD_compressCCtx(
	    o->zstd, p, s->packed.room - TAG, s->plain.p, s->plain.n, LEVEL);
	int done = 0;
	int rest = 0;

	if (ZSTD_isError(n) || !next_piece(s, last) ||
	    EVP_EncryptUpdate(s->cipher, p, &done, p, (int)n) != 1 ||
	    EVP_EncryptFinal_ex(s->cipher, p + done, &rest) != 1 ||
	    EVP_CIPHER_CTX_ctrl(s->cipher, EVP_CTRL_AEAD_GET_TAG, TAG, p + n) !=
		1)
		return no_cipher(e);
	put_4(length, n + TAG);
	buf_clear(&s->plain);
	TRY(emit(o, BYTES(length, 4), e));
	return emit(o, BYTES(p, n + TAG), e);
}

static enum err_class add(
    struct backup_out *o, const void *p, size_t n, struct err *e)
{
	struct buf *plain = &o->s.plain;

	while (n > 0) {
		size_t k = PIECE - plain->n < n ? PIECE - plain->n : n;

		buf_add(plain, p, k);
		p = (const char *)p + k;
		n -= k;
		if (plain->n == PIECE)
			TRY(seal(o, false, e));
	}
	return ERR_NONE;
}

static enum err_class add_framed(
    struct backup_out *o, char what, struct bytes b, struct err *e)
{
	unsigned char frame[5] = {(unsigned char)what};

	put_4(frame + 1, b.n);
	TRY(add(o, frame, sizeof(frame), e));
	return add(o, b.p, b.n, e);
}

static enum err_class begin_out(struct backup_out *o, const char *path,
    bool force, const struct backup_secret *secret, struct err *e)
{
	unsigned char key[KEY + CHECK];
	enum err_class c;

	TRY(derive(&o->s.head, secret, key, e));
	memcpy(o->s.head.check, key + KEY, CHECK);
	c = sealing_begin(&o->s, true, key, e);
	OPENSSL_cleanse(key, sizeof(key));
	TRY(c);
	if (strcmp(path, "-") != 0)
		TRY(file_create(&o->file, path, 0600, force, e));
	return emit(o, BYTES(&o->s.head, sizeof(o->s.head)), e);
}

enum err_class backup_file_begin(const char *path, bool force,
    const struct backup_secret *secret, const struct random_source *random,
    struct backup_out **out, struct err *e)
{
	struct backup_out *o = arena_xmalloc(sizeof(*o));
	enum err_class c;

	*o = (struct backup_out){
	    .s.head = {.kind = secret->passphrase ? OF_PASSPHRASE : OF_KEY_FILE,
		.log2n = secret->passphrase ? SCRYPT_LOG2N : 0},
	    .file = {.fd = -1},
	    .zstd = ZSTD_createCCtx()};
	if (o->zstd == NULL)
		abort();
	memcpy(o->s.head.magic, MAGIC, sizeof(o->s.head.magic));
	random->fill(random->ctx, o->s.head.salt, SALT);
	c = begin_out(o, path, force, secret, e);
	if (c != ERR_NONE) {
		backup_file_abandon(o);
		o = NULL;
	}
	*out = o;
	return c;
}

enum err_class backup_file_entry(
    struct backup_out *o, const char *name, struct err *e)
{
	struct text t = text_z(name);

	if (t.n == 0 || t.n > BACKUP_NAME_MAX) {
		err_set(e, ERR_LIMIT, "backup.name", "名前が長すぎます",
		    "a name is too long");
		return err_detail(e, "%.200s", name);
	}
	return add_framed(o, 'F', text_bytes(t), e);
}

enum err_class backup_file_data(
    struct backup_out *o, struct bytes b, struct err *e)
{
	while (b.n > 0) {
		size_t n = b.n < DATA_MAX ? b.n : DATA_MAX;

		TRY(add_framed(o, 'D', BYTES(b.p, n), e));
		b = BYTES(b.p + n, b.n - n);
	}
	return ERR_NONE;
}

enum err_class backup_file_close(struct backup_out *o, struct err *e)
{
	return add(o, "E", 1, e);
}

enum err_class backup_file_end(struct backup_out *o, struct err *e)
{
	enum err_class c = add(o, "Z", 1, e);

	if (c == ERR_NONE)
		c = seal(o, true, e);
	if (c == ERR_NONE && o->file.fd >= 0)
		c = file_commit(&o->file, e);
	backup_file_abandon(o);
	return c;
}

void backup_file_abandon(struct backup_out *o)
{
	if (o == NULL)
		return;
	file_abandon(&o->file);
	sealing_fini(&o->s);
	(void)ZSTD_freeCCtx(o->zstd);
	free(o);
}

/* ---- reading ---- */

struct backup_in {
	struct sealing s;
	int fd;
	ZSTD_DCtx *zstd;
	size_t at;     /* in s.plain */
	size_t length; /* of the piece that comes next; 0: there is none */
	unsigned char data[DATA_MAX];
};

/* As many bytes as there are, up to n. */
static enum err_class read_some(
    struct backup_in *i, void *p, size_t n, size_t *got, struct err *e)
{
	*got = 0;
	while (*got < n) {
		ssize_t k = read(i->fd, (char *)p + *got, n - *got);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return err_errno(e, "read");
		if (k == 0)
			break;
		*got += (size_t)k;
	}
	return ERR_NONE;
}

static enum err_class read_length(struct backup_in *i, struct err *e)
{
	unsigned char length[4];
	size_t got;

	TRY(read_some(i, length, sizeof(length), &got, e));
	i->length = got == 0 ? 0 : get_4(length);
	if (got != 0 && (got != sizeof(length) || i->length <= TAG ||
			    i->length > SEALED_MAX))
		return damaged(e);
	return ERR_NONE;
}

/* Opens the next piece. Whether it is the last is known by what follows. */
static enum err_class unseal(struct backup_in *i, struct err *e)
{
	struct sealing *s = &i->s;
	unsigned char *p = s->packed.p;
	size_t n = i->length;
	size_t got;
	int done = 0;
	int rest = 0;

	if (n == 0)
		return damaged(e);
	TRY(read_some(i, p, n, &got, e));
	if (got != n)
		return damaged(e);
	n -= TAG;
	TRY(read_length(i, e));
	if (!next_piece(s, i->length == 0) ||
	    EVP_DecryptUpdate(s->cipher, p, &done, p, (int)n) != 1 ||
	    EVP_CIPHER_CTX_ctrl(s->cipher, EVP_CTRL_AEAD_SET_TAG, TAG, p + n) !=
		1 ||
	    EVP_DecryptFinal_ex(s->cipher, p + done, &rest) != 1)
		return damaged(e);
	n = ZSTD_decompressDCtx(i->zstd, s->plain.p, PIECE, p, n);
	if (ZSTD_isError(n))
		return damaged(e);
	s->plain.n = n;
	i->at = 0;
	return ERR_NONE;
}

static enum err_class take(
    struct backup_in *i, void *p, size_t n, struct err *e)
{
	while (n > 0) {
		size_t left = i->s.plain.n - i->at;
		size_t k = left < n ? left : n;

		if (left == 0) {
			TRY(unseal(i, e));
			continue;
		}
		memcpy(p, i->s.plain.p + i->at, k);
		i->at += k;
		p = (char *)p + k;
		n -= k;
	}
	return ERR_NONE;
}

static enum err_class take_framed(
    struct backup_in *i, void *p, size_t max, size_t *n, struct err *e)
{
	unsigned char length[4];

	TRY(take(i, length, sizeof(length), e));
	*n = get_4(length);
	return *n > 0 && *n <= max ? take(i, p, *n, e) : damaged(e);
}

static enum err_class open_key(
    struct backup_in *i, const struct backup_secret *secret, struct err *e)
{
	struct head *h = &i->s.head;
	unsigned char key[KEY + CHECK];
	enum err_class c;
	bool same;

	if (h->kind != (secret->passphrase ? OF_PASSPHRASE : OF_KEY_FILE))
		return h->kind == OF_PASSPHRASE
			   ? bad_key("このバックアップはパスフレーズで開きます"
				     "（--passphrase-file）",
				 "this backup is opened by a passphrase: "
				 "--passphrase-file",
				 e)
			   : bad_key("このバックアップは鍵のファイルで開きます"
				     "（--key-file）",
				 "this backup is opened by a key file: "
				 "--key-file",
				 e);
	TRY(derive(h, secret, key, e));
	same = CRYPTO_memcmp(key + KEY, h->check, CHECK) == 0;
	c = sealing_begin(&i->s, false, key, e);
	OPENSSL_cleanse(key, sizeof(key));
	TRY(c);
	return same ? ERR_NONE
		    : bad_key("鍵が違うか、バックアップの先頭が壊れています",
			  "another key, or the backup's head is damaged", e);
}

static enum err_class begin_in(struct backup_in *i, const char *path,
    const struct backup_secret *secret, struct err *e)
{
	struct head *h = &i->s.head;
	size_t got;

	i->fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO)
				       : open(path, O_RDONLY | O_CLOEXEC);
	if (i->fd < 0 && errno == ENOENT) {
		err_set(e, ERR_INPUT, "file.missing", "ファイルがありません",
		    "no such file");
		return err_detail(e, "%.200s", path);
	}
	if (i->fd < 0)
		return err_errno(e, path);
	TRY(read_some(i, h, sizeof(*h), &got, e));
	if (got != sizeof(*h) || memcmp(h->magic, MAGIC, 8) != 0 ||
	    (h->kind != OF_KEY_FILE && h->kind != OF_PASSPHRASE) ||
	    (h->kind == OF_KEY_FILE) != (h->log2n == 0) ||
	    h->log2n > SCRYPT_LOG2N_MAX ||
	    memcmp(h->zero, "\0\0\0\0\0\0", sizeof(h->zero)) != 0)
		return damaged(e);
	TRY(open_key(i, secret, e));
	return read_length(i, e);
}

enum err_class backup_file_open(const char *path,
    const struct backup_secret *secret, struct backup_in **out, struct err *e)
{
	struct backup_in *i = arena_xmalloc(sizeof(*i));
	enum err_class c;

	*i = (struct backup_in){.fd = -1, .zstd = ZSTD_createDCtx()};
	if (i->zstd == NULL)
		abort();
	c = begin_in(i, path, secret, e);
	if (c != ERR_NONE) {
		backup_file_shut(i);
		i = NULL;
	}
	*out = i;
	return c;
}

enum err_class backup_file_next(
    struct backup_in *i, char name[BACKUP_NAME_MAX + 1], struct err *e)
{
	char what;
	size_t n = 0;

	TRY(take(i, &what, 1, e));
	if (what == 'Z' && i->at == i->s.plain.n && i->length == 0) {
		name[0] = '\0';
		return ERR_NONE;
	}
	if (what != 'F')
		return damaged(e);
	TRY(take_framed(i, name, BACKUP_NAME_MAX, &n, e));
	name[n] = '\0';
	return memchr(name, '\0', n) == NULL ? ERR_NONE : damaged(e);
}

enum err_class backup_file_read(
    struct backup_in *i, struct bytes *out, struct err *e)
{
	char what;
	size_t n = 0;

	TRY(take(i, &what, 1, e));
	if (what != 'D' && what != 'E')
		return damaged(e);
	if (what == 'D')
		TRY(take_framed(i, i->data, sizeof(i->data), &n, e));
	*out = BYTES(i->data, n);
	return ERR_NONE;
}

void backup_file_shut(struct backup_in *i)
{
	if (i == NULL)
		return;
	if (i->fd >= 0)
		(void)close(i->fd);
	sealing_fini(&i->s);
	(void)ZSTD_freeDCtx(i->zstd);
	OPENSSL_cleanse(i->data, sizeof(i->data));
	free(i);
}
