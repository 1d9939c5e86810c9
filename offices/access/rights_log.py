"""Record changes of rights: accounts, roles, groups, permissions and passwords. The only writer of RightsChange."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import is_password_usable
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from offices.access.gate import User
from offices.access.models import Membership
from offices.access.rights_models import RightsChange


class Right(StrEnum):
    """The kinds of rights in the log."""

    ACCOUNT = "account"  # account:USERNAME
    ACTIVE = "active"
    STAFF = "staff"
    SUPERUSER = "superuser"
    PASSWORD = "password"  # a new one  # noqa: S105
    LINK = "link"  # to set a new password
    FACTORS = "factors"  # all second factors
    EMAIL = "email"  # another address, to which links for a new password may go
    ROLE = "role"  # role:ROLE, or role:ROLE:KECAMATAN, KELURAHAN OR AGENCY
    GROUP = "group"  # group:NAME
    PERMISSION = "permission"  # permission:APP.CODENAME, from the user's own or a group's


@dataclass(slots=True)
class AccountState:
    """What an account may do, and its password's hash."""

    name: str
    password: str
    email: str = ""
    rights: set[str] = field(default_factory=set)


@contextmanager
def recorded_rights(by: User, now: datetime) -> Iterator[None]:
    """Run the block in a transaction, and record what it changes of any account's rights as done by this user.

    Other changes recorded by this function wait meanwhile.
    """
    by_key, by_name = by.pk or 0, by.get_username()
    with transaction.atomic():
        before = _lock_accounts()
        yield
        after = _lock_accounts()
        changes = []
        for key in sorted(before.keys() | after.keys()):
            old, new = before.get(key), after.get(key)
            given, taken = _difference(old, new)
            if key == by_key:
                given -= {Right.PASSWORD, Right.EMAIL}  # one's own
            if given or taken:
                name = (new or old or AccountState("", "")).name
                changes.append(
                    RightsChange(
                        at=now,
                        by_key=by_key,
                        by_name=by_name,
                        user_key=key,
                        user_name=name,
                        given=sorted(given),
                        taken=sorted(taken),
                    )
                )
        RightsChange.objects.bulk_create(changes)


def record_link(by: User | None, user: Any, now: datetime, *, without_factors: bool) -> None:
    """Record that a link was made by which the account's password can be set; by None: on the command line."""
    _record(by, user, now, given=[Right.LINK], taken=[Right.FACTORS] if without_factors else [])


def record_lost_factors(by: User, user: Any, now: datetime) -> None:
    """Record that all second factors of the account were removed."""
    _record(by, user, now, given=[], taken=[Right.FACTORS])


def filter_changes(words: str = "") -> QuerySet[RightsChange]:
    """Return the changes whose accounts or rights match all words, newest first."""
    found = RightsChange.objects.all()
    for word in words.split():
        found = found.filter(Q(user_name__icontains=word) | Q(by_name__icontains=word))
    return found


def right_words(right: str) -> str:
    """Return a stored right in the present language."""
    kind, _colon, name = right.partition(":")
    if kind == Right.ROLE:
        role, _colon, place = name.partition(":")
        title = str(Membership.Role(role).label) if role in Membership.Role.values else role
        return " ".join(filter(None, [_("peran %(role)s") % {"role": title}, place]))
    texts = {
        Right.ACCOUNT: _("akun %(name)s"),
        Right.ACTIVE: _("akun aktif"),
        Right.STAFF: _("masuk ke administrasi"),
        Right.SUPERUSER: _("pengguna super (semua hak)"),
        Right.PASSWORD: _("kata sandi baru"),
        Right.LINK: _("tautan untuk membuat sandi"),
        Right.FACTORS: _("semua langkah kedua"),
        Right.EMAIL: _("alamat e-mail lain"),
        Right.GROUP: _("kelompok %(name)s"),
        Right.PERMISSION: _("izin %(name)s"),
    }
    return texts[Right(kind)] % {"name": name} if kind in texts else right


def _record(by: User | None, user: Any, now: datetime, *, given: list[Right], taken: list[Right]) -> None:
    RightsChange.objects.create(
        at=now,
        by_key=(by and by.pk) or 0,
        by_name=by.get_username() if by else "manage.py",
        user_key=user.pk,
        user_name=user.get_username(),
        given=given,
        taken=taken,
    )


def _difference(old: AccountState | None, new: AccountState | None) -> tuple[set[str], set[str]]:
    """Return the rights given and taken; None: there is no such account."""
    had, has = old.rights if old else set(), new.rights if new else set()
    given, taken = set(has - had), set(had - has)
    if new and is_password_usable(new.password) and (old is None or old.password != new.password):
        given.add(Right.PASSWORD)
    if old and new and old.email != new.email:
        given.add(Right.EMAIL)
    return given, taken


def _lock_accounts() -> dict[int, AccountState]:
    """Return all accounts by key, locked until the transaction ends. Five queries."""
    model = get_user_model()
    accounts: dict[int, AccountState] = {}
    for user in model.objects.select_for_update().order_by("pk"):
        flags = {Right.ACTIVE: user.is_active, Right.STAFF: user.is_staff, Right.SUPERUSER: user.is_superuser}
        rights = {str(right) for right, has in flags.items() if has}
        accounts[user.pk] = AccountState(
            user.username, user.password, user.email, {f"{Right.ACCOUNT}:{user.username}", *rights}
        )
    for member in Membership.objects.select_related("kecamatan", "kelurahan", "agency"):
        place = member.kecamatan or member.kelurahan or member.agency
        accounts[member.user_id].rights.add(f"{Right.ROLE}:{member.role}" + (f":{place}" if place else ""))
    for key, group in model.groups.through.objects.values_list("user", "group__name"):
        accounts[key].rights.add(f"{Right.GROUP}:{group}")
    for key, permission in _permissions():
        accounts[key].rights.add(f"{Right.PERMISSION}:{permission}")
    return accounts


def _permissions() -> set[tuple[int, str]]:
    holders: dict[str, set[int]] = defaultdict(set)
    names = ("content_type__app_label", "codename")
    for path in ("user", "group__user"):
        held = Permission.objects.filter(**{f"{path}__isnull": False})
        for app, codename, user in held.values_list(*names, path):
            holders[f"{app}.{codename}"].add(user)
    return {(user, permission) for permission, users in holders.items() for user in users}
