/* audit_link.c — see audit_link.h and the two lines in audit.h. */
#include "audit/audit_link.h"

static void put(unsigned char *p, uint64_t v, int n)
{
	for (int i = 0; i < n; i++)
		p[i] = (unsigned char)(v >> (8 * (n - 1 - i)));
}

struct digest audit_link_hash(
    struct digest previous, const struct audit_link *l)
{
	static const char head[] = "shokai log 1\n";
	unsigned char numbers[32];
	unsigned char actor[4];
	unsigned char action[4];
	const struct bytes parts[] = {
	    BYTES(head, sizeof(head) - 1),
	    BYTES(previous.b, DIGEST_SIZE),
	    BYTES(numbers, sizeof(numbers)),
	    BYTES(actor, sizeof(actor)),
	    text_bytes(l->actor),
	    BYTES(action, sizeof(action)),
	    text_bytes(l->action),
	    l->object,
	};

	put(numbers, (uint64_t)l->lane, 8);
	put(numbers + 8, (uint64_t)l->seq, 8);
	put(numbers + 16, (uint64_t)l->at_us, 8);
	put(numbers + 24, (uint64_t)l->records, 8);
	put(actor, l->actor.n, 4);
	put(action, l->action.n, 4);
	return digest_of(parts, sizeof(parts) / sizeof(parts[0]));
}

struct digest audit_link_object(
    struct bytes salt, const struct text texts[AUDIT_LINK_TEXTS])
{
	static const char head[] = "shokai object 1\n";
	unsigned char n[AUDIT_LINK_TEXTS][4];
	struct bytes parts[2 + 2 * AUDIT_LINK_TEXTS] = {
	    BYTES(head, sizeof(head) - 1), salt};

	for (size_t i = 0; i < AUDIT_LINK_TEXTS; i++) {
		put(n[i], texts[i].n, 4);
		parts[2 + 2 * i] = BYTES(n[i], sizeof(n[i]));
		parts[3 + 2 * i] = text_bytes(texts[i]);
	}
	return digest_of(parts, sizeof(parts) / sizeof(parts[0]));
}
