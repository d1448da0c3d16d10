"""What a wrong answer gets: from a bank, at the unit; from the unit, at the
ward. Every message is signed by whoever owns the keys, so that the gate takes
it and the content decides. A file that is refused whole changes nothing; of
a file with bad records the others are taken, and the right answers that come
after complete the wave: nothing lost, nothing twice (docs/interface.md §12,
F1, E6)."""
import hashlib
import json

import _bad
import _case
import _wire
import compare
from chain import AUTHORITY, HUB_DIRECT, UNIT, Chain, run

BANK = "9601"
FILE = "%s-001-%s-0001" % (AUTHORITY, BANK)
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def checked(fifteen):
    """The 管理番号 with its check character (ISO/IEC 7064 MOD 37,36)."""
    p = 36
    for ch in fifteen:
        p = (p + DIGITS.index(ch)) % 36 or 36
        p = p * 2 % 37
    return fifteen + DIGITS[(1 - p) % 36]


def numbered(ordinal, wave="001"):
    tail = ""
    for _ in range(5):
        tail = DIGITS[ordinal % 36] + tail
        ordinal //= 36
    return checked("2T41" + wave + "7EP" + tail)


class World:
    """The bank has answered, the hub has its answers, and the unit, which
    was away, does not know them yet."""

    def __init__(self, folder):
        self.chain = c = Chain(folder, subjects=60, institutions=1, seed=1,
                               customers=400)
        c.make_synth()
        c.make_nodes()
        c.import_banks()
        self.ward, self.unit, self.hub, self.bank = (
            c.ward, c.unit, c.hub_direct, c.banks[0])
        c.nodes = [self.ward, self.unit, self.hub, self.bank]
        self.bench = _wire.Bench(folder)
        self.ward.start()
        self.unit.start()
        c.import_subjects()
        c.ask()
        assert _bad.until(lambda: _bad.query(
            self.unit.path, "SELECT 1 FROM outbox AS o JOIN message AS m "
            "ON m.id = o.id WHERE m.kind = 'request-file'"))
        self.hub.start()
        assert _bad.until(lambda: _bad.query(
            self.unit.path, "SELECT 1 FROM outbox AS o JOIN message AS m ON "
            "m.id = o.id WHERE m.kind = 'request-file' AND o.state = 1"))
        self.unit.stop()
        self.bank.start()
        assert _bad.until(lambda: _bad.query(
            self.hub.path, "SELECT 1 FROM message WHERE kind = "
            "'answer-file'"))
        self.bank.stop()
        self.hub.stop()
        self.right = self.of_kind(self.hub, "answer-file", BANK)
        self.unit.start()
        _bad.settle([self.ward.path, self.unit.path])

    def of_kind(self, node, kind, origin):
        """The frames of a kind, in the order in which they were made."""
        ids = _bad.query(node.path, "SELECT id FROM message WHERE kind = ? "
                         "AND origin = ? ORDER BY created_us", kind, origin)
        return [_wire.kept(node, i[0]) for i in ids]


class Answers:
    """A right answer message, opened, to be made again in a wrong way."""

    def __init__(self, w, frame, reader, origin):
        self.w = w
        self.origin = origin
        self.header, self.meta, self.parts = w.bench.open(reader, frame)
        self.meta.pop("header")

    def make(self, meta=None, content=None, **fields):
        h = self.header
        first = {k: h[k] for k in ("kind", "to", "authority", "wave",
                                   "institution", "hub", "link", "file",
                                   "records", "ref")}
        first["readers"] = ",".join(h["readers"])
        first.update(fields)
        content = self.parts if content is None else content
        if meta is None:
            meta = dict(self.meta, digest=self.digest(content))
        return self.w.bench.make(self.origin, meta, content, **first)

    def digest(self, content):
        (name,) = self.parts
        return hashlib.sha256(content.get(name, b"")).hexdigest()


def log_of(node):
    with open(node.log, encoding="utf-8") as f:
        return f.read()


def refused(node, number):
    """What a node keeps of the refusal of that message."""
    return _bad.query(node.path, "SELECT party, kind, code FROM refused "
                      "WHERE message = ?", number)


def whole(c, w, name, node, sender, make, code, told=()):
    """Taken by the gate, refused by the work with that code, kept as proof,
    and told to whoever waits for it: those nodes keep the same. Every other
    table of ward and unit is as before."""
    said = {}
    paths = [n.path for n in (w.ward, w.unit) if n.process is not None]

    def act():
        number, body = make()
        said["status"], answer = _wire.post(node, sender, body)
        said["code"] = w.bench.code(answer, node)
        said["row"] = _wire.worked(node, number)
        said["id"] = number
        for n in told:
            _bad.until(lambda: refused(n, number))

    found, _ = _bad.changed(paths, act)
    number = said.pop("id")
    here = found.pop(node.name, {})
    here.pop("outbox", None)  # the status, and what becomes of it
    row = [(node.code, "answer-file", code)]
    c.check(name + ": kept with its code",
            here.pop("refused", None) == (1, 0)
            and refused(node, number) == row, refused(node, number))
    for n in told:
        there = found.pop(n.name, {})
        c.check(name + ": told to " + n.name, refused(n, number) == row
                and there.get("refused") == (1, 0)
                and set(there) <= _wire.KEPT | {"refused", "outbox"}, there)
    c.check(name + ": refused", said == {
        "status": 200, "code": 100, "row": (2, code)}, said)
    c.check(name + ": kept as proof, nothing else", set(here) == _wire.KEPT
            and all(went == 0 for _, went in here.values()), here)
    c.check(name + ": others untouched", found == {}, found)
    c.check(name + ": the log says so", "message %s refused: %s" % (
        number, code) in log_of(node))


def wrong_digest(c, w, name, answers, node, sender):
    """The digest in the signed header is not that of the payload: the gate
    itself finds out."""
    said = {}

    def act():
        header, payload = _wire.blocks(answers.make()[1])
        h = json.loads(w.bench.peek(header))
        h["payload"] = "0" * 64
        said["answer"] = _wire.post(node, sender, _wire.frame(
            w.bench.sign(answers.origin, _wire.canonical(h)), payload))

    paths = [n.path for n in (w.ward, w.unit) if n.process is not None]
    found, _ = _bad.changed(paths, act)
    c.check(name + ": malformed", w.bench.code(
        said["answer"][1], node) == 200, said)
    return found


class File:
    """The bank's own CSV: one group of lines for each inquiry."""

    def __init__(self, content):
        lines = content.decode("utf-8").split("\r\n")[:-1]
        self.head, self.tail = lines[0], lines[-1]
        self.groups = []
        for line in lines[1:-1]:
            if line.startswith("D,"):
                self.groups.append([])
            self.groups[-1].append(line)

    def number(self, i):
        return self.groups[i][0].split(",")[1]

    def content(self, groups=None, head=None, counts=None):
        groups = self.groups if groups is None else groups
        rows = sum(map(len, groups))
        records, rows = counts or (len(groups), rows)
        lines = [head or self.head, *(x for g in groups for x in g),
                 "T,%d,%d" % (records, rows)]
        return {"file": "".join(x + "\r\n" for x in lines).encode()}

    def with_field(self, i, at, value):
        g = list(self.groups[i])
        cells = g[0].split(",")
        cells[at] = value
        g[0] = ",".join(cells)
        return g


def listed(node, *words):
    p = run("refusals", node.path, "--json", *words)
    return [json.loads(x) for x in p.stdout.splitlines()]


def shown(c, w):
    """Officers see it at the ward, operators at the unit."""
    wave = json.loads(run("wave", "show", w.ward.path, "001", "--json").stdout)
    mine = [r for r in wave["refused"] if r["file"] == FILE]
    c.check("wave show names the refusals", {r["code"] for r in mine} == {
        "answer.count", "answer.header", "answer.digest"}
        and all(r["by"] == UNIT and r["kind"] == "answer-file" and r["open"]
                and r["institution"] == BANK for r in mine), mine)
    text = run("wave", "show", w.ward.path, "001").stdout
    c.check("wave show tells of them in words", "%s %s: answer.digest" % (
        FILE, UNIT) in text, text)
    c.check("nothing is answered by that", wave["pending"] == wave["sent"] > 0
            and wave["answered"] == 0, wave)
    for node in (w.ward, w.unit):
        status = json.loads(run("status", node.path, "--json",
                                ok=None).stdout)
        waiting = listed(node)
        c.check("status counts them at " + node.name, status["refused"]
                == len(waiting) >= len(mine) > 0, (status, len(waiting)))


def from_the_bank(c, w, a):
    """Whole files, at the unit."""
    f = File(a.parts["file"])
    n = len(f.groups)
    c.check("the file is as it should be", f.content() == a.parts
            and n == a.header["records"] and n > 30, n)
    c.check("numbers are as they should be", all(
        numbered(int(f.number(i)[10:15], 36)) == f.number(i)
        for i in range(n)))
    other = f.head.replace(BANK, "9603")
    cases = (
        ("one more in the header", {"records": n + 1}, None, "answer.count"),
        ("one fewer in the header", {"records": n - 1}, None,
         "answer.count"),
        ("an answer taken out", {}, f.content(f.groups[1:]), "answer.count"),
        ("taken out, and not counted", {}, f.content(
            f.groups[1:], counts=(n, sum(map(len, f.groups)))),
         "answer.count"),
        ("a wrong trailer", {}, f.content(counts=(n, 1)), "answer.count"),
        ("another institution's head", {}, f.content(head=other),
         "answer.header"),
        ("no file at all", {}, {}, "answer.header"),
        ("an empty file", {}, {"file": b""}, "answer.header"),
        ("another file of the wave", {"file": FILE[:-1] + "7"}, None,
         "answer.unknown_number"),
        ("another wave", {"wave": 2, "file": FILE.replace("-001-", "-002-")},
         None, "answer.unknown_number"),
        ("another institution", {"institution": "9603"}, None,
         "answer.unknown_number"),
        ("another authority", {"authority": "131059",
                               "readers": UNIT}, None,
         "answer.unknown_number"),
    )
    for name, fields, content, code in cases:
        # Of whose file it is not, the ward hears nothing (S2).
        alone = "institution" in fields or "authority" in fields
        whole(c, w, "bank, " + name, w.unit, w.hub,
              lambda x=fields, y=content: a.make(content=y, **x), code,
              told=() if alone else (w.ward,))
    whole(c, w, "bank, without a date", w.unit, w.hub,
          lambda: a.make(meta={"request": a.header["ref"]}), "answer.header",
          told=(w.ward,))
    whole(c, w, "bank, not those of its digest", w.unit, w.hub,
          lambda: a.make(meta=dict(a.meta, digest="0" * 64)),
          "answer.digest", told=(w.ward,))
    shown(c, w)
    found = wrong_digest(c, w, "bank, a wrong digest", a, w.unit, w.hub)
    # The bank stands still: what was told to it is tried again meanwhile.
    c.check("bank, a wrong digest: nothing changed", all(
        set(d) <= {"outbox"} and len(set(d["outbox"])) == 1
        for d in found.values()), found)


def outcomes(node):
    return {r[0] for r in _bad.query(
        node.path, "SELECT inquiry FROM outcome WHERE file = ?", FILE)}


def bad_records(c, w, a):
    """A file of which some records are wrong: those alone are refused."""
    f = File(a.parts["file"])
    n = len(f.groups)
    there = {f.number(i) for i in range(n)}
    first, last = (int(f.number(i)[10:15], 36) for i in (0, n - 1))
    # In the file's range, but never sent: a subject left out of the wave.
    unsent = [x for x in map(numbered, range(first, last + 1))
              if x not in there]
    c.check("somebody was left out of the wave", len(unsent) > 0)
    plain = [i for i in range(n) if len(f.groups[i]) == 1]
    bad = dict(zip(plain[1:], (
        f.with_field(plain[1], 1, numbered(last + 1)),
        f.with_field(plain[2], 1, f.number(plain[2])[:-1] + "*"),
        f.with_field(plain[3], 1, numbered(first, wave="002")),
        f.with_field(plain[4], 1, unsent[0]),
        f.with_field(plain[5], 1, f.number(plain[0])),
        f.with_field(plain[6], 2, "7"),
        f.with_field(plain[7], 22, "20260230"),
        f.with_field(plain[8], 1, ""),
    )))
    codes = ["answer.unknown_number", "answer.unknown_number",
             "answer.unknown_number", "answer.unknown_number",
             "answer.repeated", "answer.unknown_code", "answer.bad_date",
             "answer.missing"]
    groups = [bad.get(i, g) for i, g in enumerate(f.groups)]
    before = _case.dump(w.unit.path)
    number, body = a.make(content=f.content(groups))
    status, answer = _wire.post(w.unit, w.hub, body)
    c.check("bad records: taken", status == 200
            and w.bench.code(answer, w.unit) == 100, status)
    c.check("bad records: done", _wire.worked(w.unit, number) == (1, ""))
    taken = outcomes(w.unit)
    c.check("bad records: all others are taken", taken == {
        f.number(i) for i in range(n) if i not in bad},
        (len(taken), taken - there))
    said = log_of(w.unit)
    for code in set(codes):
        c.check("bad records: the log tells " + code,
                said.count(": " + code) >= codes.count(code), said[-600:])
    found = set(_bad.differing(before, _case.dump(w.unit.path))) - _bad.CLOCK
    c.check("bad records: the rest is as before", found <= _wire.KEPT | {
        "outcome", "outbox", "step", "answer_held"}, found)
    wait_for_a_person(c, w, codes, f.number(plain[6]))
    c.check("bad records: the file stays open", _bad.query(
        w.unit.path, "SELECT answered_us FROM file WHERE file = ?", FILE)
        == [(0,)])
    return len(taken)


def held(w):
    p = _bad.shokai("answers", "held", w.unit.path, "--json")
    return [json.loads(x) for x in p.stdout.decode().splitlines()]


def wait_for_a_person(c, w, codes, number):
    """Each with its place; but of the one answered twice an answer stands."""
    rows = held(w)
    c.check("bad records: they wait for a person", sorted(
        r["code"] for r in rows) == sorted(
            x for x in codes if x != "answer.repeated"), rows)
    one = [r for r in rows if r["inquiry"] == number]
    c.check("bad records: number, line, code and item", [
        (r["code"], r["item"], r["file"], r["line"] > 1) for r in one]
        == [("answer.unknown_code", "回答区分", FILE, True)], one)
    _bad.shokai("user", "add", w.unit.path, "officer9", "--role", "officer")
    p = _bad.shokai("inquiry", "show", w.unit.path, number, "--as",
                    "officer9", "--json")
    shown = json.loads(p.stdout)
    c.check("bad records: shown with its inquiry", [
        x["code"] for x in shown["answers_held"]] == ["answer.unknown_code"]
        and "outcome" not in shown, shown.get("answers_held"))


def complete_unit(c, w, a):
    n = a.header["records"]
    status, answer = _wire.post(w.unit, w.hub, w.right[0])
    c.check("the right file: taken", status == 200
            and w.bench.code(answer, w.unit) == 100, status)
    c.check("the right file: done", _wire.worked(
        w.unit, a.header["id"]) == (1, ""))
    c.check("the right file: complete", len(outcomes(w.unit)) == n
            and _bad.query(w.unit.path, "SELECT answered_us > 0 FROM file "
                           "WHERE file = ?", FILE) == [(1,)])
    c.check("the right file: nothing waits for a person", held(w) == [])


def from_the_unit(c, w, a):
    """Whole messages, at the ward; the unit is away. Only what the ward
    keeps sending to it (its knot) moves meanwhile, in the outbox."""
    n = a.header["records"]
    pack = a.parts["answers"]
    cases = (
        ("one more in the header", {"records": n + 1}, None, "answer.count"),
        ("one fewer in the header", {"records": n - 1}, None,
         "answer.count"),
        ("more than the file has", {"records": 5001}, None,
         "answer.count"),
        ("no answers", {}, {}, "answer.count"),
        ("the last answer cut", {}, {"answers": pack[:-1]},
         "message.malformed"),
        ("no answers but noise", {}, {"answers": b"\xff" * 99},
         "message.malformed"),
        ("a file of another wave", {
            "file": FILE.replace("-001-", "-002-")}, None, "answer.header"),
        ("a file of another institution", {
            "file": FILE.replace(BANK, "9603")}, None, "answer.header"),
        ("a name that is no file", {"file": "file"}, None, "answer.header"),
        ("an institution nobody asked", {
            "institution": "9603", "file": FILE.replace(BANK, "9603")},
         None, "answer.header"),
        ("another hub", {"hub": "H002"}, None, "answer.header"),
        ("another authority", {"authority": "131059"}, None,
         "message.not_allowed"),
    )
    for name, fields, content, code in cases:
        whole(c, w, "unit, " + name, w.ward, w.unit,
              lambda x=fields, y=content: a.make(content=y, **x), code)
    whole(c, w, "unit, not those of its digest", w.ward, w.unit,
          lambda: a.make(meta=dict(a.meta, digest="0" * 64)),
          "answer.digest")
    whole(c, w, "not the unit's answers", w.ward, w.unit,
          lambda: w.bench.make(
              w.bank, a.meta, a.parts, kind="answer-file", to=AUTHORITY,
              authority=AUTHORITY, wave=1, institution=BANK, hub=HUB_DIRECT,
              file=FILE, records=n), "message.not_allowed")
    found = wrong_digest(c, w, "unit, a wrong digest", a, w.ward, w.unit)
    c.check("unit, a wrong digest: nothing changed", all(
        set(d) <= {"outbox"} for d in found.values()), found)
    c.check("the outbox held nothing but the knot", _bad.query(
        w.ward.path, "SELECT count(*) FROM outbox AS o JOIN message AS m ON "
        "m.id = o.id WHERE o.state = 0 AND m.kind <> 'status'") == [(0,)])


def bad_answers(c, w, a, numbers):
    """One number that was never sent, and one twice."""
    number, again, twice, unknown = numbers
    pack = a.parts["answers"].replace(
        number.encode(), unknown.encode()).replace(
        again.encode(), twice.encode())
    c.check("numbers were put in", pack != a.parts["answers"]
            and len(pack) == len(a.parts["answers"]))
    before = _case.dump(w.ward.path)
    sent, body = a.make(content={"answers": pack})
    status, answer = _wire.post(w.ward, w.unit, body)
    c.check("bad answers: taken", status == 200
            and w.bench.code(answer, w.ward) == 100, status)
    c.check("bad answers: done", _wire.worked(w.ward, sent) == (1, ""))
    rows = _bad.query(w.ward.path, "SELECT code, file FROM answer_refused "
                      "WHERE message = ? ORDER BY 1", sent)
    c.check("bad answers: each is kept with its code", rows == [
        ("answer.repeated", FILE), ("answer.unknown_number", FILE)], rows)
    left = {number, again}
    c.check("bad answers: all others are registered", outcomes(w.ward) ==
            outcomes(w.unit) - left, len(outcomes(w.ward)))
    found = set(_bad.differing(before, _case.dump(w.ward.path)))
    c.check("bad answers: the rest is as before", found - _bad.CLOCK <=
            _wire.KEPT | {"outbox", "outcome", "answer", "answer_refused",
                          "step", "step_tally", "file", "file_tally"}, found)
    c.check("bad answers: no correction", _bad.query(
        w.ward.path, "SELECT count(*) FROM correction") == [(0,)])
    c.check("bad answers: the log counts them",
            "file %s: 2 answers refused" % FILE in log_of(w.ward))


def finish(c, w):
    """The unit is back: everything ends as if nobody had lied."""
    for n in (w.unit, w.hub, w.bank):
        n.start()
    w.chain.finish(timeout=120, until=lambda x: x["pending"] == 0 and all(
        s["first"] for f in x["flows"] for s in f["steps"]
        if f["hub"] == HUB_DIRECT))
    _bad.settle([n.path for n in w.chain.nodes])
    shown = w.chain.show()
    c.check("in the end: all are answered",
            shown["answered"] == shown["sent"] > 0, shown)
    for node in (w.ward, w.unit):
        c.check("in the end: no refused file is waited for at " + node.name,
                listed(node) == [] and listed(node, "--all") != [],
                listed(node))
    c.check("in the end: no correction", _bad.query(
        w.ward.path, "SELECT count(*) FROM correction") == [(0,)])
    result = compare.compare_chain(w.chain)
    c.check("in the end: nothing lost, nothing twice, nobody else's",
            (result.lost, result.duplicated, result.pending) == (0, 0, 0),
            vars(result))
    for n in w.chain.nodes:
        for words in (("reconcile",), ("audit", "verify")):
            p = run(*words, n.path, ok=None)
            c.check("in the end: %s %s" % (" ".join(words), n.name),
                    p.returncode == 0, p.stdout[-300:])


def body(c):
    folder = _case.folder("bad-answers")
    w = None
    try:
        w = World(folder)
        a = Answers(w, w.right[0], w.unit, w.bank)
        from_the_bank(c, w, a)
        w.ward.stop()
        bad_records(c, w, a)
        complete_unit(c, w, a)
        w.unit.stop()
        w.ward.start()
        _bad.settle([w.ward.path])
        right = w.of_kind(w.unit, "answer-file", UNIT)[-1]
        own = Answers(w, right, w.ward, w.unit)
        from_the_unit(c, w, own)
        f = File(a.parts["file"])
        bad_answers(c, w, own, (f.number(3), f.number(5), f.number(4),
                                numbered(59999)))
        finish(c, w)
    finally:
        if w is not None:
            w.chain.stop()
        _case.remove(folder)


_case.main(body)
