"""nth.py — the loops of tests/nth that a run of the tests takes in strides:
every allocation fails once, over all phases of a stride together."""
import concurrent.futures
import os
import random
import re
import subprocess
import time

from chain import BUILD

STRIDES = {"nth_sqlite": 199, "nth_folder": 1499}  # as in tests/nth


def one(name, phase):
    """True if all held."""
    p = subprocess.run(
        [os.path.join(BUILD, "tests", "nth", "test_" + name)],
        env=dict(os.environ, SHOKAI_NTH_PHASE=str(phase)),
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    good = p.returncode == 0 and re.search(r"^[1-9]\d* passed, 0 failed$",
                                           p.stdout, re.M)
    return bool(good), p.stdout


def shares(rng):
    """(name, phase) of all, in an order of rng's; of whose share is the
    smaller one a phase is next."""
    left = {name: rng.sample(range(n), n) for name, n in STRIDES.items()}
    while any(left.values()):
        name = max(left, key=lambda k: len(left[k]) / STRIDES[k])
        yield name, left[name].pop()


def soak(o):
    """Phases until all are done or time is over, on all cores."""
    begun = time.time()
    done = dict.fromkeys(STRIDES, 0)
    failing = 0

    def work(share):
        if time.time() - begun >= o.minutes * 60:
            return None
        return share, one(*share)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        for ended in pool.map(work, shares(random.Random(o.seed))):
            if ended is None:
                continue
            (name, phase), (good, said) = ended
            done[name] += 1
            if sum(done.values()) % 50 == 0:
                print("%s after %d s" % (done, time.time() - begun),
                      flush=True)
            if not good:
                failing += 1
                print("%s, phase %d:\n%s" % (name, phase, said[-2000:]),
                      flush=True)
    runs = sum(done.values())
    print("SOAK name=nth seed=%d runs=%d kills=0 lost=0 duplicated=0 "
          "seconds=%d failing=%d %s" % (
              o.seed, runs, time.time() - begun, failing, " ".join(
                  "%s=%d/%d" % (k, done[k], n) for k, n in STRIDES.items())))
    return 0 if failing == 0 and runs > 0 else 1
