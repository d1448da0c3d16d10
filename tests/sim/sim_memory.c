/*
 * sim_memory.c — this process' memory, in the place of the C library's: one
 * thread, which takes and gives back blocks of the same few sizes millions of
 * times. Each size has its list of free blocks, and nothing is ever joined,
 * parted or returned. Not linked where a sanitizer has its own.
 */
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define GRAIN ((size_t)16)
#define SMALL ((size_t)1024) /* up to here a size for each grain */
#define SIZES 256
#define PIECE ((size_t)32 << 20) /* taken from the kernel at once */
#define LARGEST ((size_t)1 << 40)

/* Stands before each block. */
struct head {
	uint32_t size;	/* which list it belongs to */
	uint32_t shift; /* from the block's beginning, where it was aligned */
	uint64_t room;
};

struct spare {
	struct spare *next;
};

static struct spare *spares[SIZES];
static unsigned char *piece;
static size_t left;

/* Above SMALL each power of two has four sizes. */
static unsigned size_of(size_t n, size_t *room)
{
	unsigned bits;
	size_t step;

	if (n <= SMALL) {
		*room = n == 0 ? GRAIN : (n + GRAIN - 1) / GRAIN * GRAIN;
		return (unsigned)(*room / GRAIN);
	}
	bits = 63 - (unsigned)__builtin_clzll((unsigned long long)(n - 1));
	step = (size_t)1 << (bits - 2);
	*room = (n + step - 1) / step * step;
	return (unsigned)(SMALL / GRAIN + 1 + (bits - 10) * 4 +
			  (*room - ((size_t)1 << bits)) / step);
}

static void *from_kernel(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	(void)madvise(p, n, MADV_HUGEPAGE);
	return p;
}

static unsigned char *carve(size_t n)
{
	unsigned char *p;

	if (n > PIECE / 4)
		return from_kernel(n);
	if (n > left) {
		piece = from_kernel(PIECE);
		left = piece != NULL ? PIECE : 0;
	}
	if (n > left)
		return NULL;
	p = piece;
	piece += n;
	left -= n;
	return p;
}

static struct head *head_of(void *p)
{
	return (struct head *)p - 1;
}

static void *take(size_t n)
{
	struct head *h;
	size_t room;
	unsigned size;
	struct spare *s;

	if (n > LARGEST) {
		errno = ENOMEM;
		return NULL;
	}
	size = size_of(n, &room);
	s = spares[size];
	if (s != NULL) {
		spares[size] = s->next;
		return s;
	}
	h = (struct head *)carve(sizeof(*h) + room);
	if (h == NULL) {
		errno = ENOMEM;
		return NULL;
	}
	*h = (struct head){.size = size, .room = room};
	return h + 1;
}

void *malloc(size_t n)
{
	return take(n);
}

void free(void *p)
{
	struct head *h;
	struct spare *s;

	if (p == NULL)
		return;
	h = head_of(p);
	if (h->shift != 0) {
		p = (unsigned char *)p - h->shift;
		h = head_of(p);
	}
	s = p;
	s->next = spares[h->size];
	spares[h->size] = s;
}

void *calloc(size_t count, size_t n)
{
	size_t all;
	void *p;

	if (__builtin_mul_overflow(count, n, &all)) {
		errno = ENOMEM;
		return NULL;
	}
	p = take(all);
	return p == NULL ? NULL : memset(p, 0, all);
}

size_t malloc_usable_size(void *p)
{
	return p == NULL ? 0 : (size_t)head_of(p)->room;
}

void *realloc(void *p, size_t n)
{
	size_t room = malloc_usable_size(p);
	void *q;

	if (p != NULL && n <= room)
		return p;
	q = take(n);
	if (q == NULL || p == NULL)
		return q;
	memcpy(q, p, room);
	free(p);
	return q;
}

void *memalign(size_t to, size_t n)
{
	unsigned char *p;
	size_t shift;

	if (to <= GRAIN)
		return take(n);
	p = n < LARGEST ? take(n + to) : NULL;
	if (p == NULL)
		return NULL;
	shift = (to - (uintptr_t)p % to) % to;
	if (shift == 0)
		return p;
	*head_of(p + shift) = (struct head){
	    .shift = (uint32_t)shift,
	    .room = head_of(p)->room - shift,
	};
	return p + shift;
}

void *aligned_alloc(size_t to, size_t n)
{
	return memalign(to, n);
}

int posix_memalign(void **out, size_t to, size_t n)
{
	void *p = memalign(to, n);

	if (p == NULL)
		return ENOMEM;
	*out = p;
	return 0;
}
