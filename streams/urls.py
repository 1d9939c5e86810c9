"""Addresses under /kamera/: pictures for those who see the office; the rest for the operator."""

from django.urls import path

from streams import import_views, pictures_views, reference_views, views, zone_views

urlpatterns = [
    path("<int:pk>/gambar.jpg", pictures_views.picture, name="camera-picture"),
    path("<int:pk>/pandangan.json", pictures_views.view, name="camera-view"),
    path("", views.cameras, name="cameras"),
    path("tambah/", views.add, name="camera-add"),
    path("uji/", views.test, name="camera-test"),
    path("impor/", import_views.upload, name="camera-import"),
    path("impor/simpan/", import_views.confirm, name="camera-import-confirm"),
    path("impor/contoh.csv", import_views.template, name="camera-import-template"),
    path("<int:pk>/ubah/", views.change, name="camera-change"),
    path("<int:pk>/hapus/", views.delete, name="camera-delete"),
    path("<int:pk>/zona/", zone_views.zones, name="camera-zones"),
    path("<int:pk>/acuan/", reference_views.reference, name="camera-reference"),
    path("<int:pk>/acuan/terima/", reference_views.accept, name="camera-reference-accept"),
    path("<int:pk>/acuan/urungkan/", reference_views.undo, name="camera-reference-undo"),
    path("<int:pk>/zona/gambar/", zone_views.picture, name="camera-zones-picture"),
]
