/* subject.c — see subject.h; the reader stands in subject_reader.c. */
#include "record/subject.h"

#include "record/limits.h"
#include "record/pack.h"

#define VERSION 1

#define SUBJECT_INFO_(id, name, form, max, must, identity)                     \
	{name, max, must, identity},

const struct subject_info subject_info[SUBJECT_COUNT] = {
    SUBJECT_COLUMNS(SUBJECT_INFO_)};

bool subject_same_identity(const struct subject *a, const struct subject *b,
    enum subject_column *column)
{
	for (int i = 0; i < SUBJECT_COUNT; i++)
		if (subject_info[i].identity && !text_eq(a->f[i], b->f[i])) {
			*column = (enum subject_column)i;
			return false;
		}
	return true;
}

void subject_put_header(struct buf *out)
{
	for (int i = 0; i < SUBJECT_COUNT; i++)
		csv_put(out, text_z(subject_info[i].name), i == 0);
	csv_end(out);
}

void subject_put(struct buf *out, const struct subject *s)
{
	for (int i = 0; i < SUBJECT_COUNT; i++)
		csv_put(out, s->f[i], i == 0);
	csv_end(out);
}

void subject_pack(const struct subject *s, struct buf *out)
{
	buf_byte(out, VERSION);
	pack_put_fields(out, s->f, SUBJECT_COUNT);
}

bool subject_unpack(struct bytes in, struct subject *out)
{
	struct pack p = {in.p, in.n};
	unsigned version;

	return pack_byte(&p, VERSION, &version) && version == VERSION &&
	       pack_fields(&p, LIMIT_FIELD, out->f, SUBJECT_COUNT) && p.n == 0;
}
