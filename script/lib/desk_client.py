"""desk_client.py — a client of the desk for tests and bench: HTTPS, cookie,
CSRF token, Idempotency-Key."""
import http.client
import json
import ssl
import urllib.parse
import uuid

from chain import PASSWORD

PREFIX = "/api/v1"


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()
        kind = response.headers.get("Content-Type", "")
        self.json = (json.loads(self.body)
                     if "json" in kind and self.body else None)

    @property
    def code(self):
        """The code of a refusal."""
        return (self.json or {}).get("code")


class Client:
    """One person at one terminal."""

    def __init__(self, port):
        self.port = port
        self.context = ssl.create_default_context()
        self.context.check_hostname = False
        self.context.verify_mode = ssl.CERT_NONE
        self.connection = None
        self.cookie = None
        self.csrf = None

    def send(self, method, path, body=None, headers=None):
        """One request as it is; no header is added but the cookie."""
        headers = dict(headers or {})
        if self.cookie and "Cookie" not in headers:
            headers["Cookie"] = self.cookie
        for last in (False, True):
            if self.connection is None:
                self.connection = http.client.HTTPSConnection(
                    "127.0.0.1", self.port, context=self.context, timeout=60)
            try:
                self.connection.request(method, path, body, headers)
                return Answer(self.connection.getresponse())
            except (http.client.RemoteDisconnected, ConnectionError,
                    ssl.SSLError):
                self.close()
                if last:
                    raise
        return None

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def call(self, method, path, body=None, key=None, query=None, **headers):
        """A call of the API as the pages make it."""
        if query:
            path += "?" + urllib.parse.urlencode(query)
        sent = {name.replace("_", "-"): v for name, v in headers.items()}
        data = None
        if isinstance(body, (bytes, str)):
            data = body.encode() if isinstance(body, str) else body
            sent.setdefault("Content-Type", "text/csv")
        elif body is not None:
            data = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        if method != "GET":
            if self.csrf:
                sent.setdefault("X-CSRF-Token", self.csrf)
            sent.setdefault("Idempotency-Key", key or uuid.uuid4().hex)
        return self.send(method, PREFIX + path, data, sent)

    def get(self, path, **query):
        return self.call("GET", path, query=query)

    def post(self, path, body=None, **more):
        return self.call("POST", path, body, **more)

    def sign_in(self, name, password=PASSWORD, totp=None):
        body = {"name": name, "password": password}
        if totp:
            body["totp"] = totp
        a = self.post("/session", body)
        if a.status == 201:
            self.cookie = a.headers["Set-Cookie"].split(";")[0]
            self.csrf = a.json["csrf_token"]
        return a


def signed_in(port, name):
    c = Client(port)
    a = c.sign_in(name)
    assert a.status == 201, (name, a.status, a.body)
    return c
