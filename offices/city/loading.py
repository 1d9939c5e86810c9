"""Load the city's offices from palembang.csv without overwriting an administrator's changes."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import fmean

from django.db import transaction

from offices.hours import duty
from offices.hours.models import HoursPlan
from offices.places.models import Counter, Kecamatan, Kelurahan

PALEMBANG = Path(__file__).with_name("palembang.csv")
COUNTER = "Loket 1 Pelayanan Umum"

# An estimate: the dates are decreed each year and can't be computed. The city's own plan overrides this one.
RAMADAN = duty.ramadan(date(2027, 2, 8), date(2027, 3, 9))


@dataclass(frozen=True, slots=True)
class OfficeRecord:
    """One row of the file. Coordinates, in degrees, are the centre of the area, not of the office."""

    code: str
    kecamatan_code: str
    kecamatan: str
    name: str
    official_name: str
    latitude: float
    longitude: float


@dataclass(slots=True)
class LoadResult:
    """Numbers of rows created or renamed; all 0 when nothing was missing."""

    kecamatan: int = 0
    kelurahan: int = 0
    renamed: int = 0
    counters: int = 0
    plans: int = 0


def read_offices(path: Path = PALEMBANG) -> list[OfficeRecord]:
    """Read the file. Raises OSError, or KeyError and ValueError when it has another format."""
    with path.open(newline="", encoding="utf-8") as file:
        return [
            OfficeRecord(
                code=row["code"],
                kecamatan_code=row["kecamatan_code"],
                kecamatan=row["kecamatan"],
                name=row["name"],
                official_name=row["official_name"],
                latitude=float(row["latitude"]),
                longitude=float(row["longitude"]),
            )
            for row in csv.DictReader(file)
        ]


@transaction.atomic
def load_offices(offices: Iterable[OfficeRecord], *, refresh: bool = False, counters: bool = False) -> LoadResult:
    """Create what is missing, in one transaction, and return what was done.

    `refresh` also updates names from the file; coordinates are never changed. `counters` adds a first counter to each
    office without one.
    """
    offices = list(offices)
    done = LoadResult()
    _load_kecamatan(offices, refresh, done)
    _load_kelurahan(offices, refresh, done)
    if counters:
        bare = Kelurahan.objects.filter(code__in=[office.code for office in offices], counters=None)
        done.counters = len(Counter.objects.bulk_create(Counter(kelurahan=k, name=COUNTER) for k in bare))
    # Once the city has hours, a plan that was deleted is not created again.
    if not HoursPlan.objects.filter(kecamatan=None, kelurahan=None, counter=None).exists():
        plans = [
            _row(duty.NORMAL, source="Perpres 21/2023"),
            _row(RAMADAN, source="Perpres 21/2023; tanggal perkiraan, sesuaikan dengan surat edaran"),
        ]
        done.plans = len(HoursPlan.objects.bulk_create(plans))
    return done


def _row(plan: duty.WeeklyPlan, source: str) -> HoursPlan:
    spans = {day: duty.format_spans(plan.week.get(number, ())) for number, day in enumerate(HoursPlan.DAYS)}
    return HoursPlan(
        name=plan.name,
        valid_from=plan.valid_from,
        valid_to=plan.valid_to,
        priority=plan.priority,
        source=source,
        **spans,
    )


def _load_kecamatan(offices: list[OfficeRecord], refresh: bool, done: LoadResult) -> None:
    known = {k.code: k for k in Kecamatan.objects.all()}
    members = defaultdict(list)
    for office in offices:
        members[office.kecamatan_code].append(office)
    for code, records in members.items():
        name = records[0].kecamatan
        if code not in known:
            Kecamatan.objects.create(
                code=code,
                name=name,
                latitude=round(fmean(office.latitude for office in records), 6),
                longitude=round(fmean(office.longitude for office in records), 6),
            )
            done.kecamatan += 1
        elif refresh and known[code].name != name:
            Kecamatan.objects.filter(code=code).update(name=name)
            done.renamed += 1


def _load_kelurahan(offices: list[OfficeRecord], refresh: bool, done: LoadResult) -> None:
    known = {k.code: k for k in Kelurahan.objects.all()}
    kecamatan = {k.code: k for k in Kecamatan.objects.all()}
    missing = [
        Kelurahan(
            code=office.code,
            kecamatan=kecamatan[office.kecamatan_code],
            name=office.name,
            official_name=office.official_name,
            latitude=office.latitude,
            longitude=office.longitude,
        )
        for office in offices
        if office.code not in known
    ]
    done.kelurahan = len(Kelurahan.objects.bulk_create(missing))
    for office in offices if refresh else []:
        names = {"name": office.name, "official_name": office.official_name}
        done.renamed += Kelurahan.objects.filter(code=office.code).exclude(**names).update(**names)
