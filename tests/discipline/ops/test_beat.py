"""The tasks that Celery beat names must exist: a worker drops unknown names without an error."""

from discipline.celery import app


def test_everything_that_the_beat_names_is_a_task() -> None:
    app.loader.import_default_modules()
    named = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert named - set(app.tasks) == set()
