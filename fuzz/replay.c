/*
 * replay.c — a target without libFuzzer: runs the files named, or those of
 * the folders named, each as it is and in changed forms (cut off, a byte
 * changed, a piece doubled) that a fixed generator chooses: the same each
 * time. Prints how many files there were; no file at all is a failure.
 *
 *   TARGET [--changed N=64] FILE|FOLDER…
 */
#include "fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INPUT_MAX ((size_t)1 << 20)

static size_t files;
static size_t changed = 64;
static uint64_t state;

/* splitmix64 */
static uint64_t next(uint64_t below)
{
	uint64_t z = state += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return (z ^ z >> 31) % below;
}

/* A copy of its own size, so that one byte too far is seen. */
static void run(const unsigned char *p, size_t n)
{
	unsigned char *copy = malloc(n > 0 ? n : 1);

	fuzz_require(copy != NULL);
	if (n > 0)
		memcpy(copy, p, n);
	(void)LLVMFuzzerTestOneInput(copy, n);
	free(copy);
}

static void run_changed(const unsigned char *p, size_t n)
{
	unsigned char *copy = malloc(2 * n);
	size_t at = next(n);
	size_t m = n;

	fuzz_require(copy != NULL);
	memcpy(copy, p, n);
	switch (next(4)) {
	case 0:
		m = at;
		break;
	case 1:
		copy[at] = (unsigned char)next(256);
		break;
	case 2:
		copy[at] ^= (unsigned char)(1u << next(8));
		break;
	default:
		memcpy(copy + n, p + at, n - at);
		m = n + (n - at);
	}
	run(copy, m);
	free(copy);
}

static void one(const char *path)
{
	unsigned char *p = malloc(INPUT_MAX);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	fuzz_require(p != NULL && fd >= 0);
	n = read(fd, p, INPUT_MAX);
	fuzz_require(n >= 0);
	fuzz_require(close(fd) == 0);
	run(p, (size_t)n);
	state = (uint64_t)n;
	for (size_t i = 0; n > 0 && i < changed; i++)
		run_changed(p, (size_t)n);
	free(p);
	files++;
}

static int plain(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static void all_of(const char *path)
{
	struct dirent **names;
	struct stat st;
	int n;

	if (stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
		one(path);
		return;
	}
	n = scandir(path, &names, plain, alphasort);
	for (int i = 0; i < n; i++) {
		char file[4096];

		(void)snprintf(
		    file, sizeof(file), "%s/%s", path, names[i]->d_name);
		one(file);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

int main(int argc, char **argv)
{
	int i = 1;

	if (argc > 2 && strcmp(argv[1], "--changed") == 0) {
		changed = strtoul(argv[2], NULL, 10);
		i = 3;
	}
	for (; i < argc; i++)
		all_of(argv[i]);
	(void)printf("%zu passed, %d failed\n", files, files == 0);
	return files == 0;
}
