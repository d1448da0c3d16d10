"""_wire.py — what the tests of bad messages and answers share: messages made
with a node's own keys by tests/tools/forge.c, given to a gate over mutual
TLS as any program could, and the signed receipts that come back."""
import os
import ssl
import struct
import http.client
import json
import subprocess
import tempfile
import threading

import _bad
import rows
from chain import BUILD, UNIT

FORGE = os.path.join(BUILD, "tests", "tools", "forge")
TYPE = "application/octet-stream"
# What a message that the gate accepts always leaves: itself, its receipt and
# the entry of the linked log. What its content does stands elsewhere.
KEPT = {"message", "inbox", "receipt_group", "log", "log_object"}


def forge(*args):
    p = subprocess.run([FORGE, *map(str, args)], stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE)
    assert p.returncode == 0, (args, p.stderr)
    return p.stdout.decode().strip()


class Bench:
    """A folder for what is forged; the tests' hands and eyes."""

    def __init__(self, folder):
        self.folder = folder

    def file(self, content):
        fd, path = tempfile.mkstemp(dir=self.folder)
        with os.fdopen(fd, "wb") as f:
            f.write(content)
        return path

    def make(self, node, meta=None, content=None, **fields):
        """(id, frame) of a message by node."""
        out = self.file(b"")
        words = ["%s=%s" % kv for kv in fields.items()]
        if meta is not None:
            words.append("meta=" + self.file(json.dumps(meta).encode()))
        for name, part in (content or {}).items():
            words.append("part:%s=%s" % (name, self.file(part)))
        number = forge("make", node.path, out, *words)
        with open(out, "rb") as f:
            return number, f.read()

    def open(self, node, frame):
        """(header, meta, {part: bytes}) as a reader sees them."""
        folder = tempfile.mkdtemp(dir=self.folder)
        forge("open", node.path, self.file(frame), folder)
        found = {}
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), "rb") as f:
                found[name] = f.read()
        return (json.loads(found.pop("header.json")),
                json.loads(found.pop("meta.json")), found)

    def sign(self, node, content):
        out = self.file(b"")
        forge("sign", node.path, self.file(content), out)
        with open(out, "rb") as f:
            return f.read()

    def peek(self, cms):
        out = self.file(b"")
        forge("peek", self.file(cms), out)
        with open(out, "rb") as f:
            return f.read()

    def receipts(self, answer, node):
        """The receipts in an answer, each group proved alone with nothing
        but the certificate of who gave it."""
        found = []
        for group in blocks(answer):
            p = _bad.shokai("receipt", "verify", self.file(group), "--cert",
                            node.certificate, "--json")
            if p.returncode != 0:
                return [{"code": "no receipt", "said": p.stdout}]
            found += [json.loads(line) for line in p.stdout.splitlines()]
        return found

    def code(self, answer, node):
        """The code of the only receipt; None: there is another number."""
        found = self.receipts(answer, node)
        return found[0]["code"] if len(found) == 1 else None


def block(content):
    return struct.pack(">I", len(content)) + content


def frame(header, payload):
    return block(header) + block(payload)


def blocks(content):
    found = []
    while content:
        n = struct.unpack(">I", content[:4])[0]
        found.append(content[4:4 + n])
        content = content[4 + n:]
    return found


def kept(node, number):
    """The frame of a message that a node keeps."""
    header, payload = _bad.query(
        node.path, "SELECT header, payload FROM message WHERE id = ?",
        number)[0]
    return frame(header, payload)


def canonical(header):
    return json.dumps(header, sort_keys=True, separators=(",", ":"),
                      ensure_ascii=False).encode()


def context(sender):
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    c.check_hostname = False
    c.verify_mode = ssl.CERT_NONE
    if sender is not None:
        keys = os.path.join(sender.path, "keys")
        c.load_cert_chain(os.path.join(keys, "node.crt"),
                          os.path.join(keys, "node.key"))
    return c


def post(node, sender, body, method="POST", path="/v1/messages", kind=TYPE,
         headers=()):
    """(HTTP status, answer); (0, b""): the connection was broken off."""
    link = http.client.HTTPSConnection(
        getattr(node, "host", "127.0.0.1"), node.gate, timeout=30,
        context=context(sender))
    try:
        link.request(method, path, body, dict(headers, **{
            "Content-Type": kind}))
        answer = link.getresponse()
        return answer.status, answer.read()
    except (ssl.SSLError, ConnectionError, http.client.HTTPException):
        return 0, b""
    finally:
        link.close()


def worked(node, number):
    """(state, code) of a received message when the work is done with it."""
    def row():
        return _bad.query(node.path, "SELECT state, code FROM inbox "
                          "WHERE id = ?", number)
    _bad.until(lambda: row() and row()[0][0] != 0)
    return (row() or [(None, None)])[0]


def two_gates(cases, chain, other):
    """E2: a message at two gates of the unit at once is stored once, and both
    answers are the first receipt."""
    bench = Bench(chain.folder)
    answers = {}

    def give(node, number, body, start):
        start.wait()
        answers.setdefault(number, []).append(
            post(node, chain.hub_direct, body))
    for _ in range(20):
        number, body = bench.make(
            chain.hub_direct, meta={"steps": [], "files": []},
            kind="status", to=UNIT, readers=UNIT)
        start = threading.Barrier(2)
        both = [threading.Thread(target=give, args=(n, number, body, start))
                for n in (chain.unit, other)]
        for t in both:
            t.start()
        for t in both:
            t.join()
    cases.check("both gates answer 200", all(
        [s for s, _ in a] == [200, 200] for a in answers.values()),
        [[s for s, _ in a] for a in answers.values()][:3])
    cases.check("with the same receipt", all(
        a[0][1] == a[1][1] for a in answers.values()))
    db = rows.connect(chain.unit.path)
    for number in answers:
        n, = db.execute("SELECT count(*) FROM inbox WHERE id = ?",
                        (number,)).fetchone()
        cases.check("stored once", n == 1, n)
    db.close()
