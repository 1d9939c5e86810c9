"""URLs under /kamera/: pictures and the reasons for them for users in scope, everything else for operators."""

from django.urls import path

from streams.control.steering import views as steering_views
from streams.setup import device_views, import_views, picture_views, reference_views, search_views, zone_views
from streams.setup import views as setup_views
from streams.setup.troubles import views as trouble_views

urlpatterns = [
    path("<int:pk>/gambar.jpg", picture_views.picture, name="camera-picture"),
    path("<int:pk>/pandangan.json", picture_views.view, name="camera-view"),
    path("<int:pk>/alasan/", picture_views.reason, name="camera-reason"),
    path("<int:pk>/kendali/", steering_views.steering, name="camera-steering-page"),
    path("<int:pk>/kendali/preset/<int:picture>.jpg", steering_views.preset_picture, name="camera-preset-picture"),
    path("", trouble_views.cameras, name="cameras"),
    path("catatan-shift/", trouble_views.shift_note, name="shift-note"),
    path("<int:pk>/", trouble_views.camera, name="camera"),
    path("<int:pk>/catatan/", trouble_views.note, name="camera-note"),
    path("tambah/", setup_views.add, name="camera-add"),
    path("uji/", setup_views.test, name="camera-test"),
    path("cari/", search_views.search, name="camera-search"),
    path("cari/keadaan/", search_views.state, name="camera-search-state"),
    path("cari/henti/", search_views.cancel, name="camera-search-cancel"),
    path("perangkat/", device_views.read, name="camera-device"),
    path("impor/", import_views.upload, name="camera-import"),
    path("impor/simpan/", import_views.confirm, name="camera-import-confirm"),
    path("impor/contoh.csv", import_views.template, name="camera-import-template"),
    path("<int:pk>/ubah/", setup_views.change, name="camera-change"),
    path("<int:pk>/hapus/", setup_views.delete, name="camera-delete"),
    path("<int:pk>/perangkat/tulis/", device_views.apply, name="camera-device-apply"),
    path("<int:pk>/perangkat/urungkan/", device_views.undo, name="camera-device-undo"),
    path("<int:pk>/zona/", zone_views.zones, name="camera-zones"),
    path("<int:pk>/acuan/", reference_views.reference, name="camera-reference"),
    path("<int:pk>/acuan/terima/", reference_views.accept, name="camera-reference-accept"),
    path("<int:pk>/acuan/urungkan/", reference_views.undo, name="camera-reference-undo"),
    path("<int:pk>/zona/gambar/", zone_views.picture, name="camera-zones-picture"),
]
