"""The tasks that Celery beat names must exist: a worker drops unknown names without an error."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from discipline import tasks
from discipline.celery import app


def test_everything_that_the_beat_names_is_a_task() -> None:
    app.loader.import_default_modules()
    named = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert named - set(app.tasks) == set()


@pytest.mark.django_db
def test_expired_sessions_are_deleted_with_what_they_hold() -> None:
    live, expired = SessionStore(), SessionStore()
    for session in (live, expired):
        session["cameras"] = "sealed"
        session.save()
    Session.objects.filter(pk=expired.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))
    tasks.forget_sessions()
    assert list(Session.objects.values_list("pk", flat=True)) == [live.session_key]
