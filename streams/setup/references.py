"""Store, compare, replace and restore the reference: the view on which a camera's zones were drawn."""

import base64
from datetime import datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet

from offices.access.gate import User
from streams.cameras.models import Camera, OccupancySpan
from streams.pixels.occupancy import Blind, Look
from streams.setup import probe as camera_probe

SALT = "streams.setup.references"
SEEN_WITHIN_S = 12 * 3600  # a page left open longer shows an outdated view

COMPARED = frozenset({Blind.MOVED, Blind.SCENE, Blind.BLURRED})  # faults that comparing the two pictures explains
DRAWN, ACCEPTED, UNDONE = "zones drawn", "reference accepted", "reference undone"  # LogEntry.change_message


class UnfitError(ValueError):
    """The picture can't be a reference: forged, outdated, of another camera, or unusable."""


def sign_snapshot(camera: Camera, seen: camera_probe.CameraSnapshot) -> str:
    """Return the snapshot as a signed text to pass through a page; it is valid for this camera only."""
    fields = [camera.pk, base64.b64encode(seen.jpeg).decode(), seen.at.isoformat(), seen.reason]
    return signing.dumps(fields, salt=SALT, compress=True)


def read_signed_snapshot(camera: Camera, token: str) -> camera_probe.CameraSnapshot:
    """Return the snapshot given to sign_snapshot. Raises UnfitError."""
    try:
        owner, encoded, at, reason = signing.loads(token, salt=SALT, max_age=SEEN_WITHIN_S)
    except signing.BadSignature:
        raise UnfitError from None
    seen = camera_probe.make_snapshot(base64.b64decode(encoded), datetime.fromisoformat(at), reason)
    if owner != camera.pk or seen is None:
        raise UnfitError
    return seen


def is_fit(seen: camera_probe.CameraSnapshot) -> bool:
    """Return whether the picture can become the reference, that is, whether it shows a view at all."""
    return not seen.reason or seen.reason in COMPARED


def keep_reference(camera: Camera, seen: camera_probe.CameraSnapshot) -> None:
    """Store the reference of newly drawn zones, and drop the former one, which does not fit them."""
    camera.reference, camera.reference_jpeg, camera.reference_at = seen.signature, seen.jpeg, seen.at
    camera.former_reference = camera.former_jpeg = camera.former_at = None
    _save(camera)


@transaction.atomic
def accept_reference(camera: Camera, seen: camera_probe.CameraSnapshot, user: User) -> None:
    """Make this view the reference, keeping the zones and the former reference for undo. Raises UnfitError."""
    if not is_fit(seen):
        raise UnfitError
    camera = Camera.objects.select_for_update().get(pk=camera.pk)
    camera.former_reference, camera.former_jpeg = camera.reference, camera.reference_jpeg
    camera.former_at = camera.reference_at
    camera.reference, camera.reference_jpeg, camera.reference_at = seen.signature, seen.jpeg, seen.at
    _save(camera)
    log_change(camera, user, ACCEPTED)


@transaction.atomic
def undo_acceptance(camera: Camera, user: User) -> bool:
    """Restore the reference before the last accepted one; return False when there is none."""
    camera = Camera.objects.select_for_update().get(pk=camera.pk)
    if camera.former_reference is None:
        return False
    camera.reference, camera.reference_jpeg = camera.former_reference, camera.former_jpeg
    camera.reference_at = camera.former_at
    camera.former_reference = camera.former_jpeg = camera.former_at = None
    _save(camera)
    log_change(camera, user, UNDONE)
    return True


def log_change(camera: Camera, user: User, what: str) -> None:
    """Log who made a change (`what`: DRAWN, ACCEPTED or UNDONE) as an admin LogEntry, shown on the camera's page."""
    assert user.pk is not None  # an operator is signed in
    LogEntry.objects.log_actions(user.pk, [camera], CHANGE, change_message=what, single_object=True)


def history(camera: Camera, most: int = 5) -> QuerySet[LogEntry]:
    """Return the newest log entries of log_change for this camera."""
    kind = ContentType.objects.get_for_model(Camera)
    entries = LogEntry.objects.filter(content_type=kind, object_id=str(camera.pk))
    return entries.filter(change_message__in=(DRAWN, ACCEPTED, UNDONE)).select_related("user")[:most]


def blind_since(camera: Camera, reason: str) -> datetime | None:
    """Return since when the camera's samples have been BLIND for this reason; None when they are not."""
    newest = OccupancySpan.objects.filter(counter__zone__camera=camera).order_by("-ended_at").first()
    blind = newest is not None and (newest.look, newest.reason) == (Look.BLIND, reason)
    return newest.started_at if newest and blind else None


def _save(camera: Camera) -> None:
    names = ("reference", "reference_jpeg", "reference_at", "former_reference", "former_jpeg", "former_at")
    camera.save(update_fields=names)  # leaves changed_at, which concerns the address
