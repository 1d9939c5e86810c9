"""What the beat names must be there: a worker throws unknown names away, and nobody hears of it."""

from discipline.celery import app


def test_everything_that_the_beat_names_is_a_task() -> None:
    app.loader.import_default_modules()
    named = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert named - set(app.tasks) == set()
