"""URLs of signing, below laporan/."""

from django.urls import path

from discipline.reports.signing import views as signing_views

urlpatterns = [
    path("tanda-tangan/", signing_views.overview, name="signatures"),
    path("<str:place>/<str:month>/tanda-tangan/", signing_views.month, name="month-signing"),
    path("<str:place>/<str:month>/tanda-tangan/langkah/", signing_views.step, name="month-signing-step"),
    path(
        "<str:place>/<str:month>/tanda-tangan/<int:number>.json", signing_views.document, name="month-signing-document"
    ),
]
