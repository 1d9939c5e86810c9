"""What is known of the clocks behind a case: the camera's, this server's, and how a recording's times follow them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from discipline.core.wording import clock, local, weekday
from streams.cameras.models import Camera
from streams.control.device import DeviceError, DeviceLogin
from streams.control.devices import read_device
from streams.control.words import clock_words
from streams.servers.kernel_clock import kernel_clock

CAMERA, SERVER, AT_MOST, FILE = "camera_s", "server_synchronised", "server_at_most_s", "file_s"


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A line of the clock statement."""

    what: str
    said: str


def measure(camera: Camera | None, facts: dict[str, Any] | None, now: datetime) -> dict[str, Any]:
    """Return what can be measured now, JSON-ready. `facts`: of the export's evidence.

    - camera_s: the camera's time less this server's in seconds, asked by ONVIF; None when it doesn't say.
    - server_synchronised: whether a time server sets this machine's clock; None when the kernel doesn't say.
    - server_at_most_s: how far this machine's clock may be from the time server's, by the kernel's account.
    - file_s: the times in the clip less the arrival of its pictures, at its beginning and end.
    """
    server = kernel_clock()
    found: dict[str, Any] = {"at": now.isoformat(), CAMERA: None}
    found |= {SERVER: server.synchronised if server else None, AT_MOST: server.at_most_s if server else None}
    if camera is not None:
        found[CAMERA] = camera_offset(camera)
    if facts and facts.get("minutes"):
        first, last = facts["minutes"][0], facts["minutes"][-1]
        found[FILE] = [
            _apart(first["plays_from"], first["arrived_from"]),
            _apart(last["plays_until"], last["arrived_until"]),
        ]
    return found


def camera_offset(camera: Camera) -> float | None:
    """Ask the camera for its clock, within 20 s; None when it does not answer, or has no clock."""
    host = urlsplit(camera.url).hostname
    if not host:
        return None
    login = DeviceLogin(camera.username, camera.password.reveal() if camera.username else "")
    try:
        report = read_device(host, None, login)
    except DeviceError:
        return None
    return round(report.clock.offset_s, 1) if report.clock else None


def statement(clocks: dict[str, Any]) -> list[ClockLine]:
    """Return the clock statement in words, in the active language."""
    return [
        ClockLine(_("Jam kamera"), _camera(clocks.get(CAMERA))),
        ClockLine(_("Jam server"), _server(clocks.get(SERVER), clocks.get(AT_MOST))),
        ClockLine(_("Waktu di dalam klip"), _file(clocks.get(FILE))),
        ClockLine(_("Diukur"), _measured(clocks.get("at"))),
    ]


def _camera(offset_s: float | None) -> str:
    if offset_s is None:
        return _(
            "Selisihnya belum diketahui: kamera tidak menyebutkan jamnya. Jam yang tercetak pada gambar, bila ada,"
            " tidak diperiksa; waktu dalam berkas ini menurut jam server."
        )
    return _("%(offset)s terhadap jam server (%(seconds)s detik), diukur saat berkas ini dibuat.") % {
        "offset": clock_words(offset_s),
        "seconds": _signed(offset_s, 1),
    }


def _server(synchronised: bool | None, at_most_s: float | None) -> str:
    if synchronised is None:
        return _("Belum diketahui apakah disetel oleh server waktu.")
    if synchronised and at_most_s is not None:
        return _(
            "Disetel oleh server waktu (NTP), menurut sistem operasinya; selisihnya dari server waktu itu paling banyak"
            " %(seconds)s detik."
        ) % {"seconds": number_format(max(at_most_s, 0.001), 3)}
    if synchronised:
        return _("Disetel oleh server waktu (NTP), menurut sistem operasinya.")
    return _("Tidak disetel oleh server waktu, menurut sistem operasinya; selisihnya dari waktu resmi belum diketahui.")


def _file(apart: list[float] | None) -> str:
    if not apart:
        return _("Tidak ada klip.")
    return _("Berbeda %(first)s detik pada awal dan %(last)s detik pada akhir dari saat gambarnya tiba di server.") % {
        "first": _signed(apart[0], 3),
        "last": _signed(apart[1], 3),
    }


def _measured(at: str | None) -> str:
    if at is None:
        return "–"
    when = datetime.fromisoformat(at)
    return f"{weekday(local(when))}, {clock(when)} WIB"


def _signed(seconds: float, places: int) -> str:
    return ("-" if seconds < 0 else "+") + number_format(abs(seconds), places)


def _apart(one: str, other: str) -> float:
    return round((datetime.fromisoformat(one) - datetime.fromisoformat(other)).total_seconds(), 3)
