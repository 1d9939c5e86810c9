"""URLs under /kejadian/angka/."""

from django.urls import path

from discipline.incidents.numbers import views

urlpatterns = [
    path("", views.numbers, name="incident-numbers"),
    path("publik/", views.public, name="public-incident-numbers"),
]
