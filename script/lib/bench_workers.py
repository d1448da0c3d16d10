"""bench_workers.py — a unit on PostgreSQL with one worker and with two: what
it converts and what it cleanses, each worker and its backend on one core."""
import os
import re
import signal
import subprocess
import time

from bench_probe import file_system, fsyncs, refuses, settings_of, tell
from chain import Chain, note
import rows

NAMES = ("unit.workers",)
MANY = 999  # files in flight: no bank is there to take any
# Nor may 20,000 inquiries of an institution be in flight, whatever the number
# of files (unit_convert.c): with more the conversion would wait for the banks.
MOST_SUBJECTS = 19000
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")

CONVERTED = ("SELECT (SELECT count(*) FROM task WHERE state = 0), "
             "(SELECT coalesce(sum(records), 0) FROM file), "
             "(SELECT count(*) FROM inbox WHERE state = 0)")
CLEANSED = ("SELECT (SELECT count(*) FROM inbox WHERE state = 0), "
            "(SELECT count(*) FROM outcome)")


def ask(chain, database, sql):
    return [int(v) for v in
            chain.cluster.sql(sql, database).strip().split("|")]


def wait_until(what, good, timeout=300, pause=0.2):
    deadline = time.time() + timeout
    while not good():
        if time.time() > deadline:
            raise RuntimeError("unit.workers: %s did not come" % what)
        time.sleep(pause)


# --- a unit with all its work before it ---

def waiting(chain):
    return ask(chain, "unit", "SELECT count(*), 0 FROM inbox "
               "WHERE state = 0")[0]


def signal_work(nodes, what):
    """SIGSTOP: they receive, and do nothing."""
    for n in nodes:
        work = n.children().get("work")
        if work is not None:
            os.kill(work, what)


def end(chain):
    """A worker that is stopped does not hear that it should end."""
    signal_work([chain.unit, *chain.banks], signal.SIGCONT)
    chain.stop()


def keep(chain, name):
    chain.cluster.sql('CREATE DATABASE "%s" TEMPLATE unit' % name)


def fill(chain):
    """The databases "asked" and "answered": all subjects, then all answers
    in the unit's inbox. True figures need what a wave really is."""
    path = os.path.join(chain.unit.path, "node.yaml")
    with open(path, encoding="utf-8") as f:
        kept = [line for line in f if not line.startswith("window:")]
    with open(path, "w", encoding="utf-8") as f:
        f.writelines(kept + ["window: %d\n" % MANY])
    chain.start()
    signal_work([chain.unit], signal.SIGSTOP)
    chain.import_subjects()
    chain.ask()
    parts = -(-chain.subjects // 5000)
    wait_until("the subjects", lambda: waiting(chain) >= parts)
    # Killed: it must not begin now.
    signal_work([chain.unit], signal.SIGKILL)
    chain.stop()
    keep(chain, "asked")
    chain.start()
    signal_work(chain.banks, signal.SIGSTOP)
    wait_until("the conversion", lambda: chain.check() >= 0 and ask(
        chain, "unit", CONVERTED)[0] == 0 and ask(
            chain, "unit", CONVERTED)[1] > 0)
    wait_until("the delivery", lambda: chain.check() >= 0 and ask(
        chain, "unit", "SELECT count(*), 0 FROM outbox o JOIN message m "
        "ON m.id = o.id WHERE o.state = 0 AND m.kind = 'request-file'")[
            0] == 0)
    signal_work([chain.unit], signal.SIGSTOP)
    signal_work(chain.banks, signal.SIGCONT)
    seen = [-1, time.time()]

    def all_there():
        chain.check()
        now = waiting(chain)
        if now != seen[0]:
            seen[:] = [now, time.time()]
        return now > 0 and time.time() - seen[1] > 8
    wait_until("the answers", all_there)
    signal_work([chain.unit], signal.SIGKILL)
    chain.stop()
    keep(chain, "answered")


# --- the workers ---

def backend_of(pid):
    """The server's process at the other end of its socket."""
    out = subprocess.run(["ss", "-x", "-p", "-n"], stdout=subprocess.PIPE,
                         text=True, check=True).stdout
    ends = {}
    for line in out.splitlines():
        m = re.search(r"(\d+)\s+\S+\s+(\d+)\s+users:\(\((.*)\)\)", line)
        if m:
            owners = re.findall(r"pid=(\d+)", m.group(3))
            ends[m.group(1)] = (m.group(2), [int(o) for o in owners])
    for peer, owners in ends.values():
        if pid in owners and peer in ends:
            for other in ends[peer][1]:
                with open("/proc/%d/comm" % other) as f:
                    if f.read().startswith("postgres"):
                        return other
    return None


def pin(node, count):
    """Worker k and its backend on core k; none is left out."""
    cores = sorted(os.sched_getaffinity(0))
    pairs = []
    deadline = time.time() + 10
    while len(pairs) < count:
        pids = node.of_kind("work")
        pairs = [(p, backend_of(p)) for p in pids]
        pairs = [p for p in pairs if p[1] is not None]
        if time.time() > deadline:
            raise RuntimeError("unit.workers: a worker has no backend")
    for k, pair in enumerate(pairs):
        for pid in pair:
            os.sched_setaffinity(pid, {cores[k]})
    return pairs


def cpu_s(pairs):
    tick = os.sysconf("SC_CLK_TCK")
    total = [0.0, 0.0]
    for pair in pairs:
        for i, pid in enumerate(pair):
            with open("/proc/%d/stat" % pid) as f:
                t = f.read().rsplit(")", 1)[1].split()
            total[i] += (int(t[11]) + int(t[12])) / tick
    return total


def run_workers(unit, count, database, sql, done):
    """Seconds from when every worker and its backend has its core until all
    is done, rows made in them, CPU of the workers and of their backends."""
    unit.start(more=("--work", str(count)))
    pairs = pin(unit, count)
    begun, before, used = time.time(), database.execute(sql)[0], cpu_s(pairs)
    wait_until("the end", lambda: done(database.execute(sql)[0]), pause=0.1)
    seconds = time.time() - begun
    cpu = [now - was for now, was in zip(cpu_s(pairs), used)]
    return seconds, database.execute(sql)[0][1] - before[1], cpu


def measure(chain, count, template, sql, done):
    """The same of a copy of the database, and the lanes that were used."""
    unit = chain.unit
    name = "%s-%d" % (template, count)
    chain.cluster.sql('CREATE DATABASE "%s" TEMPLATE "%s"' % (
        name, template))
    path = os.path.join(unit.path, "node.yaml")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace(unit.db, chain.cluster.url(name)))
    chain.cluster.sql("CHECKPOINT")
    database = rows.Postgres(chain.cluster.url(name))
    try:
        seconds, made, cpu = run_workers(unit, count, database, sql, done)
    finally:
        database.close()
        unit.stop()
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
    lanes = ask(chain, name, "SELECT count(DISTINCT lane), 0 FROM log")[0]
    chain.cluster.sql('DROP DATABASE "%s"' % name)
    return {"seconds": round(seconds, 2), "inquiries": made,
            "rate": int(made / seconds), "lanes": lanes,
            "worker_us": round(cpu[0] * 1e6 / made, 2),
            "backend_us": round(cpu[1] * 1e6 / made, 2)}


def both(chain, count):
    """What one inquiry takes, converted and its answer cleansed."""
    converted = measure(chain, count, "asked", CONVERTED,
                        lambda v: v[0] == 0 and v[1] > 0 and v[2] == 0)
    cleansed = measure(chain, count, "answered", CLEANSED,
                       lambda v: v[0] == 0)
    note("unit.workers: %d: %s %s" % (count, converted, cleansed))
    return {"converted": converted, "cleansed": cleansed,
            "rate": int(1 / (1 / converted["rate"] + 1 / cleansed["rate"]))}


def bench(name, o, folder):
    if refuses(folder):
        return False
    counts = [int(n) for n in (o.workers or "1,2").split(",")]
    subjects = min(o.subjects, MOST_SUBJECTS)
    chain = Chain(os.path.join(folder, "chain"), subjects, o.institutions,
                  o.seed, customers=2000, say=note, db="postgresql")
    try:
        chain.make_synth()
        chain.make_nodes()
        for setting in DURABLE:
            if chain.cluster.sql("SHOW " + setting).strip() != "on":
                note("unit.workers: %s is not on: refused" % setting)
                return False
        chain.import_banks()
        settings = settings_of(chain.unit)
        fill(chain)
        rates = {n: both(chain, n) for n in counts}
    finally:
        end(chain)
        if chain.cluster is not None:
            chain.cluster.remove()
    one, most = rates[counts[0]]["rate"], rates[counts[-1]]["rate"]
    ratio = round(most / one, 3)
    return tell({
        "name": name, "value": ratio, "unit": "ratio", "need": 1.6,
        "ok": ratio >= 1.6 and one >= 10000,
        "params": {"workers": counts, "rates": rates, "need_at_one": 10000,
                   "subjects": subjects, "institutions": o.institutions,
                   "cores": len(os.sched_getaffinity(0)),
                   "settings": settings, "fs": file_system(folder),
                   "fsyncs_per_s": fsyncs(folder)}})
