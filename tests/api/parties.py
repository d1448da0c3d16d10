"""The desks of unit, hub and bank beside a wave that has run: what they count
and list is what the files say, and a hub's desk tells nothing of any
person."""
import csv
import os
import re
import subprocess
import sys
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "e2e"))
sys.path.insert(0, HERE)
import _case  # noqa: E402
from _right import subjects_csv  # noqa: E402
from _world import ROLES, World, until  # noqa: E402
from chain import ROOT, SHOKAI  # noqa: E402
from desk_client import signed_in  # noqa: E402

VERSION = "2026-01-01"


def whole(client, path, **query):
    """All items of a list by cursor."""
    items, at = [], None
    while True:
        a = client.get(path, **dict(query, limit=50,
                                    **({"cursor": at} if at else {})))
        assert a.status == 200, (path, a.status, a.body)
        items += a.json["items"]
        at = a.json["next"]
        if at is None:
            return items


def personal(w):
    """What would tell of a person: numbers, names, addresses."""
    found = set()
    with open(w.chain.synth + "/ward/subjects.csv", encoding="utf-8",
              newline="") as f:
        for row in csv.DictReader(f):
            for item in ("宛名番号", "カナ氏名", "漢字氏名", "住所"):
                if len(row[item]) > 3:
                    found.add(row[item])
    return found


def of_person(text, words):
    """Those of the words, and the 管理番号, that stand in a text."""
    return sorted(x for x in words if x in text)[:3] + re.findall(
        r"\b2T41[0-9A-Z]{12}\b", text)[:3]


def everything(client, w):
    """What a desk answers to all it can be asked to read."""
    texts = []
    document = client.get("/openapi.json").json
    for path, methods in document["paths"].items():
        if "get" not in methods:
            continue
        path = path.replace("{name}", "operator1").replace(
            "{atena}", w.atena)
        a = client.get(path)
        if a.status == 200:
            texts.append((path, urllib.parse.unquote(a.body.decode())))
    for party in ("node", "file", "wave", "peer"):
        a = client.get("/log", kind=party, object=w.returned)
        texts.append(("/log", a.body.decode()))
    return texts


def hub_knows_nobody(cases, w):
    words = personal(w)
    ward = w.as_("ward", "officer").get("/subjects", limit=200)
    cases.check("the search finds persons where they are", of_person(
        ward.body.decode(), words))
    seen = 0
    for node in (w.chain.hub_direct, w.chain.hub_carried):
        for role, name in (("operator", "operator1"), ("admin", "admin1"),
                           ("auditor", "auditor1")):
            for path, text in everything(signed_in(node.desk, name), w):
                found = of_person(text, words)
                # Whom an auditor asks for stands in the question alone.
                found = [x for x in found if x not in path]
                cases.check("a hub's %s reads of nobody: %s" % (role, path),
                            found == [], found)
                seen += 1
    cases.check("it was asked for something", seen > 40, seen)


def unit_counts(cases, w):
    admin, officer = w.as_("unit", "admin"), w.as_("unit", "officer")
    files = whole(admin, "/files")
    a = admin.get("/authorities").json["items"]
    holds = whole(officer, "/holds")
    cases.check("one authority", [x["code"] for x in a] == ["131041"], a)
    cases.check("its files", a[0]["files"] == len(files)
                and a[0]["converted"] == sum(x["records"] for x in files),
                a)
    cases.check("its held ones", a[0]["held"] == len(holds) > 0, len(holds))
    ward = whole(w.as_("ward", "officer"), "/waves/%s/exceptions" % w.wave,
                 kind="held")
    of_wave = whole(officer, "/holds", authority="131041", wave=w.wave)
    cases.check("the ward's hold list is the unit's",
                {x["inquiry"] for x in ward} == {
                    x["inquiry"] for x in of_wave}, len(of_wave))
    cases.check("of another authority none", whole(
        officer, "/holds", authority="131130") == [])
    a = officer.get("/holds", wave=w.wave)
    cases.check("a wave needs its authority", a.code == "wave.unknown",
                a.body)
    days = admin.get("/throughput").json["items"]
    cases.check("converted by day", sum(
        x["converted"] for x in days) == sum(x["records"] for x in files),
        days)
    cases.check("cleansed by day", sum(x["cleansed"] for x in days) == sum(
        x["records"] for x in files if x["answered"]), days)
    flight = whole(admin, "/files", open=1)
    cases.check("open files", {x["file"] for x in flight} == {
        x["file"] for x in files if not x["answered"]}, flight)


def versions(cases, w):
    """Another version of 9601 at the unit: kana without small letters."""
    with open(os.path.join(ROOT, "layouts", "9601", "2025-04-01.yaml"),
              encoding="utf-8") as f:
        text = f.read()
    text = text.replace("valid_from: 2025-04-01", "valid_from: " + VERSION)
    text = text.replace('"kana-full,latin-full', '"kana-half,latin-full')
    path = os.path.join(w.chain.folder, VERSION + ".yaml")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    subprocess.run([SHOKAI, "layout", "install", w.chain.unit.path, path],
                   check=True, stdout=subprocess.DEVNULL)
    c = w.as_("unit", "officer")
    cases.check("both are listed", [x["version"] for x in c.get(
        "/layouts").json["items"] if x["code"] == "9601"]
        == ["2025-04-01", VERSION])
    path = "/layouts/9601/%s/diff" % VERSION
    a = c.call("GET", path, query={"with": "2025-04-01"})
    cases.check("the form", a.status == 200 and a.json["subjects"] == 0,
                a.body)
    a = c.call("POST", path, subjects_csv(w), query={"with": "2025-04-01"})
    cases.check("whose records change", a.status == 200 and any(
        x["item"] == "カナ氏名" and x["atena"] and x["before"] != x["after"]
        for x in a.json["items"]), a.body[:400])
    cases.check("of each once", a.json["subjects"] == len({
        x.split(",")[0] for x in subjects_csv(w).decode().splitlines()[1:]}),
        a.json["subjects"])
    log = w.as_("unit", "auditor").get("/log", kind="layout", object="9601")
    cases.check("logged with how many", log.json["items"][-1]["records"]
                == a.json["subjects"], log.body[-300:])
    a = c.call("POST", path, "x,y\n1,2\n", query={"with": "2025-04-01"})
    cases.check("a bad file is refused", a.code == "subjects.header", a.body)
    a = c.call("POST", path, subjects_csv(w), query={"with": "2020-01-01"})
    cases.check("no such version", a.status in (404, 422), a.body)


def bank_waits(cases, w):
    c = w.as_("bank", "clerk")
    items = c.get("/awaited").json["items"]
    cases.check("the returned file", [x["file"] for x in items]
                == [w.returned] and items[0]["state"] == "returned", items)
    cases.check("its deadline", items[0]["deadline"] == c.get(
        "/received/" + w.returned).json["deadline"]
        and items[0]["overdue"] is False, items)
    received = whole(c, "/received")
    cases.check("deadlines on the list", all(
        x["deadline"] for x in received), received[:1])
    a = c.post("/answers/%s/again" % w.returned)
    cases.check("answered again", a.status == 200, a.body)
    until("nothing waited for", lambda: c.get(
        "/awaited").json["items"] == [])


def body(cases):
    folder = _case.folder("parties")
    w = World(folder)
    try:
        assert set(ROLES) == set(w.nodes)
        for part in (hub_knows_nobody, unit_counts, versions, bank_waits):
            part(cases, w)
    finally:
        w.stop()
        _case.remove(folder)


if __name__ == "__main__":
    _case.main(body)
