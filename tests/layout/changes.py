"""changes.py SHOKAI ROOT — every option of the rule language does something:
where an institution of layouts/ uses it, it is changed, and then one of its
examples fails, or what `convert` writes is another file. The options are
taken from docs/layout.schema.json and from the program's own list of text
rules, so that a new one without such an example fails here."""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from rule_files import (
    COLUMN_OUT, LEFT_OUT, VERSION, changed, places, text_of, trees)

SHOKAI, ROOT = sys.argv[1:]
WHOLE = ("item", "value", "sum", "of", "constant", "filler")  # of a column
# Seen in the running chain alone, by that test of tests/parties/test_ways.c.
CHAIN = {
    "hub": "the_hub_is_the_one_that_the_layout_names",
    "paper": "what_it_cannot_be_asked_goes_on_paper",
    "retention_days": "a_bank_keeps_requests_as_long_as_its_layout_says",
    "schedule.cutoff": "what_is_sent_after_the_cutoff_counts_as_the_next_days",
    "schedule.days": "files_wait_for_the_institutions_hours",
    "schedule.files_per_day":
        "no_more_files_a_day_than_the_institution_takes",
    "schedule.from": "files_wait_for_the_institutions_hours",
    "schedule.to": "files_wait_for_the_institutions_hours",
    "valid_from": "what_is_unsent_follows_the_layout_of_the_day",
}
SUBJECTS = ("宛名番号,属性(人格),カナ氏名,漢字氏名,生(設立)年月日,住所,科目,"
            "滞納額\n" + "".join(
                "%d,1,カクウ ハナコ,架空 花子,1985-04-09,東京都新宿区西新宿2-8-1,"
                "1,1000\n" % n for n in range(1, 4)))


# ---- what there is ----

def words_of(schema):
    """The words a key may have; a false is the key left out."""
    found = schema.get("enum") or schema.get("items", {}).get("enum") or []
    found = [str(w).lower() if isinstance(w, bool) else str(w) for w in found]
    return [w for w in dict.fromkeys(found) if w != "false"]


def options_of(path, schema, words):
    for key, value in schema.get("properties", {}).items():
        name = path + "." + key if path else key
        words[name] = words_of(value)
        yield name
        if len(words[name]) > 1 or words[name] == ["true"]:
            yield from (name + "=" + w for w in words[name])
        if path != "column":
            yield from options_of(name, value, words)


def rule_options():
    out = subprocess.run([SHOKAI, "text", "--list", "--json"], check=True,
                         capture_output=True, text=True).stdout
    for rule in map(json.loads, out.splitlines()):
        if rule["rule"] == "date":  # no rule of a column but its key
            continue
        if not rule["args"]:
            yield rule["rule"]
        for arg in filter(None, rule["args"].split("|")):
            yield rule["rule"] + ":" + arg


# ---- where it is used ----

def rules_in(value):
    if isinstance(value, dict):
        return [r for v in value.values() for r in rules_in(v)]
    return re.sub(r"\s", "", value).split(",")


def general(rule):
    """A number is any number."""
    return re.sub(r"^(cut-\w+):\d+$", r"\1:N", rule)


def with_rule(value, rule, to):
    """to: in its place; none: left out."""
    if isinstance(value, dict):
        return {k: with_rule(v, rule, to) for k, v in value.items()}
    found = (to if general(r) == rule else r for r in rules_in(value))
    return ",".join(r for r in found if r)


# ---- changed ----

def rule_changes(option, value, rules):
    if option not in map(general, rules_in(value)):
        return
    yield with_rule(value, option, "")
    name = option.split(":")[0]
    for other in rules:
        if other.split(":")[0] == name and other != option:
            yield with_rule(value, option, other)
    if option.endswith(":N"):
        yield with_rule(value, option, name + ":1")


def word_changes(word, value, words):
    if value == word:
        yield LEFT_OUT
        yield from (w for w in words if w != word)
    elif isinstance(value, list) and word in value:
        yield [v for v in value if v != word] or LEFT_OUT
    elif isinstance(value, str):
        yield word  # instead of another


def value_changes(value):
    if isinstance(value, list):
        yield value[:-1]
        yield value[1:]
    elif isinstance(value, dict):
        keys = list(value)
        if len(keys) > 1:  # a map with two words exchanged
            yield dict(value, **{keys[0]: value[keys[1]],
                                 keys[1]: value[keys[0]]})
    elif value.isdigit():
        for n in (1, int(value) + 1, max(int(value) - 1, 1)):
            yield str(n).rjust(len(value), "0") if n != 1 else "1"
    else:
        yield value + "x"
        yield value[:-1]


def changes(option, name, value, words, rules):
    if option in rules:
        if name.split(".")[-1] in ("rules", "read"):
            yield from rule_changes(option, value, rules)
        return
    key, _, word = option.partition("=")
    if name != key:
        return
    if word:
        yield from word_changes(word, value, words[key])
    else:
        yield LEFT_OUT
        yield from words[key] or value_changes(value)
    if key.split(".")[-1] in WHOLE:
        yield COLUMN_OUT


# ---- what comes of it ----

def run(*words):
    return subprocess.run([SHOKAI, *words], capture_output=True, text=True)


class Bench:
    def __init__(self, top):
        self.top = top
        self.trees = trees(ROOT)
        self.files = {}  # of each institution, as convert writes them
        for code in self.trees:
            os.makedirs(os.path.join(top, code))
            os.symlink(os.path.join(ROOT, "layouts", code, "examples"),
                       os.path.join(top, code, "examples"))
        with open(os.path.join(top, "s.csv"), "w", encoding="utf-8") as f:
            f.write(SUBJECTS)

    def put(self, code, tree):
        path = os.path.join(self.top, code, VERSION)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text_of(tree))
        return path

    def fails(self, code, tree):
        """One of its examples, though the rules are good."""
        done = run("layout", "test", self.put(code, tree))
        return done.returncode == 1 and not re.search(
            r"layout\.(?!example)[a-z_]+:", done.stdout + done.stderr)

    def written(self, code, tree):
        out = os.path.join(self.top, "out")
        shutil.rmtree(out, ignore_errors=True)
        done = run("convert", "--layout", self.put(code, tree), "--in",
                   os.path.join(self.top, "s.csv"), "--out", out, "--basis",
                   "jumin-331-6", "--base-date", "2026-10-01", "--period",
                   "2025-10-01/2026-09-30")
        if done.returncode > 1:
            return None
        found = {}
        for path in glob.glob(os.path.join(out, code, "*")):
            with open(path, "rb") as f:
                found[os.path.basename(path)] = f.read()
        return found

    def other_files(self, code, tree):
        if code not in self.files:
            self.files[code] = self.written(code, self.trees[code])
        now = self.written(code, tree)
        return now is not None and now != self.files[code]

    def does_something(self, option, words, rules):
        seen = self.other_files if option in (
            "records_per_file", "request.file_name") else self.fails
        return any(
            seen(code, changed(tree, at, value))
            for code, tree in self.trees.items()
            for name, at, used in places(tree, "", [])
            for value in changes(option, name, used, words, rules))


def check(bench):
    faults = []
    for code, tree in bench.trees.items():
        if run("layout", "test", bench.put(code, tree)).returncode != 0:
            faults.append("%s fails unchanged" % code)
    with open(os.path.join(ROOT, "docs", "layout.schema.json")) as f:
        schema = json.load(f)
    with open(os.path.join(ROOT, "tests", "parties", "test_ways.c")) as f:
        ways = f.read()
    words, rules = {}, list(rule_options())
    options = list(options_of("", schema, words)) + rules
    for part in ("row", "column"):
        options += options_of(part, schema["$defs"][part], words)
    counted = 0
    for option in dict.fromkeys(options):
        key = option.split("=")[0]
        if key in CHAIN:
            if "static void %s(" % CHAIN[key] not in ways:
                faults.append("%s: no test %s" % (option, CHAIN[key]))
        elif len(words.get(key, ())) == 1 and words[key] != ["true"]:
            continue  # layout: 1; there is no other
        elif option.endswith(".detail") or any(
                o.startswith(option + ".") for o in options):
            continue  # it must be there; its keys are options themselves
        elif not bench.does_something(option, words, rules):
            faults.append(option + ": changed, and no example changes")
        counted += 1
    if counted < 200:
        faults.append("only %d options were found" % counted)
    return counted, faults


def main():
    with tempfile.TemporaryDirectory(prefix="shokai-changes-") as top:
        counted, faults = check(Bench(top))
    for fault in faults:
        print("FAILED:", fault)
    print("%d passed, %d failed" % (counted - len(faults), len(faults)))
    return bool(faults)


sys.exit(main())
