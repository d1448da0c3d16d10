"""The rule nfc against NormalizationTest.txt of Unicode (Debian's
unicode-data): argument 1 is the program. A difference that is not listed
fails, and so does one that has vanished."""
import bz2
import subprocess
import sys

SOURCE = "/usr/share/unicode/NormalizationTest.txt.bz2"
# Columns 1 to 5: NFC of 1, 2, 3 is 2, of 4 and 5 it is 4.
WANTED = {0: 1, 1: 1, 2: 1, 3: 3, 4: 3}
KNOWN = {}  # (line, column): what ours gives, and why


def main():
    cases = []
    with bz2.open(SOURCE, "rt", encoding="utf-8") as f:
        for no, line in enumerate(f, 1):
            if line[0] in "#@":
                continue
            texts = ["".join(chr(int(c, 16)) for c in column.split())
                     for column in line.split(";")[:5]]
            # A line of text holds neither end of line nor NUL.
            cases += [((no, k), texts[k], texts[to])
                      for k, to in WANTED.items()
                      if not set(texts[k]) & set("\r\n\0")]
    p = subprocess.run(
        [sys.argv[1], "text", "--rules", "nfc"],
        input="".join(c[1] + "\n" for c in cases).encode(),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    out = p.stdout.decode().split("\n")[:-1]
    assert len(out) == len(cases)
    found = {c[0]: got for c, got in zip(cases, out) if got != c[2]}
    bad = [k for k in found if KNOWN.get(k) != found[k]]
    bad += [k for k in KNOWN if k not in found]
    for k in bad[:20]:
        print("line %d column %d: %r" % (k + (found.get(k),)))
    print("%d passed, %d failed" % (len(cases) - len(bad), len(bad)))
    return 1 if bad or len(cases) < 50000 else 0


if __name__ == "__main__":
    sys.exit(main())
