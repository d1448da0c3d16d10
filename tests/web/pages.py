"""The officers' pages in a real browser: a whole chain is made and served,
persons with hostile names among its subjects; run.mjs walks through it.

SHOKAI_WEB=NAME,… runs only these parts of run.mjs (the story is always told),
SHOKAI_PAGES=NAME,… of its screens only these pages."""
import csv
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "e2e"))

import _case  # noqa: E402
import chain  # noqa: E402

LONG = "長" * 100
# What a page, a spreadsheet or a reader could be misled by. The kana is
# plain, so that banks find them.
HOSTILE = [
    ("9000000001", "テスト イチ", "<script>hacked()</script>",
     "<img src=x onerror=hacked()>"),
    ("9000000002", "テスト ニ", "\u202e郎太\u202c 試験", "試験町１番"),
    ("9000000003", "テスト サン", LONG, LONG + LONG),
    ("9000000004", "テスト ヨン", "𠮷野 𠮷", "試験町４番"),
    ("9000000005", "テスト ゴ", "=HYPERLINK(\"//x\",\"y\")", "+1+1"),
]


def append(path, rows):
    with open(path, encoding="utf-8", newline="") as f:
        head = next(csv.reader(f))
    with open(path, "a", encoding="utf-8", newline="") as f:
        out = csv.DictWriter(f, head, lineterminator="\n")
        for row in rows:
            out.writerow({k: row.get(k, "") for k in head})


def add_hostile(k):
    """Subjects whom a bank finds, with the same name and address there."""
    append(os.path.join(k.synth, "ward", "subjects.csv"), [{
        "宛名番号": n, "属性(人格)": "1", "カナ氏名": kana, "漢字氏名": kanji,
        "生(設立)年月日": "1970-01-01", "性別": "1", "郵便番号": "1600001",
        "住所コード": "131041", "住所": address, "フリガナ確認": "1", "科目": "1",
        "滞納額": "1000", "督促年月日": "2026-01-01"}
        for n, kana, kanji, address in HOSTILE])
    folder = os.path.join(k.synth, "banks", "9601")
    append(os.path.join(folder, "customers.csv"), [{
        "顧客番号": n, "属性(人格)": "1", "カナ氏名": kana, "漢字氏名": kanji,
        "生(設立)年月日": "1970-01-01", "性別": "1", "郵便番号": "1600001",
        "住所": address, "電話番号": "000-0000-0000",
        "勤務先": "=1+1<b>会社</b>", "状態": "0"}
        for n, kana, kanji, address in HOSTILE])


def test_clock(node):
    with open(os.path.join(node.path, "node.yaml"), "a",
              encoding="utf-8") as f:
        f.write("test_clock: true\n")
    with open(os.path.join(node.path, "clock"), "w", encoding="utf-8") as f:
        f.write("+0\n")


def broken_subjects(k, path):
    """Some rows of it are good, two are not."""
    with open(os.path.join(k.synth, "ward", "subjects.csv"),
              encoding="utf-8") as f:
        lines = f.read().splitlines()[:6]
    lines.append(lines[1].replace(lines[1].split(",")[5], "1978-13-40")
                 .replace(lines[1].split(",")[0], "9100000001"))
    lines.append(lines[2].replace(lines[2].split(",")[0], "番号"))
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")


def body(c):
    folder = _case.folder("web")
    k = chain.Chain(folder, subjects=60, institutions=4, customers=400)
    try:
        k.make_synth()
        add_hostile(k)
        k.make_nodes()
        accounts = {n: {} for n in k.nodes}
        for n, name, roles in k.add_accounts():
            accounts[n][name] = ",".join(roles)
        k.import_banks()
        test_clock(k.ward)
        k.start()
        broken = os.path.join(folder, "broken.csv")
        broken_subjects(k, broken)
        config = os.path.join(folder, "web.json")
        with open(config, "w", encoding="utf-8") as f:
            json.dump({
                "nodes": {n.name: {
                    "desk": "https://127.0.0.1:%d" % n.desk,
                    "path": n.path, "party": n.party, "code": n.code,
                    "pid": n.process.pid, "users": accounts[n]}
                    for n in k.nodes},
                "password": chain.PASSWORD, "broken": broken,
                "subjects": os.path.join(k.synth, "ward", "subjects.csv"),
                "hostile": [list(h) for h in HOSTILE],
                "shokai": chain.SHOKAI, "root": chain.ROOT,
                "build": chain.BUILD,
                "only": os.environ.get("SHOKAI_WEB", ""),
                "folder": folder}, f, ensure_ascii=False)
        p = subprocess.run(["node", os.path.join(HERE, "run.mjs"), config],
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True)
        print(p.stdout, end="")
        last = p.stdout.strip().splitlines()[-1].split() \
            if p.stdout.strip() else []
        if len(last) == 4 and last[1] == "passed," and last[3] == "failed":
            c.passed += int(last[0])
            c.failed += int(last[2])
        c.check("run.mjs ends as it says", p.returncode in (0, 1)
                and len(last) == 4, p.returncode)
    finally:
        k.stop()
        _case.remove(folder)


if __name__ == "__main__":
    _case.main(body)
