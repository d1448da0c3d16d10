/* claims.c — see claims.h. */
#include "parties/claims.h"

void claims_add(struct claims *g, const struct subject *row, struct text basis,
    const char *institution)
{
	static const enum subject_column account[] = {SUBJECT_BANK,
	    SUBJECT_BRANCH, SUBJECT_ACCOUNT_KIND, SUBJECT_ACCOUNT,
	    SUBJECT_CUSTOMER};

	if (g->n == 0)
		g->subject = *row;
	else
		buf_byte(&g->basis, '|');
	g->n++;
	buf_text_add(&g->basis, basis);
	if (text_is(row->f[SUBJECT_BANK], institution))
		for (size_t i = 0; i < sizeof(account) / sizeof(*account); i++)
			g->subject.f[account[i]] = row->f[account[i]];
}
