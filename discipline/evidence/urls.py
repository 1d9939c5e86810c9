"""URLs of retention and legal holds, and of the sign for an office's door."""

from django.urls import path

from discipline.evidence import views as evidence_views

urlpatterns = [
    path("retensi/", evidence_views.overview, name="retention"),
    path("retensi/ubah/", evidence_views.change, name="retention-change"),
    path("kantor/<str:code>/papan-cctv.pdf", evidence_views.door_sign, name="door-sign"),
    path("retensi/tahan/", evidence_views.hold_office, name="hold-office"),
    path("indikasi/<int:pk>/tahan/", evidence_views.hold_indication, name="hold-indication"),
    path("penahanan/<int:pk>/akhiri/", evidence_views.end_hold, name="hold-end"),
]
