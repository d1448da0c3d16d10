"""bench.py — the figures of docs/interface.md §7 that are built by now."""
import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

from chain import BUILD, Chain, note, run
import compare

NAMES = ("chain",)


def file_system(folder):
    out = subprocess.run(["stat", "-f", "-c", "%T", folder],
                         stdout=subprocess.PIPE, text=True, check=True)
    return out.stdout.strip()


def fsyncs(folder):
    """4 KiB writes with fsync in one second."""
    path = os.path.join(folder, "fsync.probe")
    fd = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    n, until = 0, time.time() + 1
    while time.time() < until:
        os.pwrite(fd, b"x" * 4096, 0)
        os.fsync(fd)
        n += 1
    os.close(fd)
    os.unlink(path)
    return n


def bare_inserts(folder, rows=300000):
    """SQLite's own insert rate in the same run: prepared, one transaction."""
    import sqlite3
    path = os.path.join(folder, "insert.probe")
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE t (a TEXT, b TEXT, c INTEGER, d TEXT, e BLOB, "
               "PRIMARY KEY (a, b)) WITHOUT ROWID")
    begun = time.time()
    db.execute("BEGIN IMMEDIATE")
    db.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", (
        ("131041", "2T4H00100%07d" % i, 1, "131041-001-9601-0001",
         b"0123456789abcdef") for i in range(rows)))
    db.execute("COMMIT")
    rate = int(rows / (time.time() - begun))
    db.close()
    os.unlink(path)
    return rate


def commands_cpu_us():
    """CPU of all commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return int((used.ru_utime + used.ru_stime) * 1e6)


def cpu_us(chain):
    """CPU until now of all processes: commands, and what serves."""
    return commands_cpu_us() + sum(
        cpu for n in chain.nodes for cpu, _ in n.usage().values())


def peaks(chain):
    """The largest VmHWM in KiB of each kind of process, by party, and of
    the commands that have ended (imports, the officers' own)."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = {"commands": used.ru_maxrss}
    for n in chain.nodes:
        for kind, (_, peak) in n.usage().items():
            name = "%s.%s" % (n.party, kind)
            found[name] = max(found.get(name, 0), peak)
    return found


def settings(chain):
    """As the nodes themselves read them back."""
    status = json.loads(run("status", chain.ward.path, "--json",
                            ok=None).stdout)
    return status["db"].get("settings")


def sent_bytes(chain):
    """Of all messages that a next hop has confirmed."""
    total = 0
    for n in chain.nodes:
        db = compare.connect(n.path)
        total += db.execute(
            "SELECT coalesce(sum(length(m.header) + "
            "coalesce(length(m.payload), 0)), 0) FROM outbox AS o "
            "JOIN message AS m ON m.id = o.id WHERE o.state = 1"
        ).fetchone()[0]
        db.close()
    return total


def bench_chain(o, folder):
    fs = file_system(folder)
    if fs == "tmpfs":
        note("bench: %s is on tmpfs: refused" % folder)
        return False
    chain = Chain(os.path.join(folder, "chain"), o.subjects, o.institutions,
                  o.seed, say=note)
    chain.look_s = 3.0  # nobody watches: it only has to end
    try:
        chain.make_synth()
        chain.make_nodes()
        chain.import_banks()
        probes = {"fs": fs, "fsyncs_per_s": fsyncs(folder)}
        beside = bare_inserts(folder)
        chain.start()
        began_us = cpu_us(chain)
        chain.import_subjects()
        chain.ask()
        chain.finish(timeout=1800)
        used_us = cpu_us(chain) - began_us
        peak = peaks(chain)
        probes["settings"] = settings(chain)
        chain.stop()
        probes["bytes_sent"] = sent_bytes(chain)
        c = compare.compare_chain(chain)
    finally:
        chain.stop()
    seconds = c.last_us / 1e6 - chain.first_byte
    value = int(c.inquiries / seconds)
    ok = value >= 30000 and c.lost == c.duplicated == c.pending == 0
    line = {"name": "chain", "value": value, "unit": "inquiries/s",
            "need": 30000, "ok": ok, "beside": "sqlite-insert",
            "beside_value": beside, "beside_unit": "rows/s",
            "ratio": round(value / beside, 4),
            "cpu_us": round(used_us / c.inquiries, 2),
            "peak_rss_kib": max(peak.values()),
            "params": dict(probes, subjects=o.subjects,
                           institutions=o.institutions, lost=c.lost,
                           duplicated=c.duplicated, pending=c.pending,
                           accounts=c.accounts, found=c.found,
                           transactions=c.transactions, peaks=peak)}
    print(json.dumps(line, ensure_ascii=False), flush=True)
    os.makedirs(os.path.join(BUILD, "bench"), exist_ok=True)
    with open(os.path.join(BUILD, "bench", "chain.jsonl"), "a") as f:
        f.write(json.dumps(line, ensure_ascii=False) + "\n")
    return ok


def main():
    a = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    a.add_argument("name", nargs="*")
    a.add_argument("--list", action="store_true")
    a.add_argument("--db", choices=("sqlite", "postgresql"),
                   default="sqlite")
    a.add_argument("--subjects", type=int, default=45500)
    a.add_argument("--institutions", type=int, default=20)
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--dir", default="/var/tmp")
    o = a.parse_args()
    if o.list:
        print("\n".join(NAMES))
        return 0
    if o.db != "sqlite" or any(n not in NAMES for n in o.name):
        a.exit(2, "script/bench: built by now: %s, sqlite\n" % ", ".join(
            NAMES))
    folder = tempfile.mkdtemp(prefix="shokai-bench-", dir=o.dir)
    try:
        return 0 if bench_chain(o, folder) else 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
