"""A library includes only what stands before it (docs/DESIGN.md §3); only
the drivers see their databases; text, record, layout and match do no I/O."""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BELOW = {
    "base": set(),
    "text": {"base"},
    "codes": {"base", "text"},
    "record": {"base", "text", "codes"},
    "layout": {"base", "text", "codes", "record"},
    "match": {"base", "text", "codes", "record"},
    "synth": {"base", "text", "codes", "record"},
    "store": {"base", "text", "codes", "record"},
    "audit": {"base", "text", "codes", "record", "store"},
    "exchange": {"base", "text", "codes", "record", "store", "audit"},
    "parties": {"base", "text", "codes", "record", "layout", "match",
                "store", "audit", "exchange"},
    "api": {"base", "text", "codes", "record", "layout", "match", "store",
            "audit", "exchange", "parties"},
    "cli": {"base", "text", "codes", "record", "layout", "match", "synth",
            "store", "audit", "exchange", "parties", "api"},
}
IO = re.compile(r"<(fcntl|unistd|sys/socket|dirent|sys/stat|poll)\.h>")
PURE = ("text", "layout", "match")


def main():
    passed, wrong = 0, []
    for folder, _, names in os.walk(os.path.join(ROOT, "src")):
        for name in names:
            if not name.endswith((".c", ".h")):
                continue
            path = os.path.join(folder, name)
            where = os.path.relpath(path, os.path.join(ROOT, "src"))
            lib = where.split(os.sep)[0]
            with open(path, encoding="utf-8") as f:
                text = f.read()
            bad = []
            for used in re.findall(r'#include "([a-z0-9_]+)/', text):
                if used != lib and used not in BELOW[lib]:
                    bad.append("includes %s/" % used)
            if "<sqlite3.h>" in text and "store/sqlite/" not in where:
                bad.append("sees sqlite3.h")
            if "libpq-fe.h" in text and "store/postgres/" not in where:
                bad.append("sees libpq-fe.h")
            if lib in PURE and IO.search(text):
                bad.append("does I/O")
            if bad:
                wrong.append("%s: %s" % (where, ", ".join(bad)))
            else:
                passed += 1
    print("\n".join(wrong))
    print("%d passed, %d failed" % (passed, len(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
