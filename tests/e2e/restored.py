"""A node of each party is lost in mid-wave and made again of a backup that
was taken while it was served, over real TLS: its neighbours send again what it
lost, the wave completes, nothing is lost or doubled, and every node's books
agree."""
import json
import os
import shutil
import signal
import tempfile

import _case
import compare
import kills
from _wave import small_files, wait
from chain import Chain, run

SEED = 20260917


def put_back(chain, node, copied, key):
    """The machine is gone, with all that was on it; a new one has the
    backup."""
    children = list(node.children().values())
    node.process.send_signal(signal.SIGKILL)
    node.process.wait()
    node.process.stdout.close()
    wait("its processes end", lambda: not any(
        os.path.exists("/proc/%d" % pid) for pid in children))
    shutil.rmtree(node.path)
    if node.db is not None:
        chain.cluster.empty(node.name)
    p = run("restore", copied, "--to", node.path, "--key-file", key)
    return json.loads(p.stdout)


def restored(node, *more):
    p = run("node", "restored", node.path, "--json", *more, ok=(0, 1))
    return p.returncode, [json.loads(line) for line in p.stdout.splitlines()]


def one(cases, chain, node, copied, key):
    """Puts it back, which lets it ask, and waits until all have answered."""
    told = put_back(chain, node, copied, key)
    code, peers = restored(node)
    cases.check("%s: its neighbours are asked" % node.name,
                code == 1 and peers and told["asked"] == len(peers) and
                not any(p["answered"] for p in peers), (told, peers))
    if node is chain.ward:
        p = run("wave", "new", node.path, "--name", "t", "--basis",
                chain.bases(), "--purpose", "t", "--base-date",
                "2026-09-01", "--period", "2025-09-01/2026-09-01",
                "--scope", "existence", "--institutions", "all", "--as",
                "officer1", ok=None)
        cases.check("ward: no new wave meanwhile",
                    p.returncode == 5 and "node.restored" in p.stderr,
                    p.stderr)
    node.start()
    wait("%s: answers" % node.name,
                      lambda: restored(node)[0] == 0)
    _, peers = restored(node)
    cases.check("%s: something is sent again" % node.name,
                sum(p["again"] for p in peers) > 0, peers)


def body(cases):
    folder = tempfile.mkdtemp(prefix="shokai-restored-", dir="/var/tmp")
    chain = Chain(folder, 600, 2, SEED, 2000)
    copied = {}
    key = os.path.join(folder, "key")
    with open(key, "wb") as f:
        f.write(os.urandom(64))
    try:
        chain.make_synth()
        chain.make_nodes()
        small_files(chain)
        chain.import_banks()
        chain.start()
        chain.import_subjects()
        chain.ask()
        chosen = [chain.hub_direct, chain.banks[0], chain.unit, chain.ward]

        def far(share):
            chain.check()
            return kills.share(chain) >= share
        wait("a fifth", lambda: far(0.2))
        for node in chosen:
            copied[node] = os.path.join(folder, node.name + ".backup")
            run("backup", node.path, "--out", copied[node], "--key-file",
                key)
        wait("half", lambda: far(0.5))
        for node in chosen:
            one(cases, chain, node, copied[node], key)
        chain.finish(timeout=300)
        c = compare.compare_chain(chain)
        for what in ("lost", "duplicated", "pending"):
            cases.check(what, getattr(c, what) == 0, getattr(c, what))
        for n in chain.nodes:
            p = run("reconcile", n.path, ok=None)
            cases.check("reconcile " + n.name, p.returncode == 0, p.stdout)
    finally:
        chain.stop()
        if chain.cluster is not None:
            chain.cluster.remove()
        shutil.rmtree(folder, ignore_errors=True)


_case.main(body)
