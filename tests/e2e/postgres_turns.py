"""Two places of one node on one PostgreSQL, two workers in each, and clocks
that stand still (docs/interface.md §1): what a timer causes, it causes once
however many workers look at it; and what a worker that died had claimed is
taken over by another."""
import os
import signal
import time

import _bad
import _case
import rows
from _wave import small_files, wait
from chain import Chain, HUB_DIRECT, UNIT, run
from failover import second_place

CALM = "2026-12-01T10:%02d:00+09:00"
QUIET_S = 4  # four looks of each worker
MORE = ("--work", "2", "--gate", "1")


def clocks(nodes, moment):
    for n in nodes:
        path = os.path.join(n.path, "clock")
        with open(path + ".new", "w", encoding="utf-8") as f:
            f.write(moment + "\n")
        os.rename(path + ".new", path)


def ask(node, sql, *parameters):
    db = rows.connect(node.path)
    try:
        return db.execute(sql, parameters).fetchall()
    finally:
        db.close()


def one(node, sql, *parameters):
    return ask(node, sql, *parameters)[0][0]


def steady(value, want, seconds=30):
    """It becomes that, and stays so while all workers look again."""
    if not _bad.until(lambda: value() == want, seconds):
        return False
    end = time.monotonic() + QUIET_S
    while time.monotonic() < end:
        if value() != want:
            return False
        time.sleep(0.1)
    return True


class Places:
    """A chain of one bank; ward and unit served in two places each."""

    def __init__(self, folder):
        self.chain = c = Chain(folder, subjects=120, institutions=1, seed=3,
                               customers=300, db="postgresql")
        c.make_synth()
        c.make_nodes()
        small_files(c)
        c.nodes = [c.ward, c.unit, c.hub_direct, c.banks[0]]
        for n in c.nodes:
            with open(os.path.join(n.path, "node.yaml"), "a",
                      encoding="utf-8") as f:
                f.write("test_clock: true\n")
        c.import_banks()
        self.others = [second_place(c, n) for n in (c.ward, c.unit)]
        self.all = [*c.nodes, *self.others]

    def now(self, moment):
        clocks(self.all, moment)

    def start(self, *nodes):
        for n in nodes:
            n.start(wait=False, more=MORE)
        for n in nodes:
            n.wait_ready()

    def stop(self):
        for n in self.all:
            n.stop()


def retries(c, p):
    """The hub is not there: at each time that is due one attempt is made,
    whoever makes it."""
    p.start(p.chain.ward, p.chain.unit, *p.others)
    p.chain.import_subjects()
    p.chain.ask()

    def attempts():
        return ask(p.chain.unit, "SELECT o.attempts FROM outbox AS o JOIN "
                   "message AS m ON m.id = o.id WHERE m.kind = "
                   "'request-file' AND o.recipient = ? AND o.state = 0",
                   HUB_DIRECT)
    c.check("a file for the hub", _bad.until(
        lambda: attempts() and attempts()[0][0] > 0, 60), attempts())
    files = len(attempts())
    for k in range(1, 6):
        c.check("attempt %d is made once" % k, steady(
            attempts, [(k,)] * files), (k, attempts()))
        p.now(CALM % (5 * k))
    knots = [one(p.chain.unit, "SELECT count(*) FROM knot WHERE signer = ? "
                 "AND at_us = (SELECT at_us FROM knot AS k WHERE k.signer = "
                 "knot.signer AND k.no = ?)", UNIT, no) for no, in ask(
                     p.chain.unit, "SELECT no FROM knot WHERE signer = ?",
                     UNIT)]
    c.check("a knot was tied, and none twice at its time",
            knots and set(knots) == {1}, knots)


def deadline(c, p):
    """All is sent, the bank does not answer; then the day comes."""
    chain = p.chain
    p.start(chain.hub_direct)
    p.now("2026-12-01T11:00:00+09:00")
    for second in range(40):  # what is told once a second is told
        if chain.show()["sent"] > 0 and chain.show()["awaiting"] == 0:
            break
        p.now("2026-12-01T11:01:%02d+09:00" % second)
        time.sleep(1)
    sent = chain.show()["sent"]
    c.check("the wave is sent", sent > 0, chain.show())
    p.now("2026-12-31T23:59:59+09:00")
    c.check("a second before: nothing has expired", steady(
        lambda: chain.show()["expired"], 0))
    c.check("and nothing is written", steady(lambda: changes(p), changes(p)))
    before = changes(p)
    files = one(chain.ward, "SELECT count(*) FROM file")
    p.now("2027-01-31T00:00:00+09:00")
    c.check("then all has", _bad.until(
        lambda: chain.show()["expired"] == sent), chain.show())
    c.check("each file of it was written once", steady(
        lambda: changes(p) - before, files), (changes(p) - before, files))
    c.check("each is expired", ask(
        chain.ward, "SELECT DISTINCT state FROM file") == [("expired",)])
    books(c, p)


def changes(p):
    """How often a row of a file was changed at the ward, as the server counts
    it (each session tells it within a second)."""
    return one(p.chain.ward, "SELECT n_tup_upd FROM pg_stat_user_tables "
               "WHERE relname = 'file'")


def books(c, p):
    for n in (p.chain.ward, p.chain.unit):
        for words in (("reconcile",), ("audit", "verify")):
            q = run(*words, n.path, ok=None)
            c.check(" ".join((*words, n.name)), q.returncode == 0,
                    q.stdout + q.stderr)


# --- claims ---

CLAIMS = ("SELECT a.pid FROM pg_locks AS l JOIN pg_stat_activity AS a ON "
          "a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted AND "
          "l.objsubid = 1 AND a.datname = ?")
WAITING = CLAIMS + " AND a.wait_event_type = 'Lock'"


def holders(db, node, which=CLAIMS):
    """The server's processes that hold claims of a node's workers."""
    return {pid for pid, in db.execute(which, (node.name,))}


def stop_with_claim(c, chain, server, work):
    """A worker that has a claim waits for a table that is locked; it is
    stopped there, and the server calls its statement off: what is left of
    its work is the claim."""
    lock = rows.Postgres(chain.cluster.url(chain.unit.name), write=True)
    try:
        lock.execute("BEGIN")
        lock.execute("LOCK TABLE file IN SHARE MODE")
        chain.ask()
        c.check("a worker with a claim waits", _bad.until(
            lambda: holders(server, chain.unit, WAITING), 60))
        os.kill(work, signal.SIGSTOP)
        held = holders(server, chain.unit, WAITING)
        for pid in held:
            server.execute("SELECT pg_cancel_backend(%d)" % pid)
        lock.execute("ROLLBACK")
    finally:
        lock.close()
    c.check("a worker was stopped with a claim in its hand", held
            and held == holders(server, chain.unit), held)
    return held


def takeover(c, folder):
    """A worker is stopped with a claim in its hand; nobody else does that
    work. It is killed, and its place with it: the other place does it."""
    chain = Chain(folder, subjects=3000, institutions=2, seed=4,
                  customers=500, db="postgresql")
    other = server = None
    try:
        chain.make_synth()
        chain.make_nodes()
        small_files(chain)
        chain.import_banks()
        other = second_place(chain, chain.unit)
        # The hub's answers come to the place that stays.
        run("peer", "remove", chain.hub_direct.path, UNIT)
        chain.peer(chain.hub_direct, other)
        for n in chain.nodes:
            n.start()
        chain.import_subjects()
        work = chain.unit.children()["work"]
        server = rows.Postgres(chain.cluster.url("postgres"))
        held = stop_with_claim(c, chain, server, work)
        other.start()
        wait("the other place has worked", lambda: one(
            chain.unit, "SELECT count(*) FROM file WHERE message <> ''") > 4)
        c.check("the claim is still the stopped one's",
                held <= holders(server, chain.unit), held)
        chain.unit.process.send_signal(signal.SIGKILL)
        os.kill(work, signal.SIGKILL)
        chain.unit.process.wait()
        c.check("its claim is given back by the server", _bad.until(
            lambda: not held & holders(server, chain.unit), 20), held)
        run("peer", "remove", chain.ward.path, UNIT)
        chain.peer(chain.ward, other)
        w = chain.finish(timeout=240)
        c.check("the other place has done all", w["pending"] == 0
                and w["answered"] > 0, w)
        sent, asked = ask(chain.unit, "SELECT (SELECT count(*) FROM message "
                          "WHERE kind = 'request-file' AND origin = ?), "
                          "(SELECT count(DISTINCT file) FROM file WHERE "
                          "message <> '')", UNIT)[0]
        c.check("each file once", sent == asked > 0, (sent, asked))
    finally:
        if other is not None:
            other.stop()
        chain.stop()
        if server is not None:
            server.close()
        if chain.cluster is not None:
            chain.cluster.remove()


def body(c):
    folder = _case.folder("turns")
    p = None
    try:
        p = Places(os.path.join(folder, "timers"))
        p.now(CALM % 0)
        retries(c, p)
        deadline(c, p)
        p.stop()
        takeover(c, os.path.join(folder, "claims"))
    finally:
        if p is not None:
            p.stop()
            if p.chain.cluster is not None:
                p.chain.cluster.remove()
        _case.remove(folder)


_case.main(body)
