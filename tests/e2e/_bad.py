"""_bad.py — what the tests of bad input share: a refusal is looked at as a
machine would (docs/interface.md §1), and a dump of every table before and
after says what changed."""
import contextlib
import json
import os
import sqlite3
import subprocess
import time

import _case
from chain import SHOKAI

# A node ties a knot of its log once a minute, and keeps those of its peers:
# by the clock, whatever else happens.
CLOCK = {"knot"}
RUNS = 4  # of one case, if a knot was tied meanwhile


def shokai(*args, stdin=None):
    return subprocess.run([SHOKAI, *map(str, args)], input=stdin,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def refusals(output):
    """The refusals among the lines of a command; [] if a line is none."""
    found = []
    for line in output.decode("utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            return []
    return found


def japanese(text):
    return any("ぁ" <= c <= "ヿ" or "一" <= c <= "鿿" for c in text)


def well_formed(r):
    """Has a refusal what §1 promises?"""
    if set(r) == {"code", "count"}:
        return r["code"] == "more" and r["count"] > 0
    why = r.get("why", {})
    return (set(r) == {"code", "where", "level", "why"}
            and set(r["where"]) <= {"file", "line", "column", "item"}
            and r["level"] in ("file", "record")
            and set(why) == {"ja", "en"} and japanese(why["ja"])
            and any("a" <= c <= "z" for c in why["en"]))


def holds(r, where):
    """Does the refusal name that place? None: it must not be named."""
    return all(r["where"].get(k) == v for k, v in where.items())


def differing(before, after):
    """The tables that differ, with how many rows came and went."""
    found = {}
    for t in sorted(set(before) | set(after)):
        a, b = before.get(t, []), after.get(t, [])
        if a != b:
            found[t] = (len(set(b) - set(a)), len(set(a) - set(b)))
    return found


def dumps(nodes):
    return {n: _case.dump(n) for n in nodes}


def changed(nodes, act):
    """Runs act; {node: {table: (came, went)}} of what changed meanwhile, and
    what act returned. If a knot was tied meanwhile, act runs again: it is a
    thing that is refused."""
    for _ in range(RUNS):
        before = dumps(nodes)
        result = act()
        after = dumps(nodes)
        found = {os.path.basename(n): differing(before[n], after[n])
                 for n in nodes}
        found = {n: d for n, d in found.items() if d}
        if not any(CLOCK & set(d) for d in found.values()):
            break
        settle(nodes)
    return found, result


def query(node, sql, *values):
    with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % os.path.join(
            node, "shokai.db"), uri=True, timeout=10)) as db:
        return db.execute(sql, values).fetchall()


def until(condition, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def idle(node):
    return query(node, "SELECT (SELECT count(*) FROM inbox WHERE state = 0)"
                 " + (SELECT count(*) FROM outbox WHERE state = 0)"
                 " + (SELECT count(*) FROM task WHERE state = 0)"
                 " + (SELECT count(*) FROM step WHERE reported = 0"
                 "    AND signed_by = (SELECT value FROM fact"
                 "    WHERE name = 'code'))")[0][0] == 0


def settle(nodes, seconds=30):
    """Waits until nothing moves any more."""
    end = time.monotonic() + seconds
    while True:
        before = dumps(nodes)
        time.sleep(1.3)
        if dumps(nodes) == before or time.monotonic() > end:
            return
