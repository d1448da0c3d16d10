"""What a layout's policy holds is held alone and shown with item, rule,
character and position; an officer mends one and releases another, the rest
stays held. They go to the bank in files of their own, once each, and the
books agree (E5), though the wave had come to its end before. Ward and unit
show each sent item's source, rules, loss and versions, and prove them."""
import csv
import json
import os

import _bad
import _case
import compare
import rows
from chain import Chain, run

RULES = "kana-full,latin-full,sign-full,space:full"
SMALL = "ァィゥェォッャュョヮヵヶ"


def strict(chain):
    """The bank's form has large kana alone, and permits no loss."""
    for node in (chain.ward, chain.unit, *chain.banks):
        for folder, _, names in os.walk(os.path.join(node.path, "layouts")):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as f:
                    text = f.read()
                assert RULES in text
                with open(path, "w", encoding="utf-8") as f:
                    f.write(text.replace(RULES, "kana-large," + RULES))


def held(chain):
    p = run("exceptions", "list", chain.ward.path, chain.wave, "--kind",
            "held", "--json")
    return [json.loads(line) for line in p.stdout.splitlines()]


def shown(chain, number, node=None, who="officer1"):
    return json.loads(run("inquiry", "show", (node or chain.ward).path,
                          number, "--as", who, "--json").stdout)


def give_account(chain):
    """A subject of two claims has a known account, told with the second."""
    path = os.path.join(chain.synth, "ward", "subjects.csv")
    with open(path, encoding="utf-8", newline="") as f:
        lines = list(csv.DictReader(f))
    by = {}
    for r in lines:
        by.setdefault(r["宛名番号"], []).append(r)
    two = next(v for v in by.values() if len(v) > 1)
    row = max(two, key=lambda r: r["科目"])
    row.update({"金融機関コード": "9601", "支店番号": "001", "口座種別": "1",
                "口座番号": "0012345"})
    with open(path, "w", encoding="utf-8", newline="") as f:
        out = csv.DictWriter(f, lines[0])
        out.writeheader()
        out.writerows(lines)
    return row["宛名番号"]


def looked_up(chain):
    db = rows.connect(chain.banks[0].path)
    found = [r[0] for r in db.execute("SELECT inquiry FROM lookup")]
    db.close()
    return found


def check_shown(cases, chain, lines):
    with open(os.path.join(chain.synth, "ward", "subjects.csv"),
              encoding="utf-8-sig", newline="") as f:
        kana = {r["宛名番号"]: r["カナ氏名"] for r in csv.DictReader(f)}
    good = 0
    for x in lines[:5]:
        name = kana[shown(chain, x["inquiry"])["atena"]]
        good += (x["item"] == "カナ氏名" and x["reason"] == "kana-large"
                 and name[x["at"] - 1] in SMALL
                 and x["bad"] == "U+%04X" % ord(name[x["at"] - 1]))
    cases.check("item, rule, place and character are told", good == 5,
                lines[:5])


def check_provenance(cases, chain, numbers):
    """Each item's source, value before and after, rules, loss, versions."""
    mended, released = (shown(chain, n) for n in numbers)
    for what, x in (("mended", mended), ("released", released)):
        item = {i["item"]: i for i in x["items"]}
        kana = item["カナ氏名"]
        cases.check(what + ": what stands in the file", kana["after"]
                    == kana["value"].replace(" ", "　").translate(
                        str.maketrans(SMALL, "アイウエオツヤユヨワカケ")),
                    kana)
        cases.check(what + ": versions", x["record"]["layout"]
                    == "2025-04-01" and len(x["record"]["tables"]) == 16
                    and x["record"]["text_tables"].startswith("1.")
                    and x["record"]["digest"].startswith(
                        x["record"]["sent"]["digest"]), x.get("record"))
        cases.check(what + ": where each comes from", (
            item["住所"]["source"], item["根拠法令"]["source"],
            item["管理番号"]["source"]) == ("ward", "wave", "system"), item)
    kana = {i["item"]: i for i in mended["items"]}["カナ氏名"]
    cases.check("mended: by an officer", kana["source"] == "officer"
                and kana["value"] == "カクウ タロウ"
                and kana["mended_from"] != kana["value"], kana)
    kana = {i["item"]: i for i in released["items"]}["カナ氏名"]
    cases.check("released: with its loss", kana["loss"] == "material" and any(
        c["rule"] == "kana-large" for c in kana["changes"]), kana)


def check_proved(cases, chain, asked):
    """What was sent is recomputed to the same bytes, by what the unit kept;
    when the layout in force is another, too."""
    def proved():
        shows = [shown(chain, n)["record"] for n in asked]
        return all(r["proved"] is True and r["layout"] == "2025-04-01"
                   for r in shows)
    cases.check("recomputed and proved: %d" % len(asked), proved())
    folder = os.path.join(chain.ward.path, "layouts", "9601")
    old = os.path.join(folder, "2025-04-01.yaml")
    with open(old, encoding="utf-8") as f:
        text = f.read()
    assert "valid_from: 2025-04-01" in text
    new = os.path.join(chain.folder, "new.yaml")
    with open(new, "w", encoding="utf-8") as f:
        f.write(text.replace("valid_from: 2025-04-01",
                             "valid_from: 2025-04-02")
                .replace("kana-large,", ""))
    run("layout", "install", chain.ward.path, new)
    cases.check("by its own version, after another is in force", proved())
    with open(old, "w", encoding="utf-8") as f:
        f.write(text.replace("space:full", "space:none"))
    cases.check("by a layout that was meddled with: not proved",
                not proved())
    with open(old, "w", encoding="utf-8") as f:
        f.write(text)


ALIKE = ("items", "record", "subject")  # at ward and unit


def check_unit(cases, chain, sent, two, still):
    """The unit tells the same of what it sent, from its own snapshot."""
    unit = chain.unit
    for number in sent[:3] + two:
        here, there = shown(chain, number, unit), shown(chain, number)
        cases.check("unit: as the ward has it", all(
            here[k] == there[k] for k in ALIKE) and here["record"]["proved"]
            and here["file"]["file"] == there["file"]["file"], number)
    cases.check("unit: what became of it", [
        (x["state"], x["outcome"]["class"], x["halt"]["state"])
        for x in (shown(chain, n, unit) for n in two)] == [
            ("cleansed", shown(chain, n)["outcome"]["class"], "sent")
            for n in two])
    x = shown(chain, still, unit)
    cases.check("unit: held, and why", x["state"] == "held" and (
        x["exception"]["item"], x["exception"]["reason"]) == (
            "カナ氏名", "kana-large") and x["exception"]["at"] > 0
        and x["exception"]["bad"].startswith("U+30") and "sent"
        not in x["record"], x["exception"])
    db = rows.connect(unit.path)
    log = list(db.execute(
        "SELECT l.actor, l.action, o.authority FROM log AS l JOIN log_object "
        "AS o ON o.lane = l.lane AND o.seq = l.seq WHERE o.kind = 'inquiry' "
        "AND o.object = ?", (still,)))
    db.close()
    cases.check("unit: the reading is in the log", [tuple(r) for r in log]
                == [("officer1", "read", "131041")], log)
    cases.check("unit: its log holds", run(
        "audit", "verify", unit.path, ok=None).returncode == 0)
    refused(cases, chain, still)


def refused(cases, chain, number):
    """Whose node, who looks, and at what: each has its refusal."""
    for name, want, node, who, what in (
            ("unit: no inquiry of its waves", 3, chain.unit, "officer1",
             number[:7] + "AAAAAAAAA"),
            ("unit: an inquiry of an institution that was not asked", 3,
             chain.unit, "officer1", elsewhere(number)),
            ("unit: nobody", 4, chain.unit, "officer9", number),
            ("unit: an administrator", 4, chain.unit, "admin9", number),
            ("a hub", 4, chain.hub_direct, "officer1", number),
            ("a bank", 4, chain.banks[0], "officer1", number)):
        p = run("inquiry", "show", node.path, what, "--as", who, ok=None)
        cases.check("refused: " + name, p.returncode == want
                    and p.stdout == "", (p.returncode, p.stderr))


def elsewhere(number):
    """The same subject's 管理番号 at 9602 (ISO/IEC 7064 MOD 37,36)."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    n, code = 9602, ""
    while n:
        n, d = divmod(n, 36)
        code = digits[d] + code
    body = number[:7] + code.rjust(3, "0") + number[10:15]
    p = 36
    for c in body:
        p = (p + digits.index(c)) % 36 or 36
        p = p * 2 % 37
    return body + digits[(37 - p) % 36]


def check_account(cases, chain, atena, sent):
    """The account told with the second claim is in the one record."""
    number = next(n for n in sent if shown(chain, n)["atena"] == atena)
    for node in (chain.ward, chain.unit):
        x = shown(chain, number, node)
        item = {i["item"]: i for i in x["items"]}
        cases.check(node.name + ": the second claim's account", (
            item["口座番号"]["after"], item["根拠法令"]["value"].count("|"),
            len(x["subject"]), x["record"]["proved"]) == (
                "0012345", 1, 2, True), (item["口座番号"], x["record"]))


def ended(chain):
    """What the wave is in the end: state, sent, held."""
    w = chain.show()
    return w["state"], w["sent"], len(held(chain))


def refusals(cases, chain, number):
    def code(*args, who="officer1"):
        return run("exceptions", *args, "--as", who, ok=None).returncode
    sent = looked_up(chain)[0]
    why = ("--reason", "本人確認書類による")
    w = chain.ward.path
    for name, want, args in (
            ("an item that is not the ward's", 3,
             ("mend", w, number, "--item", "管理番号", "--value", "1", *why)),
            ("no reason", 3,
             ("mend", w, number, "--item", "カナ氏名", "--value", "ア")),
            ("a value longer than the item", 3,
             ("mend", w, number, "--item", "カナ氏名", "--value", "ア" * 101,
              *why)),
            ("one that was sent", 4, ("release", w, sent, *why))):
        found = code(*args)
        cases.check("refused: " + name, found == want, found)
    found = code("release", w, number, *why, who="auditor1")
    cases.check("refused: an auditor", found == 4, found)


def decide(chain, mended, released):
    why = ("--reason", "本人確認書類による", "--as", "officer1")
    run("exceptions", "mend", chain.ward.path, mended, "--item", "カナ氏名",
        "--value", "カクウ タロウ", *why)
    run("exceptions", "release", chain.ward.path, released, *why)


def body(cases):
    folder = _case.folder("mends")
    chain = Chain(folder, subjects=300, institutions=1, customers=300)
    try:
        chain.make_synth()
        chain.make_nodes()
        strict(chain)
        atena = give_account(chain)
        run("user", "add", chain.unit.path, "officer1", "--role", "officer")
        run("user", "add", chain.unit.path, "admin9", "--role", "admin")
        chain.import_banks()
        chain.start()
        chain.import_subjects()
        chain.ask()
        chain.finish(timeout=120)
        lines = held(chain)
        cases.check("some are held, most are not",
                    5 < len(lines) < 200, len(lines))
        check_shown(cases, chain, lines)
        refusals(cases, chain, lines[0]["inquiry"])
        before = looked_up(chain)
        two = [x["inquiry"] for x in lines[:2]]
        decide(chain, *two)
        wanted = ("closed", len(before) + 2, len(lines) - 2)
        _bad.until(lambda: chain.check() < 0 or ended(chain) == wanted, 120)
        asked = looked_up(chain)
        cases.check("the two were asked, once, and nobody else",
                    sorted(asked) == sorted(before + two),
                    (len(asked), len(before)))
        cases.check("the rest stays held", len(held(chain)) ==
                    len(lines) - 2, len(held(chain)))
        for number in two:
            cases.check("it has its answer", shown(chain, number)["state"]
                        == "closed", shown(chain, number)["state"])
        check_provenance(cases, chain, two)
        check_proved(cases, chain, before[:40] + two)
        check_unit(cases, chain, before, two, held(chain)[-1]["inquiry"])
        check_account(cases, chain, atena, before)
        c = compare.compare_chain(chain)
        cases.check("nothing lost or doubled",
                    (c.lost, c.duplicated, c.pending) == (0, 0, 0), vars(c))
        for node in chain.nodes:
            p = run("reconcile", node.path, ok=None)
            cases.check("reconcile " + node.name, p.returncode == 0,
                        p.stdout[-300:] + p.stderr[-300:])
    finally:
        chain.stop()
        if chain.cluster is not None:
            chain.cluster.stop()
        _case.remove(folder)


if __name__ == "__main__":
    _case.main(body)
