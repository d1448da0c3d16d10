/*
 * number.h — forms and check digits of public numbers. All are text (T4).
 */
#ifndef SHOKAI_CODES_NUMBER_H
#define SHOKAI_CODES_NUMBER_H

#include "base/bytes.h"

/* 全国地方公共団体コード, 6 digits; the sixth checks: (11 − Σ mod 11) mod 10
 * with weights 6 5 4 3 2 (総務省「全国地方公共団体コード仕様」). */
bool number_is_municipality(struct text t);

/* 住所コード: a municipality's 6 digits, checked, or 13 digits (6 and the 7
 * of a 町字ID, デジタル庁 アドレス・ベース・レジストリ). */
bool number_is_address_code(struct text t);

/* 法人番号, 13 digits; the first checks: 9 − (Σ Pn×Qn mod 9), Qn 1 and 2 by
 * turns from the right (法人番号の指定等に関する省令2条). */
bool number_is_corporate(struct text t);

/* Has the form of an 個人番号 (12 digits, the last checks: 行政手続における
 * 特定の個人を識別するための番号の利用等に関する法律施行令8条に基づく
 * 総務省令5条). Only to recognise what must not be here. */
bool number_is_individual(struct text t);

/* "NNNNNNN" or "NNN-NNNN" to "NNNNNNN" and NUL. */
bool number_postal(struct text t, char out[8]);

/* 1 to width digits to width, zeros before (spreadsheets drop them), and NUL:
 * 4 of an institution, 3 of a branch, 7 of an account. */
bool number_pad(struct text t, size_t width, char *out);

/* 1–7 digits to 7, zeros before, and NUL. */
bool number_account(struct text t, char out[8]);

/* 口座種別 1–9 (docs/interface.md §9); its name, NULL if it is none. */
const char *number_account_kind(struct text t);

#endif
