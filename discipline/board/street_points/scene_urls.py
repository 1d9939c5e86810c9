"""URLs under /dinding/adegan/. A scene's pages have its code and then a word, so that any code will do."""

from django.urls import path

from discipline.board.street_points import scene_views

urlpatterns = [
    path("", scene_views.scenes, name="wall-scenes"),
    path("tambah/", scene_views.add, name="wall-scene-add"),
    path("<slug:code>/ubah/", scene_views.change, name="wall-scene"),
    path("<slug:code>/pindah/", scene_views.move, name="wall-scene-move"),
    path("<slug:code>/hapus/", scene_views.remove, name="wall-scene-remove"),
]
