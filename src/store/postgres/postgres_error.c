/*
 * postgres_error.c — results of PostgreSQL as classes of err.h, by SQLSTATE
 * (PostgreSQL 15, Appendix A).
 *
 * A server's message may show a row's values ("Key (name)=(…) already
 * exists"): only the SQLSTATE and the names of tables and constraints go into
 * the detail (S5). Of syntax and names (class 42) the message is kept.
 */
#include "store/postgres/postgres_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct kind {
	const char *state; /* an SQLSTATE or its beginning */
	enum err_class class;
	const char *code;
	const char *ja;
	const char *en;
};

/* Looked through from above: an exact state stands before its class. */
static const struct kind kinds[] = {
    {"40001", ERR_BUSY, "store.busy", NULL, NULL},
    {"40P01", ERR_BUSY, "store.busy", NULL, NULL},
    {"55P03", ERR_BUSY, "store.busy", NULL, NULL},
    {"57014", ERR_BUSY, "store.busy",
	"データベースが使用中です。もう一度実行してください",
	"the database is busy; run again"},
    {"28", ERR_DENIED, "store.auth",
	"データベースの利用者名かパスワードが違うか、接続が許可されていません。"
	"node.yaml の db とサーバーの pg_hba.conf を確認してください",
	"the database refused the user, the password or where it comes from: "
	"see db in node.yaml, and the server's pg_hba.conf"},
    {"42501", ERR_DENIED, "store.auth", NULL, NULL},
    {"3F000", ERR_DENIED, "store.auth",
	"データベースの利用者に権限がありません。スキーマと表の所有者か確認して"
	"ください",
	"the database's role lacks a privilege: see that it owns the schema "
	"and its tables"},
    {"25006", ERR_BUSY, "store.read_only",
	"データベースは読み取り専用です。node.yaml の db "
	"が主サーバーか確認してください",
	"the database is read only: see that db in node.yaml is the primary"},
    {"53100", ERR_FAULT, "store.disk_full",
	"データベースのディスクに空きがありません。空きを作り、もう一度実行"
	"してください",
	"the database's disk is full: make room, then run again"},
    {"53200", ERR_FAULT, "store.fault",
	"データベースサーバーのメモリが足りません。max_locks_per_transaction "
	"を確認してください",
	"the database server is out of memory: see its "
	"max_locks_per_transaction"},
    {"23", ERR_FAULT, "store.constraint", "データベースの制約に反します",
	"a constraint of the database is broken"},
    {"XX001", ERR_FAULT, "store.damaged", NULL, NULL},
    {"XX002", ERR_FAULT, "store.damaged", "データベースが壊れています",
	"the database is damaged"},
    {"58", ERR_FAULT, "store.io", "データベースの読み書きに失敗しました",
	"the database could not be read or written"},
    {"53300", ERR_BUSY, "store.unreachable",
	"データベースへの接続が多すぎます。max_connections "
	"か利用者の接続数の上限を確認してください",
	"too many connections to the database: see max_connections, or the "
	"role's limit"},
    {"08", ERR_BUSY, "store.unreachable", NULL, NULL},
    {"57P", ERR_BUSY, "store.unreachable", NULL, NULL},
    {"25P03", ERR_BUSY, "store.unreachable", NULL, NULL},
    {"3D000", ERR_BUSY, "store.unreachable",
	"データベースに接続できません。サーバーと node.yaml の db "
	"を確認してください",
	"the database cannot be reached: see to the server and to db in "
	"node.yaml"},
    {"", ERR_FAULT, "store.fault", "データベースの障害です",
	"a fault of the database"},
};

static enum err_class set(const char *state, struct err *e)
{
	const struct kind *k = kinds;
	const struct kind *words;

	while (strncmp(state, k->state, strlen(k->state)) != 0)
		k++;
	for (words = k; words->ja == NULL;)
		words++;
	return err_set(e, k->class, k->code, words->ja, words->en);
}

enum err_class postgres_error_state(const char *state, struct err *e)
{
	(void)set(state, e);
	return err_detail(e, "%s", state);
}

static const char *field(const PGresult *res, int code)
{
	const char *z = PQresultErrorField(res, code);

	return z != NULL ? z : "";
}

enum err_class postgres_error(const struct postgres_db *db, const PGresult *res,
    const char *what, struct err *e)
{
	const char *state = field(res, PG_DIAG_SQLSTATE);

	if (*state == '\0') { /* libpq's own: the connection is gone */
		(void)set(
		    PQstatus(db->conn) == CONNECTION_OK ? "" : "08006", e);
		return err_detail(e, "%s", what);
	}
	(void)set(state, e);
	if (strncmp(state, "42", 2) == 0 || strncmp(state, "0A", 2) == 0)
		return err_detail(e, "%s: %s %s", what, state,
		    field(res, PG_DIAG_MESSAGE_PRIMARY));
	return err_detail(
	    e, "%s: %s %s", what, state, field(res, PG_DIAG_CONSTRAINT_NAME));
}

/* "FATAL:  28P01": what the server said, in PQERRORS_SQLSTATE. */
static void state_of(const char *message, char out[6])
{
	out[0] = '\0';
	for (const char *p = message; (p = strstr(p, ":  ")) != NULL; p += 3) {
		size_t n = 0;

		while (n < 5 && (isdigit((unsigned char)p[3 + n]) ||
				    isupper((unsigned char)p[3 + n])))
			n++;
		if (n == 5 && !isalnum((unsigned char)p[8])) {
			memcpy(out, p + 3, 5);
			out[5] = '\0';
			return;
		}
	}
}

enum err_class postgres_error_connect(const PGconn *conn, struct err *e)
{
	const char *message = PQerrorMessage(conn);
	char state[6];

	state_of(message, state);
	if (state[0] != '\0') {
		(void)set(state, e);
		return err_detail(e, "connect: %s", state);
	}
	/* Of libpq itself: in English, the program sets no locale. */
	if (strstr(message, "certificate") != NULL ||
	    strstr(message, "SSL") != NULL) {
		err_set(e, ERR_DENIED, "store.certificate",
		    "データベースサーバーの証明書を確認できません。sslrootcert "
		    "と接続先の名前を確認してください",
		    "the database server's certificate is not the right one: "
		    "see to sslrootcert and the host's name");
		return err_detail(e, "connect");
	}
	if (PQconnectionNeedsPassword(conn) ||
	    strstr(message, "password") != NULL)
		(void)set("28P01", e);
	else
		(void)set("08006", e);
	return err_detail(e, "connect");
}
