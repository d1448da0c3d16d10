"""sim.py — the simulator on all cores: seeds from one on, in portions."""
import concurrent.futures
import os
import re
import subprocess
import sys
import time

from chain import BUILD

SIM = os.path.join(BUILD, "tests", "sim", "sim")
PORTION = 100  # seeds of one process


def replay(seed):
    """One run with its trace; 0 if it holds."""
    return subprocess.run([SIM, "--seed", str(seed)]).returncode


def portion(first, count):
    """(runs, [line of a failing seed…]) of seeds first … first + count."""
    p = subprocess.run([SIM, str(first), str(count)],
                       stdout=subprocess.PIPE, text=True)
    lines = re.findall(r"^seed .*$", p.stdout, re.M)
    counted = re.findall(r"^(\d+) passed, (\d+) failed$", p.stdout, re.M)
    if not counted:  # it ended otherwise: one of its seeds did that
        return 0, lines + ["seeds %d to %d: ended with %d" % (
            first, first + count - 1, p.returncode)]
    return sum(int(n) for n in counted[-1]), lines


def campaign(seed, runs, minutes, say):
    """Runs seeds on all cores until there are enough or the time is over;
    (runs, failing lines, lost, duplicated)."""
    begun = time.time()
    done = 0
    failing = []
    cores = os.cpu_count() or 2
    starts = iter(range(seed, seed + runs, PORTION))
    with concurrent.futures.ThreadPoolExecutor(cores) as pool:
        waiting = set()
        while True:
            late = time.time() - begun > minutes * 60
            while len(waiting) < cores and not late:
                first = next(starts, None)
                if first is None:
                    break
                waiting.add(pool.submit(
                    portion, first, min(PORTION, seed + runs - first)))
            if not waiting:
                break
            ended, waiting = concurrent.futures.wait(
                waiting,
                return_when=concurrent.futures.FIRST_COMPLETED)
            for future in ended:
                n, lines = future.result()
                done += n
                failing += lines
                for line in lines:
                    say(line)
            say("%d runs, %.1f seeds/s, %d failing" % (
                done, done / max(time.time() - begun, 0.001), len(failing)))
    return (done, failing, sum("is lost" in x for x in failing),
            sum("twice" in x or "looked up" in x for x in failing))


def soak(o):
    if o.runs == 1:
        return replay(o.seed)
    begun = time.time()
    done, failing, lost, duplicated = campaign(
        o.seed, o.runs, o.minutes, lambda x: print(x, flush=True))
    print("SOAK name=simulate seed=%d runs=%d kills=0 lost=%d duplicated=%d "
          "seconds=%d failing=%d" % (o.seed, done, lost, duplicated,
                                     time.time() - begun, len(failing)))
    return 0 if not failing and done > 0 else 1


if __name__ == "__main__":
    sys.exit(replay(int(sys.argv[1])))
