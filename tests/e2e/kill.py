"""SIGKILL of each process kind of each party, supervisors too, once between
5 % and 95 % of a running wave; the wave completes, nothing is lost or
doubled, and every node's books agree. The seed is drawn and printed."""
import os
import random

import _case
import kills


def body(cases):
    seed = int(os.environ.get("SHOKAI_SEED", random.randrange(1, 10 ** 6)))
    print("seed %d (SHOKAI_SEED=%d runs it again)" % (seed, seed),
          flush=True)
    r = kills.campaign(seed, say=lambda text: print(text, flush=True))
    for k in r.killed:
        print("  at %.3f: %s %s" % k)
    cases.check("every process kind of every party was killed",
                r.kills == 4 * 8, r.kills)
    cases.check("each kill fell between 5 % and 95 %",
                all(0.05 <= k[0] <= 0.95 for k in r.killed), r.killed)
    cases.check("some of two parties at once", r.together > 0, r.killed)
    cases.check("lost", r.lost == 0, r.lost)
    cases.check("duplicated", r.duplicated == 0, r.duplicated)
    cases.check("pending", r.pending == 0, r.pending)
    for name, code in r.reconciled.items():
        cases.check("reconcile " + name, code == 0, code)


_case.main(body)
