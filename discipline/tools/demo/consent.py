"""Ask before the demo is seeded into a database that DATABASE_URL names."""

import sys

from django.conf import settings
from django.db import DatabaseError, connection

from discipline.ops import demo_data
from discipline.ops.local.supervisor import LaunchError
from discipline.tools.demo import seeding
from offices.places.models import Kelurahan


def require_consent(name: str) -> None:
    """Return if the demo may be seeded into this database, migrated or not. Raises LaunchError.

    It may if it was before. It never may if there are cameras or accounts; else with DEMO=1, or when the person at the
    terminal enters the database's name.
    """
    try:
        migrated = Kelurahan._meta.db_table in connection.introspection.table_names()
        if migrated and demo_data.is_demo_database():
            return
        if migrated:
            seeding.require_no_own_data()
        holds = "holds offices but no accounts" if migrated and Kelurahan.objects.exists() else "is empty"
    except seeding.NotADemo as error:
        raise LaunchError(str(error)) from error
    except DatabaseError as error:
        raise LaunchError(f"PostgreSQL does not answer: {error}".strip()) from error
    if settings.DEMO:
        return
    question = (
        f"The database {name} (DATABASE_URL) {holds}. The demo would create accounts with a known password in it, and "
        "it could not become the city's own afterwards."
    )
    if sys.stdin.isatty() and input(f"{question}\nEnter its name to go on: ").strip() == name:
        return
    raise LaunchError(f"{question} If that is what you want: DEMO=1 make run")
