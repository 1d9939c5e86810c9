"""The demo's reports of residents: rubbish that the public reads, a flood that two saw, a counter found empty.

All of it is made up. One of them can be followed with a secret that is known.
"""

from datetime import datetime, timedelta
from uuid import uuid4

from discipline.alerts.models import Alert
from discipline.complaints import steps
from discipline.complaints.filing import NewComplaint, by_secret, file_complaint
from discipline.complaints.models import Complaint, ComplaintKind
from discipline.complaints.state_rule import ComplaintState
from discipline.complaints.steps import ComplaintStepWanted, take_complaint_step
from discipline.staffing.alert_kinds import ACCUSATIONS
from discipline.tools.demo.city.cast import Cast
from discipline.tools.demo.city.points import demo_points
from offices.places.models import Place

SECRET = "SIDAK-DEMO-WARGA-2345"  # noqa: S105 printed at each start, of the first report about the flood
FLOODED = "PLB-014"  # where the simulator's water rises
RUBBISH = "PLB-008"
MARK = "(contoh demo)"  # at the end of each
COUNTER_TEXT = "Loket kosong, antrean tidak dilayani (contoh demo)"
EMPTY_FOR = timedelta(seconds=100)  # of a counter, before somebody reports it
NOT_OLDER = timedelta(hours=6)


def seed_complaints(cast: Cast, now: datetime) -> None:
    """Send two reports about a flood, which wait, and one about rubbish, which was published and answered."""
    sent = now - timedelta(minutes=7)
    _send("flood", "Air naik cepat di depan ruko, motor mulai mogok (contoh demo)", FLOODED, sent, secret=SECRET)
    _send("flood", "Banjir setinggi betis, mohon pompa (contoh demo)", FLOODED, sent + timedelta(minutes=3))
    at = now - timedelta(hours=20)
    rubbish = _send("rubbish", "Sampah menumpuk di tepi jalan sejak kemarin (contoh demo)", RUBBISH, at)
    newest = rubbish.steps.values_list("pk", flat=True).last() or 0
    take_complaint_step(rubbish, ComplaintStepWanted(ComplaintState.VERIFIED, newest), cast.operator, at)
    steps.publish(rubbish, rubbish.text, cast.operator, at, rubbish.address)
    steps.answer(rubbish, "Petugas kebersihan dijadwalkan besok pagi (contoh demo).", cast.operator, at)


def seed_counter_report(now: datetime) -> Complaint | None:
    """Send a report about the counter that was empty last, if one was empty for long enough, and no report is there."""
    if Complaint.objects.filter(text=COUNTER_TEXT).exists():
        return None
    found = Alert.objects.counted().filter(kind__in=ACCUSATIONS, counter__kelurahan__isnull=False)
    recent = found.filter(since__lt=now - EMPTY_FOR, raised_at__gt=now - NOT_OLDER, raised_at__lte=now)
    alert = recent.select_related("counter__kelurahan").order_by("-since").first()
    if alert is None or alert.counter.kelurahan is None:
        return None
    place = Place.objects.get(kelurahan=alert.counter.kelurahan)
    office, seen_at = alert.counter.kelurahan, alert.since + EMPTY_FOR / 2
    return _file("counter", COUNTER_TEXT, place, (office.latitude, office.longitude), now, happened_at=seen_at)


def followed() -> Complaint | None:
    """Return the report whose secret is known, None when it is not there."""
    flood = Complaint.objects.filter(kind__code="flood").order_by("pk")
    return next((one for one in flood[:20] if by_secret(one.number, SECRET)), None)


def _send(kind: str, text: str, point: str, at: datetime, *, secret: str = "") -> Complaint:
    """Send a report about a pin at a street point."""
    pin = next(one for one in demo_points() if one.code == point)
    return _file(kind, text, None, (pin.latitude, pin.longitude), at, address=pin.name, secret=secret)


def _file(
    kind: str,
    text: str,
    place: Place | None,
    pin: tuple[float, float],
    at: datetime,
    *,
    address: str = "",
    happened_at: datetime | None = None,
    secret: str = "",
) -> Complaint:
    new = NewComplaint(
        key=uuid4(),
        kind=ComplaintKind.objects.get(code=kind),
        place=place,
        latitude=pin[0],
        longitude=pin[1],
        text=text,
        language="id",
        address=address,
        happened_at=happened_at,
    )
    return file_complaint(new, at, secret=secret).complaint
