"""What a bad subjects.csv gets (docs/interface.md §8, §12): a code, a place
and a reason in two languages, none of it personal; the good rows of a file
are taken, and nothing else changes in any table."""
import json
import os

import _bad
import _case

TOP = _case.folder("bad-subjects")
WARD = os.path.join(TOP, "ward")
HEADER = ("宛名番号,属性(人格),カナ氏名,漢字氏名,生(設立)年月日,住所,科目,"
          "滞納額")
# What no refusal may say of the person of the row at hand (S5).
KANA, KANJI, BIRTH, ADDRESS, ATENA = (
    "ヒミツ ハナコ", "秘密花子", "1981-03-07", "架空町九丁目", "7700815")
SECRETS = (KANA, "ヒミツ", KANJI, "秘密", BIRTH, ADDRESS, ATENA, "48151623")


def row(atena=ATENA, person="1", kana=KANA, kanji=KANJI, birth=BIRTH,
        address=ADDRESS, kamoku="1", yen="48151623"):
    return ",".join((atena, person, kana, kanji, birth, address, kamoku, yen))


def text(*lines):
    return "".join(line + "\n" for line in lines)


GOOD = text(HEADER, *(row(atena="100%d" % i, kana="シカク タロウ",
                          kanji="架空太郎", birth="1970-01-02")
                      for i in range(5)))


def give(content, *more):
    path = os.path.join(TOP, "s.csv")
    with open(path, "wb") as f:
        f.write(content if isinstance(content, bytes) else content.encode())
    return _bad.shokai("subjects", "import", WARD, path, *more)


def check_refusal(c, name, r, code, level, where):
    c.check(name + ": form", _bad.well_formed(r), r)
    c.check(name + ": code", r["code"] == "subjects." + code, r)
    c.check(name + ": level", r["level"] == level, r)
    c.check(name + ": place", _bad.holds(r, dict(where, file="s.csv")), r)


def check_private(c, name, *outputs):
    said = b"".join(outputs).decode("utf-8", "replace")
    c.check(name + ": no personal data", not [s for s in SECRETS
                                              if s in said], said)


def whole(c, name, content, code, where, *more):
    """A file that is refused whole: exit 3, nothing changed anywhere."""
    found, p = _bad.changed([WARD], lambda: give(content, *more))
    c.check(name + ": exit 3", p.returncode == 3, p)
    c.check(name + ": nothing changed", found == {}, found)
    c.check(name + ": no result", p.stdout == b"", p.stdout)
    check_private(c, name, p.stderr)
    lines = _bad.refusals(p.stderr)
    c.check(name + ": one refusal", len(lines) == 1, p.stderr)
    for r in lines:
        check_refusal(c, name, r, code, "file", where)


def alone(c, name, line, code, where):
    """A row that is refused alone: exit 1; it leaves no trace."""
    content = text(HEADER, line)
    found, p = _bad.changed([WARD], lambda: give(content))
    c.check(name + ": exit 1", p.returncode == 1, p)
    c.check(name + ": nothing changed", found == {}, found)
    check_private(c, name, p.stderr, p.stdout)
    result = json.loads(p.stdout)
    c.check(name + ": counted", (result["accepted"], result["refused"],
                                 result["changed"]) == (0, 1, 0), result)
    lines = _bad.refusals(p.stderr)
    c.check(name + ": one refusal", len(lines) == 1, p.stderr)
    for r in lines:
        check_refusal(c, name, r, code, "record", dict(where, line=2))


def headers(c):
    extra = row() + ",x"
    whole(c, "no header", text(row(), row()), "header", {"line": 1})
    whole(c, "an unknown column", text(HEADER + ",電話番号", extra),
          "header", {"line": 1, "column": 9, "item": None})
    whole(c, "a column that looks alike", text(
        HEADER.replace("カナ氏名", "ｶﾅ氏名"), row()),
        "header", {"line": 1, "column": 3})
    whole(c, "a repeated column", text(HEADER + ",住所", extra), "header",
          {"line": 1, "column": 9, "item": "住所"})
    whole(c, "repeated in other parentheses", text(
        HEADER + ",属性（人格）", extra), "header", {"line": 1, "column": 9})
    for k, name in enumerate(HEADER.split(",")):
        without = HEADER.split(",")
        cells = row().split(",")
        del without[k], cells[k]
        whole(c, "without " + name, text(
            ",".join(without), ",".join(cells)), "header",
            {"line": 1, "item": name})
    for name in ("依頼コード", "根拠法令", "調査基準日",
                 "システム連携情報", "管理番号", "登録者", "更新日",
                 "照会対象期間"):
        whole(c, "the system's " + name, text(HEADER + "," + name, extra),
              "header", {"line": 1, "column": 9, "item": name})


def encodings(c):
    whole(c, "CP932 as UTF-8", text(HEADER, row()).encode("cp932"),
          "encoding", {"line": 1})
    whole(c, "UTF-8 as CP932", text(HEADER, row()), "encoding", {"line": 1},
          "--encoding", "cp932")
    whole(c, "UTF-8 with BOM as CP932", "\ufeff" + text(HEADER, row()),
          "encoding", {"line": 1}, "--encoding", "cp932")
    whole(c, "UTF-16", text(HEADER, row()).encode("utf-16"), "encoding",
          {"line": 1})
    p = give(text(HEADER, row()), "--encoding", "euc-jp")
    c.check("an encoding that is not read: exit 2", p.returncode == 2, p)


def frames(c):
    whole(c, "empty", "", "empty", {"line": 1})
    whole(c, "a BOM alone", "\ufeff", "empty", {"line": 1})
    whole(c, "blank lines alone", "\n\r\n\n", "empty", {"line": 1})
    whole(c, "an open quote", text(HEADER, row(kanji='"' + KANJI)), "quotes",
          {"line": 2})
    whole(c, "a quote within a field", text(HEADER, row(kanji='秘"密花子')),
          "quotes", {"line": 2})
    whole(c, "a quote left open late", GOOD + '2001,1,"x', "quotes",
          {"line": 7})
    whole(c, "NUL in a row", text(HEADER, row(kanji="秘\0密")), "nul",
          {"line": 2})
    whole(c, "NUL behind good rows", GOOD + "\0\n", "nul", {"line": 7})
    whole(c, "NUL in the header", text("\0" + HEADER, row()), "nul",
          {"line": 1})
    whole(c, "truncated", (GOOD + row())[:-20], "truncated", {"line": 7})
    whole(c, "a line over 64 KiB", text(HEADER, row(address="町" * 22000)),
          "too_large", {"line": 2})
    whole(c, "more than 256 columns", text(HEADER, "1," * 300), "too_large",
          {"line": 2})
    found, p = _bad.changed([WARD], lambda: give(text(HEADER)))
    c.check("a header alone: nothing to object, nothing changed",
            p.returncode == 0 and found == {}, (p, found))


def sparse(c):
    """A file over 2 GiB, by a hole: refused for its size before memory."""
    path = os.path.join(TOP, "large.csv")
    with open(path, "wb") as f:
        f.write(text(HEADER).encode())
        # What is read first would be refused for itself.
        f.write(b"\0" * 65536)
        f.truncate(2 * 2 ** 30 + 1)
    found, p = _bad.changed([WARD], lambda: _bad.shokai(
        "subjects", "import", WARD, path))
    codes = [r["code"] for r in _bad.refusals(p.stderr)]
    c.check("over 2 GiB: refused whole", p.returncode == 3 and found == {}
            and codes == ["subjects.too_large"],
            (p, found))
    os.unlink(path)


def rows(c):
    for birth in ("1980-02-30", "1981-02-29", "1980-13-01", "19800131",
                  "S55.1.31", "1980-1-31", "0000-01-01", "1980-00-07"):
        alone(c, "born " + birth, row(birth=birth), "bad_date",
              {"column": 5, "item": "生(設立)年月日"})
    alone(c, "an unknown 科目", row(kamoku="9"), "unknown_code",
          {"column": 7, "item": "科目"})
    alone(c, "an unknown 属性", row(person="4"), "unknown_code",
          {"column": 2, "item": "属性(人格)"})
    alone(c, "a negative sum", row(yen="-1"), "unknown_code",
          {"column": 8, "item": "滞納額"})
    alone(c, "a sum with commas", row(yen='"48,151,623"'), "unknown_code",
          {"column": 8, "item": "滞納額"})
    alone(c, "letters for a number", row(atena="7700815A"), "unknown_code",
          {"column": 1, "item": "宛名番号"})
    alone(c, "a number of 16 digits", row(atena="1234567890123456"),
          "field_too_long", {"column": 1, "item": "宛名番号"})
    alone(c, "a name of 101 characters", row(kanji="秘" * 101),
          "field_too_long", {"column": 4, "item": "漢字氏名"})
    alone(c, "an address of 4,097 bytes", row(address="町" * 1366),
          "field_too_long", {"column": 6, "item": "住所"})
    for column, item in ((1, "宛名番号"), (3, "カナ氏名"), (4, "漢字氏名"),
                         (5, "生(設立)年月日"), (6, "住所"), (8, "滞納額")):
        cells = row().split(",")
        cells[column - 1] = ""
        alone(c, "without a value: " + item, ",".join(cells), "missing",
              {"column": column, "item": item})
    alone(c, "a field too few", row().rsplit(",", 1)[0], "missing", {})
    alone(c, "a field too many", row() + ",1", "missing", {})
    alone(c, "a hidden character", row(kanji="秘\u200b密花子"),
          "bad_utf8_char", {"column": 4, "item": "漢字氏名"})


def bad_bytes(c):
    bad = text(HEADER).encode() + row().encode().replace(
        KANJI.encode(), b"\xe7\xa7") + b"\n"
    found, p = _bad.changed([WARD], lambda: give(bad))
    r = _bad.refusals(p.stderr)
    c.check("half a character", p.returncode == 1 and found == {}
            and len(r) == 1 and _bad.well_formed(r[0])
            and r[0]["code"] == "subjects.bad_utf8_char"
            and r[0]["where"]["line"] == 2, (p, found))
    check_private(c, "half a character", p.stderr)


MIXED = [
    # (a row, the code it is refused with or None)
    (row(atena="2001", kanji="良一"), None),
    (row(birth="1980-02-30"), "bad_date"),
    (row(atena="2001", kanji="良一", yen="5"), "duplicate"),
    (row(atena="2001", kanji="別人", kamoku="2"), "conflict"),
    (row(atena="2001", kanji="良一", kamoku="3"), None),
    (row(kamoku="7"), "unknown_code"),
    (row(kanji="秘" * 101), "field_too_long"),
    (row(kana=""), "missing"),
    (row(atena="2002", kanji="良二"), None),
]


def mixed(c):
    """A good file with some bad rows: the rest is accepted, exit 1."""
    content = text(HEADER, *(line for line, _ in MIXED))
    before = _case.dump(WARD)
    p = give(content)
    found = _bad.differing(before, _case.dump(WARD))
    result = json.loads(p.stdout)
    c.check("mixed: exit 1", p.returncode == 1, p)
    c.check("mixed: result", result["accepted"] == 3
            and result["refused"] == 6 and result["changed"] == 3, result)
    check_private(c, "mixed", p.stderr, p.stdout)
    wanted = [(i + 2, code) for i, (_, code) in enumerate(MIXED) if code]
    lines = _bad.refusals(p.stderr)
    c.check("mixed: each refusal with its line", [
        (r["where"]["line"], r["code"][9:]) for r in lines] == wanted, lines)
    c.check("mixed: form", all(map(_bad.well_formed, lines)), lines)
    c.check("mixed: level", {r["level"] for r in lines} == {"record"})
    # Besides the accepted rows only the log grows: who imported how much.
    c.check("mixed: the accepted rows alone", found.pop("subject", 0) ==
            (2, 0) and found.pop("claim", 0) == (3, 0)
            and set(found) == {"log", "log_object"}, found)
    c.check("mixed: nothing is taken away by a file with bad rows",
            _bad.query(WARD, "SELECT count(*) FROM claim WHERE atena LIKE "
                       "'100_'")[0][0] == 5)
    c.check("mixed: the first row stays", _bad.query(
        WARD, "SELECT kanji FROM subject WHERE atena = '2001'")
        == [("良一",)])


def again(c, name, content):
    """The same file again: the log says so, nothing else changes."""
    before = _case.dump(WARD)
    p = give(content)
    found = _bad.differing(before, _case.dump(WARD))
    c.check(name + ": changed is 0", json.loads(p.stdout)["changed"] == 0, p)
    c.check(name + ": only the log grows", set(found) <= {
        "log", "log_object"}, found)


def errors_file(c):
    """--errors FILE takes the refusals; more than 1,000 are counted."""
    path = os.path.join(TOP, "errors")
    bad = text(HEADER, *[row(kamoku="9")] * 1234)
    found, p = _bad.changed([WARD], lambda: give(
        bad, "--errors", path, "--force"))
    with open(path, "rb") as f:
        said = f.read()
    lines = _bad.refusals(said)
    c.check("--errors: exit 1, nothing changed", p.returncode == 1
            and found == {}, (p, found))
    c.check("--errors: nothing on stderr", p.stderr == b"", p.stderr)
    c.check("--errors: 1,000 and how many more", len(lines) == 1001
            and lines[-1] == {"code": "more", "count": 234},
            (len(lines), lines[-1:]))
    c.check("--errors: form", all(map(_bad.well_formed, lines)))
    check_private(c, "--errors", said)


def others(c):
    p = _bad.shokai("subjects", "import", WARD, os.path.join(TOP, "none"))
    c.check("no such file: exit 3", p.returncode == 3 and _bad.refusals(
        p.stderr)[0]["code"] == "file.missing", p)
    found, p = _bad.changed([WARD], lambda: give(
        text(HEADER, row(atena="3001")), "--dry-run"))
    c.check("--dry-run changes nothing", p.returncode == 0 and found == {}
            and json.loads(p.stdout)["accepted"] == 1, (p, found))
    found, p = _bad.changed([WARD], lambda: give(
        text(HEADER, row(atena="3001")), "--as", "nobody"))
    c.check("an unknown officer: exit 4", p.returncode == 4 and found == {},
            (p, found))


def body(c):
    try:
        p = _bad.shokai("node", "init", WARD, "--party", "ward", "--code",
                        "131041", "--name", "架空区")
        c.check("a ward", p.returncode == 0, p)
        p = give(GOOD)
        c.check("a good file", p.returncode == 0
                and json.loads(p.stdout)["accepted"] == 5, p)
        headers(c)
        encodings(c)
        frames(c)
        sparse(c)
        rows(c)
        bad_bytes(c)
        again(c, "a good file again", GOOD)
        mixed(c)
        again(c, "a mixed file again", text(*[HEADER] + [
            line for line, _ in MIXED]))
        errors_file(c)
        others(c)
    finally:
        _case.remove(TOP)


_case.main(body)
