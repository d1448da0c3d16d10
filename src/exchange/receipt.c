/* receipt.c — see receipt.h. */
#include "exchange/receipt.h"

#include "base/clock.h"

#include <jansson.h>

#define LINE_MAX_ 512 /* bytes of one receipt; 300 is the longest written */

/* Codes and hexadecimal digits: nothing that JSON escapes. Keys in order. */
void receipt_put(const struct receipt *r, struct buf *lines)
{
	char time[CLOCK_TEXT];

	clock_format(r->time_us, time);
	buf_printf(lines,
	    "{\"by\":\"%s\",\"code\":%d,\"digest\":\"%s\",\"id\":\"%s\","
	    "\"time\":\"%s\",\"to\":\"%s\"}\n",
	    r->by, r->code, r->digest, r->id, time, r->to);
}

const char *receipt_code_name(int code)
{
	switch ((enum receipt_code)code) {
#define RECEIPT_NAME_(id, number, name)                                        \
	case RECEIPT_##id:                                                     \
		return name;
		RECEIPT_CODES(RECEIPT_NAME_)
#undef RECEIPT_NAME_
	}
	return NULL;
}

int receipt_code_of(const struct err *e)
{
#define RECEIPT_OF_(id, number, name)                                          \
	if (strcmp(e->code, "message." name) == 0)                             \
		return number;
	RECEIPT_CODES(RECEIPT_OF_)
#undef RECEIPT_OF_
	return 0;
}

static bool get(const json_t *j, const char *key, size_t room, char *out)
{
	const json_t *v = json_object_get(j, key);
	size_t n = json_string_length(v);

	if (!json_is_string(v) || n >= room)
		return false;
	memcpy(out, json_string_value(v), n + 1);
	return true;
}

static bool read_line(struct bytes line, struct receipt *out)
{
	json_t *j = json_loadb(
	    (const char *)line.p, line.n, JSON_REJECT_DUPLICATES, NULL);
	const json_t *code = json_object_get(j, "code");
	char time[CLOCK_TEXT];
	bool good;

	*out = (struct receipt){0};
	good = json_is_integer(code) && json_integer_value(code) < 1000 &&
	       get(j, "id", sizeof(out->id), out->id) &&
	       get(j, "digest", sizeof(out->digest), out->digest) &&
	       get(j, "by", sizeof(out->by), out->by) &&
	       get(j, "to", sizeof(out->to), out->to) &&
	       get(j, "time", sizeof(time), time) &&
	       clock_parse(text_z(time), &out->time_us);
	out->code = (int)json_integer_value(code);
	json_decref(j);
	return good && receipt_code_name(out->code) != NULL;
}

/* As of a header: what is read must be what would be written. */
static bool same_again(const struct receipt *r, struct bytes line)
{
	struct buf again = {0};
	bool same;

	receipt_put(r, &again);
	same = bytes_eq(buf_bytes(&again), line);
	buf_fini(&again);
	return same;
}

static enum err_class malformed(struct err *e)
{
	return err_set(e, ERR_INPUT, "message.malformed",
	    "受領証の形式が正しくありません", "the receipt is malformed");
}

enum err_class receipt_parse(struct bytes lines, struct receipt *out,
    size_t max, size_t *n, struct err *e)
{
	*n = 0;
	while (lines.n != 0) {
		const unsigned char *lf = memchr(lines.p, '\n', lines.n);
		struct bytes line;

		if (lf == NULL || *n == max)
			return malformed(e);
		line = BYTES(lines.p, (size_t)(lf - lines.p) + 1);
		if (line.n > LINE_MAX_ || !read_line(line, &out[*n]) ||
		    !same_again(&out[*n], line))
			return malformed(e);
		lines.p += line.n;
		lines.n -= line.n;
		++*n;
	}
	return ERR_NONE;
}
