"""Write and read the log of sign-ins, and the sessions that are open. Connected to signals by offices/apps.py."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added
from django.conf import settings
from django.contrib.auth.models import User as Account
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from offices.access.browser_names import browser_name
from offices.access.gate import User
from offices.access.session_rule import GIVEN, LONGEST_S, SEEN_AT, SIGNED_IN_AT
from offices.access.socket_groups import tell_sockets
from offices.accounts.backend import TRY
from offices.accounts.models import GivenPassword, SignIn
from offices.accounts.visits import visit_of

KEPT = timedelta(days=180)
ROW = "sign_in"  # session key: id of the SignIn that began the session


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session in which the user is signed in; `here`: the one that asks."""

    row: SignIn
    seen_at: datetime
    here: bool

    @property
    def name(self) -> str:
        """Return browser and system."""
        return browser_name(self.row.agent)


def sign_ins_of(user: User) -> QuerySet[SignIn]:
    """Return the tries to sign in as this user, newest first."""
    return SignIn.objects.filter(user=user.pk).order_by("-pk")


def open_sessions(user: User, here: str | None, now: datetime) -> list[OpenSession]:
    """Return the user's open sessions, the last used first. `here` is the key of the one that asks."""
    rows = {row.session_key: row for row in _session_rows(user, now)}
    found = []
    for session in Session.objects.filter(session_key__in=rows, expire_date__gt=now):
        row, seen = rows[session.session_key], session.get_decoded().get(SEEN_AT)
        seen_at = datetime.fromtimestamp(seen, UTC) if seen else row.at
        found.append(OpenSession(row, seen_at, session.session_key == here))
    return sorted(found, key=lambda one: one.seen_at, reverse=True)


def end_other_sessions(user: User, here: str | None, now: datetime) -> int:
    """Sign the user out everywhere but in the session with the key `here`; return of how many sessions."""
    keys = [row.session_key for row in _session_rows(user, now) if row.session_key != here]
    ended = Session.objects.filter(session_key__in=keys).delete()[0]
    transaction.on_commit(lambda: tell_sockets(user.pk or 0))
    return ended


def keep_own_password(user: User) -> None:
    """Note that the account's owner chose its password."""
    GivenPassword.objects.filter(user=user.pk).delete()


def delete_old_sign_ins(now: datetime) -> None:
    """Delete tries that are older than KEPT."""
    SignIn.objects.filter(at__lt=now - KEPT).delete()


def _session_rows(user: User, now: datetime) -> QuerySet[SignIn]:
    return sign_ins_of(user).filter(at__gt=now - timedelta(seconds=LONGEST_S)).exclude(session_key="")


@receiver(user_logged_in)
def _note_sign_in(request: HttpRequest, user: Any, **_: Any) -> None:
    """Begin the session, and complete the row of its password; a passkey or a provider had none."""
    now, session = timezone.now(), request.session
    session[SIGNED_IN_AT] = session[SEEN_AT] = now.timestamp()
    if not settings.DEMO and GivenPassword.objects.filter(user=user).exists():
        session[GIVEN] = True
    tried = SignIn.objects.filter(pk=session.pop(TRY, 0), user=user).values_list("pk", flat=True).first()
    row = SignIn(
        pk=tried,
        at=now,
        user=user,
        outcome=SignIn.Outcome.SIGNED_IN,
        session_key=session.session_key or "",
        **asdict(visit_of(request, user.get_username())),
    )
    row.save()
    session[ROW] = row.pk
    request.signed_in = user.get_username()  # type: ignore[attr-defined]


@receiver(authentication_failed)
def _note_wrong_code(request: HttpRequest, user: Any, **_: Any) -> None:
    visit = asdict(visit_of(request, user.get_username()))
    SignIn.objects.create(at=timezone.now(), user=user, outcome=SignIn.Outcome.WRONG_CODE, **visit)


@receiver(post_save, sender=Account)
def _note_given_password(instance: Account, **_: Any) -> None:
    """Whoever calls set_password may be somebody else. The pages where owners choose theirs say afterwards that they
    did; create_user and createsuperuser do not come here.
    """
    if instance._password is not None:  # type: ignore[attr-defined]
        GivenPassword.objects.update_or_create(user=instance, defaults={"at": timezone.now()})


@receiver(password_changed)
def _follow_session(request: HttpRequest, user: Any, **_: Any) -> None:
    """Django gives the session that changed the password another key; it ended all others."""
    keep_own_password(user)
    request.session.pop(GIVEN, None)
    SignIn.objects.filter(pk=request.session.get(ROW, 0)).update(session_key=request.session.session_key)


@receiver(authenticator_added)
def _end_sessions_without_factor(request: HttpRequest, user: Any, authenticator: Authenticator, **_: Any) -> None:
    """Whoever knew the password alone is out when its owner adds a second factor."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        end_other_sessions(user, request.session.session_key, timezone.now())
