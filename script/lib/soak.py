"""soak.py — longer campaigns: failover, fresh, full-disk, fuzz, kill, nth,
simulate (with --runs 1: the run of that seed, with its trace)."""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time

from chain import ROOT, note
import failover
import full_disk
import fuzz
import kills
import nth
import sim


def own_authorities(root):
    """A place whose packages come through a proxy of its own has told this
    machine's clients whom to trust; the fresh one is told the same."""
    own = os.environ.get("NODE_EXTRA_CA_CERTS")
    if not own:
        return ""
    shutil.copy(own, os.path.join(root, "etc", "own-authorities.crt"))
    return "NODE_EXTRA_CA_CERTS=/etc/own-authorities.crt"


def fresh(o):
    """A Debian 12 made anew with debootstrap: clone, script/test,
    script/demo --exit."""
    begun = time.time()
    root = tempfile.mkdtemp(prefix="shokai-fresh-", dir="/var/tmp")
    os.chmod(root, 0o755)  # it is "/" to every user in it
    failures = 0
    mounts = []
    try:
        subprocess.run(["apt-get", "install", "-y", "-qq", "debootstrap"],
                       check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["debootstrap", "--variant=minbase", "--include=git,"
                        "ca-certificates", "bookworm", root], check=True,
                       stdout=sys.stderr)
        for name in ("/etc/resolv.conf", "/etc/hosts"):
            shutil.copy(name, root + name)
        authorities = own_authorities(root)
        # A root of its own, as "ip netns" asks for.
        subprocess.run(["mount", "--bind", root, root], check=True)
        mounts.append(root)
        for fs in ("proc", "sys", "dev"):
            subprocess.run(["mount", "--rbind", "/" + fs,
                            os.path.join(root, fs)], check=True)
            mounts.append(os.path.join(root, fs))
        subprocess.run(["git", "clone", "-q", ROOT,
                        os.path.join(root, "root", "shokai")], check=True)
        for command in ("script/test", "script/demo --exit"):
            note("fresh: %s" % command)
            p = subprocess.run(
                ["chroot", root, "/bin/sh", "-c",
                 "cd /root/shokai && env -i PATH=$PATH HOME=/root %s %s"
                 % (authorities, command)], stdin=subprocess.DEVNULL)
            failures += p.returncode != 0
            print("%s: exit %d" % (command, p.returncode), flush=True)
    finally:
        for m in reversed(mounts):
            subprocess.run(["umount", "-R", "-l", m], check=False)
        shutil.rmtree(root, ignore_errors=True)
    print("SOAK name=fresh seed=%d runs=2 kills=0 lost=0 duplicated=0 "
          "seconds=%d" % (o.seed, time.time() - begun))
    return 0 if failures == 0 else 1


def deaths(o, campaign):
    """Until --kills of them have died. campaign(RUN, LEFT) is one run."""
    begun = time.time()
    runs = done = lost = duplicated = failed = 0
    while done < o.kills and time.time() - begun < o.minutes * 60:
        r = campaign(runs, o.kills - done)
        runs += 1
        done += r.kills
        lost += r.lost
        duplicated += r.duplicated
        failed += not r.ok
    print("SOAK name=%s seed=%d runs=%d kills=%d lost=%d duplicated=%d "
          "seconds=%d" % (o.name, o.seed, runs, done, lost, duplicated,
                          time.time() - begun))
    return 0 if failed == 0 and runs > 0 else 1


def kill(o):
    def campaign(run, left):
        # In turns, where both are asked for.
        db = ("sqlite", "postgresql")[run % 2] if o.db == "both" else o.db
        return kills.campaign(o.seed + run, kills_wanted=12, say=note, db=db)
    return deaths(o, campaign)


def full_disks(o):
    """kills counts the disks that ran full."""
    return deaths(o, lambda run, left: full_disk.campaign(
        o.seed + run, min(6, left), say=note))


def fail_over(o):
    """kills counts the places and the servers that died."""
    return deaths(o, lambda run, left: failover.campaign(
        o.seed + run, min(6, left), say=note))


def fuzz_all(o):
    """The minutes are of all targets together."""
    begun = time.time()
    runs, findings = fuzz.campaign(o.minutes, o.seed, o.target, o.corpus,
                                   o.together,
                                   say=lambda x: print(x, flush=True))
    print("SOAK name=fuzz seed=%d runs=%d kills=0 lost=0 duplicated=0 "
          "seconds=%d findings=%d" % (o.seed, runs, time.time() - begun,
                                      findings))
    return 0 if findings == 0 else 1


def main():
    a = argparse.ArgumentParser(prog="script/soak", description=__doc__)
    a.add_argument("name")
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--minutes", type=int, default=60)
    a.add_argument("--kills", type=int, default=100)
    a.add_argument("--db", choices=("sqlite", "postgresql", "both"),
                   default="sqlite", help="kill: the database")
    a.add_argument("--runs", type=int, default=100000,
                   help="simulate: seeds at most")
    a.add_argument("--target", action="append", default=[],
                   help="fuzz: this target (may be repeated); else all")
    a.add_argument("--together", type=int, metavar="N",
                   help="fuzz: so many targets at a time; else one a core")
    a.add_argument("--corpus", metavar="DIR",
                   help="fuzz: keep what each corpus grew to in DIR/TARGET")
    o = a.parse_args()
    campaigns = {"failover": fail_over, "fresh": fresh, "full-disk": full_disks,
                 "fuzz": fuzz_all, "kill": kill, "nth": nth.soak,
                 "simulate": sim.soak}
    if o.name not in campaigns:
        a.exit(2, "script/soak: built by now: %s\n" % ", ".join(campaigns))
    return campaigns[o.name](o)


if __name__ == "__main__":
    sys.exit(main())
