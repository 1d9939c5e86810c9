"""Authenticate the user of a websocket, when it opens and again while it is open."""

from typing import Any

from channels.auth import get_user
from channels.db import database_sync_to_async

from offices.access.gate import Scope, User, scope_of

NOT_LOGGED_IN, NOT_YOURS = 4401, 4403


async def user_of_socket(scope: dict[str, Any]) -> tuple[User, Scope] | None:
    """Return the user of an ASGI scope and the user's Scope.

    None when the session has ended, the password has changed or the user was deactivated.
    """
    session = scope["session"]
    if not session.session_key or not await database_sync_to_async(session.exists)(session.session_key):
        return None
    user = await get_user(scope)
    if not user.is_authenticated or not user.is_active:
        return None
    return user, await database_sync_to_async(scope_of)(user)
