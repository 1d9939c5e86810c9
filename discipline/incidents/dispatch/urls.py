"""URLs under /kejadian/penugasan/."""

from django.urls import path

from discipline.incidents.dispatch import limit_views, views

urlpatterns = [
    path("", views.dispatch, name="dispatch"),
    path("jenis/baru/", views.add_kind, name="dispatch-kind-add"),
    path("jenis/<slug:code>/", views.kind, name="dispatch-kind"),
    path("instansi/<slug:code>/", views.agency, name="dispatch-agency"),
    path("batas/<slug:code>/<int:priority>/", limit_views.limit, name="dispatch-limit"),
]
