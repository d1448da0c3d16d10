"""failover.py — two places of one node on one PostgreSQL, of which a whole one
dies again and again in a running wave, all its processes at once, and comes
back later; the other takes over. Now and then it is the database's server that
crashes and comes back. Afterwards the wave completes, with nothing lost and
nothing twice, and every node's books agree."""
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import compare
import kills
from chain import Chain, Failed, Node, run
from ports import free_port
from processes import below, guarded

AWAY = 3.0  # seconds at most that what died stays away
SERVER = 0.3  # of the moments: the database's server crashes
LATEST = 0.5  # share of the wave at which the last is drawn
DOOR = os.path.join(os.path.dirname(os.path.abspath(__file__)), "door.py")

def readdress(node, *pairs):
    """Other ports in its node.yaml."""
    path = os.path.join(node.path, "node.yaml")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    for was, now in pairs:
        text = text.replace("127.0.0.1:%d" % was, "127.0.0.1:%d" % now)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def second_place(chain, node):
    """The node's folder again, with addresses of its own."""
    other = Node(chain.folder, node.name + "-b", node.party, node.code,
                 node.title)
    shutil.copytree(node.path, other.path, ignore=shutil.ignore_patterns(
        "run", "*.sock", "lock"))
    readdress(other, (node.gate, other.gate), (node.desk, other.desk))
    other.db = node.db
    return other


class Pair:
    """Two places behind one address."""

    def __init__(self, chain, node):
        self.places = [node, second_place(chain, node)]
        back = free_port()
        readdress(node, (node.gate, back))
        # As a load balancer has it: whoever answers.
        self.door = guarded(subprocess.Popen(
            [sys.executable, DOOR, "127.0.0.1:%d=127.0.0.1:%d,127.0.0.1:%d"
             % (node.gate, back, self.places[1].gate)],
            stdout=subprocess.PIPE))
        self.door.stdout.readline()
        self.turn = 0

    def next(self):
        """In turns, so that each has to take over from the other."""
        self.turn += 1
        return self.places[self.turn % 2]

    def stop(self):
        self.places[1].stop()
        self.door.kill()
        self.door.wait()
        self.door.stdout.close()


def descendants(pid):
    """It and all that it has started."""
    return [pid] + [p for child in below(pid) for p in descendants(child)]


def kill_place(node):
    """All its processes at once."""
    for pid in descendants(node.process.pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    node.process.wait()
    node.process.stdout.close()


class Killer(threading.Thread):
    """Does what the seed has drawn, as the wave moves on."""

    def __init__(self, chain, pairs, plan):
        super().__init__(daemon=True)
        self.chain = chain
        self.pairs = pairs
        self.plan = plan  # [(share, pair or None: the server, seconds)…]
        self.killed = []
        self.failed = None
        self.ended = threading.Event()

    def strike(self, pair, away):
        if pair is None:
            self.chain.cluster.stop(signal.SIGQUIT)
            self.ended.wait(away)
            self.chain.cluster.start()
            return "server"
        node = pair.next()
        kill_place(node)
        self.ended.wait(away)
        node.start()
        return node.name

    def run(self):
        try:
            for at, pair, away in self.plan:
                while (kills.share(self.chain) < at
                       and not self.ended.is_set()):
                    time.sleep(0.02)
                if self.ended.is_set():
                    return
                self.killed.append((round(at, 3), self.strike(pair, away)))
        except Exception as e:  # the campaign tells it, and fails
            self.failed = e


def draw(pairs, seed, count):
    """At least one crash of the server, and of each node a place."""
    rng = random.Random(seed)
    chosen = [None, *pairs][:count]
    while len(chosen) < count:
        chosen.append(None if rng.random() < SERVER else rng.choice(pairs))
    rng.shuffle(chosen)
    moments = sorted(rng.uniform(0.02, LATEST) for _ in chosen)
    return [(at, pair, rng.uniform(0.3, AWAY))
            for at, pair in zip(moments, chosen)]


def again(what, deadline):
    """The officers try again where the server was away or unsure."""
    while True:
        try:
            return what()
        except Failed as e:
            if ("exit 5" not in str(e) and "exit 6" not in str(e)) \
                    or time.time() > deadline:
                raise
            time.sleep(0.5)


def finished(chain, killer, seconds):
    deadline = time.time() + seconds
    try:
        again(lambda: chain.finish(timeout=max(1, deadline - time.time())),
              deadline)
    finally:
        killer.ended.set()
        killer.join()
    if killer.failed:
        raise killer.failed


def judge(chain, r, planned):
    c = compare.compare_chain(chain)
    r.lost, r.duplicated, r.pending = c.lost, c.duplicated, c.pending
    for n in chain.nodes:
        r.reconciled[n.name] = run("reconcile", n.path, ok=None).returncode
        if run("audit", "verify", n.path, ok=None).returncode != 0:
            r.reconciled[n.name + " log"] = 1
    r.ok = (r.lost == r.duplicated == r.pending == 0
            and not any(r.reconciled.values()) and r.kills == planned)


def campaign(seed, count=6, subjects=9000, institutions=4, customers=5000,
             say=None):
    """One wave in which count times a place or the server dies."""
    r = kills.Result()
    folder = tempfile.mkdtemp(prefix="shokai-failover-", dir="/var/tmp")
    chain = Chain(folder, subjects, institutions, seed, customers,
                  db="postgresql")
    pairs = []
    try:
        chain.make_synth()
        chain.make_nodes()
        chain.import_banks()
        pairs = [Pair(chain, n) for n in (chain.ward, chain.unit)]
        chain.start()
        for p in pairs:
            p.places[1].start()
        chain.import_subjects()
        killer = Killer(chain, pairs, draw(pairs, seed, count))
        chain.ask()
        killer.start()
        finished(chain, killer, 400)
        r.killed, r.kills = killer.killed, len(killer.killed)
        judge(chain, r, count)
        if say:
            say("seed %d: %d of %d %s, lost %d, duplicated %d, pending %d, "
                "reconcile %s%s" % (
                    seed, r.kills, count, r.killed, r.lost, r.duplicated,
                    r.pending, r.reconciled, "" if r.ok else "  NOT OK"))
    finally:
        chain.stop()
        for p in pairs:
            p.stop()
        if chain.cluster is not None:
            chain.cluster.remove()
        shutil.rmtree(folder, ignore_errors=True)
    return r
