/* stmt_exchange.h — statements of exchange; see statements.h. */
#ifndef SHOKAI_STORE_STMT_EXCHANGE_H
#define SHOKAI_STORE_STMT_EXCHANGE_H

#define STMT_EXCHANGE(X)

#endif
