"""Find accounts by name, role and state."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from offices.access import second_factor
from offices.accounts import sign_ins
from offices.accounts.links import administered

NO_ROLE = "-"  # the filter's value


class UserState(StrEnum):
    """What an account's owner can do with it now."""

    ACTIVE = "aktif"
    INVITED = "undangan"  # waits for its owner to set a password by a link
    BLOCKED = "blokir"


STATES = {
    UserState.ACTIVE: _("Aktif"),
    UserState.INVITED: _("Menunggu sandi"),
    UserState.BLOCKED: _("Diblokir"),
}


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """What the list is narrowed to; "" does not narrow."""

    words: str = ""
    role: str = ""
    state: str = ""


def find_accounts(by: Any, wanted: AccountFilter) -> QuerySet[User]:
    """Return the accounts of `administered` that match; words match names, places and addresses."""
    found = administered(by).annotate(bound=Exists(SocialAccount.objects.filter(user=OuterRef("pk"))))
    for word in wanted.words.split():
        own = Q(username__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
        place = Q(memberships__kelurahan__name__icontains=word) | Q(memberships__kecamatan__name__icontains=word)
        agency = Q(memberships__agency__name__icontains=word)
        found = found.filter(own | place | agency | Q(email__icontains=word))
    if wanted.role == NO_ROLE:
        found = found.filter(memberships=None)
    elif wanted.role:
        found = found.filter(memberships__role=wanted.role)
    invited = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX, bound=False)
    if wanted.state == UserState.BLOCKED:
        found = found.filter(is_active=False)
    elif wanted.state == UserState.INVITED:
        found = found.filter(invited, is_active=True)
    elif wanted.state == UserState.ACTIVE:
        found = found.filter(~invited, is_active=True)
    return found.distinct()


def state_of(account: User, *, bound: bool) -> UserState:
    """Return the account's state. `bound`: it is let in by the city's provider."""
    if not account.is_active:
        return UserState.BLOCKED
    return UserState.ACTIVE if bound or account.has_usable_password() else UserState.INVITED


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What the page of an account says beside its names and roles."""

    state: UserState
    state_words: Any
    with_factor: bool
    sessions: Collection[sign_ins.OpenSession]


def facts_of(account: User, now: datetime) -> AccountFacts:
    """Return them. Five queries."""
    state = state_of(account, bound=SocialAccount.objects.filter(user=account).exists())
    factor = bool(second_factor.enrolled([account.pk]))
    return AccountFacts(state, STATES[state], factor, sign_ins.open_sessions(account, None, now))
