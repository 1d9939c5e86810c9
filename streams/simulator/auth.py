"""Basic and Digest authentication as RTSP cameras do it (RFC 2617)."""

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
    """Who may watch. `schemes`: what is offered, best first."""

    user: str
    password: str
    schemes: tuple[str, ...] = ("Digest", "Basic")

    def challenges(self, nonce: str) -> list[str]:
        """Values of the WWW-Authenticate headers."""
        offers = {
            "Digest": f'Digest realm="{REALM}", nonce="{nonce}", algorithm=MD5',
            "Basic": f'Basic realm="{REALM}"',
        }
        return [offers[scheme] for scheme in self.schemes]

    def admits(self, method: str, authorization: str, nonce: str) -> bool:
        """Does this Authorization header answer the challenge made with `nonce`?"""
        scheme, _, rest = authorization.partition(" ")
        if scheme not in self.schemes:
            return False
        if scheme == "Basic":
            try:
                given = base64.b64decode(rest, validate=True)
            except (binascii.Error, ValueError):
                return False
            return hmac.compare_digest(given, f"{self.user}:{self.password}".encode())
        said = {name: value.strip('"') for name, value in re.findall(r'(\w+)=("[^"]*"|[^\s,]+)', rest)}
        if said.get("username") != self.user or said.get("nonce") != nonce:
            return False
        secret = _md5(f"{self.user}:{REALM}:{self.password}")
        asked = _md5(f"{method}:{said.get('uri', '')}")
        middle = nonce
        if said.get("qop") == "auth":
            middle = ":".join([nonce, said.get("nc", ""), said.get("cnonce", ""), "auth"])
        return hmac.compare_digest(said.get("response", ""), _md5(f"{secret}:{middle}:{asked}"))
