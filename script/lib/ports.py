"""ports.py — ports for servers of tests, benches and the demonstration: each
process draws from a block of its own, so that two which run side by side do
not draw the same one before either server has begun to listen.
"""
import fcntl
import os
import random
import socket
import tempfile

# Below those that outgoing connections take (net.ipv4.ip_local_port_range
# begins at 32768).
FIRST, END, BLOCK = 15000, 32000, 500


class Failed(Exception):
    """Every block is in use."""


class Ports:
    """A block is ours while this process lives: its lock goes with it."""

    def __init__(self):
        self.lock = None
        self.first = self.next = 0

    def claim(self):
        blocks = list(range(FIRST, END, BLOCK))
        random.shuffle(blocks)
        for first in blocks:
            path = os.path.join(
                tempfile.gettempdir(), "shokai-ports-%d" % first)
            try:
                lock = open(path, "w", encoding="ascii")
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:  # another's, or of another user
                continue
            self.lock = lock
            self.first = first
            return
        raise Failed("no block of ports is free")

    def draw(self):
        """One that is free now; the same again after all others."""
        if self.lock is None:
            self.claim()
        for _ in range(BLOCK):
            port = self.first + self.next
            self.next = (self.next + 1) % BLOCK
            with socket.socket() as s:
                try:
                    s.bind(("127.0.0.1", port))
                    return port
                except OSError:
                    continue
        raise Failed("no port of the block %d is free" % self.first)


OURS = Ports()


def free_port():
    return OURS.draw()
