"""Hold a span of a camera's recordings, and release it. The only writer of RecordingHold."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from streams.cameras.models import Camera
from streams.evidence.models import gives_reason
from streams.evidence.recording.models import RecordingHold


def hold(
    camera: Camera, since: datetime, until: datetime, reason: str, user: int, *, bound: bool = False
) -> RecordingHold:
    """Exempt the camera's recordings of that span from deletion, also those that are still to come.

    `user` is the user's id; `bound`: see RecordingHold. Raises ValidationError when the span is empty or the reason
    too short.
    """
    made = RecordingHold(camera=camera, since=since, until=until, reason=reason.strip(), by_id=user, bound=bound)
    made.full_clean(exclude=["released_at", "released_by"])
    made.save(force_insert=True)
    return made


def release(held: RecordingHold, reason: str, user: int, now: datetime) -> bool:
    """Release a hold; False if it was released before.

    Whoever set it must say why, another person may. Raises ValidationError when the reason is missing or too short.
    """
    reason = reason.strip()
    if reason or held.by_id == user:
        try:
            gives_reason(reason)
        except ValidationError:
            raise ValidationError(_("Tulis alasan melepas kunci, sedikitnya 10 huruf.")) from None
    active = RecordingHold.objects.filter(pk=held.pk, released_at=None)
    return active.update(released_at=now, released_by=user, release_reason=reason[:500]) == 1
