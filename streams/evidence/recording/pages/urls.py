"""URLs under /rekaman/."""

from django.urls import path

from streams.evidence.recording.pages import views

urlpatterns = [
    path("perkiraan/", views.room_forecast, name="recording-forecast"),
    path("masa-simpan/", views.add_rule, name="recording-rule-add"),
]
