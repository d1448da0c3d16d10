"""The other compiler reads every file with the build's own warnings, and has
nothing to object: clang sees what gcc does not."""
import concurrent.futures
import json
import os
import shlex
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("SHOKAI_BUILD", os.path.join(ROOT, "build"))


def words(entry):
    """The compiler's arguments without its name, output and dependencies."""
    found = []
    given = iter(shlex.split(entry["command"]))
    for word in given:
        if word in ("-o", "-MF", "-MQ"):
            next(given)
        elif word.startswith("-") and word not in ("-c", "-MD"):
            found.append(word)
    return found


def objects(entry):
    p = subprocess.run(
        ["clang", "-fsyntax-only", "-Wno-unknown-warning-option",
         *words(entry), entry["file"]], cwd=entry["directory"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return p.stdout if p.returncode else ""


def main():
    with open(os.path.join(BUILD, "compile_commands.json"),
              encoding="utf-8") as f:
        entries = {e["file"]: e for e in json.load(f)
                   if e["file"].endswith(".c")}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        wrong = [text for text in pool.map(objects, entries.values()) if text]
    for text in wrong:
        print(text)
    print("%d passed, %d failed" % (len(entries) - len(wrong), len(wrong)))
    return 1 if wrong or not entries else 0


sys.exit(main())
