"""_world.py — a small chain that has worked: what the calls of the table of
routes need to be right. Ids are found through the API itself."""
import sqlite3
import time
import uuid

from chain import Chain
from desk_client import PASSWORD, Client, signed_in

ORDER = {"name": "試験照会", "purpose": "滞納処分のための財産調査",
         "base_date": "2026-10-01", "period_from": "2025-10-01",
         "period_to": "2026-09-30", "scope": "detail", "institutions": "all",
         "reason": "全件照会"}
SUBJECTS = 320  # enough for some that each layout holds
ROLES = {"ward": ("admin", "auditor", "officer", "approver"),
         "unit": ("admin", "auditor", "officer", "approver"),
         "hub": ("admin", "auditor", "operator"),
         "bank": ("admin", "auditor", "clerk", "inspector")}


def until(what, condition, seconds=60):
    end = time.time() + seconds
    while time.time() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError("it did not come: " + what)


class World:
    def __init__(self, folder):
        self.chain = Chain(folder, subjects=SUBJECTS, institutions=2,
                           customers=400)
        c = self.chain
        c.make_synth()
        c.make_nodes()
        c.add_accounts()
        c.import_banks()
        c.start()
        c.import_subjects()
        self.nodes = {"ward": c.ward, "unit": c.unit, "hub": c.hub_direct,
                      "bank": c.banks[1]}
        self.people = {}
        self.parked = []
        self.make_people()
        self.work()

    def stop(self):
        self.chain.stop()

    def desk(self, party):
        return self.nodes[party].desk

    def as_(self, party, role):
        """Whoever has that one role there."""
        return self.people[party, role]

    def make_people(self):
        """One person of each single role, added through the API."""
        for party, roles in ROLES.items():
            admin = signed_in(self.desk(party), "admin1")
            for role in roles:
                body = {"name": "only-" + role, "roles": [role],
                        "password": PASSWORD}
                if role in ("officer", "approver"):
                    body["appointments"] = [
                        {"number": "試-" + role, "from": "2026-04-01",
                         "to": "2027-03-31", "kinds": ["1", "2", "3"]}]
                a = admin.post("/users", body)
                assert a.status == 201, (a.status, a.body)
                self.people[party, role] = signed_in(
                    self.desk(party), "only-" + role)

    def order(self, **more):
        return dict(dict(ORDER, basis=self.chain.bases()), **more)

    def draft(self, **more):
        a = self.as_("ward", "officer").post("/waves", self.order(**more))
        assert a.status == 201, (a.status, a.body)
        return a.json["wave"]

    def submitted(self):
        wave = self.draft()
        a = self.as_("ward", "officer").post("/waves/%s/submit" % wave)
        assert a.status == 200, (a.status, a.body)
        return wave

    def approved(self):
        wave = self.submitted()
        a = self.as_("ward", "approver").post("/waves/%s/approve" % wave)
        assert a.status == 200, (a.status, a.body)
        return wave

    def at_unit(self):
        """An inquiry that waits at the unit, which is stopped until somebody
        needs it again."""
        c = self.as_("ward", "officer")
        if not self.parked:
            self.chain.unit.stop()
            wave = self.approved()
            until("sending", lambda: c.get(
                "/waves/" + wave).json["state"] == "sent")
            for p in c.get("/subjects", limit=20).json["items"]:
                of = c.get("/subjects/" + p["atena"]).json["inquiries"]
                self.parked += [x["inquiry"] for x in of
                                if x["wave"] == wave and x["state"] == "sent"]
        return self.parked.pop()

    def waiting(self, direction, wave):
        """A file of that wave that waits for a check."""
        if self.chain.unit.process is None:
            self.chain.unit.start()
        def look():
            a = self.as_("ward", "officer").get("/checks", limit=200)
            return [k["file"] for k in a.json["items"]
                    if k["direction"] == direction and k["wave"] == wave]
        return until(direction + " to check", look)[0]

    def work(self):
        """One wave to the end of the direct flow; the carried one's answers
        are returned, so that the bank may answer again."""
        officer = self.as_("ward", "officer")
        self.wave = self.approved()
        file = self.waiting("request", self.wave)
        a = officer.post("/checks/%s/approve" % file)
        assert a.json == {"approved": 1}, a.body
        self.returned = self.waiting("answer", self.wave)
        a = officer.post("/checks/%s/return" % self.returned,
                         {"reason": "試験のため"})
        assert a.json == {"returned": 1}, a.body
        clerk = self.as_("bank", "clerk")
        until("word of the return", lambda: clerk.get(
            "/refusals").json["items"])
        until("answers", lambda: officer.get(
            "/waves/%s/inquiries" % self.wave).json["items"])
        self.answered_anew = False
        self.inquiry = officer.get(
            "/waves/%s/inquiries" % self.wave).json["items"][0]["inquiry"]
        items = officer.get("/subjects", limit=200).json["items"]
        self.atena = items[0]["atena"]
        self.shielded = [x["atena"] for x in items if x["shielded"]][0]
        # The unit tells of them once a second.
        self.free = {"held": until(
            "held ones", lambda: self.exceptions("held"))}
        self.free["stops"] = sorted({x["atena"] for x in officer.get(
            "/stops", limit=200).json["items"]})

    def system(self, roles=("officer",), party="ward"):
        """Another system: its id and secret."""
        a = self.as_(party, "admin").post(
            "/clients", {"name": "滞納整理システム", "roles": list(roles)})
        assert a.status == 201, (a.status, a.body)
        return a.json["id"], a.json["secret"]

    def absent(self, **more):
        """An approver who cannot decide today."""
        name = "away-" + uuid.uuid4().hex[:8]
        body = {"name": name, "roles": ["approver"], "password": PASSWORD,
                "appointments": [
                    {"number": "試-" + name, "from": "2026-04-01",
                     "to": "2027-03-31", "kinds": ["1", "2", "3"]}]}
        a = self.as_("ward", "admin").post("/users", dict(body, **more))
        assert a.status == 201, (a.status, a.body)
        return name

    def selection(self):
        """A rule of a name of its own."""
        return {"name": "選定 " + uuid.uuid4().hex[:8], "claim_kind": "1",
                "min_amount": 50000, "min_age": 90}

    def selected(self):
        a = self.as_("ward", "officer").post("/selections", self.selection())
        assert a.status == 201, (a.status, a.body)
        return a.json["no"]

    def answer_returned(self):
        """A file whose answers stand returned at the bank: once answered
        anew, they are returned anew."""
        if self.answered_anew:
            a = self.as_("ward", "officer").post("/checks/%s/return" % (
                self.waiting("answer", self.wave)), {"reason": "試験"})
            assert a.json == {"returned": 1}, a.body
            until("word of the return", lambda: self.as_(
                "bank", "clerk").get("/refusals").json["items"])
        self.answered_anew = True
        return self.returned

    def exceptions(self, kind):
        a = self.as_("ward", "officer").get(
            "/waves/%s/exceptions" % self.wave, kind=kind, limit=200)
        return [x["inquiry"] for x in a.json["items"]]

    def take(self, what):
        """One that no other call has used."""
        return self.free[what].pop()

    def open_answer(self):
        """An answered inquiry that is open, as a bank's 要確認 leaves it."""
        db = sqlite3.connect(self.nodes["ward"].database)
        with db:
            inquiry = db.execute(
                "SELECT inquiry FROM outcome WHERE open = 0 AND class = 1"
                " LIMIT 1").fetchone()[0]
            db.execute("UPDATE outcome SET open = 1, class = 2"
                       " WHERE inquiry = ?", (inquiry,))
        db.close()
        return inquiry

    def carried(self):
        """An entry of the carrying book; folder links are elsewhere."""
        db = sqlite3.connect(self.nodes["ward"].database)
        with db:
            n = db.execute(
                "INSERT INTO carry (at_us, direction, hub, name, who,"
                " messages, records, digest)"
                " VALUES (1, 'out', 'H002', 'a.zip', 'x', 1, 1, '')"
            ).lastrowid
        db.close()
        return n

    def temporary(self, party="ward"):
        """A user of this call alone."""
        name = "temp-" + uuid.uuid4().hex[:8]
        role = {"hub": "operator", "bank": "clerk"}.get(party, "officer")
        a = self.as_(party, "admin").post(
            "/users", {"name": name, "roles": [role], "password": PASSWORD})
        assert a.status == 201, (a.status, a.body)
        return name

    def temporary_client(self):
        c = Client(self.desk("ward"))
        c.sign_in(self.temporary())
        return c
