"""_case.py — small helpers of the end-to-end tests: named checks, and the
closing line `N passed, N failed`."""
import faulthandler
import os
import shutil
import signal
import sys
import tempfile
import traceback

import rows


class Cases:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, name, condition, detail=""):
        if condition:
            self.passed += 1
        else:
            self.failed += 1
            print("FAILED %s %s" % (name, detail), flush=True)

    def end(self):
        print("%d passed, %d failed" % (self.passed, self.failed))
        return 0 if self.failed == 0 and self.passed > 0 else 1


def folder(prefix):
    return tempfile.mkdtemp(prefix="shokai-%s-" % prefix, dir="/var/tmp")


def remove(path):
    if not os.environ.get("SHOKAI_KEEP"):
        shutil.rmtree(path, ignore_errors=True)


def dump(node, without=()):
    """Every row of every table of a node's database."""
    db = rows.connect(node)
    found = {t: sorted(map(repr, db.execute("SELECT * FROM \"%s\"" % t)))
             for t in rows.tables(db) if t not in without}
    db.close()
    return found


class Late(Exception):
    """The test has taken longer than it may."""


def late(number, frame):
    """Where it stands, and out through every `finally`."""
    sys.stdout.flush()
    faulthandler.dump_traceback(sys.stdout, all_threads=True)
    raise Late("not finished in time")


def main(body):
    cases = Cases()
    signal.signal(signal.SIGALRM, late)
    signal.alarm(int(os.environ.get("SHOKAI_TEST_S", 900)))
    try:
        body(cases)
    except Exception:  # a broken chain is a failed test, shown whole
        traceback.print_exc(file=sys.stdout)
        cases.failed += 1
    sys.exit(cases.end())
