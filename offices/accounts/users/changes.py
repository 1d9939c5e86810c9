"""Make all changes of *Pengguna*. Each is one transaction, recorded in the log of rights.

All accounts are locked meanwhile, so that two operators can't take each other's role at the same time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from offices.access.models import Membership
from offices.access.rights_log import record_lost_factors, recorded_rights
from offices.access.socket_groups import tell_sockets
from offices.accounts.links import IssuedLink, administered, issue_link, roles_for
from offices.accounts.sign_ins import end_other_sessions

Role = Membership.Role
PLACE = ("role", "kecamatan", "kelurahan", "agency")


class ChangeRefused(Exception):
    """Raised with the words for the operator when a change may not be made. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """The names and the address of an account to be made."""

    username: str
    name: str
    email: str = ""


@contextmanager
def _changing(by: Any, account: User | None, now: datetime) -> Iterator[None]:
    """Lock, check and record a change of `account`, read anew; None: of accounts that are yet to be made.

    Raises ChangeRefused for one's own account, for one out of reach, and when no operator would be left.
    """
    with recorded_rights(by, now):
        had_operator = _an_operator_is_left()
        if account is not None:
            if account.pk == by.pk:
                raise ChangeRefused(_("Akun sendiri tidak dapat diubah di sini. Mintalah operator lain."))
            if not administered(by).filter(pk=account.pk).exists():
                raise ChangeRefused(_("Akun ini tidak dapat Anda ubah."))
            account.refresh_from_db()
        yield
        if had_operator and not _an_operator_is_left():
            raise ChangeRefused(_("Ini operator terakhir. Angkat operator lain lebih dulu."))
        if account is not None:
            transaction.on_commit(partial(tell_sockets, account.pk))


def invite(by: Any, new: NewAccount, placing: Membership | None, now: datetime) -> IssuedLink:
    """Make an account without a password, and its link. `placing` is an unsaved membership. Raises ChangeRefused."""
    with transaction.atomic():
        with _changing(by, None, now):
            account = _create(by, new, placing)
        return issue_link(by, account, now)


def change(by: Any, account: User, values: NewAccount, placing: Membership | None, now: datetime) -> None:
    """Change name, address, and role and place: all memberships give way to `placing`. Raises ChangeRefused.

    The username stays. Sessions go on with the new rights.
    """
    with _changing(by, account, now):
        account.first_name, account.last_name, account.email = values.name, "", values.email
        account.save(update_fields=["first_name", "last_name", "email"])
        _place(by, account, placing)


def hand_over(by: Any, account: User, new: NewAccount, moved_to: Membership | None, now: datetime) -> IssuedLink:
    """Give the account's place to a new account, and return the link of it. Raises ChangeRefused.

    The old account moves to `moved_to`; None: it loses its role and is blocked.
    """
    with transaction.atomic():
        with _changing(by, account, now):
            held = account.memberships.first()  # type: ignore[attr-defined]  # related_name of Membership
            if held is None or account.memberships.count() > 1:  # type: ignore[attr-defined]
                raise ChangeRefused(_("Serah terima memerlukan akun dengan satu peran."))
            placing = Membership(**{name: getattr(held, name) for name in PLACE})
            _place(by, account, moved_to)
            if moved_to is None:
                _block(account, now)
            successor = _create(by, new, placing)
        return issue_link(by, successor, now)


def block(by: Any, account: User, now: datetime) -> None:
    """Let the account in no more, and end its sessions. Raises ChangeRefused."""
    with _changing(by, account, now):
        _block(account, now)


def unblock(by: Any, account: User, now: datetime) -> None:
    """Let the account in again, with the password that it had. Raises ChangeRefused."""
    with _changing(by, account, now):
        account.is_active = True
        account.save(update_fields=["is_active"])


def reset_password(by: Any, account: User, now: datetime) -> IssuedLink:
    """End the present password and the sessions, and return a link for a new one. Raises ChangeRefused."""
    with _changing(by, account, now):
        if not account.is_active:
            raise ChangeRefused(_("Akun ini diblokir. Buka blokirnya lebih dulu."))
        end_other_sessions(account, None, now)
        return issue_link(by, account, now)


def reset_factors(by: Any, account: User, now: datetime) -> None:
    """Remove all second factors of somebody who lost them, and end the sessions. Raises ChangeRefused."""
    with _changing(by, account, now):
        if not Authenticator.objects.filter(user=account).delete()[0]:
            raise ChangeRefused(_("Akun ini tidak mempunyai langkah kedua."))
        end_other_sessions(account, None, now)
        record_lost_factors(by, account, now)


def _an_operator_is_left() -> bool:
    return User.objects.filter(is_active=True, memberships__role=Role.OPERATOR).exists()


def _create(by: Any, new: NewAccount, placing: Membership | None) -> User:
    account = User(username=new.username, first_name=new.name, email=new.email)
    account.set_unusable_password()
    account.save()
    _place(by, account, placing)
    return account


def _place(by: Any, account: User, placing: Membership | None) -> None:
    """Give the account this membership and no other; one that it has already stays as it is."""
    wanted = [getattr(placing, name) for name in PLACE] if placing else None
    held = Membership.objects.filter(user=account).select_related(*PLACE[1:])
    if [[getattr(one, name) for name in PLACE] for one in held] == [wanted]:
        return
    if placing is not None and placing.role not in roles_for(by):
        raise ChangeRefused(_("Peran itu tidak dapat Anda berikan."))
    Membership.objects.filter(user=account).delete()
    if placing is not None:
        placing.user = account
        placing.save()


def _block(account: User, now: datetime) -> None:
    account.is_active = False
    account.save(update_fields=["is_active"])
    end_other_sessions(account, None, now)
