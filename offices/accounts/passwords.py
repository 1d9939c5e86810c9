"""Check passwords behind the brake: the only place that does, for signing in, confirming and signing reports."""

import logging
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Max, QuerySet

from offices.access.gate import User
from offices.accounts.brake_rule import Failures, wait_s
from offices.accounts.models import SignIn
from offices.accounts.visits import Visit

log = logging.getLogger(__name__)

COUNTED = timedelta(days=1)
# Wrong tries without a wait: for one account on one device or address, for one account from all unknown devices, from
# one address for all accounts. An address may be that of a whole office.
FREE_HERE, FREE_OF_ACCOUNT, FREE_OF_ADDRESS = 5, 25, 100
RIGHT = (SignIn.Outcome.PASSWORD, SignIn.Outcome.CONFIRMED, SignIn.Outcome.SIGNED_IN)


class Braked(Exception):
    """Raised when the next try must wait for `wait_s` more seconds. The password was not looked at."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


def try_password(username: str, visit: Visit, now: datetime, check: Callable[[], Any]) -> tuple[Any, SignIn]:
    """Return what `check` returns, which is false for a wrong password, and the try's row. Raises Braked.

    The try counts as wrong until `check` has said otherwise, so that tries at the same time count each other.
    """
    user = get_user_model().objects.filter(username=username).first()
    row = SignIn.objects.create(at=now, user=user, outcome=SignIn.Outcome.WRONG, **asdict(visit))
    wait = max(wait_s(failures) for failures in _failures(visit, row, now))
    if wait > 0:
        row.delete()
        log.info("Sign-in braked for %.0f s: account %s from %s", wait, user and user.pk, visit.address)
        raise Braked(wait)
    found = check()
    if not found:
        log.warning("Wrong password: account %s from %s", user and user.pk, visit.address)
    return found, row


def confirm_password(user: User, password: str, visit: Visit, now: datetime) -> bool:
    """Return whether this is the password of a user who is signed in. Raises Braked."""
    right, row = try_password(user.get_username(), visit, now, lambda: user.check_password(password))
    if right:
        SignIn.objects.filter(pk=row.pk).update(outcome=SignIn.Outcome.CONFIRMED)
    return bool(right)


def _failures(visit: Visit, row: SignIn, now: datetime) -> list[Failures]:
    """Return what counts against this try, `row`: earlier tries only."""
    recent = SignIn.objects.filter(at__gt=now - COUNTED, pk__lt=row.pk)
    here = recent.filter(account=visit.account, device=visit.device)
    if not visit.device:
        here = here.filter(address=visit.address)
    last_right = here.filter(outcome__in=RIGHT).aggregate(last=Max("pk"))["last"] or 0
    counted = [_count(here.filter(pk__gt=last_right), FREE_HERE, now)]
    if not visit.device:
        unknown = recent.filter(device="")
        counted.append(_count(unknown.filter(account=visit.account), FREE_OF_ACCOUNT, now))
        if visit.address:
            counted.append(_count(unknown.filter(address=visit.address), FREE_OF_ADDRESS, now))
    return counted


def _count(tries: QuerySet[SignIn], free: int, now: datetime) -> Failures:
    found = tries.filter(outcome=SignIn.Outcome.WRONG).aggregate(count=Count("pk"), last=Max("at"))
    return Failures(found["count"], free, (now - found["last"]).total_seconds() if found["last"] else 0)
