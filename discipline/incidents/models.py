"""Incidents, their steps and notes, and the cameras near them."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from discipline.core.codes import LabelledCode, choices
from discipline.core.fields import CODE_LENGTH, CodeField
from discipline.core.models import Attachment
from discipline.incidents.state_rule import IncidentState
from offices.places.locations.models import LATITUDE, LONGITUDE
from offices.places.models import Agency, Kelurahan, Place
from streams.cameras.models import Camera


class Priority(models.IntegerChoices):
    """How urgent an incident is, the most urgent first."""

    EMERGENCY = 1, _("Darurat")
    HIGH = 2, _("Tinggi")
    MEDIUM = 3, _("Sedang")
    LOW = 4, _("Rendah")


class IncidentSource(LabelledCode):
    """Where an incident came from."""

    OPERATOR = "operator", _("Pengamatan operator")
    CALL = "call", _("Telepon atau 112")
    POLICE = "police", _("Polisi")
    HINT = "hint", _("Petunjuk kamera")
    INDICATION = "indication", _("Indikasi loket")
    REPORT = "report", _("Laporan warga")
    SYSTEM = "system", _("Sistem lain")


class IncidentType(models.Model):
    """A kind of incident. Incidents of the type within radius_m and window_min of each other may be the same one."""

    code = models.SlugField(_("kode"), max_length=20, unique=True)
    name = models.CharField(_("nama"), max_length=60, unique=True)
    priority = models.PositiveSmallIntegerField(_("prioritas biasa"), choices=Priority.choices, default=Priority.MEDIUM)
    radius_m = models.PositiveIntegerField(
        _("jarak kemungkinan sama (meter)"), default=250, validators=[MinValueValidator(10), MaxValueValidator(5000)]
    )
    window_min = models.PositiveIntegerField(
        _("selang kemungkinan sama (menit)"), default=240, validators=[MinValueValidator(5), MaxValueValidator(10080)]
    )
    agencies = models.ManyToManyField(Agency, blank=True, related_name="+", verbose_name=_("instansi yang menangani"))
    by_kelurahan = models.BooleanField(_("kelurahan setempat ikut menangani"), default=False, db_default=False)
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)
    active = models.BooleanField(_("dipakai"), default=True)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = verbose_name_plural = _("jenis kejadian")
        constraints = [
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="incident_type_priority"),
        ]

    def __str__(self) -> str:
        return self.name


class Incident(models.Model):
    """Something that happens at a place of the city. Coordinates are in degrees.

    - state: that of its newest step; only incidents.steps writes it.
    - owner: who has acknowledged it. None only while it is new, or ended without having been acknowledged.
    - near: the kelurahan whose office is nearest to the pin.
    - source_key: identifies what it came from, such as "hint:12", so that this opens one incident only.
    - sensitive: the public must not watch it.
    - opened_by: None for one that another system sent.
    """

    kind = models.ForeignKey(IncidentType, models.PROTECT, related_name="incidents", verbose_name=_("jenis"))
    priority = models.PositiveSmallIntegerField(_("prioritas"), choices=Priority.choices)
    title = models.CharField(_("apa yang terjadi"), max_length=120)
    description = models.TextField(_("keterangan"), blank=True, max_length=4000)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="incidents")
    latitude = models.FloatField(_("lintang"), validators=LATITUDE)
    longitude = models.FloatField(_("bujur"), validators=LONGITUDE)
    address = models.CharField(_("alamat atau patokan"), max_length=200, blank=True)
    near = models.ForeignKey(Kelurahan, models.PROTECT, null=True, related_name="+")
    source = CodeField(max_length=CODE_LENGTH, choices=choices(IncidentSource))
    source_key = models.CharField(max_length=60, blank=True)
    happened_at = models.DateTimeField(_("terjadi pada"))
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = CodeField(max_length=CODE_LENGTH, choices=choices(IncidentState), default=IncidentState.NEW.value)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()
    sensitive = models.BooleanField(_("jangan disiarkan kepada publik"), default=False)
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="duplicates")
    part_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = verbose_name_plural = _("kejadian")
        constraints = [
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="incident_priority"),
            models.CheckConstraint(
                condition=Q(state=IncidentState.DUPLICATE.value, duplicate_of__isnull=False)
                | (~Q(state=IncidentState.DUPLICATE.value) & Q(duplicate_of=None)),
                name="incident_duplicate_of_another",
            ),
            models.CheckConstraint(
                condition=(Q(duplicate_of=None) | ~Q(duplicate_of=F("pk"))) & (Q(part_of=None) | ~Q(part_of=F("pk"))),
                name="incident_not_of_itself",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="incident_has_a_title"),
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)), name="incident_pin_in_degrees"
            ),
            models.UniqueConstraint(
                fields=["source_key"], condition=~Q(source_key=""), name="incident_once_for_each_source"
            ),
        ]
        indexes = [
            models.Index(fields=["priority", "opened_at"], name="incident_queue"),
            models.Index(fields=["kind", "happened_at"], name="incident_alike"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def number(self) -> str:
        """Its number on screens and papers: "K-123"."""
        return f"K-{self.pk}"

    @property
    def status(self) -> IncidentState:
        """Its state."""
        return IncidentState(self.state)


class IncidentStep(models.Model):
    """A change of an incident's state, or its opening. Append-only. by: None when a task or a system did it."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="steps")
    state = CodeField(max_length=CODE_LENGTH, choices=choices(IncidentState))
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    text = models.TextField(blank=True)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="incident_step")

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("langkah kejadian")

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.get_state_display()}"


class IncidentNote(models.Model):
    """A remark about an incident, or a change of its priority, place or links, in words. Append-only."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="notes")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="incident_note")

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("catatan kejadian")
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") | Q(attachment__isnull=False), name="incident_note_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class IncidentCamera(models.Model):
    """A camera that may show an incident. metres: from its pin."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="cameras")
    camera = models.ForeignKey(Camera, models.CASCADE, related_name="+")
    metres = models.PositiveIntegerField()

    class Meta:
        ordering = ["metres", "pk"]
        verbose_name = verbose_name_plural = _("kamera kejadian")
        constraints = [models.UniqueConstraint(fields=["incident", "camera"], name="incident_camera_once")]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.camera}"
