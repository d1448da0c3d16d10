"""bench_pages_calls.py — for each route of a desk, what the pages ask of it:
its first and last page, and filtered and searched ones. bench_pages.py fails
over a route that has no case here."""
import collections
import csv
import os
import random
import threading
import urllib.parse
import uuid

from desk_client import signed_in

Call = collections.namedtuple("Call", "route kind make")
PAGE = 50  # as web/lib/table.js asks
BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# Not called again and again: why.
NOT_MEASURED = {
    ("POST", "/session"): "scrypt takes its time by design",
    ("POST", "/token"): "scrypt takes its time by design",
    ("POST", "/clients"): "scrypt takes its time by design",
    ("DELETE", "/clients/{id}"): "once for each client",
    ("POST", "/users/{name}/certificate"): "ends the accounts' signing in",
    ("POST", "/waves/{wave}/approve-for"): "as approve, by a second approver",
    ("POST", "/session/password"): "scrypt takes its time by design",
    ("DELETE", "/session"): "ends the session that measures",
    ("POST", "/users"): "scrypt takes its time by design",
    ("POST", "/users/{name}/totp"): "ends the accounts' signing in",
    ("POST", "/subjects/import"): "a file of up to 64 MiB, whole",
    ("POST", "/waves/{wave}/export"): "a ZIP of all answers, whole",
    ("POST", "/log/verify"): "recomputes the whole log, beside the desk",
    ("POST", "/layouts/{code}/{version}/diff"): "a file of subjects, whole",
    ("POST", "/inquiries/{inquiry}/withdraw"): "once for each unsent inquiry",
    ("POST", "/checks/{file}/approve"): "once for each file",
    ("POST", "/checks/{file}/return"): "once for each file",
    ("POST", "/carries/{no}/erased"): "once for each carrying",
    ("POST", "/waves/{wave}/resend"): "only parts that were refused",
    ("POST", "/answers/{file}/again"): "only answers that were returned",
    ("POST", "/transfers"): "moves the drafts of others that measure",
}


def cursor(*parts):
    """As src/api/call.c writes it."""
    return "\n".join(map(str, parts)).encode().hex()


def with_query(path, **query):
    query = {k: v for k, v in query.items() if v is not None}
    return path + ("?" + urllib.parse.urlencode(query) if query else "")


def base36(n, width):
    text = ""
    for _ in range(width):
        n, digit = divmod(n, 36)
        text = BASE36[digit] + text
    return text


class World:
    """What there is to ask about, found through files and the desk."""

    def __init__(self, desk, chain):
        self.desk = desk
        self.chain = chain
        self.wave = chain.wave
        self.own = threading.local()
        self.subjects = []
        self.shielded = []
        self.kana = []
        self.kanji = []
        path = os.path.join(chain.synth, "ward", "subjects.csv")
        with open(path, encoding="utf-8", newline="") as f:
            for row in csv.DictReader(f):
                self.subjects.append(row["宛名番号"])
                if row["支援措置"] == "1":
                    self.shielded.append(row["宛名番号"])
                if row["カナ氏名"] and row["漢字氏名"]:
                    self.kana.append(row["カナ氏名"])
                    self.kanji.append(row["漢字氏名"])
        self.sorted = sorted(set(self.subjects))
        self.codes = [b.code for b in chain.banks]

    def somebody(self, name):
        """That account, signed in once in each session that measures."""
        if not hasattr(self.own, name):
            setattr(self.own, name, signed_in(self.desk.node.desk, name))
        return getattr(self.own, name)

    def client(self, route):
        return signed_in(self.desk.node.desk, self.desk.account(route))

    def pages(self, route, path, most=3, **query):
        """The items of the first few pages."""
        client = self.client(route)
        items, at = [], None
        for _ in range(most):
            a = client.get(path, **dict(query, limit=200,
                                        **({"cursor": at} if at else {})))
            assert a.status == 200, (path, a.status, a.body)
            items += a.json["items"]
            at = a.json["next"]
            if at is None:
                break
        return items


    def last(self, route, path, **query):
        """The cursor of the last page; None: it is the first."""
        client = self.client(route)
        at, further = None, None
        while True:
            a = client.get(path, **dict(query, limit=PAGE, **(
                {"cursor": further} if further else {})))
            assert a.status == 200, (path, a.status, a.body)
            at, further = further, a.json["next"]
            if further is None:
                return at


def fixed(path, **query):
    return lambda *_: (with_query(path, **query), None)


def one_of(items, make):
    """Another of them each time; the call is left out if there is none."""
    return (lambda rng, _: (make(rng.choice(items)), None)) if items else None


def each_once(items, make):
    """As one_of, but no item twice: a call changes it."""
    left = list(items)
    random.Random(1).shuffle(left)
    return (lambda *_: make(left.pop())) if left else None


def paged(route, path, last, filters=()):
    """First, last and filtered pages of a list by cursor."""
    found = [Call(route, "first", fixed(path, limit=PAGE)),
             Call(route, "last", fixed(path, limit=PAGE, cursor=last))]
    for query in filters:
        kind = "filtered " + " ".join(
            "%s=%s" % (k, v) for k, v in query.items() if k != "cursor")
        if "cursor" in query:
            kind += ", last"
        found.append(Call(route, kind, fixed(path, limit=PAGE, **query)))
    return found


def common(w):
    """What every party's desk has."""
    log = ("GET", "/log")
    newest = w.pages(log, "/log", 1)
    lowest = cursor(",".join([str(PAGE)] + [""] * 15))
    found = [Call(("GET", p), "one", fixed(p)) for p in (
        "/openapi.json", "/me", "/events", "/node", "/peers", "/users",
        "/clients", "/backlog")]
    found += paged(log, "/log", lowest, [
        {"kind": "wave", "object": w.wave},
        {"kind": newest[0]["kind"], "object": newest[0]["object"]}])
    found += [
        Call(("GET", "/refusals/counts"), "one", fixed("/refusals/counts")),
        Call(("GET", "/progress"), "one", fixed(
            "/progress", key="0123456789abcdef")),
        Call(("GET", "/users/{name}"), "one", fixed("/users/admin1")),
        Call(("GET", "/log/who/{atena}"), "searched", one_of(
            w.sorted, lambda x: "/log/who/" + x)),
    ]
    found += paged(("GET", "/refusals"), "/refusals", None, [
        {"all": 1}, {"all": 1, "cursor": w.last(
            ("GET", "/refusals"), "/refusals", all=1)}])
    for act in ("lock", "unlock", "renew"):
        found.append(Call(
            ("POST", "/users/{name}/" + act), "change",
            lambda _, __, act=act: ("/users/auditor9/" + act,
                                  {} if act == "renew" else None)))
    found.append(Call(("PUT", "/users/{name}"), "change", lambda rng, _: (
        "/users/auditor9", {"roles": ["auditor"]})))
    return found


def layouts(w):
    route = ("GET", "/layouts")
    items = w.client(route).get("/layouts").json["items"]
    return [Call(route, "one", fixed("/layouts")), Call(
        ("GET", "/layouts/{code}/{version}"), "one", one_of(
            items, lambda x: "/layouts/%(code)s/%(version)s" % x))]


def files(w):
    """Their names count from 0001; the last page is of the last bank."""
    return paged(("GET", "/files"), "/files", cursor(
        w.chain.ward.code, "%s-%s-%s-0001" % (
            w.chain.ward.code, w.wave, w.codes[-1])), [{"open": 1}])


def subjects(w):
    s = w.sorted
    found = paged(("GET", "/subjects"), "/subjects",
                  cursor(s[-PAGE - 10], s[-PAGE - 10]))
    found += [Call(("GET", "/subjects/{atena}" + tail), "one", one_of(
        s, lambda x, tail=tail: "/subjects/" + x + tail))
        for tail in ("", "/report")]
    route = ("POST", "/subjects/search")

    def search(by, text, **more):
        return lambda rng, _: ("/subjects/search", dict(
            {"by": by, "text": text(rng), "limit": PAGE}, **more))
    found += [
        Call(route, "searched 宛名番号", search("atena", lambda r: r.choice(s))),
        Call(route, "searched kana", search(
            "kana", lambda r: r.choice(w.kana)[:3])),
        Call(route, "searched kana, one letter", search(
            "kana", lambda r: r.choice(w.kana)[:1])),
        Call(route, "searched kana, last", search(
            "kana", lambda r: "サ", cursor=cursor("サ\U0010ffff", "0"))),
        Call(route, "searched kanji", search(
            "kanji", lambda r: r.choice(w.kanji)[:2])),
        Call(("POST", "/subjects/{atena}/reveal"), "change", lambda rng, _: (
            "/subjects/%s/reveal" % rng.choice(s), {"reason": "計測"})),
        Call(("POST", "/prints"), "change", lambda rng, _: ("/prints", {
            "kind": "subject", "object": rng.choice(s), "purpose": "計測"})),
    ]
    found.append(Call(
        ("POST", "/subjects/{atena}/address"), "change", w.shielded and (
            lambda rng, _: ("/subjects/%s/address" % rng.choice(w.shielded), {
                "address": "", "reason": "計測"})) or None))
    stopped = sorted({x["atena"] for x in w.pages(
        ("GET", "/stops"), "/stops", 1)})
    if stopped:
        found.append(Call(
            ("POST", "/subjects/{atena}/decide"), "change", lambda rng, _: (
                "/subjects/%s/decide" % rng.choice(stopped), {"go": False})))
    return found


def order(w, **more):
    return dict({
        "name": "計測", "basis": w.chain.bases(), "purpose": "計測",
        "base_date": "2026-10-01", "period_from": "2025-10-01",
        "period_to": "2026-09-30", "scope": "detail", "institutions": "all",
        "reason": "計測"}, **more)


def selections(w):
    """Rules come and go; those that are kept stay few."""
    def added(client):
        a = client.post("/selections", rule())
        assert a.status == 201, (a.status, a.body)
        return a.json["no"]

    def rule():
        return {"name": "計測 " + uuid.uuid4().hex[:8], "claim_kind": "1",
                "min_amount": 50000, "min_age": 90}

    def sweep(client):
        kept = client.get("/selections").json["items"]
        if len(kept) > 100:
            client.call("DELETE", "/selections/%d" % kept[0]["no"])
        return "/selections", rule()
    return [
        Call(("GET", "/selections"), "one", fixed("/selections")),
        Call(("POST", "/selections"), "change", lambda _, c: sweep(c)),
        Call(("DELETE", "/selections/{no}"), "change", lambda _, c: (
            "/selections/%d" % added(c), None))]


def drafting(w):
    """Drafts of a few subjects go their way; of all they are counted."""
    some = [{"atena": x} for x in w.sorted[:20]]

    def drafted(client):
        a = client.post("/waves", order(w, subjects=some))
        assert a.status == 201, (a.status, a.body)
        return a.json["wave"]

    def drafted_one(client):
        """A wave of one inquiry."""
        a = client.post("/waves", order(
            w, subjects=some[:1], institutions=w.codes[:1]))
        assert a.status == 201, (a.status, a.body)
        return a.json["wave"]

    def submitted(client, drafted=drafted):
        wave = drafted(client)
        a = client.post("/waves/%s/submit" % wave)
        assert a.status == 200, (a.status, a.body)
        return wave
    reason = {"reason": "計測"}
    return [
        Call(("POST", "/waves"), "change, twenty subjects", lambda rng, _: (
            "/waves", order(w, subjects=some))),
        Call(("POST", "/waves/count"), "all subjects", lambda rng, _: (
            "/waves/count", order(w))),
        Call(("POST", "/waves/count"), "filtered", lambda rng, _: (
            "/waves/count", order(w, claim_kind="1", min_amount=1000000))),
        Call(("POST", "/waves/count"), "by the age of the last inquiry",
             lambda rng, _: ("/waves/count", order(w, min_age=30))),
        Call(("POST", "/waves/{wave}/submit"), "change", lambda _, c: (
            "/waves/%s/submit" % drafted(c), None)),
        Call(("POST", "/waves/{wave}/approve"), "change", lambda *_: (
            "/waves/%s/approve" % submitted(
                w.somebody("officer1"), drafted_one), None)),
        Call(("POST", "/waves/{wave}/return"), "change", lambda _, c: (
            "/waves/%s/return" % submitted(c), reason)),
        Call(("POST", "/waves/{wave}/cancel"), "change", lambda _, c: (
            "/waves/%s/cancel" % drafted(c), reason)),
    ]


def wave(w):
    """The one wave of all subjects."""
    n = len(w.sorted)
    of = "/waves/%s" % w.wave
    route = "/waves/{wave}"
    answered = w.pages(("GET", route + "/inquiries"), of + "/inquiries", 1)
    head = answered[0]["inquiry"][:7]  # authority, wave

    def number(code, ordinal):
        return head + base36(int(code), 3) + base36(ordinal, 5)
    bank, last = w.codes[len(w.codes) // 2], w.codes[-1]
    far = cursor(number(last, n - PAGE - 10))
    found = [
        Call(("GET", route), "one", fixed(of)),
        Call(("GET", route + "/sheet"), "one", fixed(of + "/sheet"))]
    found += paged(("GET", route + "/inquiries"), of + "/inquiries", far, [
        {"institution": bank}, {"class": "found"}, {"class": "review"},
        {"institution": last, "class": "partial"},
        {"class": "found", "cursor": far}])
    found += paged(("GET", route + "/results"), of + "/results",
                   cursor(n - PAGE - 10))
    found += paged(("GET", route + "/comparison"), of + "/comparison",
                   cursor(n - PAGE - 10), [
                       {"changed": 1}, {"loss": "material"},
                       {"loss": "informational", "institution": bank}])
    found += paged(("GET", route + "/exceptions"), of + "/exceptions",
                   cursor(last, n - PAGE - 10), [
                       {"kind": "held"}, {"kind": "excluded"},
                       {"kind": "paper"},
                       {"kind": "excluded", "institution": bank}])
    held = [x["inquiry"] for x in w.pages(
        ("GET", route + "/exceptions"), of + "/exceptions", 4, kind="held")]
    unsure = [x["inquiry"] for x in w.pages(
        ("GET", route + "/inquiries"), of + "/inquiries", 3,
        **{"class": "review"}) if x["open"]]
    reason = {"reason": "計測"}
    found += [
        Call(("POST", "/inquiries/{inquiry}/mend"), "change", each_once(
            held[::2], lambda x: ("/inquiries/%s/mend" % x, dict(
                reason, item="漢字氏名", value="計測 太郎")))),
        Call(("POST", "/inquiries/{inquiry}/release"), "change", each_once(
            held[1::2], lambda x: ("/inquiries/%s/release" % x, reason))),
        Call(("POST", "/inquiries/{inquiry}/end"), "change", each_once(
            unsure, lambda x: ("/inquiries/%s/end" % x, reason))),
        Call(("GET", "/inquiries/{inquiry}"), "one", one_of(
            answered, lambda x: "/inquiries/" + x["inquiry"])),
        Call(("POST", "/inquiries/{inquiry}/reask"), "change", lambda rng, _: (
            "/inquiries/%s/reask" % rng.choice(answered)["inquiry"], None)),
    ]
    return found


def checks(w):
    route = ("GET", "/checks")
    done = w.pages(route, "/checks", 50, state="approved")
    return paged(route, "/checks", None, [
        {"state": "approved"}, {"state": "returned"},
        {"state": "approved", "cursor": cursor(max(0, len(done) - PAGE))}]
    ) + [Call(("GET", "/checks/{file}"), "one", one_of(
        done, lambda x: "/checks/" + x["file"]))]


def ward(w):
    stops = w.pages(("GET", "/stops"), "/stops", 1)
    found = [Call(("GET", p), "one", fixed(p))
             for p in ("/morning", "/codes", "/carries")]
    found += paged(("GET", "/stops"), "/stops", cursor(
        stops[-1]["atena"], stops[-1]["reason"]) if stops else None)
    found += paged(("GET", "/takeouts"), "/takeouts", cursor(PAGE))
    found += paged(("GET", "/waves"), "/waves", cursor("005"))
    return (found + subjects(w) + selections(w) + drafting(w) + wave(w)
            + checks(w) + layouts(w) + files(w))


def unit(w):
    found = layouts(w) + files(w)
    found += [Call(("GET", p), "one", fixed(p))
              for p in ("/authorities", "/throughput")]
    found += paged(("GET", "/holds"), "/holds", cursor(
        w.chain.ward.code, int(w.wave, 36), w.codes[-1], 1), [
            {"authority": w.chain.ward.code, "wave": w.wave}])
    items = w.client(("GET", "/layouts")).get("/layouts").json["items"]
    path = "/layouts/%(code)s/%(version)s/diff" % items[0]
    found.append(Call(("GET", "/layouts/{code}/{version}/diff"), "one",
                      fixed(path, **{"with": items[0]["version"]})))
    return found


def hub(w):
    return [Call(("GET", p), "one", fixed(p)) for p in ("/traffic", "/hours")]


def bank(w):
    route = ("GET", "/received")
    items = w.pages(route, "/received", 20)
    found = paged(route, "/received", cursor(
        items[-1]["authority"], items[len(items) // 2]["file"]))
    found.append(Call(("GET", "/awaited"), "one", fixed("/awaited")))
    found += paged(("GET", "/imports"), "/imports", None)
    found.append(Call(("GET", "/received/{file}"), "one", one_of(
        items, lambda x: "/received/" + x["file"])))
    return found + layouts(w)


def calls_of(desk, chain):
    w = World(desk, chain)
    made = common(w) + {"ward": ward, "unit": unit, "hub": hub,
                        "bank": bank}[desk.party](w)
    return [c for c in made if c.make is not None]
