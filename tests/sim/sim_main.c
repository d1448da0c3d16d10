/*
 * sim_main.c — runs of the simulator (sim.h).
 *
 *     sim FIRST COUNT [STEP]   seeds FIRST, FIRST + STEP …; those that fail
 *     sim --seed N             one, with its trace
 *     sim --list FILE          the seeds a file names, one to a line
 *     sim --replay FIRST COUNT each seed twice: the same run?
 *
 * The last line is `N passed, N failed`.
 */
#include "sim.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

static long passed;
static long failed;

static void report(const struct sim *s, uint64_t seed)
{
	if (s->violations == 0) {
		passed++;
		return;
	}
	failed++;
	(void)printf(
	    "seed %" PRIu64 ": %s (%d)\n", seed, s->why, s->violations);
	(void)fflush(stdout);
}

static void one(struct sim *s, uint64_t seed, bool trace)
{
	(void)sim_run(s, seed, trace);
	report(s, seed);
}

static void twice(struct sim *s, uint64_t seed)
{
	uint64_t hash;
	long steps;

	(void)sim_run(s, seed, false);
	hash = s->hash;
	steps = s->steps;
	/* Another between them leaves nothing behind. */
	(void)sim_run(s, seed + 1, false);
	(void)sim_run(s, seed, false);
	if (hash != s->hash || steps != s->steps || steps == 0)
		sim_wrong(s, "the second run was another: %ld, %ld steps",
		    steps, s->steps);
	report(s, seed);
}

/* A line is a seed, a space, and what it found. */
static int list(struct sim *s, const char *path)
{
	char line[300];
	FILE *f = fopen(path, "r");

	if (f == NULL)
		return 1;
	while (fgets(line, sizeof(line), f) != NULL)
		if (line[0] != '#' && line[0] != '\n')
			one(s, strtoull(line, NULL, 10), false);
	(void)fclose(f);
	return 0;
}

static int choose(struct sim *s, int argc, char **argv)
{
	uint64_t first;
	uint64_t count;
	uint64_t step;

	if (argc == 3 && strcmp(argv[1], "--list") == 0)
		return list(s, argv[2]);
	if (argc == 3 && strcmp(argv[1], "--seed") == 0) {
		one(s, strtoull(argv[2], NULL, 10), true);
		return 0;
	}
	if (argc == 4 && strcmp(argv[1], "--replay") == 0) {
		first = strtoull(argv[2], NULL, 10);
		count = strtoull(argv[3], NULL, 10);
		for (uint64_t i = 0; i < count; i++)
			twice(s, first + i);
		return 0;
	}
	if (argc != 3 && argc != 4)
		return 2;
	first = strtoull(argv[1], NULL, 10);
	count = strtoull(argv[2], NULL, 10);
	step = argc == 4 ? strtoull(argv[3], NULL, 10) : 1;
	for (uint64_t i = 0; i < count; i++)
		one(s, first + i * step, false);
	return 0;
}

/* The nodes' own words would be many. */
static void silence(void)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || dup2(fd, STDERR_FILENO) < 0)
		abort();
	(void)close(fd);
}

int main(int argc, char **argv)
{
	static struct sim s;
	int code;

	if (argc < 2 || strcmp(argv[1], "--seed") != 0)
		silence();
	sim_world_make(&s);
	code = choose(&s, argc, argv);
	sim_world_free(&s);
	(void)printf("%ld passed, %ld failed\n", passed, failed);
	return code != 0 ? code : failed > 0;
}
