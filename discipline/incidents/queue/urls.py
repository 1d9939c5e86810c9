"""URLs under /kejadian/antrean/."""

from django.urls import path

from discipline.incidents.queue import act_views, views
from discipline.incidents.queue.spotlight import views as spotlight_views

urlpatterns = [
    path("", views.queue, name="queue"),
    path("ambil/", views.take, name="queue-take"),
    path("tindakan/", act_views.act, name="queue-act"),
    path("sorot/", spotlight_views.spotlight, name="queue-spotlight"),
    path("sorot/akhiri/", spotlight_views.end, name="queue-spotlight-end"),
]
