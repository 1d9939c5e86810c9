"""What was done with the pictures of a copy: indications, who saw or opened them, who watched the camera meanwhile."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from discipline.alerts.models import Alert
from discipline.disclosure.account_rows import json_ready
from discipline.disclosure.footage.models import FootageCopy
from offices.access.models import FileAccess
from streams.evidence.models import Evidence, EvidenceOpening
from streams.live.models import View


def trail_of(copy: FootageCopy, names: Sequence[tuple[str, Evidence]]) -> dict[str, Any]:
    """Return the trail as JSON holds it. `names`: the copy's files and their originals. Nobody is named."""
    originals = [original.pk for _name, original in names]
    shown = [str(pk) for pk in Evidence.objects.filter(of__in=originals).values_list("pk", flat=True)]
    blurred = FileAccess.objects.filter(kind=FileAccess.Kind.EVIDENCE, key__in=shown)
    overlapping = Q(opened_at__lte=copy.until, seen_at__gte=copy.since)
    cameras = {original.facts.get("camera") for _name, original in names} - {None}
    watched = View.objects.filter(overlapping, Q(camera__in=cameras) | Q(offices__contains=[copy.counter.kelurahan_id]))
    return {
        "gambar": [
            {"berkas": name, "waktu": json_ready(original.at), "jenis": str(original.get_kind_display())}
            for name, original in names
        ],
        "indikasi": [
            {
                "jenis": str(alert.get_kind_display()),
                "sejak": json_ready(alert.since),
                "sampai": json_ready(alert.ended_at),
                "putusan": str(alert.get_outcome_display()),  # type: ignore[attr-defined]  # of a field with choices
            }
            for alert in _indications(copy)
        ],
        "bukti_asli_dibuka": _moments(
            EvidenceOpening.objects.filter(evidence__in=originals).values_list("at", flat=True)
        ),
        "bukti_dikaburkan_dilihat": _moments(blurred.values_list("at", flat=True)),
        "kamera_dilihat": [
            {
                "cara": str(view.get_how_display()),
                "dari": json_ready(view.opened_at),
                "sampai": json_ready(view.seen_at),
            }
            for view in watched.order_by("opened_at")
        ],
    }


def _indications(copy: FootageCopy) -> Iterable[Alert]:
    of_counter = Alert.objects.filter(counter=copy.counter, withdrawn_by=None, since__lte=copy.until)
    return of_counter.annotate(until=Coalesce(F("ended_at"), F("raised_at"))).filter(until__gte=copy.since)


def _moments(moments: Any) -> list[Any]:
    return [json_ready(at) for at in moments.order_by("at")]
