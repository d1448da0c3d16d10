/* signed_data.c — see signed_data.h. */
#include "exchange/signed_data.h"

enum {
	TAG_INTEGER = 0x02,
	TAG_OCTETS = 0x04,
	TAG_OID = 0x06,
	TAG_SEQUENCE = 0x30,
	TAG_SET = 0x31,
	TAG_EXPLICIT = 0xA0,
};

/* id-signedData 1.2.840.113549.1.7.2, id-data 1.2.840.113549.1.7.1 (RFC 5652
 * §5.1, §4); version 1 of SignedData and SignerInfo (§5.1, §5.3). */
static const unsigned char oid_signed[] = {
    TAG_OID, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2};
static const unsigned char oid_plain[] = {
    TAG_OID, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1};
static const unsigned char version_1[] = {TAG_INTEGER, 1, 1};
/* id-sha256 2.16.840.1.101.3.4.2.1, parameters absent (RFC 5754 §2). */
static const unsigned char sha256[] = {
    TAG_SEQUENCE, 11, TAG_OID, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1};
/* ecdsa-with-SHA256 1.2.840.10045.4.3.2, parameters absent (§3.3). */
static const unsigned char ecdsa[] = {
    TAG_SEQUENCE, 10, TAG_OID, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2};

/* Bytes of a value of n bytes with its tag and length. */
static size_t whole(size_t n)
{
	size_t more = 2;

	if (n >= 0x80)
		for (size_t rest = n; rest != 0; rest >>= 8)
			more++;
	return n + more;
}

static void head(struct buf *out, unsigned char tag, size_t n)
{
	size_t length = whole(n) - n - 2;

	buf_byte(out, tag);
	if (length == 0) {
		buf_byte(out, (unsigned char)n);
		return;
	}
	buf_byte(out, (unsigned char)(0x80 | length));
	while (length-- > 0)
		buf_byte(out, (unsigned char)(n >> (8 * length)));
}

/* Everything before the content. */
static void before(struct buf *out, size_t signer, size_t content)
{
	size_t octets = whole(content);
	size_t encap = sizeof(oid_plain) + whole(octets);
	size_t body = sizeof(version_1) + whole(sizeof(sha256)) + whole(encap) +
		      whole(whole(signer));

	head(out, TAG_SEQUENCE, sizeof(oid_signed) + whole(whole(body)));
	buf_add(out, oid_signed, sizeof(oid_signed));
	head(out, TAG_EXPLICIT, whole(body));
	head(out, TAG_SEQUENCE, body);
	buf_add(out, version_1, sizeof(version_1));
	head(out, TAG_SET, sizeof(sha256));
	buf_add(out, sha256, sizeof(sha256));
	head(out, TAG_SEQUENCE, encap);
	buf_add(out, oid_plain, sizeof(oid_plain));
	head(out, TAG_EXPLICIT, octets);
	head(out, TAG_OCTETS, content);
}

static size_t signer_size(
    struct bytes issuer, struct bytes serial, struct bytes signature)
{
	return sizeof(version_1) + whole(issuer.n + serial.n) + sizeof(sha256) +
	       sizeof(ecdsa) + whole(signature.n);
}

/* Everything behind the content. */
static void behind(struct buf *out, struct bytes issuer, struct bytes serial,
    struct bytes signature)
{
	size_t signer = signer_size(issuer, serial, signature);

	head(out, TAG_SET, whole(signer));
	head(out, TAG_SEQUENCE, signer);
	buf_add(out, version_1, sizeof(version_1));
	head(out, TAG_SEQUENCE, issuer.n + serial.n);
	buf_add(out, issuer.p, issuer.n);
	buf_add(out, serial.p, serial.n);
	buf_add(out, sha256, sizeof(sha256));
	buf_add(out, ecdsa, sizeof(ecdsa));
	head(out, TAG_OCTETS, signature.n);
	buf_add(out, signature.p, signature.n);
}

void signed_data_write(struct bytes issuer, struct bytes serial,
    struct bytes content, struct bytes signature, struct buf *out)
{
	before(out, signer_size(issuer, serial, signature), content.n);
	buf_add(out, content.p, content.n);
	behind(out, issuer, serial, signature);
}

static bool starts(struct bytes cms, const struct buf *with)
{
	return cms.n >= with->n && memcmp(cms.p, with->p, with->n) == 0;
}

bool signed_data_same(struct bytes cms, struct bytes issuer,
    struct bytes serial, struct bytes content, struct bytes signature)
{
	struct buf frame = {0};
	struct bytes rest = cms;
	bool same;

	before(&frame, signer_size(issuer, serial, signature), content.n);
	same = starts(rest, &frame) && cms.n - frame.n >= content.n;
	if (same) {
		rest.p += frame.n;
		rest.n -= frame.n;
		same = memcmp(rest.p, content.p, content.n) == 0;
		rest.p += content.n;
		rest.n -= content.n;
		buf_clear(&frame);
		behind(&frame, issuer, serial, signature);
		same = same && rest.n == frame.n && starts(rest, &frame);
	}
	buf_fini(&frame);
	return same;
}

/* Takes one value of that tag off in; definite lengths below 2^32 alone. */
static bool take(struct bytes *in, unsigned char tag, struct bytes *value)
{
	size_t n;
	size_t at = 2;

	if (in->n < 2 || in->p[0] != tag)
		return false;
	n = in->p[1];
	if (n >= 0x80) {
		size_t length = n & 0x7F;

		if (length == 0 || length > 4 || in->n < 2 + length)
			return false;
		for (n = 0; at < 2 + length; at++)
			n = n << 8 | in->p[at];
	}
	if (n > in->n - at)
		return false;
	*value = BYTES(in->p + at, n);
	in->p += at + n;
	in->n -= at + n;
	return true;
}

static bool skip(struct bytes *in, unsigned char tag)
{
	struct bytes value;

	return take(in, tag, &value);
}

bool signed_data_split(
    struct bytes cms, struct bytes *content, struct bytes *signature)
{
	struct bytes in = cms;
	struct bytes body;
	struct bytes encap;
	struct bytes signers;

	return take(&in, TAG_SEQUENCE, &body) && in.n == 0 &&
	       skip(&body, TAG_OID) && take(&body, TAG_EXPLICIT, &in) &&
	       take(&in, TAG_SEQUENCE, &body) && skip(&body, TAG_INTEGER) &&
	       skip(&body, TAG_SET) && take(&body, TAG_SEQUENCE, &encap) &&
	       skip(&encap, TAG_OID) && take(&encap, TAG_EXPLICIT, &in) &&
	       take(&in, TAG_OCTETS, content) &&
	       take(&body, TAG_SET, &signers) && body.n == 0 &&
	       take(&signers, TAG_SEQUENCE, &in) && signers.n == 0 &&
	       skip(&in, TAG_INTEGER) && skip(&in, TAG_SEQUENCE) &&
	       skip(&in, TAG_SEQUENCE) && skip(&in, TAG_SEQUENCE) &&
	       take(&in, TAG_OCTETS, signature) && in.n == 0;
}
