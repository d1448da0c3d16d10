"""clang-format decides; files have at most 900 lines, functions 80; foo.c
exports only foo_*; no external mutable variables (docs/DESIGN.md §3)."""
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))


def sources():
    out = subprocess.run(["git", "ls-files", "src", "tests", "fuzz"], cwd=ROOT,
                         stdout=subprocess.PIPE, text=True, check=True)
    return [f for f in out.stdout.split() if f.endswith((".c", ".h"))
            and "_table.c" not in f]


def formatted(files):
    """The first complaint about each file; one process for all."""
    p = subprocess.run(["clang-format", "--dry-run", "-Werror", *files],
                       cwd=ROOT, stderr=subprocess.PIPE, text=True)
    told = {}
    for line in p.stderr.splitlines():
        if ": error: " in line:
            told.setdefault(line.split(":")[0], line)
    if p.returncode and not told:
        return ["clang-format: %s" % p.stderr]
    return ["%s: not as clang-format has it: %s" % t for t in told.items()]


def facts(files):
    """Function lengths, exported names and variables, by ctags."""
    wrong = []
    src = [f for f in files if f.startswith("src/") and f.endswith(".c")]
    p = subprocess.run(
        ["ctags", "-L", "-", "-f", "-", "--languages=C", "--kinds-C=fv",
         "--fields=+neSt", "--output-format=json"], cwd=ROOT,
        input="\n".join(src), stdout=subprocess.PIPE, text=True, check=True)
    for line in p.stdout.splitlines():
        t = json.loads(line)
        name, path = t.get("name", ""), t.get("path", "")
        stem = os.path.splitext(os.path.basename(path))[0]
        length = t.get("end", t.get("line", 0)) - t.get("line", 0) + 1
        if t.get("kind") == "function":
            if length > 80:
                wrong.append("%s: %s has %d lines" % (path, name, length))
            if not t.get("file") and name != "main" and not exported(
                    stem, name, path):
                wrong.append("%s exports %s" % (path, name))
        elif (t.get("kind") == "variable" and not t.get("file")
              and "const" not in t.get("typeref", "")
              and not path.startswith("src/cli/cmd_")):
            wrong.append("%s: variable %s" % (path, name))
    return wrong


def exported(stem, name, path):
    """foo.c exports foo_*; a library split into several files
    (layout_put.c, sqlite_rows.c) shares its first word."""
    first = stem.split("_")[0]
    return name.startswith((stem + "_", first + "_")) or name == stem


def lengths(files):
    wrong = []
    for f in files:
        with open(os.path.join(ROOT, f), encoding="utf-8") as text:
            n = sum(1 for _ in text)
        if n > 900:
            wrong.append("%s has %d lines" % (f, n))
    return wrong


def main():
    files = sources()
    wrong = formatted(files) + facts(files) + lengths(files)
    print("\n".join(wrong))
    print("%d passed, %d failed" % (len(files), len(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
