"""test.py — every test: the unit programs of the build, the rules of the
house, and the end-to-end tests. The last line is `N passed, N failed`."""
import argparse
import concurrent.futures
import json
import os
import re
import signal
import subprocess
import sys
import time

import mutants
from chain import BUILD, ROOT


# End-to-end tests of both flows, of what leaves late or ends, and those that
# kill: they run on either database, as the store's own tests do.
BOTH = ("e2e/drops", "e2e/flows", "e2e/kill", "e2e/mends", "e2e/restored",
        "e2e/stops")


LANES = 2  # whole chains at a time: much of a test is waiting
ALONE = ("e2e/kill",)  # these look at how far a wave has come, many times


class Test:
    def __init__(self, name, command, timeout, whole=False, env=None,
                 folder=ROOT):
        self.name = name
        self.command = command
        self.timeout = timeout
        self.whole = whole  # starts many processes, or a browser
        self.env = env or {}
        self.folder = folder


def unit_tests():
    out = subprocess.run(["meson", "introspect", "--tests", BUILD],
                         stdout=subprocess.PIPE, text=True, check=True)
    return [Test(t["name"], t["cmd"], 300, env=t["env"],
                 folder=t["workdir"] or BUILD)
            for t in json.loads(out.stdout)]


def scripts(folder, timeout, whole):
    path = os.path.join(ROOT, "tests", folder)
    return [Test("%s/%s" % (folder, name[:-3]),
                 [sys.executable, os.path.join(path, name)], timeout, whole)
            for name in sorted(os.listdir(path))
            if name.endswith(".py") and not name.startswith("_")]


def on_postgresql():
    """The store's tests for PostgreSQL, and whole chains on it."""
    found = [t for t in unit_tests() if "postgres" in t.name]
    for t in scripts("e2e", 900, True):
        if t.name in BOTH:
            t.name += "-postgresql"
            t.env["SHOKAI_DB"] = "postgresql"
            found.append(t)
        elif "postgres" in t.name:
            found.append(t)
    return found


def all_tests(db):
    """both: all there are. sqlite: without the whole chains on PostgreSQL.
    postgresql: what runs on it, alone."""
    tests = (unit_tests() + scripts("house", 120, False)
             + scripts("api", 600, True)
             + scripts("e2e", 900, True) + scripts("web", 900, True))
    if db == "postgresql":
        return on_postgresql()
    return tests if db == "sqlite" else tests + [
        t for t in on_postgresql() if "SHOKAI_DB" in t.env]


def counted(output, code):
    """(passed, failed) cases of one program: cmocka's and our scripts'
    closing lines, else the program itself."""
    passed = sum(int(n) for n in re.findall(
        r"\[  PASSED  \] (\d+) test", output))
    failed = sum(int(n) for n in re.findall(
        r"\[  FAILED  \] (\d+) test", output))
    own = re.findall(r"^(\d+) passed, (\d+) failed$", output, re.M)
    if own:
        passed += int(own[-1][0])
        failed += int(own[-1][1])
    if code != 0 and failed == 0:
        failed = 1
    if code == 0 and passed + failed == 0:
        return 0, 1  # it ran no test: that is a failure
    return passed, failed


def finished(test, env):
    """(output, exit code). A test that does not end is ended with all that
    it has started, after it had time to tell where it stands."""
    env["SHOKAI_TEST_S"] = str(test.timeout)
    p = subprocess.Popen(test.command, stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         cwd=test.folder, env=env, start_new_session=True)
    late = ""
    try:
        output, _ = p.communicate(timeout=test.timeout + 60)
    except subprocess.TimeoutExpired:
        late = "\nnot finished after %d s" % (test.timeout + 60)
        os.killpg(p.pid, signal.SIGKILL)
        output, _ = p.communicate()
    return output.decode("utf-8", "replace") + late, p.returncode


def run(test):
    begun = time.time()
    env = dict(os.environ, PYTHONPATH=os.path.join(ROOT, "script", "lib"),
               SHOKAI_BUILD=BUILD, **test.env)
    try:
        output, code = finished(test, env)
    except OSError as e:
        output, code = str(e), 1
    passed, failed = counted(output, code)
    return test, passed, failed, output, time.time() - begun


def report(result):
    test, passed, failed, output, seconds = result
    print("%-4s %-44s %4d cases %6.1f s" % (
        "ok" if failed == 0 else "FAIL", test.name, passed + failed,
        seconds), flush=True)
    if failed:
        print("\n".join("     | " + line
                        for line in output.splitlines()[-80:]), flush=True)


def main():
    a = argparse.ArgumentParser(prog="script/test", description=__doc__)
    a.add_argument("name", nargs="*", help="tests whose name begins so")
    a.add_argument("--list", action="store_true")
    a.add_argument("--db", choices=("sqlite", "postgresql", "both"),
                   default="both")
    a.add_argument("--mutants", action="store_true",
                   help="break each invariant on purpose: who finds it?")
    o = a.parse_args()
    if o.mutants:
        return mutants.all_of_them(o.name)
    tests = [t for t in all_tests(o.db)
             if not o.name or any(t.name.startswith(n) for n in o.name)]
    if o.list:
        for t in tests:
            print(t.name)
        return 0
    # The browser's test is the longest: it begins first.
    whole = sorted((t for t in tests if t.whole),
                   key=lambda t: not t.name.startswith("web/"))
    results = []
    alone = [t for t in whole if t.name.startswith(ALONE)]
    for some, lanes in (([t for t in tests if not t.whole],
                         os.cpu_count() or 2),
                        ([t for t in whole if t not in alone], LANES),
                        (alone, 1)):
        with concurrent.futures.ThreadPoolExecutor(lanes) as pool:
            for r in concurrent.futures.as_completed(
                    [pool.submit(run, t) for t in some]):
                report(r.result())
                results.append(r.result())
    passed = sum(r[1] for r in results)
    failed = sum(r[2] for r in results)
    if not results:
        failed = 1
    print("%d passed, %d failed" % (passed, failed))
    return 0 if failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
