"""bench_text.py — the text benches of docs/interface.md §7: text.zengin,
text.cp932, text.rules, text.hostile."""
import csv
import json
import os
import subprocess

from chain import BUILD

NAMES = ("text.zengin", "text.cp932", "text.rules", "text.hostile")


def out(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout


def program(name):
    """Built only for a bench."""
    target = os.path.join("tests", "text", "bench_" + name)
    subprocess.run(["ninja", "-C", BUILD, target], check=True,
                   stdout=subprocess.DEVNULL)
    return os.path.join(BUILD, target)


def inputs(o, folder):
    """The kana names of the synthetic ward as they are (a few are refused:
    ヲ, ヱ, ・), and its kanji names with addresses."""
    synth = os.path.join(folder, "text-synth")
    shokai = os.path.join(BUILD, "shokai")
    out(shokai, "synth", "--out", synth, "--seed", str(o.seed),
        "--subjects", str(o.subjects), "--institutions", "1",
        "--customers", "1000")
    names, lines = (os.path.join(folder, "text-" + n)
                    for n in ("names", "lines"))
    with open(os.path.join(synth, "ward", "subjects.csv"),
              encoding="utf-8-sig", newline="") as f, \
            open(names, "w", encoding="utf-8") as kana, \
            open(lines, "w", encoding="utf-8") as kanji:
        for row in csv.DictReader(f):
            kana.write(row["カナ氏名"] + "\n")
            kanji.write(row["漢字氏名"] + row["住所"] + "\n")
    return names, lines


def line(name, value, unit, need, ok, params, beside=None, ratio=None):
    found = {"name": name, "value": value, "unit": unit, "need": need,
             "ok": ok, "params": params}
    if beside:
        found.update(beside=beside[0], beside_value=beside[1],
                     beside_unit=unit)
    if ratio is not None:
        found["ratio"] = round(ratio, 2)
    text = json.dumps(found, ensure_ascii=False)
    print(text, flush=True)
    os.makedirs(os.path.join(BUILD, "bench"), exist_ok=True)
    with open(os.path.join(BUILD, "bench", name + ".jsonl"), "a") as f:
        f.write(text + "\n")
    return ok


def zengin(names, lines):
    p = json.loads(out(program("text_zengin"), names))
    ratio = p["ours"] / p["table"]
    # Name by name, as a layout's fields are written: said beside it.
    p["names_ratio"] = round(p["names"] / p["names_table"], 2)
    return line("text.zengin", p["ours"], "MB/s", 1.5, ratio >= 1.5, p,
                ("table-loop", p["table"]), ratio)


def cp932(names, lines):
    p = json.loads(out(program("text_cp932"), lines))
    ratio = p["encode"] / p["iconv_encode"]
    return line("text.cp932", p["encode"], "MB/s", 2, ratio >= 2, p,
                ("iconv", p["iconv_encode"]), ratio)


def rules(names, lines):
    for text in out(program("text_rules"), names, lines).splitlines():
        p = json.loads(text)
        line("text.rules", p.pop("mb_s"), "MB/s", None, True, p)
    return True


def hostile(names, lines):
    p = subprocess.run([program("text_rules"), "--hostile"],
                       stdout=subprocess.PIPE, check=False)
    p = json.loads(p.stdout.splitlines()[0])
    return line("text.hostile", p["ratio"], "CPU of 1 MB over 100 kB", 12,
                p["ratio"] <= 12, p)


def bench(name, o, folder):
    run = dict(zip(NAMES, (zengin, cp932, rules, hostile)))
    return run[name](*inputs(o, folder))
