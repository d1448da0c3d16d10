"""A PostgreSQL server that goes away: in COMMIT, under a command; before
`serve` begins and while it serves. Nothing is done twice, nothing is lost,
`serve` tries again with a growing delay, `status` says so, and it works on
when the server is back, with the same processes."""
import os
import re
import signal
import time

import _bad
import _case
import _commit
import rows
from _postgres import ROLE, World, point
from processes import below

TOP = _case.folder("postgres-away")


def by_proxy(w, proxy):
    return "postgresql://%s@127.0.0.1:%d/ward?sslmode=disable" % (
        ROLE, proxy.port)


def came(w, before):
    """{table: rows that came}; none may have gone but those of counters."""
    return {t: n for t, (n, _) in _bad.differing(before, w.dump()).items()}


def lost_answers(c, w):
    """Commands whose COMMIT is cut: run again, or found done."""
    path = w.node.path
    new = os.path.join(TOP, "new.csv")
    with open(w.subjects, encoding="utf-8") as f:
        head, first = f.read().split("\n")[:2]
    for how in ("before", "after"):
        proxy = _commit.Proxy(w.cluster)
        point(path, by_proxy(w, proxy))
        with open(new, "w", encoding="utf-8") as f:
            f.write("%s\n%s\n" % (head, first.replace(
                first.split(",")[0], "99%d" % len(how), 1)))
        for words, table in (
                (("user", "add", path, how, "--role", "auditor"), "user"),
                (("subjects", "import", path, new, "--diff"), "subject")):
            before = w.dump()
            cuts = proxy.cuts
            proxy.cut = how
            p = w.run(*words)
            c.check("%s: %s: was cut" % (how, table),
                    proxy.cuts == cuts + 1, proxy.cuts)
            c.check("%s: %s: exit 0" % (how, table), p.returncode == 0, p)
            got = came(w, before)
            c.check("%s: %s: done once" % (how, table),
                    got.get(table) == 1, got)
        proxy.close()
    unsure(c, w)


def unsure(c, w):
    """Nobody can tell: exit 5; running again does it no second time."""
    path = w.node.path
    proxy = _commit.Proxy(w.cluster)
    point(path, by_proxy(w, proxy))
    words = ("user", "add", path, "unsure", "--role", "auditor", "--force")
    before = w.dump()
    proxy.cut = "gone"
    p = w.run(*words)
    lines = _bad.refusals(p.stderr)
    c.check("gone: exit 5", p.returncode == 5, p)
    c.check("gone: store.unsure", len(lines) == 1
            and _bad.well_formed(lines[0])
            and lines[0]["code"] == "store.unsure"
            and "look before running again" in lines[0]["why"]["en"], p)
    c.check("gone: it was done", came(w, before).get("user") == 1)
    proxy.gone = False
    p = w.run(*words)
    c.check("gone: run again: exit 0", p.returncode == 0, p)
    c.check("gone: done once", came(w, before).get("user") == 1,
            came(w, before))
    proxy.close()
    point(path, w.url())


def delays(log, pattern):
    with open(log, encoding="utf-8") as f:
        return [int(n) for n in re.findall(pattern, f.read())]


def grows(found):
    """Twice as long each time, up to ten seconds."""
    return found[0] == 100 and len(found) > 3 and all(
        b == min(2 * a, 10000) for a, b in zip(found, found[1:]))


def shown(w):
    p = w.run("status", w.node.path, "--json", "--lang", "en")
    return p.returncode, _bad.refusals(p.stdout)[0]


def says_away(c, w, name):
    code, j = shown(w)
    c.check(name + ": status: exit 1, degraded", code == 1
            and j["state"] == "degraded", (code, j))
    c.check(name + ": status says why", not j["db"]["ok"]
            and j["db"]["why"] == "store.unreachable"
            and "see to the server" in j["db"]["said"], j["db"])


def before_it_serves(c, w):
    w.cluster.stop()
    w.node.start(wait=False)
    seen = set()

    def waits_long():
        seen.update(p["delay_ms"] for p in shown(w)[1]["processes"])
        return max(seen, default=0) >= 3200
    c.check("not there: status shows the delay as it grows", _bad.until(
        waits_long, 60) and len(seen) > 3, seen)
    says_away(c, w, "not there")
    c.check("not there: serve waits", w.node.process.poll() is None)
    for kind in ("gate", "desk", "work"):
        found = delays(w.node.log, r"serve %s \d+ ended \(exit 5\); again in "
                       r"(\d+) ms" % kind)
        c.check("not there: %s is tried again, later each time" % kind,
                grows(found), found)
    w.cluster.start()
    w.node.wait_ready()
    code, j = shown(w)
    c.check("come: ready", code == 0 and j["state"] == "ready"
            and j["db"]["ok"] and all(p["delay_ms"] == 0 and p["ready"]
                                      for p in j["processes"]), (code, j))


def while_it_serves(c, w, how):
    """how: the signal that ends the server."""
    name = signal.Signals(how).name
    pids = w.node.children()
    with open(w.node.log, "rb") as f:
        read = len(f.read())
    w.cluster.stop(how)
    says_away(c, w, name)

    def tried():
        with open(w.node.log, "rb") as f:
            f.seek(read)
            text = f.read().decode()
        return [int(n) for n in re.findall(
            r"work store\.unreachable: .* again in (\d+) ms", text)]
    c.check(name + ": work tries again, later each time", _bad.until(
        lambda: len(tried()) > 4, 60) and grows(tried()), tried())
    w.cluster.start()
    c.check(name + ": ready again", _bad.until(
        lambda: shown(w)[0] == 0, 60), shown(w))
    c.check(name + ": no process has ended", w.node.children() == pids,
            (pids, w.node.children()))
    c.check(name + ": work is there again", _bad.until(
        lambda: sessions(w) > 0, 30))
    begun = log_entries(w)
    p = w.run("user", "add", w.node.path, name.lower(), "--role", "auditor")
    c.check(name + ": a command works", p.returncode == 0
            and log_entries(w) == begun + 1, p)


def sessions(w):
    db = rows.Postgres(w.cluster.url("postgres"))
    n, = db.execute("SELECT count(*) FROM pg_stat_activity WHERE "
                    "application_name = 'shokai'").fetchone()
    db.close()
    return n


def log_entries(w):
    return len(w.dump()["log"])


def ends_in_time(c, w):
    """SIGTERM while the server hangs."""
    w.cluster.process.send_signal(signal.SIGSTOP)
    for pid in backends(w):
        os.kill(pid, signal.SIGSTOP)
    time.sleep(1.5)
    begun = time.monotonic()
    w.node.process.send_signal(signal.SIGTERM)
    try:
        w.node.process.wait(20)
    finally:
        for pid in backends(w):
            os.kill(pid, signal.SIGCONT)
        w.cluster.process.send_signal(signal.SIGCONT)
    c.check("a server that hangs: SIGTERM ends serve within 10 s",
            time.monotonic() - begun < 10, time.monotonic() - begun)


def backends(w):
    """The server's processes of the ward's sessions."""
    return list(below(w.cluster.process.pid))


def body(c):
    w = World(TOP)
    try:
        w.make_ward(50)
        lost_answers(c, w)
        before_it_serves(c, w)
        while_it_serves(c, w, signal.SIGINT)
        while_it_serves(c, w, signal.SIGKILL)
        ends_in_time(c, w)
        p = w.run("audit", "verify", w.node.path)
        c.check("the log is whole", p.returncode == 0, p)
    finally:
        w.close()
        _case.remove(TOP)


_case.main(body)
