"""What the API promises beyond each route alone: persons that are shielded,
the log of each reading, lists walked to their end, changes done once, ETags,
own approval, exports, imports with errors by line."""
import base64
import csv
import hashlib
import os
import sqlite3
import subprocess
import sys
import urllib.parse
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "e2e"))
sys.path.insert(0, HERE)
import _case  # noqa: E402
from desk_client import Client, signed_in  # noqa: E402
from _world import SUBJECTS, World  # noqa: E402
from chain import SHOKAI  # noqa: E402

MASK = "＊＊＊"


def walk(client, path, limit=7, **query):
    """Every item of a list, page by page."""
    items, cursor = [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        a = client.get(path, limit=limit, **query, **more)
        assert a.status == 200, (a.status, a.body)
        assert len(a.json["items"]) <= limit
        items += a.json["items"]
        cursor = a.json["next"]
        if cursor is None:
            return items


def lists(cases, w):
    c = w.as_("ward", "officer")
    people = walk(c, "/subjects")
    ids = [p["atena"] for p in people]
    cases.check("every subject once", len(ids) == len(set(ids)) == SUBJECTS
                and ids == sorted(ids), len(ids))
    wave = c.get("/waves/" + w.wave).json
    every = walk(c, "/waves/%s/inquiries" % w.wave, 50)
    numbers = [x["inquiry"] for x in every]
    cases.check("every answer once", len(numbers) == len(set(numbers))
                == sum(wave["by_class"].values()), len(numbers))
    for name, count in wave["by_class"].items():
        some = walk(c, "/waves/%s/inquiries" % w.wave, 7, **{"class": name})
        cases.check("answers of class " + name, len(some) == count
                    and all(x["class"] == name for x in some), len(some))
    one = walk(c, "/waves/%s/inquiries" % w.wave, 50, institution="9601")
    cases.check("answers of an institution", one and all(
        x["institution"] == "9601" for x in one)
        and len(one) == sum(x["institution"] == "9601" for x in every))
    held = walk(c, "/waves/%s/exceptions" % w.wave, 2, kind="held")
    cases.check("every held one once", len(held) == len(
        {x["inquiry"] for x in held}) == wave["held"], len(held))
    gone = walk(c, "/waves/%s/exceptions" % w.wave, 3)
    cases.check("every exception once", len(gone) == len(
        {x["inquiry"] for x in gone}) == wave["held"] + wave["excluded"],
        len(gone))
    rows = walk(c, "/waves/%s/results" % w.wave, 33)
    cases.check("each subject of the wave once", [r["ordinal"] for r in rows]
                == list(range(1, wave["subjects"] + 1)), len(rows))
    cases.check("and its answers", sum(
        x["class"] is not None for r in rows for x in r["answers"])
        == len(every))
    a = c.get("/subjects", cursor="zz")
    cases.check("no cursor of ours", a.code == "request.bad_value", a.body)
    log = walk(w.as_("ward", "auditor"), "/log", 50)
    seqs = [x["seq"] for x in log if x["lane"] == 0]
    cases.check("the log, newest first", seqs == sorted(seqs, reverse=True)
                and min(seqs) == 1, seqs[:3])


def refusals(cases, w):
    """Counted by code they are the refusals there are, one by one."""
    some = 0
    for party, role in (("ward", "officer"), ("unit", "officer"),
                        ("hub", "operator"), ("bank", "clerk")):
        c = w.as_(party, role)
        all_of = c.get("/refusals", all=1, limit=200).json["items"]
        cases.check("refusals by pages of one are the same at a " + party,
                    walk(c, "/refusals", 1, all=1) == all_of)
        cases.check("the open ones are among them at a " + party,
                    walk(c, "/refusals", 1)
                    == [x for x in all_of if x["open"]])
        by = {}
        for x in all_of:
            by.setdefault((x["code"], x["authority"], x["institution"],
                           x["by"]), []).append(x["at"])
        counted = {(x["code"], x["authority"], x["institution"], x["by"]):
                   (x["contents"], x["first"], x["last"])
                   for x in c.get("/refusals/counts").json["items"]}
        cases.check("refusals add up at a " + party, counted == {
            k: (len(v), min(v), max(v)) for k, v in by.items()},
            (counted, by))
        some += len(all_of)
    cases.check("there are some", some > 0, some)


def comparison(cases, w):
    """送信前比較 of the whole wave: as each inquiry is shown by itself."""
    c = w.as_("ward", "officer")
    wave = c.get("/waves/" + w.wave).json
    path = "/waves/%s/comparison" % w.wave
    rows = walk(c, path, 29, institution="9601")
    asked = wave["subjects"] - wave["excluded"] // 2
    cases.check("each record once", len(rows) == asked and len(
        {r["inquiry"] for r in rows}) == asked, (len(rows), asked))
    changed = walk(c, path, 29, institution="9601", changed=1)
    cases.check("only the changed ones", changed == [
        r for r in rows if r["rules"] or r["held"]] and changed, len(changed))
    for loss in ("material", "informational"):
        some = walk(c, path, 7, institution="9601", loss=loss)
        cases.check("of loss " + loss, some == [
            r for r in rows if r["loss"] == loss], len(some))
    rule = sorted({x for r in rows for x in r["rules"]})[0]
    for name in (rule, rule.split(":")[0]):
        some = walk(c, path, 7, institution="9601", rule=name)
        cases.check("by rule " + name, some and all(any(
            x.split(":")[0] == name.split(":")[0] for x in r["rules"])
            for r in some), len(some))
    shown = [r for r in changed if r["exception"] is None][0]
    one = c.get("/inquiries/" + shown["inquiry"]).json
    cases.check("as the inquiry shows it", one["items"] == shown["items"],
                (one["items"][:2], shown["items"][:2]))
    held = [r for r in walk(c, path, 50, institution="9602")
            + rows if r["exception"] == "held" and r["held"]]
    cases.check("what is held says why", bool(held) and all(
        r["held"]["item"] and r["held"]["ja"] for r in held), held[:1])
    cases.check("each was read", any(
        x["purpose"] == "送信前比較" for x in w.as_(
            "ward", "auditor").get("/log/who/" + shown["atena"]).json[
                "items"]))
    draft = w.draft()
    a = c.get("/waves/%s/comparison" % draft, limit=1, changed=1)
    cases.check("also before it is sent", a.status == 200
                and len(a.json["items"]) == 1, a.body)
    for query, code in (({"institution": "0000"}, "wave.institution"),
                        ({"loss": "x"}, "request.bad_value")):
        a = c.get(path, **query)
        cases.check("no such %s" % query, a.status == 422
                    and a.code == code, a.body)


def search(cases, w):
    c = w.as_("ward", "officer")
    p = [x for x in walk(c, "/subjects", 200) if not x["masked"]
         and " " in x["kana"]][0]
    family = p["kana"].split(" ")[0]
    hira = "".join(chr(ord(k) - 0x60) if "ァ" <= k <= "ヶ" else k
                   for k in family)
    for by, text in (("kana", family), ("kana", hira),
                     ("kana", p["kana"].replace(" ", "　")),
                     ("kanji", p["kanji"][:1]), ("atena", p["atena"])):
        a = c.post("/subjects/search", {"by": by, "text": text})
        cases.check("found by %s" % by, a.status == 200 and p["atena"] in [
            x["atena"] for x in a.json["items"]], a.body[:300])
    a = c.post("/subjects/search", {"by": "kana", "text": "ンンン"})
    cases.check("nobody", a.json == {"items": [], "next": None}, a.body)


def shielded(cases, w):
    c = signed_in(w.desk("ward"), "officer1")
    other = signed_in(w.desk("ward"), "officer2")
    auditor = w.as_("ward", "auditor")
    atena = w.shielded
    row = [x for x in walk(c, "/subjects", 200) if x["atena"] == atena][0]
    cases.check("masked in a list", row["masked"] and (
        row["kana"], row["kanji"], row["birth"]) == (MASK,) * 3, row)
    a = c.get("/subjects/" + atena)
    claim = a.json["claims"][0]
    cases.check("masked", a.json["masked"] and claim["住所"] == MASK
                and claim["カナ氏名"] == MASK, claim)
    a = c.get("/subjects/%s/report" % atena)
    cases.check("masked in the report", a.json["masked"] and all(
        "answer" not in x for x in a.json["inquiries"]))
    a = c.post("/subjects/%s/reveal" % atena, {"reason": ""})
    cases.check("a reason is needed", a.code == "request.bad_value", a.body)
    a = c.post("/subjects/%s/reveal" % atena, {"reason": "転居先の確認"})
    cases.check("revealed", a.status == 204, a.body)
    a = c.get("/subjects/" + atena)
    cases.check("shown in this session", not a.json["masked"]
                and a.json["claims"][0]["住所"] != MASK, a.json["claims"][0])
    cases.check("not in another", other.get(
        "/subjects/" + atena).json["masked"])
    who = auditor.get("/log/who/" + atena).json["items"]
    cases.check("logged with the reason", any(
        x["action"] == "reveal" and x["actor"] == "officer1"
        and "転居先の確認" in x["purpose"] for x in who), who[-3:])
    cases.check("each reading, too", sum(
        x["action"] == "read" and x["actor"] == "officer1"
        for x in who) >= 3, len(who))
    a = auditor.get("/log", kind="subject", object=atena)
    cases.check("and found by the object", len(a.json["items"]) >= 4)
    inquiries = other.get("/subjects/" + atena).json["inquiries"]
    a = other.get("/inquiries/" + inquiries[0]["inquiry"])
    cases.check("its inquiry is masked", a.json["masked"]
                and "subject" not in a.json and "items" not in a.json)


def one_row(w, **columns):
    """A file of one subject, as the day's difference."""
    with open(w.chain.synth + "/ward/subjects.csv", encoding="utf-8",
              newline="") as f:
        head = next(csv.reader(f))
    row = {"宛名番号": "9000000077", "属性(人格)": "1", "カナ氏名": "シエン タロウ",
           "漢字氏名": "支援 太郎", "生(設立)年月日": "1980-02-03", "性別": "1",
           "郵便番号": "1600001", "住所コード": "131041", "住所": "現住所町１番",
           "旧住所1": "前住所町２番", "フリガナ確認": "1", "科目": "1",
           "滞納額": "90000", "督促年月日": "2026-01-01", "支援措置": "1"}
    row.update(columns)
    return "%s\n%s\n" % (",".join(head), ",".join(
        row.get(k, "") for k in head))


def address(cases, w):
    """支援措置: nothing goes until an address is chosen, then that alone."""
    c = signed_in(w.desk("ward"), "officer1")
    atena = "9000000077"
    a = c.call("POST", "/subjects/import", one_row(w), query={"diff": 1})
    cases.check("a shielded person", a.status == 200
                and a.json["accepted"] == 1, a.body)
    mine = {"subjects": [{"atena": atena}]}
    a = c.post("/waves/count", w.order(**mine))
    cases.check("held by default", a.json["exclusions"]
                == [{"reason": "支援措置", "subjects": 1}], a.body)
    path = "/subjects/%s/address" % atena
    for who, chosen, status, code in (
            (atena, "旧住所2", 422, "subjects.no_address"),
            (atena, "カナ氏名", 422, "subjects.no_address"),
            (w.atena, "住所", 409, "subjects.not_shielded"),
            ("1", "住所", 404, "subjects.unknown")):
        a = c.post("/subjects/%s/address" % who, {
            "address": chosen, "reason": "試験"})
        cases.check("not %s of %s" % (chosen, who), a.status == status
                    and a.code == code, a.body)
    a = c.post(path, {"address": "旧住所1", "reason": ""})
    cases.check("a reason is needed", a.code == "request.bad_value", a.body)
    for chosen, sent, postal in (("旧住所1", "前住所町２番", ""),
                                 ("住所", "現住所町１番", "1600001")):
        a = c.post(path, {"address": chosen, "reason": "本人の申出"})
        cases.check("chosen: " + chosen, a.status == 204, a.body)
        a = c.post("/waves/count", w.order(**mine))
        cases.check("then it is asked", a.json["excluded"] == 0, a.body)
        wave = c.post("/waves", w.order(**mine)).json["wave"]
        c.post("/subjects/%s/reveal" % atena, {"reason": "試験"})
        found = c.get("/subjects/" + atena).json
        number = [x["inquiry"] for x in found["inquiries"]
                  if x["wave"] == wave][0]
        asked = c.get("/inquiries/" + number).json
        row = asked["subject"][0]
        items = {x["item"]: x["value"] for x in asked["items"]}
        cases.check("only %s goes" % chosen, found["address"] == chosen
                    and row["住所"] == items["住所"] == sent
                    and row.get("郵便番号", "") == items["郵便番号"] == postal
                    and not any(k.startswith("旧住所") for k in row)
                    and not any(v for k, v in items.items()
                                if k.startswith("旧住所")), (row, items))
    who = w.as_("ward", "auditor").get("/log/who/" + atena).json["items"]
    cases.check("decided by somebody, with the reason", any(
        x["action"] == "change" and "本人の申出" in x["purpose"]
        for x in who))
    c.call("POST", "/subjects/import", one_row(w, 住所="転居先町３番"),
           query={"diff": 1})
    a = c.post("/waves/count", w.order(**mine))
    cases.check("what has changed since is decided anew",
                a.json["excluded"] == 1
                and c.get("/subjects/" + atena).json["address"] is None,
                a.body)


def once(cases, w):
    c = w.as_("ward", "officer")
    key = uuid.uuid4().hex
    body = w.order(name="二度押し")
    first = c.post("/waves", body, key=key)
    again = c.post("/waves", body, key=key)
    cases.check("a double click does it once", first.status == again.status
                == 201 and first.json == again.json
                and again.headers["Idempotent-Replay"] == "true", again.body)
    same = [x for x in walk(c, "/waves", 200) if x["name"] == "二度押し"]
    cases.check("there is one", len(same) == 1, len(same))
    a = c.post("/waves", w.order(name="別"), key=key)
    cases.check("the key is another's", a.status == 422
                and a.code == "request.key_reused", a.body)
    wave = first.json["wave"]
    a = c.get("/waves/" + wave)
    tag = a.headers["ETag"]
    a = c.call("GET", "/waves/" + wave, If_None_Match=tag)
    cases.check("304", a.status == 304 and a.body == b"", a.status)
    a = c.post("/waves/%s/submit" % wave, If_Match='"other"')
    cases.check("412", a.status == 412 and a.code == "request.changed",
                a.body)
    a = c.post("/waves/%s/submit" % wave, If_Match=tag)
    cases.check("as it was seen", a.json == {"state": "submitted"}, a.body)
    a = c.post("/waves/%s/submit" % wave)
    cases.check("again: no change", a.json == {"state": "submitted"}, a.body)
    boss = w.as_("ward", "approver")
    a = boss.post("/waves/%s/return" % wave, {"reason": "金額の確認"})
    cases.check("sent back", a.json == {"state": "drafted"}, a.body)
    a = boss.post("/waves/%s/approve" % wave)
    cases.check("no such move", a.status == 409
                and a.code == "wave.closed", a.body)


def own_approval(cases, w):
    both = signed_in(w.desk("ward"), "officer2")
    a = both.post("/waves", w.order(name="自己決裁"))
    wave = a.json["wave"]
    both.post("/waves/%s/submit" % wave)
    a = both.post("/waves/%s/approve" % wave)
    cases.check("nobody approves their own", a.status == 403
                and a.code == "wave.approver", a.body)
    admin = w.as_("ward", "admin")
    a = admin.post("/transfers", {"from": "officer2", "to": "officer1",
                                  "reason": "異動"})
    cases.check("who asked stays who asked", a.json["waves"] == 0
                and a.json["charges"] >= 1 and admin.get(
                    "/waves/" + wave).json["requester"] == "officer2", a.body)
    mine = walk(signed_in(w.desk("ward"), "officer1"), "/waves", 200, mine=1)
    cases.check("another looks after it", wave in [
        x["wave"] for x in mine if x["charge"] == "officer1"], mine)
    cases.check("and who left after none", walk(
        both, "/waves", 200, mine=1) == [])
    a = both.post("/waves/%s/approve" % wave)
    cases.check("and still nobody", a.code == "wave.approver", a.body)
    sheet = w.as_("ward", "approver").get("/waves/%s/sheet" % wave).json
    cases.check("the sheet has its number", sheet["document_no"]["no"] >= 1
                and len(sheet["samples"]) == 10, sheet["document_no"])
    a = w.as_("ward", "approver").post("/waves/%s/cancel" % wave,
                                       {"reason": "試験"})
    cases.check("cancelled", a.json == {"state": "cancelled"}, a.body)


def morning(cases, w):
    m = w.as_("ward", "officer").get("/morning").json
    cases.check("who was stopped since yesterday", m["stopped"] >= 1
                and m["stops"] >= m["stopped"], m)


def deputy(cases, w):
    """代決: on behalf of an approver who cannot; S4 holds for both."""
    boss = w.as_("ward", "approver")
    wave = w.submitted()
    path = "/waves/%s/approve-for" % wave
    away = w.absent()
    sheet = boss.get("/waves/%s/sheet" % wave).json
    cases.check("numbered with the submission", sheet["document_no"]["no"]
                >= 1 and sheet["document_no"]["year"] in (2025, 2026, 2027)
                and sheet["on_behalf"] is None, sheet["document_no"])
    cases.check("who may be decided for", away in sheet["deciders"]
                and "only-approver" not in sheet["deciders"]
                and "only-officer" not in sheet["deciders"],
                sheet["deciders"])
    for what, name in (("oneself", "only-approver"), ("nobody", "no-one"),
                       ("who asked", "only-officer"),
                       ("who is no approver", "only-auditor")):
        a = boss.post(path, {"name": name, "reason": "出張"})
        cases.check("not for " + what, a.status == 403
                    and a.code == "wave.deputy", a.body)
    bare = w.absent(appointments=[])
    a = boss.post(path, {"name": bare, "reason": "出張"})
    cases.check("not without appointment", a.status == 403
                and a.code == "wave.approver", a.body)
    a = boss.post(path, {"name": away, "reason": ""})
    cases.check("not without a reason", a.status == 422
                and a.code == "wave.reason", a.body)
    both = signed_in(w.desk("ward"), "officer2")
    own = both.post("/waves", w.order(name="自己代決")).json["wave"]
    both.post("/waves/%s/submit" % own)
    a = both.post("/waves/%s/approve-for" % own,
                  {"name": away, "reason": "出張"})
    cases.check("nobody decides their own on another's behalf",
                a.status == 403 and a.code == "wave.approver", a.body)
    a = boss.post("/waves/%s/approve-for" % own,
                  {"name": "officer2", "reason": "出張"})
    cases.check("nor has it decided so", a.code == "wave.deputy", a.body)
    boss.post("/waves/%s/cancel" % own, {"reason": "試験"})
    a = boss.post(path, {"name": away, "reason": "出張のため"})
    cases.check("decided", a.json == {"state": "approved"}, a.body)
    sheet = boss.get("/waves/%s/sheet" % wave).json
    cases.check("recorded as such", sheet["approved_by"] == "only-approver"
                and sheet["on_behalf"] == {"name": away,
                                           "reason": "出張のため"}
                and sheet["decided"], sheet["on_behalf"])
    log = w.as_("ward", "auditor").get("/log", kind="wave", object=wave)
    cases.check("and logged", any(
        x["action"] == "approve" and x["purpose"] == "照会の代決"
        and x["actor"] == "only-approver" for x in log.json["items"]))
    other = boss.get("/waves/%s/sheet" % w.submitted()).json["document_no"]
    cases.check("the next wave has a later number", other["year"]
                == sheet["document_no"]["year"]
                and other["no"] > sheet["document_no"]["no"], other)
    db = sqlite3.connect(w.nodes["ward"].database)
    numbers = [x[0] for x in db.execute(
        "SELECT no FROM document WHERE year = ? ORDER BY no",
        (other["year"],))]
    db.close()
    cases.check("and none is left out", numbers
                == list(range(1, len(numbers) + 1)), numbers)


def token(w, body, basic=None):
    """What POST /token gives for that form."""
    c = Client(w.desk("ward"))
    headers = {"Content_Type": "application/x-www-form-urlencoded"}
    if basic:
        headers["Authorization"] = "Basic " + base64.b64encode(
            ("%s:%s" % basic).encode()).decode()
    return c.call("POST", "/token", urllib.parse.urlencode(body), **headers)


def systems(cases, w):
    """OAuth 2.0: another system asks as an officer does, and decides
    nothing."""
    admin = w.as_("ward", "admin")
    for roles in ([], ["approver"], ["officer", "admin"], ["clerk"]):
        a = admin.post("/clients", {"name": "x", "roles": roles})
        cases.check("no client with %s" % roles, a.status == 422
                    and a.code in ("client.role", "user.role"), a.body)
    id_, secret = w.system(["officer", "auditor"])
    grant = {"grant_type": "client_credentials"}
    form = dict(grant, client_id=id_, client_secret=secret)
    a = token(w, form)
    cases.check("a token", a.status == 200 and a.json["token_type"]
                == "Bearer" and a.json["expires_in"] == 600
                and a.json["scope"] == "auditor officer"
                and a.headers["Cache-Control"] == "no-store", a.body)
    for what, body, basic, status, error in (
            ("another secret", dict(form, client_secret="x" * 64), None, 401,
             "invalid_client"),
            ("nobody", dict(form, client_id="client-0"), None, 401,
             "invalid_client"),
            ("another grant", dict(form, grant_type="password"), None, 400,
             "unsupported_grant_type"),
            ("no grant", {"client_id": id_}, None, 400, "invalid_request"),
            ("twice", list(form.items()) + [("scope", "a"), ("scope", "b")],
             None, 400, "invalid_request"),
            ("two proofs", form, (id_, secret), 400, "invalid_request"),
            ("another's scope", dict(form, scope="officer admin"), None, 400,
             "invalid_scope"),
            ("wrong by Basic", grant, (id_, "x"), 401, "invalid_client")):
        a = token(w, body, basic)
        cases.check("no token: " + what, a.status == status
                    and a.json["error"] == error and (
                        status != 401 or "Basic" in
                        a.headers["WWW-Authenticate"]), a.body)
    a = token(w, dict(grant, scope="officer"), (id_, secret))
    cases.check("of a scope, by Basic", a.json.get("scope") == "officer",
                a.body)
    c = Client(w.desk("ward"))
    bearer = {"Authorization": "Bearer " + a.json["access_token"]}
    a = c.call("GET", "/subjects/" + w.atena, **bearer)
    cases.check("reads as an officer", a.status == 200
                and a.json["atena"] == w.atena, a.body)
    a = c.call("GET", "/subjects/" + w.shielded, **bearer)
    cases.check("a shielded person is masked", a.json["masked"], a.body)
    a = c.call("POST", "/subjects/import", "x,y\n", query={"dry_run": 1},
               **bearer)
    cases.check("changes without CSRF token", a.code == "subjects.header",
                a.body)
    a = c.call("GET", "/log", **bearer)
    cases.check("not beyond its scope", a.status == 403
                and a.code == "user.role", a.body)
    a = c.call("POST", "/waves", w.order(), **bearer)
    cases.check("S4: drafts nothing, having no appointment",
                a.status == 403 and a.code == "wave.approver", a.body)
    who = w.as_("ward", "auditor").get("/log/who/" + w.atena).json["items"]
    cases.check("it is logged", any(
        x["actor"] == id_ and x["action"] == "read" for x in who), who[-2:])
    a = c.call("GET", "/me", Authorization="Bearer " + "0" * 64)
    cases.check("a made-up token", a.status == 401 and "invalid_token"
                in a.headers["WWW-Authenticate"], a.body)
    a = c.call("GET", "/me", Authorization="Bearer x")
    cases.check("no token of ours", a.status == 401
                and a.code == "token.unknown", a.body)
    shown = admin.get("/clients")
    cases.check("the secret is not told again", secret not in
                shown.body.decode() and id_ in shown.body.decode())
    a = admin.call("DELETE", "/clients/" + id_)
    cases.check("forgotten", a.status == 204, a.body)
    a = c.call("GET", "/me", **bearer)
    cases.check("its tokens end at once", a.status == 401
                and a.code == "token.unknown", a.body)
    id_, secret = w.system()
    for _ in range(5):
        a = token(w, dict(grant, client_id=id_, client_secret="y"))
    a = token(w, dict(grant, client_id=id_, client_secret=secret))
    cases.check("guessing is slow", a.status == 429
                and a.code == "session.locked_out"
                and int(a.headers["Retry-After"]) > 0, a.body)
    a = admin.post("/users", {"name": "client-1", "roles": ["officer"]})
    cases.check("no person is called so", a.code == "user.name", a.body)


def counts(cases, w):
    c = w.as_("ward", "officer")
    for more in ({}, {"claim_kind": "1"}, {"min_amount": 100000},
                 {"subjects": [{"atena": w.atena}]},
                 {"institutions": ["9601"]}):
        a = c.post("/waves/count", w.order(**more))
        wave = c.get("/waves/" + w.draft(**more)).json
        cases.check("counted as drafted: %s" % more, a.status == 200
                    and a.json["subjects"] == wave["subjects"]
                    and a.json["subjects"] * a.json["institutions"]
                    == wave["inquiries"] and a.json["excluded"]
                    * a.json["institutions"] == wave["excluded"], a.body)
    a = c.post("/waves/count", w.order(basis="no-such"))
    cases.check("no basis", a.code == "wave.basis", a.body)


def ages(cases, w):
    """Who has been asked about lately is left out, with the reason."""
    c = w.as_("ward", "officer")
    asked = c.get("/waves/" + w.wave).json
    today = c.get("/me").json["now"][:10]
    gone = "%s以降に照会済み" % today
    plain = c.post("/waves/count", w.order()).json
    a = c.post("/waves/count", w.order(min_age=1))
    reasons = {x["reason"]: x["subjects"] for x in a.json["exclusions"]}
    of_before = sum(x["subjects"] for x in plain["exclusions"])
    cases.check("all of today's are left out", reasons.get(gone)
                == plain["subjects"] - of_before
                and a.json["inquiries"] == 0, a.body)
    cases.check("as many as were asked", reasons.get(gone)
                == asked["subjects"] - asked["excluded"]
                // len(asked["by_institution"]), (reasons, asked["excluded"]))
    wave = c.get("/waves/" + w.draft(min_age=30)).json
    cases.check("drafted as counted", wave["excluded"] == wave["inquiries"]
                and any("以降に照会済み" in x["reason"]
                        for x in wave["exceptions"]), wave["exceptions"])
    a = c.post("/waves/%s/submit" % wave["wave"])
    cases.check("which asks about nobody", a.code == "wave.empty", a.body)


def selections(cases, w):
    c = w.as_("ward", "officer")
    rule = dict(w.selection(), name="<script>=1+1\u202e𠮷")
    a = c.post("/selections", rule)
    cases.check("kept", a.status == 201, a.body)
    no = a.json["no"]
    found = [x for x in c.get("/selections").json["items"] if x["no"] == no]
    cases.check("as given", len(found) == 1 and found[0]["who"]
                == "only-officer" and all(found[0][k] == v
                                          for k, v in rule.items()), found)
    a = c.post("/selections", rule)
    cases.check("one of a name", a.status == 409
                and a.code == "selection.exists", a.body)
    for key, bad in (("claim_kind", "9"), ("name", "")):
        a = c.post("/selections", dict(rule, **{key: bad}))
        cases.check("no such " + key, a.status == 422
                    and a.json["where"]["item"] == key, a.body)
    a = c.call("DELETE", "/selections/%d" % no)
    cases.check("forgotten", a.status == 204, a.body)
    a = c.call("DELETE", "/selections/%d" % no)
    cases.check("once", a.status == 404, a.body)


def cells_of_csv(text, name):
    """Without the apostrophe that keeps a cell from being run."""
    with open(os.path.join(text, name), encoding="utf-8-sig", newline="") as f:
        return [[x[1:] if x[:1] == "'" else x for x in row]
                for row in csv.reader(f)]


def cells_of_xlsx(sheet):
    return [["" if v is None else str(v) for v in row]
            for row in sheet.iter_rows(values_only=True)]


def spreadsheet(cases, into):
    """What openpyxl reads is what stands in the CSV files, cell by cell."""
    # Debian's python3-openpyxl, whichever python3 runs this.
    sys.path.append("/usr/lib/python3/dist-packages")
    import openpyxl
    book = openpyxl.load_workbook(os.path.join(into, "answers.xlsx"))
    cases.check("its sheets", book.sheetnames == [
        "answers", "transactions", "others"], book.sheetnames)
    for name in book.sheetnames:
        want = cells_of_csv(into, name + ".csv")
        got = cells_of_xlsx(book[name])
        got = [row + [""] * (len(want[0]) - len(row)) for row in got]
        differ = [(g, c) for a, b in zip(got, want)
                  for g, c in zip(a, b) if g != c]
        cases.check("sheet %s is the CSV" % name, len(want) > 1
                    and len(got) == len(want) and differ == [], differ[:3])
    rows = list(book["answers"].iter_rows(min_row=2))
    cases.check("no cell is a formula", all(
        x.data_type in "ns" for row in rows for x in row))
    cases.check("codes are text", all(isinstance(row[0].value, str)
                                      for row in rows))
    balance = [x.value for x in book["answers"][1]].index("残高")
    numbers = [row[balance].value for row in rows
               if row[balance].value is not None]
    cases.check("amounts are numbers", numbers and all(
        isinstance(x, int) for x in numbers), numbers[:3])


def by_command(cases, w, folder):
    """What is taken out by command is entered like what the desk gives."""
    out = os.path.join(folder, "by-command")
    p = subprocess.run([SHOKAI, "answers", "export", w.nodes["ward"].path,
                        w.wave, "--out", out, "--purpose", "照合のため",
                        "--as", "only-officer"], capture_output=True)
    row = w.as_("ward", "auditor").get("/takeouts").json["items"][0]
    cases.check("entered by command", p.returncode == 0
                and os.path.exists(os.path.join(out, "answers.csv"))
                and row["what"] == "export" and row["object"] == w.wave
                and row["who"] == "only-officer" and row["records"] > 0
                and row["purpose"] == "照合のため", "%s %s" % (row, p.stderr))


def export(cases, w, folder):
    c = w.as_("ward", "officer")
    for encoding in ("utf-8-bom", "cp932"):
        a = c.post("/waves/%s/export" % w.wave, {
            "purpose": "滞納整理システムへの登録", "password": "zip-password",
            "encoding": encoding, "xlsx": encoding == "utf-8-bom"})
        cases.check("a ZIP in " + encoding, a.status == 200
                    and a.headers["Content-Type"] == "application/zip",
                    a.body[:200])
        path = os.path.join(folder, encoding + ".zip")
        with open(path, "wb") as f:
            f.write(a.body)
        into = os.path.join(folder, encoding)
        wrong = subprocess.run(["7z", "x", "-y", "-pwrong", "-o" + into,
                                path], capture_output=True)
        cases.check("another password", wrong.returncode != 0)
        right = subprocess.run(["7z", "x", "-y", "-pzip-password",
                                "-o" + into, path], capture_output=True)
        cases.check("opens in 7-Zip", right.returncode == 0, right.stdout)
        with open(os.path.join(into, "answers.csv"), "rb") as f:
            text = f.read()
        cases.check("is in " + encoding, text.decode(
            "utf-8-sig" if encoding == "utf-8-bom" else "cp932").startswith(
                "宛名番号,回答分類"))
        cases.check("XLSX where wanted", os.path.exists(os.path.join(
            into, "answers.xlsx")) == (encoding == "utf-8-bom"))
        if encoding == "utf-8-bom":
            spreadsheet(cases, into)
        cases.check("BOM", text.startswith(b"\xef\xbb\xbf")
                    == (encoding == "utf-8-bom"))
        row = w.as_("ward", "auditor").get("/takeouts").json["items"][0]
        cases.check("entered", row["what"] == "export"
                    and row["digest"] == hashlib.sha256(a.body).hexdigest()
                    and row["who"] == "only-officer"
                    and row["purpose"] == "滞納整理システムへの登録", row)
    by_command(cases, w, folder)
    left = [x for x in os.listdir(os.path.join(w.nodes["ward"].path, "run"))
            if x.startswith("export")]
    cases.check("no plain file is left", left == [], left)


def imports(cases, w):
    c = w.as_("ward", "officer")
    with open(w.chain.synth + "/ward/subjects.csv", encoding="utf-8") as f:
        lines = f.read().split("\n")
    bad = lines[:]
    bad[3] = bad[3].replace(bad[3].split(",")[0], "12x", 1)
    a = c.call("POST", "/subjects/import", "\n".join(bad),
               query={"dry_run": 1})
    cases.check("errors by line", a.status == 200 and a.json["refused"] == 1
                and a.json["refusals"][0]["where"]["line"] == 4
                and "ja" in a.json["refusals"][0]["why"], a.body[:400])
    a = c.call("POST", "/subjects/import", "x,y\n1,2\n")
    cases.check("a bad file is refused whole", a.status == 422
                and a.code == "subjects.header", a.body)
    a = c.call("POST", "/subjects/import", "\n".join(lines))
    cases.check("the same file changes nothing", a.json["changed"] == 0,
                a.body)


def body(cases):
    folder = _case.folder("api-work")
    w = None
    try:
        w = World(os.path.join(folder, "chain"))
        for part in (lists, refusals, morning, comparison, search, shielded, once, own_approval, deputy, systems, counts,
                     ages, selections, address, imports):
            part(cases, w)
        export(cases, w, folder)
    finally:
        if w is not None:
            w.stop()
        _case.remove(folder)


if __name__ == "__main__":
    _case.main(body)
