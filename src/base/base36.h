/*
 * base36.h — numbers in the digits 0–9 A–Z, and their check character.
 *
 * The check character is ISO/IEC 7064 MOD 37,36 (a hybrid system with one
 * check character out of the same 36): it finds every single wrong character
 * and nearly all neighbours exchanged.
 */
#ifndef SHOKAI_BASE_BASE36_H
#define SHOKAI_BASE_BASE36_H

#include "base/bytes.h"

/* Exactly width digits of v into out (no NUL). False if v does not fit. */
bool base36_put(uint64_t v, size_t width, char *out);

/* The value of t; false if empty, over 12 characters, or not base 36. */
bool base36_get(struct text t, uint64_t *out);

/* The check character of n characters, each 0–9 or A–Z; 0 if one is not. */
char base36_check(const char *p, size_t n);

/*
 * The same in steps: a sum begins with BASE36_SUM and goes over one piece
 * after another; -1 if there was something that is no digit.
 */
#define BASE36_SUM 36
int base36_sum(int sum, const char *p, size_t n);
char base36_check_of(int sum);

#endif
