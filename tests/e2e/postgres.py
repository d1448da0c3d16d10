"""A node on PostgreSQL in two places: two folders that share keys and
database, each with processes of its own; the server killed and started again
in mid-wave; one message at two gates at once; and what is said while the
server cannot be reached, or its disk is full."""
import os
import shutil
import signal
import subprocess
import threading
import time

import _case
import _wire
import compare
import rows
from chain import Chain, UNIT, run
from failover import second_place


def share(chain):
    try:
        db = rows.connect(chain.ward.path)
        n, = db.execute("SELECT count(*) FROM outcome").fetchone()
        db.close()
    except rows.Failed:
        return 0.0
    return n / (chain.subjects * chain.institutions)


def wait_for(condition, seconds):
    end = time.time() + seconds
    while time.time() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def disturb(cases, chain, other, done):
    """As a crash: no shutdown, recovery at the start. Then a worker."""
    for at, what in ((0.1, "server"), (0.3, "worker"), (0.5, "server")):
        wait_for(lambda: share(chain) >= at, 120)
        if what == "server":
            chain.cluster.stop(signal.SIGKILL)
            chain.cluster.start()
        else:
            os.kill(chain.unit.children()["work"], signal.SIGKILL)
        done.append((what, round(share(chain), 2)))


def wave(cases, chain, other):
    done = []
    chain.import_subjects()
    chain.ask()
    t = threading.Thread(target=disturb, args=(cases, chain, other, done),
                         daemon=True)
    t.start()
    deadline = time.time() + 300
    while True:
        try:
            chain.finish(timeout=deadline - time.time())
            break
        except Exception as e:  # a command while the server was away
            if time.time() > deadline:
                raise
            cases.check("a command says that the server is away",
                        "store." in str(e), e)
    t.join(60)
    cases.check("killed: server, worker, server in mid-wave",
                [w for w, _ in done] == ["server", "worker", "server"]
                and all(s < 1 for _, s in done), done)
    c = compare.compare_chain(chain)
    for name in ("lost", "duplicated", "pending"):
        cases.check(name, getattr(c, name) == 0, getattr(c, name))
    for n in (*chain.nodes, other):
        p = run("reconcile", n.path, ok=None)
        cases.check("reconcile " + n.name, p.returncode == 0, p.stderr)
        p = run("audit", "verify", n.path, ok=None)
        cases.check("audit verify " + n.name, p.returncode == 0,
                    p.stdout + p.stderr)


def used(chain, other):
    """CPU µs of the unit's work in each place."""
    return [n.usage().get("work", (0, 0))[0] for n in (chain.unit, other)]


def away(cases, chain):
    """The server is not there when the node starts."""
    chain.stop()
    chain.cluster.stop()
    p = run("status", chain.unit.path, "--json", ok=None)
    cases.check("status: exit 5", p.returncode == 5, p.returncode)
    cases.check("and says why", "store.unreachable" in p.stdout + p.stderr,
                p.stdout + p.stderr)
    chain.unit.start(wait=False)
    time.sleep(4)
    cases.check("serve waits for it", chain.unit.process.poll() is None)
    chain.cluster.start()
    ready = threading.Thread(target=chain.unit.wait_ready, daemon=True)
    ready.start()
    ready.join(30)
    cases.check("and is ready when it has come", not ready.is_alive())
    chain.unit.stop()


def full(cases, chain):
    """The server's disk is full in the middle of an import: what was in is
    in, nothing is half done, and with room again the rest follows."""
    c = chain.cluster
    disk = os.path.join(c.folder, "small")
    os.mkdir(disk)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m,mode=777", "none",
                    disk], check=True)
    try:
        place = os.path.join(disk, "space")
        os.mkdir(place)
        shutil.chown(place, "postgres", "postgres")
        os.chmod(place, 0o700)
        c.sql("CREATE TABLESPACE small LOCATION '%s'" % place)
        c.sql("CREATE DATABASE small TABLESPACE small")
        ward = os.path.join(chain.folder, "small-ward")
        run("node", "init", ward, "--party", "ward", "--code", "131041",
            "--name", "x", "--db", c.url("small"))
        filler = os.path.join(disk, "filler")
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        with open(filler, "wb") as f:
            f.write(b"x" * (free - (1 << 20)))
        csv = os.path.join(chain.synth, "ward", "subjects.csv")
        p = run("subjects", "import", ward, csv, ok=None)
        cases.check("full: exit 6", p.returncode == 6, p.returncode)
        cases.check("and says so", "store.disk_full" in p.stderr, p.stderr)
        os.unlink(filler)
        db = rows.connect(ward)
        n, = db.execute("SELECT count(*) FROM subject").fetchone()
        cases.check("it was in the middle", n < chain.subjects, n)
        cases.check("no subject without its claims", db.execute(
            "SELECT count(*) FROM subject s WHERE NOT EXISTS (SELECT 1 FROM "
            "claim c WHERE c.atena = s.atena)").fetchone()[0] == 0)
        p = run("subjects", "import", ward, csv, ok=None)
        cases.check("with room again it goes on", p.returncode in (0, 1),
                    p.stderr)
        n, = db.execute("SELECT count(*) FROM subject").fetchone()
        cases.check("and all are in", n == chain.subjects, n)
        db.close()
        c.sql("DROP DATABASE small WITH (FORCE)")
        c.sql("DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", "-l", disk])


def body(cases):
    folder = _case.folder("postgres")
    chain = Chain(folder, subjects=3000, institutions=4, seed=5,
                  customers=2000, db="postgresql")
    other = None
    try:
        chain.make_synth()
        chain.make_nodes()
        chain.import_banks()
        other = second_place(chain, chain.unit)
        # The hub reaches the unit at its second place.
        run("peer", "remove", chain.hub_direct.path, UNIT)
        chain.peer(chain.hub_direct, other)
        chain.start()
        other.start()
        wave(cases, chain, other)
        cases.check("both places have worked", min(used(chain, other)) > 0.1
                    * sum(used(chain, other)), used(chain, other))
        _wire.two_gates(cases, chain, other)
        other.stop()
        away(cases, chain)
        full(cases, chain)
    finally:
        if other is not None:
            other.stop()
        chain.stop()
        if chain.cluster is not None:
            chain.cluster.remove()
        _case.remove(folder)


_case.main(body)
