"""What a bad message gets, over mutual TLS, with the real keys of whoever
misbehaves (docs/interface.md §3, S1, S2, E2): strangers get no answer, peers
a signed refusal; a hub that forges, alters, re-signs and replays is found out
at the last recipient. No table of the receiver changes, but as said here."""
import csv
import hashlib
import json
import os
import subprocess
import time

import _bad
import _case
import _wire
from chain import (AUTHORITY, HUB_DIRECT, KINDS, SHOKAI, UNIT, Chain, Node,
                   run)

BANK = "9601"


class World:
    """A chain whose wave is done; every node of it still serves."""

    def __init__(self, folder):
        self.chain = c = Chain(folder, subjects=120, institutions=1, seed=3,
                               customers=400)
        c.make_synth()
        c.make_nodes()
        c.import_banks()
        self.stranger = Node(c.folder, "stranger", "bank", "9699", "未知")
        self.certify(self.stranger)
        c.peer(self.stranger, c.unit)
        c.nodes = [c.ward, c.unit, c.hub_direct, c.banks[0]]
        c.start()
        c.import_subjects()
        c.ask()
        c.finish(timeout=120, until=lambda w: w["pending"] == 0 and w["sent"]
                 and all(s["first"] for f in w["flows"] for s in f["steps"]
                         if f["hub"] == HUB_DIRECT))
        self.ward, self.unit, self.hub, self.bank = c.nodes
        self.bench = _wire.Bench(c.folder)
        _bad.settle(self.paths())

    def certify(self, node):
        crt = os.path.join(self.chain.folder, node.name + ".crt")
        run("node", "init", node.path, "--party", node.party, "--code",
            node.code, "--name", node.title)
        run("ca", "sign", self.chain.ca,
            os.path.join(node.path, "node.csr"), "--out", crt)
        run("node", "cert", node.path, "--cert", crt, "--ca",
            os.path.join(self.chain.ca, "ca.crt"))

    def paths(self):
        return [n.path for n in self.chain.nodes]

    def of_kind(self, node, kind, origin):
        return _bad.query(node.path, "SELECT id FROM message WHERE kind = ? "
                          "AND origin = ?", kind, origin)[0][0]

    def answer_file(self, **fields):
        """A message by the bank to the unit, right in every way."""
        return self.bench.make(self.bank, **dict(dict(
            kind="answer-file", to=UNIT, readers=UNIT + "," + AUTHORITY,
            authority=AUTHORITY, wave=1, institution=BANK, hub=HUB_DIRECT,
            file="%s-001-%s-0001" % (AUTHORITY, BANK), records=1), **fields))


def refused(c, w, name, make, code, node=None, sender=None, besides=()):
    """Given to the unit by the hub: a signed refusal, and every table of
    every node is as before (but those in besides)."""
    node = node or w.unit
    sender = sender or w.hub
    said = {}

    def act():
        said["status"], answer = _wire.post(node, sender, make())
        said["code"] = w.bench.code(answer, node)

    found, _ = _bad.changed(w.paths(), act)
    found = {n: set(d) - set(besides) for n, d in found.items()}
    c.check(name + ": HTTP 200", said["status"] == 200, said)
    c.check("%s: receipt %d" % (name, code), said["code"] == code, said)
    c.check(name + ": nothing changed", not any(found.values()), found)
    with open(node.log, encoding="utf-8") as f:
        c.check(name + ": the log names code and hop", any(
            "refused %d " % code in line and sender.code in line
            for line in f), name)


def strangers(c, w):
    _, body = w.answer_file()
    received = {}

    def act(sender):
        received["answer"] = _wire.post(w.unit, sender, body)

    for name, sender in (("a certificate that is not in the table",
                          w.stranger), ("no certificate", None)):
        found, _ = _bad.changed(w.paths(), lambda s=sender: act(s))
        c.check(name + ": broken off", received["answer"] == (0, b""),
                received)
        c.check(name + ": nothing changed", found == {}, found)
    keys = os.path.join(w.stranger.path, "keys")
    found, p = _bad.changed(w.paths(), lambda: subprocess.run(
        ["curl", "-sk", "--max-time", "10", "--cert",
         os.path.join(keys, "node.crt"), "--key",
         os.path.join(keys, "node.key"), "--data-binary", "x",
         w.unit.url + "/v1/messages"], stdout=subprocess.PIPE))
    c.check("curl sees a lost connection", p.returncode in (35, 52, 55, 56)
            and p.stdout == b"" and found == {}, (p, found))
    with open(w.unit.log, encoding="utf-8") as f:
        said = f.read()
    c.check("the log counts the handshakes", "handshakes broken off" in said)
    c.check("nobody was received", w.stranger.code not in said
            and _bad.query(w.unit.path, "SELECT count(*) FROM inbox WHERE "
                           "sender = ?", w.stranger.code) == [(0,)])
    own = os.path.join(w.hub.path, "keys")
    for version, good in (("-tls1_3", True), ("-tls1_2", False)):
        p = subprocess.run(
            ["openssl", "s_client", version, "-brief", "-connect",
             "127.0.0.1:%d" % w.unit.gate, "-cert",
             os.path.join(own, "node.crt"), "-key",
             os.path.join(own, "node.key")], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=20)
        c.check("a peer with %s" % version,
                (b"ESTABLISHED" in p.stdout) == good, p.stdout)


def frames(c, w):
    _, good = w.answer_file()
    cases = (
        ("an empty body", 400, b"", {}),
        ("no frame", 400, b"\0", {}),
        ("a frame cut short", 400, good[:-1], {}),
        ("a byte too many", 400, good + b"\0", {}),
        ("33 messages", 400, _wire.frame(b"x", b"y") * 33, {}),
        ("another type", 415, good, {"kind": "text/plain"}),
        ("another method", 405, b"", {"method": "GET"}),
        ("another path", 404, good, {"path": "/v1/other"}),
    )
    for name, status, body, more in cases:
        found, said = _bad.changed(w.paths(), lambda b=body, m=more:
                                   _wire.post(w.unit, w.hub, b, **m))
        c.check("%s: HTTP %d" % (name, status), said[0] == status, said)
        c.check(name + ": nothing changed", found == {}, found)
    found, said = _bad.changed(w.paths(), lambda: _wire.post(
        w.unit, w.hub, None, headers={"Content-Length": str(97 << 20)}))
    c.check("over 96 MiB announced: HTTP 413", said[0] == 413
            and found == {}, (said, found))


def one_bit(c, w):
    """Each of many single bits, in the signed header and the sealed
    payload of a message that would be accepted."""
    _, body = w.answer_file()
    header, payload = _wire.blocks(body)
    bits = 0
    codes = {}

    def act():
        nonlocal bits
        for part, step in ((0, 7), (1, 11)):
            for at in range(0, len((header, payload)[part]), step):
                pair = [bytearray(header), bytearray(payload)]
                pair[part][at] ^= 1 << at % 8
                status, answer = _wire.post(w.unit, w.hub, _wire.frame(
                    bytes(pair[0]), bytes(pair[1])))
                code = (status, w.bench.code(answer, w.unit))
                codes[code] = codes.get(code, 0) + 1
                bits += 1

    found, _ = _bad.changed(w.paths(), act)
    c.check("one bit: never accepted", set(codes) <= {
        (200, 200), (200, 300), (200, 313)}, codes)
    c.check("one bit: both kinds of finding", {
        (200, 200), (200, 313)} <= set(codes), codes)
    c.check("one bit: nothing changed", found == {} and bits > 100, found)
    with_other = _wire.frame(header, _wire.blocks(w.answer_file()[1])[1])
    refused(c, w, "another's payload", lambda: with_other, 200)


def identities(c, w):
    refused(c, w, "for somebody unknown", lambda: w.answer_file(
        to="9999", readers=UNIT)[1], 301)
    refused(c, w, "back to where it came from", lambda: w.answer_file(
        to=HUB_DIRECT, readers=UNIT)[1], 301)
    refused(c, w, "an unknown origin", lambda: w.bench.make(
        w.stranger, kind="answer-file", to=UNIT)[1], 300)
    refused(c, w, "expired", lambda: w.answer_file(
        ago=7200, expires=3600)[1], 204)
    refused(c, w, "a header over 8 KiB", lambda: _wire.frame(
        b"x" * 8193, b"y"), 330)
    refused(c, w, "a payload over 64 MiB", lambda: _wire.frame(
        _wire.blocks(w.answer_file()[1])[0], bytes((64 << 20) + 1)), 330)
    refused(c, w, "a header that is none", lambda: _wire.frame(
        w.bench.sign(w.bank, b"{}"), b"y"), 200)


def wrong_digest(c, w):
    """A header signed by the bank itself, whose digest is another's."""
    def make():
        header, payload = _wire.blocks(w.answer_file()[1])
        h = json.loads(w.bench.peek(header))
        h["payload"] = "ab" * 32
        return _wire.frame(w.bench.sign(w.bank, _wire.canonical(h)), payload)
    refused(c, w, "a wrong digest", make, 200)


def replays(c, w):
    number = w.of_kind(w.unit, "answer-file", BANK)
    body = _wire.kept(w.unit, number)
    first = _bad.query(w.unit.path, "SELECT signed FROM receipt_group WHERE "
                       "id = (SELECT receipt FROM inbox WHERE id = ?)",
                       number)[0][0]
    for sender in (w.hub, w.hub, w.ward):
        found, said = _bad.changed(w.paths(), lambda s=sender: _wire.post(
            w.unit, s, body))
        c.check("replayed by %s: the first receipt, byte for byte"
                % sender.name, said == (200, _wire.block(first)), said[0])
        c.check("replayed: nothing changed", found == {}, found)
    # The group that proves a 201 is kept, in one of a bounded number of
    # places: by it the node can show that somebody sent two contents.
    for _ in range(2):
        refused(c, w, "the same id, other content", lambda: w.answer_file(
            id=number)[1], 201, besides={"receipt_group"})


def again(w, node, peer, *more, via=None, kinds=KINDS):
    run("peer", "add", node.path, "--code", peer.code, "--party", peer.party,
        "--cert", peer.certificate, "--kinds", kinds, "--url",
        "" if via else peer.url, *(("--via", via.code) if via else ()), *more)
    time.sleep(1.2)  # the work reads the table anew once a second
    _bad.settle(w.paths())


def table(c, w):
    """What the peer table says now counts, not what it said before."""
    _, body = w.answer_file()
    again(w, w.unit, w.hub, kinds="status,receipt")
    refused(c, w, "an unlisted kind", lambda: w.answer_file()[1], 310)
    again(w, w.unit, w.hub, "--approved", "2020-04-01/2021-03-31",
          "--approval", "試験")
    found, said = _bad.changed(w.paths(), lambda: _wire.post(
        w.unit, w.hub, body))
    c.check("a period that has ended: no answer", said == (0, b""), said)
    c.check("a period that has ended: nothing changed", found == {}, found)
    again(w, w.unit, w.hub)
    again(w, w.unit, w.bank, "--approved", "2020-04-01/2021-03-31",
          "--approval", "試験", via=w.hub)
    refused(c, w, "an origin whose period has ended",
            lambda: w.answer_file()[1], 312)
    again(w, w.unit, w.bank, via=w.hub)


def reached(c, w, name, node, sender, make, code):
    """A message that the gate must take (its origin signed it) and the last
    recipient finds out: refused with that code, kept as proof, logged;
    nothing else changes anywhere."""
    said = {}

    def act():
        number, body = make()
        said["status"], answer = _wire.post(node, sender, body)
        said["code"] = w.bench.code(answer, node)
        said["row"] = _wire.worked(node, number)

        kept["kind"] = _bad.query(
            node.path, "SELECT kind FROM message WHERE id = ?", number)[0][0]

    kept = {}
    found, _ = _bad.changed(w.paths(), act)
    here = found.pop(os.path.basename(node.path), {})
    content = kept["kind"] in ("subjects", "request-file", "answer-file")
    c.check(name + ": found out", said == {
        "status": 200, "code": 100, "row": (2, code)}, said)
    c.check(name + ": kept as proof with its code",
            here.pop("refused", None) == ((1, 0) if content else None),
            here)
    c.check(name + ": nothing else", set(here) == _wire.KEPT
            and all(went == 0 for t, (_, went) in here.items()), here)
    c.check(name + ": others untouched", found == {}, found)
    with open(node.log, encoding="utf-8") as f:
        c.check(name + ": the log says so", "refused: " + code in f.read())


def resigned(w, body, **fields):
    """(id, frame): the hub's own signature under a changed header."""
    header, payload = _wire.blocks(body)
    h = json.loads(w.bench.peek(header))
    h.update(fields)
    return h["id"], _wire.frame(
        w.bench.sign(w.hub, _wire.canonical(h)), payload)


def fresh_id():
    return os.urandom(16).hex()


def dishonest_hub(c, w):
    answer = _wire.kept(w.unit, w.of_kind(w.unit, "answer-file", BANK))
    request = _wire.kept(w.bank, w.of_kind(w.bank, "request-file", UNIT))
    refused(c, w, "a header altered and signed by the hub", lambda: resigned(
        w, answer, id=fresh_id(), records=7)[1], 313)
    refused(c, w, "a request altered and signed by the hub", lambda:
            resigned(w, request, id=fresh_id(), institution="9602")[1], 313,
            node=w.bank)
    reached(c, w, "an answer under the hub's own name", w.unit, w.hub,
            lambda: resigned(w, answer, id=fresh_id(), origin=HUB_DIRECT),
            "message.bad_signature")
    reached(c, w, "a request under the hub's own name", w.bank, w.hub,
            lambda: resigned(w, request, id=fresh_id(), origin=HUB_DIRECT),
            "message.bad_signature")
    # Sealed by the hub itself: it may write what it likes, in its own name.
    reached(c, w, "an answer of the hub's making", w.unit, w.hub,
            lambda: w.bench.make(
                w.hub, {"request": "0" * 32, "as_of": "2026-09-30"},
                {"file": b"x"}, kind="answer-file", to=UNIT,
                authority=AUTHORITY, wave=1, institution=BANK,
                hub=HUB_DIRECT, file="%s-001-%s-0001" % (AUTHORITY, BANK),
                records=1), "answer.unknown_number")
    approval = w.bench.sign(w.hub, b"{}")
    reached(c, w, "a request of the hub's making", w.bank, w.hub,
            lambda: w.bench.make(
                w.hub, {"layout": "2025-04-01", "scope": "detail"},
                {"approval": approval, "file": b"x"}, kind="request-file",
                to=BANK, authority=AUTHORITY, wave=1, institution=BANK,
                hub=HUB_DIRECT, records=1, file="%s-001-%s-0009" % (
                    AUTHORITY, BANK)), "message.not_allowed")
    reached(c, w, "a question to the unit in the hub's name", w.unit, w.hub,
            lambda: w.bench.make(
                w.hub, {}, {"approval": approval, "subjects": b""},
                kind="subjects", to=UNIT, authority=AUTHORITY, wave=9,
                part=1, parts=1, records=1), "message.not_allowed")


def approvals(c, w):
    """A unit that asks without the ward's approval of it (S4): refused, and
    as it is the unit's own file, unit and ward are told so."""
    request = _wire.kept(w.bank, w.of_kind(w.bank, "request-file", UNIT))
    _, meta, parts = w.bench.open(w.bank, request)
    meta.pop("header")
    own = w.bench.sign(w.unit, w.bench.peek(parts["approval"]))
    cases = (
        ("an approval that the unit signed", own,
         hashlib.sha256(own).hexdigest(), 91),
        ("an approval other than the header's", parts["approval"],
         "ab" * 32, 92),
    )
    for name, approval, named, no in cases:
        file = "%s-001-%s-%04d" % (AUTHORITY, BANK, no)
        before = _bad.dumps(w.paths())
        number, body = w.bench.make(
            w.unit, meta, dict(parts, approval=approval),
            kind="request-file", to=BANK, authority=AUTHORITY, wave=1,
            institution=BANK, hub=HUB_DIRECT, approval=named, file=file,
            records=len(parts["file"].splitlines()) - 1)
        status, answer = _wire.post(w.bank, w.hub, body)
        c.check(name + ": taken by the gate", status == 200
                and w.bench.code(answer, w.bank) == 100, status)
        c.check(name + ": found out", _wire.worked(w.bank, number) == (
            2, "message.bad_signature"))
        c.check(name + ": the ward is told", _bad.until(
            lambda f=file: _bad.query(
                w.ward.path, "SELECT state FROM statement WHERE peer = ? "
                "AND file = ?", BANK, f) == [("refused",)]))
        _bad.settle(w.paths())
        for n, d in _bad.dumps(w.paths()).items():
            found = set(_bad.differing(before[n], d)) - _bad.CLOCK
            c.check(name + ": nobody is looked up, nothing else changed",
                    found <= _wire.KEPT | {"outbox", "statement", "refused",
                                           "bank_file"}, found)
        c.check(name + ": the bank keeps it as refused", _bad.query(
            w.bank.path, "SELECT state, answered FROM bank_file WHERE "
            "file = ?", file) == [("refused", 0)])


def others_steps(c, w):
    """E7: nobody reports a step that another party does."""
    steps = [{"wave": 1, "file": "%s-001-%s-0077" % (AUTHORITY, BANK),
              "hub": HUB_DIRECT, "no": no, "inquiries": 1,
              "at": "2026-11-01T00:00:00.000000+09:00"}
             for no in (1, 4, 7, 8, 9, 14, 15)]
    number, body = w.bench.make(
        w.hub, {"steps": steps, "files": []}, kind="status", to=AUTHORITY,
        authority=AUTHORITY)
    before = _bad.dumps(w.paths())
    status, answer = _wire.post(w.ward, w.unit, body)
    c.check("others' steps: taken by the gate", status == 200
            and w.bench.code(answer, w.ward) == 100, status)
    c.check("others' steps: done with", _wire.worked(w.ward, number)[0] in (
        1, 2))
    _bad.settle(w.paths())
    found = {n: _bad.differing(before[n], d)
             for n, d in _bad.dumps(w.paths()).items()}
    c.check("others' steps: none is written", not any(
        {"step", "file", "statement"} & set(d) for d in found.values()),
        found)


def secrecy(c, w):
    with open(os.path.join(w.chain.synth, "ward", "subjects.csv"),
              encoding="utf-8-sig", newline="") as f:
        names = {r[k].encode() for r in csv.DictReader(f)
                 for k in ("漢字氏名", "カナ氏名") if len(r[k]) >= 4}
    c.check("names to look for", len(names) > 100, len(names))
    for n in w.chain.nodes:
        with open(n.log, "rb") as f:
            said = f.read()
        c.check("no name in the log of " + n.name,
                not any(name in said for name in names))
        p = subprocess.run([SHOKAI, "audit", "verify", n.path],
                           stdout=subprocess.PIPE)
        c.check("the linked log of %s holds" % n.name, p.returncode == 0, p)
        p = subprocess.run([SHOKAI, "reconcile", n.path],
                           stdout=subprocess.PIPE)
        c.check("the books of %s agree" % n.name, p.returncode == 0, p)


def body(c):
    folder = _case.folder("bad-messages")
    w = None
    try:
        w = World(folder)
        for part in (strangers, frames, one_bit, identities, wrong_digest,
                     replays, dishonest_hub, approvals, others_steps, table,
                     secrecy):
            part(c, w)
    finally:
        if w is not None:
            w.chain.stop()
        _case.remove(folder)


_case.main(body)
