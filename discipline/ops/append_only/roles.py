"""Two roles of PostgreSQL: the owner of the tables, who migrates, and the application, which can't rewrite records.

DATABASE_URL names the application's role and DATABASE_OWNER_URL the owner. With one role for both, as in tests, there
is nothing to grant; production.py refuses that.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from discipline.ops.append_only.tables import READ_ONLY, append_only_tables

OF_THE_ROLE = ("USER", "PASSWORD", "HOST", "PORT")

# What the session's role, which SET ROLE doesn't change, may do to the tables $1.
EXCESS = """
SELECT session_user,
    bool_or(pg_has_role(session_user, relowner, 'MEMBER')),
    array_agg(relname ORDER BY relname)
        FILTER (WHERE has_table_privilege(session_user, oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER'))
FROM pg_class WHERE oid = ANY(SELECT to_regclass(name) FROM unnest(%s::text[]) AS name)
"""


@contextmanager
def database_owner() -> Iterator[None]:
    """Connect as the owner in the block, in this thread, if DATABASE_OWNER_URL names one."""
    owner = settings.DATABASE_OWNER
    if owner is None:
        yield
        return
    before = connection.settings_dict
    connection.close()
    connection.settings_dict = before | {name: owner[name] for name in OF_THE_ROLE}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = before


def apply_grants() -> None:
    """As the owner, let the application's role do what it needs and no more. Does nothing without a second role."""
    if settings.DATABASE_OWNER is not None:
        grant_to(settings.DATABASES["default"]["USER"])


def grant_to(role: str) -> None:
    """Grant this role what the application needs of the tables that exist, and revoke the rest."""
    existing = set(connection.introspection.table_names())
    caches = {cache["LOCATION"] for cache in settings.CACHES.values()}  # tables without a model
    tables = existing & {*connection.introspection.django_table_names(), *READ_ONLY, *caches}
    to = sql.Identifier(role)
    every = sql.SQL(", ").join(map(sql.Identifier, sorted(tables)))
    statements = [
        sql.SQL("REVOKE ALL ON {} FROM {}").format(every, to),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}").format(every, to),
    ]
    statements += [
        sql.SQL("REVOKE INSERT, UPDATE, DELETE ON {} FROM {}").format(sql.Identifier(name), to)
        for name in tables & set(READ_ONLY)
    ]
    for table in append_only_tables():
        if table.name not in tables:
            continue
        name_of = sql.Identifier(table.name)
        statements.append(sql.SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(name_of, to))
        if table.changing:
            columns = sql.SQL(", ").join(map(sql.Identifier, table.changing))
            statements.append(sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(columns, name_of, to))
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def excess_of_role() -> tuple[str, bool, list[str]]:
    """Return the role, whether it owns these tables or could, and which append-only ones it may rewrite.

    A superuser could own any. Raises DatabaseError.
    """
    with connection.cursor() as cursor:
        cursor.execute(EXCESS, [[table.name for table in append_only_tables()]])
        role, owns, rewritable = cursor.fetchone()
    return role, bool(owns), rewritable or []
