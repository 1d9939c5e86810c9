"""Configuration of the app of offices, hours and access."""

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class OfficesConfig(AppConfig):
    """The app `offices`."""

    name = "offices"
    verbose_name = _("Kantor")

    def ready(self) -> None:
        """Connect the log of sign-ins, where there are sessions."""
        if settings.PAGES:
            from offices.accounts import sign_ins  # noqa: F401, PLC0415 connects on import, which needs loaded apps


class RecordingAdminConfig(admin_apps.AdminConfig):
    """Django's administration with the log of rights."""

    default = False  # the one of this module is above
    default_site = "offices.access.admin_site.RecordingAdminSite"
