"""Show the cards of a role after the first sign-in, until they are put away."""

from collections.abc import Sequence
from typing import Any

from allauth.account.signals import user_logged_in
from django.http import HttpRequest
from django.utils import timezone

from discipline.ops.first_run.cards_rule import TourCard, cards_of
from discipline.ops.first_run.models import TourSeen
from offices.access.gate import Scope

NEW = "tour"  # key of the session: the account's owner hasn't put the cards away yet


def connect() -> None:
    """Note at each sign-in whether the cards are due, so that other requests need not ask the database."""
    user_logged_in.connect(_note_sign_in, dispatch_uid="tour")


def cards_for(scope: Scope) -> Sequence[TourCard]:
    """Return the three cards of a user with this scope."""
    return cards_of(operates=scope.operates, inspects=scope.inspects, city=scope.city, kecamatan=bool(scope.kecamatan))


def is_due(request: HttpRequest) -> bool:
    """Return whether to show the cards: not if they were put away on another device meanwhile."""
    return bool(request.session.get(NEW)) and not TourSeen.objects.filter(user=request.user.pk).exists()


def put_away(request: HttpRequest) -> None:
    """Never show the cards to this account again."""
    TourSeen.objects.get_or_create(user_id=request.user.pk or 0, defaults={"at": timezone.now()})
    request.session.pop(NEW, None)


def _note_sign_in(request: HttpRequest, user: Any, **_: Any) -> None:
    if not TourSeen.objects.filter(user=user).exists():
        request.session[NEW] = True
