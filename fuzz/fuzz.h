/*
 * fuzz.h — what the fuzz targets share. A target is one function that takes
 * bytes from outside; libFuzzer calls it (script/soak fuzz), or replay.c does
 * with the files of corpus/NAME (script/test).
 *
 * A target may not fail: what is refused is refused by the code under test.
 * What must hold of what is taken is said with fuzz_require.
 */
#ifndef SHOKAI_FUZZ_FUZZ_H
#define SHOKAI_FUZZ_FUZZ_H

#include "base/bytes.h"
#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>

/* The target: always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* Ends the process, with the place, unless it holds. */
#define fuzz_require(holds)                                                    \
	do {                                                                   \
		if (!(holds)) {                                                \
			(void)fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, \
			    __LINE__, #holds);                                 \
			abort();                                               \
		}                                                              \
	} while (0)

/* A refusal has a code and a reason in both languages; a call that is not
 * refused has none to look at. */
void fuzz_refusal(enum err_class class, const struct err *e);

/* No byte of bad input is a fault of ours. */
void fuzz_no_fault(enum err_class class, const struct err *e);

/* Takes the first byte off; 0 if there is none. */
unsigned fuzz_byte(struct bytes *in);

/* A folder of this process in TMPDIR, made at the first call; removed when
 * the process ends. */
const char *fuzz_folder(void);

/* A file in it, with these bytes; the path lives until the next call. */
const char *fuzz_file(const char *name, struct bytes b);

#endif
