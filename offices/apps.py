"""Configuration of the app of offices, hours and access."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficesConfig(AppConfig):
    """The app `offices`."""

    name = "offices"
    verbose_name = _("Kantor")
