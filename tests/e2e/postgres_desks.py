"""Desks beside each other over one PostgreSQL: two processes of one place and
one of a second. A session made at one is good at the others and ends for all;
one key given to all at once does its work once; wrong passwords are counted
together."""
import os
import signal
import threading
import uuid

import _case
from chain import Chain
from desk_client import Client
from failover import second_place

WRONG = "wrong-password"
ROUNDS = 20


def connected(node, pid, others):
    """A client whose connection that process has: nobody else could take
    it."""
    for other in others:
        os.kill(other, signal.SIGSTOP)
    try:
        c = Client(node.desk)
        assert c.send("GET", "/healthz").status == 200
    finally:
        for other in others:
            os.kill(other, signal.SIGCONT)
    c.of = c.connection.sock
    return c


class Desks:
    """Three connections: one to each process."""

    def __init__(self, ward, other):
        self.ward = ward
        self.other = other

    def clients(self):
        here = self.ward.of_kind("desk")
        assert len(here) == 2, here
        there = self.other.of_kind("desk")
        assert len(there) == 1, there
        return [connected(self.ward, here[0], here[1:]),
                connected(self.ward, here[1], here[:1]),
                connected(self.other, there[0], [])]


def share(clients):
    """All sit at the first one's session."""
    for c in clients[1:]:
        c.cookie, c.csrf = clients[0].cookie, clients[0].csrf


def sessions(cases, desks):
    for first in range(3):
        clients = desks.clients()
        clients.insert(0, clients.pop(first))
        a = clients[0].sign_in("admin1")
        cases.check("signs in", a.status == 201, a.body)
        share(clients)
        names = [c.get("/me").json.get("name") for c in clients]
        cases.check("a session of desk %d is good at each" % first,
                    names == ["admin1"] * 3, names)
        a = clients[1].call("DELETE", "/session")
        cases.check("signs out at another", a.status == 204, a.body)
        codes = [c.get("/me").code for c in clients]
        cases.check("and is out at each", codes == ["session.none"] * 3,
                    codes)
        cases.check("each was its process's connection to the end", all(
            c.connection.sock is c.of for c in clients))


def at_once(clients, key, body):
    """The answers to one change given to all in the same moment."""
    barrier = threading.Barrier(len(clients))
    answers = [None] * len(clients)

    def give(k):
        barrier.wait()
        answers[k] = clients[k].post("/clients", body, key=key)

    threads = [threading.Thread(target=give, args=(k,))
               for k in range(len(clients))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return answers


def one_key(cases, desks):
    """Nothing but the key keeps a second client of that name away."""
    clients = desks.clients()
    clients[0].sign_in("admin1")
    share(clients)
    for i in range(ROUNDS):
        key = uuid.uuid4().hex
        body = {"name": "system %d" % i, "roles": ["auditor"]}
        given = at_once(clients, key, body)
        told = [(a.status, a.code) for a in given]
        cases.check("done, done before, or at work", (201, None) in told
                    and set(told) <= {(201, None), (409, "request.busy")},
                    told)
        new = [a for a in given if a.status == 201
               and "Idempotent-Replay" not in a.headers]
        cases.check("done by one", len(new) == 1, told)
        again = [c.post("/clients", body, key=key) for c in clients]
        cases.check("then told so, without the secret", all(
            a.status == 201 and a.headers["Idempotent-Replay"] == "true"
            and not a.body for a in again),
            [(a.status, a.body) for a in again])
    names = [c["name"] for c in clients[1].get(
        "/clients").json["items"]]
    cases.check("each once", sorted(names) == sorted(
        "system %d" % i for i in range(ROUNDS)), names)


def lock_out(cases, desks):
    clients = desks.clients()
    codes = [clients[k % 3].sign_in("officer1", WRONG).status
             for k in range(5)]
    cases.check("five failures at three desks", codes == [401] * 5, codes)
    told = [c.sign_in("officer1") for c in clients]
    cases.check("then locked out at each, with the right password too", all(
        a.status == 429 and a.code == "session.locked_out" for a in told),
        [(a.status, a.body) for a in told])
    cases.check("others are not", clients[2].sign_in("officer2").status
                == 201)


def body(cases):
    folder = _case.folder("desks")
    chain = Chain(folder, subjects=10, institutions=1, customers=20,
                  db="postgresql")
    other = None
    try:
        chain.make_synth()
        chain.make_nodes()
        ward = chain.ward
        chain.nodes = [ward]
        chain.add_accounts()
        other = second_place(chain, ward)
        ward.start(more=("--desk", "2"))
        other.start()
        desks = Desks(ward, other)
        sessions(cases, desks)
        one_key(cases, desks)
        lock_out(cases, desks)
    finally:
        if other is not None:
            other.stop()
        chain.stop()
        if chain.cluster is not None:
            chain.cluster.remove()
        _case.remove(folder)


_case.main(body)
