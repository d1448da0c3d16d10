"""bench_exchange.py — messages from one node's outbox to another's disk,
counted when the sender has verified and kept the receipt."""
import json
import os
import resource
import subprocess
import time

from bench_probe import file_system, fsyncs, refuses, settings_of, tell
from chain import BUILD, KINDS, Node, run
import compare

NAMES = ("exchange",)
MESSAGES = 20000


def pair(folder):
    """A bank that sends and a hub that receives: its gate alone, for what
    is sent is nothing that a party could do."""
    ca = os.path.join(folder, "ca")
    run("ca", "init", ca)
    bank = Node(folder, "sender", "bank", "9601", "架空金融機関")
    hub = Node(folder, "receiver", "hub", "H001", "架空ハブ")
    for n in (bank, hub):
        run("node", "init", n.path, "--party", n.party, "--code", n.code,
            "--name", n.title, "--listen", "127.0.0.1:%d" % n.gate,
            "--desk", "127.0.0.1:%d" % n.desk)
        crt = os.path.join(folder, n.name + ".crt")
        run("ca", "sign", ca, os.path.join(n.path, "node.csr"), "--out", crt)
        run("node", "cert", n.path, "--cert", crt, "--ca",
            os.path.join(ca, "ca.crt"))
    for n, other in ((bank, hub), (hub, bank)):
        run("peer", "add", n.path, "--code", other.code, "--party",
            other.party, "--cert", other.certificate, "--kinds", KINDS,
            "--url", other.url)
    return bank, hub


def ask_one(node, sql):
    db = compare.connect(node.path)
    try:
        return db.execute(sql).fetchone()
    finally:
        db.close()


def children_us():
    """CPU of the processes that have ended: what made the messages."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (used.ru_utime + used.ru_stime) * 1e6


def deliver(bank, hub, tool, count):
    """Sends count messages; seconds until the last receipt is kept."""
    begun = time.time()
    filling = subprocess.Popen([tool, "fill", bank.path, hub.code,
                                str(count)], stdin=subprocess.DEVNULL)
    deadline = begun + 60 + count / 100
    done = 0
    while done < count and time.time() < deadline:
        if filling.poll() not in (None, 0):
            break
        time.sleep(0.2)
        done = ask_one(bank, "SELECT count(*) FROM outbox WHERE state = 1 "
                       "AND code = 100 AND receipt <> ''")[0]
    if filling.poll() is None:
        filling.terminate()
    filling.wait()
    last = ask_one(bank, "SELECT max(done_us) FROM outbox")[0] or 0
    return done, last / 1e6 - begun


def bench(_name, _o, folder):
    if refuses(folder):
        return False
    tool = os.path.join(BUILD, "tests", "tools", "bench_exchange")
    bank, hub = pair(folder)
    cms = json.loads(subprocess.run(
        [tool, "cms", bank.path], stdout=subprocess.PIPE, text=True,
        check=True).stdout)
    rate = fsyncs(folder)
    try:
        hub.start(more=("--work", "0", "--desk", "0"))
        bank.start()
        used = {n.party: n.usage() for n in (bank, hub)}
        making = children_us()
        done, seconds = deliver(bank, hub, tool, MESSAGES)
        making = children_us() - making
        cpu = {"%s.%s" % (n.party, kind): round(
                   (v - used[n.party].get(kind, (0, 0))[0]) / max(done, 1), 1)
               for n in (bank, hub) for kind, (v, _) in n.usage().items()}
        cpu["making"] = round(making / max(done, 1), 1)
        kept, groups = ask_one(hub, "SELECT (SELECT count(*) FROM inbox), "
                               "(SELECT count(*) FROM receipt_group)")
    finally:
        bank.stop()
        hub.stop()
    value = int(done / seconds) if seconds > 0 else 0
    return tell({
        "name": "exchange", "value": value, "unit": "messages/s",
        "need": 2000, "ok": value >= 2000 and done == kept == MESSAGES,
        "beside": "fsync", "beside_value": rate, "beside_unit": "fsyncs/s",
        "ratio": round(value / rate, 2), "cpu_us": round(
            sum(cpu.values()), 1),
        "params": {"fs": file_system(folder), "messages": done,
                   "received": kept, "bytes": 1024, "batch": round(
                       done / max(groups, 1), 1),
                   "cms_per_s": cms, "cpu_us": cpu,
                   "settings": settings_of(bank)}})
