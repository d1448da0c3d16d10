"""What takes long at a desk: an event stream that stays open, a file of over
64 MiB, a call that is cut off, one whose caller has gone, a desk that is
killed. Others are served meanwhile."""
import hashlib
import http.client
import json
import os
import shutil
import signal
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "e2e"))
sys.path.insert(0, HERE)
import _case  # noqa: E402
from _world import World, until  # noqa: E402
from desk_client import PREFIX, signed_in  # noqa: E402
from processes import below, kind_of, peak_kib  # noqa: E402

STREAMS_OF_SESSION = 4
BIG = 70 << 20
RSS_KIB = 128 << 10


class Stream:
    """An open event stream, as a browser asks for it."""

    def __init__(self, client, last=None):
        self.connection = http.client.HTTPSConnection(
            "127.0.0.1", client.port, timeout=30,
            context=ssl._create_unverified_context())
        self.connection.request("GET", PREFIX + "/events", headers=dict({
            "Cookie": client.cookie, "Accept": "text/event-stream"}, **(
                {"Last-Event-ID": last} if last else {})))
        self.answer = self.connection.getresponse()

    @property
    def held(self):
        return self.answer.headers.get("Transfer-Encoding") == "chunked"

    def event(self):
        """The next one as a dict; None: the stream has ended."""
        found = {}
        while True:
            line = self.answer.readline().decode()
            if not line:
                return None
            if line == "\n":
                return found
            name, value = line.rstrip("\n").split(": ", 1)
            found[name] = value

    def close(self):
        self.connection.close()


def streams(cases, w):
    c = signed_in(w.desk("ward"), "officer1")
    s = Stream(c)
    first = s.event()
    cases.check("a browser's stream stays open", s.answer.status == 200
                and s.held and s.answer.headers["Content-Type"]
                == "text/event-stream" and first["event"] == "changed"
                and first["retry"] and json.loads(first["data"])["what"]
                == "node", first)
    begun = time.time()
    w.draft(name="見ている間の起案")
    seen = s.event()
    cases.check("a change is told at once", seen["event"] == "changed"
                and seen["id"] != first["id"] and time.time() - begun < 10,
                (seen, time.time() - begun))
    again = Stream(c, last=seen["id"])
    cases.check("what was seen is not told again",
                "event" not in again.event())
    beat = again.event()
    cases.check("it beats where nothing changes", beat["event"] == "beat"
                and time.time() - begun > 10, beat)
    more = [Stream(c) for _ in range(STREAMS_OF_SESSION - 2)]
    over = Stream(c)
    over.event()
    cases.check("one session holds a few, then is answered at once",
                all(x.held for x in more) and not over.held
                and over.event() is None and over.answer.headers.get(
                    "Content-Length"), over.answer.headers.items())
    for x in (*more, over, again):
        x.close()
    a = c.get("/events")
    cases.check("who asks for no stream is answered at once",
                b"retry" in a.body and a.headers["Content-Length"], a.body)
    c.send("DELETE", PREFIX + "/session", None, {
        "X-CSRF-Token": c.csrf, "Content-Length": "0"})
    begun = time.time()
    while s.event() is not None:
        pass
    cases.check("it ends with its session", time.time() - begun < 15)
    s.close()
    left = signed_in(w.desk("ward"), "officer1")
    first = Stream(left)
    first.close()
    time.sleep(2)
    many = [Stream(left) for _ in range(STREAMS_OF_SESSION)]
    cases.check("a closed one leaves room", all(x.held for x in many))
    for x in many:
        x.close()


def big_file(w):
    """Rows that nobody can take, and one that is good."""
    with open(w.chain.synth + "/ward/subjects.csv", encoding="utf-8") as f:
        lines = f.read().splitlines()
    cells = lines[1].split(",")
    at = lines[0].split(",").index("住所")
    cells[at] = "長" * 1300
    bad = (",".join(["x"] + cells[1:]) + "\n").encode()
    text = (lines[0] + "\n" + lines[1] + "\n").encode()
    return text + bad * ((BIG - len(text)) // len(bad) + 1)


def beside(w):
    """The child of the desk that does a long call, or None."""
    desk = w.nodes["ward"].children()["desk"]
    for pid, words in below(desk).items():
        if kind_of(words) == "call":
            return pid
    return None


def in_thread(w, ask):
    """ask(client) by another thread: the list its answer comes into."""
    found = []

    def work():
        found.append(ask(signed_in(w.desk("ward"), "only-officer")))

    t = threading.Thread(target=work)
    t.start()
    return t, found


def import_in_thread(w, body, key, **query):
    return in_thread(w, lambda c: c.call(
        "POST", "/subjects/import", body, key=key, query=dict(query, diff=1)))


def peak_beside(w, t, look):
    """What runs beside the desk until t ends: its peak in KiB. look() is
    called again and again meanwhile."""
    child = 0
    while t.is_alive():
        look()
        pid = beside(w)
        try:
            child = max(child, peak_kib(pid) if pid else 0)
        except (OSError, IndexError):
            pass
        time.sleep(0.02)
    t.join()
    return child


def imports(cases, w):
    body = big_file(w)
    key = uuid.uuid4().hex
    c = signed_in(w.desk("ward"), "only-officer")
    other = signed_in(w.desk("ward"), "officer1")
    waits, told = [], []

    def look():
        begun = time.time()
        other.get("/waves", limit=5)
        waits.append(time.time() - begun)
        told.append(c.get("/progress", key=key).json)

    t, found = import_in_thread(w, body, key, dry_run=1)
    child = peak_beside(w, t, look)
    slowest = max(waits, default=0)
    a = found[0]
    cases.check("over 64 MiB are taken", a.status == 200
                and a.json["accepted"] == 1 and a.json["refused"]
                == body.count(b"\n") - 2 and len(a.json["refusals"]) == 1001,
                (a.status, a.body[:300]))
    cases.check("others are served meanwhile", slowest < 1.5, slowest)
    cases.check("how far it is is told", any(
        x["works"] and x["done"] > 0 for x in told), told[-3:])
    cases.check("and to nobody else", not other.get(
        "/progress", key=key).json["works"])
    cases.check("and not behind its end", not c.get(
        "/progress", key=key).json["works"])
    desk = peak_kib(w.nodes["ward"].children()["desk"])
    cases.check("memory does not grow with the file", desk < RSS_KIB
                and 0 < child < RSS_KIB, (desk, child))
    left = [x for x in os.listdir(w.nodes["ward"].path + "/run")
            if x.startswith(("call-", "export-"))]
    cases.check("nothing of it is left", left == [], left)
    a = signed_in(w.desk("ward"), "only-officer").send(
        "POST", PREFIX + "/subjects/import", None, {
            "Content-Type": "text/csv", "X-CSRF-Token": "x",
            "Content-Length": str((2 << 30) + 1)})
    cases.check("not more than the limit", a.status == 413, a.status)


def slow_file(w):
    """A day's difference that takes seconds."""
    with open(w.chain.synth + "/ward/subjects.csv", encoding="utf-8") as f:
        lines = f.read().splitlines()
    cells = lines[1].split(",")
    return "\n".join([lines[0]] + [",".join(
        ["%010d" % (8 * 10 ** 9 + i)] + cells[1:])
        for i in range(60000)]) + "\n"


def cut_off(cases, w):
    body = slow_file(w)
    key = uuid.uuid4().hex
    t, found = import_in_thread(w, body, key)
    pid = until("the child", lambda: beside(w), 10)
    os.kill(pid, signal.SIGKILL)
    t.join()
    cases.check("one that has died says so", found[0].status == 500
                and found[0].code == "request.died", found[0].body)
    t, found = import_in_thread(w, body, key)
    t.join()
    cases.check("the same is done on the next try", found[0].status == 200
                and found[0].json["accepted"] == 60000, found[0].body[:200])


def caller_gone(cases, w):
    """What was sent whole is done; its answer waits under its key."""
    body = slow_file(w).replace("\n8", "\n7").encode()
    key = uuid.uuid4().hex
    c = signed_in(w.desk("ward"), "only-officer")
    x = http.client.HTTPSConnection("127.0.0.1", c.port, timeout=30,
                                    context=ssl._create_unverified_context())
    x.request("POST", PREFIX + "/subjects/import?diff=1", body, {
        "Cookie": c.cookie, "X-CSRF-Token": c.csrf, "Idempotency-Key": key,
        "Content-Type": "text/csv"})
    until("the child", lambda: beside(w), 10)
    x.sock.close()
    x.close()

    def look():
        a = c.call("POST", "/subjects/import", body, key=key,
                   query={"diff": 1})
        return a if a.code != "request.busy" else None

    a = until("the answer", look, 60)
    cases.check("it goes on without its caller", a.status == 200
                and a.headers["Idempotent-Replay"] == "true"
                and a.json["accepted"] == 60000, (a.status, a.body[:200]))


GROWN = 105000  # persons of a wave at two institutions
FILE = 5000


def grown_wave(w):
    """A wave of 210,000 inquiries that are sent and not answered: rows as
    the ward would have them, of persons it has."""
    wave = w.draft(subjects=[{"atena": w.atena}])
    node = w.nodes["ward"]
    node.stop()
    db = sqlite3.connect(node.path + "/shokai.db")
    no = int(wave, 36)
    db.execute("UPDATE wave SET state = 'sent', subjects = ? WHERE wave = ?",
               (1000 + GROWN, no))
    people = [x for x, in db.execute("SELECT atena FROM subject")]
    db.executemany(
        "INSERT INTO wave_subject VALUES ('131041', ?, ?, ?, '')",
        ((no, 1001 + i, people[i % len(people)]) for i in range(GROWN)))
    for code, hub in db.execute("SELECT institution, hub FROM"
                                " wave_institution WHERE wave = ?",
                                (no,)).fetchall():
        db.executemany(
            "INSERT INTO file (authority, file, wave, institution, hub, no,"
            " first, last, records, layout, state, message, sent_us) VALUES"
            " ('131041', ?, ?, ?, ?, ?, ?, ?, ?, '2025-04-01', 'delivered',"
            " 'x', 1)", (("131041-%s-%s-%04d" % (wave, code, k + 1), no,
                          code, hub, k + 1, 1001 + k * FILE,
                          1000 + (k + 1) * FILE, FILE)
                         for k in range(GROWN // FILE)))
    db.commit()
    db.close()
    node.start()
    return wave


def export(cases, w, folder):
    """More inquiries than a desk has memory for, with its progress."""
    wave = grown_wave(w)
    key = uuid.uuid4().hex
    c = signed_in(w.desk("ward"), "only-officer")
    told = []

    def look():
        p = c.get("/progress", key=key).json
        if p["works"] and p["of"]:
            told.append(p["done"] / p["of"])

    t, found = in_thread(w, lambda c: c.post("/waves/%s/export" % wave, {
        "purpose": "試験", "password": "zip-password"}, key=key))
    child = peak_beside(w, t, look)
    a = found[0]
    cases.check("a large wave is given out", a.status == 200
                and a.headers["Content-Type"] == "application/zip", a.code)
    cases.check("how far it is is told", len(set(told)) > 5
                and told == sorted(told) and told[0] < 0.5
                and 0.5 < told[-1] <= 1, told[:3] + told[-3:])
    path = os.path.join(folder, "large.zip")
    with open(path, "wb") as f:
        f.write(a.body)
    text = subprocess.run(["7z", "e", "-so", "-pzip-password", path,
                           "answers.csv"], capture_output=True).stdout
    cases.check("every inquiry is in it", text.count(b"\n")
                == 2 * GROWN + 1, text.count(b"\n"))
    desk = peak_kib(w.nodes["ward"].children()["desk"])
    cases.check("memory does not grow with it", desk < RSS_KIB
                and 0 < child < RSS_KIB, (desk, child))
    row = w.as_("ward", "auditor").get("/takeouts").json["items"][0]
    cases.check("it is in the book", row["records"] == 2 * GROWN
                and row["digest"] == hashlib.sha256(a.body).hexdigest(), row)
    left = [x for x in os.listdir(w.nodes["ward"].path + "/run")
            if x.startswith(("call-", "export-"))]
    cases.check("no plain file of it is left", left == [], left)


def killed(cases, w):
    """An export whose desk was killed with it leaves plain files: the next
    desk removes them, and not those of one that is at work."""
    node = w.nodes["ward"]
    gone = subprocess.Popen(["true"])
    gone.wait()
    left, works = ["%s/run/export-%d" % (node.path, pid)
                   for pid in (gone.pid, os.getpid())]
    for path in (left, works):
        os.mkdir(path, 0o700)
        with open(path + "/answers.csv", "w", encoding="utf-8") as f:
            f.write("x")
    os.kill(node.children()["desk"], signal.SIGKILL)
    until("they are removed", lambda: not os.path.exists(left), 20)
    cases.check("what is at work stays", os.path.exists(
        works + "/answers.csv"))
    shutil.rmtree(works)


def body(cases):
    folder = _case.folder("api-long")
    w = None
    try:
        w = World(os.path.join(folder, "chain"))
        for part in (streams, imports, cut_off, caller_gone, killed):
            part(cases, w)
        export(cases, w, folder)
    finally:
        if w is not None:
            w.stop()
        _case.remove(folder)


if __name__ == "__main__":
    _case.main(body)
