"""bench_probe.py — what the figures of a chain and of the exchange share:
the folder they write to, and the line they tell."""
import json
import os
import subprocess
import time

from chain import BUILD, note, run


def file_system(folder):
    out = subprocess.run(["stat", "-f", "-c", "%T", folder],
                         stdout=subprocess.PIPE, text=True, check=True)
    return out.stdout.strip()


def refuses(folder):
    """Durable writing is measured, and tmpfs does none."""
    if file_system(folder) != "tmpfs":
        return False
    note("bench: %s is on tmpfs: refused" % folder)
    return True


def fsyncs(folder):
    """4 KiB writes with fsync in one second."""
    path = os.path.join(folder, "fsync.probe")
    fd = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    n, until = 0, time.time() + 1
    while time.time() < until:
        os.pwrite(fd, b"x" * 4096, 0)
        os.fsync(fd)
        n += 1
    os.close(fd)
    os.unlink(path)
    return n


def settings_of(node):
    """As the node itself reads them back."""
    status = json.loads(run("status", node.path, "--json", ok=None).stdout)
    return status["db"].get("settings")


def tell(line):
    """One line, on stdout and in build/bench; is it good?"""
    text = json.dumps(line, ensure_ascii=False)
    print(text, flush=True)
    os.makedirs(os.path.join(BUILD, "bench"), exist_ok=True)
    name = line["name"].split(".")[0] + ".jsonl"
    with open(os.path.join(BUILD, "bench", name), "a") as f:
        f.write(text + "\n")
    return line["ok"]
