"""processes.py — processes that a test starts: they end with it, and what
/proc says of them."""
import os
import subprocess
import sys
import threading

GUARD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "guard.py")
_guard = None
_one = threading.Lock()


def guarded(process, how="SIGKILL"):
    """The process, which is sent that signal if we end before it does; a
    server's own children end with it."""
    global _guard
    with _one:
        if _guard is None:
            _guard = subprocess.Popen(
                [sys.executable, "-S", GUARD], stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                bufsize=0, start_new_session=True)
        _guard.stdin.write(b"%d %s\n" % (process.pid, how.encode()))
    return process


def below(pid):
    """{pid: words of its command line} of those that pid has started."""
    found = {}
    for p in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % p) as f:
                parent = int(f.read().rsplit(")", 1)[1].split()[1])
            if parent != pid:
                continue
            with open("/proc/%s/cmdline" % p) as f:
                found[int(p)] = f.read().split("\0")
        except OSError:  # it has ended
            continue
    return found


def kind_of(words):
    """Of one of `serve`'s processes: gate, work, desk …; else None."""
    return (words[words.index("--child") + 1] if "--child" in words
            else None)


def peak_kib(pid):
    """The most memory it had at a time."""
    with open("/proc/%d/status" % pid) as f:
        return [int(line.split()[1]) for line in f
                if line.startswith("VmHWM:")][0]
