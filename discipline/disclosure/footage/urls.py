"""URLs under /salinan-gambar/."""

from django.urls import path

from discipline.disclosure.footage import views

urlpatterns = [
    path("", views.copies, name="footage-copies"),
    path("<int:pk>/", views.copy, name="footage-copy"),
    path("<int:pk>/unduh/", views.download, name="footage-download"),
    path("<int:pk>/<int:picture>/", views.picture, name="footage-picture"),
    path("<int:pk>/<int:picture>/asli.jpg", views.numbered, name="footage-numbered"),
    path("<int:pk>/<int:picture>/hasil.jpg", views.hidden, name="footage-hidden"),
]
