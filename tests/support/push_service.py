"""A push service and webhook receiver on the loopback: it stores requests, decrypts them as a browser would, and gives
the answers set for it.

Decryption and the check of the signature follow RFC 8188, 8291 and 8292 and use `cryptography` alone, so that an error
of the sender's libraries isn't repeated here.
"""

import base64
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CURVE = ec.SECP256R1()


def encoded(raw: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Decode base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return the uncompressed public point of the key, 65 bytes."""
    return key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


class Browser:
    """The keys that a browser creates for one subscription."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._key, self._auth = ec.generate_private_key(CURVE), os.urandom(16)

    def subscription(self) -> dict[str, Any]:
        """Return the subscription as PushSubscription.toJSON() does."""
        keys = {"p256dh": encoded(point(self._key)), "auth": encoded(self._auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    def read(self, sealed: bytes) -> Any:
        """Decrypt one aes128gcm record and parse its JSON. Raises InvalidTag when it is for another browser."""
        salt, length = sealed[:16], sealed[20]
        sender_key = sealed[21 : 21 + length]
        secret = self._key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender_key))
        info = b"WebPush: info\x00" + point(self._key) + sender_key
        material = _hkdf(self._auth, secret, info, 32)
        key = _hkdf(salt, material, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = _hkdf(salt, material, b"Content-Encoding: nonce\x00", 12)
        opened = AESGCM(key).decrypt(nonce, sealed[21 + length :], None).rstrip(b"\x00")
        assert opened.endswith(b"\x02")  # the last record
        return json.loads(opened[:-1])


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def signed_claims(authorization: str) -> tuple[dict[str, Any], str]:
    """Return the claims of a VAPID header "vapid t=…, k=…" and its public key.

    Raises InvalidSignature when that key did not sign them.
    """
    scheme, _, rest = authorization.partition(" ")
    assert scheme == "vapid"
    fields = dict(part.strip().split("=", 1) for part in rest.split(","))
    signed, _, signature = fields["t"].rpartition(".")
    raw = decoded(signature)
    dss = utils.encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decoded(fields["k"]))
    key.verify(dss, signed.encode(), ec.ECDSA(hashes.SHA256()))
    return json.loads(decoded(signed.split(".")[1])), fields["k"]


@dataclass
class Got:
    """A request received; `at` is seconds since the epoch."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float


@dataclass
class PushService:
    """The requests received, and per path the answers (status, headers) to give before the usual 201."""

    url: str = ""
    got: list[Got] = field(default_factory=list)
    answers: dict[str, list[tuple[int, dict[str, str]]]] = field(default_factory=dict)

    def browser(self, name: str) -> Browser:
        """Return the keys of a new subscription to /`name`."""
        return Browser(f"{self.url}/{name}")

    def answer(self, name: str, status: int, times: int = 1, **headers: str) -> None:
        """Answer the next `times` requests to /`name` with this status; underscores in header names mean hyphens."""
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        self.answers.setdefault(f"/{name}", []).extend([(status, named)] * times)

    def messages(self, browser: Browser) -> list[Any]:
        """Return the decrypted messages sent to this browser."""
        return [browser.read(request.body) for request in self.got if self.url + request.path == browser.endpoint]


@contextmanager
def push_service() -> Iterator[PushService]:
    """Serve on a free port until leaving."""
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            service.got.append(Got(self.path, headers, body, time.time()))
            queued = service.answers.get(self.path)
            status, more = queued.pop(0) if queued else (201, {})
            self.send_response(status)
            for name, value in {"Content-Length": "0", **more}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Do not log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_port}"
    running = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    running.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        running.join()
