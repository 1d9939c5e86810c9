"""URLs below /open311/v2/. A number or code is all before the last point."""

from django.urls import path, re_path

from discipline.api.open311 import views

SUFFIX = r"\.(?P<suffix>json|xml)$"

urlpatterns = [
    re_path(f"^discovery{SUFFIX}", views.discovery, name="open311-discovery"),
    re_path(f"^services{SUFFIX}", views.services, name="open311-services"),
    re_path(f"^services/(?P<code>[^/]+){SUFFIX}", views.definition, name="open311-definition"),
    re_path(f"^requests{SUFFIX}", views.requests, name="open311-requests"),
    re_path(f"^requests/(?P<number>[^/]+){SUFFIX}", views.one_request, name="open311-request"),
    re_path(f"^tokens/(?P<receipt>[^/]+){SUFFIX}", views.token, name="open311-token"),
    path("<path:rest>", views.unknown, name="open311-missing"),
]
