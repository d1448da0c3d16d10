"""What bad files of a bank's own customers get (docs/interface.md §10, §12):
a code, the file, the line, the item and a reason in two languages, none of it
personal. A row that is refused leaves no trace; a folder that is refused
whole leaves what was in force before."""
import json
import os

import _bad
import _case

TOP = _case.folder("bad-customers")
BANK = os.path.join(TOP, "bank")
FILES = {
    "customers.csv": [
        "顧客番号,属性(人格),カナ氏名,漢字氏名,英字名,生(設立)年月日,性別,"
        "郵便番号,住所,旧カナ氏名,旧住所,電話番号,勤務先,状態",
        "7700815,1,ﾋﾐﾂ ﾊﾅｺ,秘密花子,,1981-03-07,2,1000001,架空町九丁目,,,"
        "0300001234,,0",
        "7700816,1,ﾋﾐﾂ ﾀﾛｳ,秘密太郎,,1979-01-00,1,1000001,架空町九丁目,,,"
        ",,0"],
    "accounts.csv": [
        "顧客番号,名義順,店番,口座種別,口座番号,残高,満期日,最終取引日,"
        "開設日,状態,給与振込有無,年金振込有無",
        "7700815,1,001,1,4815162,987654,,2026-01-05,,0,1,0"],
    "transactions.csv": [
        "金融機関コード,店番,口座種別,口座番号,連番,取引日,起算日,出金,入金,"
        "残高,摘要",
        "9601,001,1,4815162,1,2026-01-05,,,987654,987654,秘密給与"],
    "others.csv": [
        "顧客番号,種類,連番,名称,金額,口数,日付,摘要",
        "7700815,1,1,秘密貸付,123456,,2026-01-01,"],
}
SECRETS = ("秘密", "ﾋﾐﾂ", "ハナコ", "1981-03-07", "架空町", "7700815",
           "4815162", "987654", "0300001234")
ROWS = sum(len(lines) - 1 for lines in FILES.values())


def content(name, lines=None):
    return "".join(x + "\n" for x in (lines or FILES[name])).encode()


def give(changed, *more, missing=()):
    """Imports the right files, with those in changed in their place."""
    folder = os.path.join(TOP, "data")
    os.makedirs(folder, exist_ok=True)
    for name in FILES:
        path = os.path.join(folder, name)
        if name in missing:
            os.unlink(path)
            continue
        with open(path, "wb") as f:
            f.write(changed.get(name, content(name)))
    return _bad.shokai("customers", "import", BANK, folder, "--as-of",
                       "2026-01-31", *more)


def in_force():
    """What a lookup would find, without the number of the import."""
    return {t: _bad.query(BANK, "SELECT count(*) FROM %s WHERE import = "
                          "(SELECT max(seq) FROM import WHERE state = 1)" % t)
            for t in ("customer", "account", "dealing", "other")}


def private(c, name, p):
    said = (p.stderr + p.stdout).decode("utf-8", "replace")
    c.check(name + ": no personal data", not [s for s in SECRETS
                                              if s in said], said)


def whole(c, name, changed, code, where, missing=()):
    """The folder is refused: exit 3, every table as before."""
    found, p = _bad.changed([BANK], lambda: give(changed, missing=missing))
    c.check(name + ": exit 3", p.returncode == 3, p)
    found = {t: n for d in found.values() for t, n in d.items()
             if t != "sqlite_sequence"}
    c.check(name + ": nothing changed", found == {}, found)
    private(c, name, p)
    lines = _bad.refusals(p.stderr)
    c.check(name + ": one refusal", len(lines) == 1
            and _bad.well_formed(lines[0]), p.stderr)
    for r in lines:
        c.check("%s: %s" % (name, code), r["code"] == code
                and r["level"] == "file", r)
        c.check(name + ": place", _bad.holds(r, where), r)


def alone(c, name, file, line, code, item, number):
    """One more row, which is refused alone; the others are taken."""
    bad = FILES[file] + [line]
    p = give({file: content(file, bad)}, "--max-errors", "50")
    c.check(name + ": exit 1", p.returncode == 1, p)
    private(c, name, p)
    result = json.loads(p.stdout) if p.stdout else {}
    c.check(name + ": counted", (result.get("accepted"), result.get(
        "refused")) == (ROWS, 1), result)
    lines = _bad.refusals(p.stderr)
    c.check(name + ": one refusal", len(lines) == 1
            and _bad.well_formed(lines[0]), p.stderr)
    for r in lines:
        c.check("%s: %s" % (name, code), r["code"] == code
                and r["level"] == "record", r)
        want = {"file": file}
        if number:
            want["line"] = number
        if item:
            want["item"] = item
        c.check(name + ": place", _bad.holds(r, want), r)


def with_cell(file, at, value, row=1):
    cells = FILES[file][row].split(",")
    cells[at] = value
    return ",".join(cells)


def files(c):
    f = "customers.csv"
    head, *rows = FILES[f]
    whole(c, "empty", {f: b""}, "customers.empty", {"file": f})
    whole(c, "an unknown column", {f: content(f, [
        head + ",備考", *(r + "," for r in rows)])}, "customers.header",
        {"file": f, "line": 1})
    whole(c, "a repeated column", {f: content(f, [
        head + ",状態", *(r + ",0" for r in rows)])}, "customers.header",
        {"file": f, "line": 1})
    whole(c, "a missing column", {f: content(f, [
        head.replace(",勤務先", ""), *(r.replace(",,0", ",0")
                                       for r in rows)])},
          "customers.header", {"file": f, "line": 1})
    whole(c, "CP932", {f: content(f).decode().encode("cp932")},
          "customers.encoding", {"file": f, "line": 1})
    whole(c, "an open quote", {f: content(f) + b'7700817,1,"x'},
          "customers.quotes", {"file": f, "line": 4})
    whole(c, "cut off", {f: content(f)[:-20]}, "customers.truncated",
          {"file": f, "line": 3})
    whole(c, "a line over 64 KiB", {f: content(f) + b"9" * 70000 + b"\n"},
          "customers.too_large", {"file": f, "line": 4})
    for name in FILES:
        whole(c, "without " + name, {}, "file.missing", {},
              missing=(name,))
    for name in FILES:
        whole(c, "another open quote: " + name, {
            name: content(name) + b'"'}, "customers.quotes",
            {"file": name, "line": len(FILES[name]) + 1})


def rows(c):
    f, a, t, o = FILES
    for name, file, at, value, code, item in (
            ("no number", f, 0, "", "missing", "顧客番号"),
            ("a number with a letter", f, 0, "77008x", "unknown_code",
             "顧客番号"),
            ("a name of 101 characters", f, 3, "秘" * 101,
             "field_too_long", "漢字氏名"),
            ("a day that is none", f, 5, "1981-02-30", "bad_date",
             "生(設立)年月日"),
            ("a state of two digits", f, 13, "00", "field_too_long",
             "状態"),
            ("a state that is none", f, 13, "5", "unknown_code", "状態"),
            ("a person that is none", f, 1, "4", "unknown_code",
             "属性(人格)"),
            ("a sex that is none", f, 6, "3", "unknown_code", "性別"),
            ("a sign that is none", a, 10, "2", "unknown_code",
             "給与振込有無"),
            ("a dealing that is none", o, 1, "7", "unknown_code", "種類"),
            ("a kind of account that is none", a, 3, "0", "unknown_kind",
             "口座種別"),
            ("a kind that is none", t, 2, "x", "unknown_kind", "口座種別"),
            ("a branch of two digits", a, 2, "01", "unknown_code", "店番"),
            ("a balance with a point", a, 5, "98.7", "unknown_code",
             "残高"),
            ("an amount of sixteen digits", t, 8, "9" * 16,
             "unknown_code", "入金"),
            ("an unknown day of a dealing", t, 5, "2026-01-00", "bad_date",
             "取引日"),
            ("no kind of another dealing", o, 1, "", "missing", "種類")):
        alone(c, name, file, with_cell(file, at, value),
              "customers." + code, item, len(FILES[file]) + 1)
    bad = content(f) + with_cell(f, 3, "秘\x00密").encode() + b"\n"
    p = give({f: bad}, "--max-errors", "50")
    lines = _bad.refusals(p.stderr)
    c.check("a NUL: customers.nul", p.returncode in (1, 3) and lines
            and lines[0]["code"] == "customers.nul" and _bad.holds(
                lines[0], {"file": f, "line": 4}), p)
    bad = content(f) + with_cell(f, 3, "@").encode().replace(
        b"@", b"\xe7\xa7") + b"\n"
    p = give({f: bad}, "--max-errors", "50")
    lines = _bad.refusals(p.stderr)
    c.check("a cut character: customers.bad_utf8_char", p.returncode == 1
            and len(lines) == 1 and lines[0]["code"]
            == "customers.bad_utf8_char" and _bad.holds(
                lines[0], {"file": f, "line": 4, "item": "漢字氏名"}), p)


def twice(c):
    f = "customers.csv"
    # Of rows that are the same it is not said which of them is one too many.
    alone(c, "the same row twice", f, FILES[f][1], "customers.duplicate",
          None, None)
    alone(c, "the same number, another name", f, with_cell(
        f, 3, "秘密次郎"), "customers.conflict", None, 4)


def share(c):
    """Over 1 % of bad rows: refused whole, each bad row named."""
    f = "customers.csv"
    before = in_force()
    p = give({f: content(f, FILES[f] + [with_cell(f, 5, "1981-02-30")])})
    lines = _bad.refusals(p.stderr)
    c.check("too many bad rows: exit 3", p.returncode == 3
            and p.stdout == b"", p)
    c.check("too many bad rows: named, and why",
            [r["code"] for r in lines] == ["customers.bad_date",
                                           "customers.error_share"]
            and all(map(_bad.well_formed, lines))
            and lines[1]["level"] == "file", lines)
    c.check("too many bad rows: what was in force stays",
            in_force() == before, (before, in_force()))


def body(c):
    try:
        p = _bad.shokai("node", "init", BANK, "--party", "bank", "--code",
                        "9601", "--name", "架空銀行")
        c.check("a bank", p.returncode == 0, p)
        p = give({})
        c.check("good files", p.returncode == 0 and json.loads(
            p.stdout)["accepted"] == ROWS, p)
        files(c)
        rows(c)
        twice(c)
        share(c)
    finally:
        _case.remove(TOP)


_case.main(body)
