"""Signing in: what is refused, the lock-out that grows, the code of RFC 6238,
the idle lock, the absolute end, terminals; the pages and their headers."""
import base64
import hashlib
import hmac
import json
import os
import sqlite3
import ssl
import struct
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "e2e"))
sys.path.insert(0, HERE)
import _case  # noqa: E402
from desk_client import Client, signed_in  # noqa: E402
from chain import PASSWORD, Chain, run  # noqa: E402


def code(secret, at):
    """RFC 6238 by the standard library alone."""
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(at) // 30),
                   hashlib.sha1).digest()
    o = mac[-1] & 15
    value = struct.unpack(">I", mac[o:o + 4])[0] & 0x7fffffff
    return "%06d" % (value % 1000000)


class Ward:
    """One ward with a clock that a test sets."""

    def __init__(self, folder):
        self.chain = Chain(folder, subjects=10, institutions=1, customers=20)
        self.chain.make_synth()
        self.chain.make_nodes()
        self.node = self.chain.ward
        self.chain.nodes = [self.node]
        self.chain.add_accounts()
        self.set("test_clock", "true")
        self.offset = 0
        self.pass_time(0)
        self.node.start()

    def set(self, key, value):
        path = os.path.join(self.node.path, "node.yaml")
        with open(path, encoding="utf-8") as f:
            kept = [x for x in f if not x.startswith(key + ":")]
        with open(path, "w", encoding="utf-8") as f:
            f.writelines(kept)
            f.write("%s: %s\n" % (key, value))

    def pass_time(self, seconds):
        self.offset += seconds
        path = os.path.join(self.node.path, "clock")
        with open(path + ".new", "w") as f:
            f.write("+%d\n" % self.offset)
        os.rename(path + ".new", path)

    def again(self):
        self.node.stop()
        self.node.start()

    def client(self):
        return Client(self.node.desk)

    def sql(self, text, *values):
        db = sqlite3.connect(self.node.database)
        with db:
            rows = db.execute(text, values).fetchall()
        db.close()
        return rows


def refusals(cases, w):
    c = w.client()
    for name, password in (("officer1", "wrong-password"),
                           ("nobody-here", PASSWORD), ("officer1", ""),
                           ("", ""), ("officer1\n", PASSWORD)):
        a = c.sign_in(name, password)
        cases.check("refused alike: %r %r" % (name, password),
                    a.status == 401 and a.code == "session.wrong"
                    and "Set-Cookie" not in a.headers, a.body)
    a = c.sign_in("officer1")
    cases.check("signs in", a.status == 201, a.body)
    cookie = a.headers["Set-Cookie"]
    cases.check("cookie", cookie.startswith("__Host-shokai=") and all(
        x in cookie for x in ("; Path=/", "; HttpOnly", "; Secure",
                              "; SameSite=Strict")), cookie)
    kept = w.sql("SELECT token FROM desk_session")
    token = cookie.split("=")[1].split(";")[0]
    cases.check("the token is not kept", all(token not in r[0] for r in kept))
    cases.check("me", c.get("/me").json["name"] == "officer1")
    a = c.call("DELETE", "/session")
    cases.check("signs out", a.status == 204, a.body)
    cases.check("and is out", c.get("/me").code == "session.none")


def lock_out(cases, w):
    for name in ("auditor1", "no-such-name"):
        c = w.client()
        codes = [c.sign_in(name, "wrong-password").status for _ in range(6)]
        cases.check("%s: five failures, then locked out" % name,
                    codes == [401] * 5 + [429], codes)
        a = c.sign_in(name)
        cases.check("%s: the right password, too" % name, a.status == 429
                    and 0 < int(a.headers["Retry-After"]) <= 31, a.body)
    waits = []
    c = w.client()
    for _ in range(9):
        w.pass_time(int(a.headers["Retry-After"]))
        cases.check("one try", c.sign_in("auditor1", "wrong").status == 401)
        a = c.sign_in("auditor1", "wrong")
        waits.append(int(a.headers["Retry-After"]))
    cases.check("it grows to an hour", waits == sorted(waits)
                and 55 < waits[0] < 62 and 3500 < waits[-1] < 3605, waits)
    w.pass_time(3605)
    cases.check("then it is over", c.sign_in("auditor1").status == 201)
    a = c.sign_in("auditor1", "wrong")
    cases.check("and counts anew", a.status == 401, a.body)


def idle_and_end(cases, w):
    c = signed_in(w.node.desk, "officer1")
    w.pass_time(890)
    cases.check("works", c.get("/me").status == 200)
    w.pass_time(890)
    cases.check("goes on", c.get("/me").status == 200)
    w.pass_time(935)
    a = c.get("/me")
    cases.check("idle: locked", a.status == 401
                and a.code == "session.locked", a.body)
    old = c.cookie
    cases.check("opened again", c.sign_in("officer1").status == 201)
    # What the page reads by itself is no sign of a person.
    for _ in range(2):
        w.pass_time(600)
        a = c.call("GET", "/me", X_Background="1")
    cases.check("background reading does not put it off", a.status == 401
                and a.code == "session.locked", a.body)
    cases.check("opened once more", c.sign_in("officer1").status == 201)
    cases.check("another token", c.cookie != old)
    c2 = w.client()
    c2.cookie = old
    cases.check("the old one is gone", c2.get("/me").code == "session.none")
    for _ in range(13 * 5):
        w.pass_time(720)
        c.get("/me")
    a = c.get("/me")
    cases.check("absolute end", a.status == 401
                and a.code in ("session.ended", "session.none"), a.body)


def locked_user(cases, w):
    admin = signed_in(w.node.desk, "admin1")
    c = signed_in(w.node.desk, "officer2")
    cases.check("locks", admin.post(
        "/users/officer2/lock").json["locked"] is True)
    cases.check("the open session ends", c.get("/me").status == 401)
    a = c.sign_in("officer2")
    cases.check("a locked user", a.status == 403
                and a.code == "user.locked", a.body)
    admin.post("/users/officer2/unlock")
    cases.check("unlocked", c.sign_in("officer2").status == 201)
    a = c.post("/session/password", {"old": "wrong-password",
                                     "new": "another-password"})
    cases.check("wrong old password", a.code == "session.wrong", a.body)
    a = c.post("/session/password", {"old": PASSWORD, "new": "short"})
    cases.check("short new password", a.code == "user.password", a.body)
    a = c.post("/session/password", {"old": PASSWORD,
                                     "new": "another-password"})
    cases.check("new password", a.status == 204, a.body)
    cases.check("old one", w.client().sign_in("officer2").status == 401)


def totp(cases, w):
    w.set("totp", "true")
    w.again()
    c = w.client()
    a = c.sign_in("officer1")
    cases.check("none set up", a.code == "session.totp_none", a.body)
    secret = run("user", "totp", w.node.path, "officer1",
                 "--json").stdout
    secret = json.loads(secret)["secret"]
    a = c.sign_in("officer1")
    cases.check("a code is asked for", a.status == 401
                and a.code == "session.totp", a.body)
    now = time.time() + w.offset
    a = c.sign_in("officer1", totp=code(secret, now - 300))
    cases.check("an old code", a.code == "session.wrong", a.body)
    a = c.sign_in("officer1", totp=code(secret, now))
    cases.check("the code", a.status == 201, a.body)
    a = w.client().sign_in("officer1", totp=code(secret, now))
    cases.check("not twice", a.code == "session.wrong", a.body)
    w.set("totp", "false")


def terminals(cases, w):
    w.set("terminals", "192.0.2.0/24")
    w.again()
    c = w.client()
    for path in ("/healthz", "/api/v1/openapi.json", "/login"):
        a = c.send("GET", path)
        cases.check("another terminal: " + path, a.status == 403
                    and a.code == "terminal.unknown", a.body)
    w.set("terminals", "192.0.2.0/24,127.0.0.0/8")
    w.again()
    cases.check("a registered one",
                w.client().send("GET", "/healthz").status == 200)


def make_certificate(folder, name):
    """A terminal's: its two files and its fingerprint."""
    key, crt = (os.path.join(folder, name + end) for end in (".key", ".crt"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=" + name, "-keyout", key, "-out", crt],
                   check=True, capture_output=True)
    with open(crt, encoding="ascii") as f:
        der = ssl.PEM_cert_to_DER_cert(f.read())
    return crt, key, hashlib.sha256(der).hexdigest()


def holder(w, certificate):
    """A client at a terminal that has that certificate."""
    c = w.client()
    if certificate:
        c.context.load_cert_chain(*certificate[:2])
    return c


def certificates(cases, w):
    mine = make_certificate(w.node.path, "terminal")
    other = make_certificate(w.node.path, "other")
    w.set("terminals", "192.0.2.0/24,sha256:" + mine[2])
    w.again()
    for what, shown, status in (("none", None, 403), ("another", other, 403),
                                ("the registered one", mine, 200)):
        a = holder(w, shown).send("GET", "/healthz")
        cases.check("terminal by certificate: " + what, a.status == status,
                    a.body)
    w.set("terminals", "127.0.0.0/8")
    w.set("certificates", "true")
    w.again()
    admin = holder(w, None)
    admin.sign_in("admin1")
    for name in ("card1", "plain1"):  # of whom no part before knows
        admin.post("/users", {"name": name, "roles": ["officer"],
                              "password": PASSWORD})
    a = admin.post("/users/card1/certificate", {"fingerprint": "xy" * 32})
    cases.check("no fingerprint", a.status == 422
                and a.code == "user.certificate", a.body)
    a = admin.post("/users/no-one/certificate", {"fingerprint": mine[2]})
    cases.check("of nobody", a.status == 404, a.body)
    a = admin.post("/users/card1/certificate", {"fingerprint": mine[2]})
    cases.check("registered", a.status == 204, a.body)
    for what, shown, password, found in (
            ("without it", None, PASSWORD, "session.certificate"),
            ("with another", other, PASSWORD, "session.certificate"),
            ("a wrong password tells nothing of it", None, "x" * 12,
             "session.wrong"),
            ("with it", mine, PASSWORD, None)):
        a = holder(w, shown).sign_in("card1", password)
        cases.check("signing in " + what, a.code == found
                    and a.status == (401 if found else 201), a.body)
    a = holder(w, None).sign_in("plain1")
    cases.check("others need none", a.status == 201, a.body)
    admin.post("/users/card1/certificate", {"fingerprint": ""})
    a = holder(w, None).sign_in("card1")
    cases.check("and it is taken away", a.status == 201, a.body)


def headers(cases, w):
    c = w.client()
    for path, status in (("/healthz", 200), ("/api/v1/me", 401),
                         ("/nothing", 404), ("/../etc/passwd", 404),
                         ("/web/../keys/node.key", 404),
                         ("/web/%2e%2e/node.yaml", 404)):
        a = c.send("GET", path)
        cases.check("GET " + path, a.status == status, a.status)
        cases.check("headers of " + path, a.headers["Cache-Control"]
                    == "no-store" and "default-src 'none'"
                    in a.headers["Content-Security-Policy"]
                    and a.headers["X-Content-Type-Options"] == "nosniff")
    a = c.send("POST", "/healthz", b"", {})
    cases.check("405 names methods", a.status == 405
                and a.headers["Allow"] == "GET, HEAD", a.status)
    a = c.send("DELETE", "/api/v1/me")
    cases.check("405 of the API", a.status == 405
                and a.headers["Allow"] == "GET", a.headers)


def body(cases):
    folder = _case.folder("sign-in")
    w = None
    try:
        w = Ward(folder)
        for part in (headers, refusals, lock_out, idle_and_end, locked_user,
                     totp, terminals, certificates):
            part(cases, w)
    finally:
        if w is not None:
            w.node.stop()
        _case.remove(folder)


if __name__ == "__main__":
    _case.main(body)
