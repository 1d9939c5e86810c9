"""Who gets which reports by mail, for which places, and the token that stops them without signing in."""

from collections.abc import Mapping

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core import signing
from django.db.models import QuerySet

from discipline.reports.mail.kinds import MailKind
from discipline.reports.mail.models import ReportSubscription
from discipline.reports.numbers.places import CITY_KEY
from offices.access.gate import Scope, scope_from
from offices.access.models import Membership

FIELDS = {
    MailKind.DAY: "daily",
    MailKind.WEEK: "weekly",
    MailKind.MONTH: "monthly",
    MailKind.INCIDENTS: "incidents",
}
SALT = "sidak.report-mail"


class BadToken(ValueError):
    """The token is not signed by this site, or its user is not active."""


def recipients(kind: MailKind) -> list[tuple[int, str]]:
    """Return user id and place key for each report of that kind that is to be sent at present."""
    users = _users().prefetch_related("memberships__kecamatan", "memberships__kelurahan")
    return [(user.pk, place) for user in users if _stored_or_default(user)[kind] for place in _places(user, kind)]


def is_subscribed(user: int, kind: MailKind, place: str) -> bool:
    """Return whether an active user (id) gets reports of that kind and place at present."""
    account = _users().filter(pk=user).first()
    return account is not None and _stored_or_default(account)[kind] and place in _places(account, kind)


def offered_to(scope: Scope) -> list[MailKind]:
    """Return the kinds that a user with this scope can choose: those of other rooms are for who sees the city."""
    return [kind for kind in FIELDS if scope.city or kind.of_presence]


def subscriptions_of(user: int) -> dict[MailKind, bool]:
    """Return a user's choice by kind, or the defaults; all False for a user who is not active."""
    account = _users().filter(pk=user).first()
    return _stored_or_default(account) if account else dict.fromkeys(FIELDS, False)


def save_subscriptions(user: int, chosen: Mapping[MailKind, bool]) -> None:
    """Save a user's choice; kinds that are missing from `chosen` stay as they are."""
    changed = {FIELDS[kind]: on for kind, on in chosen.items()}
    current = {FIELDS[kind]: on for kind, on in subscriptions_of(user).items()}
    ReportSubscription.objects.update_or_create(user_id=user, defaults=changed, create_defaults=current | changed)


def stop_token(user: int, kind: MailKind) -> str:
    """Return the signed token of a mail's link, which stops and resumes this one kind. It never expires."""
    return signing.dumps([user, kind.value], salt=SALT)


def read_stop_token(text: str) -> tuple[int, MailKind]:
    """Return the user id and the kind of a token. Raises BadToken."""
    try:
        user, kind = signing.loads(text, salt=SALT)
        subscription = int(user), MailKind(kind)
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise BadToken from error
    if not _users().filter(pk=subscription[0]).exists():
        raise BadToken
    return subscription


def _users() -> QuerySet[User]:
    users = get_user_model().objects.filter(is_active=True).order_by("pk")
    return users.select_related("report_wish").prefetch_related("memberships")


def _stored_or_default(user: User) -> dict[MailKind, bool]:
    chosen = getattr(user, "report_wish", None)
    camat = any(membership.role == Membership.Role.CAMAT for membership in user.memberships.all())
    return {kind: getattr(chosen, name) if chosen else camat and kind.of_presence for kind, name in FIELDS.items()}


def _places(user: User, kind: MailKind) -> list[str]:
    """Return the keys of the places or the other room's report about which a user gets mails of that kind.

    A camat's kecamatan, else the city for users who see all, else their offices.
    """
    memberships = user.memberships.all()
    if not kind.of_presence:
        return [kind.value] if scope_from(user, memberships).city else []
    if kecamatan := sorted(membership.kecamatan.code for membership in memberships if membership.kecamatan):
        return kecamatan
    if scope_from(user, memberships).city:
        return [CITY_KEY]
    return sorted(membership.kelurahan.code for membership in memberships if membership.kelurahan)
