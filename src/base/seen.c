/* seen.c — see seen.h. */
#include "base/seen.h"

#include "base/spool.h"

#include <stdlib.h>

#define CHAINS 1024
#define FILTER_WORDS ((size_t)1 << 20) /* 8 MiB */
#define ENTRIES 63

struct entry {
	uint64_t key;
	uint32_t number;
	uint32_t unused;
};

/* A kibibyte of a chain; the newest of each is in memory. */
struct block {
	uint64_t before; /* one more than where its elder stands; 0: none */
	uint64_t n;
	struct entry entry[ENTRIES];
};
_Static_assert(sizeof(struct block) == 1024, "a block is a kibibyte");

struct seen {
	uint64_t filter[FILTER_WORDS];
	struct block chain[CHAINS];
	struct spool spool;
};

/* All of it is touched now: it is as large for ten as for a million. */
struct seen *seen_new(const char *dir)
{
	struct seen *s = arena_xlarge(sizeof(*s));

	spool_init(&s->spool, dir);
	return s;
}

void seen_free(struct seen *s)
{
	if (s == NULL)
		return;
	spool_fini(&s->spool);
	free(s);
}

/* The last mixing step of SplitMix64 (Steele, Lea, Flood). */
static uint64_t mixed(uint64_t z)
{
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

/* Four of the bits of one word stand for a key. */
static uint64_t bits_of(uint64_t h)
{
	return UINT64_C(1) << (h & 63) | UINT64_C(1) << (h >> 6 & 63) |
	       UINT64_C(1) << (h >> 12 & 63) | UINT64_C(1) << (h >> 18 & 63);
}

static size_t word_of(uint64_t h)
{
	return h >> 24 & (FILTER_WORDS - 1);
}

static struct block *chain_of(struct seen *s, uint64_t h)
{
	return &s->chain[h >> 54];
}

void seen_expect(const struct seen *s, uint64_t key)
{
	uint64_t h = mixed(key);

	__builtin_prefetch(&s->filter[word_of(h)], 1);
	__builtin_prefetch(&s->chain[h >> 54], 1);
}

static uint32_t find_in(const struct block *b, uint64_t key)
{
	for (uint64_t i = 0; i < b->n; i++)
		if (b->entry[i].key == key)
			return b->entry[i].number;
	return 0;
}

/* Looks for key, of hash h, in its chain. */
static enum err_class find(
    struct seen *s, uint64_t h, uint64_t key, uint32_t *number, struct err *e)
{
	const struct block *newest = chain_of(s, h);
	struct block b;

	*number = find_in(newest, key);
	for (uint64_t at = newest->before; *number == 0 && at != 0;
	     at = b.before) {
		TRY(spool_get(&s->spool, at - 1, &b, sizeof(b), e));
		*number = find_in(&b, key);
	}
	return ERR_NONE;
}

static enum err_class add(
    struct seen *s, uint64_t h, uint64_t key, uint32_t number, struct err *e)
{
	struct block *b = chain_of(s, h);

	if (b->n == ENTRIES) {
		uint64_t at = spool_size(&s->spool) + 1;

		TRY(spool_add(&s->spool, b, sizeof(*b), e));
		b->before = at;
		b->n = 0;
	}
	b->entry[b->n++] = (struct entry){.key = key, .number = number};
	return ERR_NONE;
}

enum err_class seen_find(
    struct seen *s, uint64_t key, uint32_t *number, struct err *e)
{
	uint64_t h = mixed(key);
	uint64_t bits = bits_of(h);

	*number = 0;
	return (s->filter[word_of(h)] & bits) == bits
		   ? find(s, h, key, number, e)
		   : ERR_NONE;
}

enum err_class seen_take(struct seen *s, uint64_t key, uint32_t number,
    uint32_t *before, struct err *e)
{
	uint64_t h = mixed(key);
	uint64_t bits = bits_of(h);
	uint64_t *word = &s->filter[word_of(h)];

	*before = 0;
	if ((*word & bits) == bits)
		TRY(find(s, h, key, before, e));
	*word |= bits;
	return *before != 0 ? ERR_NONE : add(s, h, key, number, e);
}
