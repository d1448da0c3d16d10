"""chain.py — the whole chain on one machine: one folder, keys, database and
`shokai serve` per party, exactly as in production. The demonstration, the
end-to-end tests, the bench and the soak all stand on it.
"""
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time

from cluster import Cluster
from ports import free_port
from processes import below, guarded, kind_of, peak_kib

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("SHOKAI_BUILD", os.path.join(ROOT, "build"))
SHOKAI = os.path.join(BUILD, "shokai")
AUTHORITY = "131041"
UNIT = "U001"
HUB_DIRECT = "H001"
HUB_CARRIED = "H002"
LAYOUTS = sorted(os.listdir(os.path.join(ROOT, "layouts")))
PASSWORD = "shokai-demo"  # of every demonstration account
ACCOUNTS = {  # party: (name, roles) beside those that add_users makes
    "ward": (("admin1", "admin"), ("auditor1", "auditor"),
             ("officer1", "officer"), ("officer2", "officer,approver")),
    "unit": (("admin1", "admin"), ("officer1", "officer"),
             ("auditor1", "auditor")),
    "hub": (("admin1", "admin"), ("operator1", "operator"),
            ("auditor1", "auditor")),
    "bank": (("admin1", "admin"), ("clerk1", "clerk"),
             ("inspector1", "inspector"), ("auditor1", "auditor")),
}
KINDS = "subjects,request-file,answer-file,status,cancel,receipt"


class Failed(Exception):
    """A command ended otherwise than it should."""


def run(*args, ok=(0,), **more):
    """Runs `shokai ARGS`; returns the finished process."""
    p = subprocess.run([SHOKAI, *map(str, args)], stdin=subprocess.DEVNULL,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       text=True, **more)
    if ok is not None and p.returncode not in ok:
        raise Failed("shokai %s: exit %d\n%s%s" % (
            " ".join(map(str, args)), p.returncode, p.stdout[-2000:],
            p.stderr[-2000:]))
    return p


class Node:
    """One party: its folder and, when started, its serve process."""

    def __init__(self, folder, name, party, code, title):
        self.path = os.path.join(folder, name)
        self.name = name
        self.party = party
        self.code = code
        self.title = title
        self.gate, self.desk = free_port(), free_port()
        self.db = None  # a database's URL; None: the embedded one
        self.process = None
        self.log = os.path.join(folder, name + ".log")

    @property
    def url(self):
        return "https://127.0.0.1:%d" % self.gate

    @property
    def certificate(self):
        return os.path.join(self.path, "keys", "node.crt")

    @property
    def database(self):
        return os.path.join(self.path, "shokai.db")

    def start(self, wait=True, more=()):
        log = open(self.log, "ab")
        self.process = guarded(subprocess.Popen(
            [SHOKAI, "serve", self.path, *more], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=log, text=True))
        log.close()
        if wait:
            self.wait_ready()

    def wait_ready(self, timeout=120):
        told, _, _ = select.select([self.process.stdout], [], [], timeout)
        line = self.process.stdout.readline() if told else ""
        if not line.startswith("READY "):
            with open(self.log, errors="replace") as f:
                raise Failed("%s did not become ready; %s ends:\n%s" % (
                    self.name, self.log, f.read()[-2000:]))

    def stop(self):
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()
        self.process = None

    def usage(self):
        """{kind: (CPU µs, peak RSS in KiB)} of its processes until now;
        ended ones are in what "serve" has used."""
        pids = dict(self.children(), serve=self.process.pid)
        tick = os.sysconf("SC_CLK_TCK")
        found = {}
        for kind, pid in pids.items():
            with open("/proc/%d/stat" % pid) as f:
                t = [int(v) for v in f.read().rsplit(")", 1)[1].split()[
                    11:15]]
            used = sum(t) if kind == "serve" else t[0] + t[1]
            found[kind] = (used * 1000000 // tick, peak_kib(pid))
        return found

    def children(self):
        """{kind: pid} of the node's worker processes."""
        return {kind_of(words): pid for pid, words in self.below().items()
                if kind_of(words)}

    def of_kind(self, kind):
        """Pids of its processes of that kind."""
        return sorted(pid for pid, words in self.below().items()
                      if kind_of(words) == kind)

    def below(self):
        return {} if self.process is None else below(self.process.pid)


class Chain:
    """A ward, a unit, two hubs and M banks."""

    def __init__(self, folder, subjects=45500, institutions=6, seed=1,
                 customers=100000, carried="via-ward", say=None, db=None,
                 cluster=None):
        self.folder = os.path.abspath(folder)
        self.subjects = subjects
        self.institutions = institutions
        self.seed = seed
        self.customers = customers
        self.carried = carried  # the link of the second hub
        self.say = say or (lambda text: None)
        self.synth = os.path.join(self.folder, "synth")
        self.ca = os.path.join(self.folder, "ca")
        self.wave = None
        self.look_s = 1.0  # between two looks at the wave
        self.check_s = 0.5  # between two rounds of the officer who checks
        self.first_byte = None
        self.folder_carrier = None
        # script/test --db says it to every chain of a test.
        self.db = db or os.environ.get("SHOKAI_DB", "sqlite")
        self.cluster = cluster  # made when it is needed
        os.makedirs(self.folder, exist_ok=True)
        f = self.folder
        self.ward = Node(f, "ward", "ward", AUTHORITY, "架空区")
        self.unit = Node(f, "unit", "unit", UNIT, "架空中間処理ユニット")
        self.hub_direct = Node(f, "hub-direct", "hub", HUB_DIRECT,
                               "架空ハブ（直結）")
        self.hub_carried = Node(f, "hub-via-ward", "hub", HUB_CARRIED,
                                "架空ハブ（区経由）")
        self.banks = [Node(f, "bank-%d" % (9600 + k), "bank",
                           str(9600 + k), "架空金融機関%d" % k)
                      for k in range(1, institutions + 1)]
        self.nodes = [self.ward, self.unit, self.hub_direct,
                      self.hub_carried, *self.banks]

    def hub_of(self, bank):
        """Odd banks behind the direct hub, even ones behind the other."""
        return (self.hub_direct if int(bank.code) % 2 == 1
                else self.hub_carried)

    # --- making it ---

    def make_synth(self):
        self.say("架空の住民と金融機関のデータを作成しています")
        run("synth", "--out", self.synth, "--seed", self.seed,
            "--subjects", self.subjects, "--institutions",
            self.institutions, "--customers", self.customers)

    def make_nodes(self):
        self.say("各ノードの鍵・証明書・データベースを作成しています")
        run("ca", "init", self.ca)
        for n in self.nodes:
            run("node", "init", n.path, "--party", n.party, "--code", n.code,
                "--name", n.title, "--listen", "127.0.0.1:%d" % n.gate,
                "--desk", "127.0.0.1:%d" % n.desk, *self.database_of(n))
            crt = os.path.join(self.folder, n.name + ".crt")
            run("ca", "sign", self.ca, os.path.join(n.path, "node.csr"),
                "--out", crt)
            run("node", "cert", n.path, "--cert", crt, "--ca",
                os.path.join(self.ca, "ca.crt"))
            os.unlink(crt)
        self.link()
        self.introduce()
        self.install_layouts()
        self.add_users()

    def database_of(self, node):
        """One database per party, all on one server."""
        if self.db == "sqlite":
            return ()
        if self.cluster is None:
            self.cluster = Cluster()
        node.db = self.cluster.database(node.name)
        return ("--db", node.db)

    def copy_databases(self, folder):
        """The nodes of a copied folder get copies of their databases."""
        for n in self.nodes:
            path = os.path.join(folder, n.name, "node.yaml")
            if n.db is None or not os.path.exists(path):
                continue
            with open(path, encoding="utf-8") as f:
                text = f.read()
            copy = self.cluster.database(n.name + "-copy", template=n.name)
            with open(path, "w", encoding="utf-8") as f:
                f.write(text.replace(n.db, copy))

    def link(self):
        """The one line that makes a flow: `links: {HUB: …}`."""
        def add(node, text):
            path = os.path.join(node.path, "node.yaml")
            with open(path) as f:
                kept = [line for line in f if not line.startswith("links:")]
            with open(path, "w") as f:
                f.writelines(kept)
                f.write(text)
        line = "links: {%s: direct, %s: %s}\n" % (
            HUB_DIRECT, HUB_CARRIED, self.carried)
        add(self.ward, line)
        add(self.unit, line)
        # The demonstration runs at any hour of any day.
        path = os.path.join(self.unit.path, "node.yaml")
        with open(path, encoding="utf-8") as f:
            text = f.read()
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.replace("institution_hours: keep",
                                 "institution_hours: ignore"))
        if self.carried == "folder":
            add(self.hub_carried, "links: {%s: folder}\n" % AUTHORITY)
            shutil.copy(os.path.join(self.ward.path, "keys",
                                     "folder-password"),
                        os.path.join(self.hub_carried.path, "keys",
                                     "folder-password"))

    def peer(self, node, other, via=None, kinds=KINDS):
        args = ["peer", "add", node.path, "--code", other.code, "--party",
                other.party, "--cert", other.certificate, "--kinds", kinds]
        if via is None:
            # A peer reached by folder has no address.
            if self.carried != "folder" or {node, other} != {
                    self.ward, self.hub_carried}:
                args += ["--url", other.url]
        else:
            args += ["--via", via.code]
        run(*args)

    def introduce(self):
        w, u, d, v = (self.ward, self.unit, self.hub_direct,
                      self.hub_carried)
        self.peer(w, u)
        self.peer(u, w)
        for hub, link in ((d, "direct"), (v, self.carried)):
            near, far = (u, w) if link == "direct" else (w, u)
            self.peer(near, hub)
            self.peer(far, hub, via=near)
            self.peer(hub, near)
            self.peer(hub, far, via=near)
        for b in self.banks:
            h = self.hub_of(b)
            self.peer(w, b, via=h)
            self.peer(u, b, via=h)
            self.peer(h, b)
            self.peer(b, h)
            self.peer(b, u, via=h)
            self.peer(b, w, via=h)

    def install_layouts(self):
        for k, b in enumerate(self.banks):
            folder = os.path.join(ROOT, "layouts",
                                  LAYOUTS[k % len(LAYOUTS)])
            for name in sorted(os.listdir(folder)):
                if name.endswith(".yaml"):
                    # The ward recomputes from it what was sent.
                    for node in (self.ward, self.unit, b):
                        run("layout", "install", node.path,
                            os.path.join(folder, name), "--code", b.code)

    def add_users(self):
        kinds = "1,2,3"
        run("user", "add", self.ward.path, "officer1", "--role", "officer",
            "--appointment", "T-001:2026-04-01/2027-03-31:" + kinds)
        run("user", "add", self.ward.path, "officer2", "--role",
            "officer,approver",
            "--appointment", "T-002:2026-04-01/2027-03-31:" + kinds)
        run("user", "add", self.ward.path, "auditor1", "--role", "auditor")

    def add_accounts(self):
        """Whoever walks through the pages: accounts with a password, of each
        role at each party. Returns [(node, name, roles)]."""
        path = os.path.join(self.folder, "password")
        with open(path, "w") as f:
            f.write(PASSWORD + "\n")
        found = []
        for node in self.nodes:
            for k, (name, roles) in enumerate(ACCOUNTS[node.party]):
                more = ()
                if "officer" in roles:
                    more = ("--appointment",
                            "T-%03d:2026-04-01/2027-03-31:1,2,3" % k)
                run("user", "add", node.path, name, "--role", roles,
                    "--password-file", path, "--force", *more)
                found.append((node, name, roles.split(",")))
        os.unlink(path)
        return found

    def import_banks(self):
        self.say("金融機関の顧客データを取り込んでいます")
        waiting = list(self.banks)
        running = []
        while waiting or running:
            while waiting and len(running) < (os.cpu_count() or 2):
                b = waiting.pop(0)
                running.append((b, subprocess.Popen(
                    [SHOKAI, "customers", "import", b.path,
                     os.path.join(self.synth, "banks", b.code)],
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE, text=True)))
            b, p = running.pop(0)
            out, err = p.communicate()
            if p.returncode not in (0, 1):
                raise Failed("customers import %s: exit %d\n%s" % (
                    b.code, p.returncode, err[-2000:]))

    def start(self):
        for n in self.nodes:
            n.start(wait=False)
        for n in self.nodes:
            n.wait_ready()

    def stop(self):
        if self.folder_carrier is not None:
            self.folder_carrier = None
        for n in self.nodes:
            if n.process is not None and n.process.poll() is None:
                n.process.send_signal(signal.SIGTERM)
        for n in self.nodes:
            n.stop()

    # --- the officers' work ---

    def import_subjects(self):
        self.first_byte = time.time()
        p = run("subjects", "import", self.ward.path,
                os.path.join(self.synth, "ward", "subjects.csv"),
                ok=(0, 1))
        return json.loads(p.stdout.splitlines()[-1])

    def ask(self, *more):
        """Draft by the first officer, approval by the second."""
        p = run("wave", "new", self.ward.path, "--name", "令和8年度一斉照会",
                "--basis", self.bases(), "--purpose", "滞納処分のための財産調査",
                "--base-date", "2026-10-01", "--period",
                "2025-10-01/2026-09-30", "--scope", "detail",
                "--institutions", "all", "--as", "officer1", *more)
        self.wave = p.stdout.split()[-1]
        run("wave", "submit", self.ward.path, self.wave, "--as", "officer1")
        run("wave", "approve", self.ward.path, self.wave, "--as",
            "officer2")
        return self.wave

    def bases(self):
        """The usual basis of each 科目 (data/kamoku.tsv)."""
        found = []
        with open(os.path.join(ROOT, "data", "kamoku.tsv"),
                  encoding="utf-8") as f:
            rows = [line.rstrip("\n").split("\t") for line in f
                    if line.strip() and not line.startswith("#")]
        column = rows[0].index("basis")
        for row in rows[1:]:
            if row[column] not in found:
                found.append(row[column])
        return ",".join(found)

    def check(self):
        """Approves what waits for the via-ward check; returns how many."""
        p = run("check", "approve", self.ward.path, "--all", "--as",
                "officer2", "--json", ok=(0, 5))
        return json.loads(p.stdout)["approved"] if p.returncode == 0 else 0

    def carry(self):
        """link: folder — the officer carries the ZIPs both ways."""
        done = 0
        ends = [(self.ward, self.hub_carried), (self.hub_carried, self.ward)]
        for a, b in ends:
            out = os.path.join(a.path, "folder", "out", b.code)
            into = os.path.join(b.path, "folder", "in", a.code)
            if not os.path.isdir(out):
                continue
            os.makedirs(into, exist_ok=True)
            for name in sorted(os.listdir(out)):
                if not name.endswith(".zip"):
                    continue
                part = os.path.join(into, "." + name)
                shutil.copy(os.path.join(out, name), part)
                os.rename(part, os.path.join(into, name))
                os.unlink(os.path.join(out, name))
                done += 1
        return done

    def show(self):
        p = run("wave", "show", self.ward.path, self.wave, "--json")
        return json.loads(p.stdout)

    def finish(self, timeout=600, progress=None, until=None):
        """Works as the officers do until nothing is pending and every step
        is known; returns the last `wave show`."""
        deadline = time.time() + timeout
        settled = None
        looked = 0
        while True:
            self.check()
            if self.carried == "folder":
                self.carry()
            # Each look is a process; what it costs is the wave's as well.
            if time.time() - looked < self.look_s:
                time.sleep(self.check_s)
                continue
            looked = time.time()
            w = self.show()
            if progress:
                progress(w)
            if until is not None and until(w):
                return w
            if complete(w):
                # Steps are reported once a second: the last ones follow.
                settled = settled or time.time()
                if reported(w) or time.time() - settled > 5:
                    return w
            if time.time() > deadline:
                raise Failed("the wave is not complete after %d s: %s" % (
                    timeout, json.dumps({k: w.get(k) for k in (
                        "state", "inquiries", "sent", "held", "answered",
                        "rejected", "pending")})))
            time.sleep(self.check_s)


def complete(w):
    """Has every inquiry its outcome, and every step been reported?"""
    if w["pending"] != 0 or w["sent"] == 0:
        return False
    settled = (w["sent"] + w["held"] + w.get("excluded", 0)
               + w.get("paper", 0) + w.get("cancelled_before", 0))
    if settled < w["inquiries"]:
        return False
    return all(s["first"] for f in w["flows"] for s in f["steps"])


def reported(w):
    """Has each step of each flow been told of as many files?"""
    return all(len({s["files"] for s in f["steps"] if s["no"] >= 4}) == 1
               for f in w["flows"])


def note(text):
    """A line for whoever is watching."""
    print(text, file=sys.stderr, flush=True)
