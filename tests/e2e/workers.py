"""Two workers of every node on PostgreSQL: what goes beside each other ends
as it would in turns, and the log's lanes are sound and watched."""
import os
import subprocess
import time

import _case
import compare
import rows
from _wave import wait
from chain import Chain, run
from cluster import BIN, USER

WORKERS = 2
LANE_0 = "5458764, hashtext(concat(current_schema(), ' ', 0))"


def start(chain):
    for n in chain.nodes:
        n.start(wait=False, more=("--work", str(WORKERS), "--gate", "2"))
    for n in chain.nodes:
        n.wait_ready()


def all_of(node, sql, *parameters):
    db = rows.connect(node.path)
    try:
        return db.execute(sql, parameters).fetchall()
    finally:
        db.close()


def sound(cases, chain):
    c = compare.compare_chain(chain)
    for name in ("lost", "duplicated", "pending"):
        cases.check(name, getattr(c, name) == 0, getattr(c, name))
    for n in chain.nodes:
        for words in (("reconcile",), ("audit", "verify")):
            p = run(*words, n.path, ok=None)
            cases.check(" ".join((*words, n.name)), p.returncode == 0,
                        p.stdout + p.stderr)


def numbers(cases, chain):
    """max() + 1 by two at once: from 1 on, none twice, none left out."""
    found = {}
    for institution, no in all_of(
            chain.unit, "SELECT institution, no FROM file"):
        found.setdefault(institution, []).append(no)
    cases.check("files of each institution", len(found) ==
                chain.institutions, found)
    for institution, nos in found.items():
        cases.check("numbers of the files of " + institution, sorted(nos) ==
                    list(range(1, len(nos) + 1)), sorted(nos))
    db = all_of(chain.ward, "SELECT coalesce(sum(n), 0) FROM file_tally")
    counted = all_of(chain.ward, "SELECT count(*) FROM outcome")
    cases.check("tallies", db[0][0] == counted[0][0], (db, counted))


def lanes(cases, chain):
    """Several were used; what is done to one is found in it."""
    used = {n.name: [lane for lane, in all_of(
        n, "SELECT DISTINCT lane FROM log ORDER BY lane")]
        for n in chain.nodes}
    cases.check("lanes", all(u and u[0] == 0 and u[-1] < 16
                             for u in used.values()), used)
    busy = chain.ward
    cases.check("several lanes", len(used[busy.name]) > 1, used)
    for lane in used[busy.name]:
        where = " WHERE lane = %d AND seq = 1" % lane
        change = "UPDATE log SET records = records + %d" + where
        chain.cluster.sql(change % 1, busy.name)
        p = run("audit", "verify", busy.path, ok=None)
        cases.check("a change in lane %d is found" % lane,
                    p.returncode != 0 and "%d/1" % lane in
                    p.stdout + p.stderr, p.stdout + p.stderr)
        chain.cluster.sql(change % -1, busy.name)
    p = run("audit", "verify", busy.path, ok=None)
    cases.check("and nothing else", p.returncode == 0, p.stdout + p.stderr)
    tampered(cases, chain, busy, used[busy.name])


# Of one lane L: what a person with the server's password might do.
TAMPERED = (
    ("removed", "DELETE FROM log WHERE lane = {L} AND seq = 2"),
    ("inserted", "INSERT INTO log SELECT lane, (SELECT max(seq) + 1 FROM log "
     "WHERE lane = {L}), at_us, actor, action, records, object, hash FROM log "
     "WHERE lane = {L} AND seq = 2"),
    ("reordered", "UPDATE log SET seq = -2 WHERE lane = {L} AND seq = 2; "
     "UPDATE log SET seq = 2 WHERE lane = {L} AND seq = 3; "
     "UPDATE log SET seq = 3 WHERE lane = {L} AND seq = -2"),
    ("cut off at the end", "DELETE FROM log WHERE lane = {L} AND seq > 1"),
    ("cut off whole", "DELETE FROM log WHERE lane = {L}"))


def tampered(cases, chain, node, lanes_used):
    """In each lane of at least three entries, all that can be done to one is
    found; put back as it was, the log is sound."""
    sql = chain.cluster.sql
    sql("CREATE TABLE kept AS SELECT * FROM log", node.name)
    long = [lane for lane in lanes_used if int(sql(
        "SELECT count(*) FROM log WHERE lane = %d" % lane, node.name)) > 2]
    cases.check("lanes of three entries", len(long) > 1, long)
    for lane in long:
        for name, text in TAMPERED:
            sql(text.format(L=lane), node.name)
            p = run("audit", "verify", node.path, ok=None)
            cases.check("lane %d: %s is found" % (lane, name),
                        p.returncode == 1, p.stdout + p.stderr)
            sql("DELETE FROM log; INSERT INTO log SELECT * FROM kept",
                node.name)
    p = run("audit", "verify", node.path, ok=None)
    cases.check("put back: sound", p.returncode == 0, p.stdout + p.stderr)


def second_lane(chain):
    """Whoever finds the first lane taken writes into the next: entries of
    the ward while somebody holds it."""
    c = chain.cluster
    hold = subprocess.Popen(
        [os.path.join(BIN, "psql"), "-X", "-q", "-A", "-t", "-h", c.folder,
         "-p", str(c.port), "-U", USER, "-d", chain.ward.name], text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    hold.stdin.write("BEGIN; SELECT 'held' FROM (SELECT pg_advisory_xact_lock("
                     "%s)) AS l;\n" % LANE_0)
    hold.stdin.flush()
    hold.stdout.readline()
    for i in range(3):
        run("user", "add", chain.ward.path, "second%d" % i, "--role",
            "auditor")
    hold.stdin.close()
    hold.wait(20)
    hold.stdout.close()


def knotted(node, since_us):
    """Where there are several lanes: has a knot been tied since?"""
    return all_of(node, "SELECT (SELECT count(DISTINCT lane) FROM log) = 1 OR "
                  "EXISTS (SELECT 1 FROM knot WHERE at_us > ? AND signer = "
                  "(SELECT value FROM fact WHERE name = 'code'))",
                  since_us)[0][0]


def body(cases):
    folder = _case.folder("workers")
    chain = Chain(folder, subjects=3000, institutions=4, seed=11,
                  customers=2000, db="postgresql")
    try:
        chain.make_synth()
        chain.make_nodes()
        chain.import_banks()
        start(chain)
        chain.import_subjects()
        chain.ask()
        chain.finish(timeout=300)
        second_lane(chain)
        ended_us = int(time.time() * 1000000)
        wait("knots of all that was done", lambda: all(
            knotted(n, ended_us) for n in chain.nodes), 240)
        chain.stop()
        sound(cases, chain)
        numbers(cases, chain)
        lanes(cases, chain)
    finally:
        chain.stop()
        if chain.cluster is not None:
            chain.cluster.remove()
        _case.remove(folder)


_case.main(body)
