"""URLs of report files."""

from django.urls import path

from discipline.reports.files import views as file_views

urlpatterns = [
    path("berkas/<int:pk>/unduh", file_views.download, name="report-file"),
    path("<str:place>/<str:period>/berkas/", file_views.files_of, name="report-files"),
]
