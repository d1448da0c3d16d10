"""bench.py — the figures of docs/interface.md §7 that are built by now."""
import argparse
import shutil
import sys
import tempfile

import bench_chain
import bench_exchange
import bench_layout
import bench_pages
import bench_text
import bench_workers

# Each has NAMES and bench(name, options, folder), true if all is well.
MODULES = (bench_chain, bench_exchange, bench_layout, bench_pages,
           bench_text, bench_workers)
NAMES = tuple(n for m in MODULES for n in m.NAMES)


def main():
    a = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    a.add_argument("name", nargs="*")
    a.add_argument("--list", action="store_true")
    a.add_argument("--db", choices=("sqlite", "postgresql"),
                   default="sqlite")
    a.add_argument("--subjects", type=int)
    a.add_argument("--institutions", type=int, default=20)
    a.add_argument("--workers", help="of unit.workers, as in 1,2")
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--dir", default="/var/tmp")
    a.add_argument("--rounds", type=int, default=40,
                   help="of pages: how often each call is made [40]")
    a.add_argument("--keep", metavar="DIR",
                   help="of pages: the filled nodes stay there, and are "
                        "found there the next time")
    o = a.parse_args()
    if o.list:
        print("\n".join(NAMES))
        return 0
    if any(n not in NAMES for n in o.name):
        a.exit(2, "script/bench: built by now: %s\n" % ", ".join(NAMES))
    both = ("chain", "unit.workers")
    if o.db != "sqlite" and any(n not in both for n in o.name):
        a.exit(2, "script/bench: built by now on postgresql: %s\n" %
               ", ".join(both))
    o.layout_subjects = o.subjects or 1000000
    o.pages_subjects = o.subjects or 227500
    o.subjects = o.subjects or 45500
    # A list, not a generator: each is measured whatever the others say.
    return 0 if all([bench_one(n, o) for n in o.name or ["chain"]]) else 1


def bench_one(name, o):
    folder = tempfile.mkdtemp(prefix="shokai-bench-", dir=o.dir)
    try:
        for m in MODULES:
            if name in m.NAMES:
                return m.bench(name, o, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
