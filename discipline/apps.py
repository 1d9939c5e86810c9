from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from discipline.celery import app


class DisciplineConfig(AppConfig):
    name = "discipline"
    verbose_name = _("Kedisiplinan")

    def ready(self) -> None:
        # Late: there are models only now.
        from discipline.ops import wiring  # noqa: PLC0415

        wiring.connect()
        app.set_default()  # for every thread of every process: watch hands work to the worker (outbox.request_delivery)
