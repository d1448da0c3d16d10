/*
 * ward_answers.h — the registered answers of a wave, page by page: by key,
 * whatever their number.
 */
#ifndef SHOKAI_PARTIES_WARD_ANSWERS_H
#define SHOKAI_PARTIES_WARD_ANSWERS_H

#include "parties/ward_wave.h"

#include <jansson.h>

struct ward_answers_page {
	uint32_t wave;
	const char *institution; /* "" : of all */
	int class;		 /* of enum answer_class; -1: of all */
	const char *after;	 /* 管理番号, or "" */
	size_t max;
	const struct ward_user *officer;
	json_t *items;	  /* {inquiry, institution, atena, class, late, open,
			     file}, by 管理番号; the caller's */
	const char *next; /* NULL: no more */
};

/* Logged as a reading of the wave. ERR_INPUT "wave.unknown". */
CHECKED enum err_class ward_answers_list(
    struct party_context *c, struct ward_answers_page *page, struct err *e);

/*
 * 財産調査結果一覧: subjects of a wave by ordinal, behind after, each with the
 * institutions asked and what they answered: {ordinal, atena, kanji, masked,
 * answers:[{inquiry, institution, class}]} (class null: no answer yet). next
 * 0: no more. Each person is logged as read.
 */
struct ward_answers_results {
	uint32_t wave;
	int64_t after;
	size_t max;
	const struct ward_user *officer;
	json_t *items; /* the caller's */
	int64_t next;
};
CHECKED enum err_class ward_answers_by_subject(
    struct party_context *c, struct ward_answers_results *page, struct err *e);

#endif
