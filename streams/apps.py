"""Configuration of the app of cameras and their streams."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StreamsConfig(AppConfig):
    """The app `streams`."""

    name = "streams"
    verbose_name = _("Kamera")
