"""URLs under /aspirasi/."""

from django.urls import path

from discipline.complaints import views
from discipline.complaints.nearby import views as nearby_views
from discipline.complaints.photos import views as photo_views
from discipline.complaints.proof import views as proof_views

urlpatterns = [
    path("", views.aspirations, name="aspirations"),
    path("tulis/", views.write, name="aspiration-write"),
    path("sekitar/", nearby_views.near, name="aspiration-near"),
    path("soal/", proof_views.challenge, name="aspiration-challenge"),
    path("lacak/", views.track, name="aspiration-track"),
    path("milik/<str:token>/", views.own, name="aspiration-own"),
    path("milik/<str:token>/jawab/", views.reply, name="aspiration-reply"),
    path("tautan/<str:token>/", views.link, name="aspiration-link"),
    path("foto/<int:pk>/", photo_views.public, name="aspiration-photo"),
    path("<int:pk>/", views.public, name="aspiration"),
    path("<int:pk>/ikuti/", views.follow, name="aspiration-follow"),
]
