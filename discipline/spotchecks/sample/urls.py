"""URLs of the sample of conduct, below /sidak/contoh/."""

from django.urls import path

from discipline.spotchecks.sample import views

urlpatterns = [
    path("", views.sample, name="conduct-sample"),
    path("aturan/", views.add_rule, name="conduct-rule-add"),
    path("nilai/", views.next_clip, name="conduct-judge"),
    path("nilai/<uuid:clip>/", views.judge, name="conduct-judge-clip"),
    path("urungkan/", views.undo, name="conduct-undo"),
    path("klip/<uuid:clip>.mp4", views.film, name="conduct-clip"),
]
