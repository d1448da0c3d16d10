"""_commit.py — a proxy between a node and its PostgreSQL server, which cuts the
connection at a COMMIT."""
import os
import socket
import threading

# The statement's name in a Bind (PostgreSQL 15, 55.7), behind that of the
# portal, which is empty: what ends a transaction that has written.
COMMIT = b"\0commit_write\0"


class Proxy:
    """To the server's socket. At the next COMMIT it cuts both sides: "before"
    it arrives; "after", its answer dropped; "gone", the same, and nobody is
    let in any more."""

    def __init__(self, cluster):
        self.server = os.path.join(cluster.folder,
                                   ".s.PGSQL.%d" % cluster.port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.cut = None
        self.cuts = 0
        self.gone = False
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.gone:
                client.close()
                continue
            server = socket.socket(socket.AF_UNIX)
            server.connect(self.server)
            for f, a, b in ((self.ask, client, server),
                            (self.answer, server, client)):
                threading.Thread(target=f, args=(a, b), daemon=True).start()

    def ask(self, client, server):
        while data := self.read(client):
            if COMMIT in data and self.cut:
                how, self.cut = self.cut, None
                self.cuts += 1
                self.gone = how == "gone"
                if how != "before":
                    self.held = threading.Event()
                    self.hold = server
                    server.sendall(data)
                    self.held.wait(10)
                break
            server.sendall(data)
        for s in (client, server):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    hold = None

    def answer(self, server, client):
        while data := self.read(server):
            if self.hold is server:
                self.hold = None
                self.held.set()  # it is done, and nobody is told
                break
            client.sendall(data)
        client.close()

    @staticmethod
    def read(s):
        try:
            return s.recv(1 << 16)
        except OSError:
            return b""

    def close(self):
        self.listener.close()
