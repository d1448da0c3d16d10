"""Every code of docs/interface.md §12 is reached through the command line:
here stands by which test. A code that the document knows and this table does
not is a failure; so is a table that names a test or a case which is not
there. Those that no other test reaches are reached here."""
import os
import re

import _bad
import _case
from chain import ROOT

HERE = os.path.join(ROOT, "tests", "e2e")
# code: (test, what its case is called there)
SUBJECTS = {
    "header": "an unknown column", "encoding": "CP932 as UTF-8",
    "quotes": "an open quote", "nul": "NUL in a row", "empty": "empty",
    "truncated": "truncated", "too_large": "a line over 64 KiB",
    "field_too_long": "field_too_long", "bad_utf8_char": "bad_utf8_char",
    "unknown_code": "unknown_code", "bad_date": "bad_date",
    "duplicate": "duplicate", "conflict": "conflict", "missing": "missing"}
CUSTOMERS = {
    "header": "an unknown column", "encoding": "CP932",
    "quotes": "an open quote", "nul": "customers.nul", "empty": "empty",
    "truncated": "cut off", "too_large": "a line over 64 KiB",
    "field_too_long": "a name of 101 characters",
    "bad_utf8_char": "customers.bad_utf8_char",
    "unknown_code": "a state that is none", "bad_date":
    "a day that is none", "duplicate": "the same row twice", "conflict":
    "the same number, another name", "missing": "no number",
    "unknown_kind": "a kind of account that is none",
    "error_share": "customers.error_share"}
LAYOUT = {
    "syntax": "an unknown key", "unknown_rule": "an unknown rule",
    "overlap": "an item twice", "map_incomplete": "map_incomplete",
    "never_fits": "never_fits"}
ANSWER = {
    "digest": "answer.digest", "count": "an answer taken out",
    "header": "an empty file", "unknown_number": "answer.unknown_number",
    "repeated": "answer.repeated", "missing": "answer.missing",
    "unknown_code": "answer.unknown_code", "bad_date": "answer.bad_date"}
MESSAGE = {
    "accepted": "name + \": found out\"", "malformed": "a header that is "
    "none", "duplicate": "the same id, other content", "expired": "expired",
    "unknown_sender": "an unknown origin", "unknown_recipient":
    "for somebody unknown", "not_allowed": "an unlisted kind",
    "bad_certificate": "an origin whose period has ended", "bad_signature":
    "a header altered and signed by the hub", "too_large":
    "a header over 8 KiB"}
WAVE = {
    "basis": "an unknown basis", "purpose": "an empty purpose", "approver":
    "no appointment", "scope": "an unknown scope", "closed":
    "approved before it is submitted"}
STORE = {
    "unreachable": "no database", "read_only":
    "a file system that is read only", "schema_old":
    "of an older program", "schema_new": "of a newer program",
    "disk_full": "serve on a full disk"}


def family(name, test, cases):
    return {"%s.%s" % (name, k): (test, v) for k, v in cases.items()}


TABLE = {
    **family("subjects", "bad_subjects.py", SUBJECTS),
    **family("customers", "bad_customers.py", CUSTOMERS),
    **family("layout", "bad_layouts.py", LAYOUT),
    **family("answer", "bad_answers.py", ANSWER),
    **family("message", "bad_messages.py", MESSAGE),
    **family("wave", "bad_waves.py", WAVE),
    **family("store", "bad_store.py", STORE),
    "store.auth": ("bad_postgres.py", "a wrong password"),
    "store.certificate": ("bad_postgres.py",
                          "a certificate of another name"),
    "store.unsure": ("postgres_away.py", "gone: store.unsure"),
    "layout.basis": ("codes.py", "a basis that no layout takes"),
    "answer.bad_amount": ("codes.py", "an amount that is none"),
    "backup.key": ("backup.py", "another key"),
    "backup.damaged": ("backup.py", "cut in the middle"),
}

def promised():
    """The codes of §12, those of §3's receipts among them."""
    with open(os.path.join(ROOT, "docs", "interface.md"),
              encoding="utf-8") as f:
        text = f.read()
    section = text.split("\n## 12.")[1].split("\n## 13.")[0]
    found = set()
    group = None
    for token in re.findall(r"`([a-z0-9_]+\.?)`", section.split("\n", 1)[1]):
        if token.endswith("."):
            group = token
        else:
            found.add(group + token)
    found |= {"customers." + f.split(".")[1] for f in found
              if f.startswith("subjects.")}
    receipts = text.split("Receipt codes")[1].split("\n\n")[0]
    found |= {"message." + name
              for name in re.findall(r"\d{3} `(\w+)`", receipts)}
    return found


def table(c):
    codes = promised()
    c.check("§12 was read", len(codes) > 60 and "layout.basis" in codes
            and "message.too_large" in codes and "backup.key" in codes,
            sorted(codes))
    known = set(TABLE)
    c.check("each code has a test", codes <= known, sorted(codes - known))
    c.check("no test for a code that is not promised", known <= codes,
            sorted(known - codes))
    texts = {}
    for code, (test, case) in sorted(TABLE.items()):
        if test not in texts:
            with open(os.path.join(HERE, test), encoding="utf-8") as f:
                texts[test] = f.read()
        c.check("%s: %s has the case" % (code, test), case in re.sub(
            r'"\s*\n\s*"', "", texts[test]), case)


KANRI = "2T410017EP000017"


def example():
    """The answer file that layout 9601 gives as its first example."""
    with open(os.path.join(ROOT, "layouts", "9601", "examples",
                           "answer-1-found.yaml"), encoding="utf-8") as f:
        block = re.search(r"^bytes: \|\n((?:  .*\n?)+)", f.read(), re.M)
    return bytes.fromhex("".join(
        line.split("#")[0] for line in block[1].split("\n")).replace(
            " ", ""))


def cleanse(top, content):
    def put(name, text):
        path = os.path.join(top, name)
        with open(path, "wb") as f:
            f.write(text)
        return path
    keys = "管理番号,宛名番号,科目,金融機関コード\n%s,1001,1,9601\n" % KANRI
    out = os.path.join(top, "out-%d" % len(os.listdir(top)))
    return _bad.shokai(
        "cleanse", "--layout", os.path.join(
            ROOT, "layouts", "9601", "2025-04-01.yaml"), "--in",
        put("answer.csv", content), "--keys", put("keys.csv",
                                                  keys.encode()),
        "--out", out)


def amounts(c, top):
    good = example()
    p = cleanse(top, good)
    c.check("the example is cleansed", p.returncode == 0, p)
    lines = good.split(b"\r\n")
    at, cells = next((i, x.split(b",")) for i, x in enumerate(lines)
                     if x.startswith(b"A,"))
    for name, value in (("an amount that is none", b"12x4"),
                        ("an amount with a point", b"1.5"),
                        ("an amount of 4,000 digits", b"9" * 4000)):
        cells[5] = value
        p = cleanse(top, b"\r\n".join(
            lines[:at] + [b",".join(cells)] + lines[at + 1:]))
        said = _bad.refusals(p.stderr)
        c.check(name + ": answer.bad_amount", p.returncode == 1
                and all(map(_bad.well_formed, said))
                and [r["code"] for r in said] == [
                    "answer.bad_amount", "answer.missing"]
                and said[0]["where"].get("line") == at + 1
                and said[0]["where"].get("item") == "残高"
                and value not in p.stderr, (p.returncode, p.stderr[:600]))


def bases(c, top):
    """convert: a basis that the layout does not accept."""
    with open(os.path.join(ROOT, "layouts", "9601", "2025-04-01.yaml"),
              encoding="utf-8") as f:
        text = f.read()
    path = os.path.join(top, "2025-04-01.yaml")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace("\nrequest:", "\naccepts: {basis: [kei-463-27]}"
                             "\n\nrequest:", 1))
    subjects = os.path.join(top, "subjects.csv")
    with open(subjects, "w", encoding="utf-8") as f:
        f.write("宛名番号,属性(人格),カナ氏名,漢字氏名,生(設立)年月日,住所,"
                "科目,滞納額\n1,1,カクウ タロウ,架空太郎,1970-01-02,架空町,"
                "1,1\n")
    out = os.path.join(top, "converted")
    p = _bad.shokai(
        "convert", "--layout", path, "--in", subjects, "--out", out,
        "--basis", "jumin-331-6", "--base-date", "2026-10-01", "--period",
        "2025-10-01/2026-09-30")
    said = _bad.refusals(p.stderr)
    c.check("a basis that no layout takes: layout.basis", p.returncode == 3
            and len(said) == 1 and _bad.well_formed(said[0])
            and said[0]["code"] == "layout.basis"
            and said[0]["level"] == "file", p)
    c.check("a basis that no layout takes: nothing is written",
            not os.path.exists(out) or not any(
                files for _, _, files in os.walk(out)), out)


def body(c):
    top = _case.folder("codes")
    try:
        table(c)
        amounts(c, top)
        bases(c, top)
    finally:
        _case.remove(top)


_case.main(body)
