"""URLs of the player under /rekaman/."""

from django.urls import path

from streams.live.recordings import media_views, views

urlpatterns = [
    path("", views.recordings, name="recordings"),
    path("<int:pk>/", views.recording, name="recording"),
    path("<int:pk>/alasan/", views.reason, name="recording-reason"),
    path("<int:pk>/hari/<str:day>.json", media_views.strip, name="recording-strip"),
    path("<int:pk>/putar/<int:since>-<int:until>.m3u8", media_views.playlist, name="recording-playlist"),
    path("<int:pk>/gambar/<int:at>.jpg", media_views.still, name="recording-still"),
    path("<int:pk>/<int:key>.mp4", media_views.minute, name="recording-minute"),
]
