"""The demo's room: a shift that was handed over and signed for, the one on duty, its log book and who may enter.

All of it is made up.
"""

from datetime import datetime, timedelta

from discipline.incidents.room.changes import let_in, let_out
from discipline.incidents.room.models import RoomPass
from discipline.incidents.shifts import changes
from discipline.incidents.shifts.models import Shift
from discipline.tools.demo.city.cast import Cast
from offices.hours.schedule import local_day
from offices.places.models import Agency

HANDED_OVER = timedelta(hours=1)  # ago
BEFORE = (  # hours ago, and what the log book of the first shift says then
    (7.5, "Menerima jaga. Semua layar menyala, radio dicoba."),
    (5.0, "Patroli pasar selesai, lapak tertib."),
    (3.0, "Hujan lebat di Ilir Timur sejak pukul ini, genangan dipantau."),
    (1.1, "112: keributan pengamen, Satpol PP diminta dan belum menjawab."),
)
SINCE = (
    (0.8, "Serah terima dibaca dan ditandatangani. Satpol PP dihubungi lewat telepon piket."),
    (0.12, "Genangan di Simpang Charitas: BPBD dan Dishub menuju lokasi."),
)


def seed_shifts(cast: Cast, now: datetime) -> int:
    """Begin a shift after one that has ended; return how many, 0 if there are any."""
    if Shift.objects.exists():
        return 0
    operator, chief = cast.operator, cast.chief
    handed_over_at = now - HANDED_OVER
    changes.begin("Regu A", None, operator, handed_over_at - timedelta(hours=8))
    _seed_visit(cast, now - timedelta(hours=6))
    for hours, text in BEFORE:
        changes.write(text, operator, now - timedelta(hours=hours))
    handover = changes.hand_over("Genangan di titik rawan masih dipantau, pompa dijaga.", operator, handed_over_at)
    changes.begin("Regu B", None, chief, handed_over_at)
    changes.sign(handover, chief, handed_over_at + timedelta(minutes=6))
    changes.join(None, operator, handed_over_at + timedelta(minutes=10))
    agency = Agency.objects.filter(code="dishub").first()
    if agency and (officer := cast.officers.get("dishub")):
        changes.join(agency, officer, handed_over_at + timedelta(minutes=12))
    for hours, text in SINCE:
        changes.write(text, chief, now - timedelta(hours=hours))
    return 2


def _seed_visit(cast: Cast, at: datetime) -> None:
    """Put a technician on the list of the room, who came and left."""
    today = local_day(at)
    listed = RoomPass.objects.create(
        name="Rudi (contoh demo)",
        body="PT Serat Contoh",
        reason="Merawat dinding layar",
        first=today - timedelta(days=1),
        last=today + timedelta(days=6),
        by=cast.chief,
        at=at - timedelta(days=1),
    )
    let_out(let_in(listed, "Mengganti panel", cast.operator, at), cast.operator, at + timedelta(minutes=50))
