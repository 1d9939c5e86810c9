"""Authenticate the users of websockets, when they open and again while they are open, and limit how many one may open.

After a restart a thousand sockets ask at once. Those that ask while one read is under way share the next, so that a few
queries serve all of them, and none gets an answer older than its question.
"""

import logging
from collections.abc import Collection
from importlib import import_module
from time import monotonic
from typing import Any
from weakref import WeakSet

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from offices.access.gate import Scope, User, scope_from
from offices.access.models import Membership
from offices.access.second_factor import enrolled, is_required
from offices.access.session_rule import GIVEN, is_idle, is_over

log = logging.getLogger(__name__)

NOT_LOGGED_IN, NOT_YOURS, TOO_MANY = 4401, 4403, 4429

UserAndScope = tuple[User, Scope]


async def user_of_socket(scope: dict[str, Any]) -> UserAndScope | None:
    """Return the user of an ASGI scope and the user's Scope, as they are now.

    None when the session has ended, the password has changed, the user was deactivated or lacks a second factor.
    """
    key = scope["cookies"].get(settings.SESSION_COOKIE_NAME)
    return await _reader.find(key) if key else None


class UserSockets:
    """The open sockets of each user in this process, at most `most` of one."""

    def __init__(self, most: int) -> None:
        self.most = most
        # Weak, as a consumer that is cancelled while it connects is never told that it was disconnected.
        self._open: dict[object, WeakSet[object]] = {}  # by user id

    def enter(self, user: User, socket: object) -> bool:
        """Count the socket. False, and not counted, when the user has as many others."""
        sockets = self._open.setdefault(user.pk, WeakSet())
        if socket not in sockets and len(sockets) >= self.most:
            return False
        sockets.add(socket)
        return True

    def leave(self, user: User, socket: object) -> None:
        """Count the socket no longer."""
        sockets = self._open.get(user.pk, WeakSet())
        sockets.discard(socket)
        if not sockets:
            self._open.pop(user.pk, None)


open_sockets = UserSockets(20)
live_sockets = UserSockets(5)  # which send video; they count as open sockets, too


class SessionReader:
    """Reads the users of sessions. Times are seconds of time.monotonic()."""

    def __init__(self) -> None:
        self._wanted: set[str] = set()
        self._found: dict[str, UserAndScope | None] = {}
        self._read_at = float("-inf")

    async def find(self, key: str) -> UserAndScope | None:
        """Return the user of a session and the user's scope, read after this call."""
        asked_at = monotonic()
        self._wanted.add(key)
        found: UserAndScope | None = await database_sync_to_async(self._answer)(key, asked_at)
        return found

    # database_sync_to_async runs these one after another in one thread, so a later call finds what an earlier one read.

    def _answer(self, key: str, asked_at: float) -> UserAndScope | None:
        if self._read_at < asked_at or key not in self._found:
            wanted, self._wanted = self._wanted, set()
            read_at = monotonic()
            self._found = _read_users(wanted | {key})
            self._read_at = read_at
        return self._found[key]


def _read_users(keys: Collection[str]) -> dict[str, UserAndScope | None]:
    """Return the user of each session, None where there is none or a second factor is missing. Four queries."""
    store: type[SessionStore] = import_module(settings.SESSION_ENGINE).SessionStore
    sessions = store.get_model_class().objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    contents = {session.session_key: session.get_decoded() for session in sessions}
    users: dict[str, AbstractUser] = {
        str(user.pk): user
        for user in get_user_model().objects.filter(
            pk__in={content[SESSION_KEY] for content in contents.values() if SESSION_KEY in content}
        )
    }
    memberships: dict[int, list[Membership]] = {user.pk: [] for user in users.values()}
    for membership in Membership.objects.filter(user__in=memberships):
        memberships[membership.user_id].append(membership)
    with_factor = enrolled(memberships) if settings.SECOND_FACTOR_REQUIRED else set()
    found: dict[str, UserAndScope | None] = dict.fromkeys(keys)
    for key, content in contents.items():
        user = users.get(content.get(SESSION_KEY, ""))
        if user and _is_signed_in(user, content):
            scope = scope_from(user, memberships[user.pk])
            stays = not scope.inspects or not is_idle(content, timezone.now().timestamp())
            if stays and (user.pk in with_factor or not is_required(user, scope)):
                found[key] = user, scope
    return found


def _is_signed_in(user: AbstractUser, content: dict[str, Any]) -> bool:
    """Return whether the user may still use a session with this content, as django.contrib.auth.get_user decides."""
    if not user.is_active or content.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return False
    if is_over(content, timezone.now().timestamp()) or content.get(GIVEN):
        return False
    known = content.get(HASH_SESSION_KEY, "")
    valid = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    return any(constant_time_compare(known, one) for one in valid)


_reader = SessionReader()
