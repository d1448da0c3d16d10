"""_wave.py — what several tests do with a running wave."""
import os
import re
import time


def small_files(chain):
    """Layouts of a few records per file, so that there are many files."""
    for node in (chain.unit, *chain.banks):
        for folder, _, names in os.walk(os.path.join(node.path, "layouts")):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as f:
                    text = f.read()
                with open(path, "w", encoding="utf-8") as f:
                    f.write(re.sub(r"(?m)^records_per_file: .*$",
                                   "records_per_file: 200", text))


def wait(what, condition, seconds=60):
    end = time.time() + seconds
    while not condition():
        if time.time() > end:
            raise AssertionError("not in time: " + what)
        time.sleep(0.1)
