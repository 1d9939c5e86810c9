import importlib

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisciplineConfig(AppConfig):
    name = "discipline"
    verbose_name = _("Kedisiplinan")

    def ready(self) -> None:
        # Whoever hands work to Celery in this process hands it to ours; it needs the settings, which are there now.
        importlib.import_module("discipline.celery")
