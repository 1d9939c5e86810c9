"""URLs under /kejadian/antrean/."""

from django.urls import path

from discipline.incidents.queue import act_views, views

urlpatterns = [
    path("", views.queue, name="queue"),
    path("ambil/", views.take, name="queue-take"),
    path("tindakan/", act_views.act, name="queue-act"),
    path("sorot/", act_views.spotlight, name="queue-spotlight"),
]
