/* subject_shape.c — see subject_shape.h. */
#include "record/subject_shape.h"

#include "codes/number.h"

/* The first and the last character that may stand at each place, and how many
 * there may be; a text has any. */
struct places {
	const char *from;
	const char *to;
	size_t min;
	size_t max;
};

#define NUMBER(min, max)                                                       \
	{                                                                      \
		"0000000000000000", "9999999999999999", min,                   \
		    (max) < SUBJECT_SHAPE_BYTES ? (max) : SUBJECT_SHAPE_BYTES  \
	}
#define DAY                                                                    \
	{                                                                      \
		"1000-00-00", "2999-19-39", 10, 10                             \
	}
#define UNKNOWN                                                                \
	{                                                                      \
		"", "", 0, 0                                                   \
	}

/* By the form of SUBJECT_COLUMNS. */
#define PLACES_DIGITS(max) NUMBER(1, max)
#define PLACES_CODE_123(max)                                                   \
	{                                                                      \
		"1", "3", 1, max                                               \
	}
#define PLACES_TEXT(max)                                                       \
	{                                                                      \
		"", "", 1, max                                                 \
	} /* that many bytes at most */
#define PLACES_PARTIAL_DATE(max) DAY
#define PLACES_DATE(max) DAY
#define PLACES_CODE_SEX(max)                                                   \
	{                                                                      \
		"0", "2", 1, max                                               \
	}
#define PLACES_POSTAL(max) NUMBER(7, 7)
#define PLACES_ADDRESS_CODE(max) UNKNOWN
#define PLACES_FLAG(max)                                                       \
	{                                                                      \
		"0", "1", 1, max                                               \
	}
#define PLACES_CORPORATE(max) UNKNOWN
#define PLACES_KAMOKU(max) UNKNOWN
#define PLACES_YEN(max)                                                        \
	{                                                                      \
		"100000000000", "999999999999", 1, max                         \
	}
#define PLACES_MEASURES(max) UNKNOWN
#define PLACES_BANK(max) NUMBER(max, max)
#define PLACES_BRANCH(max) NUMBER(max, max)
#define PLACES_KIND(max) UNKNOWN

#define PLACES_(id, name, form, max, must, identity)                           \
	[SUBJECT_##id] = PLACES_##form(max),
static const struct places columns[SUBJECT_COUNT] = {SUBJECT_COLUMNS(PLACES_)};

static void take_places(struct subject_shape *s, const struct places *p)
{
	size_t n = strlen(p->from);

	memset(s->span, UINT8_MAX, sizeof(s->span));
	for (size_t i = 0; i < n; i++) {
		s->from[i] = (unsigned char)p->from[i];
		s->span[i] = (unsigned char)(p->to[i] - p->from[i]);
	}
	s->least = p->max != 0 ? (uint32_t)p->min : UINT32_MAX;
	s->more = (uint32_t)(p->max - p->min);
	s->any = n == 0 && p->max != 0;
}

/* The codes that are known, if they are digits that follow one another. */
static void take_kamoku(struct subject_shape *s, const struct codes *codes)
{
	char known[11] = "";
	size_t n = 0;

	for (char c = '0'; c <= '9'; c++)
		if (codes_kamoku_known(codes, text_trust(&c, 1)))
			known[n++] = c;
	if (n != 0 && known[n - 1] - known[0] == (int)n - 1)
		take_places(s, &(struct places){(char[]){known[0], '\0'},
				   &known[n - 1], 1, 1});
}

struct subject_shape subject_shape_of(
    enum subject_column c, const struct codes *codes)
{
	struct subject_shape s = {.column = c};

	take_places(&s, &columns[c]);
	s.day = strchr(columns[c].from, '-') != NULL;
	if (c == SUBJECT_KAMOKU)
		take_kamoku(&s, codes);
	return s;
}

bool subject_shape_municipality(struct subject_shape *s, struct text t)
{
	if (s->column != SUBJECT_ADDRESS_CODE || !number_is_municipality(t))
		return false;
	memcpy(s->from, t.p, t.n);
	memset(s->span, 0, t.n);
	s->least = (uint32_t)t.n;
	s->more = 0;
	return true;
}
