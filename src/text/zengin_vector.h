/*
 * zengin_vector.h — zengin_encode with 16-byte vectors, where the machine has
 * them (x86-64 with SSE4.1). For zengin.c, its tests and its bench.
 */
#ifndef SHOKAI_TEXT_ZENGIN_VECTOR_H
#define SHOKAI_TEXT_ZENGIN_VECTOR_H

#include "text/zengin.h"

/* Bits of struct zengin's more. */
#define ZENGIN_VECTOR_MARK 0x80u /* a voicing mark follows … */
#define ZENGIN_VECTOR_SEMI 0x40u /* … and it is ﾟ */
#define ZENGIN_VECTOR_LOSS 0x03u

/* A newline's place in the tables, which "!" would have: no class has it. */
#define ZENGIN_VECTOR_NEWLINE 1

/* Can it be used here? */
bool zengin_vector_here(void);

/*
 * As zengin_encode, up to *done: what is left is too short for a vector. False
 * if a character was refused.
 */
bool zengin_vector(const struct zengin *z, struct text in, size_t *done,
    struct zengin_out *out);

/* As zengin_encode for in[from, to), appending to out; ends of characters. */
bool zengin_scalar(const struct zengin *z, struct text in, size_t from,
    size_t to, struct zengin_out *out);

#endif
