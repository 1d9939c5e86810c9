"""The site in a process forked from one that has imported everything: it answers at once instead of after 3 s.

Imported only by the fork server of multiprocessing. Nothing here may open a connection or start a thread.
"""

import asyncio
import os
from datetime import timedelta

import daphne.server
from daphne.cli import CommandLineInterface
from django.db import connection
from django.urls import get_resolver
from django.utils import timezone
from twisted.internet import reactor

import discipline.asgi  # noqa: F401 the slow import
from discipline.ops.web.daphne_options import daphne_options
from tests.support.hashing import hash_fast

get_resolver().url_patterns  # noqa: B018 imports the views

hash_fast()


def serve(port: int, database: str, ahead: timedelta) -> None:
    """Serve `database` on `port` of the loopback until killed, with Django's clock `ahead` of the real one."""
    real_now = timezone.now
    timezone.now = lambda: real_now() + ahead
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)
    os.dup2(devnull, 2)
    connection.settings_dict["NAME"] = database
    loop = asyncio.new_event_loop()  # the inherited one shares its epoll object with every sibling
    daphne.server.twisted_loop = loop
    reactor.__init__(loop)  # type: ignore[misc]
    CommandLineInterface().run(daphne_options(port))
