"""nth.py — the loops of tests/nth that a run of the tests takes in strides:
every allocation fails once, over all phases of a stride together."""
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


def soak(o):
    """Phases in an order of the seed's until all are done or time is over."""
    begun = time.time()
    rng = random.Random(o.seed)
    left = {name: rng.sample(range(n), n) for name, n in STRIDES.items()}
    runs = failing = 0
    while any(left.values()) and time.time() - begun < o.minutes * 60:
        # Whose share is the smaller one is next.
        name = max(left, key=lambda k: len(left[k]) / STRIDES[k])
        phase = left[name].pop()
        good, said = one(name, phase)
        runs += 1
        if not good:
            failing += 1
            print("%s, phase %d:\n%s" % (name, phase, said[-2000:]),
                  flush=True)
    print("SOAK name=nth seed=%d runs=%d kills=0 lost=0 duplicated=0 "
          "seconds=%d failing=%d %s" % (
              o.seed, runs, time.time() - begun, failing, " ".join(
                  "%s=%d/%d" % (k, n - len(left[k]), n)
                  for k, n in STRIDES.items())))
    return 0 if failing == 0 and runs > 0 else 1
