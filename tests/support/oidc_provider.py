"""A provider of OpenID Connect on the loopback: discovery, keys, a login that asks nothing, signed tokens."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

CLIENT, CLIENT_SECRET = "sidak", "rahasia-klien"


class Provider:
    """The provider. The next login is of `claims`; `forged` signs it with a key that is not published."""

    def __init__(self, algorithm: str) -> None:
        self.algorithm = algorithm
        self.claims: dict[str, Any] = {}
        self.forged = False
        self._codes: dict[str, dict[str, list[str]]] = {}
        self._key, self._other_key = _new_key(algorithm), _new_key(algorithm)
        handler = type("Handler", (_Handler,), {"provider": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def discovery(self) -> dict[str, Any]:
        """Return the configuration."""
        paths = {"authorization": "authorize", "token": "token"}
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            **{f"{name}_endpoint": f"{self.url}/{path}" for name, path in paths.items()},
        }

    def keys(self) -> dict[str, Any]:
        """Return the published key."""
        kind: Any = RSAAlgorithm if self.algorithm == "RS256" else ECAlgorithm
        key = json.loads(kind.to_jwk(self._key.public_key()))
        return {"keys": [key | {"kid": "1", "alg": self.algorithm, "use": "sig"}]}

    def authorize(self, query: dict[str, list[str]]) -> str:
        """Return where the browser goes with a code."""
        code = secrets.token_urlsafe()
        self._codes[code] = query
        return f"{query['redirect_uri'][0]}?{urlencode({'code': code, 'state': query['state'][0]})}"

    def token(self, form: dict[str, list[str]]) -> dict[str, Any] | None:
        """Return the tokens for a code, None for a wrong one: used, of another client, or without its verifier."""
        asked = self._codes.pop(form["code"][0], None)
        digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != [challenge] or form["client_secret"] != [CLIENT_SECRET]:
            return None
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 60,
            "jti": secrets.token_hex(8),
        } | self.claims
        key = self._other_key if self.forged else self._key
        signed = jwt.encode(claims, key, self.algorithm, headers={"kid": "1"})
        return {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "id_token": signed}


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.provider.authorize(parse_qs(parts.query)))
            self.end_headers()
        else:
            self._send(self.provider.keys() if parts.path == "/jwks" else self.provider.discovery())

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self._send(self.provider.token(form))

    def _send(self, content: dict[str, Any] | None) -> None:
        body = json.dumps(content or {"error": "invalid_grant"}).encode()
        self.send_response(200 if content else 400)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def _new_key(algorithm: str) -> Any:
    if algorithm == "RS256":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


@contextmanager
def running_provider(algorithm: str) -> Iterator[Provider]:
    """Serve a provider until the block ends."""
    provider = Provider(algorithm)
    thread = threading.Thread(target=provider.server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        provider.server.shutdown()
        thread.join()
        provider.server.server_close()
