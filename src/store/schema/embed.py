#!/usr/bin/env python3
"""Writes the SQL files of the schema as a C table: embed.py OUT FILE..."""
import os
import re
import sys


def literal(line):
    escaped = line.replace("\\", "\\\\").replace('"', '\\"')
    return '\t"' + escaped.replace("\t", "\\t") + '\\n"'


def main(out, files):
    rows = []
    for path in files:
        name = os.path.basename(path)
        version, part = re.fullmatch(r"(\d{3})-([a-z]+)\.sql", name).groups()
        with open(path, encoding="utf-8") as f:
            lines = [literal(line) for line in f.read().splitlines()]
        rows.append('\t{%d, "%s",\n%s},' % (int(version), part, "\n".join(lines)))
    with open(out, "w", encoding="utf-8") as f:
        f.write("/* Made from schema/ by embed.py. */\n")
        f.write("static const struct {\n\tint version;\n\tconst char *part;\n")
        f.write("\tconst char *sql;\n} schema_files[] = {\n")
        f.write("\n".join(rows) + "\n};\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
