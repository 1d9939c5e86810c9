"""The form field that checks an ALTCHA solution, and the challenges that it accepts.

The package's widget is not used: it starts workers from data: and blob: and writes a style element, which the site's
policy refuses. static/js/public/proof.js does its work.
"""

import base64
import json
from datetime import timedelta
from typing import Any

from altcha import Challenge
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_altcha import AltchaField, get_altcha_challenge

MOST = 300_000  # numbers that a browser tries at most: a second or two on a computer, five times that on a cheap phone
KEPT = timedelta(hours=2)  # for a long text, and a photo over a slow network
KEY = "complaint-proof:"
FAILED = _(
    "Pemeriksaan otomatis terhadap program pengirim belum berhasil. Isian Anda masih ada: kirim sekali lagi. Bila tetap"
    " gagal, sampaikan langsung di kantor lurah atau camat; dalam keadaan darurat telepon 112."
)


class ProofField(AltchaField):  # type: ignore[misc]  # the package has no types
    """Takes each solution once, within KEPT of its challenge."""

    def __init__(self, **kwargs: Any) -> None:
        codes = ("required", "invalid", "error", "replay")
        super().__init__(error_messages=dict.fromkeys(codes, FAILED), **kwargs)

    def replay_attack_protection(self, payload: str) -> None:
        """Refuse a used solution. In one step, unlike the package's: two servers may get the same one at once."""
        challenge = json.loads(base64.b64decode(payload))["challenge"]
        if not cache.add(KEY + challenge, True, KEPT.total_seconds()):
            raise ValidationError(self.error_messages["replay"], code="replay")


def new_challenge(most: int = MOST) -> Challenge:
    """Return a signed challenge, solved by a number up to `most`. Nothing of it is stored."""
    new: Challenge = get_altcha_challenge(max_number=most, expires=int(KEPT.total_seconds() * 1000))
    return new
