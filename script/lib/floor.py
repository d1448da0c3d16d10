"""floor.py IN DIR OUT — the least that a conversion of IN into the files of
DIR costs: all of IN is read, files as many and as long are written below OUT
and brought to the disk, and nothing else is done. Bytes are read and written
in pieces as `shokai convert` does."""
import os
import sys

PIECE = 256 * 1024


def main(source, made, out):
    piece = memoryview(bytearray(PIECE))
    room = bytearray(PIECE)
    files = []
    for folder, _, names in os.walk(made):
        files += [os.path.join(folder, name) for name in names]
    sizes = [os.path.getsize(path) for path in files]
    share = os.path.getsize(source) // len(files) + 1
    os.makedirs(out)
    written = []
    with open(source, "rb", buffering=0) as f:
        for k, size in enumerate(sizes):
            for _ in range(0, share, PIECE):
                f.readinto(room)
            fd = os.open(os.path.join(out, str(k)),
                         os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            for at in range(0, size, PIECE):
                os.write(fd, piece[:size - at])
            written.append(fd)
            if len(written) == 64:
                os.fsync(written.pop(0))
    for fd in written:
        os.fsync(fd)


main(*sys.argv[1:])
