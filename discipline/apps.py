from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from discipline.celery import app


class DisciplineConfig(AppConfig):
    name = "discipline"
    verbose_name = _("Kedisiplinan")

    def ready(self) -> None:
        # Late: there are models only now.
        from discipline.plans import recount_on_change  # noqa: PLC0415

        recount_on_change.connect()
        app.set_default()  # for every thread of every process: watch hands work to the worker (notify.kick)
