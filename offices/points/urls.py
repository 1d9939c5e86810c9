"""URLs under /titik/ that change points. Codes of points are in capitals, the words beside them are not."""

from django.urls import path

from offices.points import agency_views, import_views, views

urlpatterns = [
    path("tambah/", views.add, name="point-add"),
    path("impor/", import_views.upload, name="point-import"),
    path("impor/simpan/", import_views.confirm, name="point-import-confirm"),
    path("impor/contoh.csv", import_views.template, name="point-import-template"),
    path("titik.csv", import_views.export, name="point-export"),
    path("instansi/", agency_views.agencies, name="agencies"),
    path("instansi/<slug:code>/", agency_views.agency, name="agency"),
    path("<str:code>/ubah/", views.change, name="point-change"),
    path("<str:code>/hapus/", views.delete, name="point-delete"),
    path("<str:code>/dasar-hukum/", views.add_basis, name="point-basis"),
]
