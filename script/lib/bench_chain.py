"""bench_chain.py — a wave through the whole chain, a node and processes per
party: its rate, what it costs as it grows, and what memory it takes."""
import os
import resource
import shutil
import time

from bench_probe import file_system, fsyncs, refuses, settings_of, tell
from chain import Chain, note
from cluster import Cluster
import compare

NAMES = ("chain", "chain.cost", "chain.rss")

# A server that a machine is there for (docs/operations.md §15): the tests' own
# has the server's default, and every page of a larger database is read from
# the kernel again. Nothing that a commit stands on is touched.
SERVER = {"shared_buffers": "4GB", "max_wal_size": "8GB",
          "checkpoint_timeout": "15min"}
SHOWN = ("fsync", "synchronous_commit", "full_page_writes", "wal_level",
         "wal_compression", "autovacuum", *SERVER)


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


def cpu_by_process(chain):
    """{party.kind: CPU µs until now}, the commands that have ended too."""
    found = {"commands": commands_cpu_us()}
    for n in chain.nodes:
        for kind, (cpu, _) in n.usage().items():
            name = "%s.%s" % (n.party, kind)
            found[name] = found.get(name, 0) + cpu
    return found


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


def prepared(o, folder):
    """Nodes with keys, peers, layouts and the banks' customers."""
    chain = Chain(os.path.join(folder, "chain"), o.subjects, o.institutions,
                  o.seed, say=note, db=o.db, cluster=(
                      None if o.db == "sqlite" else Cluster(SERVER)))
    chain.look_s = 3.0  # nobody watches: it only has to end
    chain.check_s = 1.0
    chain.make_synth()
    chain.make_nodes()
    chain.import_banks()
    return chain


def tenth_of(chain, folder):
    """The same nodes, before anything was asked, and the first tenth of the
    persons: the same banks answer them."""
    shutil.copytree(chain.folder, folder)
    tenth = Chain(folder, max(chain.subjects // 10, 1), chain.institutions,
                  chain.seed, say=note)
    tenth.look_s = chain.look_s
    tenth.check_s = chain.check_s
    for n, like in zip(tenth.nodes, chain.nodes):
        n.gate, n.desk = like.gate, like.desk
    path = os.path.join(tenth.synth, "ward", "subjects.csv")
    with open(path, encoding="utf-8", newline="") as f:
        rows = f.readlines()
    column = rows[0].rstrip("\r\n").split(",").index("宛名番号")
    persons = set()
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write(rows[0])
        for row in rows[1:]:
            person = row.split(",")[column]
            if person in persons or len(persons) < tenth.subjects:
                persons.add(person)
                f.write(row)
    return tenth


def run_chain(chain):
    """One wave; CPU before and after it, and peaks, by kind of process;
    settings."""
    try:
        chain.start()
        before = cpu_by_process(chain)
        chain.import_subjects()
        chain.ask()
        chain.finish(timeout=3600)
        after = cpu_by_process(chain)
        return before, after, peaks(chain), settings_of(chain.ward)
    finally:
        chain.stop()


def figures(chain, ran):
    """From the first byte to the last answer, from every node's rows. Done
    when all has run: a command's peak counts the memory of who starts it,
    and comparing takes some."""
    before, after, peak, read_back = ran
    c = compare.compare_chain(chain)
    n = c.inquiries
    cpu = {k: round((v - before.get(k, 0)) / n, 2) for k, v in after.items()}
    return {"seconds": c.last_us / 1e6 - chain.first_byte, "inquiries": n,
            "good": c.lost == c.duplicated == c.pending == 0,
            "cpu_us": round(sum(cpu.values()), 2), "cpu": cpu,
            "peaks": peak, "peak": max(peak.values()),
            "params": {"settings": read_back, "subjects": chain.subjects,
                       "institutions": chain.institutions,
                       "bytes_sent": sent_bytes(chain), "lost": c.lost,
                       "duplicated": c.duplicated, "pending": c.pending,
                       "accounts": c.accounts, "found": c.found,
                       "transactions": c.transactions}}


def tell_chain(whole, probes, beside, db):
    value = int(whole["inquiries"] / whole["seconds"])
    need = 30000 if db == "sqlite" else 15000
    return tell({
        "name": "chain", "value": value, "unit": "inquiries/s",
        "need": need, "ok": value >= need and whole["good"],
        "beside": "sqlite-insert" if db == "sqlite" else "postgresql-copy",
        "beside_value": beside,
        "beside_unit": "rows/s", "ratio": round(value / beside, 4),
        "cpu_us": whole["cpu_us"], "peak_rss_kib": whole["peak"],
        "params": dict(probes, **whole["params"], cpu_us=whole["cpu"],
                       peaks=whole["peaks"])})


def tell_cost(whole, tenth):
    ratio = round(whole["cpu_us"] / tenth["cpu_us"], 3)
    return tell({
        "name": "chain.cost", "value": ratio, "unit": "ratio", "need": 1.2,
        "ok": ratio <= 1.2 and whole["good"] and tenth["good"],
        "cpu_us": whole["cpu_us"], "params": {
            "cpu_us": [tenth["cpu_us"], whole["cpu_us"]],
            "inquiries": [tenth["inquiries"], whole["inquiries"]],
            "by_process": [tenth["cpu"], whole["cpu"]]}})


def tell_rss(whole, tenth):
    value = max(whole["peak"], tenth["peak"])
    return tell({
        "name": "chain.rss", "value": value, "unit": "KiB", "need": 131072,
        "ok": value <= 131072 and whole["good"] and tenth["good"],
        "peak_rss_kib": value, "params": {
            "inquiries": [tenth["inquiries"], whole["inquiries"]],
            "peaks": [tenth["peaks"], whole["peaks"]]}})


def bench(name, o, folder):
    """All that was asked for of NAMES, with the first of them."""
    names = [n for n in o.name or NAMES[:1] if n in NAMES]
    if name != names[0]:
        return True
    if refuses(folder):
        return False
    chain = prepared(o, folder)
    try:
        return bench_all(names, o, folder, chain)
    finally:
        if chain.cluster is not None:
            chain.cluster.remove()


def settled(cluster):
    """The server's settings, read back. What preparing has left in its memory
    is written before the wave begins, as in production it has been."""
    if cluster is None:
        return {}
    cluster.sql("CHECKPOINT")
    return {"server": {name: cluster.sql("SHOW " + name).strip()
                       for name in SHOWN}}


def bench_all(names, o, folder, chain):
    small = None
    if names != ["chain"]:
        small = tenth_of(chain, os.path.join(folder, "tenth"))
        small_ran = run_chain(small)
    probes = {"fs": file_system(folder), "fsyncs_per_s": fsyncs(folder)}
    beside = (bare_inserts(folder) if o.db == "sqlite" else
              chain.cluster.copy_rate(o.subjects * o.institutions))
    probes.update(settled(chain.cluster))
    ran = run_chain(chain)
    whole = figures(chain, ran)
    tenth = figures(small, small_ran) if small is not None else None
    told = []
    if "chain" in names:
        told.append(tell_chain(whole, probes, beside, o.db))
    if "chain.cost" in names:
        told.append(tell_cost(whole, tenth))
    if "chain.rss" in names:
        told.append(tell_rss(whole, tenth))
    return all(told)
