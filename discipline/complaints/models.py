"""Residents' reports, their history, who follows them, and the mails that wait."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from discipline.complaints.seen_rule import SeenOutcome
from discipline.complaints.state_rule import ComplaintEvent, ComplaintState
from discipline.core.codes import choices
from discipline.core.fields import CODE_LENGTH, CodeField
from discipline.incidents.models import Incident, IncidentType
from offices.places.locations.models import LATITUDE, LONGITUDE
from offices.places.models import Place
from streams.secrets import SecretTextField


class ComplaintKind(models.Model):
    """What a report is about.

    - private: about staff or corruption: never public, and read by the inspectorate alone.
    - about_counter: compared with what was seen at the office.
    - incident_kind: the type of the incident that such a report opens.
    """

    code = models.SlugField(_("kode"), max_length=20, unique=True)
    name = models.CharField(_("nama"), max_length=60, unique=True)
    private = models.BooleanField(_("rahasia, untuk Inspektorat"), default=False)
    about_counter = models.BooleanField(_("tentang loket"), default=False)
    incident_kind = models.ForeignKey(
        IncidentType, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("jenis kejadian")
    )
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)
    active = models.BooleanField(_("dipakai"), default=True)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = verbose_name_plural = _("jenis laporan warga")
        constraints = [
            models.CheckConstraint(condition=Q(private=False) | Q(incident_kind=None), name="private_opens_nothing"),
        ]

    def __str__(self) -> str:
        return self.name


class Complaint(models.Model):
    """A resident's report. Who sent it is not stored; `mail` is only written to. Only filing and steps write it.

    - key: given by the form, so that a report sent twice is stored once.
    - place: the office that it is about; None for a pin.
    - text, address: as they were sent; public_text, public_address: as the public reads them, "" while it does not.
    - secret_hash: SHA-256 of the secret with which the resident follows it.
    - private: as its kind was when it was sent.
    - verify_by, react_by: the deadlines of the city; None before they begin.
    - outcome: how a report about a counter compares with what was seen; "" before somebody has looked.
    - sender_address, sender_network: keyed hashes by which its sender can be blocked; "" after some days.
    """

    key = models.UUIDField(unique=True)
    kind = models.ForeignKey(ComplaintKind, models.PROTECT, related_name="complaints", verbose_name=_("jenis"))
    private = models.BooleanField()
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="complaints")
    latitude = models.FloatField(validators=LATITUDE)
    longitude = models.FloatField(validators=LONGITUDE)
    address = models.CharField(max_length=200, blank=True)
    text = models.TextField(max_length=4000)
    public_text = models.TextField(max_length=4000, blank=True)
    public_address = models.CharField(max_length=200, blank=True)
    happened_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=8)
    mail = SecretTextField(blank=True)
    secret_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    state = CodeField(max_length=CODE_LENGTH, choices=choices(ComplaintState), default=ComplaintState.UNCONFIRMED.value)
    changed_at = models.DateTimeField()
    reopened = models.BooleanField(default=False)
    verify_by = models.DateTimeField(null=True)
    react_by = models.DateTimeField(null=True)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="complaints")
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="duplicates")
    outcome = CodeField(max_length=CODE_LENGTH, choices=choices(SeenOutcome), blank=True)
    sender_address = models.CharField(max_length=64, blank=True)
    sender_network = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = verbose_name_plural = _("laporan warga")
        constraints = [
            models.CheckConstraint(condition=Q(private=False) | Q(public_text=""), name="complaint_private_stays_so"),
            models.CheckConstraint(
                condition=Q(private=False) | Q(incident=None), name="complaint_private_joins_nothing"
            ),
            models.CheckConstraint(
                condition=Q(public_address="") | ~Q(public_text=""), name="complaint_public_address_with_text"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="complaint_says_something"),
            models.CheckConstraint(
                condition=Q(state=ComplaintState.DUPLICATE.value, duplicate_of__isnull=False)
                | (~Q(state=ComplaintState.DUPLICATE.value) & Q(duplicate_of=None)),
                name="complaint_duplicate_of_another",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of=None) | ~Q(duplicate_of=F("pk")), name="complaint_not_of_itself"
            ),
            models.CheckConstraint(
                condition=Q(state=ComplaintState.UNCONFIRMED.value)
                | Q(opened_at__isnull=False, verify_by__isnull=False),
                name="complaint_open_with_a_deadline",
            ),
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)), name="complaint_pin_in_degrees"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "verify_by"], name="complaint_queue"),
            models.Index(fields=["latitude", "longitude"], name="complaint_near"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"

    @property
    def number(self) -> str:
        """Its number on screens and in mails: "RA-123"."""
        return f"RA-{self.pk}"

    @property
    def status(self) -> ComplaintState:
        """Its state."""
        return ComplaintState(self.state)

    @property
    def published(self) -> bool:
        """Whether the public may read it."""
        return bool(self.public_text)


class ComplaintStep(models.Model):
    """A line of a report's history, from its confirmation on. Append-only.

    state: the report's after it. text: for the city; message: for the resident, and the public where it may read the
    report. by: None for the resident.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="steps")
    what = CodeField(max_length=CODE_LENGTH, choices=choices(ComplaintEvent))
    state = CodeField(max_length=CODE_LENGTH, choices=choices(ComplaintState))
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    text = models.TextField(blank=True)
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = _("langkah laporan warga")

    def __str__(self) -> str:
        return f"{self.complaint_id}: {self.get_what_display()}"


class ComplaintFollower(models.Model):
    """Somebody who follows another's report by mail. confirmed_at: None until the link is opened."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="followers")
    mail = SecretTextField()
    language = models.CharField(max_length=8)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("pengikut laporan warga")

    def __str__(self) -> str:
        return f"{self.complaint_id}"


class ComplaintMail(models.Model):
    """A mail to a resident that waits to be sent. The row is deleted then, or when it is given up."""

    address = SecretTextField()
    subject = models.CharField(max_length=200)
    body = SecretTextField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("surel laporan warga")

    def __str__(self) -> str:
        return self.subject
