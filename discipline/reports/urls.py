"""Addresses of the reports' pages."""

from django.urls import path

from discipline.reports import views

urlpatterns = [
    path("", views.index, name="reports"),
    path("<str:place>/<str:period>/", views.report, name="report"),
    path("<str:place>/<str:period>/indikasi/", views.indications, name="report-indications"),
]
