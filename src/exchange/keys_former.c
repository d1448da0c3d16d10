/* keys_former.c — the certificates a node had before: see keys.h. */
#include "base/file.h"
#include "exchange/keys_internal.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FORMER "former-"
#define NAME_HEX 16 /* digits of the fingerprint in a name */

static char *path_of(const char *dir, const char *name, const char *ending)
{
	size_t n = strlen(dir) + strlen(name) + strlen(ending) + 2;
	char *path = arena_xmalloc(n);

	(void)snprintf(path, n, "%s/%s%s", dir, name, ending);
	return path;
}

/* Its own key if it has one, else the present one. */
static enum err_class key_of(
    const struct keys *k, const char *name, EVP_PKEY **out, struct err *e)
{
	char *path = path_of(k->folder, name, ".key");
	enum err_class c = ERR_NONE;

	*out = NULL;
	if (access(path, F_OK) == 0) {
		c = keys_check_mode(path, e);
		if (c == ERR_NONE)
			c = keys_read(path, out, e);
	} else {
		*out = k->key;
		(void)EVP_PKEY_up_ref(k->key);
	}
	free(path);
	return c;
}

static enum err_class load_one(struct keys *k, const char *name, struct err *e)
{
	struct keys_former *f = &k->former[k->former_count];
	char *path = path_of(k->folder, name, ".crt");
	enum err_class c;

	*f = (struct keys_former){0};
	k->former_count++;
	c = keys_read_certificate(path, &f->own, e);
	if (c == ERR_NONE)
		c = key_of(k, name, &f->key, e);
	if (c == ERR_NONE)
		c = keys_check_pair(f->key, f->own, e);
	if (c != ERR_NONE && c != ERR_FAULT)
		(void)err_detail(e, "%s.crt", name);
	free(path);
	return c;
}

static int is_former(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return strncmp(d->d_name, FORMER, strlen(FORMER)) == 0 && n > 4 &&
	       strcmp(d->d_name + n - 4, ".crt") == 0;
}

enum err_class keys_load_former(struct keys *k, struct err *e)
{
	struct dirent **list;
	int n = scandir(k->folder, &list, is_former, alphasort);
	enum err_class c = ERR_NONE;

	if (n < 0) {
		err_set(e, ERR_FAULT, "fault", "鍵のフォルダが読めません",
		    "the folder of the keys cannot be read");
		return err_detail(e, "%s", strerror(errno));
	}
	for (int i = 0; i < n; i++) {
		list[i]->d_name[strlen(list[i]->d_name) - 4] = '\0';
		if (c == ERR_NONE && k->former_count < KEYS_FORMER)
			c = load_one(k, list[i]->d_name, e);
		free(list[i]);
	}
	free(list);
	return c;
}

static enum err_class copy(const char *from, const char *to, struct err *e)
{
	struct buf in = {0};
	enum err_class c = file_read(from, KEYS_FILE_MAX, &in, e);

	if (c == ERR_NONE)
		c = file_put(to, buf_bytes(&in), 0644, true, e);
	buf_fini(&in);
	return c;
}

enum err_class keys_keep_former(
    const char *dir, const struct certificate *by, struct err *e)
{
	char *present = path_of(dir, "node", ".crt");
	struct certificate *was = NULL;
	char hex[DIGEST_TEXT];
	char name[sizeof(FORMER) + NAME_HEX];
	char *to;
	enum err_class c = keys_read_certificate(present, &was, e);

	/* None yet, or none that could be used: nothing is sealed to it. */
	if (c == ERR_INPUT)
		c = ERR_NONE;
	if (was != NULL && !digest_eq(certificate_fingerprint(was),
			       certificate_fingerprint(by))) {
		digest_hex(certificate_fingerprint(was), hex);
		(void)snprintf(
		    name, sizeof(name), FORMER "%.*s", NAME_HEX, hex);
		to = path_of(dir, name, ".crt");
		c = copy(present, to, e);
		free(to);
	}
	certificate_free(was);
	free(present);
	return c;
}
