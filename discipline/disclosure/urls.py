"""URLs of copies of personal data."""

from django.urls import path

from discipline.disclosure import views

urlpatterns = [
    path("akun/salinan/", views.own_copy, name="account-copy"),
    path("akun/salinan/<int:pk>/", views.copy_of, name="account-copy-of"),
]
