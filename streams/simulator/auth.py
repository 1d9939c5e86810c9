"""Basic and Digest authentication as in RTSP cameras (RFC 2617)."""

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass

REALM = "Sidak simulator"


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class RtspAuth:
    """The credentials that clients need. `schemes`: the schemes offered, best first."""

    user: str
    password: str
    schemes: tuple[str, ...] = ("Digest", "Basic")

    def challenges(self, nonce: str) -> list[str]:
        """Return the values of the WWW-Authenticate headers."""
        offers = {
            "Digest": f'Digest realm="{REALM}", nonce="{nonce}", algorithm=MD5',
            "Basic": f'Basic realm="{REALM}"',
        }
        return [offers[scheme] for scheme in self.schemes]

    def admits(self, method: str, authorization: str, nonce: str) -> bool:
        """Return whether this Authorization header answers the challenge made with `nonce`."""
        scheme, _, rest = authorization.partition(" ")
        if scheme not in self.schemes:
            return False
        if scheme == "Basic":
            try:
                given = base64.b64decode(rest, validate=True)
            except (binascii.Error, ValueError):
                return False
            return hmac.compare_digest(given, f"{self.user}:{self.password}".encode())
        fields = {name: value.strip('"') for name, value in re.findall(r'(\w+)=("[^"]*"|[^\s,]+)', rest)}
        if fields.get("username") != self.user or fields.get("nonce") != nonce:
            return False
        secret = _md5(f"{self.user}:{REALM}:{self.password}")
        request = _md5(f"{method}:{fields.get('uri', '')}")
        middle = nonce
        if fields.get("qop") == "auth":
            middle = ":".join([nonce, fields.get("nc", ""), fields.get("cnonce", ""), "auth"])
        return hmac.compare_digest(fields.get("response", ""), _md5(f"{secret}:{middle}:{request}"))
