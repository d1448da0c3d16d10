/*
 * zengin.h — kana names as the single bytes of the 全銀 formats, and what was
 * lost, without a copy between (rules: zengin:branch and its like).
 *
 * Source: 全銀協「全銀協規定フォーマット」付録1, as told by public notes of it
 * and by banks' pages (DOMAIN §5.1, §5.3). Width, script and case are
 * informational; small kana become large and ー becomes "-", both material.
 * What has no form in a class is refused: kanji (readings are not guessed),
 * ヲ outside EDI, ヰ ヱ ヷ ヸ ヹ ヺ, commas, and voicing marks that no kana
 * carries.
 */
#ifndef SHOKAI_TEXT_ZENGIN_H
#define SHOKAI_TEXT_ZENGIN_H

#include "base/bytes.h"

#include <stdint.h>

enum zengin_class {
	ZENGIN_BRANCH,	/* 店舗名 */
	ZENGIN_HOLDER,	/* 口座名, 受取人名 */
	ZENGIN_PAYROLL, /* 給与振込 */
	ZENGIN_EDI
};

/* What becomes of one character: letter (and mark) as half-width kana or
 * ASCII, and what is lost (enum rules_loss). */
struct zengin_single {
	uint32_t out[2];
	unsigned char loss;
};

/*
 * One character in that class; before: the letter of the output before it
 * that a mark may belong to, or 0. False if the class does not have it.
 */
bool zengin_single(enum zengin_class class, uint32_t c, uint32_t before,
    struct zengin_single *out);

/* The tables of a class; never changes after zengin_init. */
struct zengin {
	enum zengin_class class;
	bool vectors; /* the machine has them */
	/* By the low byte of a character of U+30xx, or ASCII less 20: */
	unsigned char letter[256]; /* 0: not here */
	unsigned char more[256];   /* loss, and which mark follows */
	unsigned char pack[256][8];
	unsigned char spread[256][16];
};

void zengin_init(struct zengin *z, enum zengin_class class);

/* Bytes that both outputs of n bytes of text must have room for. */
#define ZENGIN_ROOM(n) ((n) + 64)

struct zengin_out {
	unsigned char *bytes;
	size_t n;
	unsigned char *loss; /* enum rules_loss, for each character of in */
	size_t characters;
	size_t at;    /* refused: byte offset in in; characters, bytes before */
	uint32_t bad; /* and the character */
};

/*
 * Encodes names, one a line: a newline stays. False at the first character
 * that the class does not have; what came before it stands in out.
 */
bool zengin_encode(
    const struct zengin *z, struct text in, struct zengin_out *out);

#endif
