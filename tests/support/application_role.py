"""The application's role of the database: within a test's transaction, or for programs that a test starts."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from django.db import connection
from psycopg import sql

from discipline.ops.append_only import roles


@contextmanager
def as_application() -> Iterator[str]:
    """Make a role with the application's grants and be it in the block; yield its name. Gone with the transaction."""
    role = f"application_of_{connection.settings_dict['NAME']}"
    name = sql.Identifier(role)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql.SQL("CREATE ROLE {}").format(name))
        roles.grant_to(role)
        cursor.execute(sql.SQL("SET LOCAL SESSION AUTHORIZATION {}").format(name))
    yield role
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL SESSION AUTHORIZATION DEFAULT")


@contextmanager
def application_url() -> Iterator[str]:
    """Make a role with the application's grants and yield the DATABASE_URL by which a program connects as it.

    The server must trust local roles, as the embedded one does.
    """
    values = connection.settings_dict
    role = f"programs_of_{values['NAME']}"
    name = sql.Identifier(role)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
    roles.grant_to(role)
    port = f":{values['PORT']}" if values["PORT"] else ""
    try:
        yield f"postgresql://{role}@{quote(values['HOST'], safe='')}{port}/{values['NAME']}"
    finally:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("DROP OWNED BY {}").format(name))
            cursor.execute(sql.SQL("DROP ROLE {}").format(name))
