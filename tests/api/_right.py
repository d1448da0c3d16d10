"""_right.py — for each route of the table, a call that is right. Each entry is
(party, role, maker): the maker gives path, body, status of a fresh call."""
from chain import PASSWORD
from desk_client import Client


def call(path, body=None, status=200, client=None, query=None, **headers):
    return {"path": path, "body": body, "status": status, "client": client,
            "query": query, "headers": headers}


def get(path, **query):
    return lambda w: call(path(w) if callable(path) else path, query=query)


def subjects_csv(w):
    with open(w.chain.synth + "/ward/subjects.csv", "rb") as f:
        return f.read()


def of_wave(tail):
    return lambda w: "/waves/%s%s" % (w.wave, tail)


REASON = {"reason": "試験"}
FORM = "grant_type=client_credentials&client_id=%s&client_secret=%s"
O, A, ADM, AUD = "officer", "approver", "admin", "auditor"
RIGHT = {
    ("GET", "/openapi.json"): ("ward", O, get("/openapi.json")),
    ("POST", "/session"): ("ward", O, lambda w: call(
        "/session", {"name": w.temporary(), "password": PASSWORD}, 201,
        Client(w.desk("ward")))),
    ("POST", "/token"): ("ward", O, lambda w: call(
        "/token", FORM % w.system(), 200, Client(w.desk("ward")),
        Content_Type="application/x-www-form-urlencoded")),
    ("GET", "/clients"): ("ward", ADM, get("/clients")),
    ("POST", "/clients"): ("hub", ADM, lambda w: call("/clients", {
        "name": "監視", "roles": ["operator"]}, 201)),
    ("DELETE", "/clients/{id}"): ("ward", ADM, lambda w: call(
        "/clients/" + w.system()[0], None, 204)),
    ("DELETE", "/session"): ("ward", O, lambda w: call(
        "/session", None, 204, w.temporary_client())),
    ("POST", "/session/password"): ("ward", O, lambda w: call(
        "/session/password", {"old": PASSWORD, "new": "another-password"},
        204, w.temporary_client())),
    ("GET", "/me"): ("ward", O, get("/me")),
    ("GET", "/events"): ("unit", O, get("/events")),
    ("GET", "/progress"): ("ward", O, get("/progress", key="abcdefgh")),
    ("GET", "/node"): ("ward", O, get("/node")),
    ("GET", "/peers"): ("hub", "operator", get("/peers")),
    ("GET", "/refusals"): ("bank", "clerk", get("/refusals", all=1)),
    ("GET", "/refusals/counts"): ("hub", "operator", get("/refusals/counts")),
    ("GET", "/users"): ("ward", ADM, get("/users")),
    ("POST", "/users"): ("hub", ADM, lambda w: call("/users", {
        "name": "new-" + w.temporary("hub"), "roles": ["operator"]}, 201)),
    ("GET", "/users/{name}"): ("ward", ADM, get("/users/officer1")),
    ("PUT", "/users/{name}"): ("ward", ADM, lambda w: call(
        "/users/" + w.temporary(), {"roles": ["officer", "approver"]})),
    ("POST", "/users/{name}/lock"): ("ward", ADM, lambda w: call(
        "/users/%s/lock" % w.temporary())),
    ("POST", "/users/{name}/unlock"): ("ward", ADM, lambda w: call(
        "/users/%s/unlock" % w.temporary())),
    ("POST", "/users/{name}/renew"): ("ward", ADM, lambda w: call(
        "/users/%s/renew" % w.temporary(), {})),
    ("POST", "/users/{name}/totp"): ("ward", ADM, lambda w: call(
        "/users/%s/totp" % w.temporary())),
    ("POST", "/users/{name}/certificate"): ("ward", ADM, lambda w: call(
        "/users/%s/certificate" % w.temporary(),
        {"fingerprint": "ab" * 32}, 204)),
    ("GET", "/log"): ("ward", AUD, get("/log", limit=3)),
    ("POST", "/log/verify"): ("hub", AUD, lambda w: call("/log/verify")),
    ("GET", "/log/who/{atena}"): ("ward", AUD, get(
        lambda w: "/log/who/" + w.atena)),
    ("GET", "/morning"): ("ward", O, get("/morning")),
    ("GET", "/codes"): ("ward", O, get("/codes")),
    ("POST", "/transfers"): ("ward", ADM, lambda w: call("/transfers", {
        "from": w.temporary(), "to": w.temporary(), "reason": "異動"})),
    ("GET", "/stops"): ("ward", O, get("/stops", limit=2)),
    ("GET", "/carries"): ("ward", O, lambda w: call(
        "/carries" if w.carried() else "")),
    ("POST", "/carries/{no}/erased"): ("ward", O, lambda w: call(
        "/carries/%d/erased" % w.carried(), None, 204)),
    ("POST", "/prints"): ("ward", O, lambda w: call("/prints", {
        "kind": "subject", "object": w.atena, "purpose": "試験"}, 204)),
    ("GET", "/takeouts"): ("ward", AUD, get("/takeouts")),
    ("GET", "/selections"): ("ward", O, get("/selections")),
    ("POST", "/selections"): ("ward", O, lambda w: call(
        "/selections", w.selection(), 201)),
    ("DELETE", "/selections/{no}"): ("ward", O, lambda w: call(
        "/selections/%d" % w.selected(), None, 204)),
    ("GET", "/subjects"): ("ward", O, get("/subjects", limit=3)),
    ("POST", "/subjects/search"): ("ward", O, lambda w: call(
        "/subjects/search", {"by": "atena", "text": w.atena})),
    ("POST", "/subjects/import"): ("ward", O, lambda w: call(
        "/subjects/import", subjects_csv(w), query={"dry_run": 1})),
    ("GET", "/subjects/{atena}"): ("ward", O, get(
        lambda w: "/subjects/" + w.atena)),
    ("GET", "/subjects/{atena}/report"): ("ward", O, get(
        lambda w: "/subjects/%s/report" % w.atena)),
    ("POST", "/subjects/{atena}/reveal"): ("ward", O, lambda w: call(
        "/subjects/%s/reveal" % w.shielded, REASON, 204)),
    ("POST", "/subjects/{atena}/address"): ("ward", O, lambda w: call(
        "/subjects/%s/address" % w.shielded,
        {"address": "", "reason": "試験"}, 204)),
    ("POST", "/subjects/{atena}/decide"): ("ward", O, lambda w: call(
        "/subjects/%s/decide" % w.take("stops"), {"go": False}, 204)),
    ("GET", "/waves"): ("ward", O, get("/waves", limit=2)),
    ("POST", "/waves"): ("ward", O, lambda w: call(
        "/waves", w.order(), 201)),
    ("POST", "/waves/count"): ("ward", O, lambda w: call(
        "/waves/count", w.order())),
    ("GET", "/waves/{wave}"): ("ward", O, get(of_wave(""))),
    ("POST", "/waves/{wave}/submit"): ("ward", O, lambda w: call(
        "/waves/%s/submit" % w.draft())),
    ("POST", "/waves/{wave}/approve"): ("ward", A, lambda w: call(
        "/waves/%s/approve" % w.submitted())),
    ("POST", "/waves/{wave}/approve-for"): ("ward", A, lambda w: call(
        "/waves/%s/approve-for" % w.submitted(),
        {"name": w.absent(), "reason": "出張のため"})),
    ("POST", "/waves/{wave}/return"): ("ward", A, lambda w: call(
        "/waves/%s/return" % w.submitted(), REASON)),
    ("POST", "/waves/{wave}/cancel"): ("ward", A, lambda w: call(
        "/waves/%s/cancel" % w.draft(), REASON)),
    ("POST", "/waves/{wave}/resend"): ("ward", O, lambda w: call(
        "/waves/%s/resend" % w.wave)),
    ("GET", "/waves/{wave}/sheet"): ("ward", A, get(of_wave("/sheet"))),
    ("POST", "/waves/{wave}/export"): ("ward", O, lambda w: call(
        "/waves/%s/export" % w.wave,
        {"purpose": "試験", "password": "zip-password", "xlsx": True})),
    ("GET", "/waves/{wave}/results"): ("ward", O, get(
        of_wave("/results"), limit=3)),
    ("GET", "/waves/{wave}/comparison"): ("ward", O, get(
        of_wave("/comparison"), limit=3, changed=1)),
    ("GET", "/waves/{wave}/exceptions"): ("ward", O, get(
        of_wave("/exceptions"), limit=3)),
    ("GET", "/waves/{wave}/inquiries"): ("ward", O, get(
        of_wave("/inquiries"), limit=3)),
    ("GET", "/inquiries/{inquiry}"): ("ward", O, get(
        lambda w: "/inquiries/" + w.inquiry)),
    ("POST", "/inquiries/{inquiry}/mend"): ("ward", O, lambda w: call(
        "/inquiries/%s/mend" % w.take("held"),
        {"item": "漢字氏名", "value": "山田 太郎", "reason": "試験"}, 204)),
    ("POST", "/inquiries/{inquiry}/release"): ("ward", O, lambda w: call(
        "/inquiries/%s/release" % w.take("held"), REASON, 204)),
    ("POST", "/inquiries/{inquiry}/withdraw"): ("ward", O, lambda w: call(
        "/inquiries/%s/withdraw" % w.at_unit(), REASON, 204)),
    ("POST", "/inquiries/{inquiry}/end"): ("ward", O, lambda w: call(
        "/inquiries/%s/end" % w.open_answer(), REASON, 204)),
    ("POST", "/inquiries/{inquiry}/reask"): ("ward", O, lambda w: call(
        "/inquiries/%s/reask" % w.inquiry, None, 201)),
    ("GET", "/checks"): ("ward", O, get("/checks", state="approved")),
    ("GET", "/checks/{file}"): ("ward", O, get(
        lambda w: "/checks/" + w.returned)),
    ("POST", "/checks/{file}/approve"): ("ward", O, lambda w: call(
        "/checks/%s/approve" % w.waiting("request", w.approved()))),
    ("POST", "/checks/{file}/return"): ("ward", O, lambda w: call(
        "/checks/%s/return" % w.waiting("request", w.approved()), REASON)),
    ("GET", "/layouts"): ("unit", O, get("/layouts")),
    ("GET", "/layouts/{code}/{version}"): ("unit", O, get(
        "/layouts/9601/2025-04-01", lang="en")),
    ("GET", "/layouts/{code}/{version}/diff"): ("unit", ADM, get(
        "/layouts/9601/2025-04-01/diff", **{"with": "2025-04-01"})),
    ("POST", "/layouts/{code}/{version}/diff"): ("unit", O, lambda w: call(
        "/layouts/9601/2025-04-01/diff", subjects_csv(w),
        query={"with": "2025-04-01"})),
    ("GET", "/authorities"): ("unit", ADM, get("/authorities")),
    ("GET", "/holds"): ("unit", O, get("/holds", limit=1)),
    ("GET", "/throughput"): ("unit", ADM, get("/throughput")),
    ("GET", "/files"): ("unit", O, get("/files", limit=1, open=1)),
    ("GET", "/backlog"): ("hub", "operator", get("/backlog")),
    ("GET", "/traffic"): ("hub", "operator", get("/traffic")),
    ("GET", "/hours"): ("hub", "operator", get("/hours")),
    ("GET", "/received"): ("bank", "clerk", get("/received", limit=1)),
    ("GET", "/received/{file}"): ("bank", "clerk", get(
        lambda w: "/received/" + w.returned)),
    ("GET", "/awaited"): ("bank", "clerk", get("/awaited")),
    ("GET", "/imports"): ("bank", "clerk", get("/imports")),
    ("POST", "/answers/{file}/again"): ("bank", "clerk", lambda w: call(
        "/answers/%s/again" % w.answer_returned())),
}
