"""script/demo ends with the pages up: a newcomer walks the whole story with
nothing but the addresses, accounts and password that it has printed (select,
request, approve, check, watch, read, print, export)."""
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "e2e"))

import _case  # noqa: E402
import chain  # noqa: E402


def started(folder):
    return subprocess.Popen(
        [sys.executable, os.path.join(chain.ROOT, "script", "lib", "demo.py"),
         "--subjects", "60", "--institutions", "4", "--customers", "400",
         "--keep", folder],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True)


def read_printed(demo):
    """Until the last line of what it prints when the pages are up."""
    lines = []
    for line in demo.stdout:
        lines.append(line.rstrip("\n"))
        if "Ctrl-C" in line:
            return lines
    return lines


def accounts(lines):
    """{title: (address, {name: roles in words})} as a person reads them."""
    found = {}
    title = None
    for line in lines:
        address = re.fullmatch(r"  (\S.*?)  (https://\S+?)/", line)
        account = re.fullmatch(r" {6}(\S+) +(\S+)", line)
        if address:
            title = address.group(1)
            found[title] = (address.group(2), {})
        elif account and title:
            found[title][1][account.group(1)] = account.group(2)
    return found


def config(folder, lines, found):
    address, users = next(iter(found.values()))
    password = [x.split(": ", 1)[1] for x in lines if "パスワード" in x][-1]
    path = os.path.join(folder, "walk.json")
    with open(path, "w", encoding="utf-8") as f:
        json.dump({"nodes": {"ward": {"desk": address, "users": users}},
                   "password": password, "hostile": [], "only": "",
                   "root": chain.ROOT, "build": chain.BUILD,
                   "folder": folder}, f, ensure_ascii=False)
    return path


def body(c):
    folder = _case.folder("web-demo")
    demo = started(os.path.join(folder, "nodes"))
    try:
        lines = read_printed(demo)
        found = accounts(lines)
        c.check("the chain is complete", any(
            re.match(r"RESULT .*pending=0 lost=0 duplicated=0 ", x)
            for x in lines), lines[-20:])
        c.check("each party's pages are printed", len(found) == 1 + 1 + 2 + 4,
                list(found))
        roles = {r for _, users in found.values()
                 for x in users.values() for r in x.split("、")}
        c.check("an account of each role", roles == {
            "担当者", "決裁者", "管理者", "監査者", "運用担当", "事務担当",
            "検査担当"}, roles)
        p = subprocess.run(
            ["node", os.path.join(HERE, "walk.mjs"),
             config(folder, lines, found)], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        print(p.stdout, end="")
        last = p.stdout.strip().splitlines()[-1].split()
        c.passed += int(last[0])
        c.failed += int(last[2])
        c.check("walk.mjs ends as it says", p.returncode == 0, p.returncode)
        demo.terminate()
        c.check("told to end it ends", demo.wait(60) == 0, demo.returncode)
    finally:
        if demo.poll() is None:
            demo.terminate()
            demo.wait(60)
        _case.remove(folder)


if __name__ == "__main__":
    _case.main(body)
