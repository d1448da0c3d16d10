"""mutants.py — breaks the system on purpose: each tests/mutants/*.patch is
applied to a copy of what is committed, built, and must make one of the tests
it names fail. One that survives is a missing test.

A patch begins with `INVARIANT: what it breaks.` and `Tests: NAME …`.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from chain import ROOT

FOLDER = os.path.join(ROOT, "tests", "mutants")
INVARIANTS = ("E1 E2 E3 E4 E5 E6 E7 S1 S2 S3 S4 S5 T1 T2 T3 T4 D1 F1").split()


def run(command, folder, **more):
    return subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", **more)


def copy(folder):
    """What is committed, in a folder of its own, to be built."""
    archive = subprocess.Popen(["git", "archive", "HEAD"], cwd=ROOT,
                               stdout=subprocess.PIPE)
    subprocess.run(["tar", "-x", "-C", folder], stdin=archive.stdout,
                   check=True)
    if archive.wait() != 0:
        raise RuntimeError("git archive failed")
    p = run(["meson", "setup", "build"], folder)
    if p.returncode != 0:
        raise RuntimeError("the copy does not build:\n" + p.stdout)


def programs_of(command, build):
    """What of a test's command is built: a script's programs are among its
    arguments. Paths in the build folder."""
    paths = [os.path.relpath(os.path.join(build, word), build)
             for word in command if "/" in word]
    return [p for p in paths if not p.startswith("..")]


def build(folder, tests):
    """The programs of those tests, and nothing else; None, or its words."""
    build = os.path.join(folder, "build")
    p = subprocess.run(["meson", "introspect", "--tests", build],
                       stdout=subprocess.PIPE, text=True, check=True)
    programs = {t["name"]: programs_of(t["cmd"], build)
                for t in json.loads(p.stdout)}
    for test in tests:
        if test not in programs:
            raise RuntimeError("no such test: %s" % test)
    p = run(["ninja", "-C", "build"] + sorted(
        {c for t in tests for c in programs[t]}), folder)
    return None if p.returncode == 0 else p.stdout[-2000:]


def read(name):
    """(invariant, what it breaks, [test…]) of a patch."""
    with open(os.path.join(FOLDER, name), encoding="utf-8") as f:
        first, second = f.readline(), f.readline()
    m = re.match(r"([A-Z]\d): (.*)\.$", first)
    if not m or not second.startswith("Tests: "):
        raise RuntimeError("%s: no head" % name)
    return m.group(1), m.group(2), second.split()[1:]


def failing(folder, tests):
    """The first of the tests that fails, or None."""
    for test in tests:
        p = run(["meson", "test", "--no-rebuild", "-t", "0", test],
                os.path.join(folder, "build"), timeout=1200)
        if p.returncode != 0:
            return test
    return None


def passing(folder, names):
    """Untouched, every test named must pass: else it shows nothing."""
    tests = sorted({t for n in names for t in read(n)[2]})
    words = build(folder, tests)
    if words:
        raise RuntimeError("the copy does not build:\n" + words)
    for test in tests:
        if failing(folder, [test]):
            raise RuntimeError("%s fails without a mutant" % test)


def one(folder, name):
    """Who finds it: a test, or None; the copy is as it was then."""
    patch = ["patch", "-p1", "-s", "-i", os.path.join(FOLDER, name)]
    p = run(patch, folder)
    if p.returncode != 0:
        raise RuntimeError("%s does not apply:\n%s" % (name, p.stdout))
    try:
        words = build(folder, read(name)[2])
        if words:
            raise RuntimeError("%s does not build:\n%s" % (name, words))
        return failing(folder, read(name)[2])
    finally:
        run(patch + ["-R"], folder)


def all_of_them(wanted=()):
    names = sorted(n for n in os.listdir(FOLDER) if n.endswith(".patch")
                   and (not wanted or any(n.startswith(w) for w in wanted)))
    survivors = 0
    if not wanted:
        missing = set(INVARIANTS) - {read(n)[0] for n in names}
        for invariant in sorted(missing):
            print("FAIL %s has no mutant" % invariant)
            survivors += 1
    folder = tempfile.mkdtemp(prefix="shokai-mutants-", dir="/var/tmp")
    try:
        copy(folder)
        passing(folder, names)
        for name in names:
            invariant, what, _ = read(name)
            test = one(folder, name)
            survivors += test is None
            print("%-4s %-32s %s: %s" % (
                "ok" if test else "FAIL", name[:-6], what,
                "found by " + test if test else "SURVIVES"), flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("%d passed, %d failed" % (max(len(names) - survivors, 0),
                                    survivors))
    return 0 if survivors == 0 and names else 1


if __name__ == "__main__":
    sys.exit(all_of_them(sys.argv[1:]))
