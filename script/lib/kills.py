"""kills.py — SIGKILL in a running wave: every kind of process of every
party, between 5 % and 95 % of the wave, some of two parties at once;
afterwards the wave completes, with
nothing lost and nothing twice, and every node's books agree."""
import os
import random
import shutil
import signal
import sqlite3
import tempfile
import threading
import time

from chain import Chain, run
import compare
import rows


TOGETHER = 0.25  # of the moments; at least one of each campaign
LATEST = 0.55  # share of the wave at which the last is drawn: it moves on fast


class Result:
    def __init__(self):
        self.kills = self.lost = self.duplicated = 0
        self.pending = 0
        self.together = 0  # moments at which two parties lost a process
        self.killed = []
        self.reconciled = {}
        self.ok = False


def targets(chain):
    """(node, kind): each kind of process of each party at least once."""
    nodes = [chain.ward, chain.unit, chain.hub_direct, chain.hub_carried,
             *chain.banks]
    return [(n, kind) for n in nodes
            for kind in ("gate", "work", "desk", "supervisor")]


def share(chain):
    """How far the wave is, 0…1: outcomes at the ward over inquiries."""
    db = rows.connect(chain.ward.path)
    try:
        n, = db.execute("SELECT count(*) FROM outcome").fetchone()
    except (sqlite3.OperationalError, rows.Failed):
        return 0.0
    finally:
        db.close()
    return n / (chain.subjects * chain.institutions)


def kill_all(victims):
    """All of them, one right behind the other; False: one is not there."""
    pids = [node.process.pid if kind == "supervisor"
            else node.children().get(kind) for node, kind in victims]
    if None in pids:
        return False
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it ended with its supervisor
    for node, kind in victims:
        if kind == "supervisor":
            node.process.wait()
            node.process.stdout.close()
            node.start(wait=False)
    return True


class Killer(threading.Thread):
    """Kills at the moments the seed has drawn, as the wave moves on."""

    def __init__(self, chain, plan):
        super().__init__(daemon=True)
        self.chain = chain
        self.plan = plan  # [(share, [(node, kind)…])…], ascending
        self.now = 0.0
        self.killed = []
        self.together = 0
        self.ended = threading.Event()

    def run(self):
        while self.plan and not self.ended.is_set():
            at, victims = self.plan[0]
            self.now = max(self.now, share(self.chain))
            if self.now < at:
                time.sleep(0.02)
                continue
            if kill_all(victims):
                self.killed += [(round(self.now, 3), node.name, kind)
                                for node, kind in victims]
                self.together += len(victims) > 1
                self.plan.pop(0)
            else:
                time.sleep(0.01)


def draw(chain, seed, kills_wanted):
    rng = random.Random(seed)
    chosen = targets(chain)
    rng.shuffle(chosen)
    while kills_wanted and len(chosen) < kills_wanted:
        chosen.append(rng.choice(chosen))
    if kills_wanted:
        chosen = chosen[:kills_wanted]
    plan = []
    while chosen:
        victims = [chosen.pop()]
        others = [t for t in chosen if t[0] is not victims[0][0]]
        if others and (rng.random() < TOGETHER or not plan):
            victims.append(rng.choice(others))
            chosen.remove(victims[1])
        plan.append((rng.uniform(0.05, LATEST), victims))
    return sorted(plan, key=lambda p: p[0])


def campaign(seed, kills_wanted=0, subjects=9000, institutions=4,
             customers=10000, say=None, keep=None, db=None):
    """One wave with kills; kills_wanted 0: every target once."""
    r = Result()
    folder = keep or tempfile.mkdtemp(prefix="shokai-kill-", dir="/var/tmp")
    chain = Chain(folder, subjects, institutions, seed, customers, db=db)
    try:
        chain.make_synth()
        chain.make_nodes()
        chain.import_banks()
        chain.start()
        chain.import_subjects()
        killer = Killer(chain, draw(chain, seed, kills_wanted))
        planned = sum(len(victims) for _, victims in killer.plan)
        chain.ask()
        killer.start()

        chain.finish(timeout=300)
        killer.ended.set()
        killer.join()
        r.killed = killer.killed
        r.kills = len(killer.killed)
        r.together = killer.together
        c = compare.compare_chain(chain)
        r.lost, r.duplicated, r.pending = c.lost, c.duplicated, c.pending
        for n in chain.nodes:
            p = run("reconcile", n.path, ok=None)
            r.reconciled[n.name] = p.returncode
        r.ok = (r.lost == r.duplicated == r.pending == 0
                and not any(r.reconciled.values())
                and r.kills == planned)
        if say:
            say("seed %d: %d of %d kills, %d times two parties at once, "
                "lost %d, duplicated %d, reconcile %s%s" % (
                    seed, r.kills, planned, r.together, r.lost,
                    r.duplicated, r.reconciled,
                                    "" if r.ok else "  NOT OK"))
    finally:
        chain.stop()
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
    return r
