/* subjects.c — subjects.csv. The first byte chooses the encoding. A row that
 * is taken is written again and then read as the same row. */
#include "fuzz.h"
#include "record/subject.h"

/* The rows that were taken, written as one file. */
static void same_again(struct bytes in, size_t rows)
{
	struct arena a = {0};
	struct buf text = {0};
	struct subject_reader *r;
	struct subject s;
	enum subject_read what = SUBJECT_ROW;
	struct err e = {0};
	struct bytes left = in;
	long line;

	subject_put_header(&text);
	fuzz_require(subject_reader_new(csv_read_bytes, &left, ENCODING_UTF8,
			 "s", &r, &e) == ERR_NONE);
	while (rows-- > 0) {
		fuzz_require(subject_reader_next(r, &a, &what, &s, &line, &e) ==
			     ERR_NONE);
		fuzz_require(what == SUBJECT_ROW);
		subject_put(&text, &s);
	}
	fuzz_require(bytes_eq(buf_bytes(&text), in));
	subject_reader_free(r);
	buf_fini(&text);
	arena_fini(&a);
}

static void packed(const struct subject *s)
{
	struct buf out = {0};
	struct subject again;

	subject_pack(s, &out);
	fuzz_require(subject_unpack(buf_bytes(&out), &again));
	buf_fini(&out);
}

static void rows(struct subject_reader *r)
{
	struct arena a = {0};
	struct subject s;
	enum subject_read what = SUBJECT_ROW;
	struct buf text = {0};
	size_t taken = 0;
	struct err e;
	long line;

	subject_put_header(&text);
	while (what != SUBJECT_END) {
		enum err_class class;

		arena_reset(&a);
		class = subject_reader_next(r, &a, &what, &s, &line, &e);
		fuzz_no_fault(class, &e);
		if (class != ERR_NONE)
			break;
		if (what == SUBJECT_ROW) {
			subject_put(&text, &s);
			packed(&s);
			taken++;
		}
	}
	if (taken > 0)
		same_again(buf_bytes(&text), taken);
	buf_fini(&text);
	arena_fini(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct bytes in = BYTES(p, n);
	enum encoding encoding =
	    fuzz_byte(&in) % 2 ? ENCODING_CP932 : ENCODING_UTF8;
	struct subject_reader *r;
	struct err e;
	enum err_class class =
	    subject_reader_new(csv_read_bytes, &in, encoding, "s.csv", &r, &e);

	fuzz_no_fault(class, &e);
	if (class == ERR_NONE) {
		rows(r);
		subject_reader_free(r);
	}
	return 0;
}
