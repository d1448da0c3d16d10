"""Every file of fuzz/corpus, as it is and in changed forms, through its
target, built with the address and undefined-behaviour sanitizers. What a
longer campaign (script/soak fuzz) found once stands among the files."""
import os
import shutil
import subprocess

import _case
import fuzz
from chain import BUILD, ROOT


def files(name):
    return os.listdir(os.path.join(ROOT, "fuzz", "corpus", name))


def body(c):
    programs = fuzz.configure(os.path.join(BUILD, "fuzz-replay"), False)
    names = fuzz.targets()
    built = sorted(f[len("fuzz-"):] for f in os.listdir(programs)
                   if f.startswith("fuzz-")
                   and os.access(os.path.join(programs, f), os.X_OK)
                   and os.path.isfile(os.path.join(programs, f)))
    c.check("each target has a corpus and each corpus a target",
            built == names, (built, names))
    folder = fuzz.memory_folder()
    try:
        for name in names:
            p = subprocess.run(
                [os.path.join(programs, "fuzz-" + name),
                 os.path.join(ROOT, "fuzz", "corpus", name)],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True, timeout=300,
                env=fuzz.environment(folder))
            want = "%d passed, 0 failed" % len(files(name))
            c.check("corpus of " + name, p.returncode == 0
                    and want in p.stdout, (want, p.stdout[-3000:]))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_case.main(body)
