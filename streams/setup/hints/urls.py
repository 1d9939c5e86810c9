"""URLs under /petunjuk/."""

from django.urls import path

from streams.setup.hints import setting_views, views

urlpatterns = [
    path("", views.hints, name="hints"),
    path("<int:pk>/gambar.jpg", views.picture, name="hint-picture"),
    path("<int:pk>/klip.mp4", views.clip, name="hint-clip"),
    path("<int:pk>/putuskan/", views.decide, name="hint-decide"),
    path("atur/", setting_views.settings, name="hint-settings"),
    path("atur/<int:pk>/<str:kind>/", setting_views.setting, name="hint-setting"),
]
