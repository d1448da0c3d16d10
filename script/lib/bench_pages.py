"""bench_pages.py — what the pages call, with many inquiries in the database:
first, last, filtered and searched pages, 20 sessions on each party's desk,
right after a restart and while a wave runs. What is called comes from the
routes that each desk names itself (openapi.json); one without a case here is
an error. The nodes are filled through the product."""
import collections
import json
import os
import random
import statistics
import subprocess
import threading
import time

from bench_pages_calls import NOT_MEASURED, calls_of
from bench_probe import file_system, refuses, settings_of, tell
from chain import Chain, Failed, note, run
from desk_client import Client, signed_in

NAMES = ("pages",)
SESSIONS = 20
# A person looks at an answer before the next question, and a page asks one to
# four. Between two calls of a session, at most:
THINK_S = 1.0
DESKS = 4  # processes of each desk that is measured (docs/operations.md)
NEED_P50_MS = 100
NEED_P95_MS = 300
# Who may call what: the first account that has the role.
ACCOUNTS = {"ward": ("officer2", "officer1", "auditor1", "admin1"),
            "unit": ("officer1", "auditor1", "admin1"),
            "hub": ("operator1", "auditor1", "admin1"),
            "bank": ("clerk1", "inspector1", "auditor1", "admin1")}


# --- the nodes ---

def filled(o, folder):
    """A chain whose one wave is at its end; made, or found in o.keep."""
    chain = Chain(folder, o.subjects, o.institutions, o.seed,
                  min(20000, max(o.subjects, 400)), say=note, db=o.db)
    chain.look_s = 3.0
    told = os.path.join(folder, "filled.json")
    if os.path.exists(told):
        with open(told) as f:
            kept = json.load(f)
        chain.wave = kept["wave"]
        for n in chain.nodes:
            n.gate, n.desk = kept["ports"][n.name]
        chain.start()
        return chain, kept
    begun = time.time()
    chain.make_synth()
    chain.make_nodes()
    chain.add_accounts()
    for n in chain.nodes:  # somebody who is locked and unlocked
        run("user", "add", n.path, "auditor9", "--role", "auditor")
    chain.import_banks()
    chain.start()
    chain.import_subjects()
    chain.ask()
    w = chain.finish(timeout=3600)
    kept = {"wave": chain.wave, "inquiries": w["inquiries"],
            "fill_s": round(time.time() - begun),
            "ports": {n.name: (n.gate, n.desk) for n in chain.nodes}}
    with open(told, "w") as f:
        json.dump(kept, f)
    return chain, kept


def restart(node):
    """As after a reboot: none of its files is in memory."""
    node.stop()
    subprocess.run(["sync"], check=True)
    for name in os.listdir(node.path):
        if name.startswith("shokai.db"):
            fd = os.open(os.path.join(node.path, name), os.O_RDONLY)
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(fd)
    node.start(more=("--desk", str(DESKS)))


class Waves:
    """One wave after the other, of a part of the subjects, until stopped."""

    def __init__(self, chain, subjects):
        self.chain = chain
        self.file = os.path.join(chain.folder, "some.csv")
        self.ended = False
        self.sent = 0
        self.failed = None
        self.write(subjects)
        self.thread = threading.Thread(target=self.run)

    def write(self, subjects):
        with open(os.path.join(self.chain.synth, "ward", "subjects.csv"),
                  encoding="utf-8") as f:
            column = f.readline().rstrip("\n").split(",").index("宛名番号")
            some = set()
            for line in f:
                some.add(line.split(",")[column])
                if len(some) == subjects:
                    break
        with open(self.file, "w", encoding="utf-8") as f:
            f.write("宛名番号\n" + "".join(x + "\n" for x in sorted(some)))

    def run(self):
        kept = self.chain.wave
        try:
            while not self.ended:
                self.chain.ask("--subjects", self.file)
                # To its end: whoever restarts these nodes finds them idle.
                w = self.chain.finish(timeout=3600)
                self.sent += w["sent"]
        except Failed as e:
            self.failed = str(e)
        finally:
            self.chain.wave = kept

    def __enter__(self):
        self.thread.start()
        # The first of its files are on their way.
        time.sleep(5)
        return self

    def __exit__(self, *_):
        self.ended = True
        self.thread.join()


# --- the calls ---

def roles_by_route(document):
    """{(method, path): roles} of one desk."""
    return {(method.upper(), path): op["x-roles"]
            for path, methods in document["paths"].items()
            for method, op in methods.items()}


class Desk:
    """One party's desk: its routes, and who calls them."""

    def __init__(self, chain, node, rounds):
        self.node = node
        self.party = node.party
        client = Client(node.desk)
        self.routes = roles_by_route(client.get("/openapi.json").json)
        self.people = [{name: signed_in(node.desk, name)
                        for name in ACCOUNTS[node.party]}
                       for _ in range(SESSIONS)]
        self.roles = {name: c.get("/me").json["roles"]
                      for name, c in self.people[0].items()}
        self.calls = calls_of(self, chain)
        self.rounds = rounds

    def account(self, route):
        """The first account that may call it."""
        wanted = self.routes[route]
        for name, roles in self.roles.items():
            if not wanted or set(wanted) & set(roles):
                return name
        raise Failed("nobody may call %s %s" % route)

    def missing(self):
        """Routes that are neither called nor said not to be."""
        called = {c.route for c in self.calls}
        return sorted(r for r in self.routes
                      if r not in called and r not in NOT_MEASURED)

    def measure(self, seed):
        """{(route, kind): [ms]} by SESSIONS sessions, each call ROUNDS
        times in all."""
        todo = [c for c in self.calls for _ in range(self.rounds)]
        random.Random(seed).shuffle(todo)
        times = collections.defaultdict(list)
        wrong = []
        lock = threading.Lock()

        def session(k):
            rng = random.Random(seed * 1000 + k)
            people = self.people[k]
            while True:
                with lock:
                    if not todo:
                        return
                    c = todo.pop()
                who = people[self.account(c.route)]
                path, body = c.make(rng, who)
                begun = time.perf_counter()
                try:
                    a = who.call(c.route[0], path, body)
                    bad = "%d %s" % (a.status, a.code) \
                        if a.status >= 400 else None
                except OSError as e:
                    bad = str(e)
                ms = (time.perf_counter() - begun) * 1000
                with lock:
                    times[c.route, c.kind].append(ms)
                    if bad:
                        wrong.append("%s %s: %s" % (c.route[0], path, bad))
                time.sleep(rng.random() * THINK_S)

        threads = [threading.Thread(target=session, args=(k,))
                   for k in range(SESSIONS)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        return times, wrong


def p95(ms):
    return statistics.quantiles(ms, n=20, method="inclusive")[-1]


def tell_calls(party, phase, measured, more):
    """A line for each call; are all of them quick enough?"""
    times, wrong = measured
    good = True
    for (route, kind), ms in sorted(times.items()):
        middle, high = statistics.median(ms), p95(ms)
        ok = middle <= NEED_P50_MS and high <= NEED_P95_MS
        good &= tell({
            "name": "pages", "value": round(high, 1), "unit": "ms",
            "need": NEED_P95_MS, "ok": ok, "params": dict(
                more, party=party, phase=phase, call="%s %s" % route,
                kind=kind, p50=round(middle, 1), p95=round(high, 1),
                most=round(max(ms), 1), n=len(ms))})
    for text in sorted(set(wrong))[:20]:
        note("bench pages: refused: " + text)
    return good and not wrong


def summary(measured):
    """The worst of each phase, for a person."""
    for party, phase, (times, _) in measured:
        slow = sorted(((p95(ms), statistics.median(ms), route, kind)
                       for (route, kind), ms in times.items()),
                      reverse=True)[:5]
        note("%-5s %-8s %s" % (party, phase, "; ".join(
            "%s %s (%s) %.0f/%.0f ms" % (*route, kind, middle, high)
            for high, middle, route, kind in slow)))


def measure_all(chain, o, kept):
    parties = {}
    for n in chain.nodes:
        parties.setdefault(n.party, n)
    desks = [Desk(chain, n, o.rounds) for n in parties.values()]
    missing = [(d.party, r) for d in desks for r in d.missing()]
    for party, route in missing:
        note("bench pages: no case for %s %s at a %s" % (*route, party))
    measured = []
    for d in desks:
        restart(d.node)
        measured.append((d.party, "restart", d.measure(o.seed)))
    with Waves(chain, max(10, min(chain.subjects // 3, 20000))) as waves:
        for d in desks:
            measured.append((d.party, "wave", d.measure(o.seed + 1)))
    more = {"inquiries": kept["inquiries"], "sessions": SESSIONS,
            "think_s": THINK_S, "desks": DESKS, "subjects": chain.subjects,
            "institutions": chain.institutions, "fill_s": kept["fill_s"],
            "fs": file_system(chain.folder),
            "settings": settings_of(chain.ward)}
    good = [tell_calls(party, phase, m, more)
            for party, phase, m in measured]
    summary(measured)
    note("sent while it was measured: %d" % waves.sent)
    if waves.failed:
        note("bench pages: " + waves.failed)
    return all(good) and not missing and not waves.failed


def bench(name, o, folder):
    """o.keep: the filled nodes stay there, and are found there again."""
    if o.keep:
        folder = os.path.join(o.keep, "pages-%d-%d-%s" % (
            o.pages_subjects, o.institutions, o.db))
        os.makedirs(folder, exist_ok=True)
    if refuses(folder):
        return False
    o.subjects = o.pages_subjects
    chain, kept = filled(o, os.path.join(folder, "chain"))
    try:
        return measure_all(chain, o, kept)
    finally:
        chain.stop()
        if chain.cluster is not None:
            chain.cluster.remove()
