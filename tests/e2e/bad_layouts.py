"""What a bad rule file gets: `layout check` names each fault with line and
column, `layout install` refuses what check refuses; neither the installed
files nor any table of the node change (docs/interface.md §4, §12)."""
import os
import re

import _bad
import _case
from chain import ROOT

TOP = _case.folder("bad-layouts")
UNIT = os.path.join(TOP, "unit")
FILE = os.path.join(TOP, "2025-04-01.yaml")
with open(os.path.join(ROOT, "layouts", "9601", "2025-04-01.yaml"),
          encoding="utf-8") as f:
    CSV = f.read()
with open(os.path.join(ROOT, "layouts", "9603", "2025-04-01.yaml"),
          encoding="utf-8") as f:
    FIXED = f.read()


def installed():
    """{path: content} of everything below the node's layouts."""
    found = {}
    for folder, _, names in os.walk(os.path.join(UNIT, "layouts")):
        found[folder] = None
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as f:
                found[path] = f.read()
    return found


def place(text, at):
    """Line and column (in characters) of an offset."""
    before = text[:at]
    return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1


def write(text):
    with open(FILE, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())


def checked(c, name, code, where):
    """check: exit 1, a line for each fault, one of them at that place."""
    p = _bad.shokai("layout", "check", FILE)
    lines = p.stdout.decode().splitlines()
    shape = re.compile(re.escape(FILE) + r":(\d+):(\d+): ([a-z_.]+): .+")
    found = [shape.fullmatch(line) for line in lines]
    c.check(name + ": check exits 1", p.returncode == 1, p)
    c.check(name + ": FILE:LINE:COLUMN: code: text",
            lines and all(found), lines)
    said = [(int(m[1]), int(m[2]), m[3]) for m in found if m]
    c.check(name + ": code and place", where + ("layout." + code,) in said,
            (where, said))
    return said


def refused(c, name, text, code, where):
    write(text)
    said = checked(c, name, code, where)
    before = installed()
    found, p = _bad.changed([UNIT], lambda: _bad.shokai(
        "layout", "install", UNIT, FILE))
    c.check(name + ": install exits 3", p.returncode == 3, p)
    c.check(name + ": nothing changed", found == {}
            and installed() == before, found)
    lines = _bad.refusals(p.stderr)
    c.check(name + ": one refusal in its form", len(lines) == 1
            and _bad.well_formed(lines[0]) and lines[0]["level"] == "file",
            p.stderr)
    for r in lines:
        c.check(name + ": the refusal says what check says first",
                said and (r["where"].get("line"), r["where"].get("column"),
                          r["code"]) == said[0], (r, said))
        c.check(name + ": the refusal names the file", r["where"].get(
            "file") == os.path.basename(FILE), r)


def swapped(c, name, text, old, new, code, mark=None):
    """old becomes new; the fault stands where mark begins in what is new."""
    c.check(name + ": the rule file holds what is changed", old in text)
    at = text.index(old)
    bad = text[:at] + new + text[at + len(old):]
    refused(c, name, bad, code, place(bad, at + new.index(mark or new)))


def syntax(c):
    swapped(c, "an unknown key", CSV, "form: csv", "from: csv", "syntax")
    swapped(c, "an unknown encoding", CSV, "encoding: utf-8",
            "encoding: utf-16", "syntax")
    swapped(c, "an unknown item", CSV, "{item: 漢字氏名, from",
            "{item: 氏名, from", "syntax", "item")
    swapped(c, "a day that is none", CSV, "valid_from: 2025-04-01",
            "valid_from: 2025-02-30", "syntax")
    swapped(c, "a key twice", CSV, "newline: crlf\n",
            "newline: crlf\nnewline: lf\n", "syntax", "newline: lf")
    swapped(c, "an institution of five digits", CSV, 'code: "9601"',
            'code: "96011"', "syntax")
    refused(c, "an open bracket", CSV + "x: [1, 2\n", "syntax",
            (CSV.count("\n") + 2, 1))
    refused(c, "an empty file", "", "syntax", (1, 1))
    refused(c, "bytes that are no UTF-8", CSV.encode("cp932", "replace"),
            "syntax", (1, 1))


def rules(c):
    swapped(c, "an unknown rule", CSV, 'rules: "kana-full,latin-full',
            'rules: "kana-fuel,latin-full', "unknown_rule")
    rule = 'rules: "kana-full,latin-full,sign-full,space:'
    swapped(c, "an unknown argument", CSV, rule + "full", rule + "three",
            "unknown_rule")


def fields(c):
    swapped(c, "an item twice", CSV, "- {item: 口座番号}\n",
            "- {item: 口座番号}\n      - {item: 口座番号, name: 二}\n",
            "overlap", "{item: 口座番号, name: 二}")
    swapped(c, "a class that is not mapped", CSV,
            'map: {found: "1", none: "2", review: "3"',
            'map: {found: "1", review: "3"', "map_incomplete")
    swapped(c, "a code that is not mapped", CSV,
            'map: {"1": "1", "2": "2", "0": "", "9": ""}',
            'map: {"1": "1", "2": "2", "0": ""}', "map_incomplete")
    swapped(c, "a width that a number never fits", CSV,
            "{item: 管理番号, width: 16, required: true}",
            "{item: 管理番号, width: 15, required: true}", "never_fits",
            "{item")
    swapped(c, "a width that a date never fits", CSV,
            "{item: 生(設立)年月日, date: ymd8, required: true}",
            "{item: 生(設立)年月日, date: ymd8, width: 7}", "never_fits",
            "{item")


def positions(c):
    """A fixed record: a column that begins within the one before."""
    columns = list(re.finditer(r"\{item: [^{}]*width: (\d+)[^{}]*\}", FIXED))
    c.check("the fixed layout has columns", len(columns) > 5)
    m = columns[3]
    bad = FIXED[:m.start() + 1] + "at: 1, " + FIXED[m.start() + 1:]
    refused(c, "a column over another", bad, "overlap",
            place(bad, m.start()))
    write(CSV + "#" * 262144)
    for words in (("check", FILE), ("install", UNIT, FILE)):
        p = _bad.shokai("layout", *words)
        r = _bad.refusals(p.stderr)
        c.check("too large a file: %s refuses it" % words[0],
                p.returncode == 3 and len(r) == 1 and _bad.well_formed(r[0])
                and r[0]["code"] == "file.too_large", p)


def several(c):
    """Many files: each is told, the worst decides; a good one is installed."""
    write(CSV.replace("form: csv", "from: csv"))
    good = os.path.join(ROOT, "layouts", "9601", "2025-04-01.yaml")
    p = _bad.shokai("layout", "check", good, FILE, good)
    c.check("one bad file among good ones: exit 1", p.returncode == 1
            and p.stdout.decode().count("layout.syntax") >= 1
            and good + ":" not in p.stdout.decode(), p.stdout)
    p = _bad.shokai("layout", "check", good)
    c.check("a good file: exit 0, nothing said", p.returncode == 0
            and p.stdout == b"", p)
    p = _bad.shokai("layout", "check", os.path.join(TOP, "none.yaml"))
    c.check("no such file: exit 3", p.returncode == 3 and len(
        _bad.refusals(p.stderr)) == 1, p)
    p = _bad.shokai("layout", "install", UNIT, good, "--code", "96")
    c.check("a code that is none: exit 3", p.returncode == 3
            and not [x for x in installed() if x.endswith(".yaml")], p)
    p = _bad.shokai("layout", "install", UNIT, good)
    c.check("a good file is installed", p.returncode == 0 and [
        v for k, v in installed().items() if k.endswith(".yaml")] == [
            CSV.encode()], p)
    refused(c, "over an installed one", CSV.replace("form: csv",
                                                    "form: tsv"),
            "syntax", place(CSV, CSV.index("form: csv")))


def body(c):
    try:
        p = _bad.shokai("node", "init", UNIT, "--party", "unit", "--code",
                        "U001", "--name", "架空")
        c.check("a unit", p.returncode == 0, p)
        syntax(c)
        rules(c)
        fields(c)
        positions(c)
        several(c)
    finally:
        _case.remove(TOP)


_case.main(body)
