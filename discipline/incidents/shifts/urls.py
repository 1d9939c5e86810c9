"""URLs under /kejadian/jaga/."""

from django.urls import include, path

from discipline.incidents.shifts import views

urlpatterns = [
    path("ruang/", include("discipline.incidents.room.urls")),
    path("laporan/", include("discipline.incidents.daily.urls")),
    path("", views.duty, name="duty"),
    path("mulai/", views.begin, name="duty-begin"),
    path("ikut/", views.join, name="duty-join"),
    path("selesai/", views.leave, name="duty-leave"),
    path("buku/", views.log_book, name="log-book"),
    path("serahkan/", views.hand_over, name="duty-hand-over"),
    path("serah-terima/", views.past, name="handovers"),
    path("serah-terima/<int:pk>/", views.handover, name="handover"),
    path("serah-terima/<int:pk>/tanda-tangan/", views.sign, name="handover-sign"),
]
