/* stmt_ward.h — statements of ward; see statements.h. */
#ifndef SHOKAI_STORE_STMT_WARD_H
#define SHOKAI_STORE_STMT_WARD_H

#define STMT_WARD(X)

#endif
