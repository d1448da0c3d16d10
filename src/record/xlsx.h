/*
 * xlsx.h — an XLSX file (ECMA-376) of a few sheets of rows, for people
 * who open it in Excel or LibreOffice.
 *
 * Every cell is text and formatted as text ("@"), so that codes keep their
 * zeros (T4) and nothing in it is run as a formula, not even when the cell is
 * edited; amounts alone are numbers. Memory does not grow with the rows: they
 * go through unlinked files in the folder of the result.
 */
#ifndef SHOKAI_RECORD_XLSX_H
#define SHOKAI_RECORD_XLSX_H

#include "base/bytes.h"
#include "base/err.h"

#define XLSX_SHEETS 4

struct xlsx; /* one being written */

/*
 * Begins the file with sheets of these names, which must live as long as it.
 * It is whole or not there; an existing one is ERR_INPUT "file.exists" unless
 * force. dir is where path stands.
 */
CHECKED enum err_class xlsx_open(const char *path, const char *dir, bool force,
    const char *const *sheets, size_t n, struct xlsx **out, struct err *e);

/*
 * Adds a cell to the sheet's row at hand. The first row is the heading; it is
 * repeated where a sheet is full (1,048,576 rows) and another one goes on. An
 * amount that is a whole number of at most 15 digits becomes a number.
 */
void xlsx_cell(struct xlsx *w, size_t sheet, struct text t, bool amount);
void xlsx_end_row(struct xlsx *w, size_t sheet);

/* Commits it. What could not be written is told here: ERR_FAULT
 * "xlsx.failed"; then nothing is left behind. */
CHECKED enum err_class xlsx_close(struct xlsx *w, struct err *e);
void xlsx_abandon(struct xlsx *w); /* NULL is harmless */

#endif
