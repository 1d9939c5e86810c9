"""Who gets which report by mail, of which place, and the token by which they stop it without signing in."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.core import signing

from discipline.reports.mail.models import ReportSubscription
from discipline.reports.numbers.period import PeriodKind
from discipline.reports.numbers.places import CITY_KEY
from offices.access.gate import scope_from
from offices.access.models import Membership

FIELDS = {PeriodKind.DAY: "daily", PeriodKind.WEEK: "weekly", PeriodKind.MONTH: "monthly"}
SALT = "sidak.report-mail"


class BadToken(ValueError):
    """Not one of ours, or of somebody who is gone."""


def recipients(kind: PeriodKind) -> list[tuple[int, str]]:
    """User and place key of everybody who gets reports of that kind now."""
    users = _users().prefetch_related("memberships__kecamatan", "memberships__kelurahan")
    return [(user.pk, place) for user in users if _stored_or_default(user)[kind] for place in _places(user)]


def is_subscribed(user: int, kind: PeriodKind, place: str) -> bool:
    """Whether an active user gets reports of that kind and place now."""
    found = _users().filter(pk=user).first()
    return found is not None and _stored_or_default(found)[kind] and place in _places(found)


def subscriptions_of(user: int) -> dict[PeriodKind, bool]:
    """Chosen or usual; nothing for somebody who is not active."""
    found = _users().filter(pk=user).first()
    return _stored_or_default(found) if found else dict.fromkeys(FIELDS, False)


def save_subscriptions(user: int, chosen: Mapping[PeriodKind, bool]) -> None:
    """Keep what one person has chosen; kinds that are missing stay as they are."""
    said = {FIELDS[kind]: on for kind, on in chosen.items()}
    usual = {FIELDS[kind]: on for kind, on in subscriptions_of(user).items()}
    ReportSubscription.objects.update_or_create(user_id=user, defaults=said, create_defaults=usual | said)


def stop_token(user: int, kind: PeriodKind) -> str:
    """For the link in a mail. It lasts as long as the mail may be read, and can stop or resume this one kind."""
    return signing.dumps([user, kind.value], salt=SALT)


def read_stop_token(text: str) -> tuple[int, PeriodKind]:
    """User and kind. BadToken."""
    try:
        user, kind = signing.loads(text, salt=SALT)
        found = int(user), PeriodKind(kind)
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise BadToken from error
    if not _users().filter(pk=found[0]).exists():
        raise BadToken
    return found


def _users() -> Any:
    users = get_user_model().objects.filter(is_active=True).order_by("pk")
    return users.select_related("report_wish").prefetch_related("memberships")


def _stored_or_default(user: Any) -> dict[PeriodKind, bool]:
    chosen = getattr(user, "report_wish", None)
    camat = any(one.role == Membership.Role.CAMAT for one in user.memberships.all())
    return {kind: getattr(chosen, name) if chosen else camat for kind, name in FIELDS.items()}


def _places(user: Any) -> list[str]:
    """What the user answers for: a camat's kecamatan, else the city of who sees all of it, else the own offices."""
    memberships: Iterable[Membership] = user.memberships.all()
    if kecamatan := sorted(one.kecamatan.code for one in memberships if one.kecamatan):
        return kecamatan
    if scope_from(user, memberships).city:
        return [CITY_KEY]
    return sorted(one.kelurahan.code for one in memberships if one.kelurahan)
