/*
 * yucho.h — ゆうちょ銀行's 記号・番号 as the branch and account number that
 * other banks use (the bank's own published rule: 店番 is the second and third
 * digit of the 記号 and 8 for 1xxxx, 9 for 0xxxx).
 */
#ifndef SHOKAI_CODES_YUCHO_H
#define SHOKAI_CODES_YUCHO_H

#include "base/bytes.h"

#define YUCHO_INSTITUTION "9900"

struct yucho {
	char symbol[6];	 /* 記号, 5 digits */
	char number[9];	 /* 番号, as given */
	char branch[4];	 /* 店番 */
	char account[8]; /* 口座番号, 7 digits */
	char kind[2];	 /* 口座種別: 1 for 1xxxx, 2 (当座) for 0xxxx */
};

/*
 * "17300-19927651": 1xxxx and up to 8 digits, of which the last is no part
 * of the account number; 0xxxx and up to 7, as they are written with the sixth
 * digit of the 記号 between (00120-1-123456) or without: it is no part of the
 * other banks' numbers. False for anything else.
 */
bool yucho_parse(struct text t, struct yucho *out);

#endif
