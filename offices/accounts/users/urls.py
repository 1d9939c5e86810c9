"""URLs of *Pengguna*."""

from django.urls import path

from offices.accounts.users import views

urlpatterns = [
    path("", views.users, name="users"),
    path("tambah/", views.add, name="user-add"),
    path("<int:pk>/", views.user, name="user"),
    path("<int:pk>/serah-terima/", views.hand_over, name="user-hand-over"),
    path("<int:pk>/<slug:name>/", views.act, name="user-act"),
]
