/*
 * synth_name.h — the names of persons, foreigners and corporations: drawn by
 * frequency, and written as the ward and as each bank writes them.
 */
#ifndef SHOKAI_SYNTH_SYNTH_NAME_H
#define SHOKAI_SYNTH_SYNTH_NAME_H

#include "base/bytes.h"
#include "synth/synth_rates.h"
#include "synth/synth_spell.h"
#include "synth/synth_tables.h"

struct synth_corporate_word;
struct synth_office;

/*
 * Persons: 氏 and 名. Foreigners: family and given hold Latin letters.
 * Corporations: family is the name's first part, given the trade; word is
 * 株式会社 and its like, office a branch office or NULL.
 */
struct synth_name {
	enum synth_kind kind;
	struct text family;
	struct text given;
	struct text family_kana;
	struct text given_kana;
	const struct synth_corporate_word *word;
	const struct synth_office *office;
	bool front;
	bool given_first;
};

/* Planted: bits of SYNTH_CASES that shape a name; 0 for none. */
void synth_name_draw(const struct synth_tables *t, struct arena *a,
    enum synth_kind kind, uint32_t planted, struct synth_rng *r,
    struct synth_name *out);

/* The same person's name as told to a bank: the kanji variant, the other
 * reading, the usual vowel, given name first — as planted says. */
void synth_name_told(const struct synth_tables *t, struct arena *a,
    const struct synth_name *name, uint32_t planted, struct synth_name *out);

/* A given name as a twin's: one that begins alike, but is another. */
void synth_name_sibling(const struct synth_tables *t,
    const struct synth_name *name, struct synth_rng *r, struct synth_name *out);

/* Appended to out; what SYNTH_SPELL_… bits say. Kanji: persons and
 * corporations; Latin: foreigners; else nothing is added. */
unsigned synth_name_kana(const struct synth_style *s,
    const struct synth_name *name, struct buf *out);
unsigned synth_name_kanji(const struct synth_style *s,
    const struct synth_name *name, struct buf *out);
void synth_name_latin(const struct synth_style *s,
    const struct synth_name *name, struct buf *out);

/* Hard cases that the name alone makes, as bits: of the ward's record. */
uint32_t synth_name_cases(
    const struct synth_tables *t, const struct synth_name *name);

#endif
