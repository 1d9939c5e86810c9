"""Links that let their receiver set a password once: an invitation, or a reset. Nobody else learns the password."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from offices.access.gate import User as AnyUser
from offices.access.models import Membership
from offices.access.rights_log import record_link

Role = Membership.Role


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """A link and for whom it is. It is shown once and stored nowhere."""

    user: User
    url: str


def administered(by: Any) -> QuerySet[User]:
    """Return the accounts that this operator may change and for which links may be made, the blocked ones last.

    A link opens an account, so only superusers change those of the inspectorate and of the administration.
    """
    accounts = User.objects.prefetch_related(*(f"memberships__{name}" for name in ("kecamatan", "kelurahan", "agency")))
    if not by.is_superuser:
        accounts = accounts.filter(is_superuser=False, is_staff=False).exclude(memberships__role=Role.INSPECTOR)
    return accounts.order_by("-is_active", "first_name", "username")


def roles_for(by: Any) -> list[Role]:
    """Return the roles that this operator may give."""
    return [role for role in Role if role != Role.INSPECTOR or by.is_superuser]


@transaction.atomic
def issue_link(by: AnyUser | None, user: User, now: datetime, *, without_factors: bool = False) -> IssuedLink:
    """Make a link, valid once and for three days; record it in the log of rights. by None: on the command line.

    The present password, the links before and the open sessions end with it. `without_factors` also removes the second
    factors: of somebody who lost the phone and the recovery codes.
    """
    if without_factors:
        Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    record_link(by, user, now, without_factors=without_factors)
    return make_link(user)


def make_link(user: User) -> IssuedLink:
    """Make a link, valid once and for three days. The present password goes on until the link is used."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("set-password", args=[uid, default_token_generator.make_token(user)])
    return IssuedLink(user, settings.SITE_URL.rstrip("/") + path)
