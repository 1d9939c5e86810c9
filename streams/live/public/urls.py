"""URLs under /publik/, open to all."""

from django.urls import path

from streams.live.public import views

urlpatterns = [
    path("", views.points, name="public-points"),
    path("titik.json", views.points_json, name="public-points-json"),
    path("<str:code>/", views.point, name="public-point"),
    path("<str:code>/sematan/", views.embedded, name="public-embedded"),
    path("<str:code>/kursi/", views.seat, name="public-seat"),
]
