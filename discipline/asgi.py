"""ASGI application: HTTP and websockets with the same sessions; websockets from other origins are rejected."""

import gc
import os

from channels.routing import ProtocolTypeRouter
from channels.sessions import CookieMiddleware
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "discipline.settings")
django_application = get_asgi_application()

from discipline.ops.production import refuse_unfit_start  # noqa: E402 needs loaded apps
from discipline.ops.web import body_limit, websocket_protocol  # noqa: E402 needs settings
from discipline.ops.web.file_limit import raise_file_limit  # noqa: E402
from discipline.ops.web.request_limit import LimitedRequests  # noqa: E402
from discipline.ops.web.websocket_gate import WebsocketGate  # noqa: E402
from discipline.urls import websocket_urlpatterns  # noqa: E402 needs loaded apps
from streams.live.public.files_consumer import PublicFiles  # noqa: E402

refuse_unfit_start()
raise_file_limit()
body_limit.install()
websocket_protocol.install()

# Without AuthMiddleware, which asks the database before a socket is accepted: consumers ask (offices.access.sockets).
application = ProtocolTypeRouter(
    {
        "http": PublicFiles(LimitedRequests(django_application)),
        "websocket": WebsocketGate(websocket_urlpatterns, CookieMiddleware),
    }
)

# What is loaded by now stays for good. A full collection that walks it takes 0.2 s, of the page that is being made.
gc.collect()
gc.freeze()
