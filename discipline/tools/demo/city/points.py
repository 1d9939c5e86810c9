"""The demo's street points: read them from points.csv, and seed their rows.

Places are real, all else is made up: who proposed a point, its purposes, its legal basis.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from offices.places.models import Agency, Place
from offices.points.changes import PointDetails, save_point
from offices.points.models import PointBasis
from streams.cameras.models import Camera
from streams.control.steering.models import HomePreset
from streams.simulator import onvif
from streams.simulator.scripts import OFFICE_CAMERAS
from streams.simulator.street.turning import NAMES, StreetView

FILE = Path(__file__).with_name("points.csv")
AGENCIES = {
    "kominfo": "Dinas Komunikasi dan Informatika",
    "dishub": "Dinas Perhubungan",
    "satpolpp": "Satuan Polisi Pamong Praja",
    "polrestabes": "Polrestabes Palembang",
    "dlh": "Dinas Lingkungan Hidup",
    "dpupr": "Dinas Pekerjaan Umum dan Penataan Ruang",
}
COMMON_BASIS = "Contoh demo: keputusan bersama Kominfo dan Dishub; UU 27/2022 Pasal 17 dan 18"
OLDER_BASIS = "Contoh demo: keputusan kepala dinas; UU 27/2022 Pasal 17"
TURNING = ("PLB-001", "PLB-003")  # their cameras turn, as far as the simulator has footage of their streets
CONTACT = "Contoh demo: layanan CCTV Palembang, cctv@contoh.invalid"
BASIS_BEFORE, OLDER_BEFORE = timedelta(days=120), timedelta(days=400)


@dataclass(frozen=True, slots=True)
class DemoPoint:
    """A row of points.csv. proposer: an agency's code or an office's; street: a key of the simulator's STREETS."""

    code: str
    name: str
    latitude: float
    longitude: float
    direction: int
    agency: str
    purposes: tuple[str, ...]
    proposer: str
    retention: str
    sign: bool
    public: bool
    street: str

    @classmethod
    def of(cls, row: Mapping[str, str]) -> "DemoPoint":
        """Return the point of a row of the file."""
        return cls(
            code=row["code"],
            name=row["name"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            direction=int(row["direction"]),
            agency=row["agency"],
            purposes=tuple(row["purposes"].split()),
            proposer=row["proposer"],
            retention=row["retention"],
            sign=row["sign"] == "yes",
            public=row["public"] == "yes",
            street=row["street"],
        )


@cache
def demo_points() -> tuple[DemoPoint, ...]:
    """Return the demo's points; the camera of the nth has the number OFFICE_CAMERAS + n."""
    with FILE.open(newline="") as rows:
        return tuple(map(DemoPoint.of, csv.DictReader(rows)))


def public_codes() -> list[str]:
    """Return the codes of the points that the public may see."""
    return [point.code for point in demo_points() if point.public]


def shown_points(cameras: int) -> tuple[DemoPoint, ...]:
    """Return the points with a camera in a demo of so many cameras, those of the offices counted first."""
    return demo_points()[: max(0, cameras - OFFICE_CAMERAS)]


def streets(cameras: int) -> list[str]:
    """Return the streets that the simulator shows in a demo of so many cameras."""
    return [point.street for point in shown_points(cameras)]


def turning(cameras: int) -> list[int]:
    """Return the numbers of the cameras that turn in a demo of so many cameras."""
    shown = enumerate(shown_points(cameras), OFFICE_CAMERAS + 1)
    return [number for number, point in shown if point.code in TURNING]


def seed_turning(cameras: Iterable[Camera], ports: Mapping[int, int]) -> None:
    """Let cameras of points be steered: `ports` has the ONVIF port of each that turns, by its number.

    Homes that were chosen before stay.
    """
    by_name = {camera.name: camera for camera in cameras}
    for number, port in ports.items():
        camera = by_name.get(f"cam{number:03d}")
        if camera is None:
            continue
        if not camera.username:
            camera.username, camera.password = onvif.USER, onvif.PASSWORD
            camera.save()
        token, name = "1", NAMES[StreetView.HOME]
        home, _ = HomePreset.objects.get_or_create(camera=camera, defaults={"token": token, "name": name})
        HomePreset.objects.filter(pk=home.pk).update(onvif_port=port)


def seed_points(address: Callable[[int], str], today: date, points: Iterable[DemoPoint]) -> list[Camera]:
    """Create missing places, details and cameras, update the cameras' addresses, and return the cameras.

    `address(n)` is the RTSP address of camera n. Other edits stay, and so does the absence of a point's details that
    were deleted.
    """
    agencies = {code: _agency(code) for code in AGENCIES}
    known = {place.point_code: place for place in Place.objects.filter(kind=Place.Kind.POINT)}
    held = {camera.place_id: camera for camera in Camera.objects.filter(place__kind=Place.Kind.POINT)}
    cameras = []
    for number, point in enumerate(points, OFFICE_CAMERAS + 1):
        place = known.get(point.code) or _create(point, agencies, today)
        camera = held.get(place.pk) or Camera(place=place, name=f"cam{number:03d}")
        if camera.url != address(number):
            camera.url = address(number)
            camera.save()
        cameras.append(camera)
    return cameras


def _agency(code: str) -> Agency:
    return Agency.objects.get_or_create(code=code, defaults={"name": AGENCIES[code]})[0]


def _create(point: DemoPoint, agencies: Mapping[str, Agency], today: date) -> Place:
    agency = agencies[point.agency]
    details = PointDetails(
        code=point.code,
        name=point.name,
        latitude=point.latitude,
        longitude=point.longitude,
        direction=point.direction,
        agency=agency,
        proposed_by_agency=agencies.get(point.proposer),
        proposed_by_office=_office(point.proposer) if point.proposer not in agencies else None,
        purposes=list(point.purposes),
        retention=point.retention,
        has_sign=point.sign,
    )
    place = save_point(None, details)
    for basis, before in _bases(point):
        PointBasis.objects.create(
            point_id=place.pk, since=today - before, basis=basis, controller=agency, contact=CONTACT
        )
    return place


def _office(code: str) -> Place | None:
    return Place.objects.filter(kelurahan__code=code).first()


def _bases(point: DemoPoint) -> Sequence[tuple[str, timedelta]]:
    """Return the legal bases and how long ago each began: points of Dishub are older than the common decision."""
    common = (COMMON_BASIS, BASIS_BEFORE)
    return ((OLDER_BASIS, OLDER_BEFORE), common) if point.agency == "dishub" else (common,)
