"""Answer a camera's demand for a login: Basic (RFC 7617) and Digest with MD5 or SHA-256 (RFC 7616, RFC 2617)."""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# Best first.
ALGORITHMS = {"SHA-256": hashlib.sha256, "MD5": hashlib.md5}
_PART = re.compile(r'([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))|([A-Za-z][\w-]*)')


@dataclass(frozen=True, slots=True)
class CameraLogin:
    """A camera's user name and password."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LoginChallenge:
    """One WWW-Authenticate challenge; the scheme and the names of fields are in lower case."""

    scheme: str
    fields: Mapping[str, str]

    @property
    def algorithm(self) -> str:
        """The digest's algorithm, in capitals, without "-sess"."""
        return self.fields.get("algorithm", "MD5").upper().removesuffix("-SESS")

    @property
    def rank(self) -> int | None:
        """0 for the best; None when it can't be answered."""
        if self.scheme == "basic":
            return len(ALGORITHMS)
        qop = self.fields.get("qop")
        usable = self.scheme == "digest" and self.algorithm in ALGORITHMS and "nonce" in self.fields
        if not usable or (qop is not None and "auth" not in _qops(qop)):
            return None
        return list(ALGORITHMS).index(self.algorithm)


def parse_challenges(values: Iterable[str]) -> list[LoginChallenge]:
    """Return the challenges of all WWW-Authenticate headers; one header may hold several."""
    found: list[tuple[str, dict[str, str]]] = []
    for value in values:
        for name, quoted, bare, scheme in _PART.findall(value):
            if scheme:
                found.append((scheme.lower(), {}))
            elif found:
                found[-1][1].setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted) if quoted else bare)
    return [LoginChallenge(scheme, fields) for scheme, fields in found]


class Authorizer:
    """Choose the best challenge and make the Authorization header of each request."""

    def __init__(self, login: CameraLogin, cnonce: str = "") -> None:
        self._login = login
        self._cnonce = cnonce or secrets.token_hex(8)
        self._challenge: LoginChallenge | None = None
        self._count = 0

    def take(self, values: Iterable[str]) -> bool:
        """Take the challenges of an answer; return whether one can be answered."""
        usable = [(rank, challenge) for challenge in parse_challenges(values) if (rank := challenge.rank) is not None]
        if not usable:
            return False
        self._challenge, self._count = min(usable, key=lambda pair: pair[0])[1], 0
        return True

    @property
    def stale(self) -> bool:
        """Whether the challenge says that only its nonce was too old."""
        return self._challenge is not None and self._challenge.fields.get("stale", "").lower() == "true"

    def header(self, method: str, uri: str) -> str:
        """Return the Authorization header of this request, "" before there is a challenge."""
        if self._challenge is None:
            return ""
        if self._challenge.scheme == "basic":
            pair = f"{self._login.user}:{self._login.password}".encode()
            return "Basic " + base64.b64encode(pair).decode()
        return self._digest(self._challenge, method, uri)

    def _digest(self, challenge: LoginChallenge, method: str, uri: str) -> str:
        fields = challenge.fields
        realm, nonce = fields.get("realm", ""), fields["nonce"]
        self._count += 1
        nc = f"{self._count:08x}"

        def digest(text: str) -> str:
            return ALGORITHMS[challenge.algorithm](text.encode(), usedforsecurity=False).hexdigest()

        secret = digest(f"{self._login.user}:{realm}:{self._login.password}")
        if fields.get("algorithm", "").upper().endswith("-SESS"):
            secret = digest(f"{secret}:{nonce}:{self._cnonce}")
        request = digest(f"{method}:{uri}")
        parts = {"username": self._login.user, "realm": realm, "nonce": nonce, "uri": uri}
        if "qop" in fields:
            parts["response"] = digest(f"{secret}:{nonce}:{nc}:{self._cnonce}:auth:{request}")
        else:
            parts["response"] = digest(f"{secret}:{nonce}:{request}")
        if "opaque" in fields:
            parts["opaque"] = fields["opaque"]
        text = ", ".join(f'{name}="{_escaped(value)}"' for name, value in parts.items())
        if "algorithm" in fields:
            text += f", algorithm={fields['algorithm']}"
        if "qop" in fields:
            text += f', qop=auth, nc={nc}, cnonce="{self._cnonce}"'
        return f"Digest {text}"


def _qops(qop: str) -> list[str]:
    return [one.strip().lower() for one in qop.split(",")]


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
