"""`shokai node`, `ca`, `peer` and `receipt` as an operator calls them: what
they refuse, with which exit code, and what stands there afterwards."""
import json
import os
import stat
import subprocess

import _case

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("SHOKAI_BUILD", os.path.join(ROOT, "build"))
SHOKAI = os.path.join(BUILD, "shokai")
TOP = _case.folder("node")


def at(*names):
    return os.path.join(TOP, *names)


def shokai(*words):
    return subprocess.run([SHOKAI, *words], capture_output=True, text=True,
                          env=dict(os.environ, LANG="en_US.UTF-8"))


def refusal(done):
    return json.loads(done.stderr)["code"]


def make(code, party):
    done = shokai("node", "init", at(code), "--party", party, "--code", code,
                  "--name", "架空 " + code, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["csr"] == at(code, "node.csr")


def sign(code, *more):
    return shokai("ca", "sign", at("ca"), at(code, "node.csr"), "--out",
                  at(code + ".crt"), *more)


def add(node, code, party, *more):
    return shokai("peer", "add", at(node), "--code", code, "--party", party,
                  "--cert", at(code + ".crt"), *more)


def nodes(c):
    done = shokai("node", "init", at("x"), "--party", "ward")
    c.check("node_init_needs_code_and_name", done.returncode == 2)
    done = shokai("node", "init", at("x"), "--party", "king", "--code", "1",
                  "--name", "x")
    c.check("node_init_refuses_an_unknown_party", done.returncode == 2)
    done = shokai("node", "init", at("x"), "--party", "ward", "--code", "1",
                  "--name", "x", "--db", "mysql://h/d")
    c.check("node_init_refuses_another_kind_of_database",
            done.returncode == 3 and "store.url" in done.stderr)
    c.check("a_refused_node_is_not_there", not os.path.exists(at("x")))
    make("131041", "ward")
    make("unit-1", "unit")
    done = shokai("node", "init", at("131041"), "--party", "ward", "--code",
                  "131041", "--name", "x")
    c.check("node_init_refuses_a_folder_in_use", done.returncode == 3
            and refusal(done) == "node.not_empty")
    for name, mode in (("keys", 0o700), ("keys/node.key", 0o600),
                       ("keys/folder-password", 0o600)):
        c.check("mode_of_" + name,
                stat.S_IMODE(os.stat(at("131041", name)).st_mode) == mode)
    done = shokai("node", "check", at("131041"), "--json")
    what = [f["what"] for f in json.loads(done.stdout)["findings"]]
    c.check("node_check_says_what_is_missing", done.returncode == 1
            and what == ["certificate", "peers"])


def certificates(c):
    c.check("ca_init", shokai("ca", "init", at("ca")).returncode == 0)
    done = shokai("ca", "init", at("ca"))
    c.check("ca_init_refuses_a_second", done.returncode == 3)
    c.check("ca_sign", sign("131041").returncode == 0)
    c.check("ca_sign_replaces_nothing", sign("131041").returncode == 3)
    c.check("ca_sign_with_force", sign("131041", "--force").returncode == 0)
    c.check("ca_sign_hosts", sign("unit-1", "--host", "unit.example,10.0.0.1",
                                  "--days", "30").returncode == 0)
    done = shokai("ca", "sign", at("ca"), at("131041", "node.yaml"), "--out",
                  at("y.crt"))
    c.check("ca_sign_refuses_what_is_no_request", done.returncode == 3
            and not os.path.exists(at("y.crt")))
    done = shokai("node", "cert", at("131041"), "--cert", at("unit-1.crt"),
                  "--ca", at("ca", "ca.crt"))
    c.check("node_cert_refuses_anothers", done.returncode == 3
            and not os.path.exists(at("131041", "keys", "node.crt")))
    for code in ("131041", "unit-1"):
        done = shokai("node", "cert", at(code), "--cert", at(code + ".crt"),
                      "--ca", at("ca", "ca.crt"))
        c.check("node_cert_" + code, done.returncode == 0)
    done = shokai("ca", "revoke", at("ca"), at("unit-1.crt"))
    c.check("ca_revoke", done.returncode == 0)
    done = subprocess.run(
        ["openssl", "verify", "-crl_check", "-CAfile", at("ca", "ca.crt"),
         "-CRLfile", at("ca", "ca.crl"), at("131041.crt")],
        capture_output=True)
    c.check("openssl_accepts_what_is_not_revoked", done.returncode == 0)
    done = subprocess.run(
        ["openssl", "verify", "-crl_check", "-CAfile", at("ca", "ca.crt"),
         "-CRLfile", at("ca", "ca.crl"), at("unit-1.crt")],
        capture_output=True)
    c.check("openssl_refuses_what_is_revoked", done.returncode != 0)


def peers(c):
    url = ("--url", "https://unit.example:9443")
    kinds = ("--kinds", "request-file,status")
    before = _case.dump(at("131041"))
    bad = [
        ("peer.kinds", url + ("--kinds", "letters")),
        ("peer.url", ("--url", "http://unit.example") + kinds),
        ("peer.period", url + kinds + ("--approved", "2026-04-01/x")),
        ("peer.via", ("--via", "unit-1") + kinds),
    ]
    for code, words in bad:
        done = add("131041", "unit-1", "unit", *words)
        c.check("peer_add_refuses_" + code, done.returncode == 3
                and refusal(done) == code, done.stderr)
    done = add("131041", "unit-1", "unit", *url, *kinds, "--approved", "2026")
    c.check("a_period_has_two_ends", done.returncode == 2)
    done = shokai("peer", "add", at("131041"), "--code", "unit-2", "--party",
                  "unit", "--cert", at("unit-1.crt"), *url, *kinds)
    c.check("peer_add_refuses_anothers_certificate", done.returncode == 3
            and refusal(done) == "peer.certificate")
    c.check("a_refused_peer_changes_nothing",
            _case.dump(at("131041")) == before)
    done = add("131041", "unit-1", "unit", *url, *kinds, "--approved",
               "2020-04-01/2020-04-30", "--approval", "test")
    c.check("peer_add", done.returncode == 0)
    done = shokai("node", "check", at("131041"))
    c.check("node_check_says_that_a_period_has_ended",
            done.returncode == 1 and "unit-1" in done.stdout)
    c.check("peer_add_again_replaces",
            add("131041", "unit-1", "unit", *url, *kinds).returncode == 0)
    rows = [json.loads(r) for r in shokai(
        "peer", "list", at("131041"), "--json").stdout.splitlines()]
    c.check("peer_list", len(rows) == 1 and rows[0]["in_force"]
            and rows[0]["kinds"] == ["request-file", "status"]
            and rows[0]["url"] == url[1])
    # a certificate of 30 days: warned of, not missing
    done = shokai("node", "check", at("131041"), "--json")
    found = json.loads(done.stdout)["findings"]
    c.check("node_check_warns_sixty_days_before", done.returncode == 0
            and [f["level"] for f in found] == ["warning"])
    rules = shokai("peer", "firewall", at("131041")).stdout
    c.check("peer_firewall", "ip saddr unit.example tcp dport 9443 accept"
            in rules and "tcp dport 9443 drop" in rules)
    done = shokai("peer", "remove", at("131041"), "nobody")
    c.check("peer_remove_of_nobody", done.returncode == 3)
    done = shokai("peer", "remove", at("131041"), "unit-1")
    c.check("peer_remove", done.returncode == 0 and shokai(
        "peer", "list", at("131041")).stdout == "")
    done = shokai("audit", "verify", at("131041"), "--json")
    c.check("each_change_of_the_table_is_in_the_log",
            json.loads(done.stdout)["entries"] == 3)


def group(code, lines):
    """A receipt group as openssl itself would sign it."""
    with open(at("lines"), "w", encoding="utf-8") as f:
        f.write(lines)
    subprocess.run(
        ["openssl", "cms", "-sign", "-binary", "-nodetach", "-noattr",
         "-nocerts", "-md", "sha256", "-outform", "DER", "-in", at("lines"),
         "-out", at("group"), "-signer", at(code + ".crt"), "-inkey",
         at(code, "keys", "node.key")], check=True)


def receipts(c):
    line = ('{"by":"%s","code":100,"digest":"' + "ab" * 32 + '","id":"'
            + "01" * 16 + '","time":"2026-10-15T10:00:00.000000+09:00",'
            '"to":"131041"}\n')
    verify = ("receipt", "verify", at("group"), "--cert", at("unit-1.crt"))
    done = None
    for _ in range(64):  # openssl's s is in the lower half every other time
        group("unit-1", line % "unit-1")
        done = shokai(*verify)
        if done.returncode == 0:
            break
    c.check("receipt_verify", done.returncode == 0
            and json.loads(done.stdout)["name"] == "accepted", done.stdout)
    c.check("receipt_verify_finds_a_line_by_id", shokai(
        *verify, "--id", "01" * 16).returncode == 0)
    c.check("receipt_verify_misses_another_id", shokai(
        *verify, "--id", "02" * 16).returncode == 1)
    done = shokai("receipt", "verify", at("group"), "--cert",
                  at("131041.crt"))
    c.check("receipt_verify_refuses_another_signer", done.returncode == 1)
    with open(at("group"), "r+b") as f:
        f.seek(80)
        byte = f.read(1)
        f.seek(80)
        f.write(bytes([byte[0] ^ 1]))
    c.check("receipt_verify_refuses_a_changed_bit",
            shokai(*verify).returncode == 1)
    good = 0
    for _ in range(16):
        group("unit-1", line % "9601")
        good += shokai(*verify).returncode == 0
    c.check("receipt_verify_refuses_a_borrowed_name", good == 0)
    done = shokai("receipt", "show", at("131041"), "01" * 16, "--out",
                  at("r"))
    c.check("receipt_show_of_nothing", done.returncode == 3
            and not os.path.exists(at("r")))


def body(c):
    try:
        nodes(c)
        certificates(c)
        peers(c)
        receipts(c)
    finally:
        _case.remove(TOP)


if __name__ == "__main__":
    _case.main(body)
