/*
 * ward_say.h — an office whose unit, hubs and bank stand still: the test
 * speaks with their keys. Of a wave over SUBJECTS persons, say.state and
 * say.code are what the ward's inbox made of the last word.
 */
#ifndef SHOKAI_TESTS_PARTIES_WARD_SAY_H
#define SHOKAI_TESTS_PARTIES_WARD_SAY_H

#include "ward_fixture.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <setjmp.h>

#include <cmocka.h>

#define FILE_1 "131041-001-9601-0001"
#define SUBJECTS 10

struct say {
	struct office o;
	uint32_t wave;
	int state;
	char code[64];
};

void say_open(struct say *s, enum node_link link);
struct header say_header(const struct say *s, enum header_kind kind);
/* The unit's status: its file of all subjects, with the 4th held. */
void say_file(struct say *s);
void say_number(uint32_t wave, uint32_t ordinal, char out[KANRI_TEXT]);
void say_put(struct buf *out, uint32_t wave, uint32_t ordinal,
    enum answer_class class, const char *balance);
/* Takes answers and leaves it empty. */
void say_answers_as(struct say *s, struct fixture_node *from, struct header *h,
    struct buf *answers);
void say_answers(struct say *s, struct buf *answers, int64_t records);
void say_answer(struct say *s, uint32_t ordinal, enum answer_class class,
    const char *balance);
int64_t say_count(struct say *s, const char *sql);
void say_status(struct say *s, struct fixture_node *from,
    struct fixture_node *hop, json_t *meta);
json_t *say_step(
    const struct say *s, const char *file, const char *hub, int no);

#endif
