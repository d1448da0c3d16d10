/* stmt_bank.h — statements of bank; see statements.h. */
#ifndef SHOKAI_STORE_STMT_BANK_H
#define SHOKAI_STORE_STMT_BANK_H

#define STMT_BANK(X)

#endif
