"""A wave whose time is over is deleted at every party by one command: not
before, not the newest, only by an administrator; each deletion stands in the
linked log with the number of its rows, the other wave is untouched, and the
books still agree."""
import json

import _bad
import _case
import compare
import rows
from chain import AUTHORITY, Chain, run

KEPT = {  # of a wave, at whom, by its number or its files
    "ward": ("wave_claim", "wave_subject", "wave_institution", "wave",
             "file", "check_file", "step"),
    "unit": ("snapshot", "unit_wave", "unit_part", "file", "task", "step"),
    "hub": ("hub_file", "step"),
    "bank": ("bank_file", "step"),
}
INQUIRIES = {"ward": ("outcome",), "unit": ("outcome",), "bank": ("lookup",)}


def ask(node, sql):
    db = rows.connect(node.path)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def left(node, wave):
    """Rows of a wave, in all of its tables."""
    n = 0
    for table in KEPT[node.party]:
        n += ask(node, "SELECT count(*) FROM %s WHERE wave = %d"
                 % (table, wave))[0][0]
    for table in INQUIRIES.get(node.party, ()):
        n += ask(node, "SELECT count(*) FROM %s WHERE substr(inquiry, 5, 3) "
                 "= '00%d'" % (table, wave))[0][0]
    return n


def drop(node, wave, who="admin1", reason="保存期間の満了"):
    args = ["wave", "drop", node.path, wave, "--as", who]
    if node.party != "ward":
        args += ["--authority", AUTHORITY]
    if reason:
        args += ["--reason", reason]
    return run(*args, "--json", ok=None)


def refused(cases, name, p, code, exits):
    lines = _bad.refusals(p.stderr.encode())
    cases.check(name, p.returncode == exits and len(lines) == 1
                and lines[0]["code"] == code, (p.returncode, p.stderr))


def refusals(cases, chain):
    ward = chain.ward
    refused(cases, "the newest", drop(ward, "002"), "wave.open", 4)
    for node in (chain.unit, chain.hub_direct):
        refused(cases, "with something pending at " + node.name,
                drop(node, "002"), "wave.open", 4)
    refused(cases, "no such wave", drop(ward, "00Z"), "wave.unknown", 3)
    refused(cases, "no such wave at the unit", drop(chain.unit, "00Z"),
            "wave.unknown", 3)
    refused(cases, "no reason", drop(ward, "001", reason=""), "wave.reason",
            3)
    refused(cases, "an officer", drop(ward, "001", who="officer1"),
            "user.role", 4)
    cases.check("nothing is gone", all(left(n, 1) for n in chain.nodes))


def logged(cases, node, deleted):
    found = ask(node, "SELECT l.records, o.purpose FROM log AS l JOIN "
                "log_object AS o ON o.lane = l.lane AND o.seq = l.seq WHERE "
                "l.action = 'delete' AND o.kind = 'wave' AND o.object = '001' "
                "AND l.actor = 'admin1'")
    cases.check("logged at " + node.name, sum(r[0] for r in found) == deleted
                and all(r[1] == "保存期間の満了" for r in found),
                (found, deleted))
    for words in (("audit", "verify"), ("reconcile",)):
        p = run(*words, node.path, ok=None)
        cases.check(" ".join((*words, node.name)), p.returncode == 0,
                    p.stdout[-300:] + p.stderr[-300:])


def closed(chain):
    return chain.check() >= 0 and chain.show()["state"] == "closed"


def drops(cases, chain):
    for node in chain.nodes:
        others = left(node, 2)
        p = drop(node, "001")
        deleted = json.loads(p.stdout)["rows"] if p.returncode == 0 else -1
        cases.check("dropped at " + node.name, p.returncode == 0
                    and deleted > 0 and left(node, 1) == 0, p)
        # It goes on meanwhile: rows come, none goes.
        cases.check("the other wave stays at " + node.name,
                    left(node, 2) >= others, (left(node, 2), others))
        logged(cases, node, deleted)
        refused(cases, "dropped again at " + node.name, drop(node, "001"),
                "wave.unknown", 3)


def body(cases):
    folder = _case.folder("drops")
    chain = Chain(folder, subjects=150, institutions=2, customers=300)
    try:
        chain.make_synth()
        chain.make_nodes()
        for n in chain.nodes:
            run("user", "add", n.path, "admin1", "--role", "admin")
        chain.import_banks()
        chain.start()
        chain.import_subjects()
        chain.ask()
        chain.finish(timeout=120)
        cases.check("the first is closed", _bad.until(lambda: closed(chain)))
        # The second stops at the officer's check and at a bank that is away.
        chain.banks[0].stop()
        chain.ask()
        cases.check("the second is under way", _bad.until(
            lambda: all(left(n, 2) for n in (chain.unit, chain.hub_direct))))
        refusals(cases, chain)
        drops(cases, chain)
        chain.banks[0].start()
        chain.finish(timeout=120)
        c = compare.compare_chain(chain)
        cases.check("the second goes on to its end",
                    (c.lost, c.duplicated, c.pending) == (0, 0, 0), vars(c))
    finally:
        chain.stop()
        if chain.cluster is not None:
            chain.cluster.remove()
        _case.remove(folder)


if __name__ == "__main__":
    _case.main(body)
