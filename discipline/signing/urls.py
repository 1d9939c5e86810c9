"""Addresses of signing, below laporan/."""

from django.urls import path

from discipline.signing import views

urlpatterns = [
    path("tanda-tangan/", views.overview, name="signatures"),
    path("<str:place>/<str:month>/tanda-tangan/", views.month, name="month-signing"),
    path("<str:place>/<str:month>/tanda-tangan/langkah/", views.step, name="month-signing-step"),
    path("<str:place>/<str:month>/tanda-tangan/<int:number>.json", views.document, name="month-signing-document"),
]
