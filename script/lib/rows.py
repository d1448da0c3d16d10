"""rows.py — a node's rows, read behind its back: with sqlite3, or through
libpq where its node.yaml names a PostgreSQL server. One small face for both:
connect(NODE).execute(SQL, PARAMETERS) gives rows; ? or ?1 are parameters.
"""
import ctypes
import os
import re
import sqlite3

INTEGERS = (16, 20, 21, 23, 1700)  # bool, int8, int2, int4, numeric
BYTES = 17


class Failed(Exception):
    """The server did not answer, or not as it should."""


def library():
    """libpq, its functions typed."""
    pq = ctypes.CDLL("libpq.so.5")
    p, i, z = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
    strings = ctypes.POINTER(ctypes.c_char_p)
    for name, result, arguments in (
            ("PQconnectdb", p, (z,)), ("PQstatus", i, (p,)),
            ("PQfinish", None, (p,)), ("PQerrorMessage", z, (p,)),
            ("PQexecParams", p, (p, z, i, p, strings, p, p, i)),
            ("PQresultStatus", i, (p,)), ("PQclear", None, (p,)),
            ("PQntuples", i, (p,)), ("PQnfields", i, (p,)),
            ("PQftype", ctypes.c_uint, (p, i)),
            ("PQgetisnull", i, (p, i, i)), ("PQgetvalue", z, (p, i, i))):
        f = getattr(pq, name)
        f.restype = result
        f.argtypes = arguments
    return pq


def dollars(sql):
    """SQLite's ? and ?N as $N; "user" is a word of PostgreSQL's own."""
    n = [0]

    def number(m):
        n[0] += 1
        return "$" + (m.group(1) or str(n[0]))
    sql = re.sub(r"\?(\d*)", number, sql)
    return re.sub(r"\b(FROM|JOIN|UPDATE|INTO) user\b", r'\1 "user"', sql)


class Answer(list):
    """All rows of an answer, to be asked like a cursor."""

    def fetchone(self):
        return self[0] if self else None

    def fetchall(self):
        return list(self)


class Postgres:
    def __init__(self, url, write=False):
        self.pq = library()
        self.conn = self.pq.PQconnectdb(url.encode())
        if self.pq.PQstatus(self.conn) != 0:
            raise Failed(self.pq.PQerrorMessage(self.conn).decode())
        if not write:
            self.execute("SET default_transaction_read_only = on")

    def execute(self, sql, parameters=()):
        given = (ctypes.c_char_p * len(parameters))(*[
            None if v is None else str(v).encode() for v in parameters])
        pq = self.pq
        res = pq.PQexecParams(self.conn, dollars(sql).encode(),
                              len(parameters), None, given, None, None, 0)
        try:
            if pq.PQresultStatus(res) not in (1, 2):
                raise Failed(pq.PQerrorMessage(self.conn).decode())
            return self.rows(res)
        finally:
            pq.PQclear(res)

    def rows(self, res):
        pq = self.pq
        kinds = [pq.PQftype(res, k) for k in range(pq.PQnfields(res))]
        return Answer(tuple(
            self.value(res, row, k, kind) for k, kind in enumerate(kinds))
            for row in range(pq.PQntuples(res)))

    def value(self, res, row, column, kind):
        z = self.pq.PQgetvalue(res, row, column)
        if z == b"" and self.pq.PQgetisnull(res, row, column):
            return None
        if kind in INTEGERS:
            return {b"t": 1, b"f": 0}.get(z) if kind == 16 else int(z)
        if kind == BYTES:
            return bytes.fromhex(z[2:].decode())
        return z.decode()

    def commit(self):
        """Each statement has committed by itself."""

    def close(self):
        if self.conn:
            self.pq.PQfinish(self.conn)
            self.conn = None


def url_of(node):
    """What NODE/node.yaml says of the database."""
    with open(os.path.join(node, "node.yaml"), encoding="utf-8") as f:
        for line in f:
            if line.startswith("db:"):
                return line.split(":", 1)[1].strip().strip('"')
    return "sqlite:shokai.db"


def tables(db):
    """The names of all tables of an open database."""
    if isinstance(db, Postgres):
        return [r[0] for r in db.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = "
            "current_schema()::regnamespace AND relkind IN ('r', 'p') "
            "AND NOT relispartition ORDER BY relname COLLATE \"C\"")]
    return [r[0] for r in db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' "
        "ORDER BY name")]


def everything(node):
    """All that a node's database holds, as bytes to be searched: the file
    itself, or every value of every row."""
    url = url_of(node)
    if not url.startswith("postgresql:"):
        with open(os.path.join(node, url[len("sqlite:"):]), "rb") as f:
            return f.read()
    db = connect(node)
    found = []
    for name in tables(db):
        for row in db.execute('SELECT * FROM "%s"' % name):
            found += [v if isinstance(v, bytes) else str(v).encode()
                      for v in row if v is not None]
    db.close()
    return b"\0".join(found)


def is_node(path):
    return os.path.exists(os.path.join(path, "node.yaml"))


def connect(node, write=False):
    url = url_of(node)
    if url.startswith("postgresql:"):
        return Postgres(url, write)
    path = os.path.join(node, url[len("sqlite:"):])
    db = sqlite3.connect("file:%s?mode=%s" % (path, "rw" if write else "ro"),
                         uri=True, timeout=10)
    if not write:
        db.execute("PRAGMA query_only = ON")
    return db
