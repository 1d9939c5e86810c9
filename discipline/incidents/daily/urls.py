"""URLs under /kejadian/jaga/laporan/."""

from django.urls import path

from discipline.incidents.daily import views

urlpatterns = [
    path("", views.reports, name="daily-reports"),
    path("<int:pk>/", views.report_file, name="daily-report-file"),
]
