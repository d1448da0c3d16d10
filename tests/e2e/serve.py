"""`shokai serve` as an operator sees it: READY, one serve per node, a killed
process comes back, SIGTERM ends it in time, SIGKILL of the supervisor takes
its processes along; two nodes over TLS: strangers and removed peers get
nothing."""
import json
import os
import select
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request

import _case
from processes import guarded

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("SHOKAI_BUILD", os.path.join(ROOT, "build"))
SHOKAI = os.path.join(BUILD, "shokai")
TYPE = "application/octet-stream"


def run(*words):
    done = subprocess.run([SHOKAI, *words], capture_output=True, text=True)
    assert done.returncode == 0, (words, done.stderr)
    return done.stdout


def make(top, ca, code, party):
    node = os.path.join(top, code)
    run("node", "init", node, "--party", party, "--code", code, "--name",
        "test " + code, "--listen", "127.0.0.1:0", "--desk", "127.0.0.1:0")
    certificate = os.path.join(top, code + ".crt")
    run("ca", "sign", ca, os.path.join(node, "node.csr"), "--out",
        certificate)
    run("node", "cert", node, "--cert", certificate, "--ca",
        os.path.join(ca, "ca.crt"))
    return node


class Serve:
    """One running serve; its READY line taken apart."""

    def __init__(self, node, *options, env=None):
        self.node = node
        self.log = open(node + ".log", "ab")
        self.process = guarded(subprocess.Popen(
            [SHOKAI, "serve", node, *options], stdout=subprocess.PIPE,
            stderr=self.log, text=True, env=env))
        self.line = self.process.stdout.readline()
        self.address = dict(
            word.split("=", 1) for word in self.line.split()[1:])

    def status(self):
        done = subprocess.run([SHOKAI, "status", self.node, "--json"],
                              capture_output=True, text=True)
        return done.returncode, json.loads(done.stdout)

    def pids(self):
        return {p["kind"]: p["pid"] for p in self.status()[1]["processes"]}

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        code = self.process.wait(15)
        self.process.stdout.close()
        self.log.close()
        return code, time.monotonic() - begun


def alive(pid):
    try:
        with open("/proc/%d/stat" % pid, encoding="ascii") as f:
            return f.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def until(condition, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def client(node=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if node:
        context.load_cert_chain(os.path.join(node, "keys", "node.crt"),
                                os.path.join(node, "keys", "node.key"))
    return context


def connect(address, context):
    host, port = address.rsplit(":", 1)
    return context.wrap_socket(
        socket.create_connection((host, int(port)), 5), server_hostname=host)


def ask(stream, body=b"\0"):
    """The status of an answer; 0: closed without one."""
    try:
        stream.sendall(b"POST /v1/messages HTTP/1.1\r\nHost: a\r\n"
                       b"Content-Type: " + TYPE.encode() +
                       b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        answer = stream.recv(65536)
    except (ssl.SSLError, ConnectionError):
        return 0
    return int(answer.split()[1]) if answer else 0


def ask_once(address, node):
    try:
        with connect(address, client(node)) as stream:
            return ask(stream)
    except (ssl.SSLError, ConnectionError):
        return 0


def get(address, path):
    try:
        with urllib.request.urlopen("https://%s%s" % (address, path),
                                    context=client(), timeout=5) as answer:
            return (answer.status, answer.headers["Content-Type"],
                    answer.read())
    except urllib.error.HTTPError as e:
        return e.code, e.headers["Content-Type"], e.read()


def standing(pid):
    """(nice, policy) as proc(5) tells them."""
    with open("/proc/%d/stat" % pid, encoding="ascii") as f:
        words = f.read().rsplit(")", 1)[1].split()
    return int(words[16]), int(words[38])


def priorities(cases, hub):
    """Gate and work stand behind the desk, as far as node.yaml says."""
    for line, behind, policy in (("", 15, os.SCHED_BATCH),
                                 ("batch_nice: 3\n", 3, os.SCHED_BATCH),
                                 ("batch_nice: 0\n", 0, os.SCHED_OTHER)):
        path = os.path.join(hub, "node.yaml")
        with open(path, encoding="utf-8") as f:
            kept = f.read()
        with open(path, "a", encoding="utf-8") as f:
            f.write(line)
        s = Serve(hub)
        own = standing(os.getpid())
        found = {kind: standing(pid) for kind, pid in s.pids().items()}
        low = (min(own[0] + behind, 19), policy)
        cases.check("%r: gate and work stand behind the desk" % line,
                    found == {"desk": own, "gate": low, "work": low},
                    (own, found))
        s.end()
        with open(path, "w", encoding="utf-8") as f:
            f.write(kept)


def lifecycle(cases, hub):
    cases.check("a node that nobody serves is stopped",
                subprocess.run([SHOKAI, "status", hub],
                               capture_output=True).returncode == 5)
    notified = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notified.bind("\0shokai-test-%d" % os.getpid())
    notified.settimeout(10)
    s = Serve(hub, env=dict(os.environ, NOTIFY_SOCKET="@shokai-test-%d" %
                            os.getpid()))
    cases.check("READY names both addresses",
                s.line.startswith("READY gate=127.0.0.1:") and
                " desk=127.0.0.1:" in s.line, s.line)
    cases.check("NOTIFY_SOCKET is told", notified.recv(100) == b"READY=1")
    notified.close()
    with open(os.path.join(hub, "run", "ports"), encoding="ascii") as f:
        cases.check("run/ports names them too", f.read() ==
                    "gate=%(gate)s\ndesk=%(desk)s\n" % s.address)
    code, status = s.status()
    cases.check("status is ready", code == 0 and status["state"] == "ready",
                status)
    cases.check("status names three processes", sorted(
        p["kind"] for p in status["processes"]) == ["desk", "gate", "work"])

    begun = time.monotonic()
    second = subprocess.run([SHOKAI, "serve", hub], capture_output=True,
                            text=True, timeout=10)
    cases.check("a second serve exits 5", second.returncode == 5 and
                "serve.running" in second.stderr, second)
    cases.check("and soon", time.monotonic() - begun < 3)

    for kind in ("gate", "desk", "work"):
        old = s.pids()[kind]
        os.kill(old, signal.SIGKILL)
        cases.check("a killed %s comes back" % kind, until(
            lambda: s.pids()[kind] not in (0, old) and
            s.status()[0] == 0))
    cases.check("restarts are counted", all(
        p["restarts"] == 1 for p in s.status()[1]["processes"]))
    cases.check("on the same address", get(s.address["desk"],
                                           "/healthz")[0] == 200)

    pids = s.pids()
    code, seconds = s.end()
    cases.check("SIGTERM: exit 0 within 10 s", code == 0 and seconds < 10,
                (code, seconds))
    cases.check("no process is left", not any(map(alive, pids.values())))
    cases.check("its ports file is gone", not os.path.exists(
        os.path.join(hub, "run", "ports")))

    s = Serve(hub, "--gate", "2", "--work", "2")
    pids = [p["pid"] for p in s.status()[1]["processes"]]
    cases.check("two gates, two works, one desk", len(pids) == 5)
    os.kill(s.process.pid, signal.SIGKILL)
    s.process.wait()
    cases.check("SIGKILL of the supervisor takes its processes along",
                until(lambda: not any(map(alive, pids)), 2), pids)
    again = Serve(hub)
    cases.check("the node can be served again", again.line[:5] == "READY",
                again.line)
    # A process that will not end: patience has a limit.
    os.kill(again.pids()["desk"], signal.SIGSTOP)
    code, seconds = again.end()
    cases.check("a process that hangs is killed", code == 0 and
                seconds < 10, (code, seconds))


def refusals(cases, top):
    done = subprocess.run([SHOKAI, "serve", os.path.join(top, "nowhere")],
                          capture_output=True)
    cases.check("no node: exit 3", done.returncode == 3, done)
    bare = os.path.join(top, "bare")
    run("node", "init", bare, "--party", "hub", "--code", "9999", "--name",
        "bare")
    done = subprocess.run([SHOKAI, "serve", bare], capture_output=True,
                          text=True)
    cases.check("no certificate: exit 3, said so", done.returncode == 3 and
                "node.no_certificate" in done.stderr, done)
    taken = socket.create_server(("127.0.0.1", 0))
    other = os.path.join(top, "9951")
    with open(os.path.join(other, "node.yaml"), encoding="utf-8") as f:
        was = f.read()
    with open(os.path.join(other, "node.yaml"), "w", encoding="utf-8") as f:
        f.write(was.replace('listen: "127.0.0.1:0"',
                            'listen: "127.0.0.1:%d"' %
                            taken.getsockname()[1]))
    done = subprocess.run([SHOKAI, "serve", other], capture_output=True,
                          text=True)
    cases.check("address taken: exit 5", done.returncode == 5 and
                "serve.address_taken" in done.stderr, done)
    with open(os.path.join(other, "node.yaml"), "w", encoding="utf-8") as f:
        f.write(was)
    taken.close()


# A test that starts a server and waits to be killed.
STARTER = """
import signal, subprocess, sys
from processes import guarded
p = guarded(subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE))
print(p.pid, p.stdout.readline().decode(), flush=True)
signal.pause()
"""


def killed_test(cases, hub):
    test = subprocess.Popen([sys.executable, "-c", STARTER, SHOKAI, "serve",
                             hub], stdout=subprocess.PIPE, text=True)
    server = os.pidfd_open(int(test.stdout.readline().split()[0]))
    cases.check("it lives while its test does",
                select.select([server], [], [], 0)[0] == [])
    test.kill()
    cases.check("a server ends with a test that is killed",
                select.select([server], [], [], 10)[0] == [server])
    test.wait()
    test.stdout.close()
    os.close(server)


def desk(cases, address):
    status, kind, body = get(address, "/healthz")
    cases.check("healthz", (status, kind, json.loads(body)) ==
                (200, "application/json", {"ok": True}))
    status, kind, body = get(address, "/v1/messages")
    cases.check("the desk serves nothing else", status == 404 and
                kind == "application/problem+json" and
                json.loads(body)["code"] == "not_found", (status, kind))


def peers(cases, top, ward, hub):
    s = Serve(hub)
    gate = s.address["gate"]
    desk(cases, s.address["desk"])
    cases.check("who is not in the peer table gets nothing",
                ask_once(gate, ward) == 0)
    cases.check("nor one without a certificate", ask_once(gate, None) == 0)
    run("peer", "add", hub, "--code", "131041", "--party", "ward", "--url",
        "https://127.0.0.1:1", "--cert", os.path.join(top, "131041.crt"),
        "--kinds", "status")
    with connect(gate, client(ward)) as stream:
        cases.check("a peer is heard; nonsense is 400", ask(stream) == 400)
        cases.check("on the same connection again", ask(stream) == 400)
        code, status = s.status()
        cases.check("an unreachable peer: degraded", code == 1 and
                    status["state"] == "degraded" and
                    status["peers"][0] == {"code": "131041",
                                           "reachable": False,
                                           "last_receipt": None}, status)
        run("peer", "remove", hub, "131041")
        cases.check("removed: closed without an answer", ask(stream) == 0)
    cases.check("and no new connection", ask_once(gate, ward) == 0)
    code, seconds = s.end()
    cases.check("ends in time", code == 0 and seconds < 10, seconds)
    with open(hub + ".log", encoding="utf-8") as f:
        cases.check("the log speaks of it",
                    "handshakes broken off" in f.read())


def body(cases):
    top = _case.folder("serve")
    try:
        ca = os.path.join(top, "ca")
        run("ca", "init", ca)
        hub = make(top, ca, "9951", "hub")
        ward = make(top, ca, "131041", "ward")
        refusals(cases, top)
        lifecycle(cases, hub)
        priorities(cases, hub)
        peers(cases, top, ward, hub)
        killed_test(cases, hub)
    finally:
        _case.remove(top)


_case.main(body)
