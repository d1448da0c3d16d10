"""What an order gets that nobody may give (S4): no basis, no purpose, one's
own approval, no appointment or one for another 科目, a wave that is closed.
The refusal has a code and a reason in two languages, and no table changes
(docs/interface.md §4, §12)."""
import sqlite3

import _bad
import _case
from chain import HUB_DIRECT, Chain, run

BASES = "jumin-331-6,kei-463-27,kokuho-79-2"
GOOD = {"name": "試験", "basis": BASES, "purpose": "滞納処分のための財産調査",
        "base-date": "2026-10-01", "period": "2025-10-01/2026-09-30",
        "scope": "detail", "institutions": "all"}
YEAR = ":2026-04-01/2027-03-31:"


class World:
    def __init__(self, folder):
        self.chain = c = Chain(folder, subjects=30, institutions=1, seed=1,
                               customers=300)
        c.make_synth()
        c.make_nodes()
        c.import_banks()
        c.import_subjects()
        self.ward = c.ward.path
        for name, role, appointment in (
                ("plain", "officer,approver", None),
                ("cars", "officer,approver", "T-9" + YEAR + "2"),
                ("past", "officer,approver",
                 "T-8:2020-04-01/2021-03-31:1,2,3"),
                ("gone", "officer,approver", "T-7" + YEAR + "1,2,3"),
                ("both", "officer,approver", "T-6" + YEAR + "1,2,3")):
            run("user", "add", self.ward, name, "--role", role,
                *(("--appointment", appointment) if appointment else ()))
        run("user", "add", self.ward, "over", "--role", "officer,approver",
            "--appointment", "T-5" + YEAR + "1,2,3", "--until",
            "2026-01-31")
        run("user", "lock", self.ward, "gone")

    def new(self, officer="officer1", **change):
        order = dict(GOOD, **{k.replace("_", "-"): v
                              for k, v in change.items()})
        words = [w for k, v in order.items() if v is not None
                 for w in ("--" + k, v)]
        who = ("--as", officer) if officer else ()
        return ("wave", "new", self.ward, *words, *who)

    def drafted(self, officer="officer1"):
        return run(*self.new(officer)).stdout.split()[-1]


def refused(c, w, name, words, code, exits=4):
    found, p = _bad.changed([w.ward], lambda: _bad.shokai(*words))
    c.check("%s: exit %d" % (name, exits), p.returncode == exits, p)
    c.check(name + ": nothing changed", found == {}, found)
    c.check(name + ": no result", p.stdout == b"", p.stdout)
    lines = _bad.refusals(p.stderr)
    c.check("%s: %s" % (name, code), len(lines) == 1
            and _bad.well_formed(lines[0]) and lines[0]["code"] == code,
            p.stderr)


def orders(c, w):
    for name, change, code in (
            ("an unknown basis", {"basis": "no-such-law"}, "wave.basis"),
            ("one unknown basis among good ones",
             {"basis": BASES + ",no-such-law"}, "wave.basis"),
            ("no basis", {"basis": ""}, "wave.basis"),
            ("a basis that serves another 科目",
             {"basis": "kei-463-27", "claim_kind": "1"}, "wave.basis"),
            ("a basis that needs consent", {"basis": "seiho-29"},
             "wave.basis"),
            ("more than the basis allows", {"basis": "chihozei-20-11"},
             "wave.scope"),
            ("a longer period than the basis allows",
             {"period": "2000-01-01/2026-09-30"}, "wave.scope")):
        refused(c, w, name, w.new(**change), code)
    # Not a question of who may: the order itself is no order.
    for name, change, code in (
            ("an empty purpose", {"purpose": ""}, "wave.purpose"),
            ("a purpose of 201 characters", {"purpose": "調" * 201},
             "wave.purpose"),
            ("a purpose with a control character", {"purpose": "調\x07査"},
             "wave.purpose"),
            ("an unknown scope", {"scope": "everything"}, "wave.scope"),
            ("a day that is none", {"base_date": "2026-02-30"}, "wave.date"),
            ("a period backwards", {"period": "2026-09-30/2025-10-01"},
             "wave.date"),
            ("an institution nobody knows", {"institutions": "9601,9777"},
             "wave.institution"),
            ("no name", {"name": ""}, "wave.name")):
        refused(c, w, name, w.new(**change), code, exits=3)
    for missing in GOOD:
        words = w.new(**{missing.replace("-", "_"): None})
        found, p = _bad.changed([w.ward], lambda x=words: _bad.shokai(*x))
        c.check("without --%s: exit 2" % missing, p.returncode == 2
                and found == {}, (p, found))


def officers(c, w):
    for name, who, code in (
            ("no officer", None, "user.unknown"),
            ("an unknown officer", "nobody", "user.unknown"),
            ("no such role", "auditor1", "user.role"),
            ("a locked officer", "gone", "user.locked"),
            ("an officer whose account has ended", "over", "user.expired"),
            ("no appointment", "plain", "wave.approver"),
            ("an appointment of another 科目", "cars", "wave.approver"),
            ("an appointment that has ended", "past", "wave.approver")):
        refused(c, w, name + " orders", w.new(who), code)


def approvals(c, w):
    wave = w.drafted()
    for who, code in (("plain", "wave.approver"), ("cars", "wave.approver"),
                      ("past", "wave.approver"), ("auditor1", "user.role")):
        refused(c, w, who + " submits", (
            "wave", "submit", w.ward, wave, "--as", who), code)
    refused(c, w, "approved before it is submitted", (
        "wave", "approve", w.ward, wave, "--as", "officer2"), "wave.closed")
    run("wave", "submit", w.ward, wave, "--as", "officer1")
    for who, code in (("officer1", "user.role"), ("auditor1", "user.role"),
                      ("plain", "wave.approver"), ("cars", "wave.approver"),
                      ("past", "wave.approver"), ("gone", "user.locked"),
                      ("over", "user.expired")):
        refused(c, w, who + " approves", (
            "wave", "approve", w.ward, wave, "--as", who), code)
    refused(c, w, "returned without a reason", (
        "wave", "return", w.ward, wave, "--as", "officer2"), "wave.reason",
        exits=3)
    return wave


def own(c, w):
    """Neither who submitted it nor who put it together approves it."""
    wave = w.drafted("both")
    run("wave", "submit", w.ward, wave, "--as", "both")
    refused(c, w, "one's own", ("wave", "approve", w.ward, wave, "--as",
                                "both"), "wave.approver")
    other = w.drafted("both")
    run("wave", "submit", w.ward, other, "--as", "officer2")
    for who in ("both", "officer2"):
        refused(c, w, "drafted or submitted by " + who, (
            "wave", "approve", w.ward, other, "--as", who), "wave.approver")
    before = _case.dump(w.ward)
    db = sqlite3.connect(w.chain.ward.database)
    for column in ("requester", "drafter"):
        try:
            db.execute("UPDATE wave SET approver = %s" % column)
            said = "done"
        except sqlite3.IntegrityError as e:
            said = str(e)
        c.check("the store itself refuses the %s" % column,
                "CHECK constraint failed" in said, said)
    db.close()
    c.check("the store has changed nothing", _bad.differing(
        before, _case.dump(w.ward)) == {})
    for number in (wave, other):
        run("wave", "cancel", w.ward, number, "--as", "officer2",
            "--reason", "試験の終わり")


def ended(c, w, wave, state, moves):
    for move in moves:
        more = () if move in ("submit", "approve") else (
            "--reason", "試験")
        refused(c, w, "%s: %s" % (state, move), (
            "wave", move, w.ward, wave, "--as", "officer2", *more),
            "wave.closed")


def closed(c, w, wave):
    """A wave that ran to its end."""
    nodes = w.chain.nodes
    w.chain.nodes = [n for n in nodes if n is not w.chain.hub_carried]
    w.chain.wave = wave
    w.chain.start()
    run("wave", "approve", w.ward, wave, "--as", "officer2")
    w.chain.finish(timeout=120, until=lambda x: x["state"] == "closed" and all(
        s["first"] for f in x["flows"] for s in f["steps"]
        if f["hub"] == HUB_DIRECT))
    _bad.settle([w.ward])
    ended(c, w, wave, "closed", ("submit", "return", "cancel"))
    inquiry = _bad.query(w.ward, "SELECT inquiry FROM outcome LIMIT 1")[0][0]
    refused(c, w, "closed: an inquiry withdrawn", (
        "inquiry", "withdraw", w.ward, inquiry, "--as", "officer2",
        "--reason", "試験"), "inquiry.left")
    found, p = _bad.changed([w.ward], lambda: _bad.shokai(
        "wave", "approve", w.ward, wave, "--as", "officer2"))
    c.check("approved again: no change", p.returncode == 0 and found == {}
            and p.stdout.split() == [b"closed"], (p, found))


def unknown(c, w):
    for wave in ("ZZZ", "000", "1", "0001", "xyz", ""):
        refused(c, w, "no wave %r" % wave, (
            "wave", "submit", w.ward, wave, "--as", "officer1"),
            "wave.unknown", exits=3)


def body(c):
    folder = _case.folder("bad-waves")
    w = None
    try:
        w = World(folder)
        orders(c, w)
        officers(c, w)
        unknown(c, w)
        wave = approvals(c, w)
        own(c, w)
        cancelled = w.drafted()
        run("wave", "cancel", w.ward, cancelled, "--as", "officer2",
            "--reason", "試験")
        ended(c, w, cancelled, "cancelled", ("submit", "approve", "return"))
        closed(c, w, wave)
    finally:
        if w is not None:
            w.chain.stop()
        _case.remove(folder)


_case.main(body)
