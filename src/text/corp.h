/*
 * corp.h — corporate words (法人略語) in kanji and kana, and where they stand.
 *
 * Words and abbreviations: DOMAIN §5.4 (public pages of banks; the classes
 * of the 全銀 formats). First "カ)", in the middle "(カ)", last "(カ".
 */
#ifndef SHOKAI_TEXT_CORP_H
#define SHOKAI_TEXT_CORP_H

#include "base/bytes.h"

/* Can t hold any of what follows? A quick look; false is certain. */
bool corp_any(struct text t);

/*
 * Is there a corporate word at *i (株式会社, カブシキガイシャ in any width
 * and size of kana, ㈱, (株))? Its abbreviation (カ), and *i behind it; NULL,
 * and *i unmoved, if there is none. The longest word wins.
 */
const char *corp_word(struct text t, size_t *i);

/* The same for an abbreviation in its parentheses: カ) (カ) (カ. head, tail:
 * only spaces stand before, behind it. */
const char *corp_short(struct text t, size_t *i, bool head);

/* 営業所 (エイ) and 出張所 (シユツ), and the words of businesses that are
 * written short without parentheses (連合会 レン): as corp_word. */
const char *corp_office(struct text t, size_t *i);
const char *corp_business(struct text t, size_t *i);

/* The same for the abbreviations of offices, (エイ) (エイ, and of businesses,
 * which have no parentheses and are only known at the end of a name: レン.
 * Neither stands in front (head). */
const char *corp_office_short(struct text t, size_t *i, bool head);
const char *corp_business_short(struct text t, size_t *i, bool head);

/* The word that an abbreviation of any of the three kinds stands for, in kanji
 * or in kana; *certain: for no other (イ also stands for 社会医療法人) and
 * read in no other way. */
const char *corp_full(const char *abbrev, bool kanji, bool *certain);

/* The number of an abbreviation of any of the three kinds, under 128, so that
 * a rule may leave it out; false if there is none. */
bool corp_switch(struct text abbrev, unsigned char *which);

/* The name without corporate words and branch-office words at its ends: a
 * part of t. A name that is nothing else stays as it is. */
struct text corp_strip(struct text t);

#endif
