"""Both flows and the folder link, over real TLS: every numbered step is
recorded by the party that does it and signed by it (E7), nothing is lost or
doubled, the books agree (E5), and all three links end in the same final
tables. A planted deletion and a planted repeat each show 1. No hub's file and
no log holds a subject's name (S2, S5)."""
import csv
import json
import os
import shutil
import subprocess
import tempfile

import _case
import compare
from chain import AUTHORITY, Chain, HUB_CARRIED, HUB_DIRECT, UNIT, run
import rows

PARTY = {"ward": {AUTHORITY}, "unit": {UNIT},
         "hub": {HUB_DIRECT, HUB_CARRIED}, "bank": {"9601", "9602"}}
FINAL = {
    "outcome": "SELECT authority, inquiry, class, file, late, open, digest "
               "FROM outcome ORDER BY 1, 2",
    "answer": "SELECT authority, inquiry, record FROM answer ORDER BY 1, 2",
    "exception": "SELECT authority, wave, institution, ordinal, kind, item, "
                 "at, bad FROM exception ORDER BY 1, 2, 3, 4",
    "correction": "SELECT count(*) FROM correction",
}


def final_tables(chain):
    db = rows.connect(chain.ward.path)
    found = {name: db.execute(sql).fetchall()
             for name, sql in FINAL.items()}
    db.close()
    return found


def check_steps(cases, w, carried):
    flows = {f["hub"]: f for f in w["flows"]}
    cases.check("both hubs have a flow",
                set(flows) == {HUB_DIRECT, HUB_CARRIED}, set(flows))
    for hub, f in flows.items():
        link = "direct" if hub == HUB_DIRECT else carried
        expected = 15 if link == "direct" else 19
        cases.check("link of " + hub, f["link"] == link, f["link"])
        cases.check("numbers of " + hub, [s["no"] for s in f["steps"]]
                    == list(range(1, expected + 1)))
        for s in f["steps"]:
            name = "%s %s %s" % (carried, hub, s["mark"])
            cases.check(name + " is done", bool(s["first"]))
            cases.check(name + " has counts",
                        s["files"] > 0 and s["inquiries"] > 0, s)
            signer = s["signed_by"]
            signers = set(signer if isinstance(signer, list)
                          else str(signer).split(","))
            cases.check(name + " is signed by its party",
                        signers <= PARTY[s["party"]], s)


def check_chain(cases, chain, carried):
    chain.make_synth()
    chain.make_nodes()
    chain.import_banks()
    chain.start()
    chain.import_subjects()
    chain.ask()
    w = chain.finish(timeout=240)
    check_steps(cases, w, carried)
    c = compare.compare_chain(chain)
    cases.check(carried + ": lost", c.lost == 0, c.lost_numbers[:5])
    cases.check(carried + ": duplicated", c.duplicated == 0)
    cases.check(carried + ": pending", c.pending == 0, c.pending)
    cases.check(carried + ": all are accounted for",
                c.inquiries == c.answered + c.rejected + c.cancelled
                + c.expired + c.pending + c.held + c.lost, vars(c))
    cases.check(carried + ": accounts are found", c.found > 0, vars(c))
    for n in chain.nodes:
        p = run("reconcile", n.path, ok=None)
        cases.check("%s: reconcile %s" % (carried, n.name),
                    p.returncode == 0, p.stdout[-500:] + p.stderr[-500:])
        p = run("audit", "verify", n.path, ok=None)
        cases.check("%s: audit verify %s" % (carried, n.name),
                    p.returncode == 0, p.stdout + p.stderr)


def names_of(chain, n):
    """n subjects' names: kanji and kana, in the encodings of the chain."""
    with open(os.path.join(chain.synth, "ward", "subjects.csv"),
              encoding="utf-8-sig", newline="") as f:
        people = list({r["宛名番号"]: r for r in csv.DictReader(f)}.values())
    kana = os.path.join(chain.folder, "names.txt")
    with open(kana, "w", encoding="utf-8") as f:
        f.writelines(r["カナ氏名"] + "\n" for r in people)
    p = run("text", "--rules", "kana-half,space:half", kana, ok=(0, 1))
    os.unlink(kana)
    found = 0
    wanted = set()
    for r, half in zip(people, p.stdout.splitlines()):
        of_one = {text.encode(encoding, "ignore")
                  for text in (r["漢字氏名"], r["カナ氏名"], half)
                  for encoding in ("utf-8", "cp932")}
        # Fewer bytes could stand in any ciphertext.
        of_one = {w for w in of_one if len(w) >= 6}
        found += bool(of_one)
        wanted |= of_one
        if found == n:
            break
    return found, wanted


def found_in(wanted, blob):
    """Those of the wanted byte strings that stand in the blob: grep walks it
    once for all of them. Of two that overlap one may be left out."""
    with tempfile.NamedTemporaryFile() as f:
        f.write(b"\n".join(wanted) + b"\n")
        f.flush()
        p = subprocess.run(["grep", "-a", "-o", "-F", "-f", f.name],
                           input=blob, stdout=subprocess.PIPE,
                           env={"LC_ALL": "C"}, check=False)
    if p.returncode > 1:
        raise RuntimeError("grep: exit %d" % p.returncode)
    return set(p.stdout.splitlines())


def holds(path, wanted):
    """How many of the wanted byte strings a file holds."""
    with open(path, "rb") as f:
        return len(found_in(wanted, f.read()))


def holds_rows(node, wanted):
    """The same of a node's database."""
    return len(found_in(wanted, rows.everything(node.path)))


def check_traffic(cases, chain):
    """The hub's counts by authority and institution are those of the ward's
    own rows."""
    sent = {i["code"]: i for i in chain.show()["by_institution"]}
    told = {}
    for hub in (chain.hub_direct, chain.hub_carried):
        p = run("traffic", hub.path, "--json")
        told.update({(r["authority"], r["institution"]): r for r in map(
            json.loads, p.stdout.splitlines())})
    cases.check("both hubs count", set(told) == {
        (AUTHORITY, code) for code in sent}, told)
    for code, i in sent.items():
        r = told.get((AUTHORITY, code), {})
        cases.check("the hub's counts of " + code,
                    r.get("records") == r.get("answered") == i["sent"] > 0
                    and r["files"] > 0 and r["cancelled"] == 0, (r, i))


def memory(pid):
    """All that a core of the process would hold."""
    blob = []
    with open("/proc/%d/maps" % pid, encoding="ascii") as maps, \
            open("/proc/%d/mem" % pid, "rb", 0) as mem:
        for line in maps:
            span, rights = line.split()[:2]
            if "w" not in rights:
                continue
            at, end = (int(x, 16) for x in span.split("-"))
            mem.seek(at)
            blob.append(mem.read(end - at))
    return b"\0".join(blob)


def check_memory(cases, chain):
    """While they run: what a core of a hub would hold, and may be none."""
    wanted = names_of(chain, 1000)[1]
    cases.check("names are found in memory that holds them",
                found_in(wanted, memory(os.getpid())))
    for hub in (chain.hub_direct, chain.hub_carried):
        pids = hub.children()
        cases.check("processes of " + hub.name, {"gate", "work"} <= set(pids))
        for kind, pid in pids.items():
            blob = memory(pid)
            cases.check("no name in the memory of %s %s" % (hub.name, kind),
                        len(blob) > 100000 and not found_in(wanted, blob))
            with open("/proc/%d/limits" % pid, encoding="ascii") as f:
                core = [x.split()[4:6] for x in f
                        if x.startswith("Max core file size")]
            cases.check("no core of %s %s" % (hub.name, kind),
                        core == [["0", "0"]], core)


def check_privacy(cases, chain):
    found, wanted = names_of(chain, 1000)
    cases.check("a thousand subjects' names are looked for", found == 1000
                and len(wanted) > 3000, (found, len(wanted)))
    for n in (chain.ward, chain.unit, *chain.banks):
        cases.check("names are at " + n.name,
                    holds_rows(n, wanted) > 0)
    for hub in (chain.hub_direct, chain.hub_carried):
        cases.check("no name in the rows of " + hub.name,
                    holds_rows(hub, wanted) == 0)
        for folder, _, names in os.walk(hub.path):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.isfile(path):
                    cases.check("no name in %s/%s" % (hub.name, name),
                                holds(path, wanted) == 0)
    for n in chain.nodes:
        cases.check("no name in the log of " + n.name,
                    holds(n.log, wanted) == 0)
        cases.check("no core of " + n.name, not [
            f for _, _, names in os.walk(n.path) for f in names
            if f == "core" or f.startswith("core.")])


def check_planted(cases, chain):
    """What the comparer must find."""
    planted = chain.folder + "-planted"
    shutil.copytree(chain.folder, planted,
                    ignore=shutil.ignore_patterns("*.sock", "lock"))
    try:
        chain.copy_databases(planted)
        db = rows.connect(os.path.join(planted, "ward"), write=True)
        db.execute("DELETE FROM outcome WHERE inquiry = (SELECT inquiry "
                   "FROM outcome LIMIT 1)")
        db.commit()
        db.close()
        db = rows.connect(os.path.join(planted, "bank-9601"), write=True)
        db.execute("INSERT INTO lookup SELECT authority, inquiry, "
                   "'again', class, customer FROM lookup LIMIT 1")
        db.commit()
        db.close()
        c = compare.compare(planted, chain.wave)
        cases.check("a planted deletion shows 1", c.lost == 1, c.lost)
        cases.check("a planted repeat shows 1", c.duplicated == 1,
                    c.duplicated)
    finally:
        shutil.rmtree(planted, ignore_errors=True)


def check_book(cases, chain):
    """媒体受渡簿: each carrying, both ways, with counts and digest."""
    db = rows.connect(chain.ward.path)
    book = db.execute("SELECT direction, hub, name, who, messages, digest "
                      "FROM carry").fetchall()
    db.close()
    cases.check("the book has carryings both ways",
                {r[0] for r in book} == {"out", "in"}, book[:3])
    cases.check("each entry names hub, file, who, counts and digest",
                book and all(r[1] == HUB_CARRIED and r[2].endswith(".zip")
                             and r[3] and len(r[5]) == 64 for r in book),
                book[:3])


def body(cases):
    tables = {}
    for carried in ("via-ward", "direct", "folder"):
        folder = _case.folder("flows")
        chain = Chain(folder, subjects=1200, institutions=2, seed=7,
                      customers=2500, carried=carried)
        try:
            check_chain(cases, chain, carried)
            if carried == "via-ward":
                check_traffic(cases, chain)
                check_memory(cases, chain)
            chain.stop()
            tables[carried] = final_tables(chain)
            if carried == "folder":
                check_book(cases, chain)
            if carried in ("via-ward", "folder"):
                check_privacy(cases, chain)
            if carried == "via-ward":
                check_planted(cases, chain)
        finally:
            chain.stop()
            _case.remove(folder)
    for name in FINAL:
        for carried in ("direct", "folder"):
            cases.check("the same %s over %s" % (name, carried),
                        tables[carried][name] == tables["via-ward"][name])
    cases.check("there are outcomes",
                len(tables["via-ward"]["outcome"]) > 2000)


_case.main(body)
