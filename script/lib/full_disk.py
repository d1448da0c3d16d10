"""full_disk.py — disks that run full in a running wave: each node has a file
system of its own (tmpfs, for root alone), whose room is taken for a while;
with room again the wave completes, with nothing lost and nothing twice, and
every node's books agree."""
import os
import random
import shutil
import subprocess
import tempfile
import threading
import time

import compare
import kills
from chain import Chain, Failed, run

SIZE = "512m"
LONGEST = 6.0  # seconds without room


class Disks:
    """A file system of its own under each node's folder."""

    def __init__(self, chain):
        self.paths = [n.path for n in chain.nodes]
        self.mounted = []

    def mount(self):
        for path in self.paths:
            os.makedirs(path, exist_ok=True)
            subprocess.run(["mount", "-t", "tmpfs", "-o",
                            "size=%s,mode=0700" % SIZE, "none", path],
                           check=True)
            self.mounted.append(path)

    def unmount(self):
        for path in self.mounted:
            subprocess.run(["umount", "-l", path], check=False)


def fill(path):
    """Takes what room there is; the file that does."""
    ballast = os.path.join(path, "ballast")
    st = os.statvfs(path)
    with open(ballast, "ab", buffering=0) as f:
        try:
            os.posix_fallocate(f.fileno(), 0, st.f_bavail * st.f_frsize)
        except OSError:
            pass  # the node was quicker: what is left is little
        try:
            while True:
                f.write(bytes(4096))
        except OSError:
            pass
    return ballast


class Filler(threading.Thread):
    """Fills disks at the moments the seed has drawn."""

    def __init__(self, chain, plan):
        super().__init__(daemon=True)
        self.chain = chain
        self.plan = plan  # [(share, node, seconds)…], ascending
        self.filled = []
        self.ended = threading.Event()

    def run(self):
        for at, node, seconds in self.plan:
            while kills.share(self.chain) < at and not self.ended.is_set():
                time.sleep(0.02)
            if self.ended.is_set():
                return
            ballast = fill(node.path)
            self.ended.wait(seconds)
            os.unlink(ballast)
            self.filled.append((round(at, 3), node.name))


def finish(chain, seconds):
    """The officers try again where their node's disk was full."""
    deadline = time.time() + seconds
    while True:
        try:
            return chain.finish(timeout=max(1, deadline - time.time()))
        except Failed as e:
            if "store.disk_full" not in str(e) or time.time() > deadline:
                raise
            time.sleep(1)


def draw(chain, seed, count):
    """One disk at a time."""
    rng = random.Random(seed)
    return sorted(((rng.uniform(0.02, 0.8), rng.choice(chain.nodes),
                    rng.uniform(0.5, LONGEST)) for _ in range(count)),
                  key=lambda p: p[0])


def campaign(seed, count=6, subjects=6000, institutions=4, customers=5000,
             say=None):
    """One wave with count full disks."""
    r = kills.Result()
    folder = tempfile.mkdtemp(prefix="shokai-full-", dir="/var/tmp")
    chain = Chain(folder, subjects, institutions, seed, customers)
    disks = Disks(chain)
    try:
        chain.make_synth()
        disks.mount()
        chain.make_nodes()
        chain.import_banks()
        chain.start()
        chain.import_subjects()
        filler = Filler(chain, draw(chain, seed, count))
        chain.ask()
        filler.start()
        finish(chain, 400)
        filler.ended.set()
        filler.join()
        r.killed = filler.filled
        r.kills = len(filler.filled)
        c = compare.compare_chain(chain)
        r.lost, r.duplicated, r.pending = c.lost, c.duplicated, c.pending
        for n in chain.nodes:
            r.reconciled[n.name] = run("reconcile", n.path,
                                       ok=None).returncode
        r.ok = (r.lost == r.duplicated == r.pending == 0
                and not any(r.reconciled.values()) and r.kills > 0)
        if say:
            say("seed %d: %d full disks %s, lost %d, duplicated %d, "
                "pending %d, reconcile %s%s" % (
                    seed, r.kills, r.killed, r.lost, r.duplicated,
                    r.pending, r.reconciled, "" if r.ok else "  NOT OK"))
    finally:
        chain.stop()
        disks.unmount()
        shutil.rmtree(folder, ignore_errors=True)
    return r
