"""document.py SHOKAI ROOT — docs/layout.md and docs/ja/layout.md tell what the
program does: every row of their table of text rules, and every rule is in it,
in the words of the specification sheet; the items' names, kinds and lengths;
every key; the first file passes check."""
import json
import os
import re
import subprocess
import sys
import tempfile

SHOKAI, ROOT = sys.argv[1:3]
ROW = re.compile(
    r"^\| `([a-z0-9:-]+)` \| (.*?) \| `(.*)` \| `(.*)` \|$", re.M)
faults = []
passed = 0


def check(good, text):
    global passed
    passed += bool(good)
    if not good:
        faults.append(text)


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as f:
        return f.read()


def run(*args, given=None):
    return subprocess.run([SHOKAI, *args], input=given, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def rules():
    """Every option of every rule that a layout may name."""
    found = set()
    for line in run("text", "--list", "--json").stdout.splitlines():
        rule = json.loads(line)
        if not rule["idempotent"]:
            continue  # date: a key of a column
        for arg in rule["args"].split("|"):
            found.add(rule["rule"] + (":" + arg if arg else ""))
    return found


def words():
    """{rule: (Japanese, English)} of the sheet."""
    source = read("src", "layout", "layout_words.c").split("struct words")[0]
    source = re.sub(r'"\s*\\?\n?\s*"', "", source)  # adjacent literals
    return {r: (ja, en) for r, ja, en in re.findall(
        r'X\("([^"]*)",\s*\\?\s*"([^"]*)",\s*\\?\s*"([^"]*)"\)', source)}


def check_rules(name, text):
    rows = ROW.findall(text)
    told = {re.sub(r"^(cut-\w+):\d+$", r"\1:N", r[0]) for r in rows}
    check(told == rules(), "%s: rules %s" % (name, sorted(told ^ rules())))
    sheet = words()
    short = {re.sub(":N$", "", r) for r in rules()}
    check(set(sheet) == short, "words of the sheet: %s" % sorted(
        set(sheet) ^ short))
    for rule, does, before, after in rows:
        check(does in sheet.get(re.sub(r":\d+$", "", rule), ()),
              "%s: %s: the sheet's words are others" % (name, rule))
        p = run("text", "--rules", rule, given=before + "\n")
        check(p.returncode == 0 and p.stdout == after + "\n",
              "%s: %s: %r gives %r" % (name, rule, before, p.stdout))


def check_items(name, text):
    source = read("src", "record", "item.h")
    for part in ("REQUEST_ITEMS", "ANSWER_ITEMS"):
        body = source.split("#define %s(X)" % part)[1].split("\n\n")[0]
        items = ["%s %s %s" % (n, kind.lower(), most)
                 for n, kind, most in re.findall(
                     r'X\(\w+, "([^"]+)", (\w+), (\d+),', body)]
        line = " · ".join(items)
        check(line in re.sub(r" ·\n", " · ", text),
              "%s: the items of %s are not those of item.h" % (name, part))


def check_keys(name, text):
    schema = json.loads(read("docs", "layout.schema.json"))
    column = schema["$defs"]["column"]["properties"]
    for key in [*schema["properties"], *column]:
        check("`%s" % key in text, "%s: no word of %s" % (name, key))


def check_bases(name, text):
    for line in read("data", "basis.tsv").splitlines():
        code = line.split("\t")[0]
        if line and line[0] != "#" and code != "code":
            check("`%s`" % code in text, "%s: no word of %s" % (name, code))


def check_parts(name, text):
    """Both have the form of examples and the 28 axes."""
    for word in ("example: request", "writes: false", "held:", "refused:"):
        check(word in text, "%s: examples: %s" % (name, word))
    axes = set(map(int, re.findall(r"\| (\d+) \S", text)))
    check(axes >= set(range(1, 29)), "%s: axes %s" % (name, sorted(axes)))


def check_first_file(name, text):
    body = re.search(r"(?:^    .*\n|^\n)*^    layout: 1\n(?:    .*\n)+",
                     text, re.M).group(0)
    body = re.sub(r"^    ", "", body[body.index("    layout: 1"):], flags=re.M)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "first.yaml")
        with open(path, "w", encoding="utf-8") as f:
            f.write(body)
        p = run("layout", "check", path)
        check(p.returncode == 0, "%s: first file: %s" % (name, p.stdout))


for document in (("docs", "layout.md"), ("docs", "ja", "layout.md")):
    said = read(*document)
    check_rules("/".join(document), said)
    check_items("/".join(document), said)
    check_keys("/".join(document), said)
    check_bases("/".join(document), said)
    check_parts("/".join(document), said)
    check_first_file("/".join(document), said)
for fault in faults:
    print("FAILED:", fault, file=sys.stderr)
print("%d passed, %d failed" % (passed, len(faults)))
sys.exit(bool(faults))
