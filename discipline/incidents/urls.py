"""URLs under /kejadian/."""

from django.urls import include, path

from discipline.incidents import views
from discipline.incidents.queue import views as queue_views

urlpatterns = [
    path("", views.incidents, name="city-incidents"),
    path("antrean/", queue_views.queue, name="queue"),
    path("antrean/ambil/", queue_views.take, name="queue-take"),
    path("jaga/", include("discipline.incidents.shifts.urls")),
    path("angka/", include("discipline.incidents.numbers.urls")),
    path("baru/", views.add, name="city-incident-add"),
    path("<int:pk>/", views.incident, name="city-incident"),
    path("<int:pk>/langkah/", views.step, name="city-incident-step"),
    path("<int:pk>/catatan/", views.note, name="city-incident-note"),
    path("<int:pk>/ubah/", views.change, name="city-incident-change"),
    path("<int:pk>/tugaskan/", views.ask, name="city-incident-ask"),
]
