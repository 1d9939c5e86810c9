"""Addresses of the reports that come by mail."""

from django.urls import path

from discipline.mailing import views

urlpatterns = [
    path("", views.choose, name="report-mails"),
    path("berhenti/<str:token>/", views.stop, name="report-mail-stop"),
    path("berhenti/<str:token>/langsung/", views.stop_now, name="report-mail-stop-now"),
]
