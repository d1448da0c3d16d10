"""A node in two places that share only keys and the connection string: two
folders, each in a network namespace of its own, joined by a pair of veth
interfaces; the server's door stands in the one, and the other reaches it over
the wire. One message at both gates at once, a worker killed at its work, and
a wave to its end."""
import os
import random
import signal
import subprocess
import threading
import time

import _bad
import _case
import _wire
import compare
import rows
from chain import Chain, Node, SHOKAI, UNIT, run
from cluster import Cluster
from failover import DOOR
from processes import guarded

PREFIX = "shokai-far-"


def ip(*words):
    return subprocess.run(["ip", *words], check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def unused_net():
    """The ends of a wire, in a part of 10.213.0.0/16 that no interface here
    has: another run of this test may have its wire beside ours."""
    taken = ip("-o", "addr")
    while True:
        net = "10.213.%d." % random.randrange(256)
        if net not in taken:
            return net + "1", net + "2"


NEAR, FAR = unused_net()


class Far:
    """A network namespace; its processes reach ours by one wire alone."""

    def __init__(self):
        self.name = PREFIX + str(os.getpid())
        self.wire = "sk%d" % (os.getpid() % 100000)

    def make(self):
        # A test that was killed has left its namespace.
        for line in ip("netns", "list").splitlines():
            name = line.split()[0]
            if name.startswith(PREFIX) and not os.path.exists(
                    "/proc/" + name[len(PREFIX):]):
                ip("netns", "del", name)
        ip("netns", "add", self.name)
        ip("link", "add", self.wire + "n", "type", "veth", "peer", "name",
           self.wire + "f", "netns", self.name)
        ip("addr", "add", NEAR + "/30", "dev", self.wire + "n")
        ip("link", "set", self.wire + "n", "up")
        for words in (("addr", "add", FAR + "/30", "dev", self.wire + "f"),
                      ("link", "set", self.wire + "f", "up"),
                      ("link", "set", "lo", "up")):
            ip("-n", self.name, *words)

    def remove(self):
        subprocess.run(["ip", "netns", "del", self.name])
        subprocess.run(["ip", "link", "del", self.wire + "n"],
                       stderr=subprocess.DEVNULL)


class FarNode(Node):
    """A node served in the far namespace, at an address of its own."""
    host = FAR

    def __init__(self, far, *words):
        super().__init__(*words)
        self.far = far

    @property
    def url(self):
        return "https://%s:%d" % (FAR, self.gate)

    def start(self, wait=True, more=()):
        log = open(self.log, "ab")
        self.process = guarded(subprocess.Popen(
            ["ip", "netns", "exec", self.far.name, SHOKAI, "serve",
             self.path, *more], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=log, text=True))
        log.close()
        if wait:
            self.wait_ready()


def edit(node, *pairs):
    path = os.path.join(node.path, "node.yaml")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    for was, now in pairs:
        assert was in text, (was, text)
        text = text.replace(was, now)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


class Door:
    """Ports of one address that lead to the same ports of another: bytes go
    through as they are."""

    def __init__(self, here, there, ports, inside=()):
        self.process = guarded(subprocess.Popen(
            [*inside, "python3", DOOR, *(
                "%s:%d=%s:%d" % (here, port, there, port)
                for port in ports)], stdout=subprocess.PIPE))
        self.process.stdout.readline()

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def far_place(chain, node, far):
    """The node again, elsewhere: its keys, layouts and node.yaml with other
    addresses; no other file, and the same database over the wire."""
    other = FarNode(far, chain.folder, node.name + "-far", node.party,
                    node.code, node.title)
    os.mkdir(other.path, 0o700)
    for name in ("keys", "layouts", "node.yaml"):
        subprocess.run(["cp", "-a", os.path.join(node.path, name),
                        other.path], check=True)
    c = chain.cluster
    c.sql("ALTER ROLE postgres PASSWORD 'wire'")
    edit(other,
         ("127.0.0.1:%d" % node.gate, "%s:%d" % (FAR, other.gate)),
         ("127.0.0.1:%d" % node.desk, "127.0.0.1:%d" % other.desk),
         (node.db, "postgresql://postgres:wire@localhost:%d/%s?hostaddr=%s"
          "&sslmode=verify-full&sslrootcert=%s" % (
              c.port, node.name, NEAR, os.path.join(c.folder, "ca.crt"))))
    other.db = node.db
    return other


def kill_far_worker(chain, other, done):
    """In mid-wave; its supervisor starts another, its work is taken over."""
    end = time.time() + 120
    while time.time() < end and not done:
        db = rows.connect(chain.ward.path)
        n, = db.execute("SELECT count(*) FROM outcome").fetchone()
        db.close()
        pid = other.children().get("work")
        if n >= 0.2 * chain.subjects * chain.institutions and pid:
            os.kill(pid, signal.SIGKILL)
            done.append(n)
        time.sleep(0.05)


def used(node):
    return node.usage().get("work", (0, 0))[0]


def wave(cases, chain, other):
    done = []
    chain.import_subjects()
    chain.ask()
    t = threading.Thread(target=kill_far_worker, args=(chain, other, done),
                         daemon=True)
    t.start()
    chain.finish(timeout=240)
    t.join(10)
    cases.check("a worker was killed in mid-wave", bool(done) and done[0]
                < chain.subjects * chain.institutions, done)
    c = compare.compare_chain(chain)
    for name in ("lost", "duplicated", "pending"):
        cases.check(name, getattr(c, name) == 0, getattr(c, name))
    cases.check("both places have worked", used(chain.unit) > 0
                and used(other) > 0, (used(chain.unit), used(other)))


def once(cases, chain):
    """What a timer or two workers could have done twice."""
    db = rows.connect(chain.unit.path)
    sent, = db.execute("SELECT count(*) FROM message WHERE kind = "
                       "'request-file' AND origin = ?", (UNIT,)).fetchone()
    knots, = db.execute("SELECT count(*) - count(DISTINCT at_us) FROM knot "
                        "WHERE signer = ?", (UNIT,)).fetchone()
    asked, = db.execute("SELECT count(DISTINCT file) FROM file WHERE message "
                        "<> ''").fetchone()
    db.close()
    cases.check("each file was sent once", asked == sent,
                (asked, sent))
    cases.check("a timer fired once", knots == 0, knots)


def silent(cases, chain, far):
    """The far machine falls silent, without a farewell: the server ends its
    sessions, and their claims with them."""
    def sessions():
        db = rows.Postgres(chain.cluster.url("postgres"))
        n, = db.execute("SELECT count(*) FROM pg_stat_activity WHERE "
                        "client_addr = ?::inet", (FAR,)).fetchone()
        db.close()
        return n
    cases.check("the far place has sessions", sessions() > 1, sessions())
    ip("link", "set", far.wire + "n", "down")
    cases.check("they end when it has fallen silent", _bad.until(
        lambda: sessions() == 0, 90), sessions())
    ip("link", "set", far.wire + "n", "up")


def body(cases):
    folder = _case.folder("places")
    chain = Chain(folder, subjects=3000, institutions=4, seed=7,
                  customers=2000, db="postgresql")
    far = Far()
    other = None
    doors = []
    try:
        far.make()
        chain.cluster = Cluster(tls=True, also=NEAR)
        chain.make_synth()
        chain.make_nodes()
        chain.import_banks()
        other = far_place(chain, chain.unit, far)
        gates = [n.gate for n in chain.nodes if n is not chain.unit]
        doors.append(Door(NEAR, "127.0.0.1", gates))
        doors.append(Door("127.0.0.1", NEAR, gates,
                          ("ip", "netns", "exec", far.name)))
        # The hub reaches the unit at its far place.
        run("peer", "remove", chain.hub_direct.path, UNIT)
        chain.peer(chain.hub_direct, other)
        chain.start()
        other.start()
        cases.check("they share keys, layouts and a connection string",
                    not os.path.exists(other.database))
        wave(cases, chain, other)
        once(cases, chain)
        _wire.two_gates(cases, chain, other)
        silent(cases, chain, far)
        for n in (*chain.nodes,):
            p = run("reconcile", n.path, ok=None)
            cases.check("reconcile " + n.name, p.returncode == 0, p.stderr)
    finally:
        if other is not None:
            other.stop()
        chain.stop()
        for door in doors:
            door.stop()
        far.remove()
        if chain.cluster is not None:
            chain.cluster.remove()
        _case.remove(folder)


_case.main(body)
