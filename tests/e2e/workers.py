"""Two workers of every node on PostgreSQL: what goes beside each other ends
as it would in turns, and the log's lanes are sound and watched."""
import _case
import compare
import rows
from chain import Chain, run

WORKERS = 2


def start(chain):
    for n in chain.nodes:
        n.start(wait=False, more=("--work", str(WORKERS), "--gate", "2"))
    for n in chain.nodes:
        n.wait_ready()


def all_of(node, sql):
    db = rows.connect(node.path)
    try:
        return db.execute(sql).fetchall()
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
    busy = max(chain.nodes, key=lambda n: len(used[n.name]))
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
