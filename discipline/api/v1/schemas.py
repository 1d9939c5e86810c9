"""What the API answers, as types: the schema that others read is made of these. Instants are UTC, lengths seconds."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, TypeVar

from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import BeforeValidator, Field, StringConstraints, create_model

from discipline.alerts.decisions.rule import DECISIONS
from discipline.staffing.alert_kinds import ACCUSATIONS, COLUMNS
from discipline.staffing.rule import State

ABOUT = _(
    "Kehadiran petugas di loket kelurahan Kota Palembang, untuk sistem lain kota. Hanya untuk dibaca. "
    "Yang dinilai adalah loket, tidak pernah orang. Waktu dalam UTC (RFC 3339), lamanya dalam detik, "
    "tanggal menurut WIB."
)
WEBHOOK = _("Indikasi baru, berakhir, diputuskan, atau ditarik kembali")
RATE_HEADERS = {
    "RateLimit-Limit": _("Permintaan per menit."),
    "RateLimit-Remaining": _("Sisanya dalam menit ini."),
    "RateLimit-Reset": _("Detik sampai menit berikutnya."),
}
ANSWERS = {
    304: _("Tidak berubah sejak ETag yang disebut dalam If-None-Match."),
    401: _("Token tidak ada, tidak dikenal, kedaluwarsa, atau dicabut."),
    404: _("Tidak ada, atau di luar lingkup token."),
    422: _("Parameter tidak dapat dibaca."),
    429: _("Lebih sering daripada yang boleh; coba lagi setelah Retry-After detik."),
    503: _("Sedang tidak tersedia; coba lagi setelah Retry-After detik."),
}

Item = TypeVar("Item")

if TYPE_CHECKING:  # mypy knows no Literal of computed values
    KIND = str
    OUTCOME = str
    OUTCOME_OR_NONE = str
    STATE = str
else:
    KIND = Literal[tuple(kind.value for kind in ACCUSATIONS)]
    OUTCOME = Literal[tuple(outcome.value for outcome in DECISIONS)]
    OUTCOME_OR_NONE = Literal[(*(outcome.value for outcome in DECISIONS), "none")]
    STATE = Literal[tuple(state.value for state in State)]

KecamatanCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$")]
KelurahanCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}$")]
# Parameters of addresses.
OfficeCode = Annotated[KelurahanCode, Field(description=_("Kode kelurahan."), examples=["16.71.01.1001"])]
Number = Annotated[int, Field(ge=1, le=2**31 - 1, description=_("Nomor indikasi."))]
PlaceKey = Annotated[
    str,
    Field(
        pattern=r"^(kota|[0-9]{2}\.[0-9]{2}\.[0-9]{2}(\.[0-9]{4})?|loket-[0-9]{1,9})$",
        description=_("kota, kode kecamatan atau kelurahan, atau loket- dengan nomor loket."),
        examples=["16.71.01"],
    ),
]
PeriodKey = Annotated[
    str,
    Field(
        pattern=r"^[0-9TW.-]{4,22}$",
        description=_("2026-11-22, 2026-W47, 2026-11, 2026-T4, 2026, atau 2026-11-03..2026-11-09."),
        examples=["2026-W47"],
    ),
]


def _iso_day(said: Any) -> Any:
    """Only 2026-11-23: what else pydantic would take for a day (seconds of the epoch, moments) is a mistake here."""
    if isinstance(said, str) and len(said) != len("2026-11-23"):
        raise ValueError("not a day")
    return said


Day = Annotated[date, BeforeValidator(_iso_day)]


class Envelope(Schema):
    demo: bool = Field(description=_("Data contoh, bukan keadaan sebenarnya."))


class Page(Envelope, Generic[Item]):
    items: list[Item]
    next: str | None = Field(description=_("Kursor halaman berikutnya; null di halaman terakhir."))


class Place(Schema):  # a kecamatan or a kelurahan
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


class OneOffice(Envelope, Office):
    pass


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


class OneIndication(Envelope, Indication):
    pass


class Seconds(Schema):
    duty_s: int = Field(
        description=_("Jam layanan: jumlah dari staffed_s, grace_s, absent_s, excused_s, dan unknown_s.")
    )
    staffed_s: int
    grace_s: int = Field(description=_("Kosong, masih dalam toleransi."))
    absent_s: int = Field(description=_("Kosong tanpa izin."))
    excused_s: int = Field(description=_("Kosong dengan izin camat."))
    unknown_s: int = Field(description=_("Kamera tidak dapat melihat; tidak dinilai."))
    late_s: int = Field(description=_("Bagian absent_s: terlambat buka atau tidak buka."))
    early_s: int = Field(description=_("Bagian absent_s: pulang sebelum waktunya."))
    longest_s: int = Field(description=_("Kosong tanpa izin terlama tanpa putus."))


if TYPE_CHECKING:

    class Counts(Seconds): ...

else:
    Counts = create_model("Counts", __base__=Seconds, **dict.fromkeys(COLUMNS, (int, ...)))


class TallyNumbers(Counts):
    excused: int = Field(description=_("Indikasi yang diberi izin; tidak termasuk yang di atas."))
    availability: float | None = Field(
        description=_("Persen: staffed_s dari duty_s − unknown_s − excused_s. Jangan ditampilkan tanpa coverage.")
    )
    coverage: float | None = Field(description=_("Persen: bagian duty_s yang terlihat."))


class Tally(TallyNumbers):
    day: date = Field(description=_("Tanggal (WIB)."))
    counter: CounterName
    kelurahan: Place
    kecamatan: Place
    until: datetime = Field(description=_("Dinilai sampai saat ini; hari yang berjalan belum lengkap."))


class Total(TallyNumbers):
    counter_days: int = Field(description=_("Jumlah hari loket."))
    indications: int = Field(description=_("Yang dihitung: tanpa izin dan bukan alarm keliru."))
    enough: bool = Field(description=_("false: cakupan di bawah coverage_floor, tidak cukup data untuk dinilai."))


class Part(Total):
    key: str = Field(description=_("Isi tempat untuk laporan bagian ini."))
    code: str = Field(description=_("Kode Kemendagri."))
    name: str
    parent: str = Field(description=_("Nama wilayah di atasnya."))
    rank: int | None = Field(description=_("Peringkat ketersediaan, sama bila seri; null bila tidak cukup data."))


class DayOfReport(Total):
    day: date


class Band(Schema):
    kind: Literal["late", "early"]
    name: str
    from_minute: int
    to_minute: int | None
    reference: str = Field(description=_("Dasar hukum."))
    counter_days: int


class ReportPlace(Schema):
    key: str
    level: Literal["kota", "kecamatan", "kelurahan", "loket"]
    name: str


class ReportPeriod(Schema):
    key: str
    kind: Literal["hari", "minggu", "bulan", "triwulan", "tahun", "rentang"]
    first: date
    last: date


class Report(Envelope):
    place: ReportPlace
    period: ReportPeriod
    coverage_floor: int = Field(description=_("Persen cakupan; di bawahnya tidak cukup data."))
    total: Total
    before: Total = Field(description=_("Periode sebelumnya."))
    parts: list[Part] = Field(description=_("Bagian wilayah ini, juga yang tanpa data."))
    days: list[DayOfReport]
    bands: list[Band] = Field(description=_("Hari loket menurut pita keterlambatan."))
    until: datetime | None = Field(description=_("Dinilai sampai saat ini."))
    recounting: bool = Field(description=_("Sebagian hari sedang dihitung ulang; angka dapat berubah."))


class Call(Envelope):  # what a webhook is sent
    id: str = Field(description=_("Sama dengan Idempotency-Key."))
    event: Literal["indication.opened", "indication.ended", "indication.decided", "indication.withdrawn", "test"]
    indication: Indication | None = Field(None, description=_("Tidak ada dalam percobaan."))


class Fault(Schema):
    parameter: str
    detail: str


class Problem(Schema):
    """RFC 9457."""

    title: str
    status: int
    detail: str
    faults: list[Fault] = []


class Client(Envelope):
    name: str
    city: bool = Field(description=_("Token ini membaca seluruh kota."))
    kecamatan: list[Place]
    kelurahan: list[Place]
    per_minute: int
    expires_at: datetime
