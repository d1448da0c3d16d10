"""Writes mj_table.c from data/mj/shrink.tsv: INPUT OUTPUT."""
import sys

SCHEMES = ("jis", "kokuji", "koseki", "tsutatsu", "jisho", "yomi")


def main():
    rows = []
    with open(sys.argv[1], encoding="utf-8") as f:
        for line in f:
            if line.startswith("U+"):
                c, scheme, to = line.rstrip("\n").split("\t")
                c, selector = (c.split() + ["U+0"])[:2]
                rows.append((int(c[2:], 16), int(selector[2:], 16),
                             SCHEMES.index(scheme), int(to[2:], 16)))
    assert [r[:3] for r in rows] == sorted(r[:3] for r in rows)
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        out.write('/* mj_table.c - from data/mj/shrink.tsv, see LICENSE.md '
                  'there. */\n#include "text/mj_table.h"\n\n'
                  "const struct mj_table_row mj_table_rows[] = {\n")
        for c, selector, scheme, to in rows:
            out.write("\t{0x%X, 0x%X, 0x%X, %d},\n"
                      % (c, selector, to, scheme))
        out.write("};\nconst size_t mj_table_count = %d;\n" % len(rows))


main()
