"""The signed addresses in mails to residents, and of the page of an own report."""

from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "discipline.complaints"
CONFIRM_WITHIN = timedelta(days=3)
OPENS_FOR = timedelta(days=90)


class LinkKind(StrEnum):
    """What a link does."""

    CONFIRM = "confirm"  # a report
    FOLLOW = "follow"  # confirms a follower
    STOP = "stop"  # removes one
    OWN = "own"  # opens the page of an own report


KEPT = {LinkKind.CONFIRM: CONFIRM_WITHIN, LinkKind.FOLLOW: CONFIRM_WITHIN}


def token(kind: LinkKind, pk: int) -> str:
    """Return the token of a link about the report or follower with this id."""
    return signing.dumps([kind.value, pk], salt=SALT)


def read_token(text: str) -> tuple[LinkKind, int] | None:
    """Return what a token is for; None for one that is wrong or too old."""
    try:
        kind = LinkKind(signing.loads(text, salt=SALT)[0])
        return kind, int(signing.loads(text, salt=SALT, max_age=KEPT.get(kind, OPENS_FOR))[1])
    except (signing.BadSignature, ValueError, TypeError):
        return None


def address(kind: LinkKind, pk: int) -> str:
    """Return the whole address of a link."""
    name = "aspiration-own" if kind is LinkKind.OWN else "aspiration-link"
    return str(settings.SITE_URL).rstrip("/") + reverse(name, args=[token(kind, pk)])
