"""What the API answers, as types: the schema that others read is made of these. Instants are UTC, lengths seconds."""

from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import BeforeValidator, Field, StringConstraints

Item = TypeVar("Item")

KIND = Literal["late_opening", "not_opened", "absence", "early_leave"]
OUTCOME = Literal["confirmed", "excused", "false_alarm"]
STATE = Literal["closed", "staffed", "grace", "absent", "unknown"]

KecamatanCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$")]
KelurahanCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}$")]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


def _iso_day(said: Any) -> Any:
    """Only 2026-11-23: what else pydantic would take for a day (seconds of the epoch, moments) is a mistake here."""
    if isinstance(said, str) and len(said) != len("2026-11-23"):
        raise ValueError("not a day")
    return said


Day = Annotated[date, BeforeValidator(_iso_day)]


class Page(Schema, Generic[Item]):
    items: list[Item]
    next: str | None = Field(description=_("Kursor halaman berikutnya; null di halaman terakhir."))


class Place(Schema):
    """A kecamatan or a kelurahan."""

    code: str = Field(description=_("Kode Kemendagri."))
    name: str


class CounterName(Schema):
    id: int
    name: str


class CounterOf(CounterName):
    watched: bool = Field(description=_("Loket ini sedang dipantau."))


class Office(Schema):
    code: str = Field(description=_("Kode Kemendagri."))
    name: str
    official_name: str = Field(description=_("Nama menurut Kepmendagri."))
    kecamatan: Place
    latitude: float = Field(description=_("Lintang kantor; titik tengah kelurahan selama belum ditetapkan operator."))
    longitude: float
    counters: list[CounterOf]


class Standing(Schema):
    counter: CounterName
    kelurahan: Place
    kecamatan: Place
    state: STATE = Field(
        description=_(
            "closed: di luar jam layanan; staffed: berpetugas; grace: kosong, masih dalam toleransi; "
            "absent: kosong; unknown: kamera tidak dapat melihat, jadi tidak dinilai."
        )
    )
    reason: str = Field(description=_("Sebab, misalnya late_opening, atau mengapa kamera tidak dapat melihat."))
    since: datetime
    last_look_at: datetime | None = Field(description=_("Pengamatan terakhir."))


class Indication(Schema):
    id: int
    kind: KIND
    counter: CounterName
    kelurahan: Place
    kecamatan: Place
    since: datetime = Field(description=_("Mulai kosong, sebelum toleransi."))
    raised_at: datetime = Field(description=_("Saat menjadi indikasi."))
    ended_at: datetime | None = Field(description=_("null selama masih berlangsung."))
    outcome: OUTCOME | None = Field(description=_("Keputusan camat; null selama belum ada. Sebelumnya hanya indikasi."))
    explained: bool = Field(description=_("Lurah sudah memberi penjelasan."))
    explain_by: datetime | None = Field(description=_("Tenggat penjelasan."))
    superseded_by: int | None = Field(
        description=_("Indikasi yang menggantikan, misalnya terlambat buka yang menjadi tidak buka.")
    )
    withdrawn: bool = Field(description=_("Ditarik kembali karena gangguan sistem; tidak dihitung di mana pun."))
    url: str = Field(description=_("Halamannya di Sidak, bagi yang berhak."))


class Fault(Schema):
    parameter: str
    detail: str


class Problem(Schema):
    """RFC 9457."""

    title: str
    status: int
    detail: str
    faults: list[Fault] = []


class Client(Schema):
    name: str
    city: bool = Field(description=_("Token ini membaca seluruh kota."))
    kecamatan: list[Place]
    kelurahan: list[Place]
    per_minute: int
    expires_at: datetime
