"""Configuration of the app: counters, indications, reports and what follows from them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from discipline.celery import app


class DisciplineConfig(AppConfig):
    """Connects events and Celery when Django is ready."""

    name = "discipline"
    verbose_name = _("Kedisiplinan")

    def ready(self) -> None:
        """Subscribe to events, and make the Celery app the default."""
        from discipline.ops import wiring  # noqa: PLC0415 late: it imports models

        wiring.connect()
        app.set_default()  # for all threads of all processes: watch sends tasks, too (notices.outbox.request_delivery)
