/*
 * pouch.c — a ZIP file carried here. The first byte says: 0 these bytes are
 * the file; else they are one entry, packed, and one byte of the file is
 * changed at the place that the next two bytes tell.
 */
#include "exchange/pouch.h"
#include "fuzz.h"

#include "exchange/folder_manifest.h"

#define PASSWORD "fuzzing-password"
#define MOST ((size_t)4 << 20)

static void read_it(struct bytes zip)
{
	static struct pouch p;
	struct arena a = {0};
	struct folder_manifest m;
	struct err e;
	enum err_class class = pouch_read(zip, PASSWORD, MOST, &a, &p, &e);
	size_t all = 0;

	fuzz_no_fault(class, &e);
	if (class == ERR_NONE) {
		fuzz_require(p.count <= POUCH_ENTRIES);
		for (size_t i = 0; i < p.count; i++)
			all += p.entry[i].bytes.n;
		fuzz_require(all <= MOST);
		fuzz_no_fault(folder_manifest_read(
				  pouch_entry(&p, "manifest.json"), &m, &e),
		    &e);
	}
	arena_fini(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct pouch made;
	struct bytes in = BYTES(p, n);
	struct buf zip = {0};
	struct err e;
	size_t at;

	if (fuzz_byte(&in) == 0) {
		read_it(in);
		return 0;
	}
	at = fuzz_byte(&in) << 8;
	at += fuzz_byte(&in);
	made.count = 0;
	pouch_add(&made, "manifest.json", in);
	fuzz_require(pouch_write(&made, PASSWORD, &zip, &e) == ERR_NONE);
	zip.p[at % zip.n] ^= (unsigned char)(1 + at % 255);
	read_it(buf_bytes(&zip));
	buf_fini(&zip);
	return 0;
}
