"""compare.py — what happened to each 管理番号: opens every node's database
and follows the rows, not the counters and not the ward's word.

    compare.py FOLDER WAVE      the nodes of FOLDER (a chain's folder)

lost        no row of any node accounts for the inquiry
duplicated  a bank looked it up, or the ward registered it, more than once
"""
import csv
import json
import os
import sys
import tempfile

import rows

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def base36(value, width):
    out = ""
    for _ in range(width):
        out = DIGITS[value % 36] + out
        value //= 36
    return out


def kanri(authority, wave, institution, ordinal):
    """The 管理番号, derived here a second time (ISO/IEC 7064 MOD 37,36)."""
    key = (base36(int(authority), 4) + base36(wave, 3)
           + base36(int(institution), 3) + base36(ordinal, 5))
    product = 36
    for c in key:
        total = (product + DIGITS.index(c)) % 36
        product = (total or 36) * 2 % 37
    return key + DIGITS[(37 - product) % 36]


def connect(node):
    return rows.connect(node)


class Compared:
    """The counts of one wave."""

    def __init__(self):
        self.inquiries = self.answered = self.rejected = 0
        self.cancelled = self.expired = self.pending = self.held = 0
        self.lost = self.duplicated = 0
        self.lost_numbers = []
        self.duplicated_numbers = []
        self.accounts = self.found = self.missed = self.wrong = 0
        self.transactions = 0
        self.last_us = 0


def nodes_of(folder):
    """{party: [path…]} of the nodes in a chain's folder."""
    found = {"ward": [], "unit": [], "hub": [], "bank": []}
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if rows.is_node(path):
            found[name.split("-")[0]].append(path)
    return found


class Trail:
    """The rows of all nodes about one wave."""

    def __init__(self, folder, authority, wave):
        self.authority = authority
        self.wave = wave
        nodes = nodes_of(folder)
        ward = connect(nodes["ward"][0])
        unit = connect(nodes["unit"][0])
        key = (authority, wave)
        self.ordinals = [r[0] for r in ward.execute(
            "SELECT ordinal FROM wave_subject WHERE authority = ? AND "
            "wave = ? ORDER BY ordinal", key)]
        self.institutions = [r[0] for r in ward.execute(
            "SELECT institution FROM wave_institution WHERE authority = ? "
            "AND wave = ? ORDER BY institution", key)]
        self.state = ward.execute(
            "SELECT state FROM wave WHERE authority = ? AND wave = ?",
            key).fetchone()[0]
        self.exceptions = {}
        for db in (unit, ward):
            self.exceptions.update({(r[0], r[1]): r[2] for r in db.execute(
                "SELECT institution, ordinal, kind FROM exception "
                "WHERE authority = ? AND wave = ?", key)})
        self.outcomes = dict(ward.execute(
            "SELECT inquiry, class FROM outcome WHERE authority = ?",
            (authority,)))
        self.files = self.read_files(ward, unit, key)
        # Released by an officer: in a file that lists them, in no other.
        self.later = {(r[0], r[1]): r[2] for r in unit.execute(
            "SELECT institution, ordinal, file FROM halted WHERE "
            "authority = ? AND wave = ? AND state = 'sent'", key)}
        self.tasks = {r[0]: (r[1], r[2]) for r in unit.execute(
            "SELECT institution, position, state FROM task WHERE "
            "authority = ? AND wave = ? AND kind = 'convert'", key)}
        self.snapshot = {r[0] for r in unit.execute(
            "SELECT DISTINCT ordinal FROM snapshot WHERE authority = ? "
            "AND wave = ?", key)}
        self.sending = ward.execute(
            "SELECT count(*) FROM task WHERE authority = ? AND wave = ? "
            "AND state = 0", key).fetchone()[0] > 0 or self.unsent(ward)
        self.lookups = {}
        for path in nodes["bank"]:
            db = connect(path)
            for inquiry, in db.execute(
                    "SELECT inquiry FROM lookup WHERE authority = ?",
                    (authority,)):
                self.lookups[inquiry] = self.lookups.get(inquiry, 0) + 1
            db.close()
        self.registered = self.read_registered(ward, authority)
        self.last_us = ward.execute(
            "SELECT coalesce(max(at_us), 0) FROM step WHERE authority = ? "
            "AND wave = ? AND party = ?", (*key, authority)).fetchone()[0]
        ward.close()
        unit.close()

    @staticmethod
    def unsent(ward):
        return ward.execute(
            "SELECT count(*) FROM outbox AS o JOIN message AS m "
            "ON m.id = o.id WHERE o.state = 0 AND m.kind = 'subjects'"
        ).fetchone()[0] > 0

    @staticmethod
    def read_files(ward, unit, key):
        """{institution: [(first, last, state, message, complete, file,
        listed)…]}: the unit's rows, and whether the ward says the file is
        complete."""
        complete = {r[0]: (r[1], r[2]) for r in ward.execute(
            "SELECT file, answered_us, state FROM file WHERE authority = ? "
            "AND wave = ?", key)}
        files = {}
        for file, inst, first, last, state, message, listed in unit.execute(
                "SELECT file, institution, first, last, state, message, "
                "listed FROM file WHERE authority = ? AND wave = ?", key):
            answered, ward_state = complete.get(file, (0, state))
            if ward_state in ("cancelled", "rejected", "expired"):
                state = ward_state
            files.setdefault(inst, []).append(
                (first, last, state, message, answered != 0, file, listed))
        return files

    @staticmethod
    def read_registered(ward, authority):
        """Inquiries with more than one registered answer that is the same:
        a correction is a different one, and no duplicate."""
        twice = {}
        for inquiry, n in ward.execute(
                "SELECT inquiry, count(*) FROM (SELECT inquiry FROM outcome "
                "WHERE authority = ?1 UNION ALL SELECT c.inquiry FROM "
                "correction AS c JOIN answer AS a ON a.authority = "
                "c.authority AND a.inquiry = c.inquiry AND a.record = "
                "c.record WHERE c.authority = ?1) AS r GROUP BY inquiry "
                "HAVING count(*) > 1", (authority,)):
            twice[inquiry] = n
        return twice

    def file_of(self, institution, ordinal):
        later = self.later.get((institution, ordinal))
        for f in self.files.get(institution, ()):
            if f[5] == later if later else (
                    not f[6] and f[0] <= ordinal <= f[1]):
                return f
        return None

    def where(self, institution, ordinal, number):
        """What accounts for one inquiry: one word, or 'lost'."""
        kind = self.exceptions.get((institution, ordinal))
        if number in self.outcomes:
            return self.outcomes[number]
        if kind in ("held", "excluded", "paper", "reused"):
            return "held"
        if kind == "cancelled":
            return "cancelled"
        f = self.file_of(institution, ordinal)
        if f is not None:
            if f[2] in ("cancelled", "expired", "rejected"):
                return f[2]
            # A file the ward calls complete has an outcome for each.
            return "lost" if f[4] else "pending"
        position, done = self.tasks.get(institution, (0, 0))
        if ordinal in self.snapshot:
            return "lost" if done or ordinal <= position else "pending"
        if self.state == "cancelled":
            return "cancelled"
        if self.sending or self.state in ("drafted", "submitted",
                                          "approved"):
            return "pending"
        return "lost"


# enum answer_class (docs/interface.md §5)
ANSWERED = {0, 1, 2, 3, 4}
REJECTED = {5, 6}


def compare(folder, wave, authority="131041", truth=None, export=None):
    number = int(wave, 36) if isinstance(wave, str) else wave
    t = Trail(folder, authority, number)
    c = Compared()
    for institution in t.institutions:
        for ordinal in t.ordinals:
            key = kanri(authority, number, institution, ordinal)
            c.inquiries += 1
            where = t.where(institution, ordinal, key)
            if where in ANSWERED:
                c.answered += 1
            elif where in REJECTED or where == "rejected":
                c.rejected += 1
            elif where == 7 or where == "expired":
                c.expired += 1
            elif where == "lost":
                c.lost += 1
                c.lost_numbers.append(key)
            else:
                setattr(c, where, getattr(c, where) + 1)
            if t.lookups.get(key, 0) > 1 or t.registered.get(key, 0) > 1:
                c.duplicated += 1
                c.duplicated_numbers.append(key)
    c.last_us = t.last_us
    if truth and export:
        compare_truth(c, truth, export)
    return c


def whole(told, numbered):
    """The account that is told, where a form has no branch or kind: the one
    of that subject at that bank with the same number, if there is one."""
    if "" not in told[2:4]:
        return told
    fits = [t for t in numbered.get((told[0], told[1], told[4]), ())
            if told[2] in ("", t[2]) and told[3] in ("", t[3])]
    return fits[0] if len(fits) == 1 else told


def compare_truth(c, truth, export):
    """Accounts answered beside the accounts there are."""
    true = set()
    with open(truth, encoding="utf-8-sig", newline="") as f:
        for r in csv.DictReader(f):
            true.add((r["宛名番号"], r["金融機関コード"], r["店番"],
                      r["口座種別"], r["口座番号"]))
    told = set()
    with open(export, encoding="utf-8-sig", newline="") as f:
        for r in csv.DictReader(f):
            if r["口座連番"] not in ("", "0") and r["訂正番号"] == "0":
                told.add((r["宛名番号"], r["金融機関コード"], r["店番"],
                          r["口座種別"], r["口座番号"]))
    numbered = {}
    for t in true:
        numbered.setdefault((t[0], t[1], t[4]), []).append(t)
    told = {whole(t, numbered) for t in told}
    c.accounts = len(true)
    c.found = len(true & told)
    c.missed = len(true - told)
    c.wrong = len(told - true)


def compare_chain(chain):
    """Compares a chain, its truth included."""
    import chain as chains
    with tempfile.TemporaryDirectory() as out:
        exported = os.path.join(out, "export")
        chains.run("answers", "export", chain.ward.path, chain.wave, "--out",
                   exported, "--as", "officer1", ok=(0, 1))
        c = compare(chain.folder, chain.wave,
                    truth=os.path.join(chain.synth, "truth.csv"),
                    export=os.path.join(exported, "answers.csv"))
        path = os.path.join(exported, "transactions.csv")
        with open(path, encoding="utf-8-sig", newline="") as f:
            c.transactions = sum(1 for _ in csv.reader(f)) - 1
        return c


def result_lines(c, seconds):
    rate = int(c.inquiries / seconds) if seconds > 0 else 0
    return ("TRUTH accounts=%d found=%d missed=%d wrong=%d" % (
        c.accounts, c.found, c.missed, c.wrong),
        "RESULT inquiries=%d answered=%d rejected=%d pending=%d lost=%d "
        "duplicated=%d seconds=%.1f rate=%d cancelled=%d expired=%d "
        "held=%d" % (c.inquiries, c.answered, c.rejected, c.pending, c.lost,
                     c.duplicated, seconds, rate, c.cancelled, c.expired,
                     c.held))


def main(argv):
    if len(argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    c = compare(argv[1], argv[2])
    print(json.dumps({k: v for k, v in vars(c).items()},
                     ensure_ascii=False))
    return 0 if c.lost == 0 and c.duplicated == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
