"""URLs under /kejadian/jaga/laporan/."""

from django.urls import path

from discipline.incidents.daily import views

urlpatterns = [
    path("", views.reports, name="daily-reports"),
    path("masa-simpan/", views.retention, name="daily-retention"),
    path("<int:pk>/", views.report_file, name="daily-report-file"),
]
