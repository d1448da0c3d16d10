"""_postgres.py — what the tests of a PostgreSQL server that fails share: a
ward over TLS with a role of its own, and hands on server and node.yaml."""
import os
import urllib.parse

import _bad
import rows
from chain import AUTHORITY, Node, run
from cluster import Cluster

PASSWORD = "p w%20'\"#\\é:@/?&"
ROLE = "clerk"


def quoted(text):
    return urllib.parse.quote(text, safe="")


class World:
    """A server with TLS, and a ward whose database it keeps."""

    def __init__(self, top):
        self.top = top
        self.node = Node(top, "ward", "ward", AUTHORITY, "架空区")
        self.subjects = os.path.join(top, "synth", "ward", "subjects.csv")
        self.cluster = c = Cluster({"max_connections": "20",
                                    "superuser_reserved_connections": "8"},
                                   tls=True)
        c.sql("CREATE ROLE %s LOGIN" % ROLE)
        self.password(PASSWORD)
        self.database("ward")
        self.said = b""  # all that was ever printed

    def make_ward(self, subjects):
        """With its certificate, an officer and that many debtors."""
        ca = os.path.join(self.top, "ca")
        crt = os.path.join(self.top, "ward.crt")
        node = self.node
        run("synth", "--out", os.path.join(self.top, "synth"), "--subjects",
            subjects, "--institutions", "1", "--customers", "100")
        run("node", "init", node.path, "--party", "ward", "--code",
            AUTHORITY, "--name", node.title, "--listen", "127.0.0.1:%d"
            % node.gate, "--desk", "127.0.0.1:%d" % node.desk, "--db",
            self.url())
        run("ca", "init", ca)
        run("ca", "sign", ca, os.path.join(node.path, "node.csr"), "--out",
            crt)
        run("node", "cert", node.path, "--cert", crt, "--ca",
            os.path.join(ca, "ca.crt"))
        run("user", "add", node.path, "officer1", "--role", "officer",
            "--appointment", "T-001:2026-04-01/2027-03-31:1,2,3")
        run("subjects", "import", node.path, self.subjects, ok=(0, 1))

    def close(self):
        self.node.stop()
        self.cluster.remove()

    def password(self, text):
        self.cluster.sql("ALTER ROLE %s PASSWORD '%s'" % (
            ROLE, text.replace("'", "''")))

    def database(self, name, how=""):
        """The role may work there, but owns neither database nor schema."""
        self.cluster.sql("CREATE DATABASE %s %s" % (name, how))
        self.cluster.sql("GRANT USAGE, CREATE ON SCHEMA public TO " + ROLE,
                         name)

    def url(self, database="ward", host="localhost", ca="ca.crt", port=None,
            password=PASSWORD, more=""):
        return ("postgresql://%s:%s@%s:%d/%s?sslmode=verify-full&sslrootcert"
                "=%s%s" % (ROLE, quoted(password), host,
                           port or self.cluster.port, database,
                           quoted(os.path.join(self.cluster.folder, ca)),
                           more))

    def run(self, *words):
        p = _bad.shokai(*words)
        self.said += p.stdout + p.stderr
        return p

    def dump(self, database="ward"):
        """Every row, by the server's own superuser."""
        db = rows.Postgres(self.cluster.url(database))
        found = {t: sorted(map(repr, db.execute('SELECT * FROM "%s"' % t)))
                 for t in rows.tables(db)}
        db.close()
        return found


def point(node, url):
    """node.yaml names another database."""
    path = os.path.join(node, "node.yaml")
    with open(path, encoding="utf-8") as f:
        kept = [line for line in f if not line.startswith("db:")]
    with open(path, "w", encoding="utf-8") as f:
        f.writelines(kept)
        f.write('db: "%s"\n' % url.replace("\\", "\\\\").replace('"', '\\"'))
