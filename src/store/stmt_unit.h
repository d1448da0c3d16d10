/* stmt_unit.h — statements of unit; see statements.h. */
#ifndef SHOKAI_STORE_STMT_UNIT_H
#define SHOKAI_STORE_STMT_UNIT_H

#define STMT_UNIT(X)

#endif
