"""URLs under /kejadian/panggilan/."""

from django.urls import path

from discipline.incidents.calls import views

urlpatterns = [
    path("", views.calls, name="calls"),
    path("baru/", views.add, name="call-add"),
    path("kosong/", views.nothing, name="call-nothing"),
    path("<int:pk>/batalkan/", views.withdraw, name="call-withdraw"),
]
