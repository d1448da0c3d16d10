"""bench_layout.py — layout.encode and layout.decode (docs/interface.md §7):
`shokai convert` and `shokai cleanse` as processes, beside iconv and nkf on
the same text in the same run, and beside what reading the one and writing the
other costs by itself (floor.py)."""
import glob
import json
import os
import shutil
import subprocess
import sys
import time

from chain import BUILD, ROOT, note

NAMES = ("layout.encode", "layout.decode")
LAYOUT = os.path.join(ROOT, "bench", "layout", "9698.yaml")
WAVE = ["--basis", "jumin-331-6", "--base-date", "2026-10-01",
        "--period", "2025-10-01/2026-09-30"]
ROUNDS = 3  # the best of each: others use the machine too
PER_FILE = 5000
SMALL = 10000  # for memory that does not grow


class Timed:
    """Seconds, CPU seconds and peak RSS of one process."""

    def __init__(self, argv, allowed=(0,), **kw):
        begun = time.monotonic()
        p = subprocess.Popen(argv, stderr=subprocess.DEVNULL, **kw)
        _, status, usage = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
        self.seconds = time.monotonic() - begun
        self.cpu = usage.ru_utime + usage.ru_stime
        self.rss = usage.ru_maxrss
        if p.returncode not in allowed:
            raise SystemExit("%s: exit %d" % (argv[0], p.returncode))


def best(make):
    return min((make() for _ in range(ROUNDS)), key=lambda t: t.seconds)


def shokai(*argv):
    return [os.path.join(BUILD, "shokai"), *argv]


def convert(subjects, out):
    shutil.rmtree(out, ignore_errors=True)
    return Timed(shokai("convert", "--layout", LAYOUT, "--in", subjects,
                        "--out", out, *WAVE), allowed=(0, 1))


def cleanse(keys, files, out):
    shutil.rmtree(out, ignore_errors=True)
    return Timed(shokai("cleanse", "--layout", LAYOUT, "--in", *files,
                        "--keys", keys, "--out", out))


def beside_iconv(source, target, path):
    return Timed(["iconv", "-f", source, "-t", target, path],
                 stdout=subprocess.DEVNULL)


def beside_nkf(flags, path):
    return Timed(["nkf", *flags, path], stdout=subprocess.DEVNULL)


def beside_floor(source, made):
    """iconv writes nothing: what bringing these files to the disk takes."""
    out = made + "-floor"
    shutil.rmtree(out, ignore_errors=True)
    took = Timed([sys.executable, "-IS", os.path.join(
        ROOT, "script", "lib", "floor.py"), source, made, out])
    shutil.rmtree(out)
    return took


def make_subjects(folder, n, seed):
    out = os.path.join(folder, "synth-%d" % n)
    subprocess.run(shokai("synth", "--out", out, "--seed", str(seed),
                          "--subjects", str(n), "--institutions", "0"),
                   check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    return os.path.join(out, "ward", "subjects.csv")


def encodable(path):
    """The same file without what CP932 lacks: each becomes 〓."""
    out = path + ".encodable"
    with open(path, encoding="utf-8", newline="") as f, \
            open(out, "w", encoding="utf-8", newline="") as g:
        for line in f:
            try:
                line.encode("cp932")
            except UnicodeEncodeError:
                line = "".join(c if fits(c) else "〓" for c in line)
            g.write(line)
    return out


def fits(c):
    try:
        c.encode("cp932")
        return True
    except UnicodeEncodeError:
        return False


def emit(line):
    text = json.dumps(line, ensure_ascii=False)
    print(text, flush=True)
    os.makedirs(os.path.join(BUILD, "bench"), exist_ok=True)
    with open(os.path.join(BUILD, "bench", line["name"] + ".jsonl"),
              "a") as f:
        f.write(text + "\n")
    return line["ok"]


def line_of(name, n, took, small, peers, params):
    iconv, nkf, floor = peers
    ratio = iconv.seconds / took.seconds
    over_nkf = nkf.seconds / took.seconds
    growth = took.rss / small.rss
    return {"name": name, "value": int(n / took.seconds),
            "unit": "records/s", "need": int(n / iconv.seconds),
            "ok": ratio >= 1.0 and over_nkf >= 5.0 and growth <= 1.1,
            "beside": "iconv", "beside_value": int(n / iconv.seconds),
            "beside_unit": "records/s", "ratio": round(ratio, 3),
            "cpu_us": round(took.cpu / n * 1e6, 3),
            "peak_rss_kib": took.rss,
            "params": dict(params, subjects=n,
                           cpu_ratio=round(iconv.cpu / took.cpu, 3),
                           nkf_ratio=round(over_nkf, 2), need_nkf_ratio=5.0,
                           floor_us=round(floor.seconds / n * 1e6, 3),
                           floor_cpu_us=round(floor.cpu / n * 1e6, 3),
                           rss_small_kib=small.rss, small=SMALL,
                           rss_growth=round(growth, 3))}


def bench_encode(o, folder):
    n = o.layout_subjects
    path = make_subjects(folder, n, o.seed)
    small_path = make_subjects(folder, SMALL, o.seed)
    out = os.path.join(folder, "files")
    small = convert(small_path, out)
    clean = encodable(path)
    took = best(lambda: convert(path, out))
    iconv = best(lambda: beside_iconv("UTF-8", "CP932", clean))
    nkf = beside_nkf(["-s", "-x", "-Z4"], clean)
    floor = best(lambda: beside_floor(path, out))
    with open(os.path.join(out, "summary.json")) as f:
        summary = json.load(f)
    return emit(line_of("layout.encode", n, took, small, (iconv, nkf, floor),
                        {"bytes": os.path.getsize(path),
                         "held": summary["held"],
                         "files": summary["files"]}))


KANA = ["ｻﾄｳ ﾊﾅ", "ｽｽﾞｷ ｼﾞﾛｳ", "ﾀｶﾊｼ ﾕｳｺ", "ﾀﾅｶ ﾖ-ｺ", "ｲﾄｳ ｹﾝｲﾁ"]
KANJI = ["佐藤 花", "鈴木 次郎", "髙橋 優子", "田中 洋子", "伊藤 健一"]


def make_answers(keys, folder):
    """Answer files, written from the rule of 9698.yaml."""
    os.makedirs(folder, exist_ok=True)
    files, rows, k = [], [], 0

    def flush():
        path = os.path.join(folder, "a%04d.dat" % len(files))
        with open(path, "wb") as f:
            f.write(b"".join(rows))
        files.append(path)
        rows.clear()

    with open(keys, encoding="utf-8", newline="") as f:
        next(f)
        for line in f:
            number = line.split(",", 1)[0]
            k += 1
            fields = ((number, 16), ("1" if k % 9 == 0 else "2", 1),
                      (KANA[k % 5], 60), (KANJI[k % 5], 80),
                      ("3%02d%02d%02d" % (k % 60 + 2, k % 12 + 1,
                                          k % 28 + 1), 7),
                      ("東京都新宿区西新宿%d丁目%d番%d号" % (
                          k % 8 + 1, k % 30 + 1, k % 17 + 1), 160))
            rows.append(b"1" + b"".join(
                t.encode("cp932").ljust(w) for t, w in fields) + b"\r\n")
            if len(rows) == PER_FILE:
                flush()
    if rows:
        flush()
    return files


def bench_decode(o, folder):
    n = o.layout_subjects
    took = {}
    for size in (SMALL, n):
        base = os.path.join(folder, "decode-%d" % size)
        files = os.path.join(base, "files")
        convert(make_subjects(folder, size, o.seed), files)
        answers = make_answers(os.path.join(files, "keys.csv"),
                               os.path.join(base, "answers"))
        keys = os.path.join(files, "keys.csv")
        out = os.path.join(base, "out")
        took[size] = best(lambda: cleanse(keys, answers, out))
    whole = os.path.join(folder, "answers.cp932")
    with open(whole, "wb") as g:
        for path in sorted(glob.glob(os.path.join(base, "answers", "*"))):
            with open(path, "rb") as f:
                shutil.copyfileobj(f, g)
    iconv = best(lambda: beside_iconv("CP932", "UTF-8", whole))
    nkf = beside_nkf(["-w", "-S", "-x"], whole)
    floor = best(lambda: beside_floor(whole, out))
    return emit(line_of("layout.decode", n, took[n], took[SMALL],
                        (iconv, nkf, floor),
                        {"bytes": os.path.getsize(whole),
                         "files": len(answers)}))


def bench(name, o, folder):
    if shutil.which("nkf") is None:
        note("bench: %s is measured beside nkf: apt-get install nkf" % name)
        return False
    note("bench: %s: %d subjects" % (name, o.layout_subjects))
    made = os.path.join(folder, name)
    os.makedirs(made)
    return (bench_encode if name == "layout.encode" else bench_decode)(
        o, made)
