/*
 * table.h — reads one table of data/: lines starting with '#' are its head,
 * the first other line names the columns, then rows of cells parted by TAB.
 */
#ifndef SHOKAI_CODES_TABLE_H
#define SHOKAI_CODES_TABLE_H

#include "base/bytes.h"
#include "base/err.h"

#define TABLE_CELLS_MAX 16

struct table_form {
	const char *name;
	const char *header; /* the columns' names, parted by TAB */
	size_t cells;	    /* at most TABLE_CELLS_MAX */
	size_t row;	    /* bytes of one row */
	bool (*take)(const struct text *cell, void *row); /* false: bad */
};

/*
 * The rows, in arena a, pointing into t. ERR_INPUT "codes.table" with the
 * table's name and line if the header, the number of cells or a cell is wrong.
 */
CHECKED enum err_class table_read(struct arena *a,
    const struct table_form *form, struct text t, void **rows, size_t *count,
    struct err *e);

#endif
