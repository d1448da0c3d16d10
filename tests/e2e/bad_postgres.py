"""What each command says of a PostgreSQL server that cannot be used as it is
(docs/interface.md §12, `store.*`): a code, an exit, what to do about it in two
languages, and no row that has changed. And odd connection strings, of which
no word is ever written out."""
import contextlib
import os
import signal
import shutil
import subprocess
import time

import _bad
import _case
import rows
from _postgres import PASSWORD, World, point, quoted
from chain import AUTHORITY, run

TOP = _case.folder("bad-postgres")
SUBJECTS = os.path.join(TOP, "synth", "ward", "subjects.csv")
NODE = os.path.join(TOP, "ward")


COMMANDS = (
    ("wave", "list", NODE), ("wave", "show", NODE, "001"),
    ("subjects", "import", NODE, SUBJECTS),
    ("user", "add", NODE, "another", "--role", "auditor"),
    ("user", "list", NODE), ("peer", "list", NODE), ("reconcile", NODE),
    ("audit", "verify", NODE), ("check", "list", NODE),
    ("wave", "new", NODE, "--name", "t", "--basis", "jumin-331-6",
     "--purpose", "t", "--base-date", "2026-10-01", "--period",
     "2025-10-01/2026-09-30", "--scope", "existence", "--institutions",
     "all", "--as", "officer1"))


def says(p, code, hint):
    """One refusal, well formed, with the code and what to do."""
    lines = _bad.refusals(p.stderr)
    return (len(lines) == 1 and _bad.well_formed(lines[0])
            and lines[0]["code"] == code and hint in lines[0]["why"]["en"])


def each(c, w, name, code, exits, hint, commands=COMMANDS):
    for words in commands:
        p = w.run(*words)
        c.check("%s: %s: exit %d" % (name, " ".join(words[:2]), exits),
                p.returncode == exits, p)
        c.check("%s: %s: %s" % (name, " ".join(words[:2]), code),
                says(p, code, hint), p)


def status(c, w, name, code, hint):
    p = w.run("status", NODE, "--json", "--lang", "en")
    j = _bad.refusals(p.stdout)[0]
    c.check(name + ": status: exit 5", p.returncode == 5
            and j["state"] == "stopped", p)
    c.check(name + ": status says why and what to do", j["db"]["ok"] is False
            and j["db"]["why"] == code and hint in j["db"]["said"], j["db"])
    p = w.run("status", NODE, "--lang", "en")
    c.check(name + ": status says it in words", (code + ": ").encode()
            in p.stdout and hint.encode() in p.stdout, p)


def refuses(c, w, name, code, exits, hint, commands=COMMANDS):
    """Whatever is run, that is said, and no row has changed."""
    before = w.dump()
    each(c, w, name, code, exits, hint, commands)
    status(c, w, name, code, hint)
    if code != "store.unreachable":
        each(c, w, name, code, exits, hint, (("serve", NODE),))
    c.check(name + ": no row has changed", w.dump() == before)


def no_node(c, w, name, url, code, exits, hint, database="ward"):
    """`node init` there: refused, and neither folder nor table is left."""
    before = w.dump(database)
    path = os.path.join(TOP, "new")
    p = w.run("node", "init", path, "--party", "ward", "--code", AUTHORITY,
              "--name", "架空区", "--db", url)
    c.check("%s: node init: exit %d" % (name, exits),
            p.returncode == exits, p)
    c.check("%s: node init: %s" % (name, code), says(p, code, hint), p)
    c.check(name + ": node init: no folder", not os.path.exists(path)
)
    c.check(name + ": node init: no table", w.dump(database) == before)


@contextlib.contextmanager
def pointed(w, **more):
    url = w.url(**more)
    point(NODE, url)
    yield url
    point(NODE, w.url())


@contextlib.contextmanager
def told(w, sql, back, database="postgres"):
    w.cluster.sql(sql, database)
    yield
    w.cluster.sql(back, database)


def unreachable(c, w):
    hint = "see to the server and to db in node.yaml"
    for name, more in (("nobody there", {"port": 1}),
                       ("no such database", {"database": "none"})):
        with pointed(w, **more) as url:
            refuses(c, w, name, "store.unreachable", 5, hint)
            no_node(c, w, name, url, "store.unreachable", 5, hint)
    with pointed(w, host="no-such-host.invalid"):
        refuses(c, w, "no such host", "store.unreachable", 5, hint,
                COMMANDS[:1])
    before = w.dump()
    w.cluster.process.send_signal(signal.SIGSTOP)
    begun = time.monotonic()
    each(c, w, "a server that hangs", "store.unreachable", 5, hint,
         COMMANDS[:2])
    c.check("a server that hangs is waited for some seconds",
            time.monotonic() - begun < 60)
    w.cluster.process.send_signal(signal.SIGCONT)
    w.cluster.stop()
    each(c, w, "stopped", "store.unreachable", 5, hint)
    status(c, w, "stopped", "store.unreachable", hint)
    w.cluster.start()
    c.check("stopped: no row has changed", w.dump() == before)


def many(c, w):
    """No connection is left; the role may have none."""
    taken = []
    before = w.dump()
    try:
        while True:
            taken.append(rows.Postgres(w.url()))
    except rows.Failed:
        pass
    each(c, w, "no connection is left", "store.unreachable", 5,
         "see max_connections")
    for db in taken:
        db.close()
    c.check("no connection was left", len(taken) > 3, len(taken))
    with told(w, "ALTER ROLE clerk CONNECTION LIMIT 0",
              "ALTER ROLE clerk CONNECTION LIMIT -1"):
        refuses(c, w, "a role without connections", "store.unreachable", 5,
                "the role's limit")
    c.check("and none was changed", w.dump() == before)


def auth(c, w):
    hint = "see db in node.yaml"
    with pointed(w, password="wrong") as url:
        refuses(c, w, "a wrong password", "store.auth", 4, hint)
        no_node(c, w, "a wrong password", url, "store.auth", 4, hint)
    with told(w, "ALTER ROLE clerk NOLOGIN", "ALTER ROLE clerk LOGIN"):
        refuses(c, w, "may not log in", "store.auth", 4, hint)
    path = os.path.join(w.cluster.data, "pg_hba.conf")
    with open(path, encoding="utf-8") as f:
        kept = f.read()
    with open(path, "w", encoding="utf-8") as f:
        f.write("host all clerk 127.0.0.1/32 reject\n"
                "host all clerk ::1/128 reject\n" + kept)
    w.cluster.sql("SELECT pg_reload_conf()")
    refuses(c, w, "pg_hba.conf says no", "store.auth", 4, "pg_hba.conf")
    with open(path, "w", encoding="utf-8") as f:
        f.write(kept)
    w.cluster.sql("SELECT pg_reload_conf()")


def certificate(c, w):
    hint = "see to sslrootcert"
    for name, more in (
            ("another authority's certificate", {"ca": "other-ca.crt"}),
            ("a certificate of another name", {"host": "127.0.0.1"}),
            ("an authority that is not there", {"ca": "none.crt"})):
        with pointed(w, **more) as url:
            refuses(c, w, name, "store.certificate", 4, hint)
            no_node(c, w, name, url, "store.certificate", 4, hint)
    with told(w, "ALTER SYSTEM SET ssl = off; ",
              "ALTER SYSTEM RESET ssl"):
        w.cluster.sql("SELECT pg_reload_conf()")
        time.sleep(0.5)
        refuses(c, w, "a server without TLS", "store.certificate", 4, hint)
    w.cluster.sql("SELECT pg_reload_conf()")
    time.sleep(0.5)
    with pointed(w, host="db.example", more="&sslmode=prefer"):
        each(c, w, "TLS only if it may be", "store.certificate", 3,
             "needs sslmode=verify-full")


def read_only(c, w):
    hint = "the primary"
    with told(w, "ALTER ROLE clerk SET default_transaction_read_only = on",
              "ALTER ROLE clerk RESET default_transaction_read_only"):
        refuses(c, w, "read only", "store.read_only", 5, hint)
        w.database("empty")
        no_node(c, w, "read only", w.url("empty"), "store.read_only", 5,
                hint, "empty")
    with standby(w) as port:
        with pointed(w, port=port):
            refuses(c, w, "a standby", "store.read_only", 5, hint)


@contextlib.contextmanager
def standby(w):
    """A second server that follows the first."""
    cl = w.cluster
    data = os.path.join(cl.folder, "standby")
    bin_ = os.path.dirname(cl.command()[0])
    cl.run(os.path.join(bin_, "pg_basebackup"), "-D", data, "-R", "-c",
           "fast", "-X", "stream", "-h", cl.folder, "-p", str(cl.port),
           "-U", "postgres")
    port = cl.port + 1
    log = open(cl.log, "ab")
    p = subprocess.Popen(
        [cl.command()[0], "-D", data, "-k", cl.folder, "-h", "127.0.0.1",
         "-p", str(port)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        cwd=cl.folder, **cl.demote)
    log.close()
    try:
        up = _bad.until(lambda: subprocess.run(
            [os.path.join(bin_, "pg_isready"), "-q", "-h", cl.folder, "-p",
             str(port)]).returncode == 0, 60)
        assert up, "the standby did not start"
        yield port
    finally:
        p.send_signal(signal.SIGINT)
        p.wait()


def schema(c, w):
    for name, version, code, hint in (
            ("an older schema", 12, "store.schema_old",
             "run shokai node upgrade"),
            ("a newer schema", 9999, "store.schema_new",
             "install the newer program")):
        kept = w.cluster.sql("SELECT version FROM shokai_schema", "ward")
        with told(w, "UPDATE shokai_schema SET version = %d" % version,
                  "UPDATE shokai_schema SET version = " + kept, "ward"):
            refuses(c, w, name, code, 3, hint)


def rights(c, w):
    hint = "owns the schema and its tables"
    with told(w, "REVOKE USAGE, CREATE ON SCHEMA public FROM PUBLIC, clerk",
              "GRANT USAGE ON SCHEMA public TO PUBLIC; "
              "GRANT USAGE, CREATE ON SCHEMA public TO clerk", "ward"):
        refuses(c, w, "no right to the schema", "store.auth", 4, hint)
    with told(w, "REVOKE ALL ON shokai_schema FROM clerk",
              "GRANT ALL ON shokai_schema TO clerk", "ward"):
        refuses(c, w, "no right to a table", "store.auth", 4, hint)
    w.cluster.sql("CREATE DATABASE others")  # whose schema is not the role's
    no_node(c, w, "no right to make a table", w.url("others"), "store.auth",
            4, hint, "others")


def settings(c, w):
    """What a DBA may have set for the role does no harm; what harms is
    refused before a table is made."""
    for encoding in ("SQL_ASCII", "EUC_JP", "LATIN1"):
        name = "in_" + encoding.lower()
        w.database(name, "ENCODING '%s' TEMPLATE template0" % encoding)
        no_node(c, w, "encoding " + encoding, w.url(name), "store.settings",
                6, "server_encoding=" + encoding, name)
    with told(w, "ALTER ROLE clerk SET statement_timeout = '1ms'; "
              "ALTER ROLE clerk SET idle_session_timeout = '100ms'; "
              "ALTER ROLE clerk SET default_transaction_isolation = "
              "'serializable'; ALTER ROLE clerk SET client_encoding = "
              "'EUC_JP'; ALTER ROLE clerk SET DateStyle = 'German'; "
              "ALTER ROLE clerk SET bytea_output = 'escape'",
              "ALTER ROLE clerk RESET ALL"):
        for words in (("subjects", "import", NODE, SUBJECTS),
                      ("wave", "list", NODE), ("audit", "verify", NODE)):
            p = w.run(*words)
            c.check("a role with settings of its own: " + words[0],
                    p.returncode in (0, 1) and b"store." not in p.stderr, p)


def strings(c, w):
    """Connection strings that are none, or odd."""
    path = os.path.join(TOP, "odd")
    for name, url in (
            ("a broken escape", "postgresql://a:%zz@localhost/x"),
            ("an unknown word", w.url(more="&nonsense=1")),
            ("a port that is none", "postgresql://a@localhost:99999999/x"),
            ("a space", "postgresql://a:se cret@local host/x y"),
            ("nothing", "postgresql:"), ("another kind", "mysql://a/b"),
            ("a line feed", "postgresql://a:secret@localhost/\nx"),
            ("4,000 characters", "postgresql://a:%s@localhost/x" % (
                "s" * 4000)),
            ("100,000 characters", "postgresql://a:%s@localhost/x" % (
                "s" * 100000))):
        p = w.run("node", "init", path, "--party", "ward", "--code",
                  AUTHORITY, "--name", "架空区", "--db", url)
        lines = _bad.refusals(p.stderr)
        c.check("%s: refused" % name, p.returncode in (3, 4, 5)
                and len(lines) == 1 and _bad.well_formed(lines[0]), p)
        c.check("%s: no folder" % name, not os.path.exists(path))
    with pointed(w, more="&application_name=%27%3B%20DROP%20TABLE%20fact"
                 "&options=-c%20search_path%3Dpublic"):
        p = w.run("wave", "list", NODE)
        c.check("options and names of one's own", p.returncode == 0, p)


def full(c, w):
    """The server's disk is full: whole or not, and again with room."""
    disk = os.path.join(w.cluster.folder, "small")
    os.mkdir(disk)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m,mode=777",
                    "none", disk], check=True)
    try:
        place = os.path.join(disk, "space")
        os.mkdir(place, 0o700)
        shutil.chown(place, *(("postgres",) * 2))
        w.cluster.sql("CREATE TABLESPACE small LOCATION '%s'" % place)
        w.database("tiny", "TABLESPACE small")
        # Not even its tables have room.
        filler = os.path.join(disk, "filler")
        fill(filler, disk, 100 << 10)
        hint = "the database's disk is full: make room"
        no_node(c, w, "a full disk", w.url("tiny"), "store.disk_full", 6,
                hint, "tiny")
        os.unlink(filler)
        node = os.path.join(TOP, "full-ward")
        run("node", "init", node, "--party", "ward", "--code", AUTHORITY,
            "--name", "架空区", "--db", w.url("tiny"))
        fill(filler, disk, 0)
        before = w.dump("tiny")
        each(c, w, "a full disk", "store.disk_full", 6, hint,
             (("subjects", "import", node, SUBJECTS),))
        after = w.dump("tiny")
        owner = {r.split("'")[3] for r in after["subject"]}
        c.check("a full disk: no claim without its subject, no subject "
                "without its claims", {r.split("'")[3] for r in
                                       after["claim"]} == owner)
        c.check("a full disk: nothing that was there is lost", all(
            set(before[t]) <= set(after[t]) for t in before))
        os.unlink(filler)
        p = w.run("subjects", "import", node, SUBJECTS)
        c.check("with room again: done", p.returncode in (0, 1), p)
        with open(SUBJECTS, encoding="utf-8") as f:
            persons = len({x.split(",")[0] for x in f.readlines()[1:]})
        c.check("with room again: each once", len(w.dump("tiny")["subject"])
                == persons)
        w.cluster.sql("DROP DATABASE tiny WITH (FORCE)")
        w.cluster.sql("DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def fill(path, disk, leave):
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    with open(path, "wb") as f:
        try:
            f.write(bytes(max(0, free - leave)))
        except OSError:
            pass


def nothing_told(c, w):
    """No output holds a password, in any spelling."""
    for name, form in (("as it is", PASSWORD), ("in the URL",
                                                quoted(PASSWORD)),
                       ("a part of it", "se cret"), ("another", "sssss")):
        c.check("the password %s is not told" % name,
                form.encode() not in w.said)
    c.check("something was told", b"store.auth" in w.said)


def body(c):
    w = World(TOP)
    try:
        w.make_ward(2000)
        for part in (unreachable, many, auth, certificate, read_only,
                     schema, rights, settings, strings, full):
            part(c, w)
        nothing_told(c, w)
    finally:
        w.close()
        _case.remove(TOP)


_case.main(body)
