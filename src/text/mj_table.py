"""Writes mj_table.c from data/mj/shrink.tsv: INPUT OUTPUT."""
import hashlib
import sys

SCHEMES = ("jis", "kokuji", "koseki", "tsutatsu", "jisho", "yomi")


def main():
    rows = []
    with open(sys.argv[1], encoding="utf-8") as f:
        text = f.read()
    for line in text.splitlines():
        if line.startswith("U+"):
            c, scheme, to = line.split("\t")
            c, selector = (c.split() + ["U+0"])[:2]
            rows.append((int(c[2:], 16), int(selector[2:], 16),
                         SCHEMES.index(scheme), int(to[2:], 16)))
    version = "%s-%s" % (text.split()[2],
                         hashlib.sha256(text.encode("utf-8")).hexdigest()[:8])
    assert [r[:3] for r in rows] == sorted(r[:3] for r in rows)
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        out.write('/* mj_table.c - from data/mj/shrink.tsv, see LICENSE.md '
                  'there. */\n#include "text/mj_table.h"\n\n'
                  "static const struct mj_table_row rows[] = {\n")
        for c, selector, scheme, to in rows:
            out.write("\t{0x%X, 0x%X, 0x%X, %d},\n"
                      % (c, selector, to, scheme))
        out.write('};\n\nconst struct mj_table mj_table_newest = {"%s", rows, '
                  "%d};\n" % (version, len(rows)))


main()
