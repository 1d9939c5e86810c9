"""URLs under /kejadian/."""

from django.urls import include, path

from discipline.incidents import views
from discipline.incidents.case_file import views as case_views

urlpatterns = [
    path("", views.incidents, name="city-incidents"),
    path("antrean/", include("discipline.incidents.queue.urls")),
    path("panggilan/", include("discipline.incidents.calls.urls")),
    path("penugasan/", include("discipline.incidents.dispatch.urls")),
    path("prosedur/", include("discipline.incidents.procedures.urls")),
    path("jaga/", include("discipline.incidents.shifts.urls")),
    path("berkas/", include("discipline.incidents.case_file.urls")),
    path("angka/", include("discipline.incidents.numbers.urls")),
    path("baru/", views.add, name="city-incident-add"),
    path("<int:pk>/", views.incident, name="city-incident"),
    path("<int:pk>/langkah/", views.step, name="city-incident-step"),
    path("<int:pk>/catatan/", views.note, name="city-incident-note"),
    path("<int:pk>/ubah/", views.change, name="city-incident-change"),
    path("<int:pk>/berkas/", case_views.open_case, name="case-file-open"),
    path("<int:pk>/tugaskan/", views.ask, name="city-incident-ask"),
]
