"""URLs under /rekaman/."""

from django.urls import path

from streams.evidence.recording.pages import hold_views, views

urlpatterns = [
    path("perkiraan/", views.room_forecast, name="recording-forecast"),
    path("masa-simpan/", views.add_rule, name="recording-rule-add"),
    path("penguncian/", hold_views.holds, name="recording-holds"),
    path("penguncian/tambah/", hold_views.add_hold, name="recording-hold-add"),
    path("penguncian/<int:pk>/lepas/", hold_views.release_hold, name="recording-hold-release"),
]
