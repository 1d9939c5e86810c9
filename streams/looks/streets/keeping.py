"""Which lanes are watched, and the hints that are stored, from a thread of its own."""

import logging
import queue
import threading
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, connection, transaction

from offices.places.models import Place
from streams.looks.streets.lookout import HintPlace, Noticed
from streams.looks.streets.models import HintKind, HintRule, HintSetting, StreetHint
from streams.looks.streets.precision_rule import Precision, is_muted, precision_of

PICTURES_KEPT = timedelta(days=14)
WAITING = 64  # changes that may wait for PostgreSQL; more are dropped

log = logging.getLogger(__name__)


def precision_since(setting: HintSetting, rule: HintRule) -> Precision:
    """Return the precision of the setting's hints since it was last saved."""
    decided = StreetHint.objects.filter(
        camera=setting.camera_id, kind=setting.kind, started_at__gte=setting.since
    ).exclude(decision="")
    newest = decided.order_by("-decided_at").values_list("decision", flat=True)[: rule.counted]
    return precision_of([one == StreetHint.Decision.YES for one in newest], rule.counted)


def muted(setting: HintSetting, rule: HintRule) -> bool:
    """Return whether the setting's hints have fallen silent."""
    return is_muted(precision_since(setting, rule), rule.counted, rule.least_percent)


def wanted_places(cameras: Iterable[int]) -> list[HintPlace]:
    """Return the places of these cameras in which hints are wanted and not muted. Of offices never any."""
    rule = HintRule.current()
    settings = HintSetting.objects.filter(
        camera__in=list(cameras), on=True, camera__place__kind=Place.Kind.POINT
    ).select_related("camera")
    return [
        HintPlace(
            one.camera_id,
            one.kind,
            tuple((float(x), float(y)) for x, y in one.polygon),
            bytes(one.camera.reference_jpeg or b"") if one.kind == HintKind.WATER else b"",
        )
        for one in settings
        if not muted(one, rule)
    ]


@transaction.atomic
def store(noticed: Noticed) -> None:
    """Store a change: begin the camera's open hint, raise its level, or end it."""
    same = StreetHint.objects.filter(camera=noticed.camera, kind=noticed.kind, ended_at=None)
    hint = same.select_for_update(no_key=True).first()
    if not noticed.level:
        if hint:
            hint.ended_at = max(noticed.at, hint.started_at)
            hint.save(update_fields=["ended_at"])
        return
    if hint is None:
        setting = HintSetting.objects.filter(camera=noticed.camera, kind=noticed.kind, on=True)
        if not setting.exists():  # switched off, or the camera is gone
            return
        hint = StreetHint(camera_id=noticed.camera, kind=noticed.kind, started_at=noticed.since or noticed.at)
    hint.level, hint.jpeg = noticed.level, noticed.jpeg
    hint.save()
    StreetHint.objects.filter(started_at__lt=noticed.at - PICTURES_KEPT, jpeg__isnull=False).update(jpeg=None)


class HintKeeper:
    """Stores changes in their order. `put` never waits."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[Noticed | None] = queue.Queue(WAITING)
        self._thread = threading.Thread(target=self._run, name="hints", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; returns after 2 s at the latest."""
        with suppress(queue.Full):
            self._waiting.put_nowait(None)
            self._thread.join(2)

    def put(self, noticed: Noticed) -> None:
        """Queue a change; it is dropped when too many wait."""
        with suppress(queue.Full):
            self._waiting.put_nowait(noticed)

    def _run(self) -> None:
        while (noticed := self._waiting.get()) is not None:
            try:
                store(noticed)
            except (DatabaseError, InterfaceError) as error:
                log.warning("Can't store a hint of camera %s: %s", noticed.camera, error)
                connection.close()
        connection.close()
