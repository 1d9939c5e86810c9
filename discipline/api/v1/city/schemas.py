"""The types of incidents, tasks and residents' reports in responses, webhook calls and requests."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from discipline.api.v1.schemas import AreaSchema, Envelope, PublishedSchema
from discipline.complaints.seen_rule import SeenOutcome
from discipline.complaints.state_rule import ComplaintState
from discipline.incidents.models import IncidentSource
from discipline.incidents.state_rule import IncidentState
from discipline.incidents.tasks.state_rule import TaskState

if TYPE_CHECKING:  # mypy supports no Literal of computed values
    COMPLAINT_STATE = str
    INCIDENT_STATE = str
    SEEN_OUTCOME = str
    SOURCE = str
    TASK_STATE = str
else:
    COMPLAINT_STATE = Literal[tuple(state.value for state in ComplaintState if state.value != "unconfirmed")]
    INCIDENT_STATE = Literal[tuple(state.value for state in IncidentState)]
    SEEN_OUTCOME = Literal[tuple(outcome.value for outcome in SeenOutcome)]
    SOURCE = Literal[tuple(source.value for source in IncidentSource)]
    TASK_STATE = Literal[tuple(state.value for state in TaskState)]

SLUG = r"^[-a-zA-Z0-9_]{1,20}$"
Code = Annotated[str, Field(pattern=SLUG, examples=["flood"])]
URL = _("Halamannya di Sidak, bagi yang berhak.")
PRIORITY = _("1 darurat, 2 tinggi, 3 sedang, 4 rendah.")
CHANGED = _("Keadaannya terakhir berubah.")
LATITUDE, LONGITUDE = _("Lintang."), _("Bujur.")


class NamedCode(PublishedSchema):
    """A type, kind or agency of the city."""

    code: str
    name: str


class Incident(PublishedSchema):
    """An incident. Its description, notes and files are on its page alone."""

    id: int
    number: str = Field(description=_("Nomornya di layar dan kertas."))
    kind: NamedCode
    title: str
    priority: int = Field(description=PRIORITY)
    state: INCIDENT_STATE
    ended: bool = Field(description=_("Tidak ada lagi yang harus dilakukan."))
    source: SOURCE
    latitude: float = Field(description=LATITUDE)
    longitude: float = Field(description=LONGITUDE)
    place: str | None = Field(description=_("Nama kantor atau titik."))
    kelurahan: AreaSchema | None = Field(description=_("Yang kantornya terdekat."))
    kecamatan: AreaSchema | None
    happened_at: datetime
    opened_at: datetime
    changed_at: datetime = Field(description=CHANGED)
    duplicate_of: int | None
    part_of: int | None
    url: str = Field(description=URL)


class OneIncident(Envelope, Incident):
    """The response for one incident."""


class AgencyTask(PublishedSchema):
    """What an agency or a kelurahan is asked to do about an incident. Published as Task."""

    __qualname__ = "Task"
    model_config = ConfigDict(title="Task")

    id: int
    incident: int = Field(description=_("Nomor kejadian."))
    kind: NamedCode = Field(description=_("Jenis kejadiannya."))
    priority: int = Field(description=PRIORITY)
    agency: NamedCode | None = Field(description=_("null bila yang diminta sebuah kelurahan."))
    kelurahan: AreaSchema | None
    state: TASK_STATE
    asked_at: datetime
    acknowledge_by: datetime = Field(description=_("Tenggat diterima."))
    arrive_by: datetime = Field(description=_("Tenggat di lokasi."))
    finish_by: datetime = Field(description=_("Tenggat selesai."))
    due: datetime | None = Field(description=_("Tenggat berikutnya; null bila tidak ada yang ditunggu."))
    url: str = Field(description=URL)


class OneTask(Envelope, AgencyTask):
    """The response for one task."""


class Complaint(PublishedSchema):
    """A resident's report, without who sent it and without what the public may not read."""

    id: int
    number: str = Field(description=_("Nomornya di layar dan surel."))
    kind: NamedCode
    state: COMPLAINT_STATE
    ended: bool = Field(description=_("Tidak ada lagi yang harus dilakukan."))
    created_at: datetime
    opened_at: datetime = Field(description=_("Dikonfirmasi pelapor."))
    changed_at: datetime = Field(description=CHANGED)
    happened_at: datetime | None
    due: datetime | None = Field(description=_("Tenggat berikutnya; null bila tidak ada yang ditunggu."))
    text: str | None = Field(description=_("Yang dibaca publik; null selama belum ditampilkan."))
    latitude: float = Field(description=_("Lintang, dibulatkan kira-kira 100 meter."))
    longitude: float = Field(description=_("Bujur, dibulatkan kira-kira 100 meter."))
    place: str | None = Field(description=_("Nama kantor atau titik."))
    kelurahan: AreaSchema | None = Field(description=_("Dari kantor kelurahan yang dilaporkan."))
    seen: SEEN_OUTCOME | None = Field(description=_("Laporan loket dibandingkan dengan catatan kamera."))
    incident: int | None = Field(description=_("Nomor kejadian."))
    duplicate_of: int | None
    url: str = Field(description=URL)


class OneComplaint(Envelope, Complaint):
    """The response for one report."""


class IncidentIn(Schema):
    """An incident that another system opens. Published as NewIncident."""

    __qualname__ = "NewIncident"
    model_config = ConfigDict(title="NewIncident", extra="forbid")

    kind: Code = Field(description=_("Kode jenis kejadian."))
    title: str = Field(min_length=3, max_length=120, description=_("Apa yang terjadi, tanpa nama orang."))
    latitude: float = Field(ge=-90, le=90, description=LATITUDE)
    longitude: float = Field(ge=-180, le=180, description=LONGITUDE)
    happened_at: AwareDatetime = Field(description=_("Tidak di masa depan, paling lama 30 hari yang lalu."))
    description: str = Field("", max_length=4000, description=_("Keterangan untuk petugas."))
    address: str = Field("", max_length=200, description=_("Alamat atau patokan."))
    priority: int | None = Field(None, ge=1, le=4, description=_("Yang biasa untuk jenisnya bila tidak diisi."))
