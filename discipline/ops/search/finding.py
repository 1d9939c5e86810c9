"""Search what a user may open, group by group."""

import re
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from discipline.alerts.models import Alert
from discipline.alerts.words import alert_word
from discipline.core.wording import calendar, hour, name_of
from discipline.ops.search import city
from discipline.ops.search.hits import Hit, HitGroup
from discipline.ops.search.months import monthly_reports
from discipline.ops.search.site_pages import SITE_PAGES
from offices.access.gate import Scope, User, kecamatan_offices, scope_of, within, within_offices
from offices.accounts.users.finding import AccountFilter, find_accounts
from offices.hours.schedule import local_day
from offices.places.models import Kelurahan, Office, Place
from offices.places.search import matches, normalise, search_text
from offices.points.finding import PointFilter, find_points
from streams.cameras.models import Camera

LONGEST = 100  # characters of a query
NUMBER = re.compile(r"(?:(?:indikasi|indication|no\.?|nomor)\s*)*#?\s*(\d{1,9})", re.IGNORECASE)
SHORTEST_CODE = 4  # characters of an office's or point's code: fewer would be the number in a name


def search(user: User, query: str, now: datetime, most: int) -> list[HitGroup]:
    """Return what the query finds in the user's scope, at most `most` hits of each kind; groups without any are left
    out.

    Names are compared as on the board. An indication, a resident's report and a case are found by their numbers, an
    incident by its number or words, the room's shifts and daily reports by their day, an office and its cameras also
    by a part of the office's code.
    """
    query = " ".join(query[:LONGEST].split())
    wanted, scope = normalise(query), scope_of(user)
    if not wanted or not may_search(scope):
        return []
    offices = list(Kelurahan.objects.filter(within(scope)).select_related("kecamatan"))
    found = (
        ("i-flag", _("Indikasi"), _indications(scope, query)),
        ("i-bell", _("Kejadian"), city.incidents(scope, query, wanted)),
        ("i-report", _("Laporan warga"), city.complaints(scope, query)),
        ("i-evidence", _("Berkas pelanggaran"), city.cases(scope, query)),
        ("i-log", _("Ruang kendali"), city.duty(scope, query, local_day(now))),
        ("i-board", _("Kantor"), _offices([*offices, *kecamatan_offices(scope)], query, wanted)),
        ("i-pin", _("Titik"), _points(scope, query)),
        ("i-person", _("Instansi"), city.agencies(scope, wanted)),
        ("i-right", _("Halaman Sidak"), _pages(scope, wanted)),
        ("i-camera", _("Kamera"), _cameras(scope, query, wanted)),
        ("i-report", _("Laporan"), monthly_reports(scope, offices, wanted, local_day(now))),
        ("i-person", _("Pengguna"), _accounts(user, scope, query)),
    )
    return [HitGroup(icon, title, hits[:most], len(hits)) for icon, title, hits in found if hits]


def may_search(scope: Scope) -> bool:
    """Return whether there is anything to search for: somebody of an agency has incidents, tasks and points."""
    return not scope.empty or scope.sees_points


def searchable(scope: Scope) -> str:
    """Return a sentence that says what the search of this scope finds."""
    if scope.operates:
        return _(
            "Yang dapat dicari: kantor, nomor indikasi, kejadian, nomor laporan warga, giliran jaga dan laporan harian "
            "menurut tanggal, titik, instansi, kamera, laporan bulanan, halaman dan pengguna."
        )
    if scope.city:
        return _(
            "Yang dapat dicari: kantor, nomor indikasi, kejadian, nomor laporan warga dan berkas, giliran jaga dan "
            "laporan harian menurut tanggal, titik, instansi, kamera, laporan bulanan dan halaman."
        )
    if scope.only_points:
        return _("Yang dapat dicari: kejadian, nomor berkas, titik dan halaman.")
    return _(
        "Yang dapat dicari: kantor, nomor indikasi, kejadian, nomor laporan warga, kamera, laporan bulanan dan halaman."
    )


def _indications(scope: Scope, query: str) -> list[Hit]:
    number = NUMBER.fullmatch(query)
    if not number:
        return []
    known = Alert.objects.filter(within_offices(scope, "counter"), pk=int(number[1]))
    return [
        Hit(
            reverse("indication", args=[alert.pk]),
            _("Indikasi %(number)s: %(kind)s") % {"number": alert.pk, "kind": alert_word(alert.kind, alert.detail)},
            f"{alert.counter.office.name}, {calendar(local_day(alert.since))} {hour(alert.since)} WIB",
        )
        for alert in known.select_related("counter__kelurahan", "counter__place__kecamatan")
    ]


def _offices(offices: list[Office], query: str, wanted: str) -> list[Hit]:
    """Return the offices of that name or code first, then those whose kecamatan has that name."""
    named, others = [], []
    for office in offices:
        names = (office.name, office.official_name)
        if _has_code(query, office.code) or matches(wanted, search_text(*names)):
            named.append(office)
        elif matches(wanted, search_text(*names, office.area.name)):
            others.append(office)
    return [
        Hit(reverse("office", args=[one.code]), one.name, _("Kecamatan %(name)s") % {"name": one.area})
        for one in named + others
    ]


def _points(scope: Scope, query: str) -> list[Hit]:
    return [
        Hit(reverse("point", args=[one.point_code]), one.point_name, f"{one.point_code}, {one.agency}")
        for one in find_points(scope, PointFilter(query))
    ]


def _pages(scope: Scope, wanted: str) -> list[Hit]:
    return [Hit(page.url, str(page.title)) for page in SITE_PAGES if matches(wanted, page.words) and page.allows(scope)]


def _cameras(scope: Scope, query: str, wanted: str) -> list[Hit]:
    """Return the cameras of that name, or of a place of that name or code.

    An operator gets to the camera's own page, others to its live picture: only offices have one.
    """
    known = Camera.objects.with_place().order_by("place", "name")
    if not scope.operates:
        known = known.filter(within_offices(scope, ""), ~Q(place__kind=Place.Kind.POINT), enabled=True)
    hits = []
    for camera in known:
        office = camera.kelurahan
        names = [camera.name, camera.place.name, office.official_name if office else ""]
        if _has_code(query, camera.place.code) or matches(wanted, search_text(*names)):
            hits.append(Hit(_camera_url(camera, scope), camera.name, camera.place.name))
    return hits


def _camera_url(camera: Camera, scope: Scope) -> str:
    if scope.operates or camera.place.kind == Place.Kind.POINT:
        return reverse("camera", args=[camera.pk])
    return f"{reverse('office-live', args=[camera.place.code])}?kamera={camera.pk}"


def _accounts(user: User, scope: Scope, query: str) -> list[Hit]:
    """Return the accounts that the operator looks after; others see none."""
    if not scope.operates:
        return []
    hits = []
    for account in find_accounts(user, AccountFilter(query)):
        roles = [
            f"{one.get_role_display()} {one.kecamatan or one.kelurahan or one.agency or ''}".strip()
            for one in account.memberships.all()
        ]
        name = name_of(account)
        hits.append(Hit(reverse("user", args=[account.pk]), name, ", ".join(roles)))
    return hits


def _has_code(query: str, code: str) -> bool:
    return len(query) >= SHORTEST_CODE and query.upper() in code.upper()
