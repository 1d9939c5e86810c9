"""Users of websockets: read for many at once, never older than the question, and so many sockets each."""

import asyncio
import gc
from datetime import timedelta

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import SimpleTestCase, TransactionTestCase
from django.utils import timezone

from offices.access.gate import scope_of
from offices.access.sockets import SessionReader, UserSockets
from tests.support.base import World
from tests.support.sockets import signed_in


def session_of(user: User) -> str:
    return signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value


class Sessions(TransactionTestCase):
    def setUp(self) -> None:
        w = self.world = World()
        self.reader = SessionReader()
        self.users = (w.walikota, w.ani, w.budi, w.citra, w.dewi, w.eko, w.tamu)
        self.keys = [session_of(user) for user in self.users]

    async def test_a_crowd_costs_few_queries_and_everybody_gets_own_scope(self) -> None:
        used = await sync_to_async(lambda: connections["default"])()  # that of the thread which reads
        used.force_debug_cursor = True
        used.queries_log.clear()
        found = await asyncio.gather(*(self.reader.find(key) for key in self.keys * 100))
        used.force_debug_cursor = False
        assert len(used.queries_log) in (3, 6, 9), "the first may be read before the last have asked"
        for user, answer in zip(self.users * 100, found, strict=True):
            assert answer
            assert answer[0] == user
        for user, answer in zip(self.users, found, strict=False):
            assert answer
            assert answer[1] == await sync_to_async(scope_of)(user)

    async def test_an_answer_is_never_older_than_its_question(self) -> None:
        w = self.world
        assert all([await self.reader.find(key) for key in self.keys])
        await User.objects.filter(pk=w.budi.pk).aupdate(is_active=False)
        await User.objects.filter(pk=w.citra.pk).aupdate(password="another")
        await Session.objects.filter(session_key=self.keys[4]).adelete()
        await Session.objects.filter(session_key=self.keys[5]).aupdate(
            expire_date=timezone.now() - timedelta(seconds=1)
        )
        found = await asyncio.gather(*(self.reader.find(key) for key in self.keys))
        assert [bool(one) for one in found] == [True, True, False, False, False, False, True]

    async def test_sessions_that_do_not_exist_or_are_empty_have_no_user(self) -> None:
        await Session.objects.acreate(
            session_key="empty", session_data="broken", expire_date=timezone.now() + timedelta(days=1)
        )
        assert [await self.reader.find(key) for key in ("unknown", "empty", "\x01")] == [None] * 3


class Counting(SimpleTestCase):
    def test_a_user_has_only_so_many_sockets_and_others_theirs(self) -> None:
        class Socket:
            pass

        sockets, ani, budi = UserSockets(2), User(pk=1), User(pk=2)
        first, second, third = Socket(), Socket(), Socket()
        assert [sockets.enter(ani, one) for one in (first, second, third, first)] == [True, True, False, True]
        assert sockets.enter(budi, third)
        sockets.leave(ani, first)
        assert sockets.enter(ani, third)
        sockets.leave(AnonymousUser(), first)  # closed before its user was known
        del second
        gc.collect()
        assert sockets.enter(ani, first), "one that vanished without being disconnected no longer counts"
