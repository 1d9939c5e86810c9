"""The root URLconf, and the websocket routes."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from discipline.alerts.case import views as indication_views
from discipline.alerts.decisions import views as decision_views
from discipline.alerts.inbox import views as inbox_views
from discipline.board import office_live_views, wall_views
from discipline.board import views as board_views
from discipline.board.city_map import map_views
from discipline.board.consumers import BoardConsumer, OfficeConsumer
from discipline.board.day import views as day_views
from discipline.board.street_points import views as point_row_views
from discipline.board.wall_consumer import WallConsumer
from discipline.core import attachment_views
from discipline.incidents import raise_views
from discipline.incidents.queue.consumers import QueueConsumer
from discipline.ops.first_run import views as first_run_views
from discipline.ops.health_views import healthz, metrics
from discipline.ops.search import views as search_views
from discipline.ops.web import service_worker_views
from discipline.staffing import incident_views
from offices.access import rights_log_views
from offices.accounts import views as account_views
from streams.control.steering.consumers import SteeringConsumer
from streams.live import access_log_views
from streams.live.consumers import LiveConsumer

urlpatterns: list[URLPattern | URLResolver] = [
    path("", board_views.board, name="board"),
    path("kantor/<str:code>/", board_views.office, name="office"),
    path("kantor/<str:code>/hari/<str:day>/", day_views.office_day, name="office-day"),
    path("peta/data/", map_views.map_data, name="map-data"),
    path("peta/titik/", point_row_views.rows, name="point-rows"),
    path("cari/", search_views.search_page, name="search"),
    path("cari/hasil/", search_views.search_hits, name="search-hits"),
    path("persiapan/", first_run_views.setup_checklist, name="setup"),
    path("perkenalan/", first_run_views.tour, name="tour"),
    path("perkenalan/tutup/", first_run_views.tour_done, name="tour-done"),
    path("istilah/", first_run_views.terms, name="terms"),
    path("dinding/", wall_views.page, name="wall"),
    path("dinding/adegan/", include("discipline.board.street_points.scene_urls")),
    path("kantor/<str:code>/langsung/", office_live_views.office_live, name="office-live"),
    path("gangguan/", incident_views.incidents, name="incidents"),
    path("indikasi/", inbox_views.indications, name="indications"),
    path("indikasi/<int:pk>/", indication_views.indication, name="indication"),
    path("indikasi/<int:pk>/indikasi.pdf", indication_views.sheet, name="indication-pdf"),
    path("indikasi/<int:pk>/jelaskan/", decision_views.explain, name="indication-explain"),
    path("indikasi/<int:pk>/putuskan/", decision_views.decide, name="indication-decide"),
    path("indikasi/<int:pk>/angkat/", raise_views.raise_indication, name="indication-raise"),
    path("indikasi/beri-izin/", decision_views.excuse_chosen, name="indications-excuse"),
    path("lampiran/<int:pk>/", attachment_views.attachment, name="attachment"),
    path("kejadian/", include("discipline.incidents.urls")),
    path("aspirasi/", include("discipline.complaints.urls")),
    path("laporan-warga/", include("discipline.complaints.desk.urls")),
    path("tugas/", include("discipline.incidents.tasks.urls")),
    path("sidak/", include("discipline.spotchecks.urls")),
    path("akses-kamera/", access_log_views.views, name="views"),
    path("akses-berkas/", access_log_views.files, name="file-log"),
    path("akses-hak/", rights_log_views.rights, name="rights-log"),
    path("bukti/rantai/", include("discipline.ops.chain_checks.urls")),
    path("bukti/", include("streams.evidence.urls")),
    path("rekaman/ekspor/", include("discipline.evidence.recordings.urls")),
    path("rekaman/", include("streams.evidence.recording.pages.urls")),
    path("rekaman/", include("streams.live.recordings.urls")),
    path("", include("discipline.evidence.urls")),
    path("pemberitahuan/laporan/", include("discipline.reports.mail.urls")),
    path("", include("discipline.plans.urls")),
    path("pemberitahuan/", include("discipline.notices.urls")),
    path("api/v1/", include("discipline.api.v1.urls")),
    path("open311/v2/", include("discipline.api.open311.urls")),
    path("integrasi/", include("discipline.api.clients.urls")),
    # Before those of reports, which match any place.
    path("laporan/", include("discipline.reports.signing.urls")),
    path("laporan/", include("discipline.reports.files.urls")),
    path("laporan/", include("discipline.reports.pages.urls")),
    path("", include("discipline.disclosure.urls")),
    path("salinan-gambar/", include("discipline.disclosure.footage.urls")),
    path("", include("offices.accounts.urls")),
    path("bahasa/", account_views.choose_language, name="set_language"),
    path("admin/", admin.site.urls),
    path("kamera/", include("streams.urls")),
    path("titik/", include("offices.points.urls")),  # before the pages of points by their codes
    path("titik/", include("streams.setup.points.urls")),
    path("petunjuk/", include("streams.setup.hints.urls")),
    path("publik/peta.json", map_views.public_map_data, name="public-map-data"),
    path("publik/", include("streams.live.public.urls")),
    path("titik-publik/", include("streams.live.public.operator_urls")),
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    # At the root, as a service worker controls the pages below its path.
    path("sw.js", service_worker_views.service_worker, name="service-worker"),
    path("luring/", service_worker_views.offline, name="offline"),
]

# discipline.core.websocket_routes reverses them by name. Types are ignored, as path() is declared for views only.
websocket_urlpatterns: list[URLPattern] = [
    path("ws/papan/", BoardConsumer.as_asgi(), name="board"),  # type: ignore[arg-type]
    path("ws/dinding/", WallConsumer.as_asgi(), name="wall"),  # type: ignore[arg-type]
    path("ws/kantor/<str:code>/", OfficeConsumer.as_asgi(), name="office"),  # type: ignore[arg-type]
    path("ws/antrean/", QueueConsumer.as_asgi(), name="queue"),  # type: ignore[arg-type]
    path("ws/kamera/<int:pk>/langsung/", LiveConsumer.as_asgi(), name="camera-live"),  # type: ignore[arg-type]
    path("ws/kamera/<int:pk>/kendali/", SteeringConsumer.as_asgi(), name="camera-steering"),  # type: ignore[arg-type]
]
