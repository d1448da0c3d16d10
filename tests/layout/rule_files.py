"""rule_files.py — the rule files of layouts/ as trees, for the tests that
change them. Every value is text, as the loader takes it."""
import copy
import glob
import json
import os
import sys

# Debian's python3-yaml and python3-jsonschema, whichever python3 runs this.
sys.path.append("/usr/lib/python3/dist-packages")
import yaml  # noqa: E402

VERSION = "2025-04-01.yaml"
ROWS = "header detail account transaction other trailer".split()
LEFT_OUT, COLUMN_OUT = object(), object()


def trees(root):
    """{code: tree} of the forty."""
    found = {}
    for path in sorted(glob.glob(os.path.join(root, "layouts", "*",
                                              VERSION))):
        with open(path, encoding="utf-8") as f:
            found[os.path.basename(os.path.dirname(path))] = yaml.load(
                f, yaml.BaseLoader)
    return found


def places(node, path, at):
    """(name, way to it, value) of every key."""
    for key, value in node.items():
        name = path + "." + key if path else key
        yield name, at + [key], value
        if key == "columns":
            for i, column in enumerate(value):
                yield from places(column, "column", at + [key, i])
        elif path != "column" and isinstance(value, dict):
            yield from places(value, "row" if key in ROWS else name,
                              at + [key])


def changed(tree, at, value):
    tree = copy.deepcopy(tree)
    if value is COLUMN_OUT:
        at = at[:-1]
    node = tree
    for key in at[:-1]:
        node = node[key]
    if value is LEFT_OUT or value is COLUMN_OUT:
        del node[at[-1]]
    else:
        node[at[-1]] = value
    return tree


def text_of(node):
    """JSON is YAML; a ~ stays what it is."""
    if isinstance(node, dict):
        return "{%s}" % ", ".join(
            json.dumps(k, ensure_ascii=False) + ": " + text_of(v)
            for k, v in node.items())
    if isinstance(node, list):
        return "[%s]" % ", ".join(map(text_of, node))
    return "~" if node == "~" else json.dumps(node, ensure_ascii=False)
