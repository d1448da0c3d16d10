/*
 * synth_tables.h — the names and places that people are drawn from: data/
 * names_family.tsv, names_given.tsv, names_foreign.tsv, places.tsv, compiled
 * into the program. Names are drawn by frequency, with replacement.
 */
#ifndef SHOKAI_SYNTH_SYNTH_TABLES_H
#define SHOKAI_SYNTH_SYNTH_TABLES_H

#include "base/bytes.h"
#include "base/err.h"
#include "synth/synth_rng.h"

struct synth_entry {
	struct text kanji; /* foreign names: Latin letters */
	struct text kana;
	struct text other; /* foreign names: kana otherwise; else empty */
	uint32_t weight;
	uint32_t alike; /* the next with the same kana, in a ring */
};

struct synth_place {
	struct text postal;
	struct text prefecture;
	struct text municipality;
	struct text town;
};

/* Sets of names that serve a hard case. */
enum synth_pool_name {
	SYNTH_FAMILY_ANY,
	SYNTH_FAMILY_COMMON, /* the ten commonest */
	SYNTH_FAMILY_KE,     /* with ケ or ヶ */
	SYNTH_FAMILY_0208,   /* with a kanji that has a variant: spell.h */
	SYNTH_FAMILY_CP932,
	SYNTH_FAMILY_OUTSIDE,
	SYNTH_GIVEN_ANY,
	SYNTH_GIVEN_COMMON, /* the forty commonest */
	SYNTH_GIVEN_SMALL,  /* with a small kana */
	SYNTH_GIVEN_LONG,   /* with a vowel that can be written ー */
	SYNTH_LATIN_FAMILY,
	SYNTH_LATIN_GIVEN,
	SYNTH_LATIN_GIVEN_VU, /* with ヴ */
	SYNTH_POOLS
};

struct synth_pool {
	const struct synth_entry *entry; /* the whole table */
	uint32_t *index;		 /* those of the pool */
	uint32_t *sum;			 /* of weights, up to and with it */
	uint32_t n;
};

struct synth_tables {
	struct synth_entry *family;
	struct synth_entry *given;
	struct synth_entry *latin_family;
	struct synth_entry *latin_given;
	struct synth_place *place;
	uint32_t families;
	uint32_t givens;
	uint32_t latin_families;
	uint32_t latin_givens;
	uint32_t places;
	uint32_t *ward_place; /* places of 新宿区 */
	uint32_t ward_places;
	uint32_t *ke_place; /* those among them with ケ or ヶ */
	uint32_t ke_places;
	struct synth_pool pool[SYNTH_POOLS];
};

/* The tables in arena a. They are ours: ERR_FAULT "fault" if one is bad. */
CHECKED enum err_class synth_tables_load(
    struct arena *a, struct synth_tables *out, struct err *e);

const struct synth_entry *synth_tables_draw(const struct synth_tables *t,
    enum synth_pool_name pool, struct synth_rng *r);

/* A given name of the same kana, spelled otherwise; g itself if none is. */
const struct synth_entry *synth_tables_alike(
    const struct synth_tables *t, const struct synth_entry *g);

/* A place of the ward; of anywhere. */
const struct synth_place *synth_tables_ward_place(
    const struct synth_tables *t, struct synth_rng *r);
const struct synth_place *synth_tables_place(
    const struct synth_tables *t, struct synth_rng *r);

#endif
