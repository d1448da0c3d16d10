"""Too much of everything: a million bad lines, one field of 2 GiB, bombs of
ZIP and zstd, deep and doubling YAML, names without end. Time, memory and
output stay bounded (F1), and nothing is changed. Memory is the largest
resident set that the process ever had (VmHWM)."""
import json
import os
import struct
import subprocess
import threading
import time
import zipfile

import _bad
import _case
from chain import ROOT, SHOKAI
from processes import below, guarded, peak_kib

TOP = _case.folder("bad-size")
WARD = os.path.join(TOP, "ward")
BANK = os.path.join(TOP, "bank")
MIB = 1 << 20
MEMORY = 128 * MIB
OUTPUT = MIB
HEADER = ("宛名番号,属性(人格),カナ氏名,漢字氏名,生(設立)年月日,住所,科目,"
          "滞納額\n").encode()


class Ended:
    """How a command ended, and what it took."""

    def __init__(self, args, feed=None):
        begun = time.monotonic()
        process = subprocess.Popen(
            [SHOKAI, *map(str, args)],
            stdin=subprocess.PIPE if feed else subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        parts = {}

        def drain(name, pipe):
            parts[name] = pipe.read()

        readers = [threading.Thread(target=drain, args=x) for x in (
            ("out", process.stdout), ("err", process.stderr))]
        for t in readers:
            t.start()
        self.fed = 0
        if feed:
            try:
                for piece in feed:
                    process.stdin.write(piece)
                    self.fed += len(piece)
                process.stdin.close()
            except BrokenPipeError:
                pass  # it had seen enough
        for t in readers:
            t.join()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = self.code = os.waitstatus_to_exitcode(status)
        self.peak = used.ru_maxrss * 1024
        self.cpu = used.ru_utime + used.ru_stime
        self.seconds = time.monotonic() - begun
        self.out, self.err = parts["out"], parts["err"]
        self.codes = [r["code"] for r in _bad.refusals(self.err)]

    def __repr__(self):
        return "exit %d, %d KiB, %.1f s, %d bytes: %s" % (
            self.code, self.peak // 1024, self.cpu, len(self.err),
            self.err[:500])


def bounded(c, name, p, cpu, memory=MEMORY):
    print("%s: exit %d, %d KiB, %.2f s of CPU, %d bytes said" % (
        name, p.code, p.peak // 1024, p.cpu, len(p.err)), flush=True)
    c.check(name + ": memory", p.peak <= memory, p)
    c.check(name + ": time", p.cpu <= cpu, p)
    c.check(name + ": output", len(p.err) + len(p.out) <= OUTPUT, p)
    c.check(name + ": form", all(map(_bad.well_formed, _bad.refusals(
        p.err))), p)


def whole(c, name, args, code, cpu=20, feed=None, exits=3, node=WARD):
    before = _case.dump(node)
    p = Ended(args, feed)
    c.check("%s: exit %d, %s" % (name, exits, code), p.code == exits
            and code in p.codes[-2:], (p, p.codes[-2:]))
    bounded(c, name, p, cpu)
    found = _bad.differing(before, _case.dump(node))
    found.pop("sqlite_sequence", None)
    c.check(name + ": nothing changed", found == {}, found)
    return p


def lines(n, line, first=HEADER):
    yield first
    block = line * 10000
    for _ in range(n // 10000):
        yield block


def million(c):
    bad = "7,1,ヒミツ ハナコ,秘密花子,1981-02-30,架空町,1,5\n".encode()
    p = Ended(("subjects", "import", WARD, "-"), lines(10 ** 6, bad))
    bounded(c, "a million bad lines", p, 60)
    c.check("a million bad lines: exit 1", p.code == 1, p)
    said = _bad.refusals(p.err)
    c.check("a million bad lines: 1,000, then how many more",
            len(said) == 1001 and said[-1] == {
                "code": "more", "count": 10 ** 6 - 1000}, p)
    c.check("a million bad lines: counted", json.loads(p.out)["refused"]
            == 10 ** 6, p.out)
    c.check("a million bad lines: no personal data",
            "秘密".encode() not in p.err and b"1981" not in p.err)
    folder = os.path.join(TOP, "customers")
    os.makedirs(folder)
    heads = {
        "customers": "顧客番号,属性(人格),カナ氏名,漢字氏名,英字名,"
        "生(設立)年月日,性別,郵便番号,住所,旧カナ氏名,旧住所,電話番号,勤務先,"
        "状態\n", "accounts":
        "顧客番号,名義順,店番,口座種別,口座番号,残高,満期日,最終取引日,開設日,"
        "状態,給与振込有無,年金振込有無\n", "transactions":
        "金融機関コード,店番,口座種別,口座番号,連番,取引日,起算日,出金,入金,"
        "残高,摘要\n", "others": "顧客番号,種類,連番,名称,金額,口数,日付,摘要\n"}
    for name, head in heads.items():
        with open(os.path.join(folder, name + ".csv"), "wb") as f:
            f.write(head.encode())
    with open(os.path.join(folder, "customers.csv"), "ab") as f:
        for piece in lines(10 ** 6, "7,9,ﾋﾐﾂ ﾊﾅｺ,秘密花子,,1981-02-30,,,,,,"
                           ",,0\n".encode(), b""):
            f.write(piece)
    p = whole(c, "a million bad customers", (
        "customers", "import", BANK, folder), "customers.error_share", 60,
        node=BANK)
    c.check("a million bad customers: 1,000, how many more, and why",
            p.codes.count("more") == 1 and len(p.codes) <= 1002, p.codes[
                -3:])


def fields(c):
    """One field of 2 GiB through a pipe: the reader ends it early."""
    def long(before):
        yield HEADER + before
        piece = b"9" * MIB
        for _ in range(256):
            yield piece
    whole(c, "one field of 256 MiB, by a pipe", (
        "subjects", "import", WARD, "-"), "subjects.too_large", 10,
        long(b"7,1,"))
    whole(c, "one quoted field of 256 MiB, by a pipe", (
        "subjects", "import", WARD, "-"), "subjects.quotes", 10,
        long(b'7,1,"'))
    path = os.path.join(TOP, "sparse.csv")
    for name, size, before, code in (
            ("one field of 2 GiB", 2048 * MIB, b"7,1,", "too_large"),
            ("one quoted field of 2 GiB", 2048 * MIB, b'7,1,"', "quotes"),
            ("a byte over 2 GiB", 2048 * MIB + 1, b"7,1,", "too_large")):
        with open(path, "wb") as f:
            f.write(HEADER + before)
            f.truncate(size)
        whole(c, name, ("subjects", "import", WARD, path),
              "subjects." + code, 5)
    whole(c, "a million columns", ("subjects", "import", WARD, "-"),
          "subjects.too_large", 5, lines(10 ** 6, b",", b"x"))
    whole(c, "names as long as a line", (
        "subjects", "import", WARD, "-"), "subjects.too_large", 5, [
            HEADER, b"7,1," + "長".encode() * 30000 + b"\n"])
    os.unlink(path)


def readers(c):
    """The other commands that read CSV: a field of 2 GiB, one whose quote is
    never closed, a million columns."""
    layout = os.path.join(ROOT, "layouts", "9601", "2025-04-01.yaml")
    keys = "管理番号,宛名番号,科目,金融機関コード\n".encode()
    at = {name: os.path.join(TOP, name) for name in (
        "asked.csv", "keys.csv", "answers", "picks.csv", "out")}
    folder = os.path.join(TOP, "long-customers")
    os.makedirs(folder)
    people = os.path.join(folder, "customers.csv")
    for name in ("accounts", "transactions", "others"):
        with open(os.path.join(folder, name + ".csv"), "wb"):
            pass
    head = ("顧客番号,属性(人格),カナ氏名,漢字氏名,英字名,生(設立)年月日,性別,"
            "郵便番号,住所,旧カナ氏名,旧住所,電話番号,勤務先,状態\n").encode()
    commands = {
        "convert": (at["asked.csv"], HEADER, "subjects", (
            "convert", "--layout", layout, "--in", at["asked.csv"], "--out",
            at["out"], "--basis", "jumin-331-6", "--base-date", "2026-10-01",
            "--period", "2025-10-01/2026-09-30")),
        "layout diff": (at["asked.csv"], HEADER, "subjects", (
            "layout", "diff", layout, layout, "--subjects",
            at["asked.csv"])),
        "cleanse, keys": (at["keys.csv"], keys, "csv", (
            "cleanse", "--layout", layout, "--in", at["answers"], "--keys",
            at["keys.csv"], "--out", at["out"])),
        "cleanse, answers": (at["answers"], b"", "file answer", (
            "cleanse", "--layout", layout, "--in", at["answers"], "--keys",
            at["keys.csv"], "--out", at["out"])),
        "wave new": (at["picks.csv"], "宛名番号\n".encode(), "file csv", (
            "wave", "new", WARD, "--name", "x", "--basis", "jumin-331-6",
            "--purpose", "x", "--base-date", "2026-10-01", "--period",
            "2025-10-01/2026-09-30", "--scope", "detail", "--institutions",
            "9601", "--subjects", at["picks.csv"], "--as", "officer1")),
        "customers": (people, head, "customers", (
            "customers", "import", BANK, folder)),
    }
    kinds = {"a field of 2 GiB": (b"7,1,", 2048 * MIB),
             "a quote left open": (b'7,1,"', 2048 * MIB),
             "a million columns": (b"," * 10 ** 6 + b"\n", 0)}
    for path, first, _, _ in commands.values():
        with open(path, "wb") as f:
            f.write(first)
    for name, (path, first, family, args) in commands.items():
        for kind, (text, size) in kinds.items():
            with open(path, "wb") as f:
                f.write(first + text)
                if size:
                    f.truncate(size)
            p = Ended(args)
            bounded(c, "%s: %s" % (name, kind), p, 5)
            c.check("%s: %s: refused" % (name, kind), p.code in (1, 3, 4)
                    and p.codes and p.codes[-1].split(".")[0] in family.split(), p)
        with open(path, "wb") as f:
            f.write(first)


def yaml(c):
    with open(os.path.join(ROOT, "layouts", "9601", "2025-04-01.yaml"),
              encoding="utf-8") as f:
        right = f.read()
    laughs = "a0: &a0 [x, x]\n" + "".join(
        "a%d: &a%d [*a%d, *a%d]\n" % (i, i, i - 1, i - 1)
        for i in range(1, 40))
    cases = {
        "deep": "a: " + "[" * 100000, "deep maps": "{a: " * 50000,
        "doubling aliases": laughs, "an anchor of itself": "a: &a [*a]\n",
        "a tag": right.replace("layout: 1", "layout: !!int 1"),
        "two documents": right + "---\n" + right,
        "over 256 KiB": right + "# x\n" * 100000,
        "a name of 100,000 characters": right.replace(
            "架空第一銀行}", "架" * 80000 + "}"),
        "60,000 keys": "".join("k%d: 1\n" % i for i in range(25000)),
    }
    path = os.path.join(TOP, "2025-04-01.yaml")
    for name, text in cases.items():
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        p = Ended(("layout", "check", path))
        bounded(c, "YAML, " + name, p, 10)
        c.check("YAML, %s: refused" % name, p.codes == ["file.too_large"]
                if name == "over 256 KiB" else p.code == 1
                and p.out.decode().startswith(path + ":")
                and b": layout.syntax: " in p.out, (p, p.out[:300]))
    node = os.path.join(TOP, "deep-node")
    p = _bad.shokai("node", "init", node, "--party", "hub", "--code", "H9",
                    "--name", "架空")
    for name in ("deep", "doubling aliases", "an anchor of itself"):
        with open(os.path.join(node, "node.yaml"), "w",
                  encoding="utf-8") as f:
            f.write(cases[name])
        p = Ended(("status", node))
        bounded(c, "node.yaml, " + name, p, 10)
        c.check("node.yaml, %s: refused" % name, p.code == 3 and p.codes
                in (["node.syntax"], ["node.unknown_key"],
                    ["file.too_large"]), p)


def names(c):
    """File names, officers, purposes: refused or cut, never a fault."""
    long = "x" * 200000
    for name, args in (
            ("a file", ("subjects", "import", WARD, "/" + long[:100000])),
            ("a node", ("wave", "list", long[:100000])),
            ("an officer", ("wave", "submit", WARD, "001", "--as",
                            long[:100000])),
            ("a wave", ("wave", "show", WARD, long[:100000])),
            ("an option", ("wave", "list", WARD, "--" + long[:100000])),
            ("a code", ("code", "show", "basis", long[:100000])),
            ("kanji", ("subjects", "import", WARD, "/" + "長" * 80 + "/"
                       + "名" * 30000)),
            ("a path of kanji", ("layout", "check", "/" + "/".join(
                ["長" * 80] * 5)))):
        p = Ended(args)
        bounded(c, "100,000 characters as " + name, p, 5)
        c.check("100,000 characters as %s: refused" % name,
                p.code in (1, 2, 3, 4, 5), p)
    p = subprocess.run([SHOKAI, "layout", "check", b"/\xff\xfe.yaml"],
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    c.check("a name that is no UTF-8", p.returncode == 3 and [
        (r["code"], _bad.well_formed(r)) for r in _bad.refusals(p.stderr)]
        == [("file.missing", True)], p)


def zips(c):
    """What is carried in: a ZIP whose entries grow, or that lies."""
    hub = os.path.join(TOP, "hub")
    p = _bad.shokai("node", "init", hub, "--party", "hub", "--code", "H2",
                    "--name", "架空", "--listen", "127.0.0.1:0", "--desk",
                    "127.0.0.1:0")
    c.check("a hub", p.returncode == 0, p)
    ca = os.path.join(TOP, "ca")
    _bad.shokai("ca", "init", ca)
    for node in (hub, WARD):
        crt = node + ".crt"
        _bad.shokai("ca", "sign", ca, os.path.join(node, "node.csr"),
                    "--out", crt)
        _bad.shokai("node", "cert", node, "--cert", crt, "--ca",
                    os.path.join(ca, "ca.crt"))
    with open(os.path.join(hub, "node.yaml"), "a", encoding="utf-8") as f:
        f.write("links: {\"131041\": folder}\n")
    p = _bad.shokai("peer", "add", hub, "--code", "131041", "--party",
                    "ward", "--cert", WARD + ".crt", "--kinds",
                    "request-file,status")
    c.check("a peer by folder", p.returncode == 0, p)
    password = "a-password-of-tests"
    with open(os.path.join(hub, "keys", "folder-password"), "w",
              encoding="utf-8") as f:
        f.write(password + "\n")
    into = os.path.join(hub, "folder", "in", "131041")
    os.makedirs(into)
    made = bombs(password, into)
    serve = guarded(subprocess.Popen(
        [SHOKAI, "serve", hub], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE))
    serve.stdout.readline()
    refused = os.path.join(into, "refused")
    for name in made:
        c.check("ZIP, %s: refused" % name, _bad.until(
            lambda n=name: os.path.exists(os.path.join(
                refused, n + ".zip.json")) or os.path.exists(
                    os.path.join(refused, n + ".json")), 20),
                os.listdir(refused) if os.path.isdir(refused) else "none")
    peak = max(peaks(serve.pid))
    print("ZIP bombs: %d KiB" % peak, flush=True)
    c.check("ZIP bombs: memory", peak <= 160 * 1024, peak)
    serve.terminate()
    serve.communicate()
    c.check("ZIP bombs: the node still ends well", serve.returncode == 0)
    for name, code in made.items():
        for at in (name + ".zip.json", name + ".json"):
            path = os.path.join(refused, at)
            if os.path.exists(path):
                with open(path, encoding="utf-8") as f:
                    said = json.load(f)
                c.check("ZIP, %s: %s" % (name, code),
                        said["code"] in code, said)


def peaks(pid):
    """Peak KiB of a process and of those below it."""
    found = []
    for p in (pid, *below(pid)):
        try:
            found.append(peak_kib(p))
        except (OSError, IndexError):  # it has ended
            continue
    return found or [0]


def bombs(password, into):
    """{name: codes}: made by 7-Zip as anybody could."""
    work = os.path.join(TOP, "zips")
    os.makedirs(work)
    zeros = os.path.join(work, "manifest.json")
    with open(zeros, "wb") as f:
        f.truncate(900 * MIB)

    def seven(name, *more):
        out = os.path.join(work, name + ".zip")
        subprocess.run(["7z", "a", "-tzip", "-mx=1", *more, out, zeros],
                       cwd=work, check=True, stdout=subprocess.DEVNULL)
        return out
    made = {"bomb": ("folder.too_large",),
            "plain": ("folder.not_encrypted", "folder.too_large"),
            "other-password": ("folder.password", "folder.too_large"),
            "cut": ("folder.damaged",), "entries": (
                "folder.too_large", "folder.damaged", "folder.name",
                "folder.not_encrypted"), "lies": (
                    "folder.damaged", "folder.too_large")}
    bomb = seven("bomb", "-mem=AES256", "-p" + password)
    with open(zeros, "wb") as f:
        f.truncate(MIB)
    files = {"bomb": bomb, "plain": seven("plain"), "other-password": seven(
        "other-password", "-mem=AES256", "-pnot-the-password")}
    small = seven("cut", "-mem=AES256", "-p" + password)
    with open(small, "r+b") as f:
        f.truncate(os.path.getsize(small) - 30)
    files["cut"] = small
    many = os.path.join(work, "entries.zip")
    with zipfile.ZipFile(many, "w") as z:
        for i in range(5000):
            z.writestr("%05d.header" % i, b"")
    files["entries"] = many
    lies = seven("lies", "-mem=AES256", "-p" + password)
    with open(lies, "rb") as f:
        b = bytearray(f.read())
    at = b.rfind(b"PK\1\2")
    b[at + 24:at + 28] = struct.pack("<I", 5)
    with open(lies, "wb") as f:
        f.write(b)
    files["lies"] = lies
    for name, path in files.items():
        os.rename(path, os.path.join(into, name + ".zip"))
    return made


def body(c):
    try:
        for node, party, code in ((WARD, "ward", "131041"),
                                  (BANK, "bank", "9601")):
            p = _bad.shokai("node", "init", node, "--party", party,
                            "--code", code, "--name", "架空")
            c.check("a " + party, p.returncode == 0, p)
        p = _bad.shokai("user", "add", WARD, "officer1", "--role", "officer",
                        "--appointment", "T-1:2026-04-01/2027-03-31:1,2,3")
        c.check("an officer", p.returncode == 0, p)
        fields(c)
        readers(c)
        million(c)
        yaml(c)
        names(c)
        zips(c)
    finally:
        _case.remove(TOP)


_case.main(body)
