"""What a database gets that cannot be used as it is (docs/interface.md §12,
`store.*`): a code, an exit and a reason in two languages; and a disk that is
full at the worst moment: nothing half done, and with room again the same
command does its work, once (F1)."""
import contextlib
import json
import os
import shutil
import sqlite3
import subprocess

import _bad
import _case
from chain import ROOT, SHOKAI, Chain, run

TOP = _case.folder("bad-store")
WARD = os.path.join(TOP, "ward")
SUBJECTS = os.path.join(TOP, "synth", "ward", "subjects.csv")


def refused(c, name, words, code, exits):
    p = _bad.shokai(*words)
    c.check("%s: exit %d" % (name, exits), p.returncode == exits, p)
    lines = _bad.refusals(p.stderr)
    c.check("%s: %s" % (name, code), len(lines) == 1
            and _bad.well_formed(lines[0]) and lines[0]["code"] == code,
            p.stderr)
    c.check(name + ": no result", p.stdout == b"", p.stdout)


@contextlib.contextmanager
def copied(name):
    """A copy of the ward, to be made unusable."""
    path = os.path.join(TOP, name)
    shutil.copytree(WARD, path)
    yield path
    shutil.rmtree(path)


@contextlib.contextmanager
def mounted(size=None, of=None, flags="rw"):
    """A file system of that size; or a folder again, with other flags."""
    path = os.path.join(TOP, "mounted")
    os.makedirs(path, exist_ok=True)
    if of is None:
        words = ["-t", "tmpfs", "-o", "size=%d" % size, "none", path]
    else:
        words = ["--bind", of, path]
    subprocess.run(["mount", *words], check=True)
    try:
        if of is not None:
            subprocess.run(["mount", "-o", "remount,bind," + flags, path],
                           check=True)
        yield path
    finally:
        subprocess.run(["umount", "-l", path], check=True)


def unusable(c):
    ask = ("wave", "list")
    with copied("newer") as node:
        with contextlib.closing(sqlite3.connect(os.path.join(
                node, "shokai.db"))) as db:
            db.execute("PRAGMA user_version = 9999")
        refused(c, "of a newer program", (*ask, node), "store.schema_new",
                3)
    with copied("older") as node:
        with contextlib.closing(sqlite3.connect(os.path.join(
                node, "shokai.db"))) as db:
            db.execute("PRAGMA user_version = 1")
        refused(c, "of an older program", (*ask, node), "store.schema_old",
                3)
    upgraded(c, ask)
    with copied("folder") as node:
        os.unlink(os.path.join(node, "shokai.db"))
        os.mkdir(os.path.join(node, "shokai.db"))
        refused(c, "a folder in its place", (*ask, node),
                "store.unreachable", 5)
    with copied("gone") as node:
        os.unlink(os.path.join(node, "shokai.db"))
        refused(c, "no database", (*ask, node), "store.unreachable", 5)
        c.check("no database: none was made", not os.path.exists(
            os.path.join(node, "shokai.db")))
    with copied("stranger") as node:
        with open(os.path.join(node, "shokai.db"), "wb") as f:
            f.write(b"no database at all" * 500)
        p = _bad.shokai(*ask, node)
        lines = _bad.refusals(p.stderr)
        c.check("no database at all: refused", p.returncode in (3, 6)
                and len(lines) == 1 and lines[0]["code"].startswith(
                    "store."), p)
    with mounted(of=WARD, flags="ro") as node:
        refused(c, "a file system that is read only", (*ask, node),
                "store.read_only", 5)


def upgraded(c, ask):
    """A ward of the first schema: refused, upgraded, of use again."""
    with copied("first") as node:
        path = os.path.join(node, "shokai.db")
        with contextlib.closing(sqlite3.connect(path)) as db:
            ours, = db.execute("PRAGMA application_id").fetchone()
            facts = db.execute("SELECT name, value FROM fact").fetchall()
        for name in os.listdir(node):
            if name.startswith("shokai.db"):
                os.unlink(os.path.join(node, name))
        with contextlib.closing(sqlite3.connect(path)) as db:
            for part in ("common", "asked", "ward"):
                with open(os.path.join(ROOT, "src", "store", "schema",
                                       "001-%s.sql" % part),
                          encoding="utf-8") as f:
                    db.executescript(f.read())
            db.executemany("INSERT INTO fact VALUES (?, ?)", facts)
            db.execute("PRAGMA application_id = %d" % ours)
            db.execute("PRAGMA user_version = 1")
            db.execute("PRAGMA journal_mode = WAL")
            db.commit()
        refused(c, "of the first program", (*ask, node), "store.schema_old",
                3)
        p = run("node", "upgrade", node, "--json", ok=None)
        c.check("it is upgraded", p.returncode == 0
                and json.loads(p.stdout)["schema"].isdigit(), p)
        p = run("wave", "list", node, ok=None)
        c.check("and of use", p.returncode == 0, p)
        again = run("node", "upgrade", node, "--json", ok=None)
        c.check("upgraded once", again.returncode == 0, again)


def full(path):
    """Takes the room that is left."""
    try:
        with open(os.path.join(path, "ballast"), "wb", buffering=0) as f:
            while True:
                f.write(bytes(4096))
    except OSError:
        pass


def rows(node, table):
    return _bad.query(node, "SELECT count(*) FROM " + table)[0][0]


def no_part_left(c, name, folder, allowed=()):
    left = [os.path.join(d, f) for d, _, files in os.walk(folder)
            for f in files if f not in allowed]
    c.check(name + ": nothing of it is left", left == [], left)


def full_import(c):
    """subjects import, on a file system that fills up: whole or not."""
    with mounted(size=16 << 20) as top:
        node = os.path.join(top, "ward")
        run("node", "init", node, "--party", "ward", "--code", "131041",
            "--name", "架空区")
        for leave in (200, 400, 800):
            full(top)
            os.truncate(os.path.join(top, "ballast"), max(
                0, os.path.getsize(os.path.join(top, "ballast"))
                - leave * 1024))
            p = _bad.shokai("subjects", "import", node, SUBJECTS)
            lines = _bad.refusals(p.stderr)
            c.check("import, %d KiB left: exit 6" % leave,
                    p.returncode == 6, p)
            c.check("import, %d KiB left: store.disk_full" % leave,
                    len(lines) == 1 and _bad.well_formed(lines[0])
                    and lines[0]["code"] == "store.disk_full", p.stderr)
            os.unlink(os.path.join(top, "ballast"))
            c.check("import, %d KiB left: the database is sound" % leave,
                    _bad.query(node, "PRAGMA integrity_check")
                    == [("ok",)])
        before = rows(node, "subject")
        subprocess.run(["mount", "-o", "remount,size=64m", top], check=True)
        p = _bad.shokai("subjects", "import", node, SUBJECTS)
        c.check("import, with room again: done", p.returncode == 0, p)
        with open(SUBJECTS, encoding="utf-8") as f:
            persons = len({x.split(",")[0] for x in f.readlines()[1:]})
        c.check("import, with room again: each once",
                before <= persons == rows(node, "subject"),
                (before, persons, rows(node, "subject")))


def full_files(c):
    """synth, convert: what does not fit is not there."""
    with mounted(size=1 << 20) as top:
        out = os.path.join(top, "synth")
        p = _bad.shokai("synth", "--out", out, "--subjects", "20000",
                        "--institutions", "1", "--customers", "1000")
        c.check("synth: exit 6", p.returncode == 6, p)
        c.check("synth: one refusal", [r["code"] for r in _bad.refusals(
            p.stderr)] == ["store.disk_full"], p.stderr)
        whole = []
        for d, _, files in os.walk(out):
            for f in files:
                with open(os.path.join(d, f), "rb") as file:
                    whole.append((f, file.read()[-1:] == b"\n"))
        c.check("synth: what is there is whole", all(w for _, w in whole),
                whole)
    with mounted(size=256 << 10) as top:
        out = os.path.join(top, "out")
        p = _bad.shokai(
            "convert", "--layout", os.path.join(
                os.path.dirname(os.path.dirname(os.path.dirname(
                    os.path.abspath(__file__)))), "layouts", "9601",
                "2025-04-01.yaml"), "--in", SUBJECTS, "--out", out,
            "--basis", "jumin-331-6", "--base-date",
            "2026-10-01", "--period", "2025-10-01/2026-09-30")
        c.check("convert: exit 6", p.returncode == 6, p)
        c.check("convert: one refusal", [r["code"] for r in _bad.refusals(
            p.stderr)] == ["store.disk_full"], p.stderr)
        no_part_left(c, "convert", out)


def shown(chain):
    return json.loads(run("wave", "show", chain.ward.path, chain.wave,
                          "--json").stdout)


def full_chain(c):
    """A bank whose disk is full while it serves: it takes nothing that it
    cannot keep (E1), and goes on when there is room."""
    chain = Chain(os.path.join(TOP, "chain"), subjects=300, institutions=1,
                  customers=500)
    with mounted(size=24 << 20) as top:
        bank = chain.banks[0]
        bank.path = os.path.join(top, "bank")
        chain.make_synth()
        chain.make_nodes()
        chain.import_banks()
        chain.nodes = [chain.ward, chain.unit, chain.hub_direct, bank]
        try:
            full(top)
            refused(c, "serve on a full disk", ("serve", bank.path),
                    "store.disk_full", 6)
            os.unlink(os.path.join(top, "ballast"))
            chain.start()
            full(top)
            chain.import_subjects()
            chain.ask()
            waits = _bad.until(lambda: _bad.query(
                chain.hub_direct.path, "SELECT 1 FROM outbox AS o JOIN "
                "message AS m ON m.id = o.id WHERE m.kind = 'request-file' "
                "AND o.state = 0 AND o.attempts > 0"), 60)
            c.check("serve: the hub keeps what the bank cannot take", waits)
            c.check("serve: the bank has taken nothing", rows(
                bank.path, "inbox") == 0)
            c.check("serve: all is pending", _bad.until(
                lambda: shown(chain)["sent"] > 0), shown(chain))
            sent = shown(chain)["sent"]
            c.check("serve: nothing is answered", shown(chain)["pending"]
                    == sent, shown(chain))
            os.unlink(os.path.join(top, "ballast"))
            chain.finish(timeout=120, until=lambda w: w["pending"] == 0
                         and w["sent"] > 0)
            c.check("serve: with room again each is answered once", rows(
                chain.ward.path, "outcome") == sent)
        finally:
            chain.stop()


def full_export(c):
    """answers export: three files or none."""
    ward = os.path.join(TOP, "chain", "ward")
    wave = run("wave", "list", ward).stdout.split()[0]
    with mounted(size=64 << 10) as top:
        out = os.path.join(top, "out")
        p = _bad.shokai("answers", "export", ward, wave, "--out", out,
                        "--as", "officer1", "--raw")
        c.check("export: exit 6", p.returncode == 6, p)
        c.check("export: one refusal", [r["code"] for r in _bad.refusals(
            p.stderr)] == ["store.disk_full"], p.stderr)
        no_part_left(c, "export", out)


def body(c):
    try:
        run("synth", "--out", os.path.join(TOP, "synth"), "--subjects",
            "9000", "--institutions", "1", "--customers", "100")
        run("node", "init", WARD, "--party", "ward", "--code", "131041",
            "--name", "架空区")
        unusable(c)
        full_import(c)
        full_files(c)
        full_chain(c)
        full_export(c)
    finally:
        _case.remove(TOP)


_case.main(body)
