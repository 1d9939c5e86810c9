"""Refuse to start in production with the demo's data, without HTTPS, or with too powerful a role of the database.

The web server, `watch`, the worker and beat call refuse_unfit_start. `manage.py run` starts them with DEMO=1, and then
nothing is refused. `manage.py check --deploy --database default` reports the same.
"""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from celery.signals import beat_init, worker_init
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser
from django.core.checks import CheckMessage, Error, Tags, Warning, register, run_checks
from django.db import DatabaseError, OperationalError, connection

from discipline.ops import demo_data
from discipline.ops.append_only import roles
from discipline.ops.web.transport import exposed_hosts

log = logging.getLogger(__name__)

PRODUCTION = "production"


@register(PRODUCTION, deploy=True)
def check_https(**_: Any) -> list[CheckMessage]:
    """Refuse hosts that other machines reach without HTTPS."""
    exposed = [] if settings.DEMO or settings.BEHIND_TLS else exposed_hosts(settings.ALLOWED_HOSTS)
    if not exposed:
        return []
    return [
        Error(
            f"ALLOWED_HOSTS names {', '.join(exposed)}, but BEHIND_TLS is off: passwords and sessions would cross the "
            "network in the clear.",
            hint="Put a proxy with HTTPS in front and set BEHIND_TLS=1, or leave ALLOWED_HOSTS at this machine.",
            id="discipline.E001",
        )
    ]


@register(PRODUCTION, Tags.database, deploy=True)
def check_demo_data(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Refuse the demo's database, and active users with its password."""
    if settings.DEMO or not databases:
        return []
    try:
        if demo_data.is_demo_database():
            return [
                Error(
                    "This is the demo's database: its accounts have a known password, and its cameras are simulated.",
                    hint="Name the city's own database by DATABASE_URL. The demo is started by `make run`.",
                    id="discipline.E002",
                )
            ]
        known = [user.get_username() for user in _with_the_demo_password()]
    except OperationalError as error:
        return [Warning(f"The database was not searched for the demo's data: {error}".strip(), id="discipline.W001")]
    except DatabaseError:  # not migrated yet
        return []
    if not known:
        return []
    return [
        Error(
            f"The demo's password, which anybody can read, is that of {', '.join(known)}.",
            hint="`manage.py changepassword NAME`, or deactivate the account.",
            id="discipline.E003",
        )
    ]


@register(PRODUCTION, Tags.database, deploy=True)
def check_database_role(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Refuse a role of the database that can rewrite what is append-only."""
    if settings.DEMO or not databases:
        return []
    try:
        role, owns, rewritable = roles.excess_of_role()
    except OperationalError:  # check_demo_data says so
        return []
    if not owns and not rewritable:
        return []
    what = "is a superuser or the owner of the tables" if owns else f"may rewrite {', '.join(rewritable)}"
    return [
        Error(
            f"The database's role {role} {what}: whoever gets hold of a program could rewrite evidence and logs.",
            hint="Name another role by DATABASE_URL and this one by DATABASE_OWNER_URL, and run manage.py migrate.",
            id="discipline.E004",
        )
    ]


def refuse_unfit_start() -> None:
    """Exit with the errors of the checks above, if there are any; log their warnings."""
    if settings.DEMO:
        return
    found = run_checks(tags=[PRODUCTION], include_deployment_checks=True, databases=["default"])
    if not connection.in_atomic_block:
        connection.close()  # other threads do the program's work
    for message in found:
        if not message.is_serious():
            log.warning("%s", message.msg)
    if errors := [message for message in found if message.is_serious()]:
        raise SystemExit("\n".join(f"Not started: {error.msg} {error.hint}" for error in errors))


@worker_init.connect  # type: ignore[untyped-decorator]  # Celery has no type hints
@beat_init.connect  # type: ignore[untyped-decorator]
def _refuse_unfit_celery(**_: Any) -> None:
    refuse_unfit_start()


def _with_the_demo_password() -> Iterator[AbstractBaseUser]:
    """Find the active users with the demo's password.

    Comparing takes half a second per user, so hashes that were found different are remembered in var/run, as digests.
    """
    seen = Path(settings.VAR_DIR / "run" / "not-the-demo-password")
    seen.parent.mkdir(parents=True, exist_ok=True)
    different = set(seen.read_text().split()) if seen.exists() else set()
    with seen.open("a") as file:
        for user in get_user_model().objects.filter(is_active=True).order_by("pk"):
            digest = hashlib.sha256(user.password.encode()).hexdigest()
            if digest in different:
                continue
            # Not user.check_password(), which would store a hash of newer strength.
            if check_password(demo_data.PASSWORD, user.password):
                yield user
            else:
                file.write(f"{digest}\n")
                file.flush()
