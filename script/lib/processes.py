"""processes.py — what /proc says of processes that a test has started."""
import os


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
