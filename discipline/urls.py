"""Every address of Sidak."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from discipline import (
    decision_views,
    inbox_views,
    incident_views,
    indication_views,
    live_views,
    shell_views,
    views,
    wall_views,
)
from discipline.consumers import BoardConsumer, OfficeConsumer
from discipline.health_views import healthz
from discipline.wall_consumer import WallConsumer
from streams import viewing_views
from streams.consumers import LiveConsumer

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.board, name="board"),
    path("kantor/<str:code>/", views.office, name="office"),
    path("dinding/", wall_views.page, name="wall"),
    path("kantor/<str:code>/langsung/", live_views.office_live, name="office-live"),
    path("gangguan/", incident_views.incidents, name="incidents"),
    path("indikasi/", inbox_views.indications, name="indications"),
    path("indikasi/<int:pk>/", indication_views.indication, name="indication"),
    path("indikasi/<int:pk>/indikasi.pdf", indication_views.sheet, name="indication-pdf"),
    path("indikasi/<int:pk>/jelaskan/", decision_views.explain, name="indication-explain"),
    path("indikasi/<int:pk>/putuskan/", decision_views.decide, name="indication-decide"),
    path("lampiran/<int:pk>/", decision_views.attachment, name="attachment"),
    path("sidak/", include("discipline.sidak_urls")),
    path("akses-kamera/", viewing_views.views, name="views"),
    path("bukti/", include("streams.evidence_urls")),
    path("", include("discipline.retention_urls")),
    path("pemberitahuan/laporan/", include("discipline.mailing.urls")),
    path("", include("discipline.plans.urls")),
    path("pemberitahuan/", include("discipline.notice_urls")),
    path("api/v1/", include("discipline.api.urls")),
    path("integrasi/", include("discipline.api.client_urls")),
    path("laporan/", include("discipline.signing.urls")),  # before the reports', whose addresses hold any place
    path("laporan/", include("discipline.reports.file_urls")),
    path("laporan/", include("discipline.reports.urls")),
    path("masuk/", auth.LoginView.as_view(template_name="login.html"), name="login"),
    path("keluar/", auth.LogoutView.as_view(), name="logout"),
    path("bahasa/", login_not_required(set_language), name="set_language"),  # also on the login page
    path("admin/", admin.site.urls),
    path("kamera/", include("streams.urls")),
    path("healthz", healthz, name="healthz"),
    path("sw.js", shell_views.service_worker, name="service-worker"),  # at the root: it may look after pages below it
    path("luring/", shell_views.offline, name="offline"),
]

websocket_urlpatterns: list[Any] = [
    path("ws/papan/", BoardConsumer.as_asgi()),  # type: ignore[arg-type]
    path("ws/dinding/", WallConsumer.as_asgi()),  # type: ignore[arg-type]
    path("ws/kantor/<str:code>/", OfficeConsumer.as_asgi()),  # type: ignore[arg-type]
    path("ws/kamera/<int:pk>/langsung/", LiveConsumer.as_asgi()),  # type: ignore[arg-type]
]
