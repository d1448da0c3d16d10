/*
 * rules_run.h — how one rule runs: it reads its input and tells its edits.
 *
 * For the files rules_*.c alone. An edit replaces a range of the input; what
 * lies between edits is copied as it stands, and nothing is copied while
 * there is no edit. Every edit reaches the report (T2).
 */
#ifndef SHOKAI_TEXT_RULES_RUN_H
#define SHOKAI_TEXT_RULES_RUN_H

#include "base/date.h"
#include "text/rules.h"

struct rules_run;

/* False after rules_run_refuse. */
typedef bool rules_run_fn(struct rules_run *run);

struct rules_step {
	const char *name; /* as written */
	rules_run_fn *fn;
	int mode;	       /* which of the rule's arguments, from 0 */
	size_t size;	       /* N of cut-bytes and cut-chars */
	unsigned char off[16]; /* words left out (corp_switch), a bit each */
	unsigned schemes;      /* of kanji: kanji.h; 0: none named */
	const struct mj_table *map;  /* of kanji */
	const struct zengin *zengin; /* tables of the class */
	struct date context; /* of date: the last day it may be; year 0 */
};

#define RULES_STEPS_MAX 64

/* A compiled list. */
struct rules {
	size_t n;
	struct rules_step step[RULES_STEPS_MAX];
};

struct rules_run {
	struct text in;
	const struct rules_step *step;
	struct arena *a;
	struct rules_report *report;
	size_t kept; /* in before here is in the output */
	char *p;     /* the output; NULL while nothing has changed */
	size_t n;
	size_t room;
	struct text candidates; /* of the next edit, to be told */
	size_t counted;		/* byte offset … */
	size_t characters;	/* … and the code points before it */
};

/* Replaces in[from, to); edits come in order and do not overlap. */
void rules_run_edit(struct rules_run *run, size_t from, size_t to,
    struct text after, enum rules_loss loss);

/* The same, with up to two characters instead of a text. 0: none. */
void rules_run_put(struct rules_run *run, size_t from, size_t to,
    const uint32_t after[2], enum rules_loss loss);

/* Puts one character for in[from, to). */
static inline void rules_run_one(struct rules_run *run, size_t from, size_t to,
    uint32_t c, enum rules_loss loss)
{
	rules_run_put(run, from, to, (uint32_t[2]){c, 0}, loss);
}

/* Replaces each character c by map(c) where that is another. */
void rules_run_map(
    struct rules_run *run, uint32_t (*map)(uint32_t), enum rules_loss loss);

/* Puts after for the whole input; the report names what differs alone. */
void rules_run_replace(
    struct rules_run *run, struct text after, enum rules_loss loss);

/* Tells of c at byte offset at, which stays; in order with the edits. */
void rules_run_find(struct rules_run *run, size_t at, uint32_t c,
    const char *ja, const char *en);

/* Says that the rule refuses its input at byte offset at. Returns false. */
bool rules_run_refuse(struct rules_run *run, size_t at, uint32_t c,
    const char *ja, const char *en);

/* The output: in itself when nothing changed. */
struct text rules_run_end(struct rules_run *run);

/* rules_unicode.c */
rules_run_fn rules_unicode_nfc;
rules_run_fn rules_unicode_ivs;
rules_run_fn rules_unicode_gaiji;
rules_run_fn rules_unicode_kanji; /* mode: set × 4 + what to do */

/* rules_width.c */
rules_run_fn rules_width_kana_half;
rules_run_fn rules_width_kana_full;
rules_run_fn rules_width_latin_half;
rules_run_fn rules_width_latin_full;
rules_run_fn rules_width_digit_half;
rules_run_fn rules_width_digit_full;
rules_run_fn rules_width_sign_half;
rules_run_fn rules_width_sign_full;
rules_run_fn rules_width_upper;
rules_run_fn rules_width_lower;

/* rules_kana.c */
rules_run_fn rules_kana_katakana;
rules_run_fn rules_kana_hiragana;
rules_run_fn rules_kana_large;
rules_run_fn rules_kana_long;	  /* hyphen mark drop */
rules_run_fn rules_kana_voiced;	  /* compose */
rules_run_fn rules_kana_unvoiced; /* split */
rules_run_fn rules_kana_wo;
rules_run_fn rules_kana_wi;
rules_run_fn rules_kana_we;
rules_run_fn rules_kana_vu_split;
rules_run_fn rules_kana_vu_b;
rules_run_fn rules_kana_ka_ke;

/* rules_mark.c */
rules_run_fn rules_mark_iteration;
rules_run_fn rules_mark_vowel;
rules_run_fn rules_mark_ga;

/* rules_sign.c */
rules_run_fn rules_sign_dash;
rules_run_fn rules_sign_space_fold;
rules_run_fn rules_sign_space; /* none half full one */
rules_run_fn rules_sign_dot;   /* drop period space */

/* rules_zengin.c */
rules_run_fn rules_zengin; /* branch holder payroll edi */

/* rules_corp.c */
rules_run_fn rules_corp_abbrev;
rules_run_fn rules_corp_expand;
rules_run_fn rules_corp_remove;
rules_run_fn rules_corp_office;
rules_run_fn rules_corp_office_more; /* expand remove */
rules_run_fn rules_corp_business;
rules_run_fn rules_corp_business_more; /* expand remove */

/* rules_address.c */
rules_run_fn rules_address_number; /* kanji arabic */
rules_run_fn rules_address_block;  /* hyphen words */
rules_run_fn rules_address_oaza;
rules_run_fn rules_address_building;

/* rules_form.c */
rules_run_fn rules_form_name_middle; /* keep drop */
rules_run_fn rules_form_name_order;  /* family-first given-first */
rules_run_fn rules_form_address;
rules_run_fn rules_form_postal; /* plain hyphen */
rules_run_fn rules_form_date;	/* ymd8 slash iso era7 era6 letter kanji */
rules_run_fn rules_form_cut_bytes;
rules_run_fn rules_form_cut_chars;

#endif
