"""URLs of spot checks and their findings, below /sidak/."""

from django.urls import include, path

from discipline.spotchecks import round_views
from discipline.spotchecks import views as spotcheck_views
from discipline.spotchecks.findings import views as finding_views

urlpatterns = [
    path("", spotcheck_views.index, name="spot-checks"),
    path("mulai/", spotcheck_views.start, name="spot-check-start"),
    path("rekap/", spotcheck_views.statistics, name="spot-check-statistics"),
    path("kantor/<str:code>/", spotcheck_views.office, name="spot-check-office"),
    path("gambar/<int:pk>.jpg", spotcheck_views.picture, name="spot-check-picture"),
    path("bagikan/<str:token>/", spotcheck_views.shared, name="spot-check-shared"),
    path("contoh/", include("discipline.spotchecks.sample.urls")),
    path("temuan/", finding_views.findings, name="findings"),
    path("temuan/<int:pk>/", finding_views.finding, name="finding"),
    path("temuan/<int:pk>/jawab/", finding_views.answer, name="finding-answer"),
    path("temuan/<int:pk>/putuskan/", finding_views.follow, name="finding-follow"),
    path("<int:pk>/", spotcheck_views.result, name="spot-check"),
    path("<int:pk>/periksa/", round_views.run, name="spot-check-run"),
    path("<int:pk>/kirim/", round_views.send, name="spot-check-send"),
    path("<int:pk>/sidak.pdf", spotcheck_views.sheet, name="spot-check-pdf"),
]
