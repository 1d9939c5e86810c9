"""The types of the API's responses and webhook calls, from which the OpenAPI document is made.

Datetimes are UTC, durations in seconds.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import ConfigDict, Field, create_model

from discipline.api.v1.value_types import KIND, OUTCOME, RIGHT, STATE
from discipline.staffing.alert_kinds import COLUMNS

ABOUT = _(
    "Kehadiran petugas di loket kelurahan Kota Palembang, kejadian, tugas instansi, dan laporan warga, untuk sistem "
    "lain kota. Hanya untuk dibaca, kecuali membuka kejadian. "
    "Yang dinilai adalah loket, tidak pernah orang. Waktu dalam UTC (RFC 3339), lamanya dalam detik, "
    "tanggal menurut WIB."
)
WEBHOOK = _("Indikasi, kejadian, tugas, atau laporan warga: baru, berubah, atau berakhir")
RATE_HEADERS = {
    "RateLimit-Limit": _("Permintaan per menit."),
    "RateLimit-Remaining": _("Sisanya dalam menit ini."),
    "RateLimit-Reset": _("Detik sampai menit berikutnya."),
}
ANSWERS = {
    304: _("Tidak berubah sejak ETag yang disebut dalam If-None-Match."),
    400: _("Alamat berisi karakter NUL."),
    401: _("Token tidak ada, tidak dikenal, kedaluwarsa, atau dicabut."),
    403: _("Token tidak berhak untuk ini."),
    404: _("Tidak ada, atau di luar lingkup token."),
    409: _("Idempotency-Key sudah dipakai untuk kejadian lain."),
    422: _("Parameter tidak dapat dibaca."),
    429: _("Lebih sering daripada yang boleh; coba lagi setelah Retry-After detik."),
    503: _("Sedang tidak tersedia; coba lagi setelah Retry-After detik."),
}

Item = TypeVar("Item")


def _drop_description(schema: dict[str, Any]) -> None:
    schema.pop("description", None)


class PublishedSchema(Schema):
    """A base whose subclasses' docstrings stay out of the OpenAPI document, which would have them in English only."""

    model_config = ConfigDict(json_schema_extra=_drop_description)


class Envelope(PublishedSchema):
    """What every response has."""

    demo: bool = Field(description=_("Data contoh, bukan keadaan sebenarnya."))


class Page(Envelope, Generic[Item]):
    """A page of a listing."""

    items: list[Item]
    next: str | None = Field(description=_("Kursor halaman berikutnya; null di halaman terakhir."))


class AreaSchema(PublishedSchema):
    """A kecamatan or a kelurahan. Published as Place, the name that clients know."""

    __qualname__ = "Place"
    model_config = ConfigDict(title="Place")

    code: str = Field(description=_("Kode Kemendagri."))
    name: str


class CounterName(PublishedSchema):
    """A counter by name."""

    id: int
    name: str


class CounterOf(CounterName):
    """A counter of an office."""

    watched: bool = Field(description=_("Loket ini sedang dipantau."))


class Office(PublishedSchema):
    """A kelurahan office with its counters."""

    code: str = Field(description=_("Kode Kemendagri."))
    name: str
    official_name: str = Field(description=_("Nama menurut Kepmendagri."))
    kecamatan: AreaSchema
    latitude: float = Field(description=_("Lintang kantor; titik tengah kelurahan selama belum ditetapkan operator."))
    longitude: float
    counters: list[CounterOf]


class OneOffice(Envelope, Office):
    """The response for one office."""


class Standing(PublishedSchema):
    """The present state of a counter."""

    counter: CounterName
    kelurahan: AreaSchema
    kecamatan: AreaSchema
    state: STATE = Field(
        description=_(
            "closed: di luar jam layanan; staffed: ada petugas; grace: kosong, masih dalam masa toleransi; absent: "
            "kosong; unknown: tidak terpantau."
        )
    )
    reason: str = Field(description=_("Sebab, misalnya late_opening, atau mengapa kamera tidak dapat melihat."))
    since: datetime
    last_look_at: datetime | None = Field(description=_("Pengamatan terakhir."))


class Indication(PublishedSchema):
    """An indication against a counter; a violation only once the camat has confirmed it."""

    id: int
    kind: KIND
    counter: CounterName
    kelurahan: AreaSchema
    kecamatan: AreaSchema
    since: datetime = Field(description=_("Mulai kosong, sebelum masa toleransi."))
    raised_at: datetime = Field(description=_("Saat menjadi indikasi."))
    ended_at: datetime | None = Field(description=_("null selama masih berlangsung."))
    unknown_s: int = Field(
        description=_("Detik di antaranya ketika kamera tidak dapat menilai; tidak termasuk lamanya kosong.")
    )
    outcome: OUTCOME | None = Field(description=_("Keputusan camat; null selama belum ada. Sebelumnya hanya indikasi."))
    explained: bool = Field(description=_("Lurah sudah memberi penjelasan."))
    explain_by: datetime | None = Field(description=_("Tenggat penjelasan."))
    superseded_by: int | None = Field(
        description=_("Indikasi yang menggantikan, misalnya terlambat buka yang menjadi tidak buka.")
    )
    withdrawn: bool = Field(description=_("Ditarik kembali karena gangguan sistem; tidak dihitung di mana pun."))
    url: str = Field(description=_("Halamannya di Sidak, bagi yang berhak."))


class OneIndication(Envelope, Indication):
    """The response for one indication."""


class Seconds(PublishedSchema):
    """Durations of a counter-day or of many, in whole seconds."""

    duty_s: int = Field(
        description=_("Jam layanan: jumlah dari staffed_s, grace_s, absent_s, excused_s, dan unknown_s.")
    )
    staffed_s: int
    grace_s: int = Field(description=_("Kosong, masih dalam masa toleransi."))
    absent_s: int = Field(description=_("Kosong tanpa izin."))
    excused_s: int = Field(description=_("Kosong dengan izin camat."))
    unknown_s: int = Field(description=_("Kamera tidak dapat melihat; tidak dinilai."))
    late_s: int = Field(description=_("Bagian absent_s: terlambat buka atau tidak buka."))
    early_s: int = Field(description=_("Bagian absent_s: pulang sebelum waktunya."))
    longest_s: int = Field(description=_("Kosong tanpa izin terlama tanpa putus."))


if TYPE_CHECKING:

    class Counts(Seconds):
        """Durations, and the numbers of indications by report column."""

else:
    Counts = create_model("Counts", __base__=Seconds, **dict.fromkeys(COLUMNS, (int, ...)))


class TallyNumbers(Counts):
    """The figures of a counter-day or of many."""

    excused: int = Field(description=_("Indikasi yang diberi izin; tidak termasuk yang di atas."))
    availability: float | None = Field(
        description=_("Persen: staffed_s dari duty_s − unknown_s − excused_s. Jangan ditampilkan tanpa coverage.")
    )
    coverage: float | None = Field(description=_("Persen: bagian duty_s yang terpantau."))


class Tally(TallyNumbers):
    """The figures of one counter on one day."""

    day: date = Field(description=_("Tanggal (WIB)."))
    counter: CounterName
    kelurahan: AreaSchema
    kecamatan: AreaSchema
    until: datetime = Field(description=_("Dinilai sampai saat ini; hari yang berjalan belum lengkap."))


class Total(TallyNumbers):
    """The figures of many counter-days."""

    counter_days: int = Field(description=_("Jumlah hari loket."))
    indications: int = Field(description=_("Yang dihitung: tanpa izin dan bukan alarm keliru."))
    enough: bool = Field(description=_("false: cakupan di bawah coverage_floor, tidak cukup data untuk dinilai."))


class Part(Total):
    """The total of one part of a report's place."""

    key: str = Field(description=_("Isi tempat untuk laporan bagian ini."))
    code: str = Field(description=_("Kode Kemendagri."))
    name: str
    parent: str = Field(description=_("Nama wilayah di atasnya."))
    rank: int | None = Field(description=_("Peringkat ketersediaan, sama bila seri; null bila tidak cukup data."))


class DayOfReport(Total):
    """The total of one day of a report."""

    day: date


class Band(PublishedSchema):
    """How many counter-days were late or ended early by `from_minute` to `to_minute` minutes (None: or more)."""

    kind: Literal["late", "early"]
    name: str
    from_minute: int
    to_minute: int | None
    reference: str = Field(description=_("Dasar hukum."))
    counter_days: int


class ReportPlace(PublishedSchema):
    """The place of a report."""

    key: str
    level: Literal["kota", "kecamatan", "kelurahan", "loket"]
    name: str


class ReportPeriod(PublishedSchema):
    """The period of a report."""

    key: str
    kind: Literal["hari", "minggu", "bulan", "triwulan", "tahun", "rentang"]
    first: date
    last: date


class Report(Envelope):
    """The report of a place for a period."""

    place: ReportPlace
    period: ReportPeriod
    coverage_floor: int = Field(description=_("Persen cakupan; di bawahnya tidak cukup data."))
    total: Total
    before: Total = Field(description=_("Periode sebelumnya."))
    parts: list[Part] = Field(description=_("Bagian wilayah ini, juga yang tanpa data."))
    days: list[DayOfReport]
    bands: list[Band] = Field(description=_("Hari loket menurut kelompok keterlambatan."))
    until: datetime | None = Field(description=_("Dinilai sampai saat ini."))
    recounting: bool = Field(description=_("Sebagian hari sedang dihitung ulang; angka dapat berubah."))


class Fault(PublishedSchema):
    """An invalid parameter and what is wrong with it."""

    parameter: str
    detail: str


class Problem(Schema):
    """RFC 9457."""  # published as its description

    title: str
    status: int
    detail: str
    faults: list[Fault] = []


class Client(Envelope):
    """The token's client, its scope and limits."""

    name: str
    city: bool = Field(description=_("Token ini membaca seluruh kota."))
    kecamatan: list[AreaSchema]
    kelurahan: list[AreaSchema]
    agencies: list[AreaSchema] = Field(description=_("Instansi yang tugasnya dibaca."))
    rights: list[RIGHT] = Field(description=_("Hak token ini."))
    per_minute: int
    expires_at: datetime
