"""fuzz.py — the fuzz targets of fuzz/: built with libFuzzer and the address
and undefined-behaviour sanitizers, run in turn on all cores."""
import glob
import os
import re
import shutil
import subprocess
import tempfile
import time

from chain import BUILD, ROOT

FUZZ = os.path.join(ROOT, "fuzz")
FINDINGS = os.path.join(BUILD, "fuzz-findings")
MEMORY = "1024"  # MiB of one target
SECONDS = 25     # of one input, by the clock, with a core for itself
LONGEST = "16384"  # bytes of one input


def targets():
    """Names, by the corpora: each target has one."""
    return sorted(os.listdir(os.path.join(FUZZ, "corpus")))


def configure(folder, libfuzzer):
    """A build of the targets under the sanitizers; their programs' folder."""
    command = ["meson", "setup", folder, "-Db_sanitize=address,undefined"]
    env = dict(os.environ)
    if libfuzzer:
        install()
        env["CC"] = "clang"
        command += ["-Db_lundef=false",
                    "-Dc_args=-fsanitize=fuzzer-no-link"]
    if not os.path.exists(os.path.join(folder, "build.ninja")):
        run(command, env)
    run(["ninja", "-C", folder, "fuzz-targets"], env)
    return os.path.join(folder, "fuzz")


def install():
    """libFuzzer is clang's; nothing else here needs it."""
    if shutil.which("clang") is None:
        run(["apt-get", "install", "-y", "-qq", "clang",
             "libclang-rt-14-dev"], dict(
                 os.environ, DEBIAN_FRONTEND="noninteractive"))


def run(command, env):
    p = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                       text=True)
    if p.returncode != 0:
        raise RuntimeError("%s\n%s" % (" ".join(command), p.stdout[-4000:]))


def environment(folder):
    """A sanitizer's word ends the program; files go where nothing syncs."""
    return dict(os.environ, TMPDIR=folder,
                ASAN_OPTIONS="detect_leaks=1:quarantine_size_mb=4",
                UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1")


def memory_folder():
    """On a file system without syncs, where there is one."""
    return tempfile.mkdtemp(
        prefix="shokai-fuzz-",
        dir="/dev/shm" if os.path.isdir("/dev/shm") else None)


class Run:
    """One target at work, on a corpus of its own that grows."""

    def __init__(self, programs, name, seconds, limit, seed, folder):
        """seconds: of all, limit: of one input."""
        self.name = name
        self.cpu = 0
        self.work = os.path.join(folder, name)
        self.found = os.path.join(FINDINGS, name)
        os.makedirs(os.path.join(self.work, "corpus"))
        os.makedirs(self.found, exist_ok=True)
        self.before = set(os.listdir(self.found))
        self.log = open(os.path.join(self.work, "log"), "w+",
                        encoding="utf-8", errors="replace")
        command = [
            os.path.join(programs, "fuzz-" + name),
            os.path.join(self.work, "corpus"),
            os.path.join(FUZZ, "corpus", name),
            "-max_total_time=%d" % seconds, "-seed=%d" % seed,
            "-rss_limit_mb=" + MEMORY, "-timeout=%d" % limit,
            "-report_slow_units=%d" % limit,
            "-max_len=" + LONGEST, "-print_final_stats=1",
            "-artifact_prefix=" + self.found + "/"]
        words = os.path.join(FUZZ, "dict", name + ".dict")
        if os.path.exists(words):
            command.append("-dict=" + words)
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self.log,
            stderr=subprocess.STDOUT, env=environment(self.work))

    def ended(self):
        """Whether it has; then cpu is what it took, in seconds."""
        pid, status, used = os.wait4(self.process.pid, os.WNOHANG)
        if pid == 0:
            return False
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.cpu = used.ru_utime + used.ru_stime
        return True

    def end(self):
        """(runs, runs a second, features, new findings)"""
        code = self.process.returncode
        self.log.seek(0)
        text = self.log.read()
        self.log.close()
        runs = re.findall(r"number_of_executed_units: (\d+)", text)
        rate = re.findall(r"average_exec_per_sec: +(\d+)", text)
        features = re.findall(r"ft: (\d+)", text)
        found = sorted(set(os.listdir(self.found)) - self.before)
        if code != 0 and not found:
            found = ["exit %d" % code]
        if found:
            with open(os.path.join(self.found, "log"), "w",
                      encoding="utf-8") as f:
                f.write(text[-20000:])
        return (int(runs[-1]) if runs else 0, int(rate[-1]) if rate else 0,
                int(features[-1]) if features else 0, found)


def campaign(minutes, seed, names=(), keep=None, together=None, say=print):
    """Every target for its share of the minutes; (runs, findings). keep: a
    folder that takes what grew, per target; together: how many at a time (by
    default one a core)."""
    programs = configure(os.path.join(BUILD, "fuzz-libfuzzer"), True)
    names = list(names) or targets()
    cores = os.cpu_count() or 1
    together = min(together or cores, len(names))
    seconds = max(1, int(minutes * 60 * together / len(names)))
    limit = SECONDS * max(1, together // cores)
    folder = memory_folder()
    runs = findings = 0
    working = []
    try:
        while names or working:
            while names and len(working) < together:
                working.append(Run(programs, names.pop(0), seconds, limit,
                                   seed, folder))
            time.sleep(0.2)
            for r in [r for r in working if r.ended()]:
                working.remove(r)
                n, rate, features, found = r.end()
                runs += n
                findings += len(found)
                say("fuzz target=%s runs=%d rate=%d cpu=%d features=%d "
                    "findings=%d %s" % (r.name, n, rate, r.cpu, features,
                                        len(found), " ".join(found)))
                if keep:
                    shutil.copytree(os.path.join(r.work, "corpus"),
                                    os.path.join(keep, r.name),
                                    dirs_exist_ok=True)
                shutil.rmtree(r.work)
    finally:
        for r in working:
            r.process.kill()
            r.process.wait()
        shutil.rmtree(folder, ignore_errors=True)
    return runs, findings


def merge(name, grown, into, say=print):
    """Takes from grown what reaches more than the files of into do: the
    smallest files that do. For whoever adds to the corpus by hand."""
    programs = configure(os.path.join(BUILD, "fuzz-libfuzzer"), True)
    folder = memory_folder()
    try:
        run([os.path.join(programs, "fuzz-" + name), "-merge=1",
             "-max_len=4096", into, grown], environment(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    say("%s: %d files" % (name, len(glob.glob(os.path.join(into, "*")))))
