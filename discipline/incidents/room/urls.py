"""URLs under /kejadian/jaga/ruang/."""

from django.urls import path

from discipline.incidents.room import views

urlpatterns = [
    path("", views.room, name="room"),
    path("daftar.pdf", views.list_file, name="room-list-file"),
    path("nama-baru/", views.add_pass, name="room-pass-add"),
    path("nama/<int:pk>/akhiri/", views.end_pass, name="room-pass-end"),
    path("masuk/", views.enter, name="room-enter"),
    path("kunjungan/", views.visits, name="room-visits"),
    path("kunjungan/<int:pk>/", views.visit, name="room-visit"),
    path("kunjungan/<int:pk>/keluar/", views.leave, name="room-leave"),
    path("masa-simpan/", views.retention, name="room-retention"),
]
