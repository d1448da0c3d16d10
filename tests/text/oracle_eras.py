"""Dates by the rules of text/ are those of ICU (icu_eras.tsv, written by
icu_eras.c): argument 1 is the program. A difference that is not listed fails,
and so does one that has vanished."""
import os
import subprocess
import sys

# Gregorian day: what ours makes of the day, and of its 7 digits.
KNOWN = {
    # ICU counts the solar calendar back; ours refuses what was lunar
    # (太政官布告第337号: solar from 1873-01-01).
    "1872-12-31": ("", ""),
}


def convert(rule, values):
    p = subprocess.run([sys.argv[1], "text", "--rules", rule],
                       input="\n".join(values) + "\n", text=True,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       check=False)
    return p.stdout.split("\n")[:-1]


def main():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                        "icu_eras.tsv")
    with open(path, encoding="utf-8") as f:
        rows = [line.split() for line in f if not line.startswith("#")]
    days, eras = [r[0] for r in rows], [r[1] for r in rows]
    found = {}
    for day, era, ours, back in zip(days, eras, convert("date:era7", days),
                                    convert("date:iso", eras)):
        if ours != era or back != day:
            found[day] = (ours, back)
    unlisted = {d: v for d, v in found.items() if KNOWN.get(d) != v}
    vanished = [d for d in KNOWN if d not in found]
    for d, v in unlisted.items():
        print("unlisted: %s ours %s" % (d, v))
    for d in vanished:
        print("vanished: %s" % d)
    bad = len(unlisted) + len(vanished)
    print("%d passed, %d failed" % (len(rows) - bad, bad))
    return 1 if bad or len(rows) < 300 else 0


if __name__ == "__main__":
    sys.exit(main())
