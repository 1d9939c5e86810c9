"""Authenticate by password behind the brake, whichever page asks."""

from functools import partial
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from offices.accounts.models import SignIn
from offices.accounts.passwords import Braked, try_password
from offices.accounts.visits import visit_of

TRY = "sign_in_try"  # session key: id of the SignIn whose password was right


class BrakedBackend(ModelBackend):
    """Django's backend with the brake. `request.braked_s` says how long the next try must wait."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        """Return the user, or None. Raises PermissionDenied while the brake holds, which ends Django's search."""
        if request is None or username is None or password is None:
            return None
        visit = visit_of(request, username)
        check = partial(super().authenticate, request, username, password)
        try:
            user, row = try_password(username, visit, timezone.now(), check)
        except Braked as braked:
            request.braked_s = braked.wait_s  # type: ignore[attr-defined]
            raise PermissionDenied from braked
        if user is None:
            return None
        again = getattr(request, "user", None) == user
        outcome = SignIn.Outcome.CONFIRMED if again else SignIn.Outcome.PASSWORD
        SignIn.objects.filter(pk=row.pk).update(outcome=outcome)
        if not again:
            request.session[TRY] = row.pk
        found: User = user
        return found
