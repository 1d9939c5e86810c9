"""URLs under /kejadian/prosedur/."""

from django.urls import path

from discipline.incidents.procedures import views

urlpatterns = [
    path("", views.procedures, name="procedures"),
    path("<slug:code>/", views.procedure, name="procedure"),
    path("<slug:code>/baru/", views.write, name="procedure-write"),
    path("kejadian/<int:pk>/centang/", views.tick, name="procedure-tick"),
]
