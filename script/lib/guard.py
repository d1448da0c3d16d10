"""guard.py — ends what a test has started when the test itself is gone, also
by SIGKILL: it reads from a pipe that closes with the test. A line names a
process and the signal that ends it. See processes.guarded."""
import os
import select
import signal
import sys


def ended(fd):
    return bool(select.select([fd], [], [], 0)[0])


def main():
    # A terminal's or a session's signals are the test's affair.
    for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(s, signal.SIG_IGN)
    watched = {}
    for line in sys.stdin:
        pid, name = line.split()
        for fd in [fd for fd in watched if ended(fd)]:
            os.close(fd)
            del watched[fd]
        try:
            watched[os.pidfd_open(int(pid))] = signal.Signals[name]
        except OSError:  # it has ended already
            continue
    for fd, how in watched.items():
        try:
            signal.pidfd_send_signal(fd, how)
        except OSError:
            continue


if __name__ == "__main__":
    main()
