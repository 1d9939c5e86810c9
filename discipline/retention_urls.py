"""Retention and holds: what is kept, for how long, and what nothing may destroy."""

from django.urls import path

from discipline import retention_views

urlpatterns = [
    path("retensi/", retention_views.overview, name="retention"),
    path("retensi/ubah/", retention_views.change, name="retention-change"),
    path("retensi/tahan/", retention_views.hold_office, name="hold-office"),
    path("indikasi/<int:pk>/tahan/", retention_views.hold_indication, name="hold-indication"),
    path("penahanan/<int:pk>/akhiri/", retention_views.end_hold, name="hold-end"),
]
