"""The commands printed in docs/operations.md and docs/ja/officers.md are run
as they stand: each line of a block ```sh, in order, in a folder that holds what
the document says is there.

`# exit N` at a line's end is the exit code it must have. A line that waits for
another party's work is run again until it is so. Comments such as
`<!-- stop NODE -->` do what somebody else would do meanwhile."""
import os
import re
import shlex
import shutil
import subprocess
import time

import _case
import chain

DOCS = os.path.join(chain.ROOT, "docs")
LIMITS = os.path.join(chain.ROOT, "src", "record", "limits.h")
PATIENCE = 30
FENCE = re.compile(r"^```(\w*)$|^<!-- (\w+)(?: ([\w-]+))? -->$")


def steps(path):
    """(what, text) of a document: ("run", line), ("stop", node) …"""
    inside = None
    found = []
    with open(path, encoding="utf-8") as f:
        for line in f:
            line = line.rstrip("\n")
            m = FENCE.match(line)
            if m and m.group(2):
                found.append((m.group(2), m.group(3)))
            elif m:
                inside = m.group(1) if inside is None else None
            elif inside == "sh" and line.strip():
                found.append(("run", line))
    return found


class Reader:
    """Does what the documents say."""

    def __init__(self, c, k, folder, ports):
        self.c = c
        self.chain = k
        self.folder = folder
        self.ports = ports  # what stands in the document: what is free
        self.env = dict(os.environ, LANG="ja_JP.UTF-8", PATH=os.pathsep.join(
            [chain.BUILD, os.environ["PATH"]]))

    def once(self, line):
        for printed, free in self.ports.items():
            line = line.replace(printed, free)
        return subprocess.run(["bash", "-c", line], cwd=self.folder,
                              env=self.env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.PIPE)

    def run(self, line):
        expected = int((re.findall(r"# exit (\d)$", line) or ["0"])[0])
        if line.startswith("shokai serve "):
            self.start(shlex.split(line)[2])
            return
        end = time.time() + PATIENCE
        while True:
            done = self.once(line)
            nothing_yet = re.fullmatch(
                r'\{"(approved|returned)":0\}\n', done.stdout)
            if done.returncode == expected and not nothing_yet:
                break
            if time.time() > end:
                break
            time.sleep(0.5)
        self.c.check("$ " + line, done.returncode == expected
                     and not nothing_yet, "exit %d\n%s%s" % (
                         done.returncode, done.stdout[-600:],
                         done.stderr[-600:]))

    def node(self, name):
        return next(n for n in self.chain.nodes if n.name == name)

    def start(self, name):
        if self.node(name).process is None:
            self.node(name).start()

    def stop(self, name):
        self.node(name).stop()

    def introduced(self, _):
        """The others have the ward's certificate, and serve."""
        k = self.chain
        k.introduce()
        k.install_layouts()
        k.import_banks()
        for n in k.nodes[1:]:
            n.start()

    def read(self, path):
        all_steps = steps(path)
        self.c.check("%s has commands" % os.path.basename(path),
                     sum(what == "run" for what, _ in all_steps) > 10)
        for what, text in all_steps:
            if what in ("run", "start", "stop", "introduced"):
                getattr(self, what)(text)


def others(k):
    """Every node but the ward, with what they have handed over."""
    handed = os.path.join(k.folder, "handed")
    os.makedirs(handed)
    chain.run("ca", "init", k.ca)
    for n in k.nodes[1:]:
        chain.run("node", "init", n.path, "--party", n.party, "--code",
                  n.code, "--name", n.title, "--listen",
                  "127.0.0.1:%d" % n.gate, "--desk", "127.0.0.1:%d" % n.desk)
        crt = os.path.join(handed, n.code + ".crt")
        chain.run("ca", "sign", k.ca, os.path.join(n.path, "node.csr"),
                  "--out", crt)
        chain.run("node", "cert", n.path, "--cert", crt, "--ca",
                  os.path.join(k.ca, "ca.crt"))
    os.symlink(os.path.join(chain.ROOT, "layouts"),
               os.path.join(k.folder, "layouts"))


# docs/operations.md §5: who may send what to whom.
KINDS = {
    ("ward", "unit"): "subjects,answer-file,status,cancel,receipt",
    ("ward", "hub"): "request-file,status,cancel,receipt",
    ("unit", "ward"): "request-file,answer-file,status,receipt",
    ("unit", "hub"): "request-file,status,cancel,receipt",
    ("hub", "ward"): "answer-file,status,receipt",
    ("hub", "unit"): "answer-file,status,receipt",
    ("hub", "bank"): "request-file,status,cancel,receipt",
    ("bank", "hub"): "answer-file,status,receipt",
}


def kinds_table(c):
    """KINDS above is the table of the document."""
    with open(os.path.join(DOCS, "operations.md"), encoding="utf-8") as f:
        text = f.read().split("may send to →")[1]
    rows = [[cell.strip().strip("`") for cell in line.split("|")[1:-1]]
            for line in text.split("\n\n")[0].splitlines()[2:]]
    to = ["ward", "unit", "hub", "bank"]
    found = {(row[0], to[i]): cell for row in rows
             for i, cell in enumerate(row[1:]) if cell}
    c.check("the_kinds_of_the_document", found == KINDS, str(found))


class Chain(chain.Chain):
    """Peers with exactly the kinds of the document; the ward's own table is
    what the document makes it."""

    def peer(self, node, other, via=None, kinds=""):
        if node is self.ward:
            return
        super().peer(node, other, via, "" if via else KINDS[
            other.party, node.party])


def limits(c):
    with open(LIMITS, encoding="utf-8") as f:
        source = f.read().replace("(size_t)", "")
    wanted = {name: eval(value)  # pylint: disable=eval-used
              for name, value in re.findall(
                  r"^#define (LIMIT_\w+) ([(\d][\d ()*]*)", source, re.M)}
    c.check("there_are_limits", len(wanted) > 10)
    with open(os.path.join(DOCS, "operations.md"), encoding="utf-8") as f:
        table = f.read().split("<!-- limits -->")[1].split("\n\n")[0]
    shown = {name: int(value.replace(",", "")) for name, value in re.findall(
        r"`(LIMIT_\w+)` \| ([\d,]+) \|", table)}
    c.check("the_limits_of_the_document", shown == wanted,
            str(set(shown.items()) ^ set(wanted.items())))


FILES = {"csv", "tsv", "json", "yaml", "crt", "key", "log", "xlsx",
         "zip"}


def codes(c):
    """Every code of the source stands in docs/interface.md §12 or §14; every
    one there is in the source, or §15 says why it is not."""
    used = set()
    for root, _, names in os.walk(os.path.join(chain.ROOT, "src")):
        for name in names:
            if name.endswith((".c", ".h")):
                with open(os.path.join(root, name), encoding="utf-8") as f:
                    used |= set(re.findall(r'"([a-z]+\.[a-z_]+)"', f.read()))
    named = used
    used = {u for u in used if u.split(".")[1] not in FILES}
    with open(os.path.join(DOCS, "interface.md"), encoding="utf-8") as f:
        text = f.read()
    listed = (text.split("\n## 12.")[1].split("\n## 13.")[0]
              + text.split("Codes, beside")[1].split("\n## 15.")[0])
    receipts = re.findall(r"\d{3} `(\w+)`", text.split("Receipt codes")[1])
    told = {"message." + name for name in receipts}
    for line in listed.splitlines():
        family = None
        for token in re.findall(r"`([a-z_]+\.?)`", line):
            if token.endswith("."):
                family = token
            elif family:
                told.add(family + token)
    # "the same": what a row of customers can get, a row of subjects can
    told |= {t.replace("subjects.", "customers.") for t in told
             if "customers." + t.split(".")[1] in used}
    c.check("every_code_is_told", used <= told, str(sorted(used - told)))
    c.check("there_are_codes", len(used) > 100)
    # The gate makes message.* of its numbers (receipt.h).
    missing = {t for t in told - named
               if not t.startswith("message.")
               and t not in text.split("\n## 15.")[1]}
    c.check("no_code_is_told_that_is_not", not missing, str(missing))


def links(c):
    """What the documents point to is there."""
    for root, _, names in os.walk(DOCS):
        for name in names:
            if not name.endswith(".md"):
                continue
            path = os.path.join(root, name)
            with open(path, encoding="utf-8") as f:
                targets = re.findall(r"\]\(([^)#:]+)\)", f.read())
            for t in targets:
                c.check("%s points to %s" % (name, t),
                        os.path.exists(os.path.join(root, t)))


def tables(c):
    """Each table of the schema has its key of distribution in scaling.md."""
    made = set()
    folder = os.path.join(chain.ROOT, "src", "store", "schema")
    for name in sorted(os.listdir(folder)):
        if name.endswith(".sql"):
            with open(os.path.join(folder, name), encoding="utf-8") as f:
                text = f.read()
            made |= set(re.findall(r"CREATE TABLE (\w+)", text))
            made -= set(re.findall(r"DROP TABLE (\w+)", text))
            for was, now in re.findall(
                    r"ALTER TABLE (\w+) RENAME TO (\w+)", text):
                made = made - {was} | {now}
    with open(os.path.join(DOCS, "scaling.md"), encoding="utf-8") as f:
        told = set(re.findall(r"`(\w+)`", "".join(
            line for line in f.read().split("\n## 4.")[1].splitlines(True)
            if line.startswith("|"))))
    c.check("each_table_has_its_key", made == told and len(made) > 30,
            sorted(made ^ told))


def body(c):
    kinds_table(c)
    tables(c)
    limits(c)
    codes(c)
    links(c)
    folder = _case.folder("documents")
    k = Chain(folder, subjects=300, institutions=2, customers=1000)
    reader = Reader(c, k, folder, {
        "127.0.0.1:9443": "127.0.0.1:%d" % k.ward.gate,
        "127.0.0.1:9444": "127.0.0.1:%d" % k.ward.desk,
        "127.0.0.1:9453": "127.0.0.1:%d" % k.unit.gate,
        "127.0.0.1:9473": "127.0.0.1:%d" % k.hub_carried.gate,
    })
    try:
        k.make_synth()
        shutil.copy(os.path.join(k.synth, "ward", "subjects.csv"), folder)
        others(k)
        with open(os.path.join(k.unit.path, "node.yaml"), "a",
                  encoding="utf-8") as f:
            f.write("links: {%s: direct, %s: via-ward}\n" % (
                chain.HUB_DIRECT, chain.HUB_CARRIED))
        reader.read(os.path.join(DOCS, "operations.md"))
        reader.read(os.path.join(DOCS, "ja", "officers.md"))
    finally:
        k.stop()
        _case.remove(folder)


if __name__ == "__main__":
    _case.main(body)
