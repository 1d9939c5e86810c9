"""URLs of each user's page of notices."""

from django.urls import path

from discipline.notices import views as notice_views

urlpatterns = [
    path("", notice_views.notices, name="notices"),
    path("aturan/", notice_views.rule, name="notice-rule"),
    path("perangkat/", notice_views.subscribe, name="notice-subscribe"),
    path("perangkat/<int:pk>/cabut/", notice_views.revoke, name="notice-revoke"),
    path("coba/", notice_views.test, name="notice-test"),
    path("eskalasi/", notice_views.escalation, name="notice-escalation"),
]
