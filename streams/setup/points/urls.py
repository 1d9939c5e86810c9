"""URLs under /titik/ that show points."""

from django.urls import path

from streams.setup.points import views

urlpatterns = [
    path("", views.points, name="points"),
    path("<str:code>/", views.point, name="point"),
]
