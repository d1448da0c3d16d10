"""`script/bench pages` asks what the desks answer: every route of every party
has a case there or stands among those that are not measured, with why; each
case is a call that is not refused."""
import argparse
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "e2e"))
import _case  # noqa: E402
import bench_pages  # noqa: E402
from bench_pages_calls import NOT_MEASURED  # noqa: E402

SUBJECTS = 320  # more than two pages, some that a layout holds


def refused(desk):
    """Each case once: those that are refused."""
    rng = random.Random(1)
    found = []
    for c in desk.calls:
        who = desk.people[0][desk.account(c.route)]
        path, body = c.make(rng, who)
        a = who.call(c.route[0], path, body)
        if a.status >= 400:
            found.append((c.route, c.kind, a.status, a.body))
    return found


def ask_all(cases, chain):
    """The routes that there are."""
    routes = set()
    for party, node in {n.party: n for n in chain.nodes}.items():
        desk = bench_pages.Desk(chain, node, 1)
        routes |= set(desk.routes)
        missing = desk.missing()
        cases.check("every route of a %s has a case" % party, not missing,
                    missing)
        wrong = refused(desk)
        cases.check("no case of a %s is refused" % party, not wrong, wrong)
    return routes


def body(cases):
    folder = _case.folder("bench")
    bench_pages.SESSIONS = 1
    o = argparse.Namespace(subjects=SUBJECTS, institutions=2, seed=1,
                           db=None)
    chain, _ = bench_pages.filled(o, os.path.join(folder, "chain"))
    try:
        routes = ask_all(cases, chain)
    finally:
        chain.stop()
        _case.remove(folder)
    cases.check("what is not measured is a route",
                not set(NOT_MEASURED) - routes,
                sorted(set(NOT_MEASURED) - routes))


if __name__ == "__main__":
    _case.main(body)
