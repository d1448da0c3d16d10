/* Tests of exchange/keys.h, also against the openssl command. */
#include "parties_fixture.h"

#include "exchange/keys_internal.h"
#include "exchange/signed_data.h"

#include <openssl/cms.h>
#include <openssl/ecdsa.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define HELLO BYTES("hello\r\nworld\0!", 14)

static const struct certificate *cert(const struct parties *p, int n)
{
	return keys_certificate(p->side[n].keys);
}

static struct buf sign(const struct parties *p, struct bytes content)
{
	struct buf cms = {0};
	struct err e;

	OK(keys_sign(p->side[WARD].keys, content, &cms, &e), &e);
	return cms;
}

static void not_verified(const struct certificate *c, struct bytes cms)
{
	struct buf content = {0};
	struct err e;

	expect(keys_verify(c, cms, &content, &e), ERR_DENIED, &e,
	    "message.bad_signature");
	assert_int_equal(content.n, 0);
	buf_fini(&content);
}

static void refuses_a_signature_with_any_bit_changed(void **state)
{
	struct parties *p = *state;
	struct buf cms = sign(p, HELLO);

	for (size_t i = 0; i < cms.n; i++)
		for (int bit = 0; bit < 8; bit++) {
			cms.p[i] ^= (unsigned char)(1 << bit);
			not_verified(cert(p, WARD), buf_bytes(&cms));
			cms.p[i] ^= (unsigned char)(1 << bit);
		}
	buf_fini(&cms);
}

static void refuses_a_signature_cut_or_lengthened(void **state)
{
	struct parties *p = *state;
	struct buf cms = sign(p, HELLO);

	for (size_t n = 0; n < cms.n; n++)
		not_verified(cert(p, WARD), BYTES(cms.p, n));
	buf_byte(&cms, 0);
	not_verified(cert(p, WARD), buf_bytes(&cms));
	buf_fini(&cms);
}

static void refuses_another_signer(void **state)
{
	struct parties *p = *state;
	struct buf cms = sign(p, HELLO);

	not_verified(cert(p, UNIT), buf_bytes(&cms));
	not_verified(cert(p, OUTSIDER), buf_bytes(&cms));
	buf_fini(&cms);
}

/* The second signature that anyone can compute from the first: (r, n−s). */
static unsigned char *twin_of(struct bytes signature, int *size)
{
	static const char order[] = "FFFFFFFF00000000FFFFFFFFFFFFFFFF"
				    "BCE6FAADA7179E84F3B9CAC2FC632551";
	const unsigned char *at = signature.p;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, (long)signature.n);
	unsigned char *der = NULL;
	BIGNUM *n = NULL;

	assert_non_null(sig);
	BN_hex2bn(&n, order);
	BN_sub(n, n, ECDSA_SIG_get0_s(sig));
	ECDSA_SIG_set0(sig, BN_dup(ECDSA_SIG_get0_r(sig)), n);
	*size = i2d_ECDSA_SIG(sig, &der);
	ECDSA_SIG_free(sig);
	return der;
}

static void refuses_the_twin_of_a_signature(void **state)
{
	struct parties *p = *state;
	const struct certificate *c = cert(p, WARD);
	struct buf cms = sign(p, HELLO);
	struct buf other = {0};
	struct buf text;
	struct bytes content;
	struct bytes signature;
	unsigned char *twin;
	int size;

	assert_true(signed_data_split(buf_bytes(&cms), &content, &signature));
	twin = twin_of(signature, &size);
	signed_data_write(buf_bytes(&c->issuer), buf_bytes(&c->serial), content,
	    BYTES(twin, (size_t)size), &other);
	parties_write(p, "sig", buf_bytes(&other));
	/* OpenSSL accepts it: it is a good signature, and we refuse it. */
	assert_int_equal(
	    parties_run(p,
		"openssl cms -verify -binary -inform DER -in sig -certfile "
		"131041/keys/node.crt -nointern -noverify -out text"),
	    0);
	text = parties_read(p, "text");
	assert_true(bytes_eq(buf_bytes(&text), HELLO));
	not_verified(c, buf_bytes(&other));
	OPENSSL_free(twin);
	buf_fini(&text);
	buf_fini(&cms);
	buf_fini(&other);
}

static void refuses_signed_data_of_another_form(void **state)
{
	static const char *const forms[] = {
	    "-nocerts", /* signed attributes */
	    "-noattr",	/* the certificate inside */
	    "-noattr -nocerts -md sha384",
	    "-noattr -nocerts -keyid",
	};
	struct parties *p = *state;
	struct buf cms;

	parties_write(p, "text", HELLO);
	for (size_t i = 0; i < 4; i++) {
		char command[256];

		(void)snprintf(command, sizeof(command),
		    "openssl cms -sign -binary -nodetach -in text -signer "
		    "131041/keys/node.crt -inkey 131041/keys/node.key "
		    "-outform DER -out sig %s",
		    forms[i]);
		assert_int_equal(parties_run(p, command), 0);
		cms = parties_read(p, "sig");
		not_verified(cert(p, WARD), buf_bytes(&cms));
		buf_fini(&cms);
	}
}

static void signs_what_openssl_verifies(void **state)
{
	static const char verify[] =
	    "openssl cms -verify -binary -inform DER -in sig -certfile %s"
	    "/keys/node.crt -nointern -noverify -out text";
	struct parties *p = *state;
	size_t sizes[] = {0, 1, 100, 127, 128, 255, 256, 65535, 65536, 70000};
	unsigned char *content = arena_zero(&p->arena, 70000, 1);
	char command[256];

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct buf cms = sign(p, BYTES(content, sizes[i]));
		struct buf back = {0};
		struct buf text;
		struct err e;

		parties_write(p, "sig", buf_bytes(&cms));
		(void)snprintf(command, sizeof(command), verify, "131041");
		assert_int_equal(parties_run(p, command), 0);
		text = parties_read(p, "text");
		assert_int_equal(text.n, sizes[i]);
		OK(keys_verify(cert(p, WARD), buf_bytes(&cms), &back, &e), &e);
		assert_true(bytes_eq(buf_bytes(&back), buf_bytes(&text)));
		(void)snprintf(command, sizeof(command), verify, "unit-1");
		assert_int_not_equal(parties_run(p, command), 0);
		buf_fini(&cms);
		buf_fini(&back);
		buf_fini(&text);
	}
}

/* OpenSSL's own CMS writes the very same frame. */
static void verifies_what_openssl_signs_in_this_form(void **state)
{
	struct parties *p = *state;
	bool low = false;

	parties_write(p, "text", HELLO);
	/* Its s is in the lower half every other time. */
	for (int i = 0; i < 40 && !low; i++) {
		struct buf cms;
		struct buf content = {0};
		struct err e;

		assert_int_equal(
		    parties_run(p,
			"openssl cms -sign -binary -nodetach -in text -signer "
			"131041/keys/node.crt -inkey 131041/keys/node.key "
			"-outform DER -out sig -noattr -nocerts -md sha256"),
		    0);
		cms = parties_read(p, "sig");
		low = keys_verify(cert(p, WARD), buf_bytes(&cms), &content,
			  &e) == ERR_NONE;
		if (low)
			assert_true(bytes_eq(buf_bytes(&content), HELLO));
		buf_fini(&cms);
		buf_fini(&content);
	}
	assert_true(low);
}

static struct buf seal(const struct parties *p, struct bytes content)
{
	const struct certificate *readers[] = {cert(p, UNIT), cert(p, WARD)};
	struct buf cms = {0};
	struct err e;

	OK(keys_close(readers, 2, content, &cms, &e), &e);
	return cms;
}

static enum err_class open_it(const struct parties *p, int n, struct bytes cms,
    size_t max, struct buf *out, struct err *e)
{
	return keys_open(p->side[n].keys, cms, max, out, e);
}

static void opens_for_readers_alone(void **state)
{
	struct parties *p = *state;
	struct buf cms = seal(p, HELLO);
	struct buf out = {0};
	struct err e;

	expect(open_it(p, HUB, buf_bytes(&cms), 100, &out, &e), ERR_DENIED, &e,
	    "message.not_for_us");
	assert_int_equal(out.n, 0);
	OK(open_it(p, UNIT, buf_bytes(&cms), 100, &out, &e), &e);
	assert_true(bytes_eq(buf_bytes(&out), HELLO));
	buf_clear(&out);
	OK(open_it(p, WARD, buf_bytes(&cms), 14, &out, &e), &e);
	buf_clear(&out);
	expect(open_it(p, WARD, buf_bytes(&cms), 13, &out, &e), ERR_LIMIT, &e,
	    "message.too_large");
	assert_int_equal(out.n, 0);
	buf_fini(&cms);
	buf_fini(&out);
}

/* A change may hit the part meant for the other reader: then it opens, to
 * the same content. The signed header's digest covers the whole. */
static void never_opens_to_other_content(void **state)
{
	struct parties *p = *state;
	struct buf cms = seal(p, HELLO);
	struct buf out = {0};
	struct err e;
	size_t opened = 0;

	for (size_t i = 0; i < cms.n; i++) {
		enum err_class c;

		cms.p[i] ^= (unsigned char)(1 << (i % 8));
		buf_clear(&out);
		c = open_it(p, UNIT, buf_bytes(&cms), 100, &out, &e);
		if (c == ERR_NONE) {
			opened++;
			assert_true(bytes_eq(buf_bytes(&out), HELLO));
		} else {
			assert_int_not_equal(c, ERR_FAULT);
			assert_int_equal(out.n, 0);
		}
		cms.p[i] ^= (unsigned char)(1 << (i % 8));
	}
	assert_true(opened < cms.n);
	for (size_t n = 0; n < cms.n; n += 7)
		expect(open_it(p, UNIT, BYTES(cms.p, n), 100, &out, &e),
		    ERR_INPUT, &e, "message.malformed");
	buf_fini(&cms);
	buf_fini(&out);
}

static void seals_what_openssl_opens(void **state)
{
	struct parties *p = *state;
	struct buf cms = seal(p, HELLO);
	struct buf text;

	parties_write(p, "sealed", buf_bytes(&cms));
	assert_int_equal(
	    parties_run(p,
		"openssl cms -decrypt -inform DER -in sealed -recip "
		"unit-1/keys/node.crt -inkey unit-1/keys/node.key -out text"),
	    0);
	text = parties_read(p, "text");
	assert_true(bytes_eq(buf_bytes(&text), HELLO));
	assert_int_equal(
	    parties_run(p,
		"openssl cms -cmsout -print -inform DER -in sealed | grep -q "
		"'aes-256-gcm' && openssl cms -cmsout -print -inform DER -in "
		"sealed | grep -q 'dhSinglePass-stdDH-sha256kdf-scheme'"),
	    0);
	buf_fini(&text);
	buf_fini(&cms);
}

static void opens_what_openssl_seals_but_only_authenticated(void **state)
{
	struct parties *p = *state;
	struct buf cms;
	struct buf out = {0};
	struct err e;

	parties_write(p, "text", HELLO);
	assert_int_equal(
	    parties_run(p,
		"openssl cms -encrypt -binary -aes-256-gcm -in text -outform "
		"DER -out sealed -recip unit-1/keys/node.crt"),
	    0);
	cms = parties_read(p, "sealed");
	OK(open_it(p, UNIT, buf_bytes(&cms), 100, &out, &e), &e);
	assert_true(bytes_eq(buf_bytes(&out), HELLO));
	buf_fini(&cms);
	buf_clear(&out);
	assert_int_equal(
	    parties_run(p,
		"openssl cms -encrypt -binary -aes-256-cbc -in text -outform "
		"DER -out sealed -recip unit-1/keys/node.crt"),
	    0);
	cms = parties_read(p, "sealed");
	expect(open_it(p, UNIT, buf_bytes(&cms), 100, &out, &e), ERR_INPUT, &e,
	    "message.malformed");
	buf_fini(&cms);
	buf_fini(&out);
}

static void loads_no_key_that_others_may_read(void **state)
{
	struct parties *p = *state;
	struct keys *k;
	struct err e;
	char *dir = node_path(&p->side[UNIT].node, &p->arena, "keys");

	assert_int_equal(parties_run(p, "chmod 640 unit-1/keys/node.key"), 0);
	expect(keys_load(dir, &k, &e), ERR_INPUT, &e, "node.key_mode");
	assert_int_equal(parties_run(p, "chmod 600 unit-1/keys/node.key"), 0);
	assert_int_equal(
	    parties_run(p, "cp 131041/keys/node.crt unit-1/keys/node.crt"), 0);
	expect(keys_load(dir, &k, &e), ERR_INPUT, &e, "node.bad_certificate");
	assert_int_equal(parties_run(p, "rm unit-1/keys/node.crt"), 0);
	expect(keys_load(dir, &k, &e), ERR_INPUT, &e, "node.no_certificate");
	assert_null(k);
}

static void takes_certificates_of_nodes_alone(void **state)
{
	static const char *const made[] = {
	    "-newkey rsa:2048 -subj /CN=9601",
	    "-newkey ec -pkeyopt ec_paramgen_curve:P-384 -subj /CN=9601",
	    "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /O=x",
	    "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=a/CN=b",
	    "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=a_b",
	    ("-newkey ec -pkeyopt ec_paramgen_curve:P-256 "
	     "-subj /CN=12345678901234567"),
	};
	struct parties *p = *state;
	struct certificate *c;
	struct buf in;
	struct err e;

	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++) {
		char command[256];

		(void)snprintf(command, sizeof(command),
		    "openssl req -x509 -nodes -keyout k.pem -out c.pem %s",
		    made[i]);
		assert_int_equal(parties_run(p, command), 0);
		in = parties_read(p, "c.pem");
		expect(certificate_parse(buf_bytes(&in), &c, &e), ERR_INPUT, &e,
		    "node.bad_certificate");
		assert_null(c);
		buf_fini(&in);
	}
	expect(certificate_parse(BYTES("", 0), &c, &e), ERR_INPUT, &e, NULL);
	expect(certificate_parse(BYTES("-----BEGIN", 10), &c, &e), ERR_INPUT,
	    &e, NULL);
}

static void reads_the_same_certificate_from_pem_and_der(void **state)
{
	struct parties *p = *state;
	struct buf in = parties_read(p, "131041/keys/node.crt");
	struct certificate *pem;
	struct certificate *der;
	struct err e;

	OK(certificate_parse(buf_bytes(&in), &pem, &e), &e);
	OK(certificate_parse(certificate_der(pem), &der, &e), &e);
	assert_true(digest_eq(
	    certificate_fingerprint(pem), certificate_fingerprint(der)));
	assert_string_equal(certificate_code(der), "131041");
	assert_int_equal(certificate_from(der), NOW - CLOCK_DAY);
	assert_int_equal(certificate_to(der), NOW + 364 * CLOCK_DAY);
	certificate_free(pem);
	certificate_free(der);
	certificate_free(NULL);
	buf_fini(&in);
}

static void leaves_no_core(void **state)
{
	struct rlimit limit;

	(void)state;
	keys_no_core();
	assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
	assert_int_equal(limit.rlim_cur, 0);
	assert_int_equal(limit.rlim_max, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    parties_test(refuses_a_signature_with_any_bit_changed),
	    parties_test(refuses_a_signature_cut_or_lengthened),
	    parties_test(refuses_another_signer),
	    parties_test(refuses_the_twin_of_a_signature),
	    parties_test(refuses_signed_data_of_another_form),
	    parties_test(signs_what_openssl_verifies),
	    parties_test(verifies_what_openssl_signs_in_this_form),
	    parties_test(opens_for_readers_alone),
	    parties_test(never_opens_to_other_content),
	    parties_test(seals_what_openssl_opens),
	    parties_test(opens_what_openssl_seals_but_only_authenticated),
	    parties_test(loads_no_key_that_others_may_read),
	    parties_test(takes_certificates_of_nodes_alone),
	    parties_test(reads_the_same_certificate_from_pem_and_der),
	    parties_test(leaves_no_core),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
