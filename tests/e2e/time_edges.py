"""Hours, holidays, deadlines, expiry, approved periods, certificates,
appointments and accounts, each one second before it turns and at the turn:
through the test clock of real nodes (docs/interface.md §1), which stands
still at the time written into NODE/clock. Nothing here depends on the day on
which the test is run."""
import json
import os

import _bad
import _case
import _wire
import chain as chains
from chain import Chain, run

FIRST = "2026-01-01"  # of every certificate
DAYS = 500
LAST = "2027-05-15"   # FIRST and DAYS later
CALM = "2026-12-01T10:00:00+09:00"
FRIDAY_CLOSES = "2026-12-25T17:59:59+09:00", "2026-12-25T18:00:00+09:00"
MONDAY_OPENS = "2026-12-28T08:59:59+09:00", "2026-12-28T09:00:00+09:00"
# 12/31 to 1/3 are no bank days (銀行法施行令 §5); 1/2 and 1/3 are a weekend.
YEAR_CLOSES = "2026-12-30T17:59:59+09:00", "2026-12-30T18:00:00+09:00"
YEAR_OPENS = "2027-01-04T08:59:59+09:00", "2027-01-04T09:00:00+09:00"


def dated(*args, **more):
    """chain.run, but that certificates begin on a day of ours."""
    if args[:2] == ("ca", "sign"):
        args += ("--from", FIRST, "--days", DAYS)
    return run(*args, **more)


def clock(node, moment):
    path = os.path.join(node, "clock")
    with open(path + ".new", "w", encoding="utf-8") as f:
        f.write(moment + "\n")
    os.rename(path + ".new", path)


def configure(node, text):
    path = os.path.join(node, "node.yaml")
    keys = [line.split(":")[0] for line in text.splitlines()]
    with open(path, encoding="utf-8") as f:
        kept = [x for x in f if x.split(":")[0] not in keys]
    with open(path, "w", encoding="utf-8") as f:
        f.writelines(kept)
        f.write(text)


def refused(p):
    lines = _bad.refusals(p.stderr)
    return lines[0]["code"] if p.returncode == 4 and len(lines) == 1 else None


class World:
    """One bank behind one hub; every clock stands still."""

    def __init__(self, folder):
        self.chain = c = Chain(folder, subjects=40, institutions=1, seed=2,
                               customers=300)
        chains.run = dated
        try:
            c.make_synth()
            c.make_nodes()
        finally:
            chains.run = run
        c.nodes = [c.ward, c.unit, c.hub_direct, c.banks[0]]
        for n in c.nodes:
            configure(n.path, "test_clock: true\n")
        self.now(CALM)
        configure(c.hub_direct.path, "service_from: \"09:00\"\n"
                  "service_to: \"18:00\"\ncalendar: bank\n")
        configure(c.ward.path, "expire_after_days: 10\n")
        c.import_banks()
        self.ward = c.ward.path

    def now(self, moment):
        for n in self.chain.nodes:
            clock(n.path, moment)

    def draft(self, who, *more):
        return _bad.shokai(
            "wave", "new", self.ward, "--name", "試験", "--basis",
            self.chain.bases(), "--purpose", "滞納処分のための財産調査",
            "--base-date", "2026-10-01", "--period",
            "2025-10-01/2026-09-30", "--scope", "detail", "--institutions",
            "all", "--as", who, *more)


def appointments(c, w):
    run("user", "add", w.ward, "brief", "--role", "officer",
        "--appointment", "T-9:2026-12-02/2026-12-04:1,2,3")
    for name, moment, code in (
            ("before the first day", "2026-12-01T23:59:59+09:00",
             "wave.approver"),
            ("on the first day", "2026-12-02T00:00:00+09:00", None),
            ("on the last day", "2026-12-04T23:59:59+09:00", None),
            ("after the last day", "2026-12-05T00:00:00+09:00",
             "wave.approver")):
        w.now(moment)
        p = w.draft("brief")
        c.check("an appointment " + name, refused(p) == code
                and (code is not None or p.returncode == 0), p)


def accounts(c, w):
    """An account ends on 31 March unless it says otherwise."""
    w.now(CALM)
    run("user", "add", w.ward, "until", "--role", "officer",
        "--appointment", "T-8:2026-04-01/2028-03-31:1,2,3", "--until",
        "2026-12-10")
    run("user", "add", w.ward, "year", "--role", "officer",
        "--appointment", "T-7:2026-04-01/2028-03-31:1,2,3")
    for who, last, first in (
            ("until", "2026-12-10T23:59:59+09:00",
             "2026-12-11T00:00:00+09:00"),
            ("year", "2027-03-31T23:59:59+09:00",
             "2027-04-01T00:00:00+09:00")):
        w.now(last)
        p = w.draft(who)
        c.check("%s: the account's last second" % who, p.returncode == 0, p)
        w.now(first)
        p = w.draft(who)
        c.check("%s: a second later" % who, refused(p) == "user.expired", p)


def in_force(node, code):
    for line in run("peer", "list", node, "--json").stdout.splitlines():
        peer = json.loads(line)
        if peer["code"] == code:
            return peer["in_force"], peer["days_left"]
    return None


def speaks(w, sender):
    """Does the unit's gate read what that peer says? 400: it was read."""
    return _wire.post(w.chain.unit, sender, b"x")[0] == 400


def periods(c, w):
    """The approved period of a connection, at the table and at the gate."""
    unit, hub = w.chain.unit, w.chain.hub_direct
    run("peer", "add", unit.path, "--code", hub.code, "--party", "hub",
        "--cert", hub.certificate, "--kinds", chains.KINDS, "--url", hub.url,
        "--approved", "2026-12-02/2026-12-04", "--approval", "試験")
    w.now(CALM)
    unit.start()
    try:
        for name, moment, good in (
                ("before the first day", "2026-12-01T23:59:59+09:00",
                 False),
                ("on the first day", "2026-12-02T00:00:00+09:00", True),
                ("on the last day", "2026-12-04T23:59:59+09:00", True),
                ("after the last day", "2026-12-05T00:00:00+09:00",
                 False)):
            w.now(moment)
            c.check("an approved period " + name, in_force(
                unit.path, hub.code)[0] is good, moment)
            c.check("the gate, " + name, speaks(w, hub) is good, moment)
        run("peer", "add", unit.path, "--code", hub.code, "--party", "hub",
            "--cert", hub.certificate, "--kinds", chains.KINDS, "--url",
            hub.url)
        certificates(c, w)
    finally:
        unit.stop()


def certificates(c, w):
    unit, ward = w.chain.unit, w.chain.ward
    for name, moment, good in (
            ("before it begins", "2025-12-31T23:59:59+09:00", False),
            ("as it begins", FIRST + "T00:00:00+09:00", True)):
        w.now(moment)
        c.check("a certificate " + name, in_force(
            unit.path, ward.code)[0] is good, moment)
        c.check("the gate, " + name, speaks(w, ward) is good, moment)
    # Its last second stands in it (RFC 5280 §4.1.2.5: inclusive).
    end = [json.loads(x)["certificate_to"] for x in run(
        "peer", "list", unit.path, "--json").stdout.splitlines()][0]
    c.check("a certificate's last day", end[:10] in (
        LAST, "2027-05-16"), end)
    w.now(end)
    c.check("a certificate in its last second", in_force(
        unit.path, ward.code)[0] is True and speaks(w, ward), end)
    w.now("2027-05-17T00:00:00+09:00")
    c.check("a certificate that has ended", in_force(
        unit.path, ward.code)[0] is False and not speaks(w, ward), end)


def handed_on(w):
    """Request files that the hub has handed to the bank."""
    return _bad.query(w.chain.hub_direct.path, "SELECT count(*) FROM outbox "
                      "AS o JOIN message AS m ON m.id = o.id WHERE m.kind = "
                      "'request-file' AND o.state = 1")[0][0]


def at_the_hub(w):
    return _bad.query(w.chain.hub_direct.path, "SELECT count(*) FROM outbox "
                      "AS o JOIN message AS m ON m.id = o.id WHERE m.kind = "
                      "'request-file'")[0][0]


def ask(w, *more):
    """A wave of one inquiry, approved now; its file reaches the hub."""
    before = at_the_hub(w)
    chosen = os.path.join(w.chain.folder, "chosen.csv")
    atena = _bad.query(w.ward, "SELECT s.atena FROM subject AS s WHERE NOT "
                       "EXISTS (SELECT 1 FROM stop AS x WHERE x.atena = "
                       "s.atena) ORDER BY 1 LIMIT 12")
    with open(chosen, "w", encoding="utf-8") as f:
        f.write("宛名番号\n" + "".join(a[0] + "\n" for a in atena))
    w.chain.ask("--subjects", chosen, *more)
    return _bad.until(lambda: at_the_hub(w) > before, 30)


def hours(c, w):
    w.now(CALM)
    w.chain.import_subjects()
    w.chain.start()
    done = 0
    for name, closes, opens in (
            ("a weekend", FRIDAY_CLOSES, MONDAY_OPENS),
            ("the turn of the year", YEAR_CLOSES, YEAR_OPENS)):
        w.now(closes[0])
        c.check(name + ": a file in the last second", ask(w))
        done += 1
        c.check(name + ": is handed on at once", _bad.until(
            lambda n=done: handed_on(w) == n), handed_on(w))
        w.now(closes[1])
        c.check(name + ": a file a second later", ask(w))
        c.check(name + ": waits", not _bad.until(
            lambda n=done: handed_on(w) > n, 3), handed_on(w))
        w.now(opens[0])
        c.check(name + ": waits to the last second", not _bad.until(
            lambda n=done: handed_on(w) > n, 3), handed_on(w))
        w.now(opens[1])
        done += 1
        c.check(name + ": is handed on as the hub opens", _bad.until(
            lambda n=done: handed_on(w) == n), handed_on(w))


def deadlines(c, w):
    """A bank that does not answer: overdue from the day after the deadline,
    expired ten days later; what it answers then is taken, as late."""
    bank = w.chain.banks[0]
    w.now("2027-01-04T10:00:00+09:00")
    bank.stop()
    c.check("a wave with a deadline", ask(w, "--deadline", "2027-01-20"))
    # What is told once in a while is told as time goes on.
    for second in range(30):
        w.now("2027-01-04T10:01:%02d+09:00" % second)
        if _bad.until(lambda: w.chain.show()["sent"] > 0, 1):
            break
    c.check("its inquiries are sent", w.chain.show()["sent"] > 0,
            w.chain.show())
    sent = w.chain.show()["sent"]
    for name, moment, key, value in (
            ("the deadline's last second", "2027-01-20T23:59:59+09:00",
             "overdue", 0),
            ("a second later", "2027-01-21T00:00:00+09:00", "overdue",
             sent),
            ("ten days later, the last second",
             "2027-01-30T23:59:59+09:00", "expired", 0),
            ("a second later", "2027-01-31T00:00:00+09:00", "expired",
             sent)):
        w.now(moment)
        good = _bad.until(lambda k=key, v=value: w.chain.show()[k] == v,
                          15)
        if value == 0:  # and it stays so
            good = good and not _bad.until(
                lambda k=key: w.chain.show()[k] != 0, 3)
        c.check("%s: %s is %d" % (name, key, value), good, w.chain.show())
    w.now("2027-02-01T10:00:00+09:00")
    bank.start()
    c.check("answers that come late are taken", _bad.until(
        lambda: w.chain.show()["answered"] == sent, 60), w.chain.show())
    shown = w.chain.show()
    c.check("they are marked late", shown["late"] == sent
            and shown["expired"] == 0, shown)


def body(c):
    folder = _case.folder("time")
    w = None
    try:
        w = World(folder)
        w.chain.import_subjects()
        appointments(c, w)
        accounts(c, w)
        periods(c, w)
        hours(c, w)
        deadlines(c, w)
    finally:
        if w is not None:
            w.chain.stop()
        _case.remove(folder)


_case.main(body)
