/* certificate.c — a peer's certificate, PEM or DER. */
#include "exchange/header.h"
#include "exchange/keys.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct certificate *c;
	struct err e;
	enum err_class class = certificate_parse(BYTES(p, n), &c, &e);

	fuzz_no_fault(class, &e);
	if (class == ERR_NONE) {
		fuzz_require(header_is_code(text_z(certificate_code(c))));
		fuzz_require(certificate_der(c).n > 0);
		(void)certificate_from(c);
		(void)certificate_to(c);
		certificate_free(c);
	}
	return 0;
}
