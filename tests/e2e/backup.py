"""`shokai backup` and `shokai restore`: a node comes back as it was, file by
file and row by row, on both databases; anything but the whole backup and its
key is refused with code, place and reason, and leaves nothing behind."""
import json
import os
import resource
import shutil
import signal
import stat
import subprocess
import time

import _bad
import _case
from _postgres import ROLE, World, point, quoted
from chain import SHOKAI, run

TOP = _case.folder("backup")
WARD = os.path.join(TOP, "131041")
KEY = os.path.join(TOP, "key")
WORDS = os.path.join(TOP, "words")
BACKUP = os.path.join(TOP, "ward.backup")
AGAIN = os.path.join(TOP, "again")


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)
    return path


def read(path):
    with open(path, "rb") as f:
        return f.read()


def make_ward():
    """With debtors, keys in a folder of their own, and something carried."""
    synth = os.path.join(TOP, "synth")
    run("synth", "--out", synth, "--subjects", "3000", "--institutions", "1",
        "--customers", "100")
    run("node", "init", WARD, "--party", "ward", "--code", "131041",
        "--name", "架空区")
    run("subjects", "import", WARD, os.path.join(synth, "ward",
                                                 "subjects.csv"), ok=(0, 1))
    certificate(WARD, "131041")
    run("user", "add", WARD, "officer1", "--role", "officer",
        "--appointment", "T-001:2026-04-01/2027-03-31:1,2,3")
    os.rename(os.path.join(WARD, "keys"), os.path.join(TOP, "elsewhere"))
    os.symlink(os.path.join(TOP, "elsewhere"), os.path.join(WARD, "keys"))
    os.makedirs(os.path.join(WARD, "folder", "in", "hub-1"))
    write(os.path.join(WARD, "folder", "in", "hub-1", "あ い.zip"), b"PK")
    write(os.path.join(WARD, "node.yaml.123.part"), b"half")


def certificate(node, code):
    ca = os.path.join(TOP, "ca")
    crt = os.path.join(TOP, code + ".crt")
    if not os.path.exists(ca):
        run("ca", "init", ca)
    run("ca", "sign", ca, os.path.join(node, "node.csr"), "--out", crt)
    run("node", "cert", node, "--cert", crt, "--ca",
        os.path.join(ca, "ca.crt"))


def files(node):
    """Every file below it but the database's and the locks."""
    found = {}
    for folder, _, names in os.walk(node, followlinks=True):
        for name in names:
            path = os.path.join(folder, name)
            if not name.startswith("shokai.db") and not name.endswith(
                    ".part") and not path.startswith(node + "/run"):
                found[os.path.relpath(path, node)] = read(path)
    return found


def backup(out, *more, node=WARD):
    return _bad.shokai("backup", node, "--out", out, *more)


def restore(path, to, *more, **how):
    return _bad.shokai("restore", path, "--to", to, *more, **how)


def says(p, code, exit_code):
    said = _bad.refusals(p.stderr)
    return (p.returncode == exit_code and len(said) == 1 and p.stdout == b""
            and _bad.well_formed(said[0]) and said[0]["code"] == code)


def gone(to):
    return not os.path.exists(to) and not os.path.exists(to + ".part")


def comes_back(c):
    before = files(WARD)
    p = backup(BACKUP, "--key-file", KEY)
    told = json.loads(p.stdout or b"{}")
    c.check("backup", p.returncode == 0 and told.get("code") == "131041"
            and told["party"] == "ward" and told["files"] == len(before), p)
    c.check("a backup is its owner's alone",
            stat.S_IMODE(os.stat(BACKUP).st_mode) == 0o600)
    data = read(BACKUP)
    c.check("nothing of it can be read", not any(
        word in data for word in ("東京都".encode(), b"SQLite format",
                                  b"PRIVATE KEY", b"officer1", b"131041")))
    c.check("and it is packed", len(data) < told["bytes"] / 2)
    p = restore(BACKUP, AGAIN, "--key-file", KEY)
    again = json.loads(p.stdout or b"{}")
    c.check("restore", p.returncode == 0 and again.get("at") == told["at"]
            and again["files"] == told["files"]
            and again["bytes"] == told["bytes"] and again["asked"] == 0, p)
    c.check("every file is there", files(AGAIN) == before)
    c.check("the folder is its owner's alone",
            stat.S_IMODE(os.stat(AGAIN).st_mode) == 0o700
            and stat.S_IMODE(os.stat(os.path.join(
                AGAIN, "keys", "node.key")).st_mode) == 0o600)
    found = _bad.differing(_case.dump(WARD), _case.dump(AGAIN))
    c.check("every row is there, and that it was put back",
            set(found) <= {"log", "log_object", "lane", "fact"}
            and all(v[1] <= 1 for v in found.values()), found)
    c.check("the log holds", _bad.shokai("audit", "verify",
                                         AGAIN).returncode == 0)
    c.check("that a copy was made stands in the log", _bad.query(
        AGAIN, "SELECT count(*) FROM log WHERE actor = 'backup'")[0][0] == 1)
    shutil.rmtree(AGAIN)


def other_ways(c):
    """A passphrase; through pipes; into an empty folder."""
    with open(BACKUP + ".2", "wb") as f:
        p = subprocess.run([SHOKAI, "backup", WARD, "--out", "-",
                            "--passphrase-file", WORDS], stdout=f)
    os.mkdir(AGAIN)
    done = restore("-", AGAIN + "/", "--passphrase-file", WORDS,
                   stdin=read(BACKUP + ".2"))
    c.check("through pipes, by a passphrase", p.returncode == 0
            and done.returncode == 0 and files(AGAIN) == files(WARD), done)
    shutil.rmtree(AGAIN)


def serving(c):
    """While it serves, and the copy is as of one moment."""
    run("node", "check", WARD, ok=None)
    p = subprocess.Popen([SHOKAI, "serve", WARD], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL)
    try:
        c.check("it serves", p.stdout.readline().startswith(b"READY"))
        done = backup(BACKUP, "--key-file", KEY, "--force")
        c.check("backup while it serves", done.returncode == 0, done)
    finally:
        p.send_signal(signal.SIGTERM)
        p.wait()
        p.stdout.close()
    done = restore(BACKUP, AGAIN, "--key-file", KEY)
    c.check("and it comes back", done.returncode == 0
            and len(_case.dump(AGAIN)["subject"]) == len(
                _case.dump(WARD)["subject"]), done)
    shutil.rmtree(AGAIN)


def keys(c):
    other = write(os.path.join(TOP, "other"), os.urandom(64))
    short = write(os.path.join(TOP, "short"), b"x" * 11)
    for name, words in (
            ("another key", ("--key-file", other)),
            ("a passphrase for a key", ("--passphrase-file", WORDS)),
            ("a key of 11 bytes", ("--key-file", short)),
            ("a passphrase of 11 bytes", ("--passphrase-file", short)),
            ("no key file", ("--key-file", os.path.join(TOP, "none")))):
        p = restore(BACKUP, AGAIN, *words)
        c.check(name + ": backup.key", says(p, "backup.key", 3)
                and gone(AGAIN), p)
    p = backup(os.path.join(TOP, "x"), "--key-file", short)
    c.check("a backup by a short key: backup.key", says(p, "backup.key", 3)
            and not os.path.exists(os.path.join(TOP, "x")), p)
    for p in (backup(os.path.join(TOP, "x")),
              backup(os.path.join(TOP, "x"), "--key-file", KEY,
                     "--passphrase-file", WORDS),
              restore(BACKUP, AGAIN), _bad.shokai(
                  "restore", BACKUP, "--key-file", KEY)):
        c.check("one key, no more and no less", p.returncode == 2, p)


def damaged(c):
    data = read(BACKUP)
    end = len(data)
    bad = os.path.join(TOP, "bad")
    for name, what in (
            ("cut off at the end", data[:-1]),
            ("cut in the middle", data[:end // 2]),
            ("its head alone", data[:64]), ("empty", b""),
            ("another file", b"PK" + bytes(200)),
            ("a byte more", data + b"\0"), ("twice", data + data),
            ("a bit in the middle", data[:end // 2] + bytes(
                [data[end // 2] ^ 1]) + data[end // 2 + 1:]),
            ("a bit at the end", data[:-1] + bytes([data[-1] ^ 1]))):
        p = restore(write(bad, what), AGAIN, "--key-file", KEY)
        c.check("%s: backup.damaged" % name, says(p, "backup.damaged", 3)
                and gone(AGAIN), p)


def places(c):
    p = backup(BACKUP, "--key-file", KEY)
    c.check("a file that is there", says(p, "file.exists", 3), p)
    p = restore(BACKUP, TOP, "--key-file", KEY)
    c.check("a folder that is not empty", says(p, "node.not_empty", 3), p)
    p = restore(BACKUP, os.path.join(TOP, "a", "b"), "--key-file", KEY)
    c.check("a folder in none", says(p, "node.folder", 3), p)
    p = restore(os.path.join(TOP, "none"), AGAIN, "--key-file", KEY)
    c.check("no backup", says(p, "file.missing", 3) and gone(AGAIN), p)
    p = backup(os.path.join(TOP, "x"), "--key-file", KEY,
               node=os.path.join(TOP, "none"))
    c.check("no node", p.returncode == 3, p)


def small_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def full(c):
    """A disk with room for a mebibyte, as a limit on a file's size."""
    for name, words in (
            ("backup", ("backup", WARD, "--out", AGAIN)),
            ("restore", ("restore", BACKUP, "--to", AGAIN))):
        p = subprocess.run([SHOKAI, *words, "--key-file", KEY],
                           capture_output=True, preexec_fn=small_files)
        c.check("%s on a full disk: exit 6" % name, p.returncode == 6
                and len(_bad.refusals(p.stderr)) == 1 and gone(AGAIN), p)
    c.check("no copy stays beside the database", not os.path.exists(
        os.path.join(WARD, "shokai.db-copy")))


def killed(c):
    """At some moment of its work: the next one goes from the beginning."""
    for wait in (0.01, 0.03, 0.06, 0.1, 0.2):
        p = subprocess.Popen([SHOKAI, "restore", BACKUP, "--to", AGAIN,
                              "--key-file", KEY], stdout=subprocess.DEVNULL)
        time.sleep(wait)
        p.kill()
        if p.wait() == 0:
            shutil.rmtree(AGAIN)
        c.check("killed after %g s: no node" % wait,
                not os.path.exists(AGAIN) or os.listdir(AGAIN) == [])
    p = restore(BACKUP, AGAIN, "--key-file", KEY)
    c.check("behind kills it comes back", p.returncode == 0
            and files(AGAIN) == files(WARD), p)
    shutil.rmtree(AGAIN)


def postgresql(c):
    """A role that owns neither database nor schema, over TLS."""
    top = os.path.join(TOP, "server")
    os.mkdir(top)
    w = World(top)
    try:
        w.make_ward("500")
        before = w.dump()
        path = os.path.join(TOP, "server.backup")
        p = backup(path, "--key-file", KEY, node=w.node.path)
        c.check("postgresql: backup", p.returncode == 0, p)
        p = restore(path, AGAIN, "--key-file", KEY)
        c.check("postgresql: a database that is not empty: store.exists",
                says(p, "store.exists", 3) and gone(AGAIN), p)
        c.check("postgresql: which is as it was", w.dump()["subject"]
                == before["subject"])
        w.cluster.sql("DROP DATABASE ward WITH (FORCE)")
        w.database("ward")
        p = restore(write(os.path.join(TOP, "bad"), read(path)[:-1]), AGAIN,
                    "--key-file", KEY)
        c.check("postgresql: cut off: backup.damaged",
                says(p, "backup.damaged", 3) and gone(AGAIN)
                and w.dump() == {}, p)
        p = restore(path, AGAIN, "--key-file", KEY)
        c.check("postgresql: restore", p.returncode == 0, p)
        found = _bad.differing(before, w.dump())
        c.check("postgresql: every row is there",
                set(found) <= {"log", "log_object", "lane", "fact"}, found)
        c.check("postgresql: the log holds", _bad.shokai(
            "audit", "verify", AGAIN).returncode == 0)
        no_program(c, path)
        a_schema(c, w)
        point(AGAIN, w.url("nowhere"))
        p = backup(os.path.join(TOP, "x"), "--key-file", KEY, node=AGAIN)
        c.check("postgresql: no such database", p.returncode == 5, p)
    finally:
        w.close()


def a_schema(c, w):
    """Several nodes share a database: one goes, and comes back alone."""
    name = 'a.B*'
    w.cluster.sql('CREATE SCHEMA "%s" AUTHORIZATION %s' % (name, ROLE),
                  "ward")
    node = os.path.join(TOP, "sharing")
    run("node", "init", node, "--party", "hub", "--code", "hub-1", "--name",
        "h", "--db", w.url(more="&options=" + quoted(
            '-csearch_path="%s"' % name)))
    certificate(node, "hub-1")
    ward = w.dump()
    path = os.path.join(TOP, "sharing.backup")
    p = backup(path, "--key-file", KEY, node=node)
    c.check("postgresql: of a schema: backup", p.returncode == 0, p)
    shutil.rmtree(node)
    w.cluster.sql('DROP SCHEMA "%s" CASCADE; CREATE SCHEMA "%s" '
                  'AUTHORIZATION %s' % (name, name, ROLE), "ward")
    p = restore(path, node, "--key-file", KEY)
    c.check("postgresql: of a schema: restore", p.returncode == 0
            and json.loads(p.stdout)["party"] == "hub"
            and w.dump() == ward, p)
    p = _bad.shokai("audit", "verify", node)
    c.check("postgresql: of a schema: the log holds", p.returncode == 0, p)


def no_program(c, path):
    p = subprocess.run([SHOKAI, "backup", AGAIN, "--out", path + ".3",
                        "--key-file", KEY], capture_output=True,
                       env=dict(os.environ, PATH=TOP))
    c.check("postgresql: no pg_dump: store.program", says(
        p, "store.program", 6) and b"pg_dump" in p.stderr
        and not os.path.exists(path + ".3"), p)


def body(c):
    try:
        write(KEY, os.urandom(64))
        write(WORDS, "架空の合い言葉\n".encode())
        make_ward()
        for part in (comes_back, other_ways, serving, keys, damaged, places,
                     full, killed, postgresql):
            part(c)
    finally:
        _case.remove(TOP)


_case.main(body)
