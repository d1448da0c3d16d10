"""Every route of the table, over real HTTPS: who may call it (roles.tsv), and
its six cases: right, wrong, forbidden, malformed, too large, concurrent. A
route of the table without a call of its own in _right.py fails."""
import concurrent.futures
import copy
import json
import os
import re
import subprocess
import sys
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "e2e"))
sys.path.insert(0, HERE)
import _case  # noqa: E402
from desk_client import PREFIX, Client  # noqa: E402
from chain import SHOKAI  # noqa: E402
from _right import RIGHT  # noqa: E402
from _world import ROLES, World  # noqa: E402

BODY_MAX = 1 << 20
LONG = {"/subjects/import": 2 << 30}  # bytes a raw body may have
NOBODY = "nobody-of-that-name"
WRONG = {"string": 7, "integer": "x", "boolean": "x", "array": "x",
         "object": "x"}


class Route:
    def __init__(self, method, path, operation):
        self.method = method
        self.path = path
        self.open = operation.get("security") == []
        self.parameters = operation["parameters"]
        self.needs_key = any(p["name"] == "Idempotency-Key"
                             for p in self.parameters)
        body = operation.get("requestBody", {}).get("content", {})
        self.schema = body.get("application/json", {}).get("schema")
        self.raw = "text/csv" in body
        done = operation["responses"]["2XX"].get("content", {})
        self.answer = done.get("application/json", {}).get("schema")

    @property
    def name(self):
        return self.method + " " + self.path


def routes_of(world, party):
    a = Client(world.desk(party)).get("/openapi.json")
    return {(m.upper(), path): Route(m.upper(), path, o)
            for path, methods in a.json["paths"].items()
            for m, o in methods.items()}


def expected():
    """{(method, path): {party: "open", "all", "-" or roles}}"""
    found = {}
    with open(os.path.join(HERE, "roles.tsv"), encoding="utf-8") as f:
        lines = [line.rstrip("\n").split("\t") for line in f
                 if not line.startswith("#")]
    for row in lines[1:]:
        found[row[0], row[1]] = dict(zip(lines[0][2:], row[2:]))
    return found


def filled(path):
    """An address of that form that names nothing there is."""
    return re.sub(r"\{[a-z]+\}", NOBODY, path)


# --- who may ---

def may(want, role):
    return want in ("open", "all") or role in want.split(",")


def harmless(client, route):
    """A call that tells whether its role may, and does nothing: without the
    body it needs, or of a thing that is not there. Signing out is tried
    without the token, which is asked for behind the role."""
    if route.method == "DELETE":
        return client.call("DELETE", filled(route.path), X_CSRF_Token="0")
    return client.call(route.method, filled(route.path),
                       {} if route.schema else None,
                       query={"no_such": 1})


def check_matrix(cases, world, tables, want):
    for party, roles in ROLES.items():
        for key, row in want.items():
            for role in roles:
                check_cell(cases, world, tables[party].get(key), party, role,
                           key, row[party])
        check_help(cases, party, tables[party])
        cases.check("%s: every route is expected" % party,
                    {k for k, v in want.items() if v[party] != "-"}
                    == set(tables[party]),
                    str(set(tables[party]) ^ {
                        k for k, v in want.items() if v[party] != "-"}))


def check_help(cases, party, table):
    """The command's help is the table's."""
    out = subprocess.run([SHOKAI, "api", "routes", "--party", party,
                          "--json"], capture_output=True, check=True).stdout
    lines = [json.loads(x) for x in out.splitlines()]
    cases.check("api routes of a " + party, {
        (x["method"], x["path"]) for x in lines} == {
            (m, PREFIX + p) for m, p in table}
        and all(x["help"] and (x["open"] or x["roles"]) for x in lines),
        len(lines))


def check_cell(cases, world, route, party, role, key, want):
    name = "%s %s as %s of %s: %s" % (*key, role, party, want)
    client = world.as_(party, role)
    if want == "-":
        a = client.call(key[0], filled(key[1]))
        cases.check(name, a.status in (404, 405), "%d" % a.status)
        return
    if route is None:
        cases.check(name, False, "not in the table")
        return
    a = harmless(client, route)
    if may(want, role):
        cases.check(name, a.code != "user.role" and (
            route.open or a.status != 401), "%d %s" % (a.status, a.code))
    else:
        cases.check(name, a.status == 403 and a.code == "user.role",
                    "%d %s" % (a.status, a.code))


# --- six cases ---

def keys_there(schema, value):
    """What the shape declares is there."""
    if schema["type"] == "object" and "next" in schema["properties"]:
        inner = schema["properties"]["items"]["items"]["required"]
        return (set(value) >= {"items", "next"}
                and all(set(x) >= set(inner) for x in value["items"]))
    return set(value) >= set(schema["required"])


class Case:
    """One route with its right call."""

    def __init__(self, cases, world, route):
        self.cases = cases
        self.world = world
        self.route = route
        self.party, self.role, self.maker = RIGHT[route.method, route.path]
        self.client = world.as_(self.party, self.role)

    def check(self, what, good, a=None):
        detail = "" if a is None else "%s %s" % (a.status, a.body[:300])
        self.cases.check("%s: %s" % (self.route.name, what), good, detail)

    def send(self, c, client=None, **more):
        client = client or c["client"] or self.client
        return client.call(self.route.method, c["path"], c["body"],
                           query=c["query"], **c.get("headers", {}), **more)

    def right(self):
        c = self.maker(self.world)
        a = self.send(c)
        self.check("right", a.status == c["status"], a)
        if a.status == c["status"] and self.route.answer and a.json:
            self.check("answers as declared",
                       keys_there(self.route.answer, a.json), a)
        if self.route.method == "GET" and a.status == 200:
            self.check("is not stored", a.headers["Cache-Control"]
                       == "no-store" and a.headers["ETag"], a)

    def bodied(self, c, body):
        c = dict(c, body=body, path=filled(self.route.path))
        return self.send(c)

    def wrong(self):
        r = self.route
        if "{" in r.path:
            c = call_of(self.world, self)
            a = self.send(dict(c, path=filled(r.path)))
            self.check("wrong: names nothing", a.status in (404, 422), a)
        for name, schema in (r.schema or {}).get("properties", {}).items():
            if schema.get("type") not in WRONG:
                continue
            c = call_of(self.world, self)
            body = dict(c["body"] or {}, **{name: WRONG[schema["type"]]})
            a = self.bodied(c, body)
            self.check("wrong: type of " + name, a.status == 422
                       and a.code == "request.bad_value"
                       and a.json["where"]["item"] == name, a)
        for name in (r.schema or {}).get("required", ()):
            c = call_of(self.world, self)
            body = {k: v for k, v in c["body"].items() if k != name}
            a = self.bodied(c, body)
            self.check("wrong: without " + name, a.status == 422
                       and a.code == "request.missing_key"
                       and a.json["where"]["item"] == name, a)
        for p in r.parameters:
            if p["in"] == "query" and p["schema"]["type"] == "integer":
                a = self.client.call(r.method, filled(r.path),
                                     query={p["name"]: "x"})
                self.check("wrong: query " + p["name"],
                           a.code == "request.bad_value", a)

    def forbidden(self):
        c = {"path": filled(self.route.path), "body": None, "query": None,
             "client": None}
        stranger = Client(self.world.desk(self.party))
        a = self.send(c, stranger)
        if self.route.open:
            self.check("open to strangers", a.code != "session.none", a)
            return
        self.check("forbidden: stranger", a.status == 401
                   and a.code == "session.none", a)
        stranger.cookie = "__Host-shokai=" + "0" * 64
        a = self.send(c, stranger)
        self.check("forbidden: made-up session", a.status == 401, a)
        if self.route.method != "GET":
            a = self.send(c, X_CSRF_Token="0" * 64)
            self.check("forbidden: without CSRF token", a.status == 403
                       and a.code == "session.csrf", a)

    def raw_send(self, body, kind, **more):
        headers = {"Content-Type": kind, "Idempotency-Key": uuid.uuid4().hex}
        if self.client.csrf:
            headers["X-CSRF-Token"] = self.client.csrf
        headers.update(more)
        return self.client.send(self.route.method, PREFIX + filled(
            self.route.path), body, headers)

    def malformed(self):
        r = self.route
        a = self.client.call(r.method, filled(r.path),
                             query={"no_such_key": 1})
        self.check("malformed: query", a.status == 400
                   and a.code == "request.query", a)
        if r.schema:
            for body, status in ((b"{", 400), (b'{"a":1,"a":2}', 400),
                                 (b"\xff", 400), (b"", 400), (b"[]", 422),
                                 (b'{"no_such_key":1}', 422)):
                a = self.raw_send(body, "application/json")
                self.check("malformed: %r" % body, a.status == status, a)
        if r.schema or r.raw:
            a = self.raw_send(b"{}", "text/plain")
            self.check("malformed: type", a.status == 415, a)
        if r.needs_key and not r.raw:
            for key in ("", "short", "x" * 65, "with blank"):
                a = self.raw_send(
                    b"{}" if r.schema else None, "application/json",
                    **{"Idempotency-Key": key})
                if not r.schema:
                    self.check("malformed: key %r" % key,
                               a.code == "request.key", a)

    def too_large(self):
        r = self.route
        limit = LONG.get(r.path, 4 * BODY_MAX) if r.raw else BODY_MAX
        a = self.raw_send(None, "application/json", **{
            "Content-Length": str(limit + 1)})
        self.check("too large: body", a.status == 413, a)
        self.client.close()
        a = self.client.send(r.method, PREFIX + filled(r.path), None,
                             {"X-Long": "x" * 17000, "Content-Length": "0"})
        self.check("too large: head", a.status == 431, a)
        self.client.close()
        for name, schema in (r.schema or {}).get("properties", {}).items():
            if "maxLength" not in schema:
                continue
            c = call_of(self.world, self)
            a = self.bodied(c, dict(c["body"] or {}, **{
                name: "あ" * (schema["maxLength"] + 1)}))
            self.check("too large: " + name, a.status == 422
                       and a.code == "request.too_long", a)

    def concurrent(self):
        """Four at the same time, as four clicks: it is done once."""
        c = self.maker(self.world)
        key = uuid.uuid4().hex
        clients = [copy.copy(c["client"] or self.client) for _ in range(4)]
        for x in clients:
            x.connection = None
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            got = list(pool.map(
                lambda x: self.send(dict(c, client=None), x, key=key),
                clients))
        for x in clients:
            x.close()
        if self.route.method == "GET" or not self.route.needs_key:
            self.check("concurrent", all(
                a.status in (c["status"], 401) for a in got), got[-1])
            return
        first = [a for a in got if a.status == c["status"]
                 and not a.headers["Idempotent-Replay"]]
        again = [a for a in got if a.headers["Idempotent-Replay"]]
        self.check("concurrent: done once", len(first) == 1, got[0])
        # A secret is told once.
        kept = b"" if self.route.path.endswith(
            ("/totp", "/clients")) else None
        self.check("concurrent: the same answer", bool(first) and all(
            a.body == (first[0].body if kept is None else kept)
            for a in again))
        self.check("concurrent: no other", len(first) + len(again) + sum(
            a.code in ("request.busy", "session.ended", "session.none")
            for a in got) == 4, got[-1])


def call_of(world, case):
    """The right call's body, made once for the cases that do nothing."""
    if not hasattr(case, "kept"):
        case.kept = dict(BODIES.get((case.route.method, case.route.path))
                         or case.maker(world))
    return copy.deepcopy({k: v for k, v in case.kept.items()
                          if k != "client"}) | {
                              "client": None, "query": None}


# Bodies whose makers use things up that there are few of.
BODIES = {
    ("POST", "/inquiries/{inquiry}/mend"): {"path": "", "body": {
        "item": "漢字氏名", "value": "山田 太郎", "reason": "試験"}},
    ("POST", "/subjects/{atena}/decide"): {"path": "", "body": {"go": True}},
    ("POST", "/waves/{wave}/approve-for"): {"path": "", "body": {
        "name": "nobody", "reason": "試験"}},
    ("POST", "/session"): {"path": "", "body": {
        "name": "nobody", "password": "long enough"}},
}
for _path in ("/inquiries/{inquiry}/release", "/inquiries/{inquiry}/withdraw",
              "/inquiries/{inquiry}/end", "/waves/{wave}/return",
              "/waves/{wave}/cancel", "/checks/{file}/return"):
    BODIES["POST", _path] = {"path": "", "body": {"reason": "試験"}}
for _path in ("/checks/{file}/approve", "/waves/{wave}/submit",
              "/waves/{wave}/approve", "/inquiries/{inquiry}/reask",
              "/answers/{file}/again", "/carries/{no}/erased"):
    BODIES["POST", _path] = {"path": "", "body": None}


def body(cases):
    folder = _case.folder("api")
    world = None
    try:
        world = World(folder)
        tables = {party: routes_of(world, party) for party in ROLES}
        every = {}
        for table in tables.values():
            every.update(table)
        only = sys.argv[1:]  # parts of paths; none: all of it
        if not only:
            check_matrix(cases, world, tables, expected())
        cases.check("each route has a right call", set(every) == set(RIGHT),
                    str(set(every) ^ set(RIGHT)))
        for key in RIGHT:
            if key not in every or (only and not any(
                    part in key[1] for part in only)):
                continue
            case = Case(cases, world, tables[RIGHT[key][0]][key])
            for step in (case.forbidden, case.malformed, case.wrong,
                         case.too_large, case.right, case.concurrent):
                try:
                    step()
                except AssertionError as e:
                    case.check(step.__name__ + " %s" % e, False)
    finally:
        if world is not None:
            world.stop()
        _case.remove(folder)


if __name__ == "__main__":
    _case.main(body)
