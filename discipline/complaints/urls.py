"""URLs under /aspirasi/."""

from django.urls import path

from discipline.complaints import views

urlpatterns = [
    path("", views.aspirations, name="aspirations"),
    path("tulis/", views.write, name="aspiration-write"),
    path("lacak/", views.track, name="aspiration-track"),
    path("milik/<str:token>/", views.own, name="aspiration-own"),
    path("milik/<str:token>/jawab/", views.reply, name="aspiration-reply"),
    path("tautan/<str:token>/", views.link, name="aspiration-link"),
    path("<int:pk>/", views.public, name="aspiration"),
    path("<int:pk>/ikuti/", views.follow, name="aspiration-follow"),
]
