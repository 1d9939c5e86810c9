"""Addresses of spot checks and their findings."""

from django.urls import path

from discipline import finding_views, sidak_run_views, sidak_views

urlpatterns = [
    path("", sidak_views.index, name="spot-checks"),
    path("mulai/", sidak_views.start, name="spot-check-start"),
    path("rekap/", sidak_views.statistics, name="spot-check-statistics"),
    path("kantor/<str:code>/", sidak_views.office, name="spot-check-office"),
    path("gambar/<int:pk>.jpg", sidak_views.picture, name="spot-check-picture"),
    path("bagikan/<str:token>/", sidak_views.shared, name="spot-check-shared"),
    path("temuan/", finding_views.findings, name="findings"),
    path("temuan/<int:pk>/", finding_views.finding, name="finding"),
    path("temuan/<int:pk>/jawab/", finding_views.answer, name="finding-answer"),
    path("temuan/<int:pk>/putuskan/", finding_views.follow, name="finding-follow"),
    path("<int:pk>/", sidak_views.result, name="spot-check"),
    path("<int:pk>/periksa/", sidak_run_views.run, name="spot-check-run"),
    path("<int:pk>/kirim/", sidak_run_views.send, name="spot-check-send"),
    path("<int:pk>/sidak.pdf", sidak_views.sheet, name="spot-check-pdf"),
]
