"""No file names a folder of somebody's machine or a package registry's host,
no text is a secret key, and none keeps the marks of a merge."""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
# Put together here so that this file does not find itself.
BAD = [re.compile(p) for p in (
    "/wo" "rk/(main|shared)", "/home/" "[a-z]+/", "registry\\." "npmjs",
    "deb\\." "debian\\.org", "files\\." "pythonhosted",
    "-----BEGIN ([A-Z]+ )?PRIVATE" " KEY",
    "(?m)^(<{7}" "|>{7}) ")]


def main():
    out = subprocess.run(["git", "ls-files"], cwd=ROOT,
                         stdout=subprocess.PIPE, text=True, check=True)
    passed, wrong = 0, []
    for name in out.stdout.splitlines():
        path = os.path.join(ROOT, name)
        if not os.path.isfile(path) or os.path.islink(path):
            continue
        with open(path, "rb") as f:
            text = f.read().decode("utf-8", "replace")
        found = [p.pattern for p in BAD if p.search(text)]
        if found:
            wrong.append("%s: %s" % (name, ", ".join(found)))
        else:
            passed += 1
    print("\n".join(wrong))
    print("%d passed, %d failed" % (passed, len(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
