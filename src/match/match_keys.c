/* match_keys.c — match_keys of match.h. */
#include "match/match.h"
#include "match/match_form.h"
#include "text/fold.h"

#include <stdio.h>

struct keys {
	struct arena *a;
	struct text *out;
	size_t n;
};

/*
 * FNV-1a, 64 bits (Fowler, Noll, Vo; IETF draft-eastlake-fnv): a key parts
 * candidates from the rest, and match_grade finds out what a collision is.
 */
static uint64_t hash(uint64_t h, struct text t)
{
	for (size_t i = 0; i < t.n; i++)
		h = (h ^ (unsigned char)t.p[i]) * 0x100000001B3u;
	return (h ^ 0xFF) * 0x100000001B3u; /* a byte that no text holds */
}

static void add(struct keys *k, char kind, struct text name, struct text with)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
	uint64_t h = hash(hash(0xCBF29CE484222325u, name), with);
	char z[14];

	if (name.n == 0 || with.n == 0 || k->n == MATCH_KEYS)
		return;
	z[0] = kind;
	for (int i = 13; i > 0; i--, h >>= 5)
		z[i] = digits[h & 31];
	for (size_t i = 0; i < k->n; i++)
		if (memcmp(k->out[i].p, z, sizeof(z)) == 0)
			return;
	k->out[k->n++] = text_dup(k->a, text_trust(z, sizeof(z)));
}

static struct text year_of(struct text birth)
{
	return birth.n >= 4 && text_is_digits(text_trust(birth.p, 4), 4, 4)
		   ? text_trust(birth.p, 4)
		   : TEXT("0000");
}

/* What a customer is found by, and what a subject asks for first. */
static void common_keys(
    struct keys *k, const struct match_person *p, struct text kana)
{
	struct text year = year_of(p->birth);
	struct buf name = {0};
	struct buf address = {0};

	add(k, 'y', kana, year);
	match_form_address(p->address, &address);
	address.n = match_form_block(buf_text(&address));
	add(k, 'a', kana, buf_text(&address));
	fold_kana(p->former_kana, &name);
	add(k, 'y', buf_text(&name), year);
	buf_clear(&name);
	match_form_sorted(p->roman, &name);
	add(k, 'r', buf_text(&name), year);
	buf_clear(&address);
	match_form_address(p->former_address, &address);
	address.n = match_form_block(buf_text(&address));
	add(k, 'a', kana, buf_text(&address));
	if (match_form_is_latin(p->kana)) { /* a passbook in Latin letters */
		buf_clear(&name);
		match_form_sorted(p->kana, &name);
		add(k, 'r', buf_text(&name), year);
	}
	buf_fini(&name);
	buf_fini(&address);
}

size_t match_keys(struct arena *a, const struct match_person *p, bool asked,
    struct text out[MATCH_KEYS])
{
	struct keys k = {a, out, 0};
	struct text year = year_of(p->birth);
	struct buf kana = {0};
	struct buf turned = {0};

	fold_kana(p->kana, &kana);
	common_keys(&k, p, buf_text(&kana));
	for (int left = 1; asked && left >= 0; left--) {
		buf_clear(&turned);
		if (match_form_turned(p->kana, left != 0, &turned))
			add(&k, 'y', buf_text(&turned), year);
	}
	if (asked)
		add(&k, 'y', buf_text(&kana), TEXT("0000"));
	buf_fini(&kana);
	buf_fini(&turned);
	return k.n;
}
