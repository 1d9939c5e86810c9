"""Celery: what has a deadline or is heavy. The beat table below is the whole schedule."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "discipline.settings")

app = Celery("sidak")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "sweep": {"task": "discipline.tasks.sweep", "schedule": 5.0, "options": {"expires": 5.0}},
    "remind": {"task": "discipline.tasks.remind", "schedule": 600.0, "options": {"expires": 600.0}},
}
