"""demo.py — the main job, from one command: one ward, one unit, two hubs, M
banks; a wave over both hubs; approvals and checks by a second officer."""
import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import time

from chain import Chain, Failed, PASSWORD, note
from cluster import Cluster
import compare


def arguments():
    a = argparse.ArgumentParser(
        prog="script/demo", description=__doc__)
    a.add_argument("--subjects", type=int, default=45500, metavar="N",
                   help="distinct 宛名番号 [45500]")
    a.add_argument("--institutions", type=int, default=6, metavar="M",
                   help="banks, 1…60 [6]")
    a.add_argument("--customers", type=int, default=100000, metavar="N",
                   help="customers of each bank [100000]")
    a.add_argument("--seed", type=int, default=1, metavar="S",
                   help="of the synthetic population [1]")
    a.add_argument("--db", choices=("sqlite", "postgresql"),
                   default="sqlite")
    a.add_argument("--keep", metavar="DIR",
                   help="leave nodes and data there")
    a.add_argument("--exit", action="store_true",
                   help="end when the wave is done; without it the pages "
                        "stay up until Ctrl-C")
    o = a.parse_args()
    if not 1 <= o.institutions <= 60:
        a.error("--institutions takes 1…60")
    if not 10 <= o.subjects <= 10000000:
        a.error("--subjects takes 10…10000000")
    return o


class Progress:
    """Live progress per hub and bank: redrawn on a terminal, else a line
    now and then."""

    def __init__(self):
        self.tty = sys.stdout.isatty()
        self.lines = 0
        self.last = 0

    def __call__(self, w):
        now = time.time()
        if now - self.last < (0.5 if self.tty else 5):
            return
        self.last = now
        if self.lines:
            print("\033[%dA" % self.lines, end="")
        rows = w["by_institution"]
        if not self.tty:
            print("送信 %d / %d  回答 %d  保留 %d" % (
                w["sent"], w["inquiries"], w["answered"], w["held"]),
                flush=True)
            return
        clear = "\033[K"
        print("%s  送信 %d / %d  回答 %d%s" % (
            w["state"], w["sent"], w["inquiries"], w["answered"], clear))
        for r in rows:
            share = r["answered"] / r["sent"] if r["sent"] else 0
            print("  %-6s %s %-30s %6d / %6d%s" % (
                r["hub"], r["code"], "█" * int(share * 30), r["answered"],
                r["sent"], clear))
        self.lines = len(rows) + 1


def tables(w):
    """The steps of both flows, and the institutions."""
    for f in w["flows"]:
        print("\n%s（%s）" % (f["hub"], {
            "direct": "直結", "via-ward": "区経由",
            "folder": "媒体"}[f["link"]]))
        for s in f["steps"]:
            first = (s["first"] or "―")[11:19]
            last = (s["last"] or "―")[11:19]
            print("  %s %-5s %8s–%8s %4d件 %7d照会  %s" % (
                s["mark"], s["party"], first, last, s["files"],
                s["inquiries"], s["text"]))
    print("\n金融機関  ハブ       送信    回答    該当")
    for r in w["by_institution"]:
        print("  %s    %-6s %7d %7d %7d" % (
            r["code"], r["hub"], r["sent"], r["answered"],
            r.get("by_class", {}).get("found", 0)))


def write_json(chain):
    """DIR/demo.json: where everything is, so that it can be served again."""
    nodes = [{"path": n.path, "party": n.party, "code": n.code,
              "gate": "127.0.0.1:%d" % n.gate,
              "desk": "127.0.0.1:%d" % n.desk} for n in chain.nodes]
    users = [{"node": node.path, "name": name, "password": PASSWORD,
              "totp_secret": None, "roles": roles}
             for node, name, roles in chain.accounts]
    with open(os.path.join(chain.folder, "demo.json"), "w") as f:
        json.dump({"nodes": nodes, "users": users, "ca": chain.ca,
                   "wave": chain.wave}, f, ensure_ascii=False, indent=1)


ROLES = {"officer": "担当者", "approver": "決裁者", "admin": "管理者",
         "auditor": "監査者", "operator": "運用担当", "clerk": "事務担当",
         "inspector": "検査担当"}


def addresses(chain):
    """Where the pages are, and who signs in to them."""
    print("\n画面（証明書は実演用のため、ブラウザーが警告します。"
          "機関も人物も架空です）")
    shown = None
    for node, name, roles in chain.accounts:
        if node is not shown:
            print("  %s  https://127.0.0.1:%d/" % (node.title, node.desk))
        shown = node
        print("      %-11s %s" % (name, "、".join(ROLES[r] for r in roles)))
    print("  パスワード（どの利用者も同じ）: %s" % PASSWORD)
    print("  次の照会は officer1 が起案し、officer2 が決裁と確認をします。"
          "終わるには Ctrl-C", flush=True)


def told_to_end(number, frame):
    """As Ctrl-C: the nodes are ended, too."""
    raise KeyboardInterrupt


def wait(chain):
    """Until Ctrl-C, or until a node has ended by itself."""
    try:
        while all(n.process.poll() is None for n in chain.nodes):
            time.sleep(1)
    except KeyboardInterrupt:
        note("終わります")


class Log:
    """What is printed also goes into DIR/demo.log."""

    def __init__(self, path):
        self.file = open(path, "w", encoding="utf-8")
        self.terminal = sys.stdout

    def write(self, text):
        self.terminal.write(text)
        self.file.write(text)

    def flush(self):
        self.terminal.flush()
        self.file.flush()

    def isatty(self):
        return self.terminal.isatty()


def play(chain, stay):
    begun = time.time()
    chain.make_synth()
    chain.make_nodes()
    chain.accounts = chain.add_accounts()
    chain.import_banks()
    note("準備 %.1f 秒" % (time.time() - begun))
    chain.start()
    note("照会を開始します")
    chain.import_subjects()
    chain.ask()
    w = chain.finish(progress=Progress())
    write_json(chain)
    tables(w)
    c = compare.compare_chain(chain)
    seconds = c.last_us / 1e6 - chain.first_byte
    print()
    for line in compare.result_lines(c, seconds):
        print(line)
    sys.stdout.flush()
    if stay:
        addresses(chain)
        wait(chain)
    return 0 if c.lost == c.duplicated == c.pending == 0 else 1


def main():
    o = arguments()
    folder = o.keep or tempfile.mkdtemp(prefix="shokai-demo-",
                                        dir="/var/tmp")
    if o.keep and os.path.isdir(o.keep) and os.listdir(o.keep):
        note("script/demo: %s is not empty" % o.keep)
        return 2
    os.makedirs(folder, exist_ok=True)
    sys.stdout = Log(os.path.join(folder, "demo.log"))
    chain = Chain(folder, o.subjects, o.institutions, o.seed, o.customers,
                  say=note, db=o.db)
    signal.signal(signal.SIGTERM, told_to_end)
    try:
        if o.keep and o.db == "postgresql":
            chain.cluster = Cluster(
                keep=os.path.join(chain.folder, "postgresql"))
        return play(chain, not o.exit)
    except Failed as e:
        note("script/demo: %s" % e)
        return 1
    except KeyboardInterrupt:
        return 1
    finally:
        chain.stop()
        if chain.cluster is not None:
            chain.cluster.remove()
            if o.keep:
                note("サーバーの起動（postgres の利用者で）: "
                     + " ".join(chain.cluster.kept))
        if not o.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
