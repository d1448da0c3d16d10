/* item.c — see item.h. */
#include "record/item.h"

#define ITEM_ROW_(id, name, type, max, source, personal)                       \
	{name, ITEM_##type, max, ITEM_OF_##source, personal},

const struct item item_request[REQUEST_COUNT] = {REQUEST_ITEMS(ITEM_ROW_)};
const struct item item_answer[ANSWER_COUNT] = {ANSWER_ITEMS(ITEM_ROW_)};

/*
 * The character at p[*i] with full-width parentheses and digits made half:
 * all of them are EF BC 88–99 in UTF-8 (U+FF08 （, U+FF09 ）, U+FF10–FF19).
 */
static char folded(const char *p, size_t n, size_t *i)
{
	unsigned char last;

	if (n - *i >= 3 && memcmp(p + *i, "\xEF\xBC", 2) == 0) {
		last = (unsigned char)p[*i + 2];
		if (last == 0x88 || last == 0x89 ||
		    (last >= 0x90 && last <= 0x99)) {
			*i += 3;
			return (char)(last - 0x60);
		}
	}
	return p[(*i)++];
}

bool item_name_eq(struct text given, const char *name)
{
	size_t n = strlen(name);
	size_t i = 0;
	size_t k = 0;

	while (i < given.n && k < n)
		if (folded(given.p, given.n, &i) != folded(name, n, &k))
			return false;
	return i == given.n && k == n;
}

static int named(const struct item *items, int count, struct text name)
{
	for (int i = 0; i < count; i++)
		if (item_name_eq(name, items[i].name))
			return i;
	return -1;
}

int item_request_named(struct text name)
{
	return named(item_request, REQUEST_COUNT, name);
}

int item_answer_named(struct text name)
{
	return named(item_answer, ANSWER_COUNT, name);
}

bool item_in_scope(enum answer_item item, enum codes_scope scope)
{
	/* What is not named here needs no more than existence. */
	static const enum codes_scope needs[ANSWER_COUNT] = {
	    [ANSWER_ACCOUNT] = CODES_SCOPE_BALANCE,
	    [ANSWER_ACCOUNT_KIND] = CODES_SCOPE_BALANCE,
	    [ANSWER_BALANCE] = CODES_SCOPE_BALANCE,
	    [ANSWER_CUSTOMER] = CODES_SCOPE_BALANCE,
	    [ANSWER_GUARANTOR] = CODES_SCOPE_BALANCE,
	    [ANSWER_LAST_DEALING] = CODES_SCOPE_BALANCE,
	    [ANSWER_MATURITY] = CODES_SCOPE_BALANCE,
	    [ANSWER_PENSION] = CODES_SCOPE_BALANCE,
	    [ANSWER_SAFE_DEPOSIT] = CODES_SCOPE_BALANCE,
	    [ANSWER_SALARY] = CODES_SCOPE_BALANCE,
	    [ANSWER_SHARE_AMOUNT] = CODES_SCOPE_BALANCE,
	    [ANSWER_SHARE_COUNT] = CODES_SCOPE_BALANCE,
	    [ANSWER_SUBJECT_CODE] = CODES_SCOPE_BALANCE,
	    [ANSWER_SUBJECT_NAME] = CODES_SCOPE_BALANCE,
	    [ANSWER_COLLATERAL] = CODES_SCOPE_DETAIL,
	    [ANSWER_EMPLOYER] = CODES_SCOPE_DETAIL,
	    [ANSWER_EMPLOYER_PHONE] = CODES_SCOPE_DETAIL,
	    [ANSWER_OTHERS] = CODES_SCOPE_DETAIL,
	    [ANSWER_PHONE] = CODES_SCOPE_DETAIL,
	    [ANSWER_STATEMENT] = CODES_SCOPE_DETAIL,
	};

	return needs[item] <= scope;
}

const char *item_type_name(enum item_type type)
{
	static const char *const names[] = {
	    [ITEM_TEXT] = "text",
	    [ITEM_KANA] = "kana",
	    [ITEM_CODE] = "code",
	    [ITEM_DATE] = "date",
	    [ITEM_PERIOD] = "period",
	    [ITEM_FLAG] = "flag",
	    [ITEM_AMOUNT] = "amount",
	    [ITEM_COUNT] = "count",
	};

	return names[type];
}
