"""Every address of Sidak."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("masuk/", auth.LoginView.as_view(template_name="login.html"), name="login"),
    path("keluar/", auth.LogoutView.as_view(), name="logout"),
    path("bahasa/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]

websocket_urlpatterns: list[Any] = []
