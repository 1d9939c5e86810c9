"""The kinds of alerts (indikasi), defined in one table. Pure.

To add a kind, add a row here, the rule that raises it, and the English translations of its texts. A kind about a
counter is raised by the staffing rule, with the kind's code as the reason of a Flip to ABSENT or CLOSED;
`manage.py makemigrations` then adds the column that counts it in reports. A kind about a camera has its rule in the
row: `blind` and `tolerance`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, Self

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from streams.pixels.occupancy import BLINDING, Blind

Role = Literal["lurah", "camat", "mayor", "operator", "inspector"]  # of offices.access.models.Membership


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertKindRow:
    """A row of the table.

    - `column`: name of the column that counts the kind in DayTally, reports, files, signed months and the API. Empty
      for a kind about a camera: it is not held against a counter, explained, decided or counted in reports.
    - `part`: the part of the absent time that it adds to, and the Band.Kind under which it is listed; empty for none.
    - `blind`: for a kind about a camera, raised when a counter on duty has been blind for these reasons, one
      after another, for the tolerance (alerts.camera_blinded). alerts.from_flips raises CAMERA_FAULT for any reason.
    - `was_staffed`: staff was seen before the counter became empty, so there is evidence of the last staffed moment.
    - `notify_now`, `notify_in_digest`: the roles that are notified at once or by digest unless they choose otherwise
      (notices.rule.mode_for).
    - `tolerance`: the field of StaffingRule with the seconds that `rule` shows as %(grace)s.
    - `headline`, `headline_open`: texts for ended and for open alerts, with %(place)s, %(lasting)s, %(since)s,
      %(until)s (headline only) and %(day)s. `headline_open` is empty for a kind that ends when it is raised.
    - `times`: "%(n)s times …" in a report's summary, plural by `count`. `amended`: name of the column in amendments.
    - `details`: names that replace `label`, by Alert.detail.
    """

    code: str
    label: Any
    column: str = ""
    part: Literal["late", "early", ""] = ""
    blind: tuple[Blind, ...] = ()
    was_staffed: bool = False
    notify_now: tuple[Role, ...] = ()
    notify_in_digest: tuple[Role, ...] = ()
    tolerance: str
    rule: Any
    headline: Any
    headline_open: Any = ""
    times: Any = ""
    amended: Any = ""
    details: Mapping[str, Any] = field(default_factory=dict)


class AlertKind(StrEnum):
    """The codes, each with its row, in the order in which screens list them."""

    LATE_OPENING = AlertKindRow(
        code="late_opening",
        label=_("Terlambat buka"),
        column="late_openings",
        part="late",
        notify_now=("lurah", "camat", "mayor"),
        tolerance="opening_grace_s",
        rule=_("Loket dinyatakan terlambat bila %(grace)s setelah jam buka belum juga ada petugas."),
        headline=_("%(place)s, terlambat buka %(lasting)s: kosong sejak %(since)s sampai %(until)s WIB, %(day)s."),
        headline_open=_("%(place)s, belum buka, sudah terlambat %(lasting)s: sejak %(since)s WIB, %(day)s."),
        times=ngettext_lazy("%(n)s kali terlambat buka", "%(n)s kali terlambat buka", "count"),
        amended=_("indikasi terlambat buka"),
    )
    NOT_OPENED = AlertKindRow(
        code="not_opened",
        label=_("Tidak buka"),
        column="not_opened",
        part="late",
        notify_now=("lurah", "camat", "mayor"),
        tolerance="not_opened_s",
        rule=_("Loket dinyatakan tidak buka bila tetap kosong sampai %(grace)s setelah jam buka, atau sampai tutup."),
        headline=_("%(place)s, tidak buka %(lasting)s: kosong sejak %(since)s sampai %(until)s WIB, %(day)s."),
        headline_open=_("%(place)s, tidak buka, sudah %(lasting)s: sejak %(since)s WIB, %(day)s."),
        times=ngettext_lazy("%(n)s kali tidak buka", "%(n)s kali tidak buka", "count"),
        amended=_("indikasi tidak buka"),
    )
    ABSENCE = AlertKindRow(
        code="absence",
        label=_("Loket kosong"),
        column="absences",
        was_staffed=True,
        notify_now=("lurah", "camat", "mayor"),
        tolerance="absence_grace_s",
        rule=_("Loket dinyatakan kosong setelah %(grace)s tanpa petugas."),
        headline=_("%(place)s, kosong %(lasting)s: sejak %(since)s sampai %(until)s WIB, %(day)s."),
        headline_open=_("%(place)s, masih kosong, sudah %(lasting)s: sejak %(since)s WIB, %(day)s."),
        times=ngettext_lazy("%(n)s kali loket kosong", "%(n)s kali loket kosong", "count"),
        amended=_("indikasi loket kosong"),
    )
    EARLY_LEAVE = AlertKindRow(
        code="early_leave",
        label=_("Pulang sebelum waktunya"),
        column="early_leaves",
        part="early",
        was_staffed=True,
        notify_now=("lurah",),
        notify_in_digest=("camat",),
        tolerance="closing_window_s",
        rule=_(
            "Loket dinyatakan ditinggalkan lebih awal bila kosong terus sampai tutup, sedikitnya %(grace)s terakhir."
        ),
        headline=_("%(place)s, kosong %(lasting)s sampai tutup: sejak %(since)s sampai %(until)s WIB, %(day)s."),
        times=ngettext_lazy("%(n)s kali pulang sebelum waktunya", "%(n)s kali pulang sebelum waktunya", "count"),
        amended=_("indikasi pulang sebelum waktunya"),
    )
    # A camera covered or turned away during duty, possibly on purpose; Alert.detail has the Blind reason.
    BLINDED = AlertKindRow(
        code="blinded",
        label=_("Kamera tertutup"),
        blind=BLINDING,
        notify_now=("lurah", "camat", "operator"),
        tolerance="blinded_s",
        rule=_("Kamera yang tertutup atau bergeser pada jam layanan diberitahukan setelah %(grace)s."),
        headline=_(
            "Kamera %(place)s tertutup atau bergeser %(lasting)s: sejak %(since)s sampai %(until)s WIB, %(day)s."
        ),
        headline_open=_("Kamera %(place)s tertutup atau bergeser, sudah %(lasting)s: sejak %(since)s WIB, %(day)s."),
        details={
            Blind.MOVED.value: _("Kamera bergeser"),
            Blind.SCENE.value: _("Kamera menghadap ke tempat lain"),
        },
    )
    CAMERA_FAULT = AlertKindRow(
        code="camera_fault",
        label=_("Gangguan kamera"),
        notify_now=("operator",),
        tolerance="camera_fault_s",
        rule=_("Gangguan kamera dilaporkan setelah %(grace)s tanpa gambar yang dapat dinilai."),
        headline=_("Kamera %(place)s tidak dapat menilai %(lasting)s: sejak %(since)s sampai %(until)s WIB, %(day)s."),
        headline_open=_("Kamera %(place)s tidak dapat menilai, sudah %(lasting)s: sejak %(since)s WIB, %(day)s."),
    )

    _value_: str
    row: AlertKindRow

    # `row` is Any because mypy checks `AlertKind(code)` against this signature.
    def __new__(cls, row: Any) -> Self:
        """Make the member with this row."""
        member = str.__new__(cls, row.code)
        member._value_ = row.code
        member.row = row
        return member

    @property
    def label(self) -> Any:
        """The name of the kind, lazily translated."""
        return self.row.label

    @property
    def about_camera(self) -> bool:
        """Whether it concerns a camera and is never held against a counter."""
        return not self.row.column

    @property
    def notify_now(self) -> tuple[Role, ...]:
        """The roles that are notified at once by default."""
        return self.row.notify_now

    @property
    def notify_in_digest(self) -> tuple[Role, ...]:
        """The roles that are notified by digest by default."""
        return self.row.notify_in_digest

    def name_of(self, detail: str) -> Any:
        """Return the name of an alert with this Alert.detail."""
        return self.row.details.get(detail, self.row.label)


ACCUSATIONS = tuple(kind for kind in AlertKind if not kind.about_camera)
ABOUT_CAMERAS = tuple(kind for kind in AlertKind if kind.about_camera)
NOTED = tuple(kind for kind in ABOUT_CAMERAS if kind.row.blind)  # raised for certain reasons of blindness only
COLUMNS = tuple(kind.row.column for kind in ACCUSATIONS)
LATE = tuple(kind for kind in ACCUSATIONS if kind.row.part == "late")
EARLY = tuple(kind for kind in ACCUSATIONS if kind.row.part == "early")
