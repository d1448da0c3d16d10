/* stmt_audit.h — statements of audit; see statements.h. */
#ifndef SHOKAI_STORE_STMT_AUDIT_H
#define SHOKAI_STORE_STMT_AUDIT_H

#define STMT_AUDIT(X)

#endif
