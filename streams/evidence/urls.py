"""URLs under /bukti/: files with blurred faces for users in scope, originals for the inspectorate."""

from django.urls import path

from streams.evidence import original_views
from streams.evidence import views as evidence_views

urlpatterns = [
    path("<int:pk>/", evidence_views.file, name="evidence-file"),
    path("<int:pk>/asli/", original_views.ask, name="evidence-original"),
    path("asli/<str:ticket>/", original_views.opened, name="evidence-opened"),
    path("asli/<str:ticket>/berkas/", original_views.file, name="evidence-opened-file"),
    path("asli/<str:ticket>/kontrol/<int:number>/", original_views.control, name="evidence-opened-control"),
    path("pembukaan/", original_views.openings, name="evidence-openings"),
]
