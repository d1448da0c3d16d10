/*
 * icu_eras.c — writes icu_eras.tsv: the first and the last day of every year
 * of every era from 1873 to 2030 as ICU's Japanese calendar has them. Run by
 * hand (cc icu_eras.c $(pkg-config --cflags --libs icu-i18n)), never while
 * building.
 */
#include <stdio.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

int main(void)
{
	UErrorCode e = U_ZERO_ERROR;
	UChar utc[8];
	UCalendar *g;
	UCalendar *j;
	int last_era = -1;
	int last_year = -1;
	char before[64] = "";

	u_uastrcpy(utc, "GMT");
	g = ucal_open(utc, -1, "en@calendar=gregorian", UCAL_TRADITIONAL, &e);
	j = ucal_open(utc, -1, "ja@calendar=japanese", UCAL_TRADITIONAL, &e);
	puts("# ICU " U_ICU_VERSION
	     ": first and last day of every year of every era");
	for (double t = -3061065600000.0; t < 1924992000000.0; t += 86400000) {
		char line[64];
		int era;
		int year;

		ucal_setMillis(g, t, &e);
		ucal_setMillis(j, t, &e);
		era = ucal_get(j, UCAL_ERA, &e) - 232; /* 232 is Meiji */
		year = ucal_get(j, UCAL_YEAR, &e);
		snprintf(line, sizeof(line), "%04d-%02d-%02d\t%d%02d%02d%02d",
		    ucal_get(g, UCAL_YEAR, &e), ucal_get(g, UCAL_MONTH, &e) + 1,
		    ucal_get(g, UCAL_DATE, &e), era + 1, year,
		    ucal_get(j, UCAL_MONTH, &e) + 1,
		    ucal_get(j, UCAL_DATE, &e));
		if (era != last_era || year != last_year) {
			if (before[0])
				puts(before);
			puts(line);
		}
		snprintf(before, sizeof(before), "%s", line);
		last_era = era;
		last_year = year;
	}
	puts(before);
	return U_FAILURE(e);
}
