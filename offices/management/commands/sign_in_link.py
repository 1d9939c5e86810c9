"""manage.py sign_in_link: print a link by which an account gets a new password, when nobody can sign in to make one."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from offices.accounts.links import issue_link


class Command(BaseCommand):
    """Print a link, and record it in the log of rights."""

    help = "Print a link, valid once and for three days, by which an account gets a new password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the account and the switch for lost phones."""
        parser.add_argument("username")
        parser.add_argument("--without-factors", action="store_true", help="remove its second factors (phone lost)")

    def handle(self, *, username: str, without_factors: bool, **_: Any) -> None:
        """Print it."""
        user = get_user_model().objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"No active account is named {username}.")
        self.stdout.write(issue_link(None, user, timezone.now(), without_factors=without_factors).url)
