/* audit_link.h — what one entry of the log hashes to; see audit.h. */
#ifndef SHOKAI_AUDIT_AUDIT_LINK_H
#define SHOKAI_AUDIT_AUDIT_LINK_H

#include "base/bytes.h"
#include "base/digest.h"

#define AUDIT_SALT 16

struct audit_link {
	int64_t lane;
	int64_t seq;
	int64_t at_us;
	int64_t records;
	struct text actor;
	struct text action;
	struct bytes object; /* its salted digest */
};

/* The hash of l behind the hash previous. */
struct digest audit_link_hash(
    struct digest previous, const struct audit_link *l);

/* kind, object, authority, purpose. */
#define AUDIT_LINK_TEXTS 4
struct digest audit_link_object(
    struct bytes salt, const struct text texts[AUDIT_LINK_TEXTS]);

#endif
