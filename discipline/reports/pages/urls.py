"""URLs of the reports' pages."""

from django.urls import path

from discipline.reports.pages import views as page_views

urlpatterns = [
    path("", page_views.index, name="reports"),
    path("<str:place>/<str:period>/", page_views.report, name="report"),
    path("<str:place>/<str:period>/indikasi/", page_views.indications, name="report-indications"),
]
