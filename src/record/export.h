/*
 * export.h — answers.csv, transactions.csv, others.csv (docs/interface.md
 * §9): the writer that `answers export` and `cleanse` share.
 */
#ifndef SHOKAI_RECORD_EXPORT_H
#define SHOKAI_RECORD_EXPORT_H

#include "base/err.h"
#include "base/refusals.h"
#include "record/answer.h"

enum export_encoding { EXPORT_UTF8, EXPORT_UTF8_BOM, EXPORT_CP932 };

/* "utf-8", "utf-8-bom", "cp932". */
bool export_encoding_named(const char *name, enum export_encoding *out);

struct export; /* three files being written, or four */

struct export_order {
	const char *dir;
	enum export_encoding encoding; /* of the CSV files */
	bool raw;		       /* 原:ITEM after each item */
	bool force;		       /* files that are there are replaced */
	bool xlsx; /* DIR/answers.xlsx too, with the three as its sheets */
	struct refusals *lost; /* what the encoding lacks; or NULL */
};

/*
 * Begins DIR/answers.csv, transactions.csv and others.csv with their
 * headers; DIR is made if it is not there. Files are whole or not there. Cells
 * that a spreadsheet would run as a formula (first character one of = + - @ TAB
 * CR, unless it is a number) get a leading apostrophe; in the XLSX they stand
 * as they are, as text (record/xlsx.h). In CP932 an unencodable character
 * becomes 〓 and is told to lost (export.geta).
 */
CHECKED enum err_class export_open(
    const struct export_order *order, struct export **out, struct err *e);

/*
 * One inquiry; correction 0 = the final answer. answer NULL: sent, no answer
 * yet: one row with the class column given by pending ("" or a class's code).
 * 回答分類 is the class in Japanese.
 *
 * The rows of transactions.csv and others.csv do not tell a correction from
 * the final answer: those of the final one alone are written. 担保有無・明細
 * counts the rows of kind 2, その他取引(…) all others, 口座取引明細表 the
 * account's transactions; empty where the class is no answer (§5). 原:ITEM is
 * what the bank wrote, also where it is the same as the value.
 */
CHECKED enum err_class export_answer(struct export *x, struct text atena,
    int correction, const char *kanri, const struct answer *answer,
    const char *pending, struct err *e);

/* Commits all of them. On any failure nothing new is left behind. */
CHECKED enum err_class export_close(struct export *x, struct err *e);
void export_abandon(struct export *x);

#endif
