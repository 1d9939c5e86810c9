"""URLs under /rekaman/ekspor/."""

from django.urls import path

from discipline.evidence.recordings import views

urlpatterns = [
    path("", views.exports, name="recording-exports"),
    path("minta/", views.request_export, name="recording-export-request"),
    path("<int:pk>/rekaman.mp4", views.download, name="recording-export-file"),
    path("<int:pk>/tanda-terima.pdf", views.receipt_pdf, name="recording-export-receipt"),
]
