"""The site in a process that is forked from one with everything imported: it answers at once instead of after 3 s.

For the fork server of multiprocessing alone. Nothing here may open a connection or start a thread.
"""

import asyncio
import os

import daphne.server
from daphne.cli import CommandLineInterface
from django.db import connection
from django.urls import get_resolver
from twisted.internet import reactor

import discipline.asgi  # noqa: F401 what takes the time
from tests.support.hashing import hash_fast

get_resolver().url_patterns  # noqa: B018 the pages, likewise

hash_fast()


def serve(port: int, database: str) -> None:
    """Serve on `port` of the loopback and on `database`, until killed."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    connection.settings_dict["NAME"] = database
    loop = asyncio.new_event_loop()  # the inherited one shares its epoll object with every sibling
    daphne.server.twisted_loop = loop
    reactor.__init__(loop)  # type: ignore[misc]
    CommandLineInterface().run(["-b", "127.0.0.1", "-p", str(port), "discipline.asgi:application"])
