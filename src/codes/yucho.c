/* yucho.c — see yucho.h. */
#include "codes/yucho.h"

#define SYMBOL 5
#define ACCOUNT 7

bool yucho_parse(struct text t, struct yucho *out)
{
	bool savings;
	struct text number;
	size_t n;

	if (t.n < SYMBOL + 2 || t.p[SYMBOL] != '-' ||
	    !text_is_digits(text_trust(t.p, SYMBOL), SYMBOL, SYMBOL) ||
	    (t.p[0] != '0' && t.p[0] != '1'))
		return false;
	savings = t.p[0] == '1';
	number = text_trust(t.p + SYMBOL + 1, t.n - SYMBOL - 1);
	if (!savings && number.n > 2 && number.p[1] == '-' &&
	    text_is_digits(text_trust(number.p, 1), 1, 1))
		number = text_trust(number.p + 2, number.n - 2);
	if (!text_is_digits(number, savings ? 2 : 1, savings ? 8 : 7))
		return false;
	n = number.n - savings; /* the last digit of a savings 番号 goes */
	*out = (struct yucho){.kind = {savings ? '1' : '2'}};
	memcpy(out->symbol, t.p, SYMBOL);
	memcpy(out->number, number.p, number.n);
	memcpy(out->branch, t.p + 1, 2);
	out->branch[2] = savings ? '8' : '9';
	memset(out->account, '0', ACCOUNT);
	memcpy(out->account + ACCOUNT - n, number.p, n);
	return true;
}
