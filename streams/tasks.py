"""Celery tasks of streams."""

from celery import shared_task
from django.utils import timezone

from streams.control import searches
from streams.control.steering import homing
from streams.evidence.recording import retention as recording_retention
from streams.looks.streets import keeping as hint_keeping


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def show() -> None:
    """Make the blurred forms of recent originals."""
    from streams.evidence.redaction import jobs as redaction_jobs  # noqa: PLC0415 late: beat imports this module too and needs no detection models

    now = timezone.now()
    redaction_jobs.make_shown_forms(now, now - redaction_jobs.RECENT)


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def show_all() -> None:
    """Make the blurred forms of all originals that lack them."""
    from streams.evidence.redaction import jobs as redaction_jobs  # noqa: PLC0415

    redaction_jobs.make_shown_forms(timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def retain_recordings() -> None:
    """Delete recorded minutes past their time, and the oldest of the lowest class when room runs short."""
    recording_retention.apply_recording_retention(timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def forget_hints() -> None:
    """Delete pictures and clips of hints past their time."""
    hint_keeping.forget_pictures(timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def search_cameras(user: str, search: str) -> None:
    """Run a search for cameras that an operator requested."""
    searches.run_search(int(user), search)


@shared_task  # type: ignore[untyped-decorator]  # Celery has no type hints
def send_cameras_home() -> None:
    """Bring cameras home that nobody steers any more."""
    homing.sweep(timezone.now())
