"""schema.py ROOT — docs/layout.schema.json knows exactly the keys and words
that the loader knows, and every key of layouts/ is among them: an editor that
offers a key offers one that `layout check` takes."""
import glob
import json
import os
import re
import sys

ROOT = sys.argv[1]


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as f:
        return f.read()


def strings(text):
    """The adjacent string literals of C, joined."""
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text))


def defined(source, name):
    body = re.search(r"#define %s\s+((?:.*\\\n)*.*)" % name, source).group(1)
    return set(strings(body).split())


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
    for fault in faults:
        print("FAILED:", fault, file=sys.stderr)
    print("%d passed, %d failed" % (not faults, len(faults)))
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
