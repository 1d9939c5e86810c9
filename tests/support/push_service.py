"""A push service and a gateway on this machine: they take what is sent, open it as a browser does, and answer as told.

Decryption and the check of the signature are written here from RFC 8188, 8291 and 8292, on `cryptography` alone:
what the sender's libraries get wrong must not be right here.
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
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


class Browser:
    """The keys that a browser makes for one subscription."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._key, self._auth = ec.generate_private_key(CURVE), os.urandom(16)

    def subscription(self) -> dict[str, Any]:
        """What PushSubscription.toJSON() says."""
        keys = {"p256dh": encoded(point(self._key)), "auth": encoded(self._auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    def read(self, sealed: bytes) -> Any:
        """The JSON of one aes128gcm record. InvalidTag when it is not for this browser."""
        salt, length = sealed[:16], sealed[20]
        theirs = sealed[21 : 21 + length]
        secret = self._key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
        about = b"WebPush: info\x00" + point(self._key) + theirs
        material = _hkdf(self._auth, secret, about, 32)
        key = _hkdf(salt, material, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = _hkdf(salt, material, b"Content-Encoding: nonce\x00", 12)
        opened = AESGCM(key).decrypt(nonce, sealed[21 + length :], None).rstrip(b"\x00")
        assert opened.endswith(b"\x02")  # the last record
        return json.loads(opened[:-1])


def _hkdf(salt: bytes, secret: bytes, about: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, about).derive(secret)


def signed_claims(authorization: str) -> tuple[dict[str, Any], str]:
    """The claims of "vapid t=…, k=…" and the key that signed them. InvalidSignature when it did not."""
    scheme, _, rest = authorization.partition(" ")
    assert scheme == "vapid"
    said = dict(part.strip().split("=", 1) for part in rest.split(","))
    told, _, mark = said["t"].rpartition(".")
    raw = decoded(mark)
    both = utils.encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decoded(said["k"]))
    key.verify(both, told.encode(), ec.ECDSA(hashes.SHA256()))
    return json.loads(decoded(told.split(".")[1])), said["k"]


@dataclass
class Got:
    path: str
    headers: dict[str, str]
    body: bytes
    at: float


@dataclass
class PushService:
    """`answers`: by path, the statuses (and headers) to give before the usual 201."""

    url: str = ""
    got: list[Got] = field(default_factory=list)
    answers: dict[str, list[tuple[int, dict[str, str]]]] = field(default_factory=dict)

    def browser(self, name: str) -> Browser:
        return Browser(f"{self.url}/{name}")

    def answer(self, name: str, status: int, times: int = 1, **headers: str) -> None:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        self.answers.setdefault(f"/{name}", []).extend([(status, named)] * times)

    def messages(self, browser: Browser) -> list[Any]:
        """What this browser was sent, opened."""
        return [browser.read(one.body) for one in self.got if self.url + one.path == browser.endpoint]


@contextmanager
def push_service() -> Iterator[PushService]:
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            service.got.append(Got(self.path, headers, body, time.time()))
            waiting = service.answers.get(self.path)
            status, more = waiting.pop(0) if waiting else (201, {})
            self.send_response(status)
            for name, value in {"Content-Length": "0", **more}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Silence."""

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
