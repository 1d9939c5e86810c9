"""Save the zones that an operator draws on one camera's picture, all or none."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from offices.places.models import Counter
from streams.cameras.models import Camera, Zone
from streams.setup import lookalike_marks, references
from streams.setup.probe import CameraSnapshot


class DrawingError(ValueError):
    """Nothing was saved. `problems`: messages by the zone's position in what was sent; -1 for all of it."""

    def __init__(self, problems: dict[int, list[str]]) -> None:
        super().__init__(problems)
        self.problems = problems


def free_counters(camera: Camera) -> QuerySet[Counter]:
    """Return the office's counters that this camera may watch: without a zone, or with one on this camera."""
    return Counter.objects.filter(Q(zone=None) | Q(zone__camera=camera), kelurahan=camera.kelurahan_id)


def drawn_zones(camera: Camera) -> list[dict[str, Any]]:
    """Return the saved zones for the editor, in the form that save_zones takes."""
    return [
        {"counter": zone.counter_id, "name": "", "quorum": zone.counter.quorum, "polygon": zone.polygon}
        for zone in camera.zones.select_related("counter")
    ]


@transaction.atomic
def save_zones(
    camera: Camera, wanted: list[dict[str, Any]], seen: CameraSnapshot, marked: Sequence[dict[str, Any]] = ()
) -> int:
    """Replace the camera's zones by these, store the view they were drawn on, and return their number.

    Each zone: {"counter": id or None, "name" of a new counter, "quorum", "polygon": [[x, y], …] in fractions}.
    A counter keeps its zone's row, whatever the order. marked: {"polygon", "moving"} of objects that are not persons.
    Raises DrawingError; its positions count zones first, then marks.
    """
    camera = Camera.objects.select_for_update().get(pk=camera.pk)
    counters = {counter.pk: counter for counter in free_counters(camera)}
    names = set(Counter.objects.filter(kelurahan=camera.kelurahan_id).values_list("name", flat=True))
    taken = {name.casefold() for name in names}
    present = {zone.counter_id: zone for zone in camera.zones.all()}
    problems: dict[int, list[str]] = {}
    chosen: list[tuple[Counter, Zone]] = []
    for place, item in enumerate(wanted):
        messages: list[str] = []
        counter = _counter(camera, item, counters, taken, messages)
        zone = present.get(counter.pk) or Zone(camera=camera)
        try:
            zone.polygon = _polygon(item.get("polygon"))
            zone.clean()
        except ValidationError as error:
            messages += error.messages
        if messages:
            problems[place] = messages
        chosen.append((counter, zone))
    kept, wrong = lookalike_marks.check_marks(camera, list(marked), seen.jpeg)
    problems |= {len(wanted) + place: messages for place, messages in wrong.items()}
    if problems:
        raise DrawingError(problems)
    if lookalike_marks.assign_to_zones(kept, [zone for _counter, zone in chosen]):
        raise DrawingError({-1: [_("Ada tanda yang jauh dari semua zona. Hapus tanda itu, atau gambar zonanya.")]})
    camera.zones.exclude(counter__in=[counter.pk for counter, _zone in chosen if counter.pk]).delete()
    for counter, zone in chosen:
        counter.save()
        zone.counter = counter
        zone.save()
    references.keep_reference(camera, seen)
    return len(chosen)


def _counter(
    camera: Camera, item: dict[str, Any], counters: dict[int, Counter], taken: set[str], problems: list[str]
) -> Counter:
    """Return the counter, saved or new, that a zone is for, and remove it from those free. Appends to `problems`."""
    try:
        quorum = int(item.get("quorum") or 0)
    except (TypeError, ValueError):
        quorum = 0
    if not 1 <= quorum <= 20:
        problems.append(_("Jumlah petugas minimal harus 1 sampai 20."))
    if item.get("counter"):
        counter = counters.pop(item["counter"], None) if isinstance(item["counter"], int) else None
        if counter is None:
            problems.append(_("Loket ini sudah punya zona lain atau bukan milik kantor ini."))
            return Counter(kelurahan_id=camera.kelurahan_id)
        counter.quorum = quorum
        return counter
    name = " ".join(str(item.get("name") or "").split())
    if not name:
        problems.append(_("Pilih loket, atau tulis nama loket baru."))
    elif len(name) > 60:
        problems.append(_("Nama loket paling panjang 60 huruf."))
    elif name.casefold() in taken:
        problems.append(_("Loket bernama %(name)s sudah ada di kantor ini.") % {"name": name})
    taken.add(name.casefold())
    return Counter(kelurahan_id=camera.kelurahan_id, name=name, quorum=quorum)


def _polygon(points: Any) -> list[list[float]]:
    """Round to four decimals, a tenth of a pixel at 1080p. Raises ValidationError unless it is a list of points."""
    try:
        return [[round(float(x), 4), round(float(y), 4)] for x, y in points][:100]
    except (TypeError, ValueError, OverflowError):
        raise ValidationError(Zone.PROBLEMS["few_points"]) from None
