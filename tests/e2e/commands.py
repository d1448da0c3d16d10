"""Every command as docs/interface.md §1 promises it: help without a node,
wrong usage, languages, refusals, what is not built, and --json."""
import json
import os
import re
import subprocess

import _case
import chain

COMMANDS = os.path.join(chain.ROOT, "src", "cli", "commands.h")
TOP = _case.folder("commands")
NOT_BUILT = ["node migrate", "match", "audit analyze"]
SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS",
            "SEE ALSO"]
SAYS = {"ja": "まだ作られていません", "en": "not built yet"}
NOWHERE = os.path.join(TOP, "no-such-node")


def at(*names):
    return os.path.join(TOP, *names)


def shokai(*words, lang="en_US.UTF-8", stdin=""):
    return subprocess.run(
        [chain.SHOKAI, *map(str, words)], capture_output=True, text=True,
        input=stdin, env=dict(os.environ, LANG=lang))


def refusal(done):
    return json.loads(done.stderr.splitlines()[0])


def commands():
    """The commands of the source; the file's names are the commands'."""
    with open(COMMANDS, encoding="utf-8") as f:
        names = re.findall(r"X\(cmd_([a-z_]+)\)", f.read())
    return [n.replace("_", " ") for n in names]


def helps(c):
    listed = shokai("--help")
    shown = re.findall(r"^ {7}([a-z]+(?: [a-z]+)?) {2,}\S",
                       listed.stdout, re.M)
    c.check("help_lists_every_command",
            listed.returncode == 0 and shown == commands(),
            str(set(shown) ^ set(commands())))
    c.check("there_are_commands", len(shown) > 50)
    c.check("no_command_prints_help_as_an_error",
            shokai().returncode == 2)
    for name in commands():
        words = name.split()
        done = shokai(*words, "--help")
        heads = re.findall(r"^[A-Z][A-Z ]*$", done.stdout, re.M)
        c.check("help of " + name, done.returncode == 0
                and done.stderr == "" and heads == SECTIONS
                and "shokai " + name in done.stdout, done.stdout)
        with_node = shokai(*words, NOWHERE, "x", "--help")
        c.check("help opens no node: " + name, with_node.returncode == 0
                and with_node.stdout == done.stdout)
        done = shokai(*words, NOWHERE, "--version")
        c.check("version of " + name, done.returncode == 0
                and re.fullmatch(r"shokai \d+\.\d+\.\d+\n", done.stdout))
    c.check("help_makes_nothing", not os.path.exists(NOWHERE))


def needs_arguments(name):
    text = shokai(*name.split(), "--help").stdout
    line = text.split("SYNOPSIS\n")[1].splitlines()[0]
    rest = line.split("[OPTIONS]", 1)[1].split()
    return [w for w in rest if not w.startswith(("[", "-"))]


def usage(c):
    for name in commands():
        words = name.split()
        done = shokai(*words, "--no-such-option")
        c.check("unknown option: " + name, done.returncode == 2
                and done.stdout == "" and "--no-such-option" in done.stderr)
        if name in NOT_BUILT:
            continue
        if needs_arguments(name):
            done = shokai(*words)
            c.check("too few arguments: " + name, done.returncode == 2
                    and done.stdout == "" and done.stderr != "")
        done = shokai(*words, NOWHERE, "--lang", "fr")
        c.check("unknown language: " + name, done.returncode == 2
                and "--lang" in done.stderr)
        done = shokai(*words, "--json=yes")
        c.check("a flag takes no value: " + name, done.returncode == 2)
        done = shokai(*words, NOWHERE, "--lang")
        c.check("an option needs its value: " + name, done.returncode == 2)
    c.check("too_many_arguments",
            shokai("wave", "list", "a", "b").returncode == 2)
    c.check("two_dashes_end_the_options",
            shokai("wave", "list", "--", "--help").returncode != 0)
    c.check("name=value", shokai(
        "code", "show", "day", "2026-05-06", "--on=2026-01-01").returncode
        == 0)
    c.check("a_number_has_bounds", shokai(
        "synth", "--out", at("s"), "--subjects", "0").returncode == 2)


def unknown(c):
    done = shokai("frobnicate")
    c.check("unknown_command", done.returncode == 2 and done.stdout == ""
            and "frobnicate" in done.stderr
            and "not built" not in done.stderr, done.stderr)
    done = shokai("wave", "frobnicate")
    c.check("unknown_subcommand_names_the_family", done.returncode == 2
            and "wave show" in done.stderr, done.stderr)
    for name in NOT_BUILT:
        for lang, says in SAYS.items():
            done = shokai(*name.split(), "x", "--lang", lang)
            c.check("not built: %s (%s)" % (name, lang),
                    done.returncode == 2 and done.stdout == ""
                    and says in done.stderr, done.stderr)
        listed = [line for line in shokai("--help").stdout.splitlines()
                  if line.strip().startswith(name + " ")]
        c.check("help says what is not built: " + name, len(listed) == 1
                and listed[0].endswith("(not built yet)"))
    c.check("nothing_else_is_said_to_be_not_built",
            shokai("--help").stdout.count("not built") == len(NOT_BUILT))
    done = shokai("customers", "import", NOWHERE, "x", "--diff")
    c.check("not built: customers import --diff", done.returncode == 2
            and "not built" in done.stderr)
    done = shokai("code", "show", "branch", "0001-001")
    c.check("code show branch", done.returncode == 0
            and json.loads(done.stdout)["name"] == "東京営業部")


def refusals(c):
    done = shokai("wave", "list", NOWHERE)
    c.check("no_node", done.returncode == 3 and done.stdout == "",
            done.stderr)
    r = refusal(done)
    c.check("a_refusal_is_one_json_line",
            set(r) == {"code", "where", "level", "why"}
            and set(r["why"]) == {"ja", "en"} and r["level"] == "file"
            and len(done.stderr.splitlines()) == 1, done.stderr)
    done = shokai("wave", "list", NOWHERE, "--errors", at("e"))
    with open(at("e"), encoding="utf-8") as f:
        kept = f.read()
    c.check("errors_go_to_the_file", done.returncode == 3
            and done.stderr == "" and json.loads(kept)["code"] == r["code"])
    done = shokai("code", "check", "day", "2026-05-06", "--errors", at("e"))
    c.check("a_file_that_exists_is_refused", done.returncode == 3
            and done.stdout == "" and refusal(done)["code"] == "file.exists"
            and open(at("e"), encoding="utf-8").read() == kept)
    done = shokai("code", "check", "day", "2026-05-06", "--errors", at("e"),
                  "--force")
    c.check("force_replaces_it", done.returncode == 0
            and os.path.getsize(at("e")) == 0)
    done = shokai("wave", "list", NOWHERE, "--errors", "-")
    c.check("errors_to_stdout", done.returncode == 3 and done.stderr == ""
            and json.loads(done.stdout)["code"] == r["code"])


def languages(c):
    """--lang over LANG; Japanese if neither says en."""
    words = ("node", "migrate", "x")
    for lang, flag, says in (("ja_JP.UTF-8", None, "ja"), ("C", None, "ja"),
                             ("en_US.UTF-8", None, "en"),
                             ("en_US.UTF-8", "ja", "ja"),
                             ("ja_JP.UTF-8", "en", "en")):
        more = ("--lang", flag) if flag else ()
        done = shokai(*words, *more, lang=lang)
        c.check("language %s %s" % (lang, flag), SAYS[says] in done.stderr)
    layout = os.path.join(chain.ROOT, "layouts", "9601", "2025-04-01.yaml")
    sheets = [shokai("layout", "show", layout, "--lang", x).stdout
              for x in ("ja", "en")]
    c.check("layout_show_in_two_languages", sheets[0] != sheets[1]
            and "仕様書" in sheets[0] and "仕様書" not in sheets[1])


class Json:
    """Runs commands with --json and looks whether stdout is JSON Lines."""

    def __init__(self, c):
        self.c = c
        self.seen = set()

    def __call__(self, *words, ok=(0,), keys=(), lines=None):
        done = shokai(*words, "--json")
        name = next((n for n in (" ".join(map(str, words[:2])),
                                 str(words[0])) if n in commands()), "?")
        self.seen.add(name)
        try:
            rows = [json.loads(line) for line in done.stdout.splitlines()]
        except ValueError:
            rows = None
        self.c.check("json of " + name, done.returncode in ok
                     and rows is not None and (lines is None
                                               or len(rows) == lines)
                     and all(set(keys) <= set(r) for r in rows or ()),
                     "exit %d %s %s" % (done.returncode, done.stdout[:400],
                                        done.stderr[:400]))
        return rows or []


def alone(j):
    """Commands that need no chain."""
    rules = os.path.join(chain.ROOT, "layouts", "9601", "2025-04-01.yaml")
    j("layout", "check", rules, lines=0)
    with open(at("bad.yaml"), "w", encoding="utf-8") as f:
        f.write("code: 9601\n")
    rows = j("layout", "check", at("bad.yaml"), ok=(1,),
             keys=("code", "where", "level", "why"))
    j.c.check("layout_check_names_the_place", rows
              and rows[0]["where"]["line"] > 0)
    rows = j("layout", "test", rules, lines=1, keys=("passed", "failed"))
    j.c.check("layout_test_counts", rows[0]["passed"] > 0)
    j("layout", "show", rules, lines=1, keys=("code", "from", "sheet"))
    with open(at("few.csv"), "w", encoding="utf-8") as f:
        f.write("宛名番号,属性(人格),カナ氏名,漢字氏名,生(設立)年月日,住所,"
                "科目,滞納額\n"
                "0001,1,キャノン ヨウコ,観音 洋子,1980-01-02,千代田区,1,100\n")
    j("layout", "diff", rules, rules.replace("9601", "9602"), "--subjects",
      at("few.csv"), ok=(1,), keys=("subject", "item", "before", "after",
                                    "loss"))
    j("code", "check", "postal", "160-0022", lines=1, keys=("kind", "value"))
    with open(at("banks.js"), "w", encoding="utf-8") as f:
        json.dump({"9999": {"code": "9999", "name": "架空", "kana": "カクウ",
                            "branches": {"001": {
                                "code": "001", "name": "本店",
                                "kana": "ホンテン"}}}}, f)
    os.makedirs(at("tables"))
    rows = j("code", "import", at("banks.js"), "--out", at("tables"), lines=1)
    j.c.check("code_import_counts", rows[0] == {
        "institutions": 1, "branches": 1}, rows)
    rows = j("code", "show", "yucho", "17300-19927651", lines=1)
    j.c.check("yucho", rows == [{"branch": "738", "account": "1992765"}])
    j("text", "--list", keys=("rule", "args", "loss", "idempotent", "source",
                              "version"))
    rows = j("api", "routes", "--party", "hub", keys=(
        "method", "path", "roles", "open", "help"))
    j.c.check("api_routes_are_the_hubs", rows and not any(
        r["path"].startswith("/api/v1/subjects") for r in rows))
    j("synth", "--out", at("synth"), "--subjects", "20", "--institutions",
      "1", "--customers", "250", lines=1)
    j("convert", "--layout", rules, "--in", at("synth", "ward",
      "subjects.csv"), "--out", at("converted"), "--basis", "jumin-331-6", "--base-date",
      "2026-10-01", "--period", "2025-10-01/2026-09-30", ok=(0, 1), lines=1,
      keys=("records", "written", "held", "files", "rules", "seconds"))


def setting_up(j, k):
    """A chain as an operator sets it up; k is the Chain."""
    node = at("x")
    j("ca", "init", at("ca2"), lines=1, keys=("ca",))
    j("node", "init", node, "--party", "hub", "--code", "X1", "--name", "x",
      lines=1)
    j("ca", "sign", at("ca2"), os.path.join(node, "node.csr"), "--out",
      at("x.crt"), lines=1, keys=("certificate",))
    j("node", "cert", node, "--cert", at("x.crt"), "--ca",
      at("ca2", "ca.crt"))
    j("ca", "revoke", at("ca2"), at("x.crt"), lines=1, keys=("crl",))
    j("node", "check", node, ok=(0, 1), lines=1, keys=("findings",))
    j("node", "upgrade", node, lines=1, keys=("schema",))
    with open(at("words"), "w") as f:
        f.write("correct horse battery\n")
    told = ("code", "party", "at", "files", "bytes")
    j("backup", node, "--out", at("x.backup"), "--passphrase-file",
      at("words"), lines=1, keys=told)
    j("restore", at("x.backup"), "--to", at("y"), "--passphrase-file",
      at("words"), lines=1, keys=(*told, "asked"))
    j("peer", "add", node, "--code", k.unit.code, "--party", "unit",
      "--cert", k.unit.certificate, "--url", k.unit.url, "--kinds",
      chain.KINDS)
    j("peer", "list", node, lines=1, keys=("code", "party", "in_force"))
    j("peer", "firewall", node, lines=1, keys=("rules",))
    j("peer", "remove", node, k.unit.code)
    j("user", "add", node, "op", "--role", "operator")
    j("user", "list", node, lines=1, keys=("name", "roles", "until"))
    j("user", "totp", node, "op", lines=1, keys=("secret", "uri"))
    j("user", "lock", node, "op")
    j("layout", "install", k.banks[0].path, os.path.join(
        chain.ROOT, "layouts", "9601", "2025-04-01.yaml"))
    j("layout", "list", k.banks[0].path, lines=1,
      keys=("institution", "version"))
    rows = j("status", node, ok=(5,), lines=1, keys=(
        "node", "party", "state", "db", "processes", "inbox", "outbox",
        "oldest_s", "held", "overdue", "peers"))
    j.c.check("status_of_a_stopped_node", rows[0]["state"] == "stopped"
              and {"kind", "ok", "why"} <= set(rows[0]["db"]))


def asking(j, k):
    """The officers' commands on a serving chain."""
    ward = k.ward.path
    rows = j("subjects", "import", ward, os.path.join(
        k.synth, "ward", "subjects.csv"), ok=(0, 1), lines=1,
        keys=("accepted", "refused", "changed", "stopped"))
    j.c.check("subjects_were_accepted", rows[0]["accepted"] > 0)
    stops = j("subjects", "stops", ward, keys=("atena", "reason", "at"))
    if stops:
        j("subjects", "decide", ward, stops[0]["atena"], "--drop", "--as",
          "officer1")
    new = ("wave", "new", ward, "--name", "照会", "--basis", k.bases(),
           "--purpose", "滞納処分のための財産調査", "--base-date",
           "2026-10-01", "--period", "2025-10-01/2026-09-30", "--scope",
           "detail", "--institutions", "all", "--as", "officer1")
    wave = j(*new, lines=1, keys=("wave",))[0]["wave"]
    rows = j("wave", "submit", ward, wave, "--as", "officer1", lines=1)
    j.c.check("wave_submit", rows == [{"state": "submitted"}], str(rows))
    rows = j("wave", "return", ward, wave, "--reason", "見直し", "--as",
             "officer2", lines=1, keys=("state",))
    j("wave", "submit", ward, wave, "--as", "officer1", lines=1)
    done = shokai("wave", "approve", ward, wave, "--as", "officer1")
    j.c.check("who_is_no_approver_is_refused", done.returncode == 4
              and refusal(done)["code"].split(".")[0] in ("user", "wave"))
    j("wave", "approve", ward, wave, "--as", "officer2", lines=1)
    second = shokai(*new).stdout.strip()
    j.c.check("an_id_alone_on_a_line", re.fullmatch("[0-9A-Z]{3}", second),
              second)
    j("wave", "cancel", ward, second, "--reason", "重複", "--as", "officer1",
      lines=1, keys=("state",))
    j("wave", "list", ward, lines=2, keys=("wave", "name", "state"))
    j("user", "add", ward, "admin1", "--role", "admin")
    j("wave", "drop", ward, second, "--reason", "重複", "--as", "admin1",
      ok=(4,), lines=0)
    j("wave", "resend", ward, wave, "--as", "officer1", lines=1,
      keys=("parts",))
    k.wave = wave
    return wave


SHOWN = ("wave", "name", "state", "inquiries", "sent", "held", "answered",
         "rejected", "cancelled", "expired", "pending", "by_class",
         "by_institution", "flows")


def wait_for_check(k):
    for _ in range(600):
        p = chain.run("check", "list", k.ward.path, "--json")
        if p.stdout:
            return json.loads(p.stdout.splitlines()[0])["file"]
        chain.time.sleep(0.1)
    raise chain.Failed("nothing came to be checked")


def checking(j, k, wave):
    ward = k.ward.path
    name = wait_for_check(k)
    j("check", "list", ward, lines=1, keys=("file", "direction", "state"))
    rows = j("check", "show", ward, name, lines=1, keys=("file",))
    j.c.check("without_an_officer_no_contents", "content" not in rows[0])
    rows = j("check", "show", ward, name, "--as", "officer2", lines=1)
    j.c.check("an_officer_sees_the_contents", rows[0].get("content"))
    j("check", "approve", ward, name, "--as", "officer2", lines=1,
      keys=("approved",))
    k.finish()
    rows = j("wave", "show", ward, wave, lines=1, keys=SHOWN)
    marks = [[s["mark"] for s in f["steps"]] for f in rows[0]["flows"]]
    j.c.check("the_steps_of_both_flows", sorted(map(len, marks)) == [15, 19]
              and all(m[0] == "①" for m in marks))
    j.c.check("a_step_has_its_keys", all(
        {"no", "mark", "text", "party", "signed_by", "first", "last",
         "files", "inquiries"} <= set(s)
        for f in rows[0]["flows"] for s in f["steps"]))
    rows = j("status", ward, lines=1)
    j.c.check("status_of_a_serving_node", rows[0]["state"] == "ready"
              and {p["kind"] for p in rows[0]["processes"]}
              == {"gate", "work", "desk"}, str(rows))


def afterwards(j, k, wave):
    ward = k.ward.path
    out = at("answers")
    j("answers", "held", k.unit.path, lines=0)
    j("answers", "export", ward, wave, "--out", out, "--as", "officer1",
      lines=1, keys=("inquiries",))
    with open(os.path.join(out, "answers.csv"), encoding="utf-8") as f:
        heads = f.readline().rstrip("\r\n").split(",")
        number = f.readline().split(",")[heads.index("管理番号")]
    j("inquiry", "show", ward, number, "--as", "officer1", lines=1)
    j("inquiry", "reask", ward, number, "--as", "officer1", lines=1,
      keys=("wave",))
    done = shokai("inquiry", "withdraw", ward, number, "--reason", "完納",
                  "--as", "officer1", "--json")
    j.c.check("what_has_left_is_not_withdrawn", done.returncode in (3, 4)
              and refusal(done)["why"]["ja"], done.stderr)
    done = shokai("inquiry", "end", ward, number, "--as", "officer1")
    j.c.check("打切り_needs_a_reason", done.returncode in (2, 3, 4),
              done.stderr)
    for n in k.nodes:
        j("reconcile", n.path, keys=(
            "scope", "id", "sent", "answered", "rejected", "cancelled",
            "expired", "pending", "ok"))
        rows = j("audit", "verify", n.path, lines=1,
                 keys=("entries", "head", "first_bad"))
        j.c.check("the_log_is_whole", rows[0]["first_bad"] == ""
                  and rows[0]["entries"] > 0)
        j("audit", "heads", n.path, keys=("signer", "no", "at", "cms"))
    for n in k.nodes:
        j("refusals", n.path, lines=0)
    rows = j("exceptions", "list", ward, wave, keys=(
        "inquiry", "institution", "kind", "reason", "item", "at", "bad"))
    j.c.check("exceptions_list_is_what_wave_show_counts", len(rows) == sum(
        x["inquiries"] for x in json.loads(shokai(
            "wave", "show", ward, wave, "--json").stdout)["exceptions"]) > 0)
    for words in (("mend", ward, "x", "--item", "カナ氏名", "--value", "ア"),
                  ("release", ward, "x")):
        j("exceptions", *words, "--reason", "r", "--as", "officer1",
          ok=(3,), lines=0)
    j("answer", "again", k.banks[0].path, "x", "--as", "clerk1", ok=(4,),
      lines=0)
    j("carry", "list", ward, lines=0)
    j("carry", "erased", ward, "1", "--as", "officer1", ok=(3,), lines=0)
    j("traffic", k.hub_direct.path, lines=1,
      keys=("authority", "institution", "files"))
    with open(os.path.join(k.synth, "ward", "subjects.csv"),
              encoding="utf-8-sig") as f:
        at_column = f.readline().rstrip("\r\n").split(",").index("宛名番号")
        atena = f.readline().split(",")[at_column]
    j("audit", "who", ward, atena, "--as", "auditor1",
      keys=("at", "actor", "action"))
    j("customers", "import", k.banks[0].path, os.path.join(
        k.synth, "banks", k.banks[0].code), ok=(0, 1), lines=1,
        keys=("accepted", "refused", "index_bytes"))


# What the loop above does not run with --json, and why.
APART = {
    "serve": "prints READY; its state is `status --json`",
    "cleanse": "tests/layout/convert.sh",
    "receipt verify": "tests/e2e/node.py: always JSON",
    "receipt show": "prints nothing",
    "node restored": "tests/e2e/restored.py",
    "inquiry withdraw": "prints nothing",
    "inquiry end": "prints nothing",
    "check return": "as check approve",
}


def body(c):
    k = chain.Chain(at("chain"), subjects=60, institutions=2, customers=800)
    try:
        helps(c)
        usage(c)
        unknown(c)
        refusals(c)
        languages(c)
        j = Json(c)
        alone(j)
        k.make_synth()
        k.make_nodes()
        k.import_banks()
        setting_up(j, k)
        k.start()
        wave = asking(j, k)
        checking(j, k, wave)
        afterwards(j, k, wave)
        left = set(commands()) - set(NOT_BUILT) - set(APART) - j.seen
        c.check("every_command_was_run_with_json", not left, str(left))
    finally:
        k.stop()
        _case.remove(TOP)


if __name__ == "__main__":
    _case.main(body)
