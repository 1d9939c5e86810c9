"""ASGI application: HTTP and websockets with the same sessions; websockets from other origins are rejected."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "discipline.settings")
django_application = get_asgi_application()

from discipline.ops.web import body_limit, socket_compression  # noqa: E402 needs settings
from discipline.urls import websocket_urlpatterns  # noqa: E402 needs loaded apps

body_limit.install()
socket_compression.install()

application = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)
