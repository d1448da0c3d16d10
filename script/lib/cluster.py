"""cluster.py — a private PostgreSQL 15 cluster in a temporary folder, with
fsync on: on a unix socket and a port of the loopback address, with TLS and a
CA of its own where asked for. It is stopped when the process ends.

    cluster.py [--tls] COMMAND [ARG…]   runs COMMAND with PGCLUSTER_URL (a
                                        superuser's, without a database), and
                                        stops the cluster behind it
"""
import atexit
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from ports import free_port
from processes import guarded

VERSION = "15"
BIN = "/usr/lib/postgresql/%s/bin" % VERSION
USER = "postgres"  # initdb refuses root

# What a commit needs to be on the disk is never turned off (E1).
SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "log_min_messages": "warning",
    "log_statement": "none",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "tcp_keepalives_idle": "10",
}


class Failed(Exception):
    """A program of PostgreSQL ended otherwise than it should."""


def as_user(demote):
    """For Popen: root becomes the user of the server. A server ends with
    whoever started it, however that ends."""
    if not demote:
        return {}
    p = pwd.getpwnam(USER)
    return {"user": p.pw_uid, "group": p.pw_gid, "extra_groups": []}


class Cluster:
    def __init__(self, settings=None, tls=False, keep=None, also=None):
        """keep: a folder to be made that outlives the server. also: another
        address of this machine to listen at."""
        self.also = also
        self.keep = keep
        if keep:
            os.makedirs(keep, 0o700)
        self.folder = keep or tempfile.mkdtemp(prefix="shokai-pg-",
                                               dir="/var/tmp")
        self.data = os.path.join(self.folder, "data")
        self.log = os.path.join(self.folder, "log")
        self.port = free_port()
        self.tls = tls
        self.settings = dict(SETTINGS, **(settings or {}))
        self.demote = as_user(os.geteuid() == 0)
        self.process = None
        self.made = 0
        if self.demote:
            shutil.chown(self.folder, USER, USER)
        atexit.register(self.remove)
        try:
            self.create()
            self.start()
        except BaseException:
            self.remove()
            raise

    # --- making it ---

    def run(self, *args, **more):
        done = subprocess.run(args, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True,
                              cwd=self.folder, **self.demote, **more)
        if done.returncode != 0:
            raise Failed("%s: exit %d\n%s" % (
                os.path.basename(args[0]), done.returncode,
                done.stdout[-2000:]))
        return done.stdout

    def create(self):
        self.run(os.path.join(BIN, "initdb"), "-D", self.data, "-U", USER,
                 "--auth-local=trust", "--auth-host=scram-sha-256", "-E",
                 "UTF8", "--locale=C", "--no-instructions")
        if self.tls:
            self.make_certificates()
        if self.also:
            with open(os.path.join(self.data, "pg_hba.conf"), "a") as f:
                f.write("host all all samenet scram-sha-256\n")
        with open(os.path.join(self.data, "postgresql.conf"), "a") as f:
            for name, value in self.settings.items():
                f.write("%s = '%s'\n" % (name, value))

    def make_certificates(self):
        """A CA and the server's certificate for "localhost"."""
        def at(name):
            return os.path.join(self.folder, name)
        new = ("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
               "ec_paramgen_curve:P-256", "-nodes", "-days", "2")
        for ca in ("ca", "other-ca"):
            self.run(*new, "-subj", "/CN=test " + ca, "-keyout",
                     at(ca + ".key"), "-out", at(ca + ".crt"))
        self.sign_certificate(at)
        os.chmod(at("server.key"), 0o600)
        self.settings.update(ssl="on", ssl_cert_file=at("server.crt"),
                             ssl_key_file=at("server.key"))

    def sign_certificate(self, at):
        self.run("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt",
                 "ec_paramgen_curve:P-256", "-nodes", "-subj",
                 "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                 "-keyout", at("server.key"), "-out", at("server.csr"))
        self.run("openssl", "x509", "-req", "-in", at("server.csr"), "-CA",
                 at("ca.crt"), "-CAkey", at("ca.key"), "-CAcreateserial",
                 "-days", "2", "-copy_extensions", "copy", "-out",
                 at("server.crt"))

    # --- the server ---

    def command(self):
        hosts = ",".join(a for a in ("127.0.0.1", self.also) if a)
        return [os.path.join(BIN, "postgres"), "-D", self.data, "-k",
                self.folder, "-h", hosts, "-p", str(self.port)]

    def start(self):
        """Again, as a service manager does, while the processes of a server
        that was killed still hold its memory."""
        deadline = time.time() + 60
        while not self.ready(deadline):
            if time.time() > deadline:
                self.stop(signal.SIGQUIT)
                with open(self.log, errors="replace") as f:
                    raise Failed("the server did not start:\n"
                                 + f.read()[-2000:])
            time.sleep(0.2)

    def ready(self, deadline):
        """Starts it; False if it has ended again, or takes too long."""
        log = open(self.log, "ab")
        self.process = guarded(subprocess.Popen(
            self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            cwd=self.folder, **self.demote), "SIGQUIT")
        log.close()
        while self.process.poll() is None and time.time() < deadline:
            done = subprocess.run(
                [os.path.join(BIN, "pg_isready"), "-q", "-h", self.folder,
                 "-p", str(self.port)])
            if done.returncode == 0:
                return True
            time.sleep(0.1)
        return False

    def stop(self, how=signal.SIGINT):
        """SIGINT: fast; SIGQUIT or SIGKILL: as a crash."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def remove(self):
        if self.folder is None:
            return
        self.kept = self.command()  # starts it again, if it is kept
        self.stop(signal.SIGINT)
        if not self.keep:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.folder = None
        atexit.unregister(self.remove)

    def copy_rate(self, rows):
        """Rows a second of PostgreSQL's own COPY into a table with a key,
        the shape of an outcome; the settings a commit stands on are on."""
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            if self.sql("SHOW " + name).strip() != "on":
                raise Failed("%s is not on" % name)
        path = os.path.join(self.folder, "copy.probe")
        with open(path, "w", encoding="ascii") as f:
            for i in range(rows):
                f.write("131041\t2T4H00100%07d\t1\t131041-001-9601-0001\t"
                        "\\\\x30313233343536373839616263646566\n" % i)
        self.sql("CREATE TABLE probe (a text, b text, c bigint, d text, "
                 "e bytea, PRIMARY KEY (a, b))")
        begun = time.time()
        self.sql("COPY probe FROM '%s'" % path)
        rate = int(rows / (time.time() - begun))
        self.sql("DROP TABLE probe")
        os.unlink(path)
        return rate

    # --- its databases ---

    def url(self, database="", user=USER, host=None, **more):
        """Over the unix socket, unless a host is named."""
        more.update(host=host or self.folder, port=self.port)
        return "postgresql://%s@/%s?%s" % (user, database, "&".join(
            "%s=%s" % (k, v) for k, v in more.items()))

    def sql(self, text, database=USER):
        """Runs SQL behind everybody's back; the rows as text."""
        return self.run(os.path.join(BIN, "psql"), "-X", "-q", "-A", "-t",
                        "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-p",
                        str(self.port), "-U", USER, "-d", database, "-c",
                        text)

    def database(self, name=None, template="template1"):
        """A new database, empty or as the template is; its URL."""
        self.made += 1
        name = name or "db%d" % self.made
        self.sql('CREATE DATABASE "%s" TEMPLATE "%s"' % (name, template))
        return self.url(name)

    def empty(self, name):
        """A database is lost; a new one has its name."""
        self.sql('DROP DATABASE "%s" WITH (FORCE)' % name)
        self.database(name)


def main(argv):
    tls = argv[1:2] == ["--tls"]
    command = argv[2:] if tls else argv[1:]
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    c = Cluster(tls=tls)
    try:
        # root's client may stand in a folder the server's user cannot read.
        env = dict(os.environ, PGCLUSTER_FOLDER=c.folder,
                   PGCLUSTER_PORT=str(c.port), PGCLUSTER_URL=c.url(),
                   PGCLUSTER_PID=str(c.process.pid))
        return subprocess.run(command, env=env).returncode
    finally:
        c.remove()


if __name__ == "__main__":
    sys.exit(main(sys.argv))
