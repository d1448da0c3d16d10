/*
 * kanri.h — the 管理番号: derived, never drawn, never changed.
 *
 * [0-9A-Z]{16}: authority (6-digit code, 4 base-36 digits), wave (3),
 * institution (3), the subject's ordinal within the wave (5), check (1,
 * ISO/IEC 7064 MOD 37,36). Ward and unit derive it alike, and the rows of a
 * file are neighbours on disk.
 */
#ifndef SHOKAI_RECORD_KANRI_H
#define SHOKAI_RECORD_KANRI_H

#include "base/bytes.h"

#define KANRI_SIZE 16
#define KANRI_TEXT 17
#define KANRI_HEAD 10		   /* before the ordinal */
#define KANRI_WAVE_MAX 46655	   /* 36^3 - 1 */
#define KANRI_ORDINAL_MAX 60466175 /* 36^5 - 1 */

struct kanri {
	char authority[7];   /* "131041" */
	char institution[5]; /* "9601" */
	uint32_t wave;	     /* from 1 */
	uint32_t ordinal;    /* from 1 */
};

/* The text of k; false if a part is out of its bounds. */
bool kanri_format(const struct kanri *k, char out[KANRI_TEXT]);

/* The numbers of one wave at one institution: what many have alike, once. */
struct kanri_series {
	char text[KANRI_TEXT]; /* of one of those before */
	int sum;	       /* of what stands before the ordinal */
	uint32_t head;	       /* that ordinal without its last digit */
	uint32_t head_sum;     /* of all before that digit: 1 to 36 */
	char digit[36];
	char check[72]; /* by the sum before the last digit, and that digit */
};

/* k's ordinal does not matter; false as kanri_format. */
bool kanri_series_begin(const struct kanri *k, struct kanri_series *s);

/* kanri_format with that ordinal; false if it is out of its bounds. */
bool kanri_series_put(
    struct kanri_series *s, uint32_t ordinal, char out[KANRI_TEXT]);

/* The parts of t; false if the form or the check character is wrong. */
bool kanri_parse(struct text t, struct kanri *out);

/* Would kanri_parse take t? */
bool kanri_is(struct text t);

/* Where most that are asked for follow one another: alike up to the ordinal.
 * Zero-initialise. */
struct kanri_run {
	char head[KANRI_HEAD]; /* of the one before */
	int sum;	       /* of that; 0: there was none */
};

/* kanri_is, and sooner. */
bool kanri_run_is(struct kanri_run *run, struct text t);

/* A wave's 3 base-36 digits and back: "001". */
bool kanri_wave_format(uint32_t wave, char out[4]);
bool kanri_wave_parse(struct text t, uint32_t *out);

#endif
