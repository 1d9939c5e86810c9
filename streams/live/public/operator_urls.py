"""URLs under /titik-publik/, for operators."""

from django.urls import path

from streams.live.public import operator_views

urlpatterns = [
    path("", operator_views.points, name="public-control"),
    path("batas/", operator_views.limits, name="public-control-limits"),
    path("<str:code>/", operator_views.point, name="public-control-point"),
    path("<str:code>/atur/", operator_views.change, name="public-control-change"),
    path("<str:code>/tutup/", operator_views.close, name="public-control-close"),
    path("<str:code>/buka/", operator_views.reopen, name="public-control-reopen"),
]
