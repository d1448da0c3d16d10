"""Every patch of tests/mutants applies to the tree as it is, names tests that
there are, and there is one for each invariant of docs/DESIGN.md §4: else
script/test --mutants would learn nothing of it."""
import json
import os
import re
import subprocess
import sys

import mutants
from chain import BUILD, ROOT


def invariants():
    with open(os.path.join(ROOT, "docs", "DESIGN.md"), encoding="utf-8") as f:
        return re.findall(r"^- \*\*([A-Z]\d)\*\*", f.read(), re.M)


def tests():
    out = subprocess.run(["meson", "introspect", "--tests", BUILD],
                         stdout=subprocess.PIPE, text=True, check=True)
    return {t["name"] for t in json.loads(out.stdout)}


def main():
    wrong = []
    there = tests()
    names = sorted(n for n in os.listdir(mutants.FOLDER)
                   if n.endswith(".patch"))
    for name in names:
        p = subprocess.run(
            ["git", "apply", "--check", os.path.join(mutants.FOLDER, name)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True)
        if p.returncode != 0:
            wrong.append("%s does not apply: %s" % (name, p.stdout.strip()))
        wrong += ["%s: no test %s" % (name, t)
                  for t in mutants.read(name)[2] if t not in there]
    broken = {mutants.read(n)[0] for n in names}
    wrong += ["%s has no mutant" % i for i in invariants()
              if i not in broken]
    for line in wrong:
        print(line)
    print("%d passed, %d failed" % (
        max(len(names) + len(invariants()) - len(wrong), 0), len(wrong)))
    return 1 if wrong or not names else 0


sys.exit(main())
