"""A stop that comes in mid-wave, over real TLS: the day's differences hold
what waits at the unit; an officer's go sends it after all, a drop withdraws
it, and what had left stays as it is and is told as too late. The processes of
ward and unit are killed between; nothing is lost or doubled, the books agree
(E5), and no held inquiry reaches a bank before the go."""
import csv
import json
import os
import random
import time

import _case
import compare
import kills
import rows
from _wave import small_files, wait
from chain import AUTHORITY, Chain, run

SEED = 20260901
GONE, GO, DROP = "gone", "go", "drop"


def window(chain, n):
    """The unit converts no more than n files ahead of the bank's receipts."""
    path = os.path.join(chain.unit.path, "node.yaml")
    with open(path) as f:
        kept = [line for line in f if not line.startswith("window:")]
    with open(path, "w") as f:
        f.writelines([*kept, "window: %d\n" % n])


def ask(node, sql, *parameters):
    db = rows.connect(node.path)
    found = db.execute(sql, parameters).fetchall()
    db.close()
    return found


def work(chain, what, until, seconds=240):
    """The officers check what comes, until it is as it should be."""
    def done():
        chain.check()
        return until(chain.show())
    wait(what, done, seconds)
    return chain.show()


def choose(chain, wave):
    """Subjects that are at the unit: two in every institution's first file,
    six that no file has yet."""
    known = ask(chain.ward, "SELECT ordinal, atena FROM wave_subject WHERE "
                "wave = ? ORDER BY ordinal", wave)
    sent = {r[0] for r in ask(chain.unit, "SELECT DISTINCT ordinal FROM "
                              "snapshot WHERE wave = ?", wave)}
    done = [r[0] for r in ask(chain.unit, "SELECT position FROM task WHERE "
                              "kind = 'convert' AND wave = ?", wave)]
    early = [a for o, a in known if o in sent and o <= min(done)]
    late = [a for o, a in known if o in sent and o > max(done)]
    return {GONE: early[:2], GO: late[:3], DROP: late[-3:]}


def write_diff(chain, people):
    path = os.path.join(chain.folder, "diff.csv")
    with open(os.path.join(chain.synth, "ward", "subjects.csv"),
              encoding="utf-8-sig", newline="") as f:
        reader = csv.DictReader(f)
        found = [r for r in reader if r["宛名番号"] in people]
        for r in found:
            r["処分状況"] = "分納"
    with open(path, "w", encoding="utf-8", newline="") as f:
        w = csv.DictWriter(f, reader.fieldnames)
        w.writeheader()
        w.writerows(found)
    return path


def numbers_of(chain, wave, people):
    """Their 管理番号 at every institution."""
    ordinals = dict(ask(chain.ward, "SELECT atena, ordinal FROM wave_subject "
                        "WHERE wave = ?", wave))
    return [compare.kanri(AUTHORITY, wave, b.code, ordinals[a])
            for a in people for b in chain.banks]


def looked_up(chain):
    return {r[0] for b in chain.banks
            for r in ask(b, "SELECT inquiry FROM lookup")}


def kill(chain, draw):
    for node in (chain.ward, chain.unit):
        kills.kill_all([(node, draw.choice(("work", "gate", "supervisor")))])


def decide(chain, people, word):
    for a in people:
        run("subjects", "decide", chain.ward.path, a, "--" + word, "--as",
            "officer1", ok=(0,))


def shown(chain, number):
    p = run("inquiry", "show", chain.ward.path, number, "--as", "officer1",
            "--json")
    return json.loads(p.stdout)


def begin(chain):
    """A wave of which every institution has one file, and no bank works."""
    chain.make_synth()
    chain.make_nodes()
    window(chain, 1)
    small_files(chain)
    chain.import_banks()
    chain.start()
    for b in chain.banks:
        b.stop()
    chain.import_subjects()
    wave = int(chain.ask(), 36)
    wait("a file for each institution", lambda: len(ask(
        chain.unit, "SELECT DISTINCT institution FROM file WHERE "
        "message <> ''")) == len(chain.banks))
    wait("the files at the ward", lambda: chain.show()["sent"] > 0)
    return wave


def check_held(cases, chain, wave, people, held):
    n = len(chain.banks)
    for b in chain.banks:
        b.start()
    w = work(chain, "all but those who are held", lambda w: w["stopped"]
             == held * n and w["pending"] == 0 and w["awaiting"] == 0)
    cases.check("held are who was stopped in time", w["held"] >= held * n, w)
    cases.check("what had left is told", w["too_late"] == 2 * n,
                w["too_late"])
    cases.check("the wave is not at its end", w["state"] == "sent",
                w["state"])
    asked = looked_up(chain)
    cases.check("no bank knows of them", not asked & set(numbers_of(
        chain, wave, people[GO] + people[DROP])))
    cases.check("what had left was asked", asked >= set(numbers_of(
        chain, wave, people[GONE])))
    gone = shown(chain, numbers_of(chain, wave, people[GONE])[0])
    cases.check("too late is shown", gone["halt"]["result"] == "too_late",
                gone.get("halt"))
    still = shown(chain, numbers_of(chain, wave, people[GO])[0])
    cases.check("held is shown", (still["state"], still["halt"]["result"])
                == ("held", "held"), still.get("halt"))


def check_end(cases, chain, wave, people):
    n = len(chain.banks)
    w = work(chain, "the end", lambda w: w["state"] == "closed")
    cases.check("nobody waits", w["stopped"] == 0, w["stopped"])
    asked = looked_up(chain)
    # One that a layout cannot say is held by its rule, as ever.
    go = set(numbers_of(chain, wave, people[GO]))
    unfit = {k for k in go if shown(chain, k)["halt"]["result"] == "unfit"}
    cases.check("go was asked after all", asked & go == go - unfit
                and len(unfit) <= n, (len(go), len(unfit), len(asked & go)))
    cases.check("drop was never asked", not asked & set(numbers_of(
        chain, wave, people[DROP])))
    dropped = shown(chain, numbers_of(chain, wave, people[DROP])[0])
    cases.check("drop is shown", (
        dropped["state"], dropped["halt"]["result"]) == (
            "cancelled", "withdrawn"), dropped.get("halt"))
    c = compare.compare_chain(chain)
    cases.check("lost", c.lost == 0, c.lost_numbers[:5])
    cases.check("duplicated", c.duplicated == 0, c.duplicated_numbers[:5])
    cases.check("pending", c.pending == 0, c.pending)
    cases.check("withdrawn are cancelled", c.cancelled >= 3 * n, c.cancelled)
    exported = os.path.join(chain.folder, "export")
    run("answers", "export", chain.ward.path, chain.wave, "--out", exported,
        "--as", "officer1", ok=(0, 1))
    with open(os.path.join(exported, "answers.csv"), encoding="utf-8-sig",
              newline="") as f:
        told = {r["管理番号"] for r in csv.DictReader(f)}
    cases.check("every answer is exported", told == asked,
                (len(told), len(asked)))
    for node in chain.nodes:
        p = run("reconcile", node.path, ok=None)
        cases.check("reconcile " + node.name, p.returncode == 0,
                    p.stdout[-500:] + p.stderr[-500:])


def body(cases):
    draw = random.Random(SEED)
    folder = _case.folder("stops")
    chain = Chain(folder, subjects=1200, institutions=2, customers=500)
    print("seed %d" % SEED)
    try:
        wave = begin(chain)
        people = choose(chain, wave)
        cases.check("there are people to stop", all(people.values()), people)
        kill(chain, draw)
        p = run("subjects", "import", chain.ward.path, write_diff(
            chain, set(sum(people.values(), []))), "--diff", ok=(0, 1))
        cases.check("they are stopped", json.loads(
            p.stdout.splitlines()[-1])["stopped"] == 8, p.stdout)
        kill(chain, draw)
        checks = run("check", "list", chain.ward.path, "--json").stdout
        cases.check("the officer sees them in the file to check", [
            json.loads(line)["stopped"] for line in checks.splitlines()]
            == [2], checks)
        # A bank that works moves the window: by then they must be held.
        wait("the unit's word", lambda: chain.show()["stopped"]
             == 6 * len(chain.banks))
        check_held(cases, chain, wave, people, 6)
        decide(chain, people[GO], GO)
        kill(chain, draw)
        decide(chain, people[DROP] + people[GONE], DROP)
        kill(chain, draw)
        check_end(cases, chain, wave, people)
    finally:
        chain.stop()
        _case.remove(folder)


_case.main(body)
