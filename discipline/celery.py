"""The Celery app, for work that has a deadline or is heavy. The beat schedule below is complete; its times are UTC."""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_init

from streams.servers.broker import use_broker_transport
from streams.servers.memory import tune_malloc

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "discipline.settings")

use_broker_transport()
app = Celery("sidak", task_cls="discipline.ops.patient_tasks:PatientTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Before the first task loads the models; weak=False, as Celery would drop the lambda at once.
worker_init.connect(lambda **_: tune_malloc(), weak=False)
app.steps["worker"].add("discipline.ops.pulses:WorkerPulse")
app.conf.beat_schedule = {
    "sweep": {"task": "discipline.tasks.sweep", "schedule": 5.0, "options": {"expires": 5.0}},
    # Hourly, but it only has work in the first hour of a day (WIB), or after an outage of beat.
    "seal": {"task": "discipline.tasks.seal", "schedule": crontab(minute=5)},
    "seal_tables": {"task": "discipline.tasks.seal_tables", "schedule": crontab(minute=15)},
    "show": {"task": "streams.tasks.show", "schedule": 10.0, "options": {"expires": 10.0}},
    "show_all": {"task": "streams.tasks.show_all", "schedule": crontab(minute=25), "options": {"expires": 3000.0}},
    "send_cameras_home": {"task": "streams.tasks.send_cameras_home", "schedule": 10.0, "options": {"expires": 10.0}},
    "veil": {"task": "discipline.tasks.veil", "schedule": 5.0, "options": {"expires": 5.0}},
    "hide_in_clips": {"task": "discipline.tasks.hide_in_clips", "schedule": 10.0, "options": {"expires": 10.0}},
    "tend_conduct_sample": {
        "task": "discipline.tasks.tend_conduct_sample",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "hide_heads": {"task": "discipline.tasks.hide_heads", "schedule": 10.0, "options": {"expires": 10.0}},
    # Sent at once (disclosure.footage.requests); this finds the rest of a large request, and what was missed.
    "find_heads": {"task": "discipline.tasks.find_heads", "schedule": 10.0, "options": {"expires": 10.0}},
    "retain": {"task": "discipline.tasks.retain", "schedule": crontab(minute=5), "options": {"expires": 3000.0}},
    "retain_recordings": {
        "task": "streams.tasks.retain_recordings",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    # Exports are made at once (evidence.recordings.exporting.request_making); this finds those whose task was lost.
    "make_recording_exports": {
        "task": "discipline.tasks.make_recording_exports",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    # Made at once (incidents.case_file.changes.request_making); this finds those that had to wait for their recording.
    "make_case_files": {"task": "discipline.tasks.make_case_files", "schedule": 20.0, "options": {"expires": 20.0}},
    "tidy": {"task": "discipline.tasks.tidy", "schedule": crontab(hour=18, minute=40), "options": {"expires": 40000.0}},
    "remind": {"task": "discipline.tasks.remind", "schedule": 600.0, "options": {"expires": 600.0}},
    # Notices are sent at once (notices.outbox.request_delivery); this finds those due by time, and missed ones.
    "notify": {"task": "discipline.tasks.notify", "schedule": 10.0, "options": {"expires": 10.0}},
    "notify_task_deadlines": {
        "task": "discipline.tasks.notify_task_deadlines",
        "schedule": 15.0,
        "options": {"expires": 15.0},
    },
    # Idempotent, due at 07.00 WIB: it runs all the time, so that a report is made later where no worker ran then.
    "make_daily_reports": {
        "task": "discipline.tasks.make_daily_reports",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "recount_days": {"task": "discipline.tasks.recount_days", "schedule": 10.0, "options": {"expires": 10.0}},
    "keep_days": {"task": "discipline.tasks.keep_days", "schedule": 60.0, "options": {"expires": 60.0}},
    # Files are made at once (reports.files.jobs.request_making); this finds those whose task was lost, and old ones.
    "tend_report_files": {"task": "discipline.tasks.tend_report_files", "schedule": 60.0, "options": {"expires": 60.0}},
    # Idempotent: finds reports that are due and not planned, and mails that wait. Each report is sent once.
    "mail_reports": {"task": "discipline.tasks.mail_reports", "schedule": 20.0, "options": {"expires": 20.0}},
    "mail_residents": {"task": "discipline.tasks.mail_residents", "schedule": 20.0, "options": {"expires": 20.0}},
    "call_webhooks": {"task": "discipline.tasks.call_webhooks", "schedule": 10.0, "options": {"expires": 10.0}},
    # Records changes of signed months: of the last 18, and nightly of all. Pages show such changes before that.
    "amend_months": {"task": "discipline.tasks.amend_months", "schedule": 300.0, "options": {"expires": 300.0}},
    "amend_old_months": {"task": "discipline.tasks.amend_old_months", "schedule": crontab(hour=19, minute=10)},
    "forget_sessions": {"task": "discipline.tasks.forget_sessions", "schedule": crontab(hour=18, minute=55)},
    "forget_hints": {"task": "streams.tasks.forget_hints", "schedule": crontab(hour=18, minute=35)},
    "forget_notices": {"task": "discipline.tasks.forget_notices", "schedule": crontab(hour=18, minute=50)},
}
