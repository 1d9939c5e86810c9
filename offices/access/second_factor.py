"""Who must sign in with a second factor, and who has one. For every page, socket and the administration."""

from collections.abc import Collection
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings

from offices.access.gate import Scope, scope_of

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_required(user: Any, scope: Scope) -> bool:
    """Return whether the user must have a second factor: mayor, operator, inspectorate, and all of the administration.

    Nobody must in the demo.
    """
    return settings.SECOND_FACTOR_REQUIRED and (scope.city or user.is_staff or user.is_superuser)


def enrolled(users: Collection[int]) -> set[int]:
    """Return which of these users (ids) have a second factor."""
    return set(Authenticator.objects.filter(user__in=users, type__in=FACTORS).values_list("user", flat=True))


def is_missing(user: Any) -> bool:
    """Return whether the user must enrol a second factor before anything else."""
    if not settings.SECOND_FACTOR_REQUIRED or enrolled([user.pk]):
        return False
    return is_required(user, scope_of(user))
