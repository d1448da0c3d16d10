/*
 * fuzz_keys.h — keys that are the same in every process, so that a corpus
 * made once is opened again: derived from words, kept nowhere.
 */
#ifndef SHOKAI_FUZZ_FUZZ_KEYS_H
#define SHOKAI_FUZZ_FUZZ_KEYS_H

#include "exchange/keys.h"

/* Keys and certificate of a node of that code; never freed. */
const struct keys *fuzz_keys(const char *code);

#endif
