/* stmt_hub.h — statements of hub; see statements.h. */
#ifndef SHOKAI_STORE_STMT_HUB_H
#define SHOKAI_STORE_STMT_HUB_H

#define STMT_HUB(X)

#endif
