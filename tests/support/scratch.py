"""Databases of a test's own beside the suite's, for commands that run in processes of their own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from tests.support.database import url_of


@contextmanager
def scratch_database(name: str, template: str = "template1") -> Iterator[str]:
    """Create a database, yield its address, and drop it at the end."""
    name = f"sidak_{name}_{os.getpid()}"
    create_database(name, template)
    try:
        yield url_of(name)
    finally:
        with psycopg.connect(url_of("postgres"), autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def create_database(name: str, template: str = "template1") -> None:
    """Create a database; one of this name is dropped."""
    with psycopg.connect(url_of("postgres"), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
