"""Writes mj_table.c from versions of data/mj/shrink.tsv: INPUT... OUTPUT, the
newest first."""
import hashlib
import sys

SCHEMES = ("jis", "kokuji", "koseki", "tsutatsu", "jisho", "yomi")


def read(path):
    """(version, rows) of one file."""
    rows = []
    with open(path, encoding="utf-8") as f:
        text = f.read()
    for line in text.splitlines():
        if line.startswith("U+"):
            c, scheme, to = line.split("\t")
            c, selector = (c.split() + ["U+0"])[:2]
            rows.append((int(c[2:], 16), int(selector[2:], 16),
                         SCHEMES.index(scheme), int(to[2:], 16)))
    assert [r[:3] for r in rows] == sorted(r[:3] for r in rows)
    return "%s-%s" % (text.split()[2], hashlib.sha256(
        text.encode("utf-8")).hexdigest()[:8]), rows


def main():
    maps = [read(path) for path in sys.argv[1:-1]]
    with open(sys.argv[-1], "w", encoding="utf-8") as out:
        out.write('/* mj_table.c - from data/mj/shrink.tsv, see LICENSE.md '
                  'there. */\n#include "text/mj_table.h"\n')
        for k, (_, rows) in enumerate(maps):
            out.write("\nstatic const struct mj_table_row rows%d[] = {\n" % k)
            for c, selector, scheme, to in rows:
                out.write("\t{0x%X, 0x%X, 0x%X, %d},\n"
                          % (c, selector, to, scheme))
            out.write("};\n")
        out.write("\nconst struct mj_table mj_table_all[] = {\n")
        for k, (version, rows) in enumerate(maps):
            out.write('\t{"%s", rows%d, %d},\n' % (version, k, len(rows)))
        out.write("};\nconst size_t mj_table_count = %d;\n" % len(maps))


main()
