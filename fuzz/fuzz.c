/* fuzz.c — see fuzz.h. */
#include "fuzz.h"

#include <fcntl.h>
#include <ftw.h>
#include <unistd.h>

static char folder[256];

void fuzz_refusal(enum err_class class, const struct err *e)
{
	if (class == ERR_NONE)
		return;
	fuzz_require(e->class == class);
	fuzz_require(e->code != NULL && e->code[0] != '\0');
	fuzz_require(e->ja != NULL && e->en != NULL);
}

void fuzz_no_fault(enum err_class class, const struct err *e)
{
	fuzz_refusal(class, e);
	if (class == ERR_FAULT || class == ERR_UNSURE)
		(void)fprintf(stderr, "%s: %s\n", e->code, e->detail);
	fuzz_require(class != ERR_FAULT && class != ERR_UNSURE);
}

unsigned fuzz_byte(struct bytes *in)
{
	unsigned c = 0;

	if (in->n > 0) {
		c = in->p[0];
		in->p++;
		in->n--;
	}
	return c;
}

static int unlink_it(
    const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void clear(void)
{
	(void)nftw(folder, unlink_it, 16, FTW_DEPTH | FTW_PHYS);
}

const char *fuzz_folder(void)
{
	const char *top = getenv("TMPDIR");

	if (folder[0] != '\0')
		return folder;
	(void)snprintf(folder, sizeof(folder), "%s/shokai-fuzz-XXXXXX",
	    top != NULL ? top : "/tmp");
	fuzz_require(mkdtemp(folder) != NULL);
	fuzz_require(atexit(clear) == 0);
	return folder;
}

const char *fuzz_file(const char *name, struct bytes b)
{
	static char path[512];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", fuzz_folder(), name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	fuzz_require(fd >= 0);
	fuzz_require(b.n == 0 || write(fd, b.p, b.n) == (ssize_t)b.n);
	fuzz_require(close(fd) == 0);
	return path;
}
