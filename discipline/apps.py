"""Configuration of the app: counters, indications, reports and what follows from them."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from discipline.celery import app
from discipline.ops.private_files import close_to_others


class DisciplineConfig(AppConfig):
    """Connects events and Celery when Django is ready."""

    name = "discipline"
    verbose_name = _("Kedisiplinan")

    def ready(self) -> None:
        """Subscribe to events, register checks, close folders, and make the Celery app the default."""
        from discipline.ops import checks, production, wiring  # noqa: F401, PLC0415 late: they import models

        wiring.connect()
        closed = [settings.EVIDENCE_DIR, settings.RECORDING_DIR, settings.ATTACHMENT_DIR, settings.REPORT_DIR]
        close_to_others([*closed, *(settings.VAR_DIR / name for name in ("log", "mail", "valkey"))])
        app.set_default()  # for all threads of all processes: watch sends tasks, too (notices.outbox.request_delivery)
