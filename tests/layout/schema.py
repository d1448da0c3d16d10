"""schema.py ROOT SHOKAI — docs/layout.schema.json knows exactly the keys and
words that the loader knows, and every key of layouts/ is among them: an editor
that offers a key offers one that `layout check` takes. Each of layouts/ is
valid by it; what is spoilt where a schema can tell is refused by both."""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

from rule_files import LEFT_OUT, changed, places, text_of, trees
import jsonschema

ROOT, SHOKAI = sys.argv[1:]


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as f:
        return f.read()


def strings(text):
    """The adjacent string literals of C, joined."""
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text))


def defined(source, name):
    body = re.search(r"#define %s\s+((?:.*\\\n)*.*)" % name, source).group(1)
    return set(strings(body).split())


def spoilt(tree, schema):
    """(what, tree): one key unknown, one word unknown, one that must be there
    left out, one of another kind; in each object and for each key."""
    objects = {"": ([], schema)}
    keys = {}
    for name, at, value in places(tree, "", []):
        path, _, key = name.rpartition(".")
        part = schema["$defs"].get(path)
        if part is None:
            part = schema
            for step in filter(None, path.split(".")):
                part = part["properties"][step]
        objects.setdefault(path, (at[:-1], part))
        keys.setdefault(name, (at, part["properties"][key]))
    for path, (at, part) in objects.items():
        yield "an unknown key in " + path, changed(tree, at + ["x"], "1")
        for key in part.get("required", ()):
            yield path + " without " + key, changed(tree, at + [key],
                                                    LEFT_OUT)
    for name, (at, part) in keys.items():
        if "enum" in part or "pattern" in part:
            yield name + ": x", changed(tree, at, "\u2460")
        if part.get("type") == "array":
            yield name + ": none", changed(tree, at, [])
        if part.get("type") == "object":
            yield name + ": no map", changed(tree, at, "1")
        if part.get("type") == "string":
            yield name + ": a map", changed(tree, at, {"a": "b"})


def files(schema):
    """The forty are valid; what is spoilt is neither valid nor checked."""
    valid = jsonschema.Draft202012Validator(schema)
    faults, count = [], 0
    with tempfile.TemporaryDirectory(prefix="shokai-schema-") as top:
        for code, tree in trees(ROOT).items():
            for why in valid.iter_errors(tree):
                faults.append("%s: %s" % (code, why.message))
            bad = list(spoilt(tree, schema))
            paths = [os.path.join(top, "%d.yaml" % n)
                     for n in range(len(bad))]
            for path, (what, spoiled) in zip(paths, bad):
                with open(path, "w", encoding="utf-8") as f:
                    f.write(text_of(spoiled))
                if valid.is_valid(spoiled):
                    faults.append("%s: %s: valid" % (code, what))
            told = subprocess.run([SHOKAI, "layout", "check", *paths],
                                  capture_output=True, text=True).stdout
            found = {line.split(":")[0] for line in told.splitlines()}
            faults += ["%s: %s: check takes it" % (code, what)
                       for path, (what, _) in zip(paths, bad)
                       if path not in found]
            count += len(bad)
    if count < 40 * 30:
        faults.append("only %d were spoilt" % count)
    return faults


def main():
    schema = json.loads(read("docs", "layout.schema.json"))
    load = read("src", "layout", "layout_load.c")
    column = read("src", "layout", "layout_column.c")
    internal = read("src", "layout", "layout_internal.h")
    faults = []

    def same(what, ours, loaders):
        if set(ours) != set(loaders):
            faults.append("%s: schema %s, loader %s" % (
                what, sorted(set(ours) - set(loaders)),
                sorted(set(loaders) - set(ours))))

    top, col = schema["properties"], schema["$defs"]["column"]
    same("top", top, defined(load, "TOP_KEYS"))
    same("column", col["properties"], defined(column, "COLUMN_KEYS"))
    keys = [set(strings(m).split()) for m in re.findall(
        r"layout_find_keys\(\s*x->f,\s*\w+,\s*((?:\"[^\"]*\"\s*)+)\)", load)]
    for what in ("accepts", "schedule", "institution"):
        same(what, top[what]["properties"],
             max(keys, key=lambda k: len(k & set(top[what]["properties"]))))
    for what in ("request", "answer"):
        known = set(top[what]["properties"])
        literal = re.search(r'"%s"' % (
            "file_name names[^\"]*" if what == "request"
            else "names root per[^?;]*?trailer"), load).group(0)
        same(what, known, set(strings(literal).split()))
    words = re.findall(r'X\(\w+, "([a-z-]+)", "', internal.split(
        "#define LAYOUT_VALUES")[1].split("#define LAYOUT_VALUE_")[0])
    same("value", col["properties"]["value"]["enum"], words)
    # A list of words that the loader knows holds all of one of the schema's.
    lists = [set(m.split()) for m in re.findall(
        r'"([a-z0-9-]+(?: [a-z0-9-]+)+)"', load + column)]
    for where in (top, top["schedule"]["properties"],
                  top["request"]["properties"], top["answer"]["properties"],
                  col["properties"]):
        for key, value in where.items():
            enum = {w for w in value.get("enum", ()) if isinstance(w, str)}
            if key in ("layout", "value", "form", "delimiter", "date"):
                continue
            if enum and "true" not in enum:
                same(key, enum, max(lists, key=lambda k: (
                    len(k & enum), -len(k))))
    known = set(top) | set(col["properties"])
    for part in ("institution", "accepts", "schedule", "request", "answer"):
        known |= set(top[part]["properties"])
    known |= set(schema["$defs"]["row"]["properties"]) | {"of", "max"}
    known |= set("found none review partial paper invalid refused".split())
    for path in sorted(glob.glob(os.path.join(
            ROOT, "layouts", "*", "*.yaml"))):
        with open(path, encoding="utf-8") as f:
            for n, line in enumerate(f, 1):
                key = re.match(r"\s*(?:- )?([a-z_]+):(?:\s|$)", line)
                if key and key.group(1) not in known:
                    faults.append("%s:%d: %s" % (path, n, key.group(1)))
    faults += files(schema)
    for fault in faults:
        print("FAILED:", fault, file=sys.stderr)
    print("%d passed, %d failed" % (not faults, len(faults)))
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
