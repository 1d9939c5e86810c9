"""Which places are watched, and the hints that are stored, from a thread of its own."""

import logging
import queue
import threading
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, connection, transaction

from offices.places.models import Place
from streams.looks.streets.clips import Moment
from streams.looks.streets.lookout import HintPlace, Noticed
from streams.looks.streets.models import RIGHT_ALL_THE_SAME, HintClip, HintKind, HintRule, HintSetting, StreetHint
from streams.looks.streets.precision_rule import Precision, is_muted, precision_of
from streams.source.mp4_file import MuxError

PICTURES_KEPT = timedelta(days=14)
WAITING = 64  # changes that may wait for PostgreSQL; more are dropped
TICK_S = 1.0  # how often it is asked whether a clip is whole
COMPARED = (HintKind.WATER, HintKind.RUBBISH)  # with the camera's reference picture

log = logging.getLogger(__name__)


def precision_since(setting: HintSetting, rule: HintRule) -> Precision:
    """Return the precision of the setting's hints since it was last saved.

    Hints that were refused although the camera was right (RIGHT_ALL_THE_SAME) are not counted.
    """
    decided = (
        StreetHint.objects.filter(camera=setting.camera_id, kind=setting.kind, started_at__gte=setting.since)
        .exclude(decision="")
        .exclude(refusal__in=[one.value for one in RIGHT_ALL_THE_SAME])
    )
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
    return [_place_of(one) for one in settings if not muted(one, rule)]


def _place_of(setting: HintSetting) -> HintPlace:
    compared, rubbish = setting.kind in COMPARED, setting.kind == HintKind.RUBBISH
    return HintPlace(
        setting.camera_id,
        setting.kind,
        tuple((float(x), float(y)) for x, y in setting.polygon),
        reference=bytes(setting.camera.reference_jpeg or b"") if compared else b"",
        minutes=setting.minutes if rubbish else 0,
        drawn_at=setting.since if rubbish else None,
    )


@transaction.atomic
def store(noticed: Noticed) -> StreetHint | None:
    """Store a change: begin the camera's open hint, raise its level, or end it. Return the hint that is open then."""
    same = StreetHint.objects.filter(camera=noticed.camera, kind=noticed.kind, ended_at=None)
    hint = same.select_for_update(no_key=True).first()
    if not noticed.level:
        if hint:
            hint.ended_at = max(noticed.at, hint.started_at)
            hint.save(update_fields=["ended_at"])
        return None
    if hint is None:
        setting = HintSetting.objects.filter(camera=noticed.camera, kind=noticed.kind, on=True)
        if not setting.exists():  # switched off, or the camera is gone
            return None
        hint = StreetHint(camera_id=noticed.camera, kind=noticed.kind, started_at=noticed.since or noticed.at)
    hint.level, hint.jpeg = noticed.level, noticed.jpeg
    hint.save()
    return hint


def store_clip(hint: StreetHint, moment: Moment) -> None:
    """Store the clip of the moment with the hint, in place of an earlier one. Raises MuxError, OSError."""
    if (clip := moment.clip()) is None:
        return
    with transaction.atomic():
        if StreetHint.objects.select_for_update(no_key=True).filter(pk=hint.pk, jpeg__isnull=False).exists():
            HintClip.objects.update_or_create(hint=hint, defaults={"mp4": clip[0], "began_at": clip[1]})


def forget_pictures(now: datetime) -> int:
    """Delete pictures and clips of hints that began more than PICTURES_KEPT ago; return of how many hints."""
    old = StreetHint.objects.filter(started_at__lt=now - PICTURES_KEPT)
    with transaction.atomic():
        HintClip.objects.filter(hint__in=old).delete()
        return old.filter(jpeg__isnull=False).update(jpeg=None)


class HintKeeper:
    """Stores changes in their order, and their clips when they are whole. `put` never waits."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[Noticed | None] = queue.Queue(WAITING)
        self._clips: deque[tuple[StreetHint, Moment]] = deque()  # not whole yet
        self._thread = threading.Thread(target=self._run, name="hints", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread, clips cut short; returns after 2 s at the latest."""
        with suppress(queue.Full):
            self._waiting.put_nowait(None)
            self._thread.join(2)

    def put(self, noticed: Noticed) -> None:
        """Queue a change; it is dropped when too many wait."""
        if noticed.moment:
            noticed.moment.hold()
        try:
            self._waiting.put_nowait(noticed)
        except queue.Full:
            if noticed.moment:
                noticed.moment.release()

    def _run(self) -> None:
        while True:
            try:
                noticed = self._waiting.get(timeout=TICK_S if self._clips else None)
                if noticed is None:
                    break
                self._store(noticed)
            except queue.Empty:
                pass
            self._store_clips(last=False)
        self._store_clips(last=True)
        connection.close()

    def _store(self, noticed: Noticed) -> None:
        hint = None
        try:
            hint = store(noticed)
        except (DatabaseError, InterfaceError) as error:
            log.warning("Can't store a hint of camera %s: %s", noticed.camera, error)
            connection.close()
        if noticed.moment and hint:
            self._clips.append((hint, noticed.moment))
        elif noticed.moment:
            noticed.moment.release()

    def _store_clips(self, last: bool) -> None:
        """Store the clips that are whole, at the `last` all of them."""
        while self._clips and (last or self._clips[0][1].past):
            hint, moment = self._clips.popleft()
            try:
                store_clip(hint, moment)
            except (MuxError, OSError) as error:
                log.warning("Can't write the clip of a hint of camera %s: %s", hint.camera_id, error)
            except (DatabaseError, InterfaceError) as error:
                log.warning("Can't store the clip of a hint of camera %s: %s", hint.camera_id, error)
                connection.close()
            finally:
                moment.release()
