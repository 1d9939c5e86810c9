"""URLs of reports by mail."""

from django.urls import path

from discipline.reports.mail import views as mail_views

urlpatterns = [
    path("", mail_views.choose, name="report-mails"),
    path("berhenti/<str:token>/", mail_views.stop, name="report-mail-stop"),
    path("berhenti/<str:token>/langsung/", mail_views.stop_now, name="report-mail-stop-now"),
]
